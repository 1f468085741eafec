CREATE TABLE `devices` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`origin` text DEFAULT 'document' NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
);
--> statement-breakpoint
CREATE TABLE `gone_devices` (
	`tenant` text NOT NULL,
	`device` text NOT NULL,
	`registration` text NOT NULL,
	`at` integer NOT NULL,
	`reason` text NOT NULL,
	PRIMARY KEY(`tenant`, `device`)
);
