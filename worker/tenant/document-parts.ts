// Owns the pieces every section of the tenant document is made of: ids, durations, zones, times of day, secrets.

import * as z from "zod";
import { formatDuration, parseDuration } from "../core/duration.ts";
import { limits } from "../core/limits.ts";

export const dayMs = 86_400_000;
export const longestDelayMs = limits.policy.escalateAfterMsMax;

export const id = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/,
    "an id is 1 to 64 of a-z, 0-9, - and _, beginning and ending with a letter or digit",
  );
export const text = (max: number) => z.string().min(1).max(max);

export function duration(minMs: number, maxMs: number) {
  return z
    .string()
    .refine((value) => parseDuration(value) !== null, "a duration is a number and a unit: 90s, 8m, 2h, 1d, 1w")
    .refine((value) => within(parseDuration(value), minMs, maxMs), `from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`)
    .describe("A duration: 90s, 8m, 2h, 1d, 1w");
}

function within(ms: number | null, minMs: number, maxMs: number): boolean {
  return ms === null || (ms >= minMs && ms <= maxMs);
}

export const timeZone = z.string().refine(isZone, "an IANA time zone such as Europe/Madrid");

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** `{ env: NAME }`, `{ value: "…" }`, or the marker that GET gives back and that means "keep what is there". */
export const secret = z.union([
  z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, "a variable's name: A-Z, 0-9 and _") }),
  z.strictObject({ value: z.string().min(1).max(8_192) }),
  z.strictObject({ sealed: z.literal(true) }),
]);
export type Secret = z.infer<typeof secret>;

/** CEL over an alert or an incident; compiled when the document is checked. */
export const expression = z.string().min(1).max(limits.expression.charsMax);
