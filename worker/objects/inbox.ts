// Owns the simulated phone of one tenant: what the `inbox` notifier delivered, newest first, the last thousand.

import { DurableObject } from "cloudflare:workers";
import { migrate } from "./migrate.ts";
import type { InboxMessage } from "./rpc.ts";

const keep = 1_000;

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
      this.#sql.exec("DELETE FROM message WHERE n <= (SELECT max(n) FROM message) - ?", keep);
    });
  }

  async list(query: { user?: string; limit: number; before?: number }): Promise<InboxMessage[]> {
    const rows = this.#sql.exec<{ v: string }>(
      "SELECT v FROM message WHERE (?1 IS NULL OR person = ?1) AND at < ?2 ORDER BY n DESC LIMIT ?3",
      query.user ?? null,
      query.before ?? Number.MAX_SAFE_INTEGER,
      query.limit,
    );
    return rows.toArray().map((row) => JSON.parse(row.v) as InboxMessage);
  }
}
