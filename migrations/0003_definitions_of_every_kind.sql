CREATE TABLE `business_hours` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`origin` text DEFAULT 'document' NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `connectors` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`origin` text DEFAULT 'document' NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `heartbeats` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`origin` text DEFAULT 'document' NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `lookups` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`origin` text DEFAULT 'document' NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `maintenance` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`origin` text DEFAULT 'document' NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `schedules` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`origin` text DEFAULT 'document' NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `silences` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`origin` text DEFAULT 'document' NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `slas` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`origin` text DEFAULT 'document' NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `integrations` ADD `origin` text DEFAULT 'document' NOT NULL;--> statement-breakpoint
ALTER TABLE `notifiers` ADD `origin` text DEFAULT 'document' NOT NULL;--> statement-breakpoint
ALTER TABLE `policies` ADD `origin` text DEFAULT 'document' NOT NULL;--> statement-breakpoint
ALTER TABLE `routes` ADD `origin` text DEFAULT 'document' NOT NULL;--> statement-breakpoint
ALTER TABLE `services` ADD `origin` text DEFAULT 'document' NOT NULL;--> statement-breakpoint
ALTER TABLE `teams` ADD `origin` text DEFAULT 'document' NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `origin` text DEFAULT 'document' NOT NULL;