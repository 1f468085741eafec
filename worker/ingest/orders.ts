// Owns what senders may ask about their own alerts beside firing them: finding one by the name they know, the commands that come
// of an order, under the integration's name. A sender reaches the incidents that hold an alert of its own, and no other.

import type { AlertName, Order, SourceAlert, SourceRecord } from "../../plugins/sdk/index.ts";
import { severities, type Severity } from "../core/alert.ts";
import type { Command } from "../core/event.ts";
import { alertIdentity, hashOf, identityOfId } from "../core/ids.ts";
import type { AlertRow, Identity, TimelineEntry } from "../core/incident.ts";
import { limits } from "../core/limits.ts";
import { policyClosure } from "../core/policy-closure.ts";
import { rosterFor, type Roster } from "../core/roster.ts";
import { groupsAlerts } from "../core/routing.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { callObject } from "../objects/call.ts";
import { incidentStub } from "../objects/places.ts";
import type { IncidentView } from "../objects/rpc.ts";
import { dbFor } from "../store/db.ts";
import { listIncidents, countIncidents, type IncidentFilter } from "../store/incidents.ts";
import { frozenGroup } from "./grouping.ts";
import { hand, type Way } from "./hand.ts";

const { askMs } = limits.api;

/** An incident with the sender's own alerts in it; at least one. */
export interface Found {
  readonly identity: Identity;
  readonly view: IncidentView;
  readonly own: readonly AlertRow[];
}

/** Null: there is none of this sender's by that name. Throws when an object does not answer. */
export async function findAlert(way: Way, name: AlertName): Promise<Found | null> {
  const { tenant, jurisdiction } = way.entry;
  if (name.by === "opened") return openedAt(way, name.at);
  if (name.by === "incident") {
    const identity = identityOfId(tenant, jurisdiction, name.incident);
    return identity === null ? null : foundIn(way, identity, name.incident);
  }
  const own = alertIdentity(tenant, jurisdiction, way.integration.id, name.dedupKey);
  const group = groupsAlerts(way.snapshot) ? await frozenGroup(way.env, own) : null;
  const found = await foundIn(way, group ?? own, null);
  const named = found?.own.filter((row) => row.dedupKey === name.dedupKey) ?? [];
  return found === null || named.length === 0 ? null : { ...found, own: named };
}

/** By its object; what was merged into another is there. */
async function foundIn(way: Way, place: Identity, incident: string | null): Promise<Found | null> {
  let [identity, wanted] = [place, incident];
  for (let hop = 0; hop <= limits.incident.mergeHopsMax; hop++) {
    const [at, id] = [identity, wanted];
    const view = await callObject(
      () => (id === null ? incidentStub(way.env, at).latest() : incidentStub(way.env, at).view(id)),
      askMs,
    );
    const own = view?.alerts.filter((row) => row.integration === way.integration.id) ?? [];
    if (view === null || own.length === 0) return null;
    const into = view.episode.status === "merged" ? (view.episode.mergedInto ?? null) : null;
    const next = into === null ? null : identityOfId(way.entry.tenant, way.entry.jurisdiction, into);
    if (next === null) return { identity, view, own };
    [identity, wanted] = [next, into];
  }
  return null;
}

async function openedAt(way: Way, at: number): Promise<Found | null> {
  const { tenant, jurisdiction } = way.entry;
  const filter = { integration: way.integration.id, openedAfter: at, openedBefore: at + 1 };
  const { items } = await listIncidents(dbFor(way.env, tenant), tenant, filter, null, 10);
  for (const { id } of items) {
    const identity = identityOfId(tenant, jurisdiction, id);
    const found = identity === null ? null : await foundIn(way, identity, id);
    if (found !== null) return found;
  }
  return null;
}

/** All that was refused of them, each once; null: nothing was. Throws as carryOut does. */
export async function carryOutAll(way: Way, found: Found, orders: readonly Order[], once = false): Promise<string | null> {
  const refusals: string[] = [];
  for (const order of orders) {
    const refusal = await carryOut(way, found, order, once);
    if (refusal !== null && !refusals.includes(refusal)) refusals.push(refusal);
  }
  return refusals.length === 0 ? null : refusals.join("; ");
}

/** Why it was not carried out; null: it was. Throws when it could not be stored: asking again is harmless where it is idempotent. */
export async function carryOut(way: Way, found: Found, order: Order, once: boolean): Promise<string | null> {
  if (order.kind === "acknowledge" || order.kind === "resolve") return told(way, found, order.kind);
  const made = commandOf(way.snapshot, found, order);
  const commandId = once ? `order-${hashOf([found.view.episode.id, JSON.stringify(order)], 26)}` : null;
  const refused: string[] = [];
  for (const { command, roster } of made.commands) {
    const answer = await give(way, found, { command, roster, id: commandId === null ? null : `${commandId}-${command.kind}` });
    if (answer.kind === "refused" && !refused.includes(answer.message)) refused.push(answer.message);
  }
  // Nobody has it: what was asked for is so already.
  if (refused.length > 0 && order.kind !== "unacknowledge") await noteRefusal(way, found, order, refused.join("; "));
  const all = [...(made.refused === undefined ? [] : [made.refused]), ...refused];
  return all.length === 0 ? null : all.join("; ");
}

interface Given {
  readonly command: Command;
  readonly roster: Roster | null;
  readonly id: string | null;
}

function give(way: Way, { identity, view }: Found, { command, roster, id }: Given) {
  const actor = { type: "integration" as const, id: way.integration.id };
  const asked = { v: 1 as const, identity, incident: view.episode.id, commandId: id, actor, command, roster };
  return callObject(() => incidentStub(way.env, identity).command(asked), limits.ingest.receiveMs);
}

/** Whoever reads the incident sees what its sender asked for in vain; the same again is said once. */
async function noteRefusal(way: Way, found: Found, { kind }: Order, why: string): Promise<void> {
  const text = `asked to ${asked[kind]}: not done, ${why}`.slice(0, limits.incident.noteCharsMax);
  const id = `refusal-${hashOf([found.view.episode.id, text], 26)}`;
  await give(way, found, { command: { kind: "note", text }, roster: null, id });
}

const asked: Readonly<Record<Order["kind"], string>> = {
  acknowledge: "acknowledge it",
  resolve: "resolve it",
  unacknowledge: "take its acknowledgment back",
  snooze: "snooze it",
  note: "write a note",
  amend: "word it anew",
  severity: "change its severity",
  escalate: "escalate it",
  assign: "give it to somebody",
  "call-in": "call people in",
};

/** What the source says of its own alerts goes the way of alerts: groups, merges and the service's rules hold for it. */
async function told(way: Way, { own }: Found, action: "acknowledge" | "resolve"): Promise<string | null> {
  const alerts = own.map((row) => ({
    dedupKey: row.dedupKey,
    action,
    severity: row.severity,
    title: row.title,
    body: "",
    labels: {},
    links: [],
    source: way.integration.source,
    sourceAt: null,
    test: false,
  }));
  const results = await hand(way, alerts, { deliveryId: null, raw: null });
  const done = action === "resolve" ? ["resolved", "updated"] : ["acknowledged"];
  return results.find((result) => !done.includes(result.action))?.reason ?? null;
}

interface Made {
  readonly commands: readonly { readonly command: Command; readonly roster: Roster | null }[];
  /** What of it cannot be done here; it is then on the incident as a note. */
  readonly refused?: string;
}

function commandOf(snapshot: Snapshot, { view }: Found, order: Exclude<Order, { kind: "acknowledge" | "resolve" }>): Made {
  const plain = (command: Command): Made => ({ commands: [{ command, roster: null }] });
  switch (order.kind) {
    case "unacknowledge":
      return plain({ kind: "unack", undo: false });
    case "snooze":
      return plain({ kind: "snooze", until: order.until });
    case "note":
      return plain({ kind: "note", text: order.text.slice(0, limits.incident.noteCharsMax) });
    case "amend":
      return plain(order);
    case "severity":
      return plain({ kind: "severity", severity: scaled(view, order.severity) });
    case "escalate":
      return escalation(snapshot, view, order.policy);
    case "assign": {
      const user = userOf(snapshot, order.user);
      if (user === null) return unknown(`asked to give it to ${order.user}, and nobody active here is called that`);
      return {
        commands: [{ command: { kind: "reassign", to: { user } }, roster: rosterFor(snapshot, { policy: null, users: [user] }) }],
      };
    }
    case "call-in":
      return callIn(snapshot, order);
  }
}

/** Nobody who asks for help goes unheard: what cannot be done as asked stands on the incident. */
function unknown(text: string): Made {
  return {
    commands: [{ command: { kind: "note", text: text.slice(0, limits.incident.noteCharsMax) }, roster: null }],
    refused: text,
  };
}

/** To the policy that is named, where it is another than the incident's; else, and where nothing here is called that, the next level. */
function escalation(snapshot: Snapshot, view: IncidentView, named: string | null): Made {
  const policy = named === null ? undefined : Object.values(snapshot.policies).find((each) => isCalled(each, named));
  if (policy === undefined || policy.id === view.episode.decision.policy?.id)
    return { commands: [{ command: { kind: "escalate", seenAt: null }, roster: null }] };
  const policies = policyClosure([policy], snapshot.policies);
  return {
    commands: [
      {
        command: { kind: "reassign", to: { policy, policies } },
        roster: rosterFor(snapshot, { policy, policies: Object.values(policies), users: [] }),
      },
    ],
  };
}

function callIn(snapshot: Snapshot, order: Extract<Order, { kind: "call-in" }>): Made {
  const teams = order.teams.map((name) => ({ name, team: Object.values(snapshot.teams).find((each) => isCalled(each, name)) }));
  const users = order.users.map((name) => ({ name, user: userOf(snapshot, name) }));
  const members = teams.flatMap(({ team }) => (team?.members ?? []).filter((id) => snapshot.users[id]?.active));
  const people = [...new Set([...users.flatMap(({ user }) => user ?? []), ...members])];
  const strangers = [...users.filter(({ user }) => user === null), ...teams.filter(({ team }) => team === undefined)];
  const missing =
    strangers.length === 0
      ? null
      : unknown(`asked to call in ${strangers.map(({ name }) => name).join(", ")}, who are not known here`);
  const called: Made["commands"] =
    people.length === 0
      ? []
      : [
          {
            command: { kind: "responders", users: people, message: "" },
            roster: rosterFor(snapshot, { policy: null, users: people }),
          },
        ];
  return {
    commands: [...called, ...(missing?.commands ?? [])],
    ...(missing?.refused === undefined ? {} : { refused: missing.refused }),
  };
}

/** By id or name, in any case. */
function isCalled({ id, name }: { readonly id: string; readonly name: string }, asked: string): boolean {
  return id === asked || name.toLowerCase() === asked.toLowerCase();
}

/** By id, mail address or name. */
function userOf(snapshot: Snapshot, asked: string): string | null {
  const found = Object.values(snapshot.users).find(
    (user) => user.active && (isCalled(user, asked) || user.email?.toLowerCase() === asked.toLowerCase()),
  );
  return found?.id ?? null;
}

function scaled({ episode }: IncidentView, severity: Severity): string {
  return episode.decision.severityMap[severity];
}

/** As the sender is told of it. */
export function sourceAlert({ integration, snapshot }: Way, { view, own }: Found): SourceAlert {
  const { episode } = view;
  const [row] = own;
  if (row === undefined) throw new Error("a found incident holds an alert of the sender");
  const fits = (severity: Severity): boolean => scaled(view, severity) === episode.severity;
  return {
    incident: episode.id,
    dedupKey: row.dedupKey,
    title: episode.title,
    body: episode.body,
    status:
      episode.status === "resolved" || !own.some((each) => each.firing)
        ? "closed"
        : episode.status === "acknowledged"
          ? "acknowledged"
          : "open",
    severity: fits(row.severity) ? row.severity : (severities.find(fits) ?? row.severity),
    labels: episode.labels,
    count: own.reduce((sum, each) => sum + each.count, 0),
    openedAt: episode.openedAt,
    updatedAt: episode.updatedAt,
    lastAt: Math.max(...own.map((each) => each.lastAt)),
    acknowledgedBy: episode.acknowledgedBy,
    acknowledgedAt: episode.acknowledgedAt,
    resolvedBy: episode.resolvedBy?.id ?? null,
    resolvedAt: episode.resolvedAt,
    snoozedUntil: episode.snoozedUntil,
    assignees: episode.assignees,
    paged: pagedOf(snapshot, view),
    integration: { id: integration.id, name: integration.name },
  };
}

function pagedOf(snapshot: Snapshot, { deliveries, names }: IncidentView): SourceAlert["paged"] {
  const paged = new Map<string, SourceAlert["paged"][number]>();
  for (const { user: id, attempts } of deliveries.toSorted((a, b) => a.seq - b.seq)) {
    const [first, last] = [attempts[0], attempts.at(-1)];
    if (first === undefined || last === undefined) continue;
    const known = paged.get(id);
    const name = snapshot.users[id]?.email ?? snapshot.users[id]?.name ?? names[id] ?? id;
    paged.set(id, { id, name, at: known?.at ?? first.at, lastAt: Math.max(known?.lastAt ?? 0, last.at) });
  }
  return [...paged.values()].toSorted((a, b) => a.at - b.at);
}

/** What is on the incident's record, the oldest first, at most as much as a list may hold of it ten times over. */
export async function recordOf(way: Way, { identity, view }: Found): Promise<readonly SourceRecord[]> {
  const entries: TimelineEntry[] = [];
  for (let page = 0; page < 10; page++) {
    const query = { incident: view.episode.id, after: entries.at(-1)?.seq ?? 0, limit: limits.list.pageMax };
    const { items, more } = await callObject(() => incidentStub(way.env, identity).timeline(query), askMs);
    entries.push(...items);
    if (!more) break;
  }
  return entries.map(({ seq, at, kind, actor, reason }) => {
    const user = actor.type === "user" || actor.type === "link" ? way.snapshot.users[actor.id] : undefined;
    const by = user?.email ?? user?.name ?? way.snapshot.integrations[actor.id]?.name ?? actor.id;
    return { place: seq, at, kind, by, byPerson: user !== undefined, text: reason };
  });
}

/** Of this sender's incidents, newest first: from the projection, each as its object has it. Throws where the database is out of reach. */
export async function listAlerts(
  way: Way,
  filter: Omit<IncidentFilter, "integration">,
  offset: number,
  limit: number,
): Promise<{ readonly alerts: readonly SourceAlert[]; readonly count: number }> {
  const { tenant, jurisdiction } = way.entry;
  const db = dbFor(way.env, tenant);
  const own = { ...filter, integration: way.integration.id };
  const count = await countIncidents(db, tenant, own);
  if (limit === 0 || offset >= count) return { alerts: [], count };
  const { items } = await listIncidents(db, tenant, own, null, offset + limit);
  const found = await Promise.all(
    items.slice(offset).map(async ({ id }) => {
      const identity = identityOfId(tenant, jurisdiction, id);
      return identity === null ? null : foundIn(way, identity, id);
    }),
  );
  return { alerts: found.flatMap((each) => (each === null ? [] : [sourceAlert(way, each)])), count };
}
