// Owns how things look in JSON: instants as RFC 3339 UTC with milliseconds, fields added and never renamed (contract §5).

import type { AlertRow, Delivery, Episode, TimelineEntry } from "../core/incident.ts";
import type { Post } from "../core/post.ts";
import type { PendingItem } from "../core/forecast.ts";
import { legalMoves, stateOf } from "../core/moves.ts";
import { slaViews, type SlaView } from "../core/sla-view.ts";
import { unreadBodies, unreadDue, unreadSince } from "../core/unread.ts";
import { iso, isoOrNull } from "../lib/time.ts";
import type { InboxMessage, IncidentView } from "../objects/rpc.ts";
import type { Issued } from "../tenant/secrets.ts";
import type { IncidentRow } from "../store/incidents.ts";

export { iso, isoOrNull };

/** Bodies that nobody could read: how many, how many of them since somebody last looked, and when those are paged. Null: all could be read. */
function unreadableJson(e: Episode, alerts: readonly AlertRow[]): Record<string, unknown> | null {
  const rows = Object.fromEntries(alerts.map((row) => [row.key, row]));
  const bodies = unreadBodies(rows, e.n);
  return bodies === 0 ? null : { bodies, sinceSeen: unreadSince(rows, e), pagesAgainAt: isoOrNull(unreadDue(e)) };
}

/** The whole incident, as its object has it. */
export function incidentJson({ episode: e, alerts, pending }: IncidentView, now: number): Record<string, unknown> {
  return {
    id: e.id,
    title: e.title,
    body: e.body,
    status: e.status,
    snoozedUntil: isoOrNull(e.snoozedUntil),
    unreadable: unreadableJson(e, alerts),
    severity: e.severity,
    urgency: e.urgency,
    service: e.decision.service,
    policy: e.decision.policy?.id ?? null,
    source: e.source,
    integration: e.decision.integration,
    openedAt: iso(e.openedAt),
    updatedAt: iso(e.updatedAt),
    acknowledgedBy: e.acknowledgedBy,
    acknowledgedAt: isoOrNull(e.acknowledgedAt),
    resolvedAt: isoOrNull(e.resolvedAt),
    resolvedBy: e.resolvedBy,
    assignees: e.assignees,
    labels: e.labels,
    links: e.links,
    runbook: e.decision.runbook,
    alerts: alerts.length,
    occurrences: alerts.reduce((sum, row) => sum + row.count, 0),
    test: e.test,
    suppressedBy: e.suppressedBy,
    mutes: e.status === "suppressed" ? (e.mutes ?? []).map((mute) => ({ ...mute, until: iso(mute.until) })) : [],
    held: e.status === "held" ? heldJson(e) : null,
    flapping: (e.flapping ?? null) !== null,
    route: e.decision.route,
    acks: e.acks ?? [],
    mergedInto: e.mergedInto ?? null,
    absorbed: e.absorbed ?? [],
    team: e.decision.owner ?? null,
    beside: (e.beside ?? []).map((each) => ({
      policy: each.policy.id,
      cause: each.cause,
      step: each.step + 1,
      round: each.round + 1,
    })),
    epoch: e.epoch,
    step: e.ladder.step + 1,
    round: e.ladder.round + 1,
    flags: e.flags ?? [],
    urgencyRisesAt: isoOrNull(e.urgencyRisesAt ?? null),
    respondedAt: isoOrNull(e.respondedAt ?? null),
    moves: legalMoves[stateOf(e)],
    ...undoJson(e),
    pending: pending.map(pendingJson),
    sla: slaViews(e, now).map(slaJson),
  };
}

/** An acknowledgment is anybody's to take back (`undoBy` null), a resolve its own person's, unless its source confirmed it. */
function undoJson({ undo }: Episode): Record<string, unknown> {
  const gone = undo === null || (undo.of === "resolve" && undo.over === true);
  return { undoUntil: gone ? null : iso(undo.until), undoBy: !gone && undo.of === "resolve" ? undo.by : null };
}

/** `at` is the deadline, as in a simulation's plan; `remainingMs` is of the clock's own hours, negative once it is missed. */
export function slaJson(view: SlaView): Record<string, unknown> {
  const { id, name, kind, state, targetMs, elapsedMs, remainingMs, pausedMs, met, flag } = view;
  return {
    id,
    name,
    kind,
    state,
    at: isoOrNull(view.deadline),
    deadline: isoOrNull(view.deadline),
    warnAt: view.warnAt.map(iso),
    hours: view.hours ?? "always",
    startedAt: iso(view.startedAt),
    targetMs,
    elapsedMs,
    remainingMs,
    pausedAt: isoOrNull(view.pausedAt),
    pausedMs,
    breachedAt: isoOrNull(view.breachedAt),
    stoppedAt: isoOrNull(view.stoppedAt),
    met,
    flag,
  };
}

/** Until when, or how many firings of how many. */
function heldJson(e: Episode): Record<string, unknown> {
  const { threshold } = e.decision;
  return threshold && e.holdUntil === null
    ? { until: null, firings: (e.firings ?? []).length, of: threshold.count, withinMs: threshold.withinMs }
    : { until: isoOrNull(e.holdUntil) };
}

function pendingJson(item: PendingItem): Record<string, unknown> {
  return { ...item, at: iso(item.at) };
}

/** The same fields from the projected row; what only the object knows is empty. */
export function incidentRowJson(row: IncidentRow): Record<string, unknown> {
  return {
    next: row.next ? pendingJson(row.next) : null,
    id: row.id,
    title: row.title,
    body: row.body,
    status: row.status,
    snoozedUntil: isoOrNull(row.snoozedUntil),
    severity: row.severity,
    urgency: row.urgency,
    service: row.service,
    policy: row.policy,
    source: row.source,
    openedAt: iso(row.openedAt),
    updatedAt: iso(row.updatedAt),
    acknowledgedBy: row.acknowledgedBy,
    acknowledgedAt: isoOrNull(row.acknowledgedAt),
    resolvedAt: isoOrNull(row.resolvedAt),
    assignees: row.assignees,
    labels: row.labels,
    test: row.test,
    flags: row.flags ?? [],
    sla: (row.sla ?? []).map((clock) => ({
      id: clock.id,
      name: clock.name,
      kind: clock.kind,
      state: clock.state,
      at: isoOrNull(clock.deadline),
      deadline: isoOrNull(clock.deadline),
      hours: clock.hours ?? "always",
      flag: clock.flag,
    })),
  };
}

export function timelineJson(entry: TimelineEntry): Record<string, unknown> {
  const { seq, at, kind, actor, reason, data } = entry;
  return { seq, at: iso(at), kind, actor, reason, data };
}

/** A page, or a post to a connector: `kind` tells. */
export function deliveryJson(d: Delivery | Post): Record<string, unknown> {
  if ("kind" in d) return postJson(d);
  return {
    kind: "page",
    id: d.id,
    incident: d.incident,
    user: d.user,
    contact: d.contact,
    via: d.via,
    to: d.page.contact.to,
    status: d.status,
    dueAt: iso(d.dueAt),
    sentAt: iso(d.page.sentAt),
    nextAt: isoOrNull(d.nextAt),
    attempt: d.attempt,
    attempts: d.attempts.map((each) => ({ ...each, at: iso(each.at) })),
    ref: d.ref,
    reason: d.page.reason,
  };
}

function postJson(post: Post): Record<string, unknown> {
  const { type, sentAt, event } = post.content;
  return {
    kind: "connector",
    id: post.id,
    incident: post.incident,
    connector: post.connector,
    status: post.status,
    dueAt: iso(post.dueAt),
    sentAt: iso(sentAt),
    nextAt: isoOrNull(post.nextAt),
    attempt: post.attempt,
    attempts: post.attempts.map((each) => ({ ...each, at: iso(each.at) })),
    ref: post.ref,
    event: { type, seq: event.seq, kind: event.kind },
  };
}

export function inboxJson(message: InboxMessage): Record<string, unknown> {
  return { ...message, at: iso(message.at) };
}

/** A key that was made, with the address its holder calls: shown once. */
export function issuedJson(env: Pick<Env, "TOCSIN_PUBLIC_URL">, issued: Issued): Record<string, unknown> {
  if (issued.kind === "connectors") return { ...issued };
  const door = issued.kind === "heartbeats" ? "heartbeats" : "ingest";
  const [base, { addresses, takesMail = false, ...rest }] = [env.TOCSIN_PUBLIC_URL.replace(/\/$/, ""), issued];
  const others = addresses?.map(({ what, path }) => ({ what, url: base + path.replace("{key}", issued.key) }));
  // The hub takes any domain whose mail is brought to it; its own name is the one it knows.
  const mail = takesMail ? { mail: `${issued.key}@${new URL(base).hostname}` } : {};
  return { ...rest, url: `${base}/v1/${door}/${issued.key}`, ...mail, ...(others === undefined ? {} : { addresses: others }) };
}
