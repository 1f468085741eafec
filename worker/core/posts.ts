// Owns what connectors are told: events of the record become posts in the commit in which they happened, and go out by the same
// protocol as pages (claim, lease, result, retry). A page never waits for one: pages do not look at posts, and a post takes a
// place only when it is free. An acknowledgment or an end cancels none. Each connector hears an incident's events in their order;
// where states are written back to a sender, one that still waits gives way to the next.

import { isOpenAt } from "./calendar.ts";
import { conditionHolds } from "./condition.ts";
import type { Event } from "./event.ts";
import { deliveryId } from "./ids.ts";
import type { IncidentState, TimelineEntry, TimelineKind } from "./incident.ts";
import { limits } from "./limits.ts";
import type { IncidentEvent, Post, PostAlert, PostContent } from "./post.ts";
import type { Connector } from "./snapshot.ts";
import { noted, waitMs } from "./tries.ts";
import { episodeOf, type Turn } from "./turn.ts";
import { alertsFor, standingOf, statusAfter } from "./write-back.ts";

const bound = limits.post;

const named: Readonly<Partial<Record<string, IncidentEvent>>> = {
  opened: "opened",
  reopened: "reopened",
  held: "held",
  suppressed: "suppressed",
  promoted: "promoted",
  acknowledged: "acknowledged",
  unacknowledged: "unacknowledged",
  "ack-timeout": "unacknowledged",
  escalated: "escalated",
  step: "escalated",
  reassigned: "reassigned",
  responders: "responders",
  responded: "responded",
  severity: "severity",
  urgency: "urgency",
  snoozed: "snoozed",
  "snooze-ended": "snooze-ended",
  note: "note",
  "sla-warning": "sla-warning",
  "sla-breached": "sla-breached",
  exhausted: "exhausted",
  fallback: "fallback",
  "coverage-gap": "coverage-gap",
  merged: "merged",
  unmerged: "unmerged",
  resolved: "resolved",
  "auto-resolved": "resolved",
};

/** Which event a line of the record is; null: none that connectors hear of. The first level is no escalation. */
export function eventOf(entry: TimelineEntry, all: readonly TimelineEntry[]): IncidentEvent | null {
  if (entry.kind !== "step") return named[entry.kind] ?? null;
  // Asked for by hand: that line says it, with who and why.
  if (all.some((other) => other.kind === "escalated")) return null;
  const further = Number(entry.data["step"] ?? 1) > 1 || Number(entry.data["round"] ?? 1) > 1;
  return further ? "escalated" : null;
}

export function isWaiting(post: Post): boolean {
  return post.status === "pending" || post.status === "sending";
}

/** After everything else of a step: what happened becomes posts, and free places are filled. */
export function settlePosts(turn: Turn): void {
  const happened = [...turn.entries];
  let status = turn.before.episode?.id === turn.episode?.id ? (turn.before.episode?.status ?? null) : null;
  for (const entry of happened) {
    const event = eventOf(entry, happened);
    if (turn.episode?.id !== entry.incident) continue;
    const was = status;
    status = statusAfter(entry, was, turn.episode.status);
    for (const connector of Object.values(turn.roster?.connectors ?? {})) {
      const told = connector.writesBack === undefined ? event : standingOf(entry, { event, was, is: status }, connector.on);
      if (told === null) continue;
      // Even one that it does not hear of ends what waits: "resolved" is not to be written after a re-opening.
      const notBefore = overtake(turn, connector, entry, told);
      if (!hears(turn, connector, told)) continue;
      alertsFor(turn, connector, entry).forEach((alerts, part) =>
        intend(turn, connector, { event: told, entry, alerts, part, notBefore }),
      );
    }
  }
  claimPosts(turn);
  prune(turn);
}

/** A condition that cannot be asked keeps nothing back. */
function hears(turn: Turn, connector: Connector, event: IncidentEvent): boolean {
  if (!connector.on.includes(event) && !connector.on.includes("*")) return false;
  const isOpen = (calendar: string, at: number): boolean | null => {
    const hours = turn.roster?.businessHours?.[calendar];
    return hours === undefined ? null : isOpenAt(hours, at);
  };
  return connector.when === null || conditionHolds(connector.when, episodeOf(turn), turn.now, isOpen).holds;
}

const states: ReadonlySet<string> = new Set<IncidentEvent>(["acknowledged", "unacknowledged", "reopened", "resolved"]);

/**
 * A state that waits to be written back is not true any more once another follows: only the newest is written. What the other side
 * asked for stands (Retry-After, a backoff): the answer is the earliest time for the newest.
 */
function overtake(turn: Turn, connector: Connector, entry: TimelineEntry, told: IncidentEvent): number {
  let notBefore = turn.now;
  if (connector.writesBack === undefined || !states.has(told)) return notBefore;
  for (const post of Object.values(turn.posts)) {
    const waits = post.connector === connector.id && post.incident === entry.incident && post.status === "pending";
    if (!waits || post.content.event.seq >= entry.seq || !states.has(wordOf(post))) continue;
    notBefore = Math.max(notBefore, post.nextAt ?? 0);
    putPost(turn, { ...post, status: "cancelled", nextAt: null });
    tell(turn, post, "post-overtaken", `not told of ${wordOf(post)}: ${told} came before it was sent`, told);
  }
  return notBefore;
}

interface Intent {
  readonly event: IncidentEvent;
  readonly entry: TimelineEntry;
  readonly alerts: readonly PostAlert[];
  /** 0-based, where the alerts are more than one post tells of. */
  readonly part: number;
  /** Not sent earlier, epoch ms. */
  readonly notBefore: number;
}

function intend(turn: Turn, connector: Connector, intent: Intent): void {
  const { event, entry, part, notBefore } = intent;
  const parts = ["post", entry.incident, connector.id, entry.seq, ...(part === 0 ? [] : [part])];
  const id = deliveryId(turn.before.identity, turn.now, parts);
  if (turn.posts[id]) return;
  const waiting = Object.values(turn.posts).filter(isWaiting).length;
  const post: Omit<Post, "seq"> = {
    kind: "connector",
    id,
    incident: entry.incident,
    connector: connector.id,
    status: "pending",
    dueAt: turn.now,
    nextAt: notBefore,
    leaseUntil: null,
    attempt: 0,
    lost: 0,
    ref: null,
    attempts: [],
    content: contentOf(turn, id, intent),
  };
  if (waiting < bound.waitingMax) return putPost(turn, post);
  putPost(turn, { ...post, status: "failed", nextAt: null });
  tell(turn, post, "post-failed", `not told of ${event}: ${bound.waitingMax} posts wait already`, `${bound.waitingMax}`);
}

function contentOf(turn: Turn, id: string, { event, entry, alerts }: Intent): PostContent {
  const e = episodeOf(turn);
  const { service, serviceName, runbook, policy } = e.decision;
  const { seq, at, kind, actor, reason, data } = entry;
  return {
    post: id,
    type: `incident.${event}`,
    sentAt: turn.now,
    tenant: { id: turn.before.identity.tenant, name: turn.roster?.tenantName ?? turn.before.identity.tenant },
    event: { seq, at, kind, actor, reason, data },
    incident: {
      id: e.id,
      title: e.title,
      body: e.body,
      status: e.status,
      severity: e.severity,
      urgency: e.urgency,
      source: e.source,
      policy: policy?.id ?? null,
      labels: e.labels,
      links: e.links,
      openedAt: e.openedAt,
      acknowledgedBy: e.acknowledgedBy,
      acknowledgedAt: e.acknowledgedAt,
      snoozedUntil: e.snoozedUntil,
      resolvedAt: e.resolvedAt,
      assignees: e.assignees,
      step: e.ladder.step + 1,
      round: e.ladder.round + 1,
      test: e.test,
      alerts,
    },
    service: service === null ? null : { id: service, name: serviceName ?? service, runbook },
  };
}

/** The one each connector is at: nothing overtakes it. */
function heads(posts: Readonly<Record<string, Post>>): Post[] {
  const first = new Map<string, Post>();
  for (const post of Object.values(posts)) {
    if (!isWaiting(post)) continue;
    const known = first.get(post.connector);
    if (known === undefined || post.content.event.seq < known.content.event.seq) first.set(post.connector, post);
  }
  return [...first.values()];
}

type Sends = Pick<IncidentState, "deliveries" | "posts">;

/** Posts take what pages leave, and few at once: pages that come meanwhile find their own places untouched. */
function freePlaces({ deliveries, posts }: Sends): number {
  const pages = Object.values(deliveries).filter((d) => d.status === "sending").length;
  const sending = Object.values(posts).filter((post) => post.status === "sending").length;
  return Math.min(bound.inFlightMax - sending, limits.send.inFlightMax - pages - sending);
}

function claimPosts(turn: Turn): void {
  let free = freePlaces(turn);
  const due = heads(turn.posts).filter((post) => post.status === "pending" && (post.nextAt ?? 0) <= turn.now);
  due.sort((a, b) => (a.nextAt ?? 0) - (b.nextAt ?? 0) || a.seq - b.seq);
  for (const post of due) {
    if (free <= 0) return;
    free--;
    const attempt = post.attempt + 1;
    const limitMs = connectorOf(turn, post)?.limitMs ?? limits.send.limitMsDefault;
    putPost(turn, {
      ...post,
      status: "sending",
      attempt,
      nextAt: null,
      leaseUntil: turn.now + limitMs + limits.send.leaseMarginMs,
    });
    turn.sends.push({ delivery: post.id, attempt, lookup: post.lost > 0 });
  }
}

/** When posts want to be looked at; null: none waits. */
export function postWake(state: Sends): number | null {
  const free = freePlaces(state);
  let earliest: number | null = null;
  for (const post of heads(state.posts)) {
    // With every place taken a due one waits for a result or a lease, both of which wake the incident anyway.
    const at = post.status === "sending" ? post.leaseUntil : free > 0 ? post.nextAt : null;
    if (at !== null && (earliest === null || at < earliest)) earliest = at;
  }
  return earliest;
}

export function expirePostLeases(turn: Turn): void {
  for (const post of Object.values(turn.posts)) {
    if (post.status !== "sending" || post.leaseUntil === null || post.leaseUntil > turn.now) continue;
    const reason = "no result before the lease ended";
    ambiguous(turn, noted(post, "lost", reason, turn.now), reason);
  }
}

/** Records what became of a try. False: this is no post. A late result of an earlier try changes nothing. */
export function recordPostResult(turn: Turn, event: Extract<Event, { type: "result" }>): boolean {
  const post = turn.posts[event.delivery];
  if (!post) return false;
  if (post.attempt !== event.attempt || !isWaiting(post)) return true;
  const { outcome } = event;
  const next = noted(post, outcome.status, "reason" in outcome ? outcome.reason : (outcome.detail ?? ""), turn.now);
  switch (outcome.status) {
    case "accepted":
    case "delivered":
      putPost(turn, { ...next, status: outcome.status, ref: outcome.ref, nextAt: null, leaseUntil: null });
      tell(
        turn,
        next,
        "posted",
        `told of ${wordOf(post)}${outcome.detail ? `: ${outcome.detail}` : ""}`,
        outcome.detail,
        outcome.ref,
      );
      break;
    case "retry":
      retryLater(turn, next, outcome.reason, outcome.afterMs);
      break;
    case "failed":
      putPost(turn, { ...next, status: "failed", nextAt: null, leaseUntil: null });
      tell(turn, next, "post-failed", `not told of ${wordOf(post)}: ${outcome.reason}`, outcome.reason);
      break;
    case "unknown":
      ambiguous(turn, next, outcome.reason);
  }
  return true;
}

function retryLater(turn: Turn, post: Post, reason: string, afterMs: number | null): void {
  if (post.attempt >= bound.attemptsMax || turn.now - post.dueAt > bound.giveUpAfterMs) {
    putPost(turn, { ...post, status: "expired", nextAt: null, leaseUntil: null });
    return tell(
      turn,
      post,
      "post-expired",
      `not told of ${wordOf(post)}: given up after ${post.attempt} tries, last: ${reason}`,
      reason,
    );
  }
  putPost(turn, { ...post, status: "pending", nextAt: turn.now + waitMs(post, afterMs, bound), leaseUntil: null });
  if (post.attempt === 1) tell(turn, post, "post-retry", `${wordOf(post)}: ${reason}; trying again`, reason);
}

/** The other side may have it. One that drops repeats is simply told again under the same id, another within its cap. */
function ambiguous(turn: Turn, post: Post, reason: string): void {
  const lost = post.lost + 1;
  const connector = connectorOf(turn, post);
  if (connector !== undefined && (connector.idempotent || lost < connector.copyCap))
    return retryLater(turn, { ...post, lost }, reason, null);
  putPost(turn, { ...post, lost, status: "unknown", nextAt: null, leaseUntil: null });
  tell(turn, post, "post-unknown", `${wordOf(post)}: ${reason}; it may have arrived, not repeated`, reason);
}

function connectorOf(turn: Turn, post: Post): Connector | undefined {
  return turn.roster?.connectors?.[post.connector];
}

function wordOf(post: Pick<Post, "content">): string {
  return post.content.type.slice("incident.".length);
}

type PostKind = Extract<
  TimelineKind,
  "posted" | "post-retry" | "post-failed" | "post-expired" | "post-unknown" | "post-overtaken"
>;

/** On the record of the incident it is about, which may be an earlier one of this object. */
function tell(
  turn: Turn,
  post: Omit<Post, "seq">,
  kind: PostKind,
  reason: string,
  said?: string,
  ref: string | null = null,
): void {
  turn.entries.push({
    seq: ++turn.seq,
    incident: post.incident,
    at: turn.now,
    kind,
    actor: { type: "provider", id: post.connector },
    reason: `${post.connector}: ${reason}`,
    data: {
      delivery: post.id,
      connector: post.connector,
      event: post.content.event.seq,
      attempt: post.attempt,
      of: wordOf(post),
      ...(said ? { said } : {}),
      // What it is called over there: a silence, a downtime, a request.
      ...(ref === null || ref === post.id ? {} : { ref }),
    },
  });
}

function putPost(turn: Turn, post: Omit<Post, "seq">): void {
  turn.posts[post.id] = { ...post, seq: ++turn.seq };
}

/** The working state keeps what waits and the newest that do not; older ones live on in the rows and in D1. */
function prune(turn: Turn): void {
  const settled = Object.values(turn.posts).filter((post) => !isWaiting(post));
  const present = settled.filter((post) => post.incident === turn.episode?.id).toSorted((a, b) => b.seq - a.seq);
  const kept = new Set(present.slice(0, bound.kept).map((post) => post.id));
  // One that changed just now is written first and forgotten at a later step.
  for (const post of settled) if (!kept.has(post.id) && turn.before.posts[post.id] === post) delete turn.posts[post.id];
}
