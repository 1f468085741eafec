// Owns the projection of incident objects into D1: idempotent (keyed), monotonic (a lower seq never overwrites a higher),
// one statement a table through json_each (more only past D1's value limit), one batch. Throws unless D1 confirmed; the object then tries again later.

import type { PendingItem } from "../core/forecast.ts";
import type { AlertRow, Delivery, Episode, TimelineEntry } from "../core/incident.ts";
import type { Post } from "../core/post.ts";
import { slaSummaries, type SlaSummary } from "../core/sla-view.ts";
import { jsonParts } from "./json-parts.ts";

export interface ProjectionBatch {
  readonly tenant: string;
  readonly episode: Episode | null;
  /** Earlier ones of the same object, as they ended. */
  readonly ended?: readonly Episode[];
  readonly alerts: readonly AlertRow[];
  readonly entries: readonly TimelineEntry[];
  readonly deliveries: readonly Delivery[];
  /** What happens next if nobody acts, for the list. */
  readonly next?: PendingItem | null;
  readonly posts?: readonly Post[];
}

const incidentSql = `
INSERT INTO incidents (tenant, id, seq, status, severity, urgency, service, policy, source, title, folded, acknowledged_by, opened_at, updated_at, resolved_at, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
ON CONFLICT (tenant, id) DO UPDATE SET seq = excluded.seq, status = excluded.status, severity = excluded.severity, urgency = excluded.urgency,
  service = excluded.service, policy = excluded.policy, title = excluded.title, folded = excluded.folded, acknowledged_by = excluded.acknowledged_by,
  updated_at = excluded.updated_at, resolved_at = excluded.resolved_at, body = excluded.body
WHERE excluded.seq > incidents.seq`;

const alertsSql = `
INSERT INTO alerts (tenant, object, key, seq, body)
SELECT ?1, ?2, value ->> 'key', value ->> 'seq', value FROM json_each(?3) WHERE true
ON CONFLICT (tenant, object, key) DO UPDATE SET seq = excluded.seq, body = excluded.body WHERE excluded.seq > alerts.seq`;

const timelineSql = `
INSERT INTO timeline (tenant, incident, seq, at, kind, body)
SELECT ?1, value ->> 'incident', value ->> 'seq', value ->> 'at', value ->> 'kind', value FROM json_each(?2) WHERE true
ON CONFLICT (tenant, incident, seq) DO NOTHING`;

const deliveriesSql = `
INSERT INTO deliveries (tenant, id, incident, seq, person, status, body)
SELECT ?1, value ->> 'id', value ->> 'incident', value ->> 'seq', value ->> 'user', value ->> 'status', value FROM json_each(?2) WHERE true
ON CONFLICT (tenant, id) DO UPDATE SET seq = excluded.seq, status = excluded.status, body = excluded.body WHERE excluded.seq > deliveries.seq`;

/** Posts lie among the deliveries; nobody is paged by them, so they have no person. */
const postsSql = `
INSERT INTO deliveries (tenant, id, incident, seq, person, status, body)
SELECT ?1, value ->> 'id', value ->> 'incident', value ->> 'seq', '', value ->> 'status', value FROM json_each(?2) WHERE true
ON CONFLICT (tenant, id) DO UPDATE SET seq = excluded.seq, status = excluded.status, body = excluded.body WHERE excluded.seq > deliveries.seq`;

export async function project(db: D1Database, object: string, batch: ProjectionBatch): Promise<void> {
  const { tenant, episode, ended = [], alerts, entries, deliveries, posts } = batch;
  const statements: D1PreparedStatement[] = ended.map((each) => incidentStatement(db, tenant, each, null));
  if (episode) statements.push(incidentStatement(db, tenant, episode, batch.next ?? null));
  for (const part of jsonParts(alerts)) statements.push(db.prepare(alertsSql).bind(tenant, object, part));
  for (const part of jsonParts(entries)) statements.push(db.prepare(timelineSql).bind(tenant, part));
  for (const part of jsonParts(deliveries)) statements.push(db.prepare(deliveriesSql).bind(tenant, part));
  for (const part of jsonParts(posts ?? [])) statements.push(db.prepare(postsSql).bind(tenant, part));
  if (statements.length > 0) await db.batch(statements);
}

function incidentStatement(db: D1Database, tenant: string, e: Episode, next: PendingItem | null): D1PreparedStatement {
  return db
    .prepare(incidentSql)
    .bind(
      tenant,
      e.id,
      e.seq,
      e.status,
      e.severity,
      e.urgency,
      e.decision.service,
      e.decision.policy?.id ?? null,
      e.source,
      e.title,
      e.title.toLowerCase(),
      e.acknowledgedBy,
      e.openedAt,
      e.updatedAt,
      e.resolvedAt,
      JSON.stringify(summaryOf(e, next)),
    );
}

/** What lists show of an incident; the object has the rest. */
export interface IncidentSummary {
  readonly labels: Readonly<Record<string, string>>;
  readonly assignees: readonly string[];
  readonly snoozedUntil: number | null;
  readonly acknowledgedAt: number | null;
  readonly test: boolean;
  /** Absent in rows projected before it was told. */
  readonly integration?: string | null;
  readonly body: string;
  /** Absent in rows projected before there were any. */
  readonly flags?: readonly string[];
  readonly sla?: readonly SlaSummary[];
  readonly next?: PendingItem | null;
}

export function summaryOf(e: Episode, next: PendingItem | null): IncidentSummary {
  return {
    labels: e.labels,
    assignees: e.assignees,
    snoozedUntil: e.snoozedUntil,
    acknowledgedAt: e.acknowledgedAt,
    test: e.test,
    integration: e.decision.integration,
    body: e.body,
    flags: e.flags ?? [],
    sla: slaSummaries(e, e.updatedAt),
    next,
  };
}
