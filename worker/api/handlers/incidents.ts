// Owns reading incidents: lists from the projection (or, with the database dark, from the watch), one from its object.

import { identityOfId } from "../../core/ids.ts";
import type { Identity } from "../../core/incident.ts";
import { decideByHand } from "../../core/routing.ts";
import { alertIdentity } from "../../core/ids.ts";
import { limits } from "../../core/limits.ts";
import { rosterFor, rosterQueryOf } from "../../core/roster.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { callObject } from "../../objects/call.ts";
import { withLimit } from "../../objects/limit.ts";
import { receiveAt } from "../../objects/receive.ts";
import { incidentStub, watchShardNames, watchStub } from "../../objects/places.ts";
import type { IncidentView } from "../../objects/rpc.ts";
import type { RawBody } from "../../objects/rpc-received.ts";
import { dbFor } from "../../store/db.ts";
import {
  getIncident as rowOf,
  listDeliveries,
  listIncidents as rowsOf,
  listTimeline,
  type IncidentFilter,
} from "../../store/incidents.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { deliveryJson, incidentJson, incidentRowJson, timelineJson } from "../shapes.ts";
import { actorOf } from "./actor.ts";
import { snapshotOf } from "./tenant.ts";

const { askMs } = limits.api;
const { degradedMax } = limits.list;

export const listIncidents: Handler = async (call) => {
  const { c, env, query } = call;
  const snapshot = await snapshotOf(call);
  const { team, ...asked } = query;
  const filter: IncidentFilter = {
    ...asked,
    ...(typeof team === "string" ? { service: servicesOf(snapshot, team, asked["service"] as string[] | undefined) } : {}),
    openedAfter: query["since"] as number | undefined,
    openedBefore: query["until"] as number | undefined,
  };
  try {
    const page = await withLimit(
      rowsOf(
        dbFor(env, snapshot.tenant),
        snapshot.tenant,
        filter,
        (query["cursor"] as string | undefined) ?? null,
        Number(query["limit"]),
      ),
      askMs,
    );
    return c.json({ items: page.items.map(incidentRowJson), next: page.next });
  } catch (error) {
    console.warn("incident list falls back to the watch", String(error));
    const views = await openViews(env, snapshot);
    return c.json({
      items: views.filter((view) => wanted(view, filter)).map((view) => incidentJson(view, call.now)),
      next: null,
      degraded: true,
    });
  }
};

/** As the database filters, over incidents as their objects have them. */
function wanted({ episode }: IncidentView, filter: IncidentFilter): boolean {
  const { status, severity, service, urgency, assignee, flag, q, openedAfter, openedBefore } = filter;
  const any = (asked: readonly string[] | undefined): readonly string[] | undefined => (asked?.length ? asked : undefined);
  return (
    (any(status)?.includes(episode.status) ?? true) &&
    (any(severity)?.includes(episode.severity) ?? true) &&
    (service?.includes(episode.decision.service ?? "") ?? true) &&
    (urgency === undefined || episode.urgency === urgency) &&
    (assignee === undefined || episode.assignees.includes(assignee)) &&
    (flag === undefined || (episode.flags?.includes(flag) ?? false)) &&
    (q === undefined || episode.title.toLowerCase().includes(q.toLowerCase())) &&
    (openedAfter === undefined || episode.openedAt >= openedAfter) &&
    (openedBefore === undefined || episode.openedAt < openedBefore)
  );
}

/** Those of a team's services that are asked for. */
function servicesOf(snapshot: Snapshot, team: string, asked: readonly string[] | undefined): string[] {
  const own = Object.values(snapshot.services).filter((service) => service.team === team);
  return own.map((service) => service.id).filter((id) => asked?.includes(id) ?? true);
}

/** Open incidents straight from their objects, newest first: the way around a dark database. */
export async function openViews(env: Env, snapshot: Snapshot): Promise<IncidentView[]> {
  const lists = await Promise.all(
    watchShardNames.map((name) =>
      withLimit(watchStub(env, name).list(snapshot.tenant, degradedMax), askMs).catch(() => [] as Identity[]),
    ),
  );
  const open = lists.flat().slice(0, degradedMax);
  const views = await Promise.all(
    open.map((identity) =>
      incidentStub(env, identity)
        .current()
        .catch(() => null),
    ),
  );
  return views.filter((view) => view !== null).toSorted((a, b) => b.episode.openedAt - a.episode.openedAt);
}

/** The object an incident id of this tenant lives in; a foreign or malformed id is simply not found. */
export function identityFor(call: Call, snapshot: Snapshot): { readonly identity: Identity; readonly incident: string } {
  const incident = call.params["incident"] ?? "";
  const identity = identityOfId(snapshot.tenant, snapshot.jurisdiction, incident);
  if (identity === null) throw notFound();
  return { identity, incident };
}

export function notFound(): ApiError {
  return new ApiError("not-found", "there is no such incident");
}

export async function viewOf(call: Call, snapshot: Snapshot): Promise<IncidentView | null> {
  const { identity, incident } = identityFor(call, snapshot);
  return callObject(() => incidentStub(call.env, identity).view(incident), askMs);
}

export const getIncident: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const view = await viewOf(call, snapshot);
  if (view !== null) return call.c.json(incidentJson(view, call.now));
  // The object holds a later episode: this one is over, and the projection has its last word.
  const row = await rowOf(dbFor(call.env, snapshot.tenant), snapshot.tenant, call.params["incident"] ?? "");
  if (row === null) throw notFound();
  return call.c.json({ ...incidentRowJson(row), pending: [] });
};

export const getTimeline: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const { identity, incident } = identityFor(call, snapshot);
  const after = Number(call.query["after"] ?? call.query["cursor"] ?? 0);
  const limit = Number(call.query["limit"]);
  const page = await callObject(() => incidentStub(call.env, identity).timeline({ incident, after, limit }), askMs);
  const items =
    page.items.length > 0
      ? page.items
      : await listTimeline(dbFor(call.env, snapshot.tenant), snapshot.tenant, incident, after, limit);
  if (items.length === 0 && after === 0) throw notFound();
  const more = page.items.length > 0 ? page.more : items.length === limit;
  return call.c.json({ items: items.map(timelineJson), next: more ? String(items.at(-1)?.seq ?? "") : null });
};

export const getIncidentDeliveries: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const view = await viewOf(call, snapshot);
  if (view !== null)
    return call.c.json({
      items: [...view.deliveries, ...(view.posts ?? [])]
        .toSorted((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1))
        .map(deliveryJson),
      next: null,
    });
  const page = await listDeliveries(
    dbFor(call.env, snapshot.tenant),
    snapshot.tenant,
    { incident: call.params["incident"] },
    null,
    limits.list.pageMax,
  );
  if (page.items.length === 0) throw notFound();
  return call.c.json({ items: page.items.map(deliveryJson), next: page.next });
};

export const getIncidentAlerts: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const { identity, incident } = identityFor(call, snapshot);
  const view = await viewOf(call, snapshot);
  if (view === null) throw notFound();
  const raws = await callObject(() => incidentStub(call.env, identity).raw(incident), askMs);
  const items = view.alerts.map(({ seen: _seen, sender: _sender, ...row }) => ({
    ...row,
    firstAt: new Date(row.firstAt).toISOString(),
    lastAt: new Date(row.lastAt).toISOString(),
    sourceAt: row.sourceAt === null ? null : new Date(row.sourceAt).toISOString(),
    expiresAt: row.expiresAt == null ? null : new Date(row.expiresAt).toISOString(),
    ...keptWith(raws, row.key),
  }));
  return call.c.json({ items, next: null });
};

/** The body that brought the alert in; one of many alerts is kept once, with the first of them. */
function keptWith(raws: readonly RawBody[], key: string): Record<string, unknown> {
  const { raw = null, headers = null, plugin = null } = raws.find((each) => each.alert === key) ?? {};
  return { raw, headers, plugin };
}

export const declareIncident: Handler = async (call) => {
  const { c, env, body } = call;
  const snapshot = await snapshotOf(call);
  const choice = declared(body, snapshot);
  const actor = actorOf(call, snapshot);
  const dedupKey = (body["dedupKey"] as string | undefined) ?? `declared-${crypto.randomUUID()}`;
  const identity = alertIdentity(snapshot.tenant, snapshot.jurisdiction, "tocsin:declared", dedupKey);
  const alert = {
    dedupKey,
    action: "trigger" as const,
    severity: "unknown" as const,
    title: String(body["title"]),
    body: String(body["body"]),
    labels: body["labels"] as Record<string, string>,
    links: [],
    source: "manual",
    sourceAt: null,
    test: false,
  };
  const decision = decideByHand(choice, alert, snapshot, Date.now());
  const roster = rosterFor(snapshot, rosterQueryOf(decision, []));
  const answer = await receiveAt(
    env,
    {
      v: 1,
      identity,
      alerts: [{ alert, integration: null, deliveryId: null, actor }],
      decision,
      roster,
      raw: null,
    },
    askMs,
  );
  const incident = answer.results[0]?.incident;
  if (incident === null || incident === undefined)
    throw new ApiError("unavailable", "the incident could not be opened; try again");
  const view = await callObject(() => incidentStub(env, identity).view(incident), askMs);
  if (view === null) throw notFound();
  return c.json(incidentJson(view, call.now), 201, { location: `/api/v1/tenants/${snapshot.tenant}/incidents/${incident}` });
};

function declared(body: Call["body"], snapshot: Snapshot): Parameters<typeof decideByHand>[0] {
  const read = (name: string): string | null => (typeof body[name] === "string" ? body[name] : null);
  const [service, policy, severity] = [read("service"), read("policy"), read("severity")];
  const wrong: { in: string; path: string; message: string }[] = [];
  if (service !== null && !snapshot.services[service])
    wrong.push({ in: "body", path: "service", message: `no service is called ${service}` });
  if (policy !== null && !snapshot.policies[policy])
    wrong.push({ in: "body", path: "policy", message: `no policy is called ${policy}` });
  if (severity !== null && !snapshot.severities.includes(severity))
    wrong.push({ in: "body", path: "severity", message: `severity is one of ${snapshot.severities.join(", ")}` });
  if (wrong.length > 0) throw new ApiError("invalid", wrong.map((each) => each.message).join("; "), { errors: wrong });
  const urgency = body["urgency"] === "high" || body["urgency"] === "low" ? body["urgency"] : null;
  return { service, policy, severity, urgency };
}
