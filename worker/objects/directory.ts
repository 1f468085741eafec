// Owns the compiled configuration of one tenant in force: the last good snapshot, by version. D1 is the truth of
// definitions; this is what paging runs on, and it needs no D1.

import { DurableObject } from "cloudflare:workers";
import { limits } from "../core/limits.ts";
import { rosterFor, type RosterQuery } from "../core/roster.ts";
import { heartbeatIdentity } from "../core/ids.ts";
import type { Heartbeat, Snapshot } from "../core/snapshot.ts";
import { withLimit } from "./limit.ts";
import { tellLive } from "./tell-live.ts";
import { migrate } from "./migrate.ts";
import { heartbeatStub } from "./places.ts";
import { oweQuietNews, owesQuietNews, quietNewsMigration, tellQuietNews } from "./quiet-news.ts";
import type { RosterAnswer, SnapshotAnswer } from "./rpc.ts";

const migrations: readonly (readonly string[])[] = [
  ["CREATE TABLE snapshot (k INTEGER PRIMARY KEY, version INTEGER NOT NULL, v TEXT NOT NULL)"],
  // A row holds 2 MB at most, and a large tenant is larger: the text lies in pieces.
  [
    "CREATE TABLE piece (n INTEGER PRIMARY KEY, v TEXT NOT NULL)",
    "INSERT INTO piece (n, v) SELECT 0, v FROM snapshot",
    "DROP TABLE snapshot",
  ],
  // Heartbeats that have not been told of a change yet; no value: taken out.
  ["CREATE TABLE untold (heartbeat TEXT PRIMARY KEY, version INTEGER NOT NULL, v TEXT) WITHOUT ROWID"],
  ["CREATE TABLE forgotten (k INTEGER PRIMARY KEY, version INTEGER NOT NULL)"],
  [quietNewsMigration],
  // Code of plugins that the tenant wrote itself, by its hash: an alert must not wait for D1.
  ["CREATE TABLE own_code (hash TEXT PRIMARY KEY, at INTEGER NOT NULL, v TEXT NOT NULL)"],
];

export class DirectoryObject extends DurableObject<Env> {
  #snapshot: Snapshot | null;
  /** The version at which the tenant was deleted; nothing of before comes into force any more. */
  #forgotten: number;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    const pieces = ctx.storage.sql.exec<{ v: string }>("SELECT v FROM piece ORDER BY n").toArray();
    this.#snapshot = pieces.length === 0 ? null : (JSON.parse(pieces.map((row) => row.v).join("")) as Snapshot);
    this.#forgotten = ctx.storage.sql.exec<{ version: number }>("SELECT version FROM forgotten").toArray()[0]?.version ?? 0;
  }

  /**
   * Puts a version in force. An older one than the present is not taken; the answer says which one is in force. The same one
   * is taken again: a newer release may compile it to more.
   */
  async publish(snapshot: Snapshot): Promise<{ version: number }> {
    if (snapshot.version <= this.#forgotten) return { version: 0 };
    const before = this.#snapshot;
    if (before !== null && snapshot.version < before.version) return { version: before.version };
    this.ctx.storage.transactionSync(() => {
      this.#owe(before, snapshot);
      oweQuietNews(this.ctx.storage.sql, before, snapshot, Date.now());
      if (owesQuietNews(this.ctx.storage.sql)) void this.ctx.storage.setAlarm(Date.now() + limits.heartbeat.tellRetryMs);
      this.ctx.storage.sql.exec("DELETE FROM piece");
      piecesOf(JSON.stringify(snapshot)).forEach((piece, n) => {
        this.ctx.storage.sql.exec("INSERT INTO piece (n, v) VALUES (?, ?)", n, piece);
      });
    });
    this.#snapshot = snapshot;
    this.#dropOwnCode(snapshot);
    this.ctx.waitUntil(tellLive(this.env, snapshot, { kind: "config", version: snapshot.version }));
    this.ctx.waitUntil(this.#tellAll());
    return { version: snapshot.version };
  }

  /** Never throws (see IncidentObject.alarm). */
  override async alarm(): Promise<void> {
    await this.#tellAll();
  }

  async #tellAll(): Promise<void> {
    const { sql } = this.ctx.storage;
    await this.#tell().catch((error: unknown) => console.error("heartbeats could not be told", String(error)));
    if (this.#snapshot === null || !owesQuietNews(sql)) return;
    await tellQuietNews(this.env, sql, this.#snapshot);
    if (owesQuietNews(sql)) await this.ctx.storage.setAlarm(Date.now() + limits.heartbeat.tellRetryMs);
  }

  /** Heartbeats whose definition changed hear of it from here, until each has: one that nobody beats must be watched too. */
  #owe(before: Snapshot | null, after: Snapshot): void {
    const [was, is] = [before?.heartbeats ?? {}, after.heartbeats ?? {}];
    for (const id of new Set([...Object.keys(was), ...Object.keys(is)])) {
      const text = is[id] === undefined ? null : JSON.stringify(is[id]);
      if (was[id] !== undefined && text === JSON.stringify(was[id])) continue;
      this.ctx.storage.sql.exec(
        "INSERT INTO untold (heartbeat, version, v) VALUES (?, ?, ?) ON CONFLICT (heartbeat) DO UPDATE SET version = excluded.version, v = excluded.v",
        id,
        after.version,
        text,
      );
    }
    if (this.#owed(1).length > 0) void this.ctx.storage.setAlarm(Date.now() + limits.heartbeat.tellRetryMs);
  }

  /** Heartbeats that have not heard of their last change yet. */
  async untold(): Promise<number> {
    return this.ctx.storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM untold").one().n;
  }

  #owed(limit: number): { heartbeat: string; version: number; v: string | null }[] {
    return this.ctx.storage.sql
      .exec<{ heartbeat: string; version: number; v: string | null }>("SELECT heartbeat, version, v FROM untold LIMIT ?", limit)
      .toArray();
  }

  async #tell(): Promise<void> {
    const { tenant, jurisdiction } = this.#snapshot ?? {};
    if (tenant === undefined || jurisdiction === undefined) return;
    for (let round = 0; round < limits.heartbeat.tellRoundsMax; round++) {
      const owed = this.#owed(limits.heartbeat.toldAtOnce);
      if (owed.length === 0) return;
      const told = await Promise.all(
        owed.map(async ({ heartbeat, version, v }) => {
          const spec = v === null ? null : (JSON.parse(v) as Heartbeat);
          const input = { identity: { tenant, jurisdiction, heartbeat }, spec, version };
          const stub = heartbeatStub(this.env, heartbeatIdentity(tenant, jurisdiction, heartbeat));
          const done = await withLimit(stub.configure(input), limits.heartbeat.beatMs).then(
            () => true,
            () => false,
          );
          // A newer change may have come meanwhile: it stays owed.
          if (done) this.ctx.storage.sql.exec("DELETE FROM untold WHERE heartbeat = ? AND version = ?", heartbeat, version);
          return done;
        }),
      );
      if (!told.every(Boolean)) break;
    }
    if (this.#owed(1).length > 0) await this.ctx.storage.setAlarm(Date.now() + limits.heartbeat.tellRetryMs);
  }

  /** The tenant is deleted: what is in force goes, and no publication from before `version` may bring it back. */
  async forget(version: number): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      this.ctx.storage.sql.exec("DELETE FROM piece");
      this.ctx.storage.sql.exec("DELETE FROM own_code");
      this.ctx.storage.sql.exec("INSERT OR REPLACE INTO forgotten (k, version) VALUES (1, ?)", version);
    });
    this.#snapshot = null;
    this.#forgotten = version;
  }

  /** Code that no version names any more. What has just come may be of a version that is still on its way. */
  #dropOwnCode({ ownPlugins = {} }: Snapshot): void {
    const named = new Set(Object.values(ownPlugins).flatMap(({ versions }) => Object.values(versions)));
    const before = Date.now() - limits.ownPlugins.graceMs;
    const { sql } = this.ctx.storage;
    for (const { hash } of sql.exec<{ hash: string }>("SELECT hash FROM own_code WHERE at < ?", before).toArray())
      if (!named.has(hash)) sql.exec("DELETE FROM own_code WHERE hash = ?", hash);
  }

  async ownCode(hash: string): Promise<string | null> {
    return this.ctx.storage.sql.exec<{ v: string }>("SELECT v FROM own_code WHERE hash = ?", hash).toArray()[0]?.v ?? null;
  }

  async putOwnCode(hash: string, code: string): Promise<void> {
    this.ctx.storage.sql.exec("INSERT OR REPLACE INTO own_code (hash, at, v) VALUES (?, ?, ?)", hash, Date.now(), code);
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

/** Never cut inside a surrogate pair: half of one would not survive UTF-8. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    let to = Math.min(from + limits.directory.pieceCharsMax, text.length);
    if (to < text.length && (text.charCodeAt(to) & 0xfc00) === 0xdc00) to--;
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}
