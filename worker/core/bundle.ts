// Owns bundling: which pages of one person go at once, which wait, and which of them carries the summary of the others. Knows
// incidents by name only. The pages themselves stay with their incidents, whoever is in doubt sends its own.

import { limits } from "./limits.ts";
import type { Id } from "./snapshot.ts";

/** More than `after` incidents within a time, and pages wait for a summary, one each `everyMs`. */
export interface BundleRule {
  readonly after: number;
  readonly withinMs: number;
  readonly everyMs: number;
}

/** One page that waits, as a summary tells of it. */
export interface Waiting {
  readonly delivery: string;
  readonly incident: string;
  readonly title: string;
  readonly severity: string;
  readonly service: Id | null;
}

/** One way to the person: a contact by a notifier. Pages are bundled with those that go the same way. */
export interface Lane {
  /** When the next summary may go; null: none has been asked for. */
  readonly nextAt: number | null;
  readonly waiting: readonly Waiting[];
  readonly carrier: { readonly delivery: string; readonly items: readonly Waiting[]; readonly until: number } | null;
  /** Pages that a summary has carried, by delivery: which one, and when. */
  readonly carried: readonly { readonly delivery: string; readonly by: string; readonly at: number }[];
}

export interface PersonState {
  /** Incidents that paged this person lately. `free`: it was among the first and goes at once. */
  readonly recent: readonly { readonly incident: string; readonly at: number; readonly free: boolean }[];
  readonly lanes: Readonly<Record<string, Lane>>;
}

export interface Ask extends Waiting {
  readonly lane: string;
  readonly rule: BundleRule;
  /** Of the worst severity: never waits, and counts. */
  readonly urgent: boolean;
  /** A try after one that left: it has waited already. */
  readonly again: boolean;
  /** It must be out by then, whatever the others do (its incident moves on); null: nothing presses. */
  readonly deadline: number | null;
}

export type Answer =
  | { readonly kind: "send" }
  | { readonly kind: "wait"; readonly until: number }
  /** It goes now, and tells of these as well. */
  | { readonly kind: "carry"; readonly others: readonly Waiting[] }
  /** The summary that told of it has been accepted. */
  | { readonly kind: "carried"; readonly by: string };

export const nobody: PersonState = { recent: [], lanes: {} };

const noLane: Lane = { nextAt: null, waiting: [], carrier: null, carried: [] };
const bound = limits.bundle;

export function ask(state: PersonState, asked: Ask, now: number): { readonly state: PersonState; readonly answer: Answer } {
  const lane = laneOf(state, asked.lane, now);
  const known = lane.carried.find((each) => each.delivery === asked.delivery);
  if (known) return { state, answer: { kind: "carried", by: known.by } };
  const recent = state.recent.filter((each) => each.at > now - asked.rule.withinMs);
  const present = recent.find((each) => each.incident === asked.incident);
  const free = present?.free ?? recent.length < asked.rule.after;
  const after: PersonState = {
    lanes: state.lanes,
    recent: present ? recent : [...recent, { incident: asked.incident, at: now, free }].slice(-bound.kept.recentMax),
  };
  const { carrier } = lane;
  if (carrier?.delivery === asked.delivery) return carry(after, asked, { ...lane, carrier: null, waiting: merged(lane) }, now);
  if (carrier !== null && carrier.items.some((each) => each.delivery === asked.delivery))
    return wait(after, asked, lane, Math.min(carrier.until, now + bound.settleMs));
  const waiting = lane.waiting.some((each) => each.delivery === asked.delivery);
  if (asked.urgent || asked.again || (free && !waiting)) return send(after, asked, lane);
  const full = lane.waiting.length >= bound.kept.waitingMax && !waiting;
  if (full) return send(after, asked, lane);
  const joined = { ...lane, waiting: waiting ? lane.waiting : [...lane.waiting, wordsOf(asked)] };
  if (lane.nextAt !== null && now >= lane.nextAt && lane.waiting.length > 0) return carry(after, asked, joined, now);
  const nextAt = lane.nextAt !== null && now < lane.nextAt ? lane.nextAt : now + asked.rule.everyMs;
  return wait(after, asked, { ...joined, nextAt }, nextAt);
}

/** What was waiting with a carrier that asks again, and what has come since. */
function merged({ carrier, waiting }: Lane): readonly Waiting[] {
  const items = carrier?.items ?? [];
  return [...items, ...waiting.filter((each) => !items.some((other) => other.delivery === each.delivery))];
}

function send(state: PersonState, asked: Ask, lane: Lane): { state: PersonState; answer: Answer } {
  return { state: withLane(state, asked.lane, without(lane, [asked.delivery])), answer: { kind: "send" } };
}

/** It waits, unless that would be too late for it. */
function wait(state: PersonState, asked: Ask, lane: Lane, until: number): { state: PersonState; answer: Answer } {
  if (asked.deadline !== null && until > asked.deadline) return send(state, asked, lane);
  return { state: withLane(state, asked.lane, lane), answer: { kind: "wait", until } };
}

function carry(state: PersonState, asked: Ask, lane: Lane, now: number): { state: PersonState; answer: Answer } {
  const others = lane.waiting.filter((each) => each.delivery !== asked.delivery);
  const nextAt = now + asked.rule.everyMs;
  if (others.length === 0) return send(state, asked, { ...lane, nextAt });
  const carrier = { delivery: asked.delivery, items: lane.waiting, until: now + bound.carrierMs };
  return { state: withLane(state, asked.lane, { ...lane, waiting: [], carrier, nextAt }), answer: { kind: "carry", others } };
}

/** What became of a carrier. Accepted: those it told of are done. Anything else: they wait on, and the next one carries. */
export function reported(state: PersonState, laneName: string, delivery: string, accepted: boolean, now: number): PersonState {
  const lane = laneOf(state, laneName, now);
  if (lane.carrier?.delivery !== delivery) return state;
  const others = lane.carrier.items.filter((each) => each.delivery !== delivery);
  if (!accepted) return withLane(state, laneName, { ...lane, carrier: null, waiting: [...others, ...lane.waiting], nextAt: now });
  const carried = [...lane.carried, ...others.map((each) => ({ delivery: each.delivery, by: delivery, at: now }))];
  return withLane(state, laneName, { ...lane, carrier: null, carried: carried.slice(-bound.kept.carried) });
}

/** Pages that are not wanted any more (somebody acknowledged): no summary tells of them. */
export function forgotten(state: PersonState, deliveries: readonly string[]): PersonState {
  return {
    ...state,
    lanes: Object.fromEntries(Object.entries(state.lanes).map(([name, lane]) => [name, without(lane, deliveries)])),
  };
}

function without(lane: Lane, deliveries: readonly string[]): Lane {
  const keep = (each: Waiting): boolean => !deliveries.includes(each.delivery);
  const carrier = lane.carrier === null ? null : { ...lane.carrier, items: lane.carrier.items.filter(keep) };
  return { ...lane, waiting: lane.waiting.filter(keep), carrier };
}

/** With a carrier that was never heard of again, those it was to tell of wait for another one. */
function laneOf(state: PersonState, name: string, now: number): Lane {
  const lane = state.lanes[name] ?? noLane;
  if (lane.carrier === null || now < lane.carrier.until) return lane;
  return { ...lane, carrier: null, waiting: merged(lane), nextAt: now };
}

function withLane(state: PersonState, name: string, lane: Lane): PersonState {
  const others = Object.entries(state.lanes).filter(([other, each]) => other !== name && isUsed(each));
  return { ...state, lanes: Object.fromEntries([...others.slice(-bound.kept.lanesMax), [name, lane]]) };
}

function isUsed(lane: Lane): boolean {
  return lane.waiting.length > 0 || lane.carrier !== null || lane.carried.length > 0;
}

function wordsOf({ delivery, incident, title, severity, service }: Ask): Waiting {
  return { delivery, incident, title, severity, service };
}
