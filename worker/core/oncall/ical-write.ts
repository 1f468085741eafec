// Owns writing a calendar feed (RFC 5545): one event a shift, the same UID for the same shift every time it is asked for.

import { hashOf } from "../ids.ts";
import type { Id } from "../snapshot.ts";
import { escapedText, foldedLine } from "./ical-lines.ts";

export interface FeedShift {
  readonly schedule: Id;
  readonly users: readonly Id[];
  readonly from: number;
  readonly to: number;
  readonly summary: string;
  readonly description: string;
}

export interface Feed {
  readonly tenant: Id;
  readonly name: string;
  readonly shifts: readonly FeedShift[];
}

/** How often a reader is asked to come again. */
const refresh = "PT15M";

/** The whole text, lines ended by CRLF. `now` is the stamp of every event. */
export function writeFeed({ tenant, name, shifts }: Feed, now: number): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Tocsin//on call//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    `NAME:${escapedText(name)}`,
    `X-WR-CALNAME:${escapedText(name)}`,
    `REFRESH-INTERVAL;VALUE=DURATION:${refresh}`,
    `X-PUBLISHED-TTL:${refresh}`,
    ...shifts.flatMap((shift) => [
      "BEGIN:VEVENT",
      `UID:${uidOf(tenant, shift)}`,
      `DTSTAMP:${utc(now)}`,
      `DTSTART:${utc(shift.from)}`,
      `DTEND:${utc(shift.to)}`,
      `SUMMARY:${escapedText(shift.summary)}`,
      `DESCRIPTION:${escapedText(shift.description)}`,
      "TRANSP:TRANSPARENT",
      "END:VEVENT",
    ]),
    "END:VCALENDAR",
  ];
  return lines.map(foldedLine).join("");
}

/** By what makes it this shift: when it ends may change, and it is still the same one. */
function uidOf(tenant: Id, { schedule, users, from }: FeedShift): string {
  return `${hashOf(["shift", tenant, schedule, from, ...users.toSorted()], 26)}@tocsin`;
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}
