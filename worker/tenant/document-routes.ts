// Owns how routes and lookups are written in the tenant document.

import * as z from "zod";
import { limits } from "../core/limits.ts";
import { dayMs, duration, expression, id, text } from "./document-parts.ts";

const bound = limits.routing;

const expr = z.strictObject({ expr: expression.describe("CEL over the alert; its value as text") });
const labelKey = z.string().min(1).max(limits.alert.labelKeyCharsMax);
const labelValue = z.string().max(limits.alert.labelValueCharsMax);

const set = z.strictObject({
  severity: z.union([text(32), expr]).optional(),
  service: z.union([id, expr]).optional(),
  policy: z.union([id, expr]).optional(),
  policies: z
    .array(z.union([id, expr]))
    .min(1)
    .max(bound.policiesMax)
    .optional()
    .describe("Started at the same moment, each on its own ladder"),
  urgency: z.enum(["high", "low"]).optional(),
  labels: z
    .record(labelKey, z.union([labelValue, expr]))
    .optional()
    .describe("Added to the alert for the routes after this one and for the incident"),
});

export const route = z.strictObject({
  id,
  when: expression,
  set: set.default({}),
  group: z
    .strictObject({
      by: z.array(z.string().min(1).max(512)).min(1).max(10),
      window: duration(60_000, 7 * dayMs).default("30m"),
      kind: z.enum(["rolling", "fixed"]).default("rolling"),
    })
    .optional(),
  suppress: z.boolean().default(false),
  hold: duration(1_000, dayMs).optional(),
  threshold: z
    .strictObject({ count: z.int().min(2).max(bound.thresholdMax), within: duration(1_000, dayMs) })
    .optional()
    .describe("Held until so many firings came within the time; without group, all alerts of the route count together"),
  inhibitedBy: z
    .strictObject({
      when: expression.describe("CEL over the alert that mutes"),
      equal: z.array(expression).max(10).default([]).describe("Values that must be the same on both alerts"),
    })
    .optional()
    .describe("Muted while such an alert is open; what still fires when it closes pages"),
  continue: z.boolean().default(false),
});

export const lookup = z.strictObject({
  id,
  key: expression.describe("CEL; its value, as text, names the row"),
  rows: z
    .record(z.string().max(limits.alert.labelValueCharsMax), z.record(labelKey, labelValue))
    .refine((rows) => Object.keys(rows).length <= bound.lookupRowsMax, `at most ${bound.lookupRowsMax} rows`),
});
