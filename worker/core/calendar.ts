// Owns business hours: when a calendar is open, and time counted only while it is. Pure arithmetic over worker/core/zone.ts;
// knows nothing of incidents. Instants are epoch ms, spans are half-open (closed at the closing time itself).

import { limits } from "./limits.ts";
import type { Id } from "./snapshot.ts";
import { instantOf, wallAt, zoneOf, type Zone } from "./zone.ts";

export type Weekday = "MO" | "TU" | "WE" | "TH" | "FR" | "SA" | "SU";

/**
 * Open from `from` to `to` ("HH:MM" on the wall, `to` may be "24:00") on the days it begins on. A `to` before `from` is the
 * next day's; equal ones are 24 hours.
 */
export interface OpenWindow {
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
}

export interface BusinessHours {
  readonly id: Id;
  readonly name: string;
  /** IANA. */
  readonly timeZone: string;
  /** Several are joined. None: never open. */
  readonly hours: readonly OpenWindow[];
  /** "2026-12-25": closed from 00:00 to 24:00 of that local day, whatever window reaches into it. */
  readonly holidays: readonly string[];
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

const dayMs = 86_400_000;
/** 1970-01-01 was a Thursday. */
const weekdays: readonly Weekday[] = ["TH", "FR", "SA", "SU", "MO", "TU", "WE"];

export function isOpenAt(calendar: BusinessHours, at: number): boolean {
  const day = localDay(zoneOf(calendar.timeZone), at);
  // The day before as well: a window in a skipped hour before midnight is read as one after it.
  return [day - 1, day].some((each) => spansOn(planOf(calendar), each).some((span) => span.from <= at && at < span.to));
}

/** When it next goes from closed to open, after `at`; null: not within ten years. */
export function nextOpening(calendar: BusinessHours, at: number): number | null {
  for (const span of openSpans(calendar, at)) if (span.from > at) return span.from;
  return null;
}

/** When it next goes from open to closed, after `at`; null: not within ten years. */
export function nextClosing(calendar: BusinessHours, at: number): number | null {
  const horizon = at + (limits.calendar.daysMax - 2) * dayMs;
  for (const span of openSpans(calendar, at)) if (span.to > at) return span.to < horizon ? span.to : null;
  return null;
}

/** The first instant at which the calendar has been open for `ms` since `from`; null: it is not open for so long within ten years. */
export function addOpenTime(calendar: BusinessHours | "always", from: number, ms: number): number | null {
  if (calendar === "always" || ms <= 0) return from + Math.max(0, ms);
  let left = ms;
  for (const span of openSpans(calendar, from)) {
    const begin = Math.max(span.from, from);
    const length = span.to - begin;
    if (length >= left) return begin + left;
    if (length > 0) left -= length;
  }
  return null;
}

/** How long the calendar is open in [from, to), ms; 0 when `to` is not after `from`. Counts at most ten years ahead. */
export function openTimeBetween(calendar: BusinessHours | "always", from: number, to: number): number {
  if (to <= from) return 0;
  if (calendar === "always") return to - from;
  let sum = 0;
  for (const span of openSpans(calendar, from)) {
    if (span.from >= to) break;
    sum += Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
  }
  return sum;
}

/**
 * The open spans that end after `at`, in order, touching ones joined. Days are looked through one at a time, at most
 * `limits.calendar.daysMax`; a calendar without a single window is never walked.
 */
export function* openSpans(calendar: BusinessHours, at: number): Generator<Span, void, void> {
  const plan = planOf(calendar);
  if (plan.byWeekday.every((windows) => windows.length === 0)) return;
  const first = localDay(plan.zone, at) - 1;
  let held: Span[] = [];
  for (let day = first; day < first + limits.calendar.daysMax; day++) {
    held = joined([...held, ...spansOn(plan, day)]);
    // A span that ended before this day began cannot grow any more.
    const begins = instantOf(plan.zone, (day - 1) * dayMs);
    const ended = held.filter((span) => span.to < begins);
    held = held.slice(ended.length);
    for (const span of ended) if (span.to > at) yield span;
  }
  for (const span of held) if (span.to > at) yield span;
}

/** Sorted, touching and overlapping ones made one. */
function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.to) result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else result.push(span);
  }
  return result;
}

/** A calendar ready for reckoning: what of each weekday is open, as ms from its own 00:00, and the days it is closed on. */
interface Plan {
  readonly zone: Zone;
  readonly byWeekday: readonly (readonly Span[])[];
  readonly closed: ReadonlySet<number>;
}

const plans = new WeakMap<BusinessHours, Plan>();

function planOf(calendar: BusinessHours): Plan {
  const known = plans.get(calendar);
  if (known) return known;
  const byWeekday: Span[][] = weekdays.map(() => []);
  for (const window of calendar.hours) {
    const from = clockMs(window.from);
    const to = clockMs(window.to);
    for (const weekday of window.days) {
      const index = weekdays.indexOf(weekday);
      byWeekday[index]?.push({ from, to: to > from ? to : dayMs });
      // What reaches past midnight belongs to the next day, which may be a holiday when this one is not.
      if (to <= from && to > 0) byWeekday[(index + 1) % 7]?.push({ from: 0, to });
    }
  }
  const plan: Plan = {
    zone: zoneOf(calendar.timeZone),
    byWeekday: byWeekday.map(joined),
    closed: new Set(calendar.holidays.map((date) => Math.floor(Date.parse(`${date}T00:00:00Z`) / dayMs))),
  };
  plans.set(calendar, plan);
  return plan;
}

/** The open spans of one local day (days since 1970-01-01), as instants. One that a clock change makes empty is left out. */
function spansOn(plan: Plan, day: number): Span[] {
  if (plan.closed.has(day)) return [];
  return (plan.byWeekday[((day % 7) + 7) % 7] ?? [])
    .map((window) => ({
      from: instantOf(plan.zone, day * dayMs + window.from),
      to: instantOf(plan.zone, day * dayMs + window.to),
    }))
    .filter((span) => span.to > span.from);
}

function localDay(zone: Zone, at: number): number {
  return Math.floor(wallAt(zone, at) / dayMs);
}

const clockShape = /^(\d{2}):(\d{2})$/;

/** "HH:MM" as ms from 00:00; NaN when it is none (checked where calendars come in). */
function clockMs(text: string): number {
  const found = clockShape.exec(text);
  return found ? (Number(found[1]) * 60 + Number(found[2])) * 60_000 : Number.NaN;
}
