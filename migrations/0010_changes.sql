CREATE TABLE `changes` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`key` text NOT NULL,
	`integration` text NOT NULL,
	`service` text,
	`source` text NOT NULL,
	`at` integer NOT NULL,
	`said_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`summary` text NOT NULL,
	`folded` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `changes_key` ON `changes` (`tenant`,`key`);--> statement-breakpoint
CREATE INDEX `changes_service` ON `changes` (`tenant`,`service`,`id`);