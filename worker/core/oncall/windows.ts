// Owns restrictions: when somebody of a layer may be on call at all. Each window stands by itself, wall clock at both ends; one
// that a clock change makes empty is empty.

import type { Span, Weekday } from "../calendar.ts";
import type { Restriction } from "./schedule.ts";
import { instantOf, shiftMsMax, type Zone } from "../zone.ts";

export const dayMs = 86_400_000;
export const weekMs = 7 * dayMs;

export const weekdays: readonly Weekday[] = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

/** A restriction ready for use: ms after midnight, `to` in the next day where it is at or before `from`. */
export interface Window {
  /** By day of the week, Sunday first. */
  readonly on: readonly boolean[];
  readonly from: number;
  readonly to: number;
}

/** Ms after midnight of "HH:MM"; "24:00" is the day's end. Null: no such time. */
export function parseClock(text: string): number | null {
  const found = /^(\d{2}):(\d{2})$/.exec(text);
  if (!found) return null;
  const [hour, minute] = [Number(found[1]), Number(found[2])];
  return (hour <= 23 && minute <= 59) || (hour === 24 && minute === 0) ? (hour * 60 + minute) * 60_000 : null;
}

export function windowOf(restriction: Restriction): Window {
  const from = parseClock(restriction.from) ?? 0;
  const to = parseClock(restriction.to) ?? 0;
  return {
    on: weekdays.map((day) => restriction.days.includes(day)),
    from,
    to: to > from ? to : to + dayMs,
  };
}

/** 1970-01-01 was a Thursday. */
export function weekdayOf(wall: number): number {
  return (((Math.floor(wall / dayMs) + 4) % 7) + 7) % 7;
}

/** Every stretch inside the windows that touches [from, to), joined, in order; the outer ends are true ones where they lie within a day. */
export function windowSpans(windows: readonly Window[], zone: Zone, from: number, to: number): Span[] {
  const spans: Span[] = [];
  const first = Math.floor((from - shiftMsMax - 2 * dayMs) / dayMs) * dayMs;
  for (let day = first; day < to + shiftMsMax; day += dayMs) {
    const weekday = weekdayOf(day);
    for (const window of windows) {
      if (!window.on[weekday]) continue;
      const span = { from: instantOf(zone, day + window.from), to: instantOf(zone, day + window.to) };
      if (span.from < span.to) spans.push(span);
    }
  }
  return joined(spans);
}

/** Overlapping and touching spans as one. */
export function joined(spans: readonly Span[]): Span[] {
  const result: { from: number; to: number }[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else result.push({ from: span.from, to: span.to });
  }
  return result;
}

/** The week as the windows cut it, in wall time from Sunday 00:00: for what is judged by the calendar and not by instants. */
export function weekPattern(windows: readonly Window[]): Span[] {
  const spans: Span[] = [];
  for (const window of windows)
    for (let day = 0; day < 7; day++) {
      if (!window.on[day]) continue;
      const [from, to] = [day * dayMs + window.from, day * dayMs + window.to];
      spans.push({ from, to: Math.min(to, weekMs) });
      if (to > weekMs) spans.push({ from: 0, to: to - weekMs });
    }
  return joined(spans);
}

/** Whether [from, to) of wall time meets the pattern anywhere. */
export function meetsPattern(pattern: readonly Span[], from: number, to: number): boolean {
  if (to <= from) return false;
  if (to - from >= weekMs) return pattern.length > 0;
  // Thursday 1970-01-01 lies four days into its week.
  const start = (((from + 4 * dayMs) % weekMs) + weekMs) % weekMs;
  const end = start + (to - from);
  return pattern.some((span) => (span.from < end && start < span.to) || (span.from + weekMs < end && start < span.to + weekMs));
}
