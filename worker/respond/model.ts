// Owns what the responder's page says: an incident's view turned into words, times and the choices that are legal now.
// Pure: no HTTP, no HTML, no look-ups; `now` comes in. The markup is page.tsx.

import type { PendingItem } from "../core/forecast.ts";
import type { Actor, Delivery, Episode, TimelineEntry } from "../core/incident.ts";
import { limits } from "../core/limits.ts";
import { legalMoves, stateOf, type State } from "../core/moves.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { IncidentView } from "../objects/rpc.ts";
import type { LinkClaims } from "./link.ts";
import { clock, clockUtc, dayWord, lasting, nextMorning, offsetText, zoneOr } from "./times.ts";

/** What the last press did, or why it did nothing. */
export interface Notice {
  readonly tone: "done" | "attention";
  readonly title: string;
  readonly text: string;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface RespondModel {
  readonly token: string;
  readonly nonce: string;
  /** When the page was made (epoch ms): the hidden field by which a stale escalate is known. */
  readonly madeAt: number;
  readonly madeAtText: string;
  readonly zone: string;
  readonly offset: string;
  readonly tenant: string;
  readonly person: string;
  readonly title: string;
  readonly severity: { readonly name: string; readonly rank: number };
  readonly urgency: "high" | "low";
  readonly state: State;
  readonly mine: boolean;
  readonly test: boolean;
  readonly headline: string;
  readonly facts: readonly { readonly term: string; readonly text: string; readonly more: string }[];
  readonly next: { readonly when: string; readonly items: readonly { readonly at: string; readonly text: string }[] } | null;
  readonly runbook: string | null;
  readonly can: { readonly ack: boolean; readonly escalate: boolean; readonly resolve: boolean; readonly note: boolean };
  readonly snooze: readonly Choice[];
  /** Seconds left to take one's own acknowledgment or resolve back; null: not offered. */
  readonly undo: { readonly of: "ack" | "resolve"; readonly leftS: number } | null;
  readonly lines: readonly { readonly at: string; readonly text: string }[];
  readonly body: string;
  readonly labels: readonly (readonly [string, string])[];
  readonly links: readonly { readonly href: string; readonly text: string }[];
  readonly notice: Notice | null;
}

export interface ModelInput {
  readonly token: string;
  readonly nonce: string;
  readonly claims: LinkClaims;
  readonly view: IncidentView;
  readonly timeline: readonly TimelineEntry[];
  /** Null when neither the Directory nor a copy of it answers: names and zone then come from the page itself. */
  readonly snapshot: Snapshot | null;
  readonly notice: Notice | null;
}

export function respondModel(input: ModelInput, now: number): RespondModel {
  const { claims, view, snapshot } = input;
  const { episode } = view;
  const delivery = deliveryOf(view, claims);
  const zone = zoneOr(snapshot?.users[claims.user]?.timeZone ?? delivery?.page.person.timeZone ?? snapshot?.timeZone);
  const words = wordsFor(input, zone, now);
  const state = stateOf(episode);
  const legal = legalMoves[state];
  const mine = episode.acknowledgedBy === claims.user && episode.status === "acknowledged";
  return {
    token: input.token,
    nonce: input.nonce,
    madeAt: now,
    madeAtText: words.clock(now),
    zone,
    offset: offsetText(now, zone),
    tenant: snapshot?.name ?? delivery?.page.tenant.name ?? claims.tenant,
    person: words.name(claims.user),
    title: episode.title,
    severity: { name: episode.severity, rank: rankOf(episode) },
    urgency: episode.urgency,
    state,
    mine,
    test: episode.test,
    headline: headline(episode, state, claims.user, words),
    facts: facts(input, delivery, zone, now),
    next: whatIsNext(view, state, claims.user, words, now),
    runbook: webAddress(episode.decision.runbook),
    can: {
      ack: legal.includes("ack"),
      escalate: legal.includes("escalate"),
      resolve: legal.includes("resolve"),
      note: legal.includes("note"),
    },
    // Quietening what somebody else is working on is theirs to do.
    snooze: legal.includes("snooze") && (mine || state === "triggered") ? snoozeChoices(now, zone) : [],
    undo: undoOf(episode, claims.user, now),
    lines: lastLines(input.timeline, words),
    body: episode.body.trim().slice(0, limits.respond.bodyCharsShown),
    labels: Object.entries(episode.labels).slice(0, limits.respond.labelsShown),
    links: episode.links.flatMap((link) => {
      const href = webAddress(link.href);
      return href === null ? [] : [{ href, text: link.text || href }];
    }),
    notice: input.notice,
  };
}

/** How this person's page speaks: names, "you", and times of their zone. */
export interface Words {
  readonly name: (id: string) => string;
  readonly actor: (actor: Actor | null) => string;
  readonly clock: (at: number) => string;
}

export function wordsFor(input: Pick<ModelInput, "claims" | "view" | "snapshot">, zone: string, now: number): Words {
  const name = (id: string): string => input.snapshot?.users[id]?.name ?? input.view.names[id] ?? id;
  return {
    name,
    actor: (actor) => {
      if (actor === null) return "Tocsin";
      if (isPerson(actor)) return actor.id === input.claims.user ? "you" : name(actor.id);
      return actor.type === "integration" ? `its source (${actor.id})` : "Tocsin";
    },
    clock: (at) => clock(at, zone, now),
  };
}

function deliveryOf(view: IncidentView, claims: LinkClaims): Delivery | null {
  const own = view.deliveries.filter((d) => d.incident === claims.incident && d.user === claims.user);
  return own.find((d) => d.id === claims.delivery) ?? own.toSorted((a, b) => b.dueAt - a.dueAt)[0] ?? null;
}

/** 0: the worst of the tenant's scale … 3: the rest. */
function rankOf(episode: Episode): number {
  const at = episode.decision.severities.indexOf(episode.severity);
  return at < 0 ? 3 : Math.min(3, at);
}

function headline(episode: Episode, state: State, user: string, words: Words): string {
  const holder = episode.acknowledgedBy;
  const since = episode.acknowledgedAt === null ? "" : ` since ${words.clock(episode.acknowledgedAt)}`;
  switch (state) {
    case "triggered":
      return "Nobody has it yet";
    case "acknowledged":
      return holder === user ? `You have it${since}` : `${holder === null ? "Somebody" : words.name(holder)} has it${since}`;
    case "snoozed":
      return `Snoozed until ${words.clock(episode.snoozedUntil ?? episode.updatedAt)}`;
    case "held":
      return "Held back: pages only if it goes on";
    case "suppressed":
      return "Recorded, nobody is paged";
    case "merged":
      return "Part of another incident now";
    case "resolved": {
      const by = words.actor(episode.resolvedBy);
      return `Resolved${episode.resolvedAt === null ? "" : ` at ${words.clock(episode.resolvedAt)}`} by ${by}`;
    }
  }
}

function facts(input: ModelInput, delivery: Delivery | null, zone: string, now: number): RespondModel["facts"] {
  const { episode } = input.view;
  const service = episode.decision.serviceName ?? episode.decision.service;
  const firing = input.view.alerts.filter((alert) => alert.firing).length;
  const repeats = input.view.alerts.reduce((sum, alert) => sum + alert.count, 0);
  const count =
    input.view.alerts.length > 1
      ? `${input.view.alerts.length} alerts, ${firing} still firing`
      : repeats > 1
        ? `fired ${repeats} times`
        : "";
  const lasted = lasting((episode.resolvedAt ?? now) - episode.openedAt);
  return [
    { term: "Service", text: service ?? "none named", more: episode.source },
    {
      term: "Since",
      text: `${clock(episode.openedAt, zone, now)} · ${lasted}`,
      more: [zone === "UTC" ? "UTC" : clockUtc(episode.openedAt, now), count].filter(Boolean).join(" · "),
    },
    { term: "Why you", text: delivery?.page.reason.text ?? "this link was made for you", more: "" },
    ...holderFact(input, zone, now),
  ];
}

function holderFact(input: ModelInput, zone: string, now: number): RespondModel["facts"] {
  const { episode } = input.view;
  if (stateOf(episode) !== "snoozed" || episode.acknowledgedBy === null) return [];
  const words = wordsFor(input, zone, now);
  return [
    {
      term: "Held by",
      text: episode.acknowledgedBy === input.claims.user ? "you" : words.name(episode.acknowledgedBy),
      more: "",
    },
  ];
}

const conditions: Partial<Record<State, string>> = {
  triggered: "If nobody acknowledges",
  acknowledged: "If nobody resolves it",
  snoozed: "Unless it is resolved",
  held: "If it still fires",
};

/** The next two moments at which something happens by itself, with everybody it happens to. */
function whatIsNext(view: IncidentView, state: State, user: string, words: Words, now: number): RespondModel["next"] {
  const when = conditions[state];
  if (when === undefined) return null;
  const moments = new Map<number, PendingItem[]>();
  for (const item of view.pending) if (item.at >= now) moments.set(item.at, [...(moments.get(item.at) ?? []), item]);
  const items = [...moments]
    .toSorted(([a], [b]) => a - b)
    .slice(0, 2)
    .map(([at, group]) => ({ at: words.clock(at), text: momentText(group, view, user, words) }));
  return items.length === 0 ? null : { when, items };
}

function momentText(group: readonly PendingItem[], view: IncidentView, user: string, words: Words): string {
  const people = [
    ...new Set(group.filter((item) => item.kind === "page" || item.kind === "retry").map((item) => item.user)),
  ].filter((id) => id !== null);
  if (people.length > 0) {
    const paged = (id: string): boolean => view.deliveries.some((d) => d.user === id && d.attempt > 0);
    const again = people.every(paged) ? " again" : "";
    if (people.length === 1 && people[0] === user) return `you are paged${again}`;
    const names = people.map((id) => (id === user ? "you" : words.name(id)));
    return `${listed(names)} ${names.length === 1 ? "is" : "are"} paged${again}`;
  }
  const first = group[0];
  return first === undefined ? "" : plainWords[first.kind];
}

const plainWords: Readonly<Record<PendingItem["kind"], string>> = {
  page: "somebody is paged",
  retry: "a page is tried again",
  escalate: "the next level is paged",
  policy: "another policy begins",
  repeat: "everybody is paged again",
  exhausted: "nobody is left to page",
  fallback: "the fallback is paged",
  unack: "paging begins again",
  "snooze-end": "the snooze ends and paging begins again",
  "hold-end": "paging begins",
  "mute-end": "what keeps it quiet is over",
  "auto-resolve": "it closes by itself",
  "direct-timeout": "it goes back to its policy",
  sla: "a service level runs out",
  urgency: "it becomes urgent",
};

function listed(names: readonly string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function snoozeChoices(now: number, zone: string): readonly Choice[] {
  const morning = nextMorning(now, zone);
  return [
    { value: "30m", label: "30 min" },
    { value: "1h", label: "1 h" },
    { value: "4h", label: "4 h" },
    { value: new Date(morning).toISOString(), label: `09:00 ${dayWord(morning, zone, now)}` },
  ];
}

/** What this person can still take back. */
export function undoOf(episode: Episode, user: string, now: number): RespondModel["undo"] {
  const { undo, status, acknowledgedBy } = episode;
  if (undo === null) return null;
  const leftS = Math.floor((undo.until - now) / 1_000);
  if (leftS <= 0) return null;
  if (undo.of === "resolve") return status === "resolved" && undo.by === user && !undo.over ? { of: "resolve", leftS } : null;
  return status === "acknowledged" && acknowledgedBy === user ? { of: "ack", leftS } : null;
}

/** Told to connectors: nothing a person on a phone acts on. */
const ofConnectors: ReadonlySet<string> = new Set(["posted", "post-retry", "post-failed", "post-expired", "post-unknown"]);

/** Newest first, without the bookkeeping of sends that went well: a step's line already says who was paged. */
function lastLines(timeline: readonly TimelineEntry[], words: Words): RespondModel["lines"] {
  return timeline
    .filter((entry) => !ofConnectors.has(entry.kind))
    .filter(
      (entry) => entry.kind !== "delivered" && entry.kind !== "sent" && !(entry.kind === "paged" && entry.data["step"] !== 0),
    )
    .slice(-limits.respond.linesShown)
    .toReversed()
    .map((entry) => ({ at: words.clock(entry.at), text: lineText(entry, words) }));
}

/** The record's own sentence, with names for ids and this person's times where the entry's data has them. */
function lineText(entry: TimelineEntry, words: Words): string {
  const who = words.actor(entry.actor);
  const { data } = entry;
  if (entry.kind === "note") return `${who}: ${entry.reason}`;
  if (entry.kind === "opened") return `opened by ${who}`;
  if (entry.kind === "resolved" && entry.actor.type !== "integration") return `resolved by ${who}`;
  if (entry.kind === "snoozed" && typeof data["until"] === "number")
    return `${who} snoozed it until ${words.clock(data["until"])}`;
  if (entry.kind === "acknowledged" && isPerson(entry.actor)) return `${who} ${who === "you" ? "have" : "has"} it`;
  if (entry.kind === "escalated") return `${who} asked for the next level`;
  if (entry.kind === "step" && Array.isArray(data["people"])) {
    const people = data["people"].map((id) => words.actor({ type: "user", id: String(id) }));
    return `step ${String(data["step"])} pages ${listed(people)}`;
  }
  return entry.reason;
}

function isPerson(actor: Actor): boolean {
  return actor.type === "user" || actor.type === "link";
}

/** Only web addresses become links: an alert's text is the sender's. */
export function webAddress(text: string | null): string | null {
  if (text === null || !URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === "https:" || protocol === "http:" ? href : null;
}
