// Owns reading a calendar feed (RFC 5545) into events whose people are known: time zones, all-day events, recurrence with its
// exceptions and moved occurrences, cancellations. What cannot be read is said, and the rest is used.

import { limits } from "../limits.ts";
import { instantOf, parseWall, wallAt, wallText, zoneOf } from "../zone.ts";
import { plainText, readComponents, type Component, type Property } from "./ical-lines.ts";
import { peopleOf, type KnownPerson } from "./ical-people.ts";
import { zoneFinder } from "./ical-zones.ts";
import { ruleProblem } from "./recurrence.ts";
import type { CalendarEvent } from "./schedule.ts";
import { dayMs } from "./windows.ts";

export interface CalendarReading {
  readonly events: readonly CalendarEvent[];
  /** Events for which nobody of the tenant was found: they put nobody on call. */
  readonly unmatched: readonly string[];
  /** What was left out and why, in plain words. */
  readonly problems: readonly string[];
}

export interface ReadOptions {
  readonly people: readonly KnownPerson[];
  /** For times without a zone, and all-day events, where the calendar does not name its own. */
  readonly timeZone: string;
}

/** Null where the text is no calendar at all. */
export function readCalendar(text: string, options: ReadOptions): CalendarReading | null {
  const calendars = readComponents(text).filter((each) => each.name === "VCALENDAR");
  if (calendars.length === 0) return null;
  const events: CalendarEvent[] = [];
  const unmatched: string[] = [];
  const problems: string[] = [];
  for (const calendar of calendars) {
    const zones = zoneFinder(calendar, options.timeZone);
    const read: Reader = { zones, people: options.people, problems };
    for (const event of eventsOf(calendar, read)) {
      if (events.length >= limits.oncall.imported.eventsMax) {
        problems.push(`only the first ${limits.oncall.imported.eventsMax} events are used`);
        break;
      }
      events.push(event);
      if (event.users.length === 0) unmatched.push(event.summary);
    }
    problems.push(...zones.problems());
  }
  return { events, unmatched: [...new Set(unmatched)], problems: [...new Set(problems)] };
}

interface Reader {
  readonly zones: ReturnType<typeof zoneFinder>;
  readonly people: readonly KnownPerson[];
  readonly problems: string[];
}

/** A time as written: on the wall of a zone; `date`: a whole day. */
interface Written {
  readonly wall: number;
  readonly zone: string;
  readonly date: boolean;
}

function eventsOf(calendar: Component, read: Reader): CalendarEvent[] {
  const byUid = new Map<string, Component[]>();
  for (const [i, event] of calendar.inside.filter((each) => each.name === "VEVENT").entries()) {
    const uid = valueOf(event, "UID") ?? `no-uid-${i}`;
    byUid.set(uid, [...(byUid.get(uid) ?? []), event]);
  }
  return [...byUid].flatMap(([uid, versions]) => seriesOf(uid, versions, read));
}

/** One event or series: its master, and the occurrences that were moved, changed or cancelled. */
function seriesOf(uid: string, versions: readonly Component[], read: Reader): CalendarEvent[] {
  const newest = (list: readonly Component[]): Component | undefined =>
    list.toSorted((a, b) => sequenceOf(a) - sequenceOf(b)).at(-1);
  const master = newest(versions.filter((each) => valueOf(each, "RECURRENCE-ID") === null));
  const changed = new Map<string, Component[]>();
  for (const each of versions) {
    const id = property(each, "RECURRENCE-ID");
    if (id === null) continue;
    if (id.params["RANGE"] !== undefined)
      read.problems.push(`${nameOf(each)}: a change of "this and all following" is not understood`);
    const key = id.value.trim();
    changed.set(key, [...(changed.get(key) ?? []), each]);
  }
  const moved = [...changed.values()].flatMap((list) => newest(list) ?? []);
  const gone = moved.flatMap((each) => timeOf(property(each, "RECURRENCE-ID"), read) ?? []);
  const own = master === undefined || isCancelled(master) ? [] : eventOf(uid, master, gone, read);
  // A series cancelled as a whole takes its moved occurrences with it.
  if (master !== undefined && isCancelled(master)) return [];
  const others = moved.filter((each) => !isCancelled(each)).flatMap((each) => eventOf(uid, each, [], read));
  return [...own, ...others];
}

function eventOf(uid: string, component: Component, gone: readonly Written[], read: Reader): CalendarEvent[] {
  const start = timeOf(property(component, "DTSTART"), read);
  if (start === null) return skip(component, read, "its start cannot be read");
  const end = endOf(component, start, read);
  if (end === null) return skip(component, read, "its end cannot be read");
  if (end <= start.wall) return skip(component, read, "it lasts no time");
  const rrule = property(component, "RECURRENCE-ID") === null ? valueOf(component, "RRULE") : null;
  const problem = rrule === null ? null : ruleProblem(rrule);
  if (problem !== null) return skip(component, read, problem);
  const exdates = component.properties
    .filter((each) => each.name === "EXDATE")
    .flatMap((each) => each.value.split(",").flatMap((value) => timeOf({ ...each, value }, read) ?? []));
  const base = {
    uid,
    summary: nameOf(component),
    users: peopleOf(component, read.people),
    timeZone: start.zone,
  };
  const without = [...exdates, ...gone].map((each) => wallText(inZone(each, start)));
  const extra = component.properties
    .filter((each) => each.name === "RDATE")
    .flatMap((each) =>
      each.value.split(",").flatMap((value) => timeOf({ ...each, value: value.split("/")[0] ?? "" }, read) ?? []),
    )
    .filter((each) => !without.includes(wallText(inZone(each, start))));
  const at = (wall: number, rule: string | null): CalendarEvent => ({
    ...base,
    start: wallText(wall),
    end: wallText(wall + (end - start.wall)),
    rrule: rule,
    exdates: rule === null ? [] : without,
  });
  const first = rrule === null && without.includes(wallText(start.wall)) ? [] : [at(start.wall, rrule)];
  return [...first, ...extra.map((each) => at(inZone(each, start), null))];
}

function skip(component: Component, read: Reader, why: string): CalendarEvent[] {
  read.problems.push(`${nameOf(component)}: ${why}`);
  return [];
}

/** The end on the start's own wall. */
function endOf(component: Component, start: Written, read: Reader): number | null {
  const end = property(component, "DTEND");
  if (end !== null) {
    const written = timeOf(end, read);
    return written === null ? null : inZone(written, start);
  }
  const duration = valueOf(component, "DURATION");
  // Days of a duration are nominal, hours exact (§3.3.6); no shift lasts days and is given so.
  if (duration !== null) {
    const ms = durationMs(duration);
    return ms === null ? null : start.wall + ms;
  }
  return start.date ? start.wall + dayMs : start.wall;
}

/** §3.3.6: P15DT5H0M20S, P7W. */
function durationMs(text: string): number | null {
  const found = /^\+?P(?:(\d+)W|(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?)$/.exec(text.trim());
  if (!found) return null;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1_000;
}

/** A time on another's wall: a zone apart is the same instant, a date is a date. */
function inZone(time: Written, base: Written): number {
  if (time.date || time.zone === base.zone) return time.wall;
  return wallAt(zoneOf(base.zone), instantOf(zoneOf(time.zone), time.wall));
}

function timeOf(written: Property | null, { zones }: Reader): Written | null {
  const found = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/.exec(written?.value.trim() ?? "");
  if (!found || written === null) return null;
  const [, year, month, day, hour, minute, second, utc] = found;
  const wall = parseWall(
    `${year}-${month}-${day}T${hour ?? "00"}:${minute ?? "00"}:${second === "60" ? "59" : (second ?? "00")}`,
  );
  if (wall === null) return null;
  return { wall, zone: utc === "Z" ? "UTC" : zones.find(written.params["TZID"] ?? null), date: hour === undefined };
}

function property(component: Component, name: string): Property | null {
  return component.properties.find((each) => each.name === name) ?? null;
}

function valueOf(component: Component, name: string): string | null {
  return property(component, name)?.value.trim() ?? null;
}

function nameOf(component: Component): string {
  return plainText(valueOf(component, "SUMMARY") ?? "").slice(0, 200) || "an event without a title";
}

function sequenceOf(component: Component): number {
  const sequence = Number(valueOf(component, "SEQUENCE") ?? 0);
  return Number.isFinite(sequence) ? sequence : 0;
}

function isCancelled(component: Component): boolean {
  return valueOf(component, "STATUS")?.toUpperCase() === "CANCELLED";
}

export type { KnownPerson } from "./ical-people.ts";
