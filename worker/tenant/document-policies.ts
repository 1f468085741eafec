// Owns the document's section `policies`, and targets: whom a step, a fallback or a warning pages.

import * as z from "zod";
import { limits } from "../core/limits.ts";
import { dayMs, duration, id, longestDelayMs, text } from "./document-parts.ts";

const bound = limits.policy;

const target = z.union([z.strictObject({ user: id, contact: id.optional() }), z.strictObject({ team: id })]);
export const targets = z.array(target).max(bound.targetsMax);

const step = z.strictObject({
  notify: targets,
  escalateAfter: duration(bound.escalateAfterMsMin, longestDelayMs).default("5m"),
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
