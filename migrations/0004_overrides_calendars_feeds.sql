CREATE TABLE `calendar_checks` (
	`tenant` text NOT NULL,
	`schedule` text NOT NULL,
	`url` text NOT NULL,
	`checked_at` integer NOT NULL,
	`etag` text,
	`error` text,
	`notes` text DEFAULT '[]' NOT NULL,
	PRIMARY KEY(`tenant`, `schedule`)
);
--> statement-breakpoint
CREATE TABLE `calendars` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`origin` text DEFAULT 'document' NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
);
--> statement-breakpoint
CREATE TABLE `feed_keys` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`hash` text NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `feed_keys_hash` ON `feed_keys` (`tenant`,`hash`);--> statement-breakpoint
CREATE TABLE `overrides` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`origin` text DEFAULT 'document' NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
);
