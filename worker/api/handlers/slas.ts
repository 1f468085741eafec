// Owns the list of service level clocks: from the projection, or from the objects when the database is dark.

import { limits } from "../../core/limits.ts";
import { remainingOf, slaSummaries, type SlaSummary } from "../../core/sla-view.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { withLimit } from "../../objects/limit.ts";
import { dbFor } from "../../store/db.ts";
import { listClocks, type SlaFilter, type SlaRow } from "../../store/slas.ts";
import type { Handler } from "../mount.ts";
import { iso, isoOrNull } from "../shapes.ts";
import { openViews } from "./incidents.ts";
import { snapshotOf } from "./tenant.ts";

const { askMs } = limits.api;

export const listSla: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const { since, cursor, limit, service, team, ...given } = call.query as unknown as SlaFilter & {
    since?: number;
    cursor?: string;
    limit: number;
    service?: string;
    team?: string;
  };
  const filter: SlaFilter = { ...given, openedAfter: since, services: servicesOf(snapshot, service, team) };
  const json = (row: SlaRow): Record<string, unknown> => rowJson(row, snapshot, call.now);
  try {
    const db = dbFor(call.env, snapshot.tenant);
    const page = await withLimit(listClocks(db, snapshot.tenant, filter, cursor ?? null, limit), askMs);
    return call.c.json({ items: page.items.map(json), next: page.next });
  } catch (error) {
    console.warn("the list of service levels falls back to the watch", String(error));
    const rows = await rowsOfObjects(call.env, snapshot, filter, call.now);
    return call.c.json({ items: rows.slice(0, limit).map(json), next: null, degraded: true });
  }
};

/** Undefined: of any, and of none at all. */
function servicesOf(snapshot: Snapshot, service: string | undefined, team: string | undefined): readonly string[] | undefined {
  if (team === undefined) return service === undefined ? undefined : [service];
  const owned = Object.values(snapshot.services).filter((each) => each.team === team);
  return owned.map((each) => each.id).filter((id) => service === undefined || id === service);
}

async function rowsOfObjects(env: Env, snapshot: Snapshot, filter: SlaFilter, now: number): Promise<SlaRow[]> {
  const wanted = ({ state, kind, id }: SlaSummary): boolean =>
    filter.state.includes(state) && (filter.kind ?? kind) === kind && (filter.sla ?? id) === id;
  const rows = (await openViews(env, snapshot)).flatMap(({ episode }) => {
    const { id: incident, title, status, severity, acknowledgedBy, openedAt, snoozedUntil } = episode;
    const { service } = episode.decision;
    const row = { incident, title, status, severity, service, acknowledgedBy, openedAt, snoozedUntil };
    const mine =
      filter.status.includes(status) &&
      (filter.services === undefined || (service !== null && filter.services.includes(service))) &&
      (filter.severity?.includes(severity) ?? true) &&
      openedAt >= (filter.openedAfter ?? 0);
    return mine
      ? slaSummaries(episode, now)
          .filter(wanted)
          .map((clock) => ({ ...row, ...clock }))
      : [];
  });
  if (filter.order === "newest") return rows.toSorted((a, b) => b.openedAt - a.openedAt);
  return rows.toSorted((a, b) => (a.deadline ?? Infinity) - (b.deadline ?? Infinity));
}

function rowJson(row: SlaRow, snapshot: Snapshot, now: number): Record<string, unknown> {
  const calendar = row.hours === null ? undefined : snapshot.businessHours?.[row.hours];
  return {
    incident: row.incident,
    title: row.title,
    status: row.status,
    severity: row.severity,
    service: row.service,
    acknowledgedBy: row.acknowledgedBy,
    openedAt: iso(row.openedAt),
    snoozedUntil: isoOrNull(row.snoozedUntil),
    id: row.id,
    name: row.name,
    kind: row.kind,
    state: row.state,
    at: isoOrNull(row.deadline),
    deadline: isoOrNull(row.deadline),
    hours: row.hours ?? "always",
    remainingMs: remainingOf(row, calendar, now),
    flag: row.flag,
  };
}
