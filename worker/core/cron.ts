// Owns cron expressions of five fields: reading them, and when the next time is on a zone's wall clock. As Debian's cron does it:
// a time of day that a clock change leaves out is read with the offset before the gap and one that comes twice counts once
// (RFC 5545 §3.3.5), except where every hour is meant: such an expression follows time as it passes.

import { changesBetween, instantOf, wallAt, zoneOf, type Zone } from "./zone.ts";

export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: ReadonlySet<number>;
  /** Days of the month and of the week (0 Sunday); where both are restricted either is enough, as crontab(5) has it. */
  readonly days: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  readonly eitherDay: boolean;
}

export type ReadCron = { readonly ok: true; readonly cron: Cron } | { readonly ok: false; readonly message: string };

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** 29 February on one weekday comes at most 40 years after the last (over 2100); no expression waits longer. */
const daysLookedAt = 41 * 366;

const fields: readonly Field[] = [
  { name: "minute", min: 0, max: 59, names: [] },
  { name: "hour", min: 0, max: 23, names: [] },
  { name: "day of the month", min: 1, max: 31, names: [] },
  { name: "month", min: 1, max: 12, names: "jan feb mar apr may jun jul aug sep oct nov dec".split(" ") },
  { name: "day of the week", min: 0, max: 7, names: "sun mon tue wed thu fri sat".split(" ") },
];

const nicknames: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};

/** Five fields (minute, hour, day of the month, month, day of the week) with `*`, lists, ranges, steps and names, or @daily and its like. */
export function parseCron(text: string): ReadCron {
  const trimmed = text.trim().toLowerCase();
  const parts = (nicknames[trimmed] ?? trimmed).split(/\s+/);
  if (parts.length !== fields.length)
    return wrong(
      `a cron expression has five fields (minute hour day month weekday), this one has ${trimmed === "" ? 0 : parts.length}`,
    );
  const values: (readonly number[])[] = [];
  for (const [i, field] of fields.entries()) {
    const found = readField(parts[i] ?? "", field);
    if (typeof found === "string") return wrong(found);
    values.push(found);
  }
  const [minutes = [], hours = [], days = [], months = [], weekdays = []] = values;
  const starred = (i: number): boolean => parts[i]?.startsWith("*") ?? false;
  const cron: Cron = {
    minutes,
    hours,
    months: new Set(months),
    days: new Set(days),
    weekdays: new Set(weekdays.map((day) => day % 7)),
    eitherDay: !starred(2) && !starred(4),
  };
  if (!cron.eitherDay && !possible(cron)) return wrong("no month of these has such a day: it would never come");
  return { ok: true, cron };
}

function wrong(message: string): ReadCron {
  return { ok: false, message };
}

/** The longest month decides, 29 February among them. */
function possible({ days, months }: Cron): boolean {
  const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const first = Math.min(...days);
  return [...months].some((month) => first <= (longest[month - 1] ?? 0));
}

/** The field's values in order; a sentence when it cannot be read. */
function readField(text: string, field: Field): readonly number[] | string {
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(?:(\*)|([a-z]+|\d+)(?:-([a-z]+|\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) return `${field.name}: "${part}" is not understood`;
    const [, star, low, high, every] = match;
    const from = star === undefined ? valueOf(low ?? "", field) : field.min;
    const to =
      high !== undefined
        ? valueOf(high, field)
        : star !== undefined || every !== undefined
          ? Math.min(field.max, field.name === "day of the week" ? 6 : field.max)
          : from;
    const step = every === undefined ? 1 : Number(every);
    if (from === null || to === null) return `${field.name}: "${part}" is not from ${field.min} to ${field.max}`;
    if (from > to) return `${field.name}: "${part}" ends before it begins`;
    if (step < 1) return `${field.name}: a step is 1 or more`;
    for (let value = from; value <= to; value += step) found.add(value);
  }
  return [...found].toSorted((a, b) => a - b);
}

function valueOf(text: string, { min, max, names }: Field): number | null {
  const named = names.indexOf(text);
  const value = named >= 0 ? named + (min === 1 ? 1 : 0) : /^\d{1,2}$/.test(text) ? Number(text) : null;
  return value !== null && value >= min && value <= max ? value : null;
}

/**
 * The first time after `after` (epoch ms, not included) on the wall clock of `timeZone`; null only where an expression never comes.
 * Throws when there is no such zone: names are checked where they come in.
 */
export function cronAfter(cron: Cron, timeZone: string, after: number): number | null {
  const zone = zoneOf(timeZone);
  // A day back: a clock change may carry a time of yesterday past `after`.
  const first = Math.floor(wallAt(zone, after) / dayMs) - 1;
  for (let day = first; day < first + daysLookedAt; day++) {
    const found = onDay(cron, zone, day, after);
    if (found === null) continue;
    // A time that a change pushed late may stand behind the next day's first.
    return changesOn(zone, day) ? Math.min(found, onDay(cron, zone, day + 1, after) ?? found) : found;
  }
  return null;
}

function changesOn(zone: Zone, day: number): boolean {
  return changesBetween(zone, instantOf(zone, day * dayMs) - hourMs, instantOf(zone, (day + 1) * dayMs) + hourMs).length > 0;
}

function onDay(cron: Cron, zone: Zone, day: number, after: number): number | null {
  if (!isDay(cron, day)) return null;
  const midnight = day * dayMs;
  const everyHour = cron.hours.length === 24;
  if (changesOn(zone, day))
    return everyHour ? asTimePasses(cron, zone, day, after) : soonest(cron, after, (wall) => instantOf(zone, wall), midnight);
  const offset = midnight - instantOf(zone, midnight);
  return soonest(cron, after, (wall) => wall - offset, midnight);
}

function isDay(cron: Cron, day: number): boolean {
  const date = new Date(day * dayMs);
  if (!cron.months.has(date.getUTCMonth() + 1)) return false;
  const [byDate, byWeekday] = [cron.days.has(date.getUTCDate()), cron.weekdays.has(date.getUTCDay())];
  return cron.eitherDay ? byDate || byWeekday : byDate && byWeekday;
}

function soonest(cron: Cron, after: number, instantAt: (wall: number) => number, midnight: number): number | null {
  let least: number | null = null;
  for (const hour of cron.hours) {
    for (const minute of cron.minutes) {
      const instant = instantAt(midnight + hour * hourMs + minute * minuteMs);
      if (instant > after && (least === null || instant < least)) least = instant;
    }
  }
  return least;
}

/** Minute by minute through a day on which the clock changes: what comes twice counts twice, what is left out not at all. */
function asTimePasses(cron: Cron, zone: Zone, day: number, after: number): number | null {
  const minutes = new Set(cron.minutes);
  const end = instantOf(zone, (day + 1) * dayMs);
  const begin = Math.max(instantOf(zone, day * dayMs), after + 1);
  for (let at = Math.ceil(begin / minuteMs) * minuteMs; at < end; at += minuteMs) {
    const wall = wallAt(zone, at);
    if (Math.floor(wall / dayMs) === day && minutes.has(Math.floor(wall / minuteMs) % 60)) return at;
  }
  return null;
}
