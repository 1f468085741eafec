// Owns how business hours and service levels are written in the tenant document, and a service's urgency by the hour.

import * as z from "zod";
import { limits } from "../core/limits.ts";
import { pausingStates } from "../core/sla.ts";
import { duration, expression, id, text, timeZone } from "./document-parts.ts";
import { targets } from "./document-policies.ts";

const bound = limits.calendar;

const clock = (shape: RegExp) => z.string().regex(shape, "a time of day: 09:00");
const window = z.strictObject({
  days: z
    .array(z.enum(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]))
    .min(1)
    .default(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
    .describe("The days it begins on"),
  from: clock(/^([01]\d|2[0-3]):[0-5]\d$/).describe("Wall clock of the calendar's time zone"),
  to: clock(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/).describe("Before `from`: the next day's; equal: 24 hours"),
});

const date = z.string().refine(isDate, "a date: 2026-12-25");

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const ms = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(value);
}

export const businessHours = z.strictObject({
  id: id.describe("Not `always`, which is every hour of every day"),
  name: text(200).optional(),
  timeZone: timeZone.optional().describe("Default: the tenant's"),
  hours: z.array(window).max(bound.windowsMax),
  holidays: z.array(date).max(bound.holidaysMax).default([]).describe("Closed the whole local day, whatever reaches into it"),
  ical: z
    .strictObject({ url: z.url({ protocol: /^https?$/ }).max(2_000) })
    .nullable()
    .default(null)
    .describe("Whole-day events of this calendar are holidays too; the last good copy stays in force"),
});

const within = duration(limits.sla.targetMsMin, limits.sla.targetMsMax);

const warning = z.strictObject({
  at: z
    .string()
    .regex(/^([1-9]|[1-9]\d|100)%$/, "a share of the time: 50%")
    .optional(),
  before: within.optional().describe("This long before it is missed; counted in the SLA's hours"),
  clock: z.enum(["respond", "resolve"]).optional().describe("Default: both"),
  flag: id.optional().describe("Set on the incident while the clock is open"),
  policy: id.optional().describe("Started beside the incident's own"),
  notify: targets.optional(),
});

export const sla = z.strictObject({
  id,
  name: text(200).optional(),
  when: expression.default("true").describe("CEL over `alert` and `incident`; decided when the incident opens"),
  respondWithin: within.optional().describe("Until an acknowledgment or the source's own first answer"),
  resolveWithin: within.optional(),
  hours: id.default("always").describe("Business hours, or `always`"),
  pauseIn: z
    .array(z.enum(pausingStates as [string, ...string[]]))
    .default([])
    .describe("States in which the clocks stand still; `suppressed`: time in maintenance does not count"),
  warn: z
    .array(warning)
    .max(limits.sla.warningsMax)
    .optional()
    .describe("Default: 30m before it is missed, with the flag `at-risk`"),
});

const urgencyName = z.enum(["high", "low"]);

export const urgency = z.union([
  urgencyName,
  z.strictObject({
    inHours: urgencyName.default("high"),
    outOfHours: urgencyName.default("low"),
    hours: id.describe("Low becomes high when its time comes, if the incident is still open"),
  }),
]);
