// Owns the keys of calendar feeds in D1: whose calendar a key opens. Only hashes are kept; every change is in the audit log.

import { appendStatements, lastLink } from "./audit.ts";

export type FeedKind = "user" | "schedule";

export interface FeedRow {
  readonly id: string;
  readonly kind: FeedKind;
  /** The person or the schedule. */
  readonly subject: string;
  readonly createdAt: number;
  readonly createdBy: string;
}

const columns = "id, kind, subject, created_at AS createdAt, created_by AS createdBy";

export async function listFeeds(db: D1Database, tenant: string, kind: FeedKind, subject: string): Promise<FeedRow[]> {
  const sql = `SELECT ${columns} FROM feed_keys WHERE tenant = ? AND kind = ? AND subject = ? ORDER BY id LIMIT 200`;
  return (await db.prepare(sql).bind(tenant, kind, subject).all<FeedRow>()).results;
}

/** Whose feed this key opens; null: nobody's. */
export async function feedOf(db: D1Database, tenant: string, hash: string): Promise<FeedRow | null> {
  return db.prepare(`SELECT ${columns} FROM feed_keys WHERE tenant = ? AND hash = ?`).bind(tenant, hash).first<FeedRow>();
}

export async function addFeed(db: D1Database, tenant: string, row: FeedRow, hash: string): Promise<void> {
  const { id, kind, subject, createdAt, createdBy } = row;
  const body = { id, kind, subject };
  await db.batch([
    db
      .prepare("INSERT INTO feed_keys (tenant, id, hash, kind, subject, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?)")
      .bind(tenant, id, hash, kind, subject, createdAt, createdBy),
    ...appendStatements(db, await lastLink(db, tenant), [
      { tenant, at: createdAt, actor: createdBy, action: "feeds.create", body },
    ]),
  ]);
}

/** False: there is no such feed. */
export async function removeFeed(
  db: D1Database,
  tenant: string,
  of: Pick<FeedRow, "id" | "kind" | "subject">,
  { actor, at }: { readonly actor: string; readonly at: number },
): Promise<boolean> {
  const { id, kind, subject } = of;
  if (!(await listFeeds(db, tenant, kind, subject)).some((each) => each.id === id)) return false;
  await db.batch([
    db.prepare("DELETE FROM feed_keys WHERE tenant = ? AND id = ?").bind(tenant, id),
    ...appendStatements(db, await lastLink(db, tenant), [
      { tenant, at, actor, action: "feeds.revoke", body: { id, kind, subject } },
    ]),
  ]);
  return true;
}
