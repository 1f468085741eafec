CREATE TABLE `own_plugin_uploads` (
	`tenant` text NOT NULL,
	`plugin` text NOT NULL,
	`upload` text NOT NULL,
	`hash` text NOT NULL,
	`at` integer NOT NULL,
	`source` text NOT NULL,
	`code` text NOT NULL,
	`fixtures` text NOT NULL,
	`report` text NOT NULL,
	PRIMARY KEY(`tenant`, `plugin`, `upload`)
);
--> statement-breakpoint
CREATE TABLE `own_plugins` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`origin` text DEFAULT 'document' NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`tenant`, `id`)
);
