ALTER TABLE `heartbeats` ADD `key_hash` text;--> statement-breakpoint
CREATE UNIQUE INDEX `heartbeats_key` ON `heartbeats` (`key_hash`);