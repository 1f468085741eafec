// Owns a watch shard: which incidents of its share are open and by when each must have moved. Pokes those that have not.
// Its own alarm, the minute's sweep and any request are independent wakers; it never decides anything about an incident.

import { DurableObject } from "cloudflare:workers";
import type { Outage } from "../core/heartbeat.ts";
import type { Identity } from "../core/incident.ts";
import { objectName } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import { withLimit } from "./limit.ts";
import { migrate } from "./migrate.ts";
import { aliveShard, heartbeatStub, incidentStub } from "./places.ts";
import type { PokeAnswer, SweepReport, Watched, WatchStats } from "./rpc.ts";

const migrations: readonly (readonly string[])[] = [
  [
    "CREATE TABLE open (name TEXT PRIMARY KEY, tenant TEXT NOT NULL, check_after INTEGER NOT NULL, identity TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE tally (k TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID",
  ],
  ["CREATE TABLE outage (down_at INTEGER PRIMARY KEY, up_at INTEGER NOT NULL)"],
];

/** Heartbeats stand in the same table, and are no incidents to be counted or listed. */
const isIncident = "identity ->> 'kind' IS NULL";

const { pokeMs: pokeLimitMs, pokesAtOnce, pokesPerShard } = limits.sweep;

export class WatchShard extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    this.#sql = ctx.storage.sql;
  }

  async register(identity: Watched, checkAfter: number): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      this.#set(identity, checkAfter);
      this.#arm();
    });
  }

  async done(identity: Watched): Promise<void> {
    this.#sql.exec("DELETE FROM open WHERE name = ?", objectName(identity));
  }

  /** Open incidents of one tenant, for lists while D1 is dark. */
  async list(tenant: string, limit: number): Promise<Identity[]> {
    return this.#sql
      .exec<{ identity: string }>(`SELECT identity FROM open WHERE tenant = ? AND ${isIncident} LIMIT ?`, tenant, limit)
      .toArray()
      .map((row) => JSON.parse(row.identity) as Identity);
  }

  async stats(): Promise<WatchStats> {
    const tenants = this.#sql
      .exec<{ tenant: string; n: number }>(`SELECT tenant, count(*) AS n FROM open WHERE ${isIncident} GROUP BY tenant`)
      .toArray();
    const healed = this.#sql.exec<{ n: number }>("SELECT n FROM tally WHERE k = 'healed'").toArray()[0]?.n ?? 0;
    return {
      open: tenants.reduce((sum, row) => sum + row.n, 0),
      byTenant: Object.fromEntries(tenants.map((row) => [row.tenant, row.n])),
      healed,
    };
  }

  /** Pokes every incident that should have moved by now. `overdue` counts those that were late by more than a minute. */
  async sweep(shard: string): Promise<SweepReport> {
    const now = Date.now();
    if (shard === aliveShard) this.#noteAlive(now);
    const due = this.#sql
      .exec<{ identity: string }>(
        "SELECT identity FROM open WHERE check_after <= ? ORDER BY check_after LIMIT ?",
        now,
        pokesPerShard,
      )
      .toArray()
      .map((row) => JSON.parse(row.identity) as Watched);
    let [overdue, healed, unreachable] = [0, 0, 0];
    for (let at = 0; at < due.length; at += pokesAtOnce) {
      const answers = await Promise.all(due.slice(at, at + pokesAtOnce).map((identity) => this.#poke(identity)));
      for (const answer of answers) {
        if (answer === null) unreachable++;
        else {
          if (answer.overdueMs > limits.watch.graceMs) overdue++;
          if (answer.healed) healed++;
        }
      }
    }
    this.ctx.storage.transactionSync(() => {
      if (healed > 0)
        this.#sql.exec("INSERT INTO tally (k, n) VALUES ('healed', ?) ON CONFLICT (k) DO UPDATE SET n = n + excluded.n", healed);
      this.#arm();
    });
    const open = this.#sql.exec<{ n: number }>(`SELECT count(*) AS n FROM open WHERE ${isIncident}`).one().n;
    return { shard, open, poked: due.length, overdue, healed, unreachable };
  }

  /**
   * When the hub was down: between two ticks of the minute that lie too far apart, and before a start of the launcher. Being
   * asked is a sign of life too, so that an outage is known before the first tick after it.
   */
  async outages(since: number): Promise<Outage[]> {
    this.#noteAlive(Date.now());
    return this.#sql
      .exec<{ down_at: number; up_at: number }>("SELECT down_at, up_at FROM outage WHERE up_at >= ? ORDER BY down_at", since)
      .toArray()
      .map((row) => ({ from: row.down_at, to: row.up_at }));
  }

  #noteAlive(now: number): void {
    this.ctx.storage.transactionSync(() => {
      const last = this.#sql.exec<{ n: number }>("SELECT n FROM tally WHERE k = 'alive'").toArray()[0]?.n ?? now;
      const startedAt = Number(this.env.TOCSIN_STARTED_AT ?? 0);
      const upAt = startedAt > last && startedAt <= now ? startedAt : now - last > limits.heartbeat.outageAfterMs ? now : null;
      if (upAt !== null) {
        this.#sql.exec("INSERT INTO outage (down_at, up_at) VALUES (?, ?) ON CONFLICT DO NOTHING", last, upAt);
        this.#sql.exec(
          "DELETE FROM outage WHERE down_at NOT IN (SELECT down_at FROM outage ORDER BY down_at DESC LIMIT ?)",
          limits.heartbeat.outagesKept,
        );
      }
      this.#sql.exec("INSERT INTO tally (k, n) VALUES ('alive', ?) ON CONFLICT (k) DO UPDATE SET n = excluded.n", now);
    });
  }

  /** Never throws (see IncidentObject.alarm). */
  override async alarm(): Promise<void> {
    try {
      await this.sweep("alarm");
    } catch (error) {
      console.error("watch alarm failed", String(error));
      await this.ctx.storage.setAlarm(Date.now() + limits.watch.registerRetryMs).catch(() => undefined);
    }
  }

  async #poke(identity: Watched): Promise<PokeAnswer | null> {
    try {
      const answer = await withLimit(stubOf(this.env, identity).poke(), pokeLimitMs);
      if (answer.checkAfter === null) this.#sql.exec("DELETE FROM open WHERE name = ?", objectName(identity));
      else this.#set(identity, Math.max(answer.checkAfter, Date.now() + limits.watch.registerRetryMs));
      return answer;
    } catch {
      this.#set(identity, Date.now() + limits.watch.healAfterMs);
      return null;
    }
  }

  #set(identity: Watched, checkAfter: number): void {
    this.#sql.exec(
      "INSERT INTO open (name, tenant, check_after, identity) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET check_after = excluded.check_after",
      objectName(identity),
      identity.tenant,
      checkAfter,
      JSON.stringify(identity),
    );
  }

  #arm(): void {
    const next = this.#sql.exec<{ at: number | null }>("SELECT min(check_after) AS at FROM open").one().at;
    if (next !== null) void this.ctx.storage.setAlarm(next);
  }
}

function stubOf(env: Env, identity: Watched): { poke(): Promise<PokeAnswer> } {
  return identity.kind === "heartbeat" ? heartbeatStub(env, identity) : incidentStub(env, identity);
}
