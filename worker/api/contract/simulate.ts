// Owns the contract of trying things out: what would become of an alert, and of the last bodies under another configuration.

import * as z from "zod";
import { limits } from "../../core/limits.ts";
import { instant, t, type Endpoint } from "./endpoint.ts";

export const canonicalAlert = z
  .strictObject({
    dedupKey: z.string().min(1).max(limits.alert.dedupKeyCharsMax).default("simulated"),
    action: z.enum(["trigger", "acknowledge", "resolve", "responded", "ignore"]).default("trigger"),
    severity: z.enum(["critical", "error", "warning", "info", "unknown"]).default("unknown"),
    title: z.string().default("Simulated alert"),
    body: z.string().default(""),
    labels: z.record(z.string(), z.string()).default({}),
    links: z.array(z.strictObject({ href: z.string(), text: z.string().default("") })).default([]),
    source: z.string().optional(),
    sourceAt: instant.nullable().default(null),
    expiresAt: instant.nullable().optional().describe("Firing until then, unless its source says it again"),
    test: z.boolean().default(false),
    raw: z.unknown().optional(),
  })
  .describe("A canonical alert, in place of a sender's body");

const document = z
  .union([z.string(), z.record(z.string(), z.unknown())])
  .optional()
  .describe(
    "A draft of the tenant document (YAML or JSON text, or the object): simulated against it instead of what is in force",
  );

export const simulateBody = z.strictObject({
  integration: z.string().max(64),
  payload: z.unknown().optional().describe("What the sender would post, as JSON"),
  body: z.string().optional().describe("The same as text, where it is no JSON"),
  headers: z.record(z.string(), z.string()).default({}),
  alert: canonicalAlert.optional(),
  at: instant.optional().describe("When it would come in; now by default. Any time: who is on call is worked out for it"),
  document,
});

export const simulations = {
  simulate: {
    method: "post",
    path: `${t}/simulate`,
    summary: "What would become of an alert, and whom it would page when, if nobody answered; sends and stores nothing",
    tenant: true,
    may: "responder",
    body: simulateBody,
    bodyBytesMax: limits.api.simulateBytesMax,
    answers: { 200: "{at, version, draft, assumed, alerts}", 422: "A name that leads nowhere, or a draft that is not valid" },
  },
  replay: {
    method: "post",
    path: `${t}/simulate/replay`,
    summary: "The last bodies kept, through what is in force and through a draft: what would have gone another way",
    tenant: true,
    may: "manager",
    body: z.strictObject({
      document: z.union([z.string(), z.record(z.string(), z.unknown())]),
      integration: z.string().max(64).optional(),
      last: z.number().int().min(1).max(limits.simulate.replayMax).default(20),
    }),
    bodyBytesMax: limits.api.simulateBytesMax,
    answers: { 200: "{replayed, changed, assumed, items, skipped}", 422: "A draft that is not valid" },
  },
} as const satisfies Record<string, Endpoint>;
