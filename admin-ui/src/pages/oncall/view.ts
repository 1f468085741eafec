// Owns how much of a schedule its page shows at once: the views, the strips of each, the step to the next, and its name.

import { language } from "../../lib/messages.ts";
import { addDays, monthStart, weekStart } from "../../lib/zones.ts";
import type { Chosen } from "./strip.tsx";

export type View = "day" | "two-weeks" | "month";
export const views: readonly View[] = ["day", "two-weeks", "month"];

/** The strips that a view shows, each a week or a day, and the day is among them. */
export function stripsOf(view: View, day: number, zone: string): Chosen[] {
  if (view === "day") return [{ from: day, to: addDays(day, 1, zone) }];
  const first = weekStart(view === "month" ? monthStart(day, zone) : day, zone);
  const month = monthStart(day, zone);
  const nextMonth = monthStart(addDays(month, 40, zone), zone);
  const strips: Chosen[] = [];
  for (let from = first; view === "month" ? from < nextMonth : strips.length < 2; from = addDays(from, 7, zone))
    strips.push({ from, to: addDays(from, 7, zone) });
  return strips;
}

/** A day of the view before or after. */
export function shifted(view: View, day: number, zone: string, by: 1 | -1): number {
  if (view === "month")
    return by === 1
      ? monthStart(addDays(monthStart(day, zone), 40, zone), zone)
      : monthStart(addDays(monthStart(day, zone), -5, zone), zone);
  return addDays(day, by * (view === "day" ? 1 : 7), zone);
}

/** What the view shows, in words. */
export function period(view: View, day: number, timeZone: string): string {
  const locale = language.value === "en" ? "en-GB" : "es";
  const long = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone });
  if (view === "month") return long({ month: "long", year: "numeric" }).format(day);
  if (view === "day") return long({ weekday: "long", day: "numeric", month: "long" }).format(day);
  const first = weekStart(day, timeZone);
  return long({ day: "numeric", month: "short" }).formatRange(first, addDays(first, 13, timeZone));
}
