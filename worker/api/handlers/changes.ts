// Owns reading changes: the list, one, and those around an incident.

import { around } from "../../core/change.ts";
import { limits } from "../../core/limits.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { withLimit } from "../../objects/limit.ts";
import {
  countChanges,
  getChange as rowOf,
  listChanges as rowsOf,
  type ChangeFilter,
  type ChangeRow,
} from "../../store/changes.ts";
import { dbFor } from "../../store/db.ts";
import { getIncident as projected } from "../../store/incidents.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { iso } from "../shapes.ts";
import { notFound, viewOf } from "./incidents.ts";
import { snapshotOf } from "./tenant.ts";

const { askMs } = limits.api;

export function changeJson(row: ChangeRow): Record<string, unknown> {
  const { id, summary, body, at, updatedAt, service, integration, source, dedupKey, labels, links } = row;
  return { id, summary, body, at: iso(at), updatedAt: iso(updatedAt), service, integration, source, dedupKey, labels, links };
}

function pageAsked({ query }: Call): { readonly cursor: string | null; readonly limit: number } {
  return { cursor: (query["cursor"] as string | undefined) ?? null, limit: Number(query["limit"]) };
}

export const listChanges: Handler = async (call) => {
  const { tenant } = await snapshotOf(call);
  const { service, integration, q, since, until } = call.query as {
    readonly since?: number;
    readonly until?: number;
  } & Pick<ChangeFilter, "service" | "integration" | "q">;
  // What is over its time may still lie there until the next one comes in.
  const from = Math.max(since ?? 0, call.now - limits.changes.keepMs);
  const filter = { service, integration, q, from, to: until };
  const page = await withLimit(rowsOf(dbFor(call.env, tenant), tenant, filter, pageAsked(call)), askMs);
  return call.c.json({ items: page.items.map(changeJson), next: page.next });
};

export const getChange: Handler = async (call) => {
  const { tenant } = await snapshotOf(call);
  const row = await withLimit(rowOf(dbFor(call.env, tenant), tenant, call.params["change"] ?? ""), askMs);
  if (row === null) throw new ApiError("not-found", "there is no such change");
  return call.c.json(changeJson(row));
};

export const getIncidentChanges: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const { tenant } = snapshot;
  const { openedAt, service } = await momentOf(call, snapshot);
  const { from, to } = around(openedAt);
  const db = dbFor(call.env, tenant);
  const others: ChangeFilter = { from, to, ...(service === null ? {} : { notService: service }) };
  const own = service === null ? null : { from, to, service: [service] };
  const filter = call.query["of"] === "others" ? others : own;
  const [page, count] = await withLimit(
    Promise.all([
      filter === null ? { items: [], next: null } : rowsOf(db, tenant, filter, pageAsked(call)),
      countChanges(db, tenant, others),
    ]),
    askMs,
  );
  return call.c.json({
    items: page.items.map((row) => ({ ...changeJson(row), beforeMs: openedAt - row.at })),
    next: page.next,
    from: iso(from),
    until: iso(to),
    others: count,
  });
};

async function momentOf(call: Call, snapshot: Snapshot): Promise<{ readonly openedAt: number; readonly service: string | null }> {
  const view = await viewOf(call, snapshot);
  if (view !== null) return { openedAt: view.episode.openedAt, service: view.episode.decision.service };
  const row = await projected(dbFor(call.env, snapshot.tenant), snapshot.tenant, call.params["incident"] ?? "");
  if (row === null) throw notFound();
  return row;
}
