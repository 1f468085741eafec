CREATE TABLE `alerts` (
	`tenant` text NOT NULL,
	`object` text NOT NULL,
	`key` text NOT NULL,
	`seq` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `object`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `audit` (
	`tenant` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`body` text NOT NULL,
	`previous` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`tenant`, `seq`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `contacts` (
	`tenant` text NOT NULL,
	`user` text NOT NULL,
	`id` text NOT NULL,
	`via` text NOT NULL,
	`target` text NOT NULL,
	PRIMARY KEY(`tenant`, `user`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `deliveries` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`incident` text NOT NULL,
	`seq` integer NOT NULL,
	`person` text NOT NULL,
	`status` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `deliveries_incident` ON `deliveries` (`tenant`,`incident`);--> statement-breakpoint
CREATE TABLE `incidents` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`seq` integer NOT NULL,
	`status` text NOT NULL,
	`severity` text NOT NULL,
	`urgency` text NOT NULL,
	`service` text,
	`policy` text,
	`source` text NOT NULL,
	`title` text NOT NULL,
	`acknowledged_by` text,
	`opened_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`resolved_at` integer,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `incidents_status` ON `incidents` (`tenant`,`status`,`id`);--> statement-breakpoint
CREATE TABLE `integrations` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`body` text NOT NULL,
	`key_hash` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `integrations_key` ON `integrations` (`key_hash`);--> statement-breakpoint
CREATE TABLE `notifiers` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `policies` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `routes` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `services` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `teams` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `tenants` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`version` integer NOT NULL,
	`in_force` integer NOT NULL,
	`jurisdiction` text,
	`body` text NOT NULL,
	`updated_at` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `timeline` (
	`tenant` text NOT NULL,
	`incident` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `incident`, `seq`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `users` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`body` text NOT NULL,
	`email` text,
	PRIMARY KEY(`tenant`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
