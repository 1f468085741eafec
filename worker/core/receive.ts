// Owns what an alert does to the incident: open, join, repeat, re-open, acknowledge, resolve, orphan, stale.
// Rules: features.md §4.2, §4.3; DESIGN "out of order": judged only against the source's own last word.

import type { Severity } from "./alert.ts";
import { writeAlert, type Arrival } from "./alert-row.ts";
import type { Decision } from "./decision.ts";
import { rewave } from "./escalation.ts";
import type { AlertResult, Event, ReceivedAlert } from "./event.ts";
import { asOf } from "./expiry.ts";
import { alertKey, incidentId, nextGroupKey, sameGroup } from "./ids.ts";
import type { Actor, Episode } from "./incident.ts";
import { noLadder } from "./ladder.ts";
import { limits } from "./limits.ts";
import { acknowledge, resolve } from "./lifecycle.ts";
import { riseOf } from "./urgency.ts";
import { overAnyway } from "./undo.ts";
import { riseUnseen } from "./urgency-rise.ts";
import { isEcho } from "./write-back.ts";
import { begin, fireQuietly, noteReopen } from "./quiet.ts";
import { change, episodeOf, isOpen, say, system, type Turn } from "./turn.ts";
import { noteUnread } from "./unread.ts";

type Receive = Extract<Event, { type: "receive" }>;

export function receive(turn: Turn, event: Receive): readonly AlertResult[] {
  return event.alerts.map((received) => {
    const result = receiveOne(turn, received, event);
    if (result.incident !== null && result.redirect === undefined && result.successor === undefined) noteReplay(turn, received);
    return result;
  });
}

/** A replay goes the ordinary way; the record says that it was one, after what came of it. */
function noteReplay(turn: Turn, { replay, integration }: ReceivedAlert): void {
  if (replay === undefined || turn.episode === null) return;
  const { by, body, at } = replay;
  const reason = `body ${body} of ${integration ?? "unknown"}, received ${new Date(at).toISOString()}, was let in again by ${by.id}`;
  say(turn, "replayed", by, reason, { integration, body, at });
}

function receiveOne(turn: Turn, sent: ReceivedAlert, event: Receive): AlertResult {
  const received = notOfTheFuture({ ...sent, alert: asOf(sent.alert, turn.now) }, turn.now);
  const key = alertKey(received.integration, received.alert.dedupKey);
  const into = turn.episode?.status === "merged" ? (turn.episode.mergedInto ?? null) : null;
  if (into !== null && received.alert.action !== "ignore")
    return { ...answer(turn, "ignored", `merged into ${into}: that one is told`), redirect: into };
  const row = turn.alerts[key];
  const token = received.deliveryId === null ? null : `${received.deliveryId}:${received.alert.action}`;
  if (row && token !== null && row.seen.includes(token)) {
    return answer(turn, "updated", "this delivery was received before");
  }
  const arrival: Arrival = {
    received,
    key,
    row,
    token,
    actor: received.actor ?? { type: "integration", id: received.integration ?? "unknown" },
  };
  switch (received.alert.action) {
    case "trigger":
      return trigger(turn, arrival, event);
    case "resolve":
      return sourceResolve(turn, arrival);
    case "acknowledge":
      return sourceAcknowledge(turn, arrival);
    case "responded":
      return responded(turn, arrival);
    case "ignore":
      return { incident: null, action: "ignored", reason: received.alert.notes?.[0] ?? "the source says nothing happened" };
  }
}

/** A sender's clock may be wrong. A resolve dated ahead of us must not make every later firing look old, and page nobody. */
function notOfTheFuture(received: ReceivedAlert, now: number): ReceivedAlert {
  const { alert } = received;
  return alert.sourceAt === null || alert.sourceAt <= now ? received : { ...received, alert: { ...alert, sourceAt: now } };
}

function trigger(turn: Turn, arrival: Arrival, event: Receive): AlertResult {
  const { received, row } = arrival;
  const { sourceAt } = received.alert;
  // Only a resolve that the source itself said later outweighs a trigger; what a person did does not. A firing that holds until
  // a time still to come is no old news, whenever it began: another of the same source's senders still sees it. Nor is one whose
  // time is its problem's beginning: a sender that calls a problem over and then sees it still there names the same beginning.
  const dated = received.alert.expiresAt == null && received.sinceStart !== true;
  if (row && !row.firing && dated && row.sourceAt !== null && sourceAt !== null && sourceAt < row.sourceAt) {
    say(turn, "stale", arrival.actor, "an older firing arrived after the source's own resolve: recorded, not applied", {
      of: "trigger",
      alert: arrival.key,
      sourceAt,
    });
    return answer(turn, "updated", "older than the source's own resolve: recorded, not applied");
  }
  const member = row !== undefined && row.firing && row.episode === turn.episode?.n;
  if (!member) {
    const next = successorOf(turn, event.decision);
    if (next !== null)
      return { ...answer(turn, "ignored", "the group's window is closed: a new incident takes it"), successor: next };
  }
  if (isOpen(turn.episode)) return triggerOpen(turn, arrival, event, turn.episode);
  const last = turn.episode;
  if (last !== null && last.resolvedAt !== null && turn.now - last.resolvedAt <= last.decision.reopenWindowMs) {
    return reopenBySource(turn, arrival, event, last);
  }
  return open(turn, arrival, event);
}

/**
 * Where this group's new alerts go: null, here. The first one after the window closed makes the successor known for good. Only
 * for alerts that their route sends to this group; one that came by another way (a merge) is at home here.
 */
function successorOf(turn: Turn, decided: Decision): string | null {
  const { episode } = turn;
  if (episode === null || decided.route !== episode.decision.route) return null;
  const { groupKey, groupWindow } = episode.decision;
  if (groupKey === null || decided.groupKey === null || !sameGroup(groupKey, decided.groupKey)) return null;
  if (turn.successor !== null) return turn.successor;
  if (!isOpen(episode) || groupWindow === null) return null;
  const since = groupWindow.kind === "fixed" ? episode.openedAt : (episode.joinedAt ?? episode.openedAt);
  if (turn.now - since <= groupWindow.windowMs) return null;
  turn.successor = nextGroupKey(groupKey);
  return turn.successor;
}

function triggerOpen(turn: Turn, arrival: Arrival, event: Receive, episode: Episode): AlertResult {
  const { row, received } = arrival;
  const member = row !== undefined && row.episode === episode.n;
  const inside = Object.values(turn.alerts).filter((each) => each.episode === episode.n).length;
  if (!member && inside >= limits.incident.alertsMax) {
    return answer(turn, "updated", `the incident already holds ${limits.incident.alertsMax} alerts: counted with it`);
  }
  writeAlert(turn, arrival, episode.n, true);
  const rose = riseTo(turn, mapped(episode.decision, received.alert.severity), arrival.actor);
  const anew = !member || !row.firing;
  if (received.alert.unreadable === true) noteUnread(turn);
  if (anew && episode.decision.groupWindow?.kind === "rolling") change(turn, { joinedAt: turn.now });
  if (anew)
    say(turn, "alert", arrival.actor, member ? `fires again: ${received.alert.title}` : `joined: ${received.alert.title}`, {
      alert: arrival.key,
      title: received.alert.title,
      ...(member ? { again: true } : {}),
    });
  const louder = fireQuietly(turn, event, arrival.actor, { rose, anew });
  if (louder !== null) return answer(turn, louder.action, louder.reason);
  if (!anew) return answer(turn, "updated", "already open");
  return answer(turn, member ? "updated" : "joined", member ? "fires again" : "joined the open incident");
}

/** The incident's severity only rises by itself. A rise while acknowledged pages again (features.md §4.3). */
function riseTo(turn: Turn, severity: string, actor: Actor): boolean {
  const episode = episodeOf(turn);
  const { severities } = episode.decision;
  if (rank(severities, severity) >= rank(severities, episode.severity)) return false;
  const from = episode.severity;
  change(turn, { severity });
  say(turn, "severity", actor, `severity rises from ${from} to ${severity}`, { from, to: severity, rises: true });
  if (episode.status !== "acknowledged") return true;
  const holder = episode.acknowledgedBy;
  say(turn, "unacknowledged", actor, `severity rose while ${holder ?? "somebody"} had it: paging again`, {
    by: holder,
    rises: true,
  });
  rewave(turn, episode.ladder.step, holder === null ? [] : [holder]);
  return true;
}

function rank(severities: readonly string[], severity: string): number {
  const index = severities.indexOf(severity);
  return index === -1 ? severities.length : index;
}

function mapped(decision: Decision, severity: Severity): string {
  return decision.severity ?? decision.severityMap[severity];
}

function open(turn: Turn, arrival: Arrival, event: Receive): AlertResult {
  const { alert } = arrival.received;
  const { decision } = event;
  const last = turn.episode;
  const openedAt = Math.max(turn.now, (last?.openedAt ?? 0) + 1);
  const n = (last?.n ?? 0) + 1;
  turn.roster = event.roster;
  forgetOldRows(turn);
  turn.episode = {
    id: incidentId(openedAt, turn.before.identity),
    n,
    seq: 0,
    status: "triggered",
    title: alert.title,
    body: alert.body,
    source: alert.source,
    severity: mapped(decision, alert.severity),
    urgency: decision.urgency,
    labels: { ...alert.labels, ...decision.labels },
    links: alert.links,
    decision,
    test: alert.test,
    openedAt,
    updatedAt: turn.now,
    epoch: 0,
    ladder: noLadder,
    runs: [],
    nextRun: 0,
    assignees: [],
    acknowledgedBy: null,
    acknowledgedAt: null,
    ackTimeoutAt: null,
    ackTimeouts: 0,
    snoozedUntil: null,
    holdUntil: null,
    autoResolveAt: decision.autoResolveMs === null ? null : turn.now + decision.autoResolveMs,
    urgencyRisesAt: riseOf(decision, turn.now),
    resolvedAt: null,
    resolvedBy: null,
    suppressedBy: null,
    undo: null,
    commands: [],
    ...(decision.threshold && last?.firings ? { firings: last.firings } : {}),
  };
  writeAlert(turn, arrival, n, true);
  say(turn, "opened", arrival.actor, alert.title, {
    severity: episodeOf(turn).severity,
    service: decision.service,
    policy: decision.policy?.id ?? null,
    route: decision.route,
    urgency: decision.urgency,
    alert: arrival.key,
    ...(decision.routes.length > 0 ? { routes: decision.routes } : {}),
    ...(decision.labels && Object.keys(decision.labels).length > 0 ? { labels: decision.labels } : {}),
    ...(alert.notes && alert.notes.length > 0 ? { notes: alert.notes } : {}),
  });
  const notes = decision.notes ?? [];
  if (notes.length > 0) say(turn, "rule-failed", system, notes.join("; "), { notes });
  return begun(turn, arrival.actor);
}

function begun(turn: Turn, actor: Actor): AlertResult {
  const { action, reason } = begin(turn, actor);
  return answer(turn, action, reason);
}

function reopenBySource(turn: Turn, arrival: Arrival, event: Receive, last: Episode): AlertResult {
  const by = last.resolvedBy?.id ?? "somebody";
  const afterS = Math.round((turn.now - (last.resolvedAt ?? turn.now)) / 1_000);
  const why = arrival.row?.firing
    ? `still fires ${afterS} s after ${by} resolved it`
    : `fires again ${afterS} s after it was resolved`;
  change(turn, {
    status: "triggered",
    epoch: last.epoch + 1,
    resolvedAt: null,
    resolvedBy: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    undo: null,
    ackTimeouts: 0,
    autoResolveAt: last.decision.autoResolveMs === null ? null : turn.now + last.decision.autoResolveMs,
  });
  writeAlert(turn, arrival, last.n, true);
  say(turn, "reopened", arrival.actor, why, { afterS, ...(arrival.row?.firing ? { still: true, by } : {}) });
  riseUnseen(turn);
  const severity = mapped(last.decision, arrival.received.alert.severity);
  if (rank(last.decision.severities, severity) < rank(last.decision.severities, last.severity)) change(turn, { severity });
  // The policy and the rest stay as they were; what keeps it quiet is asked anew.
  const { suppress, mutes, threshold, holdMs } = event.decision;
  change(turn, {
    decision: { ...last.decision, suppress, holdMs, mutes: mutes ?? [], threshold: threshold ?? null },
    lasting: false,
  });
  noteReopen(turn, arrival.actor);
  return begun(turn, arrival.actor);
}

function sourceResolve(turn: Turn, arrival: Arrival): AlertResult {
  const { row, received } = arrival;
  const { sourceAt } = received.alert;
  const episode = turn.episode;
  if (!row || episode === null) return orphan(turn, "no open alert has this key: counted, nothing to resolve");
  if (row.firing && row.sourceAt !== null && sourceAt !== null && sourceAt < row.sourceAt) {
    say(turn, "stale", arrival.actor, "a resolve older than the present firing arrived: recorded, not applied", {
      of: "resolve",
      alert: arrival.key,
      sourceAt,
    });
    return answer(turn, "updated", "older than the present firing: recorded, not applied");
  }
  if (!row.firing) return released(answer(turn, "updated", "was resolved already"));
  writeAlert(turn, arrival, row.episode, false);
  if (row.episode !== episode.n) return released(answer(turn, "updated", "was resolved already"));
  const firing = Object.values(turn.alerts).some((each) => each.episode === episode.n && each.firing);
  const { resolveOn } = episode.decision;
  if (isEcho(turn, row, "resolved")) return echoOfResolve(turn, arrival);
  const over = resolveOn === "any" || (resolveOn === "all" && !firing);
  if (!isOpen(episode)) {
    if (over && overAnyway(turn)) say(turn, "alert-resolved", arrival.actor, received.alert.title, { alert: arrival.key });
    return released(answer(turn, "updated", "was resolved already"));
  }
  if (over) {
    resolve(turn, arrival.actor, "resolved", `the source says it is over: ${received.alert.title}`, {
      code: "source",
      title: received.alert.title,
    });
    return released(answer(turn, "resolved", "resolved by its source"));
  }
  say(turn, "alert-resolved", arrival.actor, received.alert.title, { alert: arrival.key });
  return released(
    answer(turn, "updated", firing ? "other alerts of the incident still fire" : "the service is resolved by hand only"),
  );
}

/** It was resolved here and written there. Whoever takes that back, or has re-opened it, means it: their word is the newer one. */
function echoOfResolve(turn: Turn, arrival: Arrival): AlertResult {
  if (!isOpen(turn.episode)) return released(answer(turn, "updated", "was resolved already"));
  say(
    turn,
    "stale",
    arrival.actor,
    "the source repeats an end that was written to it, and the incident was re-opened since: recorded, not applied",
    { of: "echo-end", alert: arrival.key },
  );
  return released(answer(turn, "updated", "the echo of an end that was taken back here: recorded, not applied"));
}

function released(result: AlertResult): AlertResult {
  return { ...result, released: true };
}

function sourceAcknowledge(turn: Turn, arrival: Arrival): AlertResult {
  const episode = turn.episode;
  if (!arrival.row || !isOpen(episode)) return orphan(turn, "no open alert has this key: counted, nothing to acknowledge");
  writeAlert(turn, arrival, arrival.row.episode, arrival.row.firing);
  if (episode.status === "acknowledged")
    return answer(turn, "acknowledged", `${episode.acknowledgedBy ?? "somebody"} already has it`);
  if (isEcho(turn, arrival.row, "acknowledged")) {
    say(
      turn,
      "stale",
      arrival.actor,
      "the source repeats an acknowledgment that was written to it and has been taken back: recorded, not applied",
      { of: "echo", alert: arrival.key },
    );
    return answer(turn, "updated", "the echo of an acknowledgment that was taken back here: recorded, not applied");
  }
  acknowledge(turn, arrival.actor, "acknowledged in the source");
  return answer(turn, "acknowledged", "acknowledged in the source");
}

function responded(turn: Turn, arrival: Arrival): AlertResult {
  if (!arrival.row || turn.episode === null) return orphan(turn, "no open alert has this key: counted");
  writeAlert(turn, arrival, arrival.row.episode, arrival.row.firing);
  if (isOpen(turn.episode) && arrival.row.episode === turn.episode.n && !turn.episode.respondedAt)
    change(turn, { respondedAt: turn.now });
  say(turn, "responded", arrival.actor, "the source gave its first answer", { alert: arrival.key });
  return answer(turn, "updated", "first answer noted");
}

function orphan(turn: Turn, reason: string): AlertResult {
  turn.orphans = { count: (turn.orphans?.count ?? 0) + 1, lastAt: turn.now };
  return { incident: null, action: "orphan", reason };
}

/** Rows of earlier episodes are kept for the source's last word only, the newest of them. */
function forgetOldRows(turn: Turn): void {
  const rows = Object.values(turn.alerts).sort((a, b) => b.lastAt - a.lastAt);
  for (const row of rows.slice(limits.incident.alertsMax)) delete turn.alerts[row.key];
  for (const id of Object.keys(turn.deliveries)) delete turn.deliveries[id];
}

function answer(turn: Turn, action: AlertResult["action"], reason: string): AlertResult {
  return { incident: turn.episode?.id ?? null, action, reason };
}
