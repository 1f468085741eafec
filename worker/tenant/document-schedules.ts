// Owns the document's section `schedules`: layers, rotations, restrictions, overrides as they are written.

import * as z from "zod";
import { limits } from "../core/limits.ts";
import { ruleProblem } from "../core/oncall/recurrence.ts";
import { parseClock } from "../core/oncall/windows.ts";
import { parseWall } from "../core/zone.ts";
import { id, text, timeZone } from "./document-parts.ts";

const bound = limits.oncall;

export const wallTime = z
  .string()
  .refine((value) => parseWall(value) !== null, "a date and a time of day without a zone: 2026-01-05T09:00")
  .describe("A wall-clock time: 2026-01-05T09:00");

const clock = (last: boolean) =>
  z
    .string()
    .refine(
      (value) => parseClock(value) !== null && (last || value !== "24:00"),
      `a time of day in quotes: "09:00"${last ? ', up to "24:00"' : ""}`,
    );

const everyShape = /^(\d{1,4})(h|d|w|mo)$/;

/** `1w` as a number and a unit; null: it is none. */
export function parseEvery(value: string): { readonly n: number; readonly unit: "hour" | "day" | "week" | "month" } | null {
  const found = everyShape.exec(value);
  const unit = { h: "hour", d: "day", w: "week", mo: "month" } as const;
  const n = Number(found?.[1] ?? 0);
  return found && n >= 1 ? { n, unit: unit[found[2] as keyof typeof unit] } : null;
}

const rotation = z.union([
  z.strictObject({
    every: z
      .string()
      .refine((value) => parseEvery(value) !== null, "a length of turns: 12h, 1d, 2w or 1mo")
      .describe("12h, 1d, 2w, 1mo: handed over at start's wall-clock time"),
    handoff: wallTime.optional().describe("The first handoff, where it is not `every` after start; before start: its grid"),
  }),
  z.strictObject({
    rrule: z
      .string()
      .max(500)
      .superRefine((value, context) => {
        const problem = ruleProblem(value);
        if (problem !== null) context.addIssue({ code: "custom", message: problem });
      })
      .describe("RFC 5545: handed over at each occurrence after start"),
  }),
]);

const restriction = z.strictObject({
  days: z
    .array(z.enum(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]))
    .min(1)
    .max(7)
    .describe("The days it begins on"),
  from: clock(false),
  to: clock(true).describe("At or before `from`: of the next day; equal: 24 hours"),
});

const layer = z.strictObject({
  id,
  name: text(200).optional(),
  timeZone: timeZone.optional().describe("Where it is not the schedule's: follow the sun"),
  start: wallTime,
  end: wallTime.nullable().default(null),
  rotation: rotation.default({ every: "1w" }),
  users: z
    .array(z.union([id, z.array(id).min(1).max(bound.slotPeopleMax), z.null()]))
    .max(bound.slotsMax)
    .describe("In order of turns; a list: together; null: nobody, on purpose"),
  restrictions: z.array(restriction).max(bound.restrictionsMax).default([]).describe("On call only inside; joined"),
  skipEmptyTurns: z.boolean().default(true).describe("A turn wholly outside the restrictions is not used up"),
  shadow: z.boolean().default(false).describe("Shown, never paged"),
  priority: z
    .int()
    .min(0)
    .max(1_000)
    .optional()
    .describe("Higher wins, equal ones are on call together; the place in the list by default"),
});

export const overrideFields = {
  kind: z.enum(["replace", "add", "take-over", "clear"]),
  user: id.optional(),
  replaces: id.optional().describe("Whose place: of replace, and of clear where it is one person's"),
  layers: z.array(id).min(1).max(bound.layersMax).optional().describe("Only these layers; the whole schedule by default"),
};

export const schedule = z.strictObject({
  id,
  name: text(200).optional(),
  team: id.optional().describe("Whose schedule it is"),
  timeZone: timeZone.optional(),
  combine: z.enum(["priority", "union"]).default("priority").describe("The later layer wins, or everybody of any layer"),
  layers: z.array(layer).max(bound.layersMax).default([]),
  overrides: z
    .array(z.strictObject({ id, ...overrideFields, from: wallTime, to: wallTime }))
    .max(bound.overridesMax)
    .default([]),
  fallback: z
    .union([z.strictObject({ user: id }), z.strictObject({ users: z.array(id).max(bound.slotPeopleMax) })])
    .nullable()
    .default(null)
    .describe("On call when nobody is"),
  ical: z
    .strictObject({ url: z.url({ protocol: /^https?$/ }).max(2_000) })
    .nullable()
    .default(null)
    .describe("Shifts come from a calendar; layers lie over it"),
  rollout: z
    .enum(["now", "after-shift", "after-round"])
    .default("now")
    .describe("When an edit of a layer takes effect; who is on call stays until then"),
});
