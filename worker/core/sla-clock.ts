// Owns the running of service level clocks: start, pause, stop, warnings that fall due, breach. Everything is reckoned anew
// from facts (when it opened, who answered when, which states it was in), so that an edited calendar or another severity
// gives what it would have given from the start. Pure; what becomes of the events is sla-watch.ts's.

import { addOpenTime, openTimeBetween } from "./calendar.ts";
import { limits } from "./limits.ts";
import type { State } from "./moves.ts";
import { clockKinds, stagesOf, targetMs, type ClockKind, type SlaTerms, type Stage } from "./sla.ts";
import type { Id } from "./snapshot.ts";

/** A stay in a state that some clock stands still in. */
export interface Spell {
  readonly state: State;
  readonly from: number;
  /** Null: it lasts. */
  readonly to: number | null;
}

export interface SlaClock {
  readonly id: Id;
  readonly kind: ClockKind;
  readonly startedAt: number;
  /** When it is missed if it goes on as it is; null while it stands still, or when its calendar never opens for so long. */
  readonly deadline: number | null;
  /** When it must be looked at next; null: nothing more comes of it by itself. */
  readonly nextAt: number | null;
  readonly pausedAt: number | null;
  /** Open time of its calendar that it stood still for, ms; a pause that lasts is not in it yet. */
  readonly pausedMs: number;
  /** Warnings given or passed, as indexes into the terms' `warn`. */
  readonly warned: readonly number[];
  /** The instant the time allowed was over, which may be before anybody could look. */
  readonly breachedAt: number | null;
  readonly stoppedAt: number | null;
  /** Once stopped: in time? */
  readonly met: boolean | null;
  /** False: the terms do not hold under the present severity. What was warned is kept, should they hold again. */
  readonly applies: boolean;
}

export interface SlaState {
  readonly spells: readonly Spell[];
  readonly clocks: readonly SlaClock[];
  /** An incident that was held or suppressed has none before it is promoted. */
  readonly begun: boolean;
  readonly seen: Seen;
}

/** What the clocks were last reckoned by; the same again and nothing due: nothing to do. */
interface Seen {
  readonly state: State;
  readonly severity: string;
  readonly respondedAt: number | null;
  readonly resolvedAt: number | null;
}

export interface SlaFacts extends Seen {
  readonly terms: readonly SlaTerms[];
  readonly openedAt: number;
  /** The terms have been changed since the last look (an edited calendar). */
  readonly edited: boolean;
}

export type SlaEvent =
  | { readonly kind: "started"; readonly clock: SlaClock }
  | { readonly kind: "dropped"; readonly clock: SlaClock }
  | { readonly kind: "moved"; readonly clock: SlaClock; readonly from: number | null }
  /** `stages` speak, `passed` fell due unseen before them. `pages`: the latest of all of them that page somebody. */
  | {
      readonly kind: "warning";
      readonly clock: SlaClock;
      readonly stages: readonly Stage[];
      readonly passed: readonly Stage[];
      readonly pages: readonly Stage[];
    }
  | { readonly kind: "breached"; readonly clock: SlaClock }
  | { readonly kind: "stopped"; readonly clock: SlaClock };

export interface Tended {
  readonly state: SlaState | null;
  readonly events: readonly SlaEvent[];
}

/** Brings the clocks up to `now`. Gives the very same state back when nothing has changed. */
export function tendClocks(before: SlaState | null, facts: SlaFacts, now: number): Tended {
  if (before === null && facts.terms.length === 0) return { state: null, events: [] };
  if (before !== null && !facts.edited && isSame(before.seen, facts) && !isDue(before, now)) return { state: before, events: [] };
  const spells = spellsAfter(before?.spells ?? [], facts, now);
  const begun = (before?.begun ?? false) || (["triggered", "acknowledged", "snoozed"] as State[]).includes(facts.state);
  const events: SlaEvent[] = [];
  const clocks = begun
    ? facts.terms.flatMap((terms) =>
        clockKinds.flatMap((kind) => {
          const known = before?.clocks.find((clock) => clock.id === terms.id && clock.kind === kind);
          const clock = tendClock(known, { terms, kind, spells, facts, now }, events);
          return clock === null ? [] : [clock];
        }),
      )
    : [];
  const { state, severity, respondedAt, resolvedAt } = facts;
  return { state: { spells, clocks, begun, seen: { state, severity, respondedAt, resolvedAt } }, events };
}

/** How much of its time a clock has used at `at`, ms of its own hours. */
export function elapsedMs(terms: SlaTerms, clock: SlaClock, at: number): number {
  return openTimeBetween(terms.hours, clock.startedAt, clock.stoppedAt ?? clock.pausedAt ?? at) - clock.pausedMs;
}

/** When the clocks must be looked at next. */
export function nextClockAt(sla: SlaState | null | undefined): number | null {
  const times = sla?.clocks.flatMap((clock) => clock.nextAt ?? []) ?? [];
  return times.length === 0 ? null : Math.min(...times);
}

function isSame(seen: Seen, facts: SlaFacts): boolean {
  return (
    seen.state === facts.state &&
    seen.severity === facts.severity &&
    seen.respondedAt === facts.respondedAt &&
    seen.resolvedAt === facts.resolvedAt
  );
}

function isDue(state: SlaState, now: number): boolean {
  const next = nextClockAt(state);
  return next !== null && next <= now;
}

/** The stays so far, with the present state's; only of states that matter to some clock. */
function spellsAfter(before: readonly Spell[], facts: SlaFacts, now: number): readonly Spell[] {
  const last = before.at(-1);
  if (last?.to === null && last.state === facts.state) return before;
  const closed = last?.to === null ? [...before.slice(0, -1), { ...last, to: now }] : before;
  const matters = facts.terms.some((terms) => standsStill(terms, facts.state));
  if (!matters) return closed;
  const all = [...closed, { state: facts.state, from: now, to: null }];
  if (all.length <= limits.sla.spellsKept) return all;
  // The shortest is forgotten: its clocks run a little early, which warns too soon rather than too late.
  const ended = all.slice(0, -1);
  const shortest = ended.reduce((a, b) => ((b.to ?? now) - b.from < (a.to ?? now) - a.from ? b : a));
  return all.filter((spell) => spell !== shortest);
}

function standsStill(terms: SlaTerms, state: State): boolean {
  return state === "resolved" || state === "merged" || terms.pauseIn.some((each) => each === state);
}

interface Look {
  readonly terms: SlaTerms;
  readonly kind: ClockKind;
  readonly spells: readonly Spell[];
  readonly facts: SlaFacts;
  readonly now: number;
}

/** One clock at `now`; null: these terms have none of this kind, or have not held yet. */
function tendClock(known: SlaClock | undefined, look: Look, events: SlaEvent[]): SlaClock | null {
  const { terms, kind, facts, now } = look;
  const whole = targetMs(terms, kind);
  if (whole === null) return null;
  const applies = terms.severities.includes(facts.severity) && facts.state !== "merged";
  if (!applies) {
    if (known === undefined || !known.applies) return known ?? null;
    const dropped = { ...known, applies: false, nextAt: null };
    if (facts.state !== "merged") events.push({ kind: "dropped", clock: dropped });
    return dropped;
  }
  const stoppedAt = stopOf(kind, facts);
  // What was judged stays judged, whatever becomes of the calendar.
  if (known?.applies && stoppedAt !== null && known.stoppedAt === stoppedAt) return known;
  const pausedAt = stoppedAt === null && standsStill(terms, facts.state) ? (look.spells.at(-1)?.from ?? now) : null;
  const end = stoppedAt ?? pausedAt ?? now;
  const pausedMs = pausedUntil(look, end);
  const elapsed = openTimeBetween(terms.hours, facts.openedAt, end) - pausedMs;
  // A quiet incident (re-opened into a hold or a maintenance) pages nobody: what falls due meanwhile is told when it is promoted.
  const quiet = stoppedAt === null && (facts.state === "held" || facts.state === "suppressed");
  const wasMissed = (known?.breachedAt ?? null) !== null;
  // A running clock is missed when its time is over; one that stopped at that very moment was in time.
  const missed = quiet ? wasMissed : stoppedAt === null ? elapsed >= whole : elapsed > whole;
  const deadline = instantAfter(look, whole);
  const breachedAt = missed ? (known?.breachedAt ?? deadline) : null;
  const due = stoppedAt !== null || quiet ? [] : dueStages(look, known?.warned ?? [], elapsed);
  const warned = [...(known?.warned ?? []), ...due.map((stage) => stage.n)];
  const sleeps = stoppedAt !== null || pausedAt !== null || quiet;
  const waiting = sleeps ? null : nextStage(look, warned, breachedAt === null ? whole : null);
  const clock: SlaClock = {
    id: terms.id,
    kind,
    startedAt: facts.openedAt,
    deadline: breachedAt ?? deadline,
    nextAt: waiting === null ? null : instantAfter(look, waiting),
    pausedAt,
    pausedMs,
    warned,
    breachedAt,
    stoppedAt,
    met: stoppedAt === null ? null : !missed,
    applies: true,
  };
  tell(known, clock, due, events);
  return clock;
}

/** When the clock stopped; null: it has not. */
function stopOf(kind: ClockKind, facts: SlaFacts): number | null {
  const resolvedAt = facts.state === "resolved" ? facts.resolvedAt : null;
  return kind === "resolve" ? resolvedAt : (facts.respondedAt ?? resolvedAt);
}

/** How long it stood still until `end`, in its own hours. */
function pausedUntil(look: Look, end: number): number {
  return pausesOf(look).reduce((sum, { from, to }) => sum + openTimeBetween(look.terms.hours, from, Math.min(to ?? end, end)), 0);
}

/** The instant at which the clock has, or will have, run for `ms`; null: never, or it stands still before. */
function instantAfter(look: Look, ms: number): number | null {
  const { terms, facts } = look;
  let run = ms;
  for (const { from, to } of pausesOf(look)) {
    const reached = addOpenTime(terms.hours, facts.openedAt, run);
    if (reached === null || reached <= from) return reached;
    if (to === null) return null;
    run += openTimeBetween(terms.hours, from, to);
  }
  return addOpenTime(terms.hours, facts.openedAt, run);
}

function pausesOf({ terms, spells, facts }: Look): readonly Spell[] {
  return spells
    .filter((spell) => standsStill(terms, spell.state))
    .map((spell) => ({ ...spell, from: Math.max(spell.from, facts.openedAt) }));
}

/** Reached and not yet warned of, earliest first. */
function dueStages({ terms, kind }: Look, warned: readonly number[], elapsed: number): readonly Stage[] {
  return stagesOf(terms, kind).filter((stage) => stage.afterMs <= elapsed && !warned.includes(stage.n));
}

/** How much of its time the next warning, or the end, comes after. */
function nextStage({ terms, kind }: Look, warned: readonly number[], whole: number | null): number | null {
  const ahead = stagesOf(terms, kind).flatMap((stage) => (warned.includes(stage.n) ? [] : stage.afterMs));
  const times = whole === null ? ahead : [...ahead, whole];
  return times.length === 0 ? null : Math.min(...times);
}

function tell(known: SlaClock | undefined, clock: SlaClock, due: readonly Stage[], events: SlaEvent[]): void {
  if (!known?.applies) events.push({ kind: "started", clock });
  else if (known.deadline !== clock.deadline && clock.stoppedAt === null && clock.pausedAt === null && clock.breachedAt === null)
    events.push({ kind: "moved", clock, from: known.deadline });
  const stages = latestOf(due);
  if (stages.length > 0) {
    const pages = latestOf(due.filter(({ warning }) => warning.policy !== null || warning.notify.length > 0));
    events.push({ kind: "warning", clock, stages, passed: due.filter((stage) => !stages.includes(stage)), pages });
  }
  if (clock.breachedAt !== null && (known?.breachedAt ?? null) === null) events.push({ kind: "breached", clock });
  if (clock.stoppedAt !== null && (known?.stoppedAt ?? null) === null) events.push({ kind: "stopped", clock });
}

/** After downtime several stages are due in one moment: only the last of them, or those that share its time, are for telling. */
function latestOf(due: readonly Stage[]): readonly Stage[] {
  const last = due.at(-1);
  return due.filter((stage) => stage.afterMs === last?.afterMs);
}
