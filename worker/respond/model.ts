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
import { sentences, type Language } from "./words.ts";

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
  readonly language: Language;
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
  /** Who may be called in beside the person; empty: not now. */
  readonly others: readonly Choice[];
  /** Where to sign in and put the app on the phone: once there is nothing left to press in a hurry. */
  readonly offer: string | null;
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
  /** English unless the browser asks for another that we speak. */
  readonly language?: Language;
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
    language: words.language,
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
    facts: facts(input, delivery, { zone, now, user: claims.user, words }),
    next: whatIsNext(view, state, claims.user, words, now),
    runbook: webAddress(episode.decision.runbook),
    can: {
      ack: legal.includes("ack"),
      escalate: legal.includes("escalate"),
      resolve: legal.includes("resolve"),
      note: legal.includes("note"),
    },
    // Quietening what somebody else is working on is theirs to do.
    snooze: legal.includes("snooze") && (mine || state === "triggered") ? snoozeChoices(now, zone, words.language) : [],
    undo: undoOf(episode, claims.user, now),
    others: legal.includes("responders") ? othersOf(snapshot, claims.user) : [],
    offer: input.notice?.tone === "done" ? `/sign-in?to=${encodeURIComponent(`/t/${claims.tenant}/mine`)}` : null,
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

/** Everybody with a way to be reached, by name. Without a configuration nobody can be named. */
function othersOf(snapshot: Snapshot | null, me: string): readonly Choice[] {
  return Object.values(snapshot?.users ?? {})
    .filter((person) => person.id !== me && person.active && person.contacts.length > 0)
    .map((person) => ({ value: person.id, label: person.name }))
    .toSorted((a, b) => a.label.localeCompare(b.label))
    .slice(0, limits.respond.othersShown);
}

/** How this person's page speaks: language, names, "you", and times of their zone. */
export interface Words {
  readonly language: Language;
  readonly say: (typeof sentences)[Language];
  readonly name: (id: string) => string;
  readonly actor: (actor: Actor | null) => string;
  readonly clock: (at: number) => string;
}

export function wordsFor(input: Pick<ModelInput, "claims" | "view" | "snapshot" | "language">, zone: string, now: number): Words {
  const { language = "en" } = input;
  const say = sentences[language];
  const name = (id: string): string => input.snapshot?.users[id]?.name ?? input.view.names[id] ?? id;
  return {
    language,
    say,
    name,
    actor: (actor) => {
      if (actor === null) return "Tocsin";
      if (isPerson(actor)) return actor.id === input.claims.user ? say.you : name(actor.id);
      return actor.type === "integration" ? say.source(actor.id) : "Tocsin";
    },
    clock: (at) => clock(at, zone, now, language),
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
  const { headlines, since: sinceOf, somebody } = words.say;
  const holder = episode.acknowledgedBy;
  const since = episode.acknowledgedAt === null ? "" : sinceOf(words.clock(episode.acknowledgedAt));
  switch (state) {
    case "acknowledged":
      return holder === user ? headlines.yours(since) : headlines.theirs(holder === null ? somebody : words.name(holder), since);
    case "snoozed":
      return headlines.snoozed(words.clock(episode.snoozedUntil ?? episode.updatedAt));
    case "resolved":
      return headlines.resolved(
        episode.resolvedAt === null ? null : words.clock(episode.resolvedAt),
        words.actor(episode.resolvedBy),
      );
    default:
      return headlines[state];
  }
}

function facts(
  { view: { episode, alerts } }: ModelInput,
  delivery: Delivery | null,
  { zone, now, user, words }: { readonly zone: string; readonly now: number; readonly user: string; readonly words: Words },
): RespondModel["facts"] {
  const { say, language } = words;
  const service = episode.decision.serviceName ?? episode.decision.service;
  const firing = alerts.filter((alert) => alert.firing).length;
  const repeats = alerts.reduce((sum, alert) => sum + alert.count, 0);
  const count = alerts.length > 1 ? say.alerts(alerts.length, firing) : repeats > 1 ? say.fired(repeats) : "";
  const lasted = lasting((episode.resolvedAt ?? now) - episode.openedAt, language);
  const holder = stateOf(episode) === "snoozed" ? episode.acknowledgedBy : null;
  return [
    { term: say.facts.service, text: service ?? say.noService, more: episode.source },
    {
      term: say.facts.since,
      text: `${words.clock(episode.openedAt)} · ${lasted}`,
      more: [zone === "UTC" ? "UTC" : clockUtc(episode.openedAt, now, language), count].filter(Boolean).join(" · "),
    },
    { term: say.facts.why, text: delivery === null ? say.forYou : say.reason(delivery.page.reason.text), more: "" },
    ...(holder === null ? [] : [{ term: say.facts.heldBy, text: holder === user ? say.youAlone : words.name(holder), more: "" }]),
  ];
}

/** The next two moments at which something happens by itself, with everybody it happens to. */
function whatIsNext(view: IncidentView, state: State, user: string, words: Words, now: number): RespondModel["next"] {
  const when = (words.say.conditions as Partial<Record<State, string>>)[state];
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
    const again = people.every(paged);
    if (people.length === 1 && people[0] === user) return words.say.youPaged(again);
    const names = people.map((id) => (id === user ? words.say.you : words.name(id)));
    return words.say.paged(listed(names, words), names.length > 1, again);
  }
  const first = group[0];
  return first === undefined ? "" : words.say.plain[first.kind];
}

function listed(names: readonly string[], { say }: Words): string {
  if (names.length > 4) return say.listed(names.slice(0, 3).join(", "), say.more(names.length - 3));
  return names.length < 2 ? names.join("") : say.listed(names.slice(0, -1).join(", "), names.at(-1) ?? "");
}

function snoozeChoices(now: number, zone: string, language: Language): readonly Choice[] {
  const morning = nextMorning(now, zone);
  return [
    { value: "30m", label: "30 min" },
    { value: "1h", label: "1 h" },
    { value: "4h", label: "4 h" },
    { value: new Date(morning).toISOString(), label: `09:00 ${dayWord(morning, zone, now, language)}` },
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
const ofConnectors: ReadonlySet<string> = new Set([
  "posted",
  "post-retry",
  "post-failed",
  "post-expired",
  "post-unknown",
  "post-overtaken",
]);

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

/** As the core writes them. */
const instants = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** The record's own sentence, with names for ids and this person's times where the entry's data has them. */
function lineText(entry: TimelineEntry, words: Words): string {
  const who = words.actor(entry.actor);
  const { lines } = words.say;
  const { data } = entry;
  const named = (ids: readonly unknown[]): string =>
    listed(
      ids.map((id) => words.actor({ type: "user", id: String(id) })),
      words,
    );
  if (entry.kind === "note") return `${who === words.say.you ? words.say.youAlone : who}: ${entry.reason}`;
  if (entry.kind === "opened") return lines.opened(who);
  if (entry.kind === "resolved" && entry.actor.type !== "integration") return lines.resolved(who);
  if (entry.kind === "snoozed" && typeof data["until"] === "number") return lines.snoozed(who, words.clock(data["until"]));
  if (entry.kind === "acknowledged" && isPerson(entry.actor)) return who === words.say.you ? lines.youHave : lines.has(who);
  if (entry.kind === "escalated") return lines.escalated(who);
  if (entry.kind === "responders" && Array.isArray(data["users"])) return lines.calledIn(who, named(data["users"]));
  if (entry.kind === "step" && Array.isArray(data["people"])) return lines.step(String(data["step"]), named(data["people"]));
  return words.say.reason(entry.reason).replaceAll(instants, (instant) => words.clock(Date.parse(instant)));
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
