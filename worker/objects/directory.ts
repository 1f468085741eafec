// Owns the compiled configuration of one tenant in force: the last good snapshot, by version. D1 is the truth of
// definitions; this is what paging runs on, and it needs no D1.

import { DurableObject } from "cloudflare:workers";
import { rosterFor, type RosterQuery } from "../core/roster.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { migrate } from "./migrate.ts";
import type { RosterAnswer, SnapshotAnswer } from "./rpc.ts";

const migrations: readonly (readonly string[])[] = [
  ["CREATE TABLE snapshot (k INTEGER PRIMARY KEY, version INTEGER NOT NULL, v TEXT NOT NULL)"],
];

export class DirectoryObject extends DurableObject<Env> {
  #snapshot: Snapshot | null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    const row = ctx.storage.sql.exec<{ v: string }>("SELECT v FROM snapshot WHERE k = 1").toArray()[0];
    this.#snapshot = row === undefined ? null : (JSON.parse(row.v) as Snapshot);
  }

  /** Puts a version in force. An older one than the present is not taken; the answer says which one is in force. */
  async publish(snapshot: Snapshot): Promise<{ version: number }> {
    if (this.#snapshot !== null && snapshot.version < this.#snapshot.version) return { version: this.#snapshot.version };
    this.ctx.storage.sql.exec(
      "INSERT INTO snapshot (k, version, v) VALUES (1, ?, ?) ON CONFLICT (k) DO UPDATE SET version = excluded.version, v = excluded.v",
      snapshot.version,
      JSON.stringify(snapshot),
    );
    this.#snapshot = snapshot;
    return { version: snapshot.version };
  }

  async snapshot(known: number | null): Promise<SnapshotAnswer> {
    if (this.#snapshot === null) return { kind: "none" };
    return known === this.#snapshot.version ? { kind: "unchanged" } : { kind: "snapshot", snapshot: this.#snapshot };
  }

  async roster(known: number | null, query: RosterQuery): Promise<RosterAnswer> {
    if (this.#snapshot === null) return { kind: "none" };
    return known === this.#snapshot.version
      ? { kind: "unchanged" }
      : { kind: "roster", roster: rosterFor(this.#snapshot, query) };
  }
}
