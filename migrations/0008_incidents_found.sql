DROP INDEX `incidents_status`;--> statement-breakpoint
CREATE INDEX `incidents_found` ON `incidents` (`tenant`,`status`,`id`,`severity`,`service`,`folded`);