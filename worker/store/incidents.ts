// Owns the list queries over what incident objects projected: filters, newest first, opaque cursors.

import type { Delivery, TimelineEntry } from "../core/incident.ts";
import { limits } from "../core/limits.ts";
import type { Post } from "../core/post.ts";
import type { IncidentSummary } from "./project.ts";

export interface IncidentFilter {
  readonly status?: readonly string[] | undefined;
  readonly severity?: readonly string[] | undefined;
  readonly service?: readonly string[] | undefined;
  readonly urgency?: string | undefined;
  /** Part of the title, any case. */
  readonly q?: string | undefined;
  readonly openedAfter?: number | undefined;
  readonly openedBefore?: number | undefined;
  readonly assignee?: string | undefined;
  readonly flag?: string | undefined;
  /** Opened by an alert of this integration. */
  readonly integration?: string | undefined;
}

export interface IncidentRow extends IncidentSummary {
  readonly id: string;
  readonly status: string;
  readonly severity: string;
  readonly urgency: string;
  readonly service: string | null;
  readonly policy: string | null;
  readonly source: string;
  readonly title: string;
  readonly acknowledgedBy: string | null;
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly resolvedAt: number | null;
}

export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

/** D1 takes no more than five queries in one; whoever asks for more states than these asks for nearly all. */
const { unionMax } = limits.store;

const columns =
  "id, status, severity, urgency, service, policy, source, title, acknowledged_by AS acknowledgedBy, opened_at AS openedAt, updated_at AS updatedAt, resolved_at AS resolvedAt, body";

export async function listIncidents(
  db: D1Database,
  tenant: string,
  filter: IncidentFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<IncidentRow>> {
  const { where, values, bind } = conditionsOf(tenant, filter);
  if (cursor !== null) where.push(`id < ${bind(cursor)}`);
  const newest = `ORDER BY id DESC LIMIT ${bind(limit + 1)}`;
  // Each state by the index of its own: what is over, and there is always more of that, is not walked through.
  const found = (...more: string[]): string =>
    `SELECT id FROM (SELECT id FROM incidents INDEXED BY incidents_found WHERE ${["tenant = ?1", ...more, ...where].join(" AND ")} ${newest})`;
  const statuses = [...new Set(filter.status)];
  const conditions = (): readonly string[] => {
    if (statuses.length > unionMax) return [...where, isOneOf(statuses, bind)];
    if (statuses.length > 0)
      return [`id IN (${statuses.map((status) => found(`status = ${bind(status)}`)).join(" UNION ALL ")})`];
    return filter.q === undefined ? where : [`id IN (${found()})`];
  };
  const { results } = await db
    .prepare(`SELECT ${columns} FROM incidents WHERE ${["tenant = ?1", ...conditions()].join(" AND ")} ${newest}`)
    .bind(...values)
    .all<IncidentRow & { body: string }>();
  return pageOf(results.map(rowOf), limit, (row) => row.id);
}

export async function countIncidents(db: D1Database, tenant: string, filter: IncidentFilter): Promise<number> {
  const { where, values, bind } = conditionsOf(tenant, filter);
  if (filter.status?.length) where.push(isOneOf(filter.status, bind));
  const row = await db
    .prepare(`SELECT count(*) AS n FROM incidents WHERE ${["tenant = ?1", ...where].join(" AND ")}`)
    .bind(...values)
    .first<{ n: number }>();
  return row?.n ?? 0;
}

type Bind = (value: unknown) => string;

function isOneOf(statuses: readonly string[], bind: Bind): string {
  return `status IN (SELECT value FROM json_each(${bind(JSON.stringify(statuses))}))`;
}

interface Conditions {
  readonly where: string[];
  readonly values: unknown[];
  readonly bind: Bind;
}

/** All of the filter but the states. ?1 is the tenant. */
function conditionsOf(tenant: string, filter: IncidentFilter): Conditions {
  const where: string[] = [];
  const values: unknown[] = [tenant];
  const bind = (value: unknown): string => {
    values.push(value);
    return `?${values.length}`;
  };
  const add = (sql: (n: string) => string, value: unknown): void => void where.push(sql(bind(value)));
  if (filter.severity?.length) add((n) => `severity IN (SELECT value FROM json_each(${n}))`, JSON.stringify(filter.severity));
  if (filter.service !== undefined) add((n) => `service IN (SELECT value FROM json_each(${n}))`, JSON.stringify(filter.service));
  if (filter.urgency !== undefined) add((n) => `urgency = ${n}`, filter.urgency);
  if (filter.q !== undefined) add((n) => `instr(folded, ${n}) > 0`, filter.q.toLowerCase());
  if (filter.openedAfter !== undefined) add((n) => `opened_at >= ${n}`, filter.openedAfter);
  if (filter.openedBefore !== undefined) add((n) => `opened_at < ${n}`, filter.openedBefore);
  if (filter.assignee !== undefined)
    add((n) => `EXISTS (SELECT 1 FROM json_each(body -> 'assignees') WHERE value = ${n})`, filter.assignee);
  if (filter.flag !== undefined) add((n) => `EXISTS (SELECT 1 FROM json_each(body -> 'flags') WHERE value = ${n})`, filter.flag);
  if (filter.integration !== undefined) add((n) => `body ->> 'integration' = ${n}`, filter.integration);
  return { where, values, bind };
}

/** Ids of what is open and concerns the person: paged for it, on its present level, or its owner. Newest first. */
export async function openFor(db: D1Database, tenant: string, user: string, limit: number): Promise<string[]> {
  const { results } = await db
    .prepare(
      `SELECT id FROM incidents AS i WHERE tenant = ?1 AND status IN ('triggered', 'acknowledged') AND (acknowledged_by = ?2
        OR EXISTS (SELECT 1 FROM json_each(i.body -> 'assignees') WHERE value = ?2)
        OR EXISTS (SELECT 1 FROM deliveries AS d WHERE d.tenant = ?1 AND d.incident = i.id AND d.person = ?2))
      ORDER BY id DESC LIMIT ?3`,
    )
    .bind(tenant, user, limit)
    .all<{ id: string }>();
  return results.map((row) => row.id);
}

export async function getIncident(db: D1Database, tenant: string, id: string): Promise<IncidentRow | null> {
  const row = await db
    .prepare(`SELECT ${columns} FROM incidents WHERE tenant = ? AND id = ?`)
    .bind(tenant, id)
    .first<IncidentRow & { body: string }>();
  return row === null ? null : rowOf(row);
}

function rowOf(row: IncidentRow & { body: string }): IncidentRow {
  return { ...row, ...(JSON.parse(row.body) as IncidentSummary) };
}

export async function listTimeline(
  db: D1Database,
  tenant: string,
  incident: string,
  after: number,
  limit: number,
): Promise<TimelineEntry[]> {
  const { results } = await db
    .prepare("SELECT body FROM timeline WHERE tenant = ? AND incident = ? AND seq > ? ORDER BY seq LIMIT ?")
    .bind(tenant, incident, after, limit)
    .all<{ body: string }>();
  return results.map((row) => JSON.parse(row.body) as TimelineEntry);
}

export interface DeliveryFilter {
  readonly incident?: string | undefined;
  readonly user?: string | undefined;
  readonly status?: string | undefined;
  /** A notifier. */
  readonly via?: string | undefined;
  readonly connector?: string | undefined;
  /** Ids sort by time: only what comes after this one. */
  readonly from?: string | undefined;
}

export async function listDeliveries(
  db: D1Database,
  tenant: string,
  filter: DeliveryFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<Delivery | Post>> {
  const where = ["tenant = ?1"];
  const values: unknown[] = [tenant];
  // Only what is asked for, so that an incident's own page is read through its index.
  const add = (column: string, comparison: string, value: string | null | undefined): void => {
    if (value === undefined || value === null) return;
    values.push(value);
    where.push(`${column} ${comparison} ?${values.length}`);
  };
  add("incident", "=", filter.incident);
  add("body ->> 'via'", "=", filter.via);
  add("body ->> 'connector'", "=", filter.connector);
  // No index has these two: the table is walked no further back than this.
  add("id", ">", filter.from);
  add("person", "=", filter.user);
  add("status", "=", filter.status);
  add("id", "<", cursor);
  const { results } = await db
    .prepare(`SELECT body FROM deliveries WHERE ${where.join(" AND ")} ORDER BY id DESC LIMIT ?${values.length + 1}`)
    .bind(...values, limit + 1)
    .all<{ body: string }>();
  return pageOf(
    results.map((row) => JSON.parse(row.body) as Delivery | Post),
    limit,
    (row) => row.id,
  );
}

export async function countByStatus(db: D1Database, tenant: string): Promise<Record<string, number>> {
  const { results } = await db
    .prepare("SELECT status, count(*) AS n FROM incidents WHERE tenant = ? GROUP BY status")
    .bind(tenant)
    .all<{ status: string; n: number }>();
  return Object.fromEntries(results.map((row) => [row.status, row.n]));
}

export function pageOf<T>(rows: T[], limit: number, key: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? key(last) : null };
}
