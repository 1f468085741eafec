// Owns the document's section `policies`, and targets: whom a step, a fallback or a warning pages.

import * as z from "zod";
import { limits } from "../core/limits.ts";
import { dayMs, duration, expression, id, longestDelayMs, text } from "./document-parts.ts";

const bound = limits.policy;

export const target = z.union([
  z.strictObject({ user: id, contact: id.optional().describe("One contact in place of the person's own rules") }),
  z.strictObject({
    team: id,
    strategy: z
      .enum(["all", "round-robin", "random"])
      .optional()
      .describe("Everybody (the default), the member not paged for longest, or one drawn"),
  }),
  z.strictObject({ schedule: id, who: z.enum(["current", "next", "everyone"]).optional().describe("current by default") }),
  z.strictObject({ policy: id.describe("Starts beside, with its own steps and times") }),
  z.strictObject({ owner: z.literal("service").describe("The team that the incident's service belongs to") }),
]);
export type TargetText = z.infer<typeof target>;
export const targets = z.array(target).max(bound.targetsMax);

const step = z.strictObject({
  notify: targets,
  escalateAfter: duration(bound.escalateAfterMsMin, longestDelayMs).default("5m"),
  until: z
    .enum(["acknowledged", "resolved"])
    .optional()
    .describe("resolved: an acknowledgment does not stop the way to the next step"),
  when: expression.optional().describe("CEL over `incident`; not true: passed over at once"),
  acksRequired: z
    .union([z.int().min(1).max(bound.acksRequiredMax), z.literal("all")])
    .optional()
    .describe("Different people who must acknowledge"),
  waitFor: id.optional().describe("Business hours to wait for before this step"),
  retry: z
    .strictObject({ times: z.int().min(1).max(bound.retriesMax), every: duration(30_000, dayMs) })
    .optional()
    .describe("Pages the step's people again while its time runs"),
});

export const policy = z.strictObject({
  id,
  name: text(200).optional(),
  steps: z.array(step).max(bound.stepsMax),
  repeat: z
    .strictObject({
      times: z.int().min(0).max(bound.repeatMax),
      from: z.int().min(1).default(1),
      wait: duration(0, dayMs).default("0s"),
    })
    .optional(),
  onExhausted: z.strictObject({ notify: targets }).optional(),
  ackTimeout: duration(60_000, longestDelayMs).nullable().optional(),
  reopenAfter: duration(60_000, longestDelayMs).nullable().optional().describe("Alias of ackTimeout"),
  lowUrgency: z.enum(["first-step", "escalate"]).default("first-step"),
});
