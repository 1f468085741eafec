// Owns how much being on call falls to each person: time, and how much of it at night, at weekends, on holidays, by that
// person's own clock. Two schedules at once count once.

import type { Span } from "../calendar.ts";
import { instantOf, wallAt, zoneOf } from "../zone.ts";
import type { Id } from "../snapshot.ts";
import type { Schedule } from "./schedule.ts";
import { shiftsBetween } from "./shifts.ts";
import { dayMs, joined, weekdayOf } from "./windows.ts";

const hourMs = 3_600_000;
const nightFrom = 22 * hourMs;
const nightTo = 6 * hourMs;

/** All in ms. */
export interface Load {
  readonly user: Id;
  readonly onCallMs: number;
  /** From 22:00 to 06:00. */
  readonly nightMs: number;
  /** Saturdays and Sundays. */
  readonly weekendMs: number;
  readonly holidayMs: number;
  readonly shifts: number;
}

export interface LoadQuery {
  readonly schedules: readonly Schedule[];
  readonly from: number;
  readonly to: number;
  readonly zoneOfUser: (user: Id) => string;
  /** Whether a local date ("2026-12-25") is a holiday of that person. */
  readonly isHoliday: (date: string, user: Id) => boolean;
}

/** Everybody who is on call at all in [from, to), the most burdened first. */
export function loadOf({ schedules, from, to, zoneOfUser, isHoliday }: LoadQuery): Load[] {
  const spans = new Map<Id, Span[]>();
  for (const schedule of schedules)
    for (const shift of shiftsBetween(schedule, from, to).shifts)
      for (const user of shift.users) {
        const own = spans.get(user);
        if (own) own.push(shift);
        else spans.set(user, [shift]);
      }
  return [...spans]
    .map(([user, own]) => personLoad(user, own, zoneOfUser(user), isHoliday))
    .sort((a, b) => b.onCallMs - a.onCallMs);
}

function personLoad(user: Id, shifts: readonly Span[], zoneName: string, isHoliday: LoadQuery["isHoliday"]): Load {
  const zone = zoneOf(zoneName);
  const load = { onCallMs: 0, nightMs: 0, weekendMs: 0, holidayMs: 0 };
  for (const span of joined(shifts)) {
    load.onCallMs += span.to - span.from;
    const first = Math.floor(wallAt(zone, span.from) / dayMs) - 1;
    const last = Math.floor(wallAt(zone, span.to) / dayMs) + 1;
    for (let day = first; day <= last; day++) {
      const wall = day * dayMs;
      const part = (from: number, to: number): number => shared(span, instantOf(zone, wall + from), instantOf(zone, wall + to));
      load.nightMs += part(0, nightTo) + part(nightFrom, dayMs);
      if (weekdayOf(wall) === 0 || weekdayOf(wall) === 6) load.weekendMs += part(0, dayMs);
      if (isHoliday(new Date(wall).toISOString().slice(0, 10), user)) load.holidayMs += part(0, dayMs);
    }
  }
  return { user, ...load, shifts: shifts.length };
}

function shared(span: Span, from: number, to: number): number {
  return Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
}
