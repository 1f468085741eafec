// Owns one share of two look-ups that ingest needs before it knows anything else: ingest key → tenant and integration,
// and open grouped alert → the object that holds it. Written with the configuration; never reads D1.

import { DurableObject } from "cloudflare:workers";
import { migrate } from "./migrate.ts";
import type { KeyEntry } from "./rpc.ts";

const migrations: readonly (readonly string[])[] = [
  [
    "CREATE TABLE ingest_key (hash TEXT PRIMARY KEY, tenant TEXT NOT NULL, v TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE grouped (alert TEXT PRIMARY KEY, hash TEXT NOT NULL) WITHOUT ROWID",
  ],
  [
    // For putKeys, which would else read every tenant's keys.
    "CREATE INDEX ingest_key_tenant ON ingest_key (tenant)",
    "CREATE TABLE written (tenant TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID",
  ],
];

export class IndexShard extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    this.#sql = ctx.storage.sql;
  }

  /**
   * Replaces this tenant's keys in this shard. A key of another tenant is never taken over. `version` is the
   * configuration's: keys of an older one that come late are not taken.
   */
  async putKeys(tenant: string, entries: readonly { hash: string; entry: KeyEntry }[], version = 0): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      const last = this.#sql.exec<{ version: number }>("SELECT version FROM written WHERE tenant = ?", tenant).toArray()[0];
      if (last !== undefined && version < last.version) return;
      this.#sql.exec(
        "INSERT INTO written (tenant, version) VALUES (?, ?) ON CONFLICT (tenant) DO UPDATE SET version = excluded.version WHERE excluded.version > version",
        tenant,
        version,
      );
      this.#sql.exec("DELETE FROM ingest_key WHERE tenant = ?", tenant);
      for (const { hash, entry } of entries) {
        this.#sql.exec(
          "INSERT INTO ingest_key (hash, tenant, v) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
          hash,
          tenant,
          JSON.stringify(entry),
        );
      }
    });
  }

  async lookup(hash: string): Promise<KeyEntry | null> {
    const row = this.#sql.exec<{ v: string }>("SELECT v FROM ingest_key WHERE hash = ?", hash).toArray()[0];
    if (row === undefined) return null;
    const entry = JSON.parse(row.v) as KeyEntry;
    return entry.until !== undefined && Date.now() >= entry.until ? null : entry;
  }

  async openGroup(alertHash: string): Promise<{ hash: string } | null> {
    return this.#sql.exec<{ hash: string }>("SELECT hash FROM grouped WHERE alert = ?", alertHash).toArray()[0] ?? null;
  }

  async setGroup(alertHash: string, hash: string | null): Promise<void> {
    if (hash === null) this.#sql.exec("DELETE FROM grouped WHERE alert = ?", alertHash);
    else
      this.#sql.exec(
        "INSERT INTO grouped (alert, hash) VALUES (?, ?) ON CONFLICT (alert) DO UPDATE SET hash = excluded.hash",
        alertHash,
        hash,
      );
  }
}
