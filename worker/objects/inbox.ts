// Owns the simulated phone of one tenant: what the `inbox` notifier delivered, newest first, the last thousand.

import { DurableObject } from "cloudflare:workers";
import { limits } from "../core/limits.ts";
import { migrate } from "./migrate.ts";
import type { InboxMessage } from "./rpc.ts";

const migrations: readonly (readonly string[])[] = [
  [
    "CREATE TABLE message (n INTEGER PRIMARY KEY, delivery TEXT NOT NULL UNIQUE, person TEXT NOT NULL, at INTEGER NOT NULL, v TEXT NOT NULL)",
  ],
];

export class InboxObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    this.#sql = ctx.storage.sql;
  }

  /** A second put of the same delivery changes nothing. */
  async put(message: InboxMessage): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec(
        "INSERT INTO message (delivery, person, at, v) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        message.delivery,
        message.user,
        message.at,
        JSON.stringify(message),
      );
      this.#sql.exec("DELETE FROM message WHERE n <= (SELECT max(n) FROM message) - ?", limits.inbox.kept);
    });
  }

  async clear(): Promise<void> {
    this.#sql.exec("DELETE FROM message");
  }

  /**
   * Newest first. Never splits a millisecond, so that `before` (the `at` of the last one) loses nothing between two pages;
   * an answer may therefore hold a few more than `limit`.
   */
  async list(query: { user?: string; limit: number; before?: number }): Promise<InboxMessage[]> {
    const rows = this.#sql.exec<{ v: string }>(
      `WITH fit AS (SELECT at, n, v FROM message WHERE (?1 IS NULL OR person = ?1) AND at < ?2)
       SELECT v FROM fit WHERE at >= (SELECT min(at) FROM (SELECT at FROM fit ORDER BY at DESC LIMIT ?3)) ORDER BY at DESC, n DESC`,
      query.user ?? null,
      query.before ?? Number.MAX_SAFE_INTEGER,
      query.limit,
    );
    return rows.toArray().map((row) => JSON.parse(row.v) as InboxMessage);
  }
}
