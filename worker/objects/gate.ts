// Owns what one rule or one integration must know across incidents: which open alerts mute others (a gate a tenant and route),
// how much an integration has sent (a gate an integration). Asked with a short limit; whoever gets no answer pages, uninhibited
// and unthrottled. It remembers, the incidents know: what it remembers for long it asks them again.

import { DurableObject } from "cloudflare:workers";
import type { Inhibition } from "../core/inhibition.ts";
import type { Identity } from "../core/incident.ts";
import { limits } from "../core/limits.ts";
import { take, type Rate, type Window } from "../core/rate.ts";
import { withLimit } from "./limit.ts";
import { migrate } from "./migrate.ts";
import { incidentStub } from "./places.ts";
import type { RateAnswer, RateView } from "./rpc.ts";

const migrations: readonly (readonly string[])[] = [
  [
    // `both`: it matches the muted side too. `seen`: when it last said or confirmed that it is open.
    "CREATE TABLE source (k TEXT NOT NULL, hash TEXT NOT NULL, both_sides INTEGER NOT NULL, seen INTEGER NOT NULL, identity TEXT NOT NULL, PRIMARY KEY (k, hash)) WITHOUT ROWID",
    "CREATE TABLE muted (k TEXT NOT NULL, hash TEXT NOT NULL, identity TEXT NOT NULL, PRIMARY KEY (k, hash)) WITHOUT ROWID",
    "CREATE TABLE rate (k INTEGER PRIMARY KEY, v TEXT NOT NULL)",
  ],
];

const bound = limits.gate;

interface RateRow {
  readonly window: Window | null;
  readonly refused: number;
  readonly lastRefusedAt: number | null;
  /** Refusals since somebody was last told that they are over. */
  readonly untold: boolean;
}

const noRate: RateRow = { window: null, refused: 0, lastRefusedAt: null, untold: false };

export class GateObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    this.#sql = ctx.storage.sql;
  }

  /** An alert that mutes others fires. Said before its object has it, so that those of the same body find it; again is harmless. */
  async opened(by: Identity, { key, both }: Inhibition): Promise<void> {
    this.#sql.exec(
      "INSERT INTO source (k, hash, both_sides, seen, identity) VALUES (?, ?, ?, ?, ?) ON CONFLICT (k, hash) DO UPDATE SET both_sides = excluded.both_sides, seen = excluded.seen",
      key,
      by.hash,
      both ? 1 : 0,
      Date.now(),
      JSON.stringify(by),
    );
  }

  /** It mutes no longer: what it alone muted looks again at once. */
  async closed(by: Identity, { key }: Pick<Inhibition, "key">): Promise<void> {
    this.#sql.exec("DELETE FROM source WHERE k = ? AND hash = ?", key, by.hash);
    if (this.#sources(key).length > 0) return;
    const muted = this.#sql
      .exec<{ identity: string }>("SELECT identity FROM muted WHERE k = ? LIMIT ?", key, bound.mutedMax)
      .toArray();
    this.#sql.exec("DELETE FROM muted WHERE k = ?", key);
    this.ctx.waitUntil(
      Promise.allSettled(muted.map((row) => incidentStub(this.env, JSON.parse(row.identity) as Identity).reconsider())),
    );
  }

  /** Whether an open alert mutes this one, in words; null: none does. Whoever is muted is told when that ends. */
  async inhibitor(asker: Identity, { rule, key, both }: Inhibition): Promise<string | null> {
    for (const row of this.#sources(key)) {
      if (row.hash === asker.hash || (both && row.both_sides === 1)) continue;
      const by = await this.#confirmed(row, { rule, key });
      if (by === null) continue;
      this.#sql.exec(
        "INSERT INTO muted (k, hash, identity) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        key,
        asker.hash,
        JSON.stringify(asker),
      );
      return by;
    }
    return null;
  }

  #sources(key: string): SourceRow[] {
    return this.#sql.exec<SourceRow>("SELECT hash, both_sides, seen, identity FROM source WHERE k = ?", key).toArray();
  }

  /** A source that has not been heard of for a while is asked itself; one that does not answer counts as closed. */
  async #confirmed(row: SourceRow, of: { readonly rule: string; readonly key: string }): Promise<string | null> {
    if (Date.now() - row.seen < bound.trustMs) return "another alert that is open";
    const by = await withLimit(
      incidentStub(this.env, JSON.parse(row.identity) as Identity).inhibits(of.rule, of.key),
      bound.confirmMs,
    ).catch(() => null);
    if (by === null) this.#sql.exec("DELETE FROM source WHERE k = ? AND hash = ?", of.key, row.hash);
    else this.#sql.exec("UPDATE source SET seen = ? WHERE k = ? AND hash = ?", Date.now(), of.key, row.hash);
    return by === null ? null : `${by} is open`;
  }

  /** Takes up to `want` of the rate, and notes what was refused elsewhere meanwhile. */
  async takeRate(rate: Rate, want: number, refused: number): Promise<RateAnswer> {
    const now = Date.now();
    const before = this.#rate();
    const taken = take(rate, before.window, want, now);
    const refusedNow = refused + (taken.granted === 0 ? 1 : 0);
    const after: RateRow = {
      window: taken.window,
      refused: before.refused + refusedNow,
      lastRefusedAt: refusedNow > 0 ? now : before.lastRefusedAt,
      untold: before.untold || refusedNow > 0,
    };
    this.#sql.exec("INSERT INTO rate (k, v) VALUES (1, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v", JSON.stringify(after));
    const calm = after.untold && taken.granted > 0 && now - (after.lastRefusedAt ?? 0) >= bound.calmMs;
    return { granted: taken.granted, until: taken.until, refused: after.refused, calm };
  }

  /** The incident about the rate has been closed. */
  async calmed(): Promise<void> {
    const row = this.#rate();
    this.#sql.exec("UPDATE rate SET v = ? WHERE k = 1", JSON.stringify({ ...row, untold: false }));
  }

  async rate(): Promise<RateView> {
    const { window, refused, lastRefusedAt } = this.#rate();
    return { from: window?.from ?? null, used: window?.used ?? 0, refused, lastRefusedAt };
  }

  #rate(): RateRow {
    const row = this.#sql.exec<{ v: string }>("SELECT v FROM rate WHERE k = 1").toArray()[0];
    return row === undefined ? noRate : (JSON.parse(row.v) as RateRow);
  }
}

type SourceRow = { readonly hash: string; readonly both_sides: number; readonly seen: number; readonly identity: string };
