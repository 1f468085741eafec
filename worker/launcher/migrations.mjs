// Owns bringing the local D1 database up to date: drizzle-kit's files in order of their names, each once, each whole or not at all.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const breakpoint = "--> statement-breakpoint";

/**
 * @param {import("@cloudflare/workers-types").D1Database} db
 * @param {string} folder
 * @returns {Promise<string[]>} the files applied now. The table is the one `wrangler d1 migrations` keeps.
 */
export async function applyMigrations(db, folder) {
  await db
    .prepare(
      "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
    )
    .run();
  const { results } = await db.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set(results.map((row) => row.name));
  const due = readdirSync(folder)
    .filter((file) => file.endsWith(".sql") && !applied.has(file))
    .toSorted();
  for (const file of due) {
    const statements = statementsOf(readFileSync(path.join(folder, file), "utf8"));
    try {
      await db.batch([
        ...statements.map((statement) => db.prepare(statement)),
        db.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(file),
      ]);
    } catch (cause) {
      throw new Error(`migration ${file} failed and changed nothing: ${cause.message}`, { cause });
    }
  }
  return due;
}

function statementsOf(sql) {
  return sql
    .split(breakpoint)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replaceAll(/--.*$/gm, "").trim() !== "");
}
