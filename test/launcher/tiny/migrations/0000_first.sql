CREATE TABLE tick (at INTEGER NOT NULL);
--> statement-breakpoint
CREATE TABLE note (text TEXT NOT NULL);
