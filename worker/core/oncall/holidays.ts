// Owns which days an imported calendar names: its whole-day events, repeated ones followed, as local dates. An event with a time
// of day is no holiday. Pure; reading the feed is ical-read.ts's.

import { limits } from "../limits.ts";
import { parseWall, zoneOf } from "../zone.ts";
import { occurrencesBetween } from "./recurrence.ts";
import type { CalendarEvent } from "./schedule.ts";
import { dayMs } from "./windows.ts";

export interface Holidays {
  /** "2026-12-25", in order. */
  readonly dates: readonly string[];
  /** What was left out and why. */
  readonly problems: readonly string[];
}

/** Dates in [from, to), wall times as numbers. */
export function holidaysOf(events: readonly CalendarEvent[], from: number, to: number): Holidays {
  const days = new Set<number>();
  const problems: string[] = [];
  for (const event of events) {
    const start = parseWall(event.start);
    const end = parseWall(event.end);
    if (start === null || end === null || start % dayMs !== 0 || end % dayMs !== 0) {
      problems.push(`${event.summary}: it is no whole day`);
      continue;
    }
    for (const first of startsOf(event, start, from - (end - start), to))
      for (let day = first; day < first + (end - start) && days.size <= limits.calendar.holidaysMax; day += dayMs)
        if (day >= from && day < to) days.add(day);
  }
  if (days.size > limits.calendar.holidaysMax) problems.push(`only the first ${limits.calendar.holidaysMax} days are used`);
  const sorted = [...days].toSorted((a, b) => a - b).slice(0, limits.calendar.holidaysMax);
  return { dates: sorted.map((day) => new Date(day).toISOString().slice(0, 10)), problems: [...new Set(problems)] };
}

function startsOf(event: CalendarEvent, start: number, from: number, to: number): readonly number[] {
  if (event.rrule === null) return [start];
  const left = new Set(event.exdates.map(parseWall));
  return occurrencesBetween({ rrule: event.rrule, start, zone: zoneOf(event.timeZone) }, from, to).filter(
    (each) => !left.has(each),
  );
}
