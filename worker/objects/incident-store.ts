// Owns how an incident's state lies in its object's SQLite: one row a thing, so that a change writes only what changed.
// Reads and writes are synchronous; the caller brings the transaction.

import type { StepResult } from "../core/event.ts";
import type { AlertRow, Delivery, Episode, Identity, IncidentState, TimelineEntry } from "../core/incident.ts";
import type { Post } from "../core/post.ts";
import { isWaiting } from "../core/posts.ts";
import { foresee, type PendingItem } from "../core/forecast.ts";
import type { Roster } from "../core/roster.ts";
import { limits } from "../core/limits.ts";
import { emptyState } from "../core/step.ts";
import type { ProjectionBatch } from "../store/project.ts";
import { migrate } from "./migrate.ts";
import type { RawAbout, RawBody } from "./rpc-received.ts";

/** Every table is WITHOUT ROWID or keyed by an integer: a row written is one row billed. */
const migrations: readonly (readonly string[])[] = [
  [
    "CREATE TABLE doc (k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE alert (k TEXT PRIMARY KEY, seq INTEGER NOT NULL, v TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE delivery (id TEXT PRIMARY KEY, incident TEXT NOT NULL, seq INTEGER NOT NULL, v TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE timeline (seq INTEGER PRIMARY KEY, incident TEXT NOT NULL, v TEXT NOT NULL)",
    "CREATE TABLE raw (incident TEXT NOT NULL, k TEXT NOT NULL, v TEXT NOT NULL, PRIMARY KEY (incident, k)) WITHOUT ROWID",
  ],
  [
    "CREATE TABLE post (id TEXT PRIMARY KEY, incident TEXT NOT NULL, seq INTEGER NOT NULL, waits INTEGER NOT NULL, v TEXT NOT NULL) WITHOUT ROWID",
  ],
  // `about`: headers and plugin, as JSON. `until`: epoch ms; null, as in rows of before: as long as the incident is the last one.
  ["ALTER TABLE raw ADD COLUMN about TEXT", "ALTER TABLE raw ADD COLUMN until INTEGER"],
];

/** What the shell remembers beside the state: how far D1 has confirmed, and until when the watch looks away. */
export interface Housekeeping {
  readonly flushedSeq: number;
  /** The shard's next look at this incident; null: not registered. */
  readonly watchedUntil: number | null;
}

export interface Loaded {
  readonly state: IncidentState | null;
  readonly housekeeping: Housekeeping;
}

export class IncidentStore {
  readonly #sql: SqlStorage;
  #rows = 0;
  #bytes = 0;

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
    migrate(storage, migrations);
  }

  load(): Loaded {
    const docs = new Map(
      this.#sql
        .exec<{ k: string; v: string }>("SELECT k, v FROM doc")
        .toArray()
        .map((row) => [row.k, row.v]),
    );
    const housekeeping = parse<Housekeeping>(docs.get("housekeeping")) ?? { flushedSeq: 0, watchedUntil: null };
    const identity = parse<Identity>(docs.get("identity"));
    if (identity === null) return { state: null, housekeeping };
    const episode = parse<Episode>(docs.get("episode"));
    const alerts = Object.fromEntries(
      rows<AlertRow>(this.#sql.exec<{ v: string }>("SELECT v FROM alert")).map((row) => [row.key, row]),
    );
    const deliveries =
      episode === null
        ? []
        : rows<Delivery>(this.#sql.exec<{ v: string }>("SELECT v FROM delivery WHERE incident = ?", episode.id));
    const posts = rows<Post>(
      this.#sql.exec<{ v: string }>("SELECT v FROM post WHERE waits = 1 OR incident = ?", episode?.id ?? ""),
    );
    const seq = this.#sql
      .exec<{ seq: number }>(
        "SELECT max((SELECT coalesce(max(seq), 0) FROM timeline), (SELECT coalesce(max(seq), 0) FROM alert), (SELECT coalesce(max(seq), 0) FROM delivery), (SELECT coalesce(max(seq), 0) FROM post)) AS seq",
      )
      .one().seq;
    return {
      housekeeping,
      state: {
        ...emptyState(identity),
        seq: Math.max(seq, episode?.seq ?? 0),
        roster: parse<Roster>(docs.get("roster")),
        episode,
        alerts,
        deliveries: Object.fromEntries(deliveries.map((row) => [row.id, row])),
        posts: Object.fromEntries(posts.map((row) => [row.id, row])),
        orphans: parse(docs.get("orphans")),
        successor: parse(docs.get("successor")),
      },
    };
  }

  /** Writes the rows in which `result.state` differs from `before`. Deliveries of earlier episodes stay until D1 has them. */
  save(before: IncidentState, result: StepResult, isNew: boolean): void {
    const { state } = result;
    if (isNew) this.#doc("identity", state.identity);
    if (state.episode !== before.episode) this.#doc("episode", state.episode);
    // Its last word may not be in D1 yet: the list would show it open for ever.
    if (before.episode !== null && before.episode.id !== state.episode?.id)
      this.#doc(`ended:${before.episode.id}`, before.episode);
    if (state.roster !== before.roster) this.#doc("roster", state.roster);
    if (state.orphans !== before.orphans) this.#doc("orphans", state.orphans);
    if ((state.successor ?? null) !== (before.successor ?? null)) this.#doc("successor", state.successor);
    for (const row of Object.values(state.alerts)) {
      if (row === before.alerts[row.key]) continue;
      this.#write(
        "INSERT INTO alert (k, seq, v) VALUES (?, ?, ?) ON CONFLICT (k) DO UPDATE SET seq = excluded.seq, v = excluded.v",
        row.key,
        row.seq,
        JSON.stringify(row),
      );
    }
    for (const key of Object.keys(before.alerts)) if (!state.alerts[key]) this.#write("DELETE FROM alert WHERE k = ?", key);
    for (const row of Object.values(state.deliveries)) {
      if (row === before.deliveries[row.id]) continue;
      this.#write(
        "INSERT INTO delivery (id, incident, seq, v) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, v = excluded.v",
        row.id,
        row.incident,
        row.seq,
        JSON.stringify(row),
      );
    }
    for (const row of Object.values(state.posts)) {
      if (row === before.posts[row.id]) continue;
      this.#write(
        "INSERT INTO post (id, incident, seq, waits, v) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, waits = excluded.waits, v = excluded.v",
        row.id,
        row.incident,
        row.seq,
        isWaiting(row) ? 1 : 0,
        JSON.stringify(row),
      );
    }
    for (const entry of result.entries) {
      this.#write("INSERT INTO timeline (seq, incident, v) VALUES (?, ?, ?)", entry.seq, entry.incident, JSON.stringify(entry));
    }
  }

  saveHousekeeping(housekeeping: Housekeeping): void {
    this.#sql.exec(
      "INSERT INTO doc (k, v) VALUES ('housekeeping', ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v",
      JSON.stringify(housekeeping),
    );
  }

  /** Keeps a body with the alert, unless the incident has as many as it may. */
  saveRaw(
    { incident, alert, raw, about }: { incident: string; alert: string; raw: string; about: RawAbout | null },
    now: number,
  ): void {
    const kept = this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM raw WHERE incident = ?", incident).one().n;
    if (kept >= limits.incident.rawsKept) return;
    const { keepMs = null, ...rest } = about ?? {};
    this.#write(
      "INSERT INTO raw (incident, k, v, about, until) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
      incident,
      alert,
      raw,
      about === null ? null : JSON.stringify(rest),
      keepMs === null ? null : now + keepMs,
    );
  }

  rawOf(incident: string, now: number): RawBody[] {
    return this.#sql
      .exec<{ k: string; v: string; about: string | null }>(
        "SELECT k, v, about FROM raw WHERE incident = ? AND (until IS NULL OR until > ?)",
        incident,
        now,
      )
      .toArray()
      .map((row) => ({ alert: row.k, raw: row.v, ...parse<Pick<RawBody, "headers" | "plugin">>(row.about ?? undefined) }));
  }

  /** When the first of the kept bodies goes. */
  rawUntil(): number | null {
    return this.#sql.exec<{ until: number | null }>("SELECT min(until) AS until FROM raw").one().until;
  }

  forgetRaw(now: number): void {
    this.#write("DELETE FROM raw WHERE until <= ?", now);
  }

  timeline(incident: string, after: number, limit: number): TimelineEntry[] {
    return rows(
      this.#sql.exec<{ v: string }>(
        "SELECT v FROM timeline WHERE incident = ? AND seq > ? ORDER BY seq LIMIT ?",
        incident,
        after,
        limit,
      ),
    );
  }

  /** Up to `limit` rows D1 has not confirmed, oldest first, and the seq that confirming them reaches. */
  unflushed(state: IncidentState, flushedSeq: number, limit: number): { batch: ProjectionBatch; upTo: number } | null {
    if (flushedSeq >= state.seq) return null;
    const entries = rows<TimelineEntry>(
      this.#sql.exec<{ v: string }>("SELECT v FROM timeline WHERE seq > ? ORDER BY seq LIMIT ?", flushedSeq, limit),
    );
    const deliveries = rows<Delivery>(
      this.#sql.exec<{ v: string }>("SELECT v FROM delivery WHERE seq > ? ORDER BY seq LIMIT ?", flushedSeq, limit),
    );
    const alerts = rows<AlertRow>(
      this.#sql.exec<{ v: string }>("SELECT v FROM alert WHERE seq > ? ORDER BY seq LIMIT ?", flushedSeq, limit),
    );
    const posts = rows<Post>(
      this.#sql.exec<{ v: string }>("SELECT v FROM post WHERE seq > ? ORDER BY seq LIMIT ?", flushedSeq, limit),
    );
    // A cut-off kind bounds how far this batch may confirm; rows past that point are simply sent again next time.
    const upTo = Math.min(
      ...[entries, deliveries, posts, alerts].map((kind) => (kind.length < limit ? state.seq : (kind.at(-1)?.seq ?? state.seq))),
    );
    const episode = state.episode !== null && state.episode.seq > flushedSeq ? state.episode : null;
    const next = episode === null ? null : nextFor(state, Date.now());
    const ended = rows<Episode>(this.#sql.exec<{ v: string }>("SELECT v FROM doc WHERE k LIKE 'ended:%'"));
    return { upTo, batch: { tenant: state.identity.tenant, episode, ended, next, alerts, entries, deliveries, posts } };
  }

  /** Forgets rows of earlier episodes that D1 has confirmed. */
  purge(episode: string, flushedSeq: number): void {
    this.#write("DELETE FROM timeline WHERE incident <> ? AND seq <= ?", episode, flushedSeq);
    this.#write("DELETE FROM delivery WHERE incident <> ? AND seq <= ?", episode, flushedSeq);
    this.#write("DELETE FROM post WHERE incident <> ? AND waits = 0 AND seq <= ?", episode, flushedSeq);
    this.#write("DELETE FROM raw WHERE incident <> ?", episode);
    this.#write("DELETE FROM doc WHERE k LIKE 'ended:%' AND v ->> 'seq' <= ?", flushedSeq);
  }

  /** Rows and bytes written since this instance was loaded, the alarm's rows not among them. */
  get written(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#rows, bytes: this.#bytes };
  }

  #write(statement: string, ...values: (string | number | null)[]): void {
    this.#rows += this.#sql.exec(statement, ...values).rowsWritten;
    for (const value of values) this.#bytes += typeof value === "string" ? value.length : 8;
  }

  #doc(key: string, value: unknown): void {
    this.#write("INSERT INTO doc (k, v) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v", key, JSON.stringify(value));
  }
}

/** The next thing to happen that is not already under way. */
function nextFor(state: IncidentState, now: number): PendingItem | null {
  const { items } = foresee(state, now, { itemsMax: 8, idleMax: 2 });
  const next = items.find((item) => item.at > now + 1_000);
  if (next === undefined) return null;
  // A list says it in few words of its own.
  const { told: _told, ...short } = next;
  return short;
}

function parse<T>(text: string | undefined): T | null {
  // Rows are written by save() above and nowhere else.
  return text === undefined ? null : (JSON.parse(text) as T);
}

function rows<T>(cursor: SqlStorageCursor<{ v: string }>): T[] {
  return cursor.toArray().map((row) => JSON.parse(row.v) as T);
}
