// Owns the list of service level clocks over what incident objects projected: by state, the first to be missed first, or the newest.

import type { SlaSummary } from "../core/sla-view.ts";

export interface SlaFilter {
  /** Of the incidents. */
  readonly status: readonly string[];
  /** Of the clocks. */
  readonly state: readonly string[];
  readonly kind?: string | undefined;
  readonly sla?: string | undefined;
  /** Of any of these services. */
  readonly services?: readonly string[] | undefined;
  readonly severity?: readonly string[] | undefined;
  readonly openedAfter?: number | undefined;
  readonly order?: "due" | "newest" | undefined;
}

export interface SlaRow extends SlaSummary {
  readonly incident: string;
  readonly title: string;
  readonly status: string;
  readonly severity: string;
  readonly service: string | null;
  readonly acknowledgedBy: string | null;
  readonly openedAt: number;
  readonly snoozedUntil: number | null;
}

/** Unique, so that a page begins where the last one ended. */
const newestKey = "incidents.id || ' ' || (clock.value ->> 'id') || ' ' || (clock.value ->> 'kind')";
/** Sorts by deadline; what stands still comes last. */
const dueKey = `printf('%015d', coalesce(clock.value ->> 'deadline', 999999999999999)) || ' ' || incidents.id || ' ' || (clock.value ->> 'id') || ' ' || (clock.value ->> 'kind')`;

export async function listClocks(
  db: D1Database,
  tenant: string,
  filter: SlaFilter,
  cursor: string | null,
  limit: number,
): Promise<{ readonly items: SlaRow[]; readonly next: string | null }> {
  const [key, comparison, direction] = filter.order === "newest" ? [newestKey, "<", "DESC"] : [dueKey, ">", "ASC"];
  const where = ["incidents.tenant = ?1"];
  const values: unknown[] = [tenant];
  const add = (sql: (n: string) => string, value: unknown): void => {
    values.push(value);
    where.push(sql(`?${values.length}`));
  };
  add((n) => `incidents.status IN (SELECT value FROM json_each(${n}))`, JSON.stringify(filter.status));
  add((n) => `clock.value ->> 'state' IN (SELECT value FROM json_each(${n}))`, JSON.stringify(filter.state));
  if (filter.kind !== undefined) add((n) => `clock.value ->> 'kind' = ${n}`, filter.kind);
  if (filter.sla !== undefined) add((n) => `clock.value ->> 'id' = ${n}`, filter.sla);
  if (filter.services !== undefined)
    add((n) => `incidents.service IN (SELECT value FROM json_each(${n}))`, JSON.stringify(filter.services));
  if (filter.severity?.length)
    add((n) => `incidents.severity IN (SELECT value FROM json_each(${n}))`, JSON.stringify(filter.severity));
  if (filter.openedAfter !== undefined) add((n) => `incidents.opened_at >= ${n}`, filter.openedAfter);
  if (cursor !== null) add((n) => `${key} ${comparison} ${n}`, cursor);
  const columns =
    "incidents.id AS incident, title, status, severity, service, acknowledged_by AS acknowledgedBy, opened_at AS openedAt, incidents.body ->> 'snoozedUntil' AS snoozedUntil";
  const { results } = await db
    .prepare(
      `SELECT ${columns}, clock.value AS clock, ${key} AS key FROM incidents, json_each(incidents.body, '$.sla') AS clock ` +
        `WHERE ${where.join(" AND ")} ORDER BY key ${direction} LIMIT ?${values.length + 1}`,
    )
    .bind(...values, limit + 1)
    .all<Omit<SlaRow, keyof SlaSummary> & { clock: string; key: string }>();
  const page = results.slice(0, limit);
  return {
    items: page.map(({ clock, key: _key, ...row }) => ({ ...row, ...(JSON.parse(clock) as SlaSummary) })),
    next: results.length > limit ? (page.at(-1)?.key ?? null) : null,
  };
}
