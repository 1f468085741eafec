// Owns a calendar as a source of shifts: everybody of every event that takes place at an instant is on call together.

import type { Duty } from "./duty.ts";
import { occurrencesBetween } from "./recurrence.ts";
import type { CalendarEvent, CalendarSource } from "./schedule.ts";
import type { Span } from "../calendar.ts";
import { instantOf, parseWall, shiftMsMax, zoneOf } from "../zone.ts";

/** Its answers over any [from, to), in order, without holes. */
export function calendarDuty(calendar: CalendarSource): (from: number, to: number) => Duty[] {
  const finders = calendar.events.filter((event) => event.users.length > 0).map((event) => ({ event, spans: eventSpans(event) }));
  return (from, to) => {
    const present = finders.flatMap(({ event, spans }) => spans(from, to).map((span) => ({ ...span, users: event.users })));
    const edges = new Set([from, to]);
    for (const span of present) for (const edge of [span.from, span.to]) if (edge > from && edge < to) edges.add(edge);
    const cuts = [...edges].sort((a, b) => a - b);
    return cuts.slice(0, -1).map((since, i): Duty => {
      const users = [...new Set(present.filter((s) => s.from <= since && since < s.to).flatMap((s) => s.users))];
      return { from: since, to: cuts[i + 1] ?? to, state: users.length === 0 ? "off" : "on", users, slot: null, turn: null };
    });
  };
}

/** When an event takes place: the wall clock at both ends, so that a clock change makes it longer or shorter. */
export function eventSpans(event: CalendarEvent): (from: number, to: number) => Span[] {
  const zone = zoneOf(event.timeZone);
  const [start, end] = [parseWall(event.start) ?? 0, parseWall(event.end) ?? 0];
  const length = end - start;
  const without = new Set(event.exdates.map((text) => parseWall(text)));
  const { rrule } = event;
  return (from, to) => {
    const begins =
      rrule === null ? [start] : occurrencesBetween({ rrule, start, zone }, from - length - 2 * shiftMsMax, to + 2 * shiftMsMax);
    return begins
      .filter((begin) => !without.has(begin))
      .map((begin) => ({ from: instantOf(zone, begin), to: instantOf(zone, begin + length) }))
      .filter((span) => span.from < span.to && span.to > from && span.from < to);
  };
}
