// Owns which zone a calendar means by its TZID: an IANA name, one inside a longer path, what the calendar's own VTIMEZONE says it
// is, or one of the names Microsoft's calendars use.

import { isZone } from "../zone.ts";
import type { Component } from "./ical-lines.ts";

/** Microsoft's names (Unicode CLDR, windowsZones, territory 001). */
const microsoft: Readonly<Record<string, string>> = {
  UTC: "UTC",
  "GMT Standard Time": "Europe/London",
  "Greenwich Standard Time": "Atlantic/Reykjavik",
  "W. Europe Standard Time": "Europe/Berlin",
  "Central Europe Standard Time": "Europe/Budapest",
  "Romance Standard Time": "Europe/Paris",
  "Central European Standard Time": "Europe/Warsaw",
  "E. Europe Standard Time": "Europe/Chisinau",
  "FLE Standard Time": "Europe/Kyiv",
  "GTB Standard Time": "Europe/Bucharest",
  "Turkey Standard Time": "Europe/Istanbul",
  "Israel Standard Time": "Asia/Jerusalem",
  "Egypt Standard Time": "Africa/Cairo",
  "South Africa Standard Time": "Africa/Johannesburg",
  "Morocco Standard Time": "Africa/Casablanca",
  "W. Central Africa Standard Time": "Africa/Lagos",
  "E. Africa Standard Time": "Africa/Nairobi",
  "Russian Standard Time": "Europe/Moscow",
  "Arab Standard Time": "Asia/Riyadh",
  "Arabian Standard Time": "Asia/Dubai",
  "Iran Standard Time": "Asia/Tehran",
  "Pakistan Standard Time": "Asia/Karachi",
  "India Standard Time": "Asia/Kolkata",
  "Nepal Standard Time": "Asia/Kathmandu",
  "Sri Lanka Standard Time": "Asia/Colombo",
  "Bangladesh Standard Time": "Asia/Dhaka",
  "SE Asia Standard Time": "Asia/Bangkok",
  "Singapore Standard Time": "Asia/Singapore",
  "China Standard Time": "Asia/Shanghai",
  "Taipei Standard Time": "Asia/Taipei",
  "W. Australia Standard Time": "Australia/Perth",
  "Tokyo Standard Time": "Asia/Tokyo",
  "Korea Standard Time": "Asia/Seoul",
  "Cen. Australia Standard Time": "Australia/Adelaide",
  "AUS Central Standard Time": "Australia/Darwin",
  "E. Australia Standard Time": "Australia/Brisbane",
  "AUS Eastern Standard Time": "Australia/Sydney",
  "Tasmania Standard Time": "Australia/Hobart",
  "Lord Howe Standard Time": "Australia/Lord_Howe",
  "New Zealand Standard Time": "Pacific/Auckland",
  "Samoa Standard Time": "Pacific/Apia",
  "Hawaiian Standard Time": "Pacific/Honolulu",
  "Alaskan Standard Time": "America/Anchorage",
  "Pacific Standard Time": "America/Los_Angeles",
  "US Mountain Standard Time": "America/Phoenix",
  "Mountain Standard Time": "America/Denver",
  "Central Standard Time": "America/Chicago",
  "Canada Central Standard Time": "America/Regina",
  "Central Standard Time (Mexico)": "America/Mexico_City",
  "Eastern Standard Time": "America/New_York",
  "US Eastern Standard Time": "America/Indiana/Indianapolis",
  "SA Pacific Standard Time": "America/Bogota",
  "Venezuela Standard Time": "America/Caracas",
  "Atlantic Standard Time": "America/Halifax",
  "Pacific SA Standard Time": "America/Santiago",
  "Newfoundland Standard Time": "America/St_Johns",
  "E. South America Standard Time": "America/Sao_Paulo",
  "Argentina Standard Time": "America/Argentina/Buenos_Aires",
  "Montevideo Standard Time": "America/Montevideo",
  "SA Western Standard Time": "America/La_Paz",
  "Azores Standard Time": "Atlantic/Azores",
};

export interface ZoneFinder {
  /** The IANA zone of a TZID; of none: the calendar's own, or the fallback. */
  find(tzid: string | null): string;
  problems(): string[];
}

export function zoneFinder(calendar: Component, fallback: string): ZoneFinder {
  const named = calendar.properties.find((each) => each.name === "X-WR-TIMEZONE")?.value.trim();
  const own = (named === undefined ? null : ianaOf(named)) ?? fallback;
  const described = new Map(
    calendar.inside
      .filter((each) => each.name === "VTIMEZONE")
      .map(({ properties }) => {
        const value = (name: string): string => properties.find((each) => each.name === name)?.value.trim() ?? "";
        return [value("TZID"), value("X-LIC-LOCATION")] as const;
      }),
  );
  const unknown = new Set<string>();
  return {
    find(tzid) {
      if (tzid === null) return own;
      const found = ianaOf(tzid) ?? ianaOf(described.get(tzid) ?? "");
      if (found === null) unknown.add(tzid);
      return found ?? own;
    },
    problems: () => [...unknown].map((tzid) => `time zone ${tzid.slice(0, 100)} is not known: read as ${own}`),
  };
}

/** The longest tail of a path that is a zone: /example.org/20260101/Europe/Madrid. */
function ianaOf(name: string): string | null {
  if (microsoft[name] !== undefined) return microsoft[name];
  const parts = name.split("/").filter((part) => part !== "");
  for (let from = 0; from < parts.length; from++) {
    const tail = parts.slice(from).join("/");
    if (isZone(tail)) return tail;
  }
  return null;
}
