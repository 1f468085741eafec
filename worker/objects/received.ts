// Owns the last bodies that came in by one integration, with what became of each: for looking at, and for replay. Off the way of a
// page: written after the answer, and nobody waits for it. Bounded in number, in bytes, and in time, which its own alarm keeps to.

import { DurableObject } from "cloudflare:workers";
import { limits } from "../core/limits.ts";
import { migrate } from "./migrate.ts";
import type { BodyFacts, BodyOutcome, BodyQuery, BodyReplay, KeptBody, NewBody } from "./rpc-received.ts";

const bound = limits.received;

const migrations: readonly (readonly string[])[] = [
  [
    // `outcome`: of the first reading; `present`: of the last replay. AUTOINCREMENT: a number is never given twice.
    "CREATE TABLE body (n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, outcome TEXT NOT NULL, present TEXT NOT NULL, chars INTEGER NOT NULL, v TEXT NOT NULL, replays TEXT NOT NULL, raw TEXT NOT NULL)",
    "CREATE TABLE keep (k INTEGER PRIMARY KEY, ms INTEGER NOT NULL)",
  ],
];

/** Which bodies push out which: one flood does not hide what is rarer. */
const shelves: readonly { readonly outcomes: readonly BodyOutcome[]; readonly kept: number }[] = [
  { outcomes: ["readable", "ignored"], kept: bound.kept.read },
  { outcomes: ["unreadable", "failed"], kept: bound.kept.unread },
  { outcomes: ["refused"], kept: bound.kept.refused },
];

type Row = {
  readonly n: number;
  readonly present: BodyOutcome;
  readonly v: string;
  readonly replays: string;
  readonly start: string;
};
const columns = `n, present, v, replays, substr(raw, 1, ${bound.startChars}) AS start`;

export class ReceivedObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    this.#sql = ctx.storage.sql;
  }

  /** In the order in which they came. */
  async put(bodies: readonly NewBody[], keepMs: number): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      for (const { raw, ...facts } of bodies)
        this.#sql.exec(
          "INSERT INTO body (at, outcome, present, chars, v, replays, raw) VALUES (?, ?, ?, ?, ?, '[]', ?)",
          facts.at,
          facts.outcome,
          facts.outcome,
          raw.length,
          JSON.stringify(facts),
          raw,
        );
      this.#remember(keepMs);
      this.#prune(keepMs);
    });
    await this.#arm(keepMs);
  }

  /** Newest first. */
  async list({ before, outcomes, present = false, since = 0, limit, keepMs }: BodyQuery): Promise<{
    readonly items: KeptBody[];
    readonly more: boolean;
  }> {
    this.#remember(keepMs);
    const rows = this.#sql
      .exec<Row>(
        `SELECT ${columns} FROM body WHERE n < ?1 AND at >= ?2 AND (?3 IS NULL OR ${present ? "present" : "outcome"} IN (SELECT value FROM json_each(?3))) ORDER BY n DESC LIMIT ?4`,
        before ?? Number.MAX_SAFE_INTEGER,
        Math.max(since, Date.now() - keepMs),
        outcomes === null ? null : JSON.stringify(outcomes),
        limit + 1,
      )
      .toArray();
    return { items: rows.slice(0, limit).map(keptOf), more: rows.length > limit };
  }

  async get(n: number, keepMs: number): Promise<(KeptBody & { readonly raw: string }) | null> {
    const row = this.#sql
      .exec<Row & { raw: string }>(`SELECT ${columns}, raw FROM body WHERE n = ? AND at >= ?`, n, Date.now() - keepMs)
      .toArray()[0];
    return row === undefined ? null : { ...keptOf(row), raw: row.raw };
  }

  async replayed(n: number, replay: BodyReplay): Promise<void> {
    const row = this.#sql.exec<{ replays: string }>("SELECT replays FROM body WHERE n = ?", n).toArray()[0];
    if (row === undefined) return;
    const replays = [...(JSON.parse(row.replays) as BodyReplay[]), replay].slice(-bound.replaysKept);
    this.#sql.exec("UPDATE body SET replays = ?, present = ? WHERE n = ?", JSON.stringify(replays), replay.outcome, n);
  }

  async clear(): Promise<void> {
    this.#sql.exec("DELETE FROM body");
    await this.ctx.storage.deleteAlarm();
  }

  /** What is kept no longer goes, whether or not anything comes in. Never throws. */
  override async alarm(): Promise<void> {
    try {
      const keepMs = this.#sql.exec<{ ms: number }>("SELECT ms FROM keep WHERE k = 1").toArray()[0]?.ms ?? bound.keepMs;
      this.#prune(keepMs);
      await this.#arm(keepMs);
    } catch (error) {
      console.error("old bodies could not be removed, trying again", String(error));
      await this.ctx.storage.setAlarm(Date.now() + bound.keepMsMin).catch(() => undefined);
    }
  }

  /** A shorter time that was set meanwhile is kept to as soon as somebody looks. */
  #remember(keepMs: number): void {
    const known = this.#sql.exec<{ ms: number }>("SELECT ms FROM keep WHERE k = 1").toArray()[0]?.ms;
    if (known === keepMs) return;
    this.#sql.exec("INSERT INTO keep (k, ms) VALUES (1, ?) ON CONFLICT (k) DO UPDATE SET ms = excluded.ms", keepMs);
    if (known !== undefined) this.#prune(keepMs);
  }

  #prune(keepMs: number): void {
    this.#sql.exec("DELETE FROM body WHERE at < ?", Date.now() - keepMs);
    for (const { outcomes, kept } of shelves)
      this.#sql.exec(
        "DELETE FROM body WHERE n IN (SELECT n FROM body WHERE outcome IN (SELECT value FROM json_each(?)) ORDER BY n DESC LIMIT -1 OFFSET ?)",
        JSON.stringify(outcomes),
        kept,
      );
    this.#sql.exec(
      "DELETE FROM body WHERE n IN (SELECT n FROM (SELECT n, sum(chars) OVER (ORDER BY n DESC) AS upto FROM body) WHERE upto > ?)",
      bound.bytesMax,
    );
  }

  async #arm(keepMs: number): Promise<void> {
    const oldest = this.#sql.exec<{ at: number | null }>("SELECT min(at) AS at FROM body").one().at;
    if (oldest === null) return this.ctx.storage.deleteAlarm();
    const due = oldest + keepMs + 1_000;
    const armed = await this.ctx.storage.getAlarm();
    // Those that go together go at one time: an alarm that is early finds nothing and is set anew.
    if (armed === null || armed > due) await this.ctx.storage.setAlarm(due);
  }
}

function keptOf({ n, present, v, replays, start }: Row): KeptBody {
  // Rows are written above and nowhere else.
  return { ...(JSON.parse(v) as BodyFacts), n, present, start, replays: JSON.parse(replays) as BodyReplay[] };
}
