// Owns the audit log: append-only, each entry holding the hash of the one before, so that an edit, a deletion or a new order
// shows. (Cutting off the newest entries shows only against a copy kept outside.)

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { limits } from "../core/limits.ts";

export interface AuditEntry {
  readonly tenant: string;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly body: unknown;
}

export interface AuditRow extends AuditEntry {
  readonly seq: number;
  readonly previous: string;
  readonly hash: string;
}

export interface AuditLink {
  readonly seq: number;
  readonly hash: string;
}

const { recordTries } = limits.store;

const genesis: AuditLink = { seq: 0, hash: "0".repeat(64) };

export async function lastLink(db: D1Database, tenant: string): Promise<AuditLink> {
  const row = await db
    .prepare("SELECT seq, hash FROM audit WHERE tenant = ? ORDER BY seq DESC LIMIT 1")
    .bind(tenant)
    .first<AuditLink>();
  return row ?? genesis;
}

function hashEntry(previous: string, seq: number, entry: AuditEntry): string {
  const text = JSON.stringify([previous, entry.tenant, seq, entry.at, entry.actor, entry.action, entry.body]);
  return bytesToHex(sha256(new TextEncoder().encode(text)));
}

/**
 * Statements for the batch of the change they record, one an entry; of two writers with the same link the second is refused.
 * An entry's body is what JSON makes of it, so that it reads back as it was hashed.
 */
export function appendStatements(db: D1Database, last: AuditLink, entries: readonly AuditEntry[]): D1PreparedStatement[] {
  let link = last;
  return entries.map((entry) => {
    const body = JSON.stringify(entry.body);
    const seq = link.seq + 1;
    const hash = hashEntry(link.hash, seq, { ...entry, body: JSON.parse(body) as unknown });
    const statement = db
      .prepare("INSERT INTO audit (tenant, seq, at, actor, action, body, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(entry.tenant, seq, entry.at, entry.actor, entry.action, body, link.hash, hash);
    link = { seq, hash };
    return statement;
  });
}

/** One entry by itself. Another writer may have come between: then it is chained to that one. */
export async function recordEntry(db: D1Database, entry: AuditEntry): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await db.batch(appendStatements(db, await lastLink(db, entry.tenant), [entry]));
      return;
    } catch (error) {
      if (attempt >= recordTries || !String(error).includes("append-only")) throw error;
    }
  }
}

/** The highest version the log has seen of a tenant: one that was deleted and is made anew goes on from there. */
export async function lastVersion(db: D1Database, tenant: string): Promise<number> {
  const sql = "SELECT max(coalesce(body ->> 'version', 0)) AS version FROM audit WHERE tenant = ?";
  return (await db.prepare(sql).bind(tenant).first<number>("version")) ?? 0;
}

export interface AuditFilter {
  readonly actor?: string | undefined;
  /** The whole of it, or what stands before its point. */
  readonly action?: string | undefined;
  readonly kind?: string | undefined;
  readonly object?: string | undefined;
  /** Epoch ms. */
  readonly from?: number | undefined;
  /** Epoch ms, exclusive. */
  readonly to?: number | undefined;
  readonly order?: "oldest" | "newest" | undefined;
}

/** `after`: where the last page ended, in the order asked for; 0: from the beginning of it. */
export async function listAudit(
  db: D1Database,
  tenant: string,
  after: number,
  limit: number,
  { actor, action, kind, object, from, to, order = "oldest" }: AuditFilter = {},
): Promise<AuditRow[]> {
  const where = ["tenant = ?1"];
  const values: (string | number)[] = [tenant];
  const add = (sql: (n: string) => string, value: string | number | undefined): void => {
    if (value === undefined) return;
    values.push(value);
    where.push(sql(`?${values.length}`));
  };
  if (order === "oldest" || after > 0) add((n) => `seq ${order === "oldest" ? ">" : "<"} ${n}`, after);
  add((n) => `actor = ${n}`, actor);
  add((n) => (action?.includes(".") ? `action = ${n}` : `substr(action, 1, instr(action || '.', '.') - 1) = ${n}`), action);
  add((n) => `at >= ${n}`, from);
  add((n) => `at < ${n}`, to);
  // What a change was about stands in its list; a feed's entry is about itself.
  const about = (field: "kind" | "id") => (n: string) =>
    `(body ->> '${field}' = ${n} OR EXISTS (SELECT 1 FROM json_each(body, '$.changes') WHERE value ->> '${field}' = ${n}))`;
  add(about("kind"), kind);
  add(about("id"), object);
  const sql = `SELECT tenant, seq, at, actor, action, body, previous, hash FROM audit WHERE ${where.join(" AND ")} ORDER BY seq ${order === "oldest" ? "ASC" : "DESC"} LIMIT ?${values.length + 1}`;
  const { results } = await db
    .prepare(sql)
    .bind(...values, limit)
    .all<AuditRow & { body: string }>();
  return results.map((row) => ({ ...row, body: JSON.parse(row.body) as unknown }));
}

/**
 * Walks the chain. Null: whole; else the first seq that does not fit and why. `kept`: a link noted outside of the database
 * earlier, which the chain must still hold: shows a cut-off end, and a chain that was written anew.
 */
export async function verifyAudit(
  db: D1Database,
  tenant: string,
  kept: AuditLink | null = null,
): Promise<{ readonly seq: number; readonly reason: string } | null> {
  let link = genesis;
  for (;;) {
    const rows = await listAudit(db, tenant, link.seq, 500);
    for (const row of rows) {
      if (row.seq !== link.seq + 1) return { seq: link.seq + 1, reason: "an entry is missing" };
      if (row.previous !== link.hash) return { seq: row.seq, reason: "does not follow from the entry before" };
      if (row.hash !== hashEntry(link.hash, row.seq, row)) return { seq: row.seq, reason: "was changed after it was written" };
      if (row.seq === kept?.seq && row.hash !== kept.hash) return { seq: row.seq, reason: "is not the entry that was noted" };
      link = row;
    }
    if (rows.length === 500) continue;
    return kept !== null && kept.seq > link.seq ? { seq: link.seq + 1, reason: "an entry is missing" } : null;
  }
}
