// Owns what service level clocks look like from outside, at an instant: for the API, for lists and for whoever asks.

import { addOpenTime, openTimeBetween, type BusinessHours } from "./calendar.ts";
import type { Episode } from "./incident.ts";
import { elapsedMs, type SlaClock } from "./sla-clock.ts";
import { breachFlag, stagesOf, targetMs, type ClockKind, type SlaTerms } from "./sla.ts";
import type { Id } from "./snapshot.ts";

/**
 * running · at-risk: a warning has been given · paused: stands still · breached: missed, answered since or not ·
 * met: stopped in time · stopped: its terms no longer hold, or another incident speaks for this one.
 */
export type ClockState = "running" | "at-risk" | "paused" | "breached" | "met" | "stopped";
export const clockStates: readonly ClockState[] = ["running", "at-risk", "paused", "breached", "met", "stopped"];

/** What lists keep of a clock. Instants are epoch ms. */
export interface SlaSummary {
  readonly id: Id;
  readonly name: string;
  readonly kind: ClockKind;
  readonly state: ClockState;
  /** Null: it stands still, or its calendar is never open for so long. */
  readonly deadline: number | null;
  /** The calendar's id; null: always. */
  readonly hours: Id | null;
  /** Of its own hours, when it was last reckoned; what a clock that stands still has left. */
  readonly remainingMs: number;
  readonly flag: string | null;
}

export interface SlaView extends SlaSummary {
  readonly startedAt: number;
  readonly targetMs: number;
  readonly elapsedMs: number;
  /** Warnings still to come, if it goes on as it is. */
  readonly warnAt: readonly number[];
  readonly pausedAt: number | null;
  readonly pausedMs: number;
  readonly breachedAt: number | null;
  readonly stoppedAt: number | null;
  readonly met: boolean | null;
}

type Watched = Pick<Episode, "decision" | "sla">;

/** Every clock of the incident, the one that is missed first at the top. */
export function slaViews({ decision, sla }: Watched, now: number): readonly SlaView[] {
  const views = (sla?.clocks ?? []).flatMap((clock) => {
    const terms = decision.slas?.find(({ id }) => id === clock.id);
    return terms === undefined ? [] : [viewOf(terms, clock, now)];
  });
  return views.toSorted((a, b) => (a.deadline ?? Infinity) - (b.deadline ?? Infinity) || (a.id < b.id ? -1 : 1));
}

export function slaSummaries(watched: Watched, now: number): readonly SlaSummary[] {
  return slaViews(watched, now).map(({ id, name, kind, state, deadline, hours, remainingMs, flag }) => ({
    id,
    name,
    kind,
    state,
    deadline,
    hours,
    remainingMs,
    flag,
  }));
}

function viewOf(terms: SlaTerms, clock: SlaClock, now: number): SlaView {
  const { kind, deadline, startedAt, pausedAt, pausedMs, breachedAt, stoppedAt, met } = clock;
  const whole = targetMs(terms, kind) ?? 0;
  const elapsed = elapsedMs(terms, clock, now);
  const state = stateOf(clock);
  const ahead =
    state === "running" || state === "at-risk" ? stagesOf(terms, kind).filter(({ n }) => !clock.warned.includes(n)) : [];
  return {
    id: terms.id,
    name: terms.name,
    kind,
    state,
    deadline,
    hours: terms.hours === "always" ? null : terms.hours.id,
    remainingMs: whole - elapsed,
    flag: flagOf(terms, clock),
    startedAt,
    targetMs: whole,
    elapsedMs: elapsed,
    warnAt: ahead.flatMap(({ afterMs }) => addOpenTime(terms.hours, startedAt, afterMs + pausedMs) ?? []),
    pausedAt,
    pausedMs,
    breachedAt,
    stoppedAt,
    met,
  };
}

function stateOf({ applies, breachedAt, stoppedAt, pausedAt, warned }: SlaClock): ClockState {
  if (!applies) return "stopped";
  if (breachedAt !== null) return "breached";
  if (stoppedAt !== null) return "met";
  if (pausedAt !== null) return "paused";
  return warned.length > 0 ? "at-risk" : "running";
}

/** The flag of the latest warning given, while the clock is open; that it was missed outweighs it. */
function flagOf(terms: SlaTerms, clock: SlaClock): string | null {
  if (!clock.applies) return null;
  if (clock.breachedAt !== null) return breachFlag;
  const given = stagesOf(terms, clock.kind).filter(({ n, warning }) => clock.warned.includes(n) && warning.flag !== null);
  return clock.stoppedAt === null ? (given.at(-1)?.warning.flag ?? null) : null;
}

/** What is left of a listed clock at `now`, negative once it is over. */
export function remainingOf(clock: SlaSummary, calendar: BusinessHours | undefined, now: number): number {
  if (clock.deadline === null || clock.state === "met" || clock.state === "stopped") return clock.remainingMs;
  const hours = clock.hours === null || calendar === undefined ? "always" : calendar;
  return now <= clock.deadline ? openTimeBetween(hours, now, clock.deadline) : -openTimeBetween(hours, clock.deadline, now);
}
