// Owns the rows of changes: what was deployed or altered. Told again, a change is the same row; what is too old goes by itself.

import type { Link } from "../core/alert.ts";
import { changesFrom } from "../core/change.ts";
import { limits } from "../core/limits.ts";
import { pageOf, type Page } from "./incidents.ts";
import { jsonParts } from "./json-parts.ts";

/** Times are epoch ms. */
export interface ChangeRow {
  readonly id: string;
  readonly key: string;
  readonly integration: string;
  readonly service: string | null;
  readonly source: string;
  /** When it was, by the first word of it. */
  readonly at: number;
  /** The sender's time of the last word. */
  readonly saidAt: number;
  readonly updatedAt: number;
  readonly summary: string;
  readonly body: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly links: readonly Link[];
  readonly dedupKey: string | null;
}

export interface ChangeFilter {
  readonly service?: readonly string[] | undefined;
  /** Those of every other service, and of none. */
  readonly notService?: string | undefined;
  readonly integration?: string | undefined;
  /** Part of the summary or of a label's value, any case. */
  readonly q?: string | undefined;
  readonly from?: number | undefined;
  /** Not part of it. */
  readonly to?: number | undefined;
}

/** The row keeps its id and the time of its first word: that is when it began to matter. */
const putSql = `
INSERT INTO changes (tenant, id, key, integration, service, source, at, said_at, updated_at, summary, folded, body)
SELECT ?1, value ->> 'id', value ->> 'key', value ->> 'integration', value ->> 'service', value ->> 'source', value ->> 'at',
  value ->> 'saidAt', value ->> 'updatedAt', value ->> 'summary', value ->> 'folded', value ->> 'rest'
FROM json_each(?2) WHERE true
ON CONFLICT (tenant, key) DO UPDATE SET service = excluded.service, source = excluded.source, said_at = excluded.said_at,
  updated_at = excluded.updated_at, summary = excluded.summary, folded = excluded.folded, body = excluded.body
WHERE excluded.said_at >= changes.said_at`;

export async function putChanges(db: D1Database, tenant: string, rows: readonly ChangeRow[]): Promise<void> {
  const told = rows.map(({ body, labels, links, dedupKey, ...row }) => ({
    ...row,
    folded: foldedOf(row.summary, labels),
    rest: JSON.stringify({ body, labels, links, dedupKey }),
  }));
  const statements = jsonParts(told).map((part) => db.prepare(putSql).bind(tenant, part));
  if (statements.length > 0) await db.batch(statements);
}

function foldedOf(summary: string, labels: Readonly<Record<string, string>>): string {
  return [summary, ...Object.values(labels)].join("\n").toLowerCase().slice(0, limits.changes.foundCharsMax);
}

const tidySql = `DELETE FROM changes WHERE tenant = ?1 AND id IN
(SELECT id FROM changes WHERE tenant = ?1 AND id <= ?2 ORDER BY id LIMIT ?3)`;

/** What is over its time, and what is over the tenant's number: the oldest first, in bites; what is left is the next time's. */
export async function tidyChanges(db: D1Database, tenant: string, now: number): Promise<void> {
  const { keepMs, perTenantMax, tidy } = limits.changes;
  const over = await db
    .prepare("SELECT id FROM changes WHERE tenant = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2")
    .bind(tenant, perTenantMax)
    .first<{ id: string }>();
  const old = changesFrom(now - keepMs);
  const last = over !== null && over.id > old ? over.id : old;
  for (let times = 0; times < tidy.timesMax; times++) {
    const { meta } = await db.prepare(tidySql).bind(tenant, last, tidy.rowsAtOnce).run();
    if (meta.changes === 0) return;
  }
}

const columns = "id, key, integration, service, source, at, said_at AS saidAt, updated_at AS updatedAt, summary, body AS rest";

/** Newest first. */
export async function listChanges(
  db: D1Database,
  tenant: string,
  filter: ChangeFilter,
  { cursor, limit }: { readonly cursor: string | null; readonly limit: number },
): Promise<Page<ChangeRow>> {
  const { where, values } = conditionsOf(tenant, filter);
  if (cursor !== null) where.push(`id < ?${values.push(cursor)}`);
  const { results } = await db
    .prepare(`SELECT ${columns} FROM changes WHERE ${where.join(" AND ")} ORDER BY id DESC LIMIT ?${values.push(limit + 1)}`)
    .bind(...values)
    .all<ChangeRow & { rest: string }>();
  return pageOf(results.map(rowOf), limit, (row) => row.id);
}

export async function countChanges(db: D1Database, tenant: string, filter: ChangeFilter): Promise<number> {
  const { where, values } = conditionsOf(tenant, filter);
  const row = await db
    .prepare(`SELECT count(*) AS n FROM changes WHERE ${where.join(" AND ")}`)
    .bind(...values)
    .first<{ n: number }>();
  return row?.n ?? 0;
}

export async function getChange(db: D1Database, tenant: string, id: string): Promise<ChangeRow | null> {
  const row = await db
    .prepare(`SELECT ${columns} FROM changes WHERE tenant = ? AND id = ?`)
    .bind(tenant, id)
    .first<ChangeRow & { rest: string }>();
  return row === null ? null : rowOf(row);
}

function conditionsOf(tenant: string, filter: ChangeFilter): { readonly where: string[]; readonly values: unknown[] } {
  const where = ["tenant = ?1"];
  const values: unknown[] = [tenant];
  const add = (sql: (n: string) => string, value: unknown): void => void where.push(sql(`?${values.push(value)}`));
  if (filter.service !== undefined) add((n) => `service IN (SELECT value FROM json_each(${n}))`, JSON.stringify(filter.service));
  if (filter.notService !== undefined) add((n) => `service IS NOT ${n}`, filter.notService);
  if (filter.integration !== undefined) add((n) => `integration = ${n}`, filter.integration);
  if (filter.q !== undefined) add((n) => `instr(folded, ${n}) > 0`, filter.q.toLowerCase());
  if (filter.from !== undefined) add((n) => `id >= ${n}`, changesFrom(filter.from));
  if (filter.to !== undefined) add((n) => `id < ${n}`, changesFrom(filter.to));
  return { where, values };
}

function rowOf({ rest, ...row }: ChangeRow & { readonly rest: string }): ChangeRow {
  return { ...row, ...(JSON.parse(rest) as Pick<ChangeRow, "body" | "labels" | "links" | "dedupKey">) };
}
