// Owns the calendar of a zone as a page draws it: where its days begin, and walls of a clock as instants. Who is on call is
// never computed here.

const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function partsOf(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (found === undefined) {
    const two = "2-digit";
    found = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
      hourCycle: "h23",
    });
    formats.set(zone, found);
  }
  return found;
}

/** How far the zone's clock is ahead of UTC at that instant, ms. */
export function offsetAt(at: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of partsOf(zone).formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
}

/** When that day of the zone began. */
export function dayStart(at: number, zone: string): number {
  const wall = at + offsetAt(at, zone);
  return instantOf(wall - (((wall % dayMs) + dayMs) % dayMs), zone);
}

function instantOf(wall: number, zone: string): number {
  const guess = wall - offsetAt(wall, zone);
  return wall - offsetAt(guess, zone);
}

/** The beginning of the day that many days on: days of 23 and 25 hours count as one. */
export function addDays(start: number, days: number, zone: string): number {
  return dayStart(start + days * dayMs + dayMs / 2, zone);
}

/** Monday of its week. */
export function weekStart(at: number, zone: string): number {
  const start = dayStart(at, zone);
  const weekday = new Date(start + offsetAt(start, zone)).getUTCDay();
  return addDays(start, -((weekday + 6) % 7), zone);
}

export function monthStart(at: number, zone: string): number {
  const start = dayStart(at, zone);
  return addDays(start, 1 - new Date(start + offsetAt(start, zone)).getUTCDate(), zone);
}

/** `2026-11-24T09:00`, as a field for dates and times wants it. */
export function wallOf(at: number, zone: string): string {
  return new Date(at + offsetAt(at, zone)).toISOString().slice(0, 16);
}

/** Null: the field holds no whole date and time yet. */
export function instantOfWall(wall: string, zone: string): number | null {
  const read = Date.parse(`${wall}Z`);
  return Number.isNaN(read) ? null : instantOf(read, zone);
}

/** `Madrid`. */
export function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

/** Two zones whose clocks say the same then are one to whoever reads them. */
export function sameClock(a: string, b: string, at: number): boolean {
  return a === b || offsetAt(at, a) === offsetAt(at, b);
}

export const allZones = (): readonly string[] => ["UTC", ...Intl.supportedValuesOf("timeZone")];
