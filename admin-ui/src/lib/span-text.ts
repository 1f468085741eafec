// Owns how a span of time is said, in the viewer's zone with the schedule's beside where the clocks differ.

import { clock, dateTime, elsewhere, viewerZone } from "./time.ts";
import { cityOf, dayStart, sameClock } from "./zones.ts";

/** `Tue 24 Nov, 03:12 – 09:00 · 04:12 – 10:00 Madrid`. */
export function wholeSpan(from: number, to: number, zone: string): string {
  const time = (at: number, of: string): string => clock(at, of).slice(0, 5);
  const sameDay = dayStart(from, viewerZone) === dayStart(to, viewerZone);
  const mine = `${dateTime(from)} – ${sameDay ? time(to, viewerZone) : dateTime(to)}`;
  if (sameClock(zone, viewerZone, from)) return mine;
  return `${mine} · ${time(from, zone)} – ${time(to, zone)} ${cityOf(zone)}`;
}

/** `Tue 24 Nov, 03:12 · 02:12 London`. */
export function whole(at: number, zone: string): string {
  const other = elsewhere(at, zone);
  return other === null ? dateTime(at) : `${dateTime(at)} · ${other}`;
}
