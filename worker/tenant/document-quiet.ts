// Owns how maintenance windows and silences are written: in the tenant document, and by people at run time.

import * as z from "zod";
import { limits } from "../core/limits.ts";
import { parseWall } from "../core/zone.ts";
import { dayMs, duration, expression, id, text, timeZone } from "./document-parts.ts";

/** `2026-12-01T22:00` on the wall of the zone, or an instant with Z or an offset. */
const moment = z
  .string()
  .refine(
    (value) => parseWall(value) !== null || isInstant(value),
    "a time such as 2026-12-01T22:00, or an instant such as 2026-12-01T21:00:00Z",
  );

export function isInstant(value: string): boolean {
  return /(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));
}

const instant = z.string().refine(isInstant, "an instant such as 2026-12-01T21:00:00Z");
const byHand = "Written by ending or extending it at run time; kept whatever a document says";

export const maintenance = z.strictObject({
  id,
  name: text(200).optional(),
  from: moment.optional().describe("Wall clock of the zone, or an instant; absent: since it was made"),
  to: moment,
  timeZone: timeZone.optional().describe("The tenant's by default"),
  when: expression.nullable().optional().describe("CEL over the alert; absent: every alert"),
  rrule: text(500).nullable().optional().describe("RFC 5545, FREQ=WEEKLY;BYDAY=SU; the first occurrence is from … to"),
  atEnd: z.enum(["page", "resolve", "nothing"]).default("page").describe("What becomes of what still fires"),
  endedAt: instant.nullable().optional().describe(byHand),
  extended: z.strictObject({ of: instant, to: instant }).nullable().optional().describe(byHand),
});

export const silence = z.strictObject({
  id,
  when: expression,
  from: moment.optional().describe("Absent: at once"),
  until: moment.describe("Wall clock of the tenant's zone, or an instant"),
  owner: id.optional().describe("Reminded before the end"),
  remind: duration(60_000, 7 * dayMs)
    .nullable()
    .default("30m")
    .describe("How long before the end; null: not at all"),
  reason: z.string().max(limits.silence.reasonCharsMax).default(""),
  endedAt: instant.nullable().optional().describe(byHand),
  extendedTo: instant.nullable().optional().describe(byHand),
});
