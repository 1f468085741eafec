// Owns reading the times that senders write. Never the host's own zone: a text without one is UTC.

import { present } from "./text.ts";

/** Earlier than this is a sender's way to say "unset": zero, year 1, 1 January 1970. */
const unsetBeforeMs = 86_400_000;

const written =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,12}))?)?)?(?:\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?(?:\s+UTC)?$/i;

/**
 * Epoch ms from ISO 8601 (`2026-11-23T03:12:00.123456789+01:00`, `2026-11-23 03:12:00 UTC`, offsets without a colon), or digits
 * in s, ms, µs or ns by magnitude. Null for what is unset or no time.
 */
export function timeOf(value: unknown): number | null {
  const text = present(value);
  if (text === null || text.length > 64) return null;
  const ms = /^\d{1,20}(\.\d+)?$/.test(text) ? byMagnitude(Number(text)) : isoTime(text);
  return Number.isFinite(ms) && ms > unsetBeforeMs && ms < 8.64e15 ? Math.floor(ms) : null;
}

function isoTime(text: string): number {
  const match = written.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", zone = "Z"] = match;
  return utc(
    [Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second)],
    Math.floor(Number(`0.${fraction}`) * 1_000),
    offsetMs(zone),
  );
}

/** Epoch ms of a date and time by its numbers (month 1–12); NaN for what no calendar has. */
export function utc(
  [year, month, day, hour, minute, second]: readonly [number, number, number, number, number, number],
  ms = 0,
  zoneMs = 0,
): number {
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const real = month >= 1 && month <= 12 && day >= 1 && day <= days && hour <= 24 && minute <= 59 && second <= 60;
  return real ? Date.UTC(year, month - 1, day, hour, minute, second) + ms - zoneMs : Number.NaN;
}

function offsetMs(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === "-" ? -minutes : minutes) * 60_000;
}

function byMagnitude(n: number): number {
  if (n < 1e11) return n * 1_000;
  if (n < 1e14) return n;
  return n < 1e17 ? n / 1_000 : n / 1_000_000;
}
