// Owns business hours' imported holidays: how a copy is named among the calendars of a tenant, how a feed becomes dates, and
// how they join those that are written.

import { holidaysOf } from "../core/oncall/holidays.ts";
import { readCalendar } from "../core/oncall/ical-read.ts";
import type { Id } from "../core/snapshot.ts";
import type { Definitions } from "./definitions.ts";

const prefix = "hours/";
const yearMs = 366 * 86_400_000;

/** The name of the copy: no schedule's id holds a slash. */
export function holidayCopyId(hours: Id): string {
  return `${prefix}${hours}`;
}

/** The business hours a copy belongs to; null: it is a schedule's. */
export function hoursOfCopy(id: string): Id | null {
  return id.startsWith(prefix) ? id.slice(prefix.length) : null;
}

type Copy = Definitions["calendars"][number];

/** The copy with the days the text names, the last year's and ten years'; null: it is no calendar. */
export function holidayCopy(
  all: Definitions,
  id: string,
  text: string,
  now: number,
): { readonly copy: Copy; readonly notes: readonly string[] } | null {
  const written = all.businessHours.find((each) => each.id === hoursOfCopy(id));
  const url = written?.ical?.url ?? "";
  const reading = readCalendar(text, { people: [], timeZone: written?.timeZone ?? all.settings.timeZone ?? "UTC" });
  if (reading === null) return null;
  const today = now - (now % 86_400_000);
  const { dates, problems } = holidaysOf(reading.events, today - yearMs, today + 10 * yearMs);
  return { copy: { id, url, events: [], holidays: dates, fetchedAt: now }, notes: [...reading.problems, ...problems] };
}

/** What a feed adds to the written holidays of these hours. */
export function importedHolidays(
  all: Pick<Definitions, "calendars">,
  hours: Definitions["businessHours"][number],
): readonly string[] {
  const copy = all.calendars.find((each) => each.id === holidayCopyId(hours.id));
  return copy !== undefined && copy.url === hours.ical?.url ? (copy.holidays ?? []) : [];
}
