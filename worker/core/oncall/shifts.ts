// Owns the schedule over a stretch of time: final shifts, each layer's own, gaps, handoffs. Computed anew for every question.

import type { Span } from "../calendar.ts";
import type { Id } from "../snapshot.ts";
import { dutyAt, type Duty } from "./duty.ts";
import { groundsOf, samePeople, sameShift } from "./on-call.ts";
import { prepare, resolveAt, type PreparedLayer, type Resolution } from "./resolve.ts";
import type { Schedule } from "./schedule.ts";

/** People on call together over [from, to) for one reason; cut at the asked range. */
export interface Shift {
  readonly from: number;
  readonly to: number;
  readonly users: readonly Id[];
  readonly layer: Id | null;
  readonly override: Id | null;
  readonly fallback: boolean;
}

/** Nobody is on call over [from, to). */
export interface Gap {
  readonly from: number;
  readonly to: number;
  /** A slot left empty, or an override that emptied it; else nobody thought of it. */
  readonly onPurpose: boolean;
  /** Somebody is on call, but no page can reach them, nor anybody of the schedule's fallback. Absent: nobody is on call. */
  readonly outOfReach?: readonly Id[];
}

export interface LayerShifts {
  readonly layer: Id;
  readonly shadow: boolean;
  readonly shifts: readonly { readonly from: number; readonly to: number; readonly users: readonly Id[] }[];
}

export interface Shifts {
  readonly shifts: readonly Shift[];
  readonly gaps: readonly Gap[];
  /** Each layer by itself, before overrides; only where they were asked for. */
  readonly layers: readonly LayerShifts[];
}

/** The final schedule over [from, to): adjacent equal shifts are one, and every instant is in a shift or in a gap. */
export function shiftsBetween(schedule: Schedule, from: number, to: number, options: { readonly layers?: boolean } = {}): Shifts {
  const shifts: Shift[] = [];
  const gaps: Gap[] = [];
  for (const { found, ...span } of stretches(schedule, from, to)) {
    if (found.seats.length === 0) gaps.push({ ...span, onPurpose: found.onPurpose });
    else {
      shifts.push({ ...span, users: found.seats.map((seat) => seat.user), ...groundsOf(found) });
    }
  }
  const layers = options.layers === true ? prepare(schedule).layers.map((layer) => layerShifts(layer, from, to)) : [];
  return { shifts, gaps, layers };
}

/** Where nobody is on call, or nobody whom a page can reach: the schedule's fallback is paged then, as the ladder does. */
export function gapsBetween(schedule: Schedule, from: number, to: number, reaches: (user: Id) => boolean = () => true): Gap[] {
  const rescued = schedule.fallback.some(reaches);
  return [...stretches(schedule, from, to)].flatMap(({ found, ...span }): Gap[] => {
    const users = found.seats.map((seat) => seat.user);
    if (users.length === 0) return [{ ...span, onPurpose: found.onPurpose }];
    return rescued || users.some(reaches) ? [] : [{ ...span, onPurpose: false, outOfReach: users }];
  });
}

/** The next instant at which other people are on call, a gap included; null: not before `until`. */
export function nextHandoff(schedule: Schedule, at: number, until: number): number | null {
  const now = resolveAt(schedule, at);
  for (let next = now; next.to < until;) {
    const there = next.to;
    next = resolveAt(schedule, there);
    if (!samePeople(now, next)) return there;
  }
  return null;
}

/** One person's shifts in every schedule, in order of time. */
export function shiftsOf(
  user: Id,
  schedules: readonly Schedule[],
  from: number,
  to: number,
): (Shift & { readonly schedule: Id })[] {
  return schedules
    .flatMap((schedule) =>
      shiftsBetween(schedule, from, to)
        .shifts.filter((shift) => shift.users.includes(user))
        .map((shift) => ({ ...shift, schedule: schedule.id })),
    )
    .sort((a, b) => a.from - b.from);
}

/** [from, to) as stretches of one answer, neighbours different. */
function* stretches(
  schedule: Schedule,
  from: number,
  to: number,
): Generator<{ readonly from: number; readonly to: number; readonly found: Resolution }> {
  if (to <= from) return;
  let begin = from;
  let found = resolveAt(schedule, from);
  while (found.to < to) {
    const end = found.to;
    const next = resolveAt(schedule, end);
    if (!(sameShift(found, next) && (next.seats.length > 0 || next.onPurpose === found.onPurpose))) {
      yield { from: begin, to: end, found };
      begin = end;
    }
    found = next;
  }
  yield { from: begin, to, found };
}

function layerShifts({ id, shadow, source }: PreparedLayer, from: number, to: number): LayerShifts {
  const shifts: { from: number; to: number; users: readonly Id[] }[] = [];
  for (let at = from; at < to;) {
    const duty: Duty = dutyAt(source, at);
    const [since, till] = [Math.max(duty.from, at), Math.min(duty.to, to)];
    const last = shifts.at(-1);
    if (duty.state === "on") {
      if (last?.to === since && equal(last.users, duty.users)) last.to = till;
      else shifts.push({ from: since, to: till, users: duty.users });
    }
    at = till;
  }
  return { layer: id, shadow, shifts };
}

function equal(a: readonly Id[], b: readonly Id[]): boolean {
  return a.length === b.length && a.every((user) => b.includes(user));
}

/** Spans cut to a range. */
export function clipped<T extends Span>(spans: readonly T[], from: number, to: number): T[] {
  return spans
    .filter((span) => span.to > from && span.from < to)
    .map((span) => ({ ...span, from: Math.max(span.from, from), to: Math.min(span.to, to) }));
}
