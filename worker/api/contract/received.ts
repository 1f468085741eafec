// Owns the contract of what an integration received: the last bodies with what became of them, letting them in again, and reading
// them by a draft of the integration.

import * as z from "zod";
import { limits } from "../../core/limits.ts";
import { by, instant, list, someOf, t, type Endpoint } from "./endpoint.ts";

export const bodyOutcomes = ["readable", "ignored", "unreadable", "refused", "failed"] as const;

const dryRun = z.boolean().default(false).describe("Say what would come of it, and change nothing");
const replayAnswer = "{dryRun, items: {n, at, outcome, reason, alerts}, skipped: {n, reason}, more}";

export const received = {
  listReceived: {
    method: "get",
    path: `${t}/integrations/{id}/received`,
    summary: "The last bodies that came in, newest first, with what became of each",
    tenant: true,
    may: "responder",
    query: z.strictObject({ ...list, outcome: someOf(bodyOutcomes).optional() }),
    answers: {
      200: "{items, next}: {n, at, method, bytes, cut, outcome, present, reason, alerts, plugin, door, version, deliveryId, skipped, start, replays}",
      404: "No such integration",
    },
  },
  getReceived: {
    method: "get",
    path: `${t}/integrations/{id}/received/{n}`,
    summary: "One of them whole: its text and its headers, credentials masked",
    tenant: true,
    may: "responder",
    answers: { 200: "As in the list, with `headers` and `raw`", 404: "No such body, or it is kept no longer" },
  },
  replayManyReceived: {
    method: "post",
    path: `${t}/integrations/{id}/received/replay`,
    summary: "Let bodies in again, oldest first, through the configuration of now; the ordinary rules of repeats hold",
    tenant: true,
    may: "manager",
    body: z.strictObject({
      ids: z.array(z.int().min(1)).min(1).max(limits.received.replayMax).optional(),
      outcome: someOf(bodyOutcomes).optional().describe("In place of ids: all that are so, after their last replay"),
      since: instant.optional(),
      dryRun,
      ...by,
    }),
    answers: { 200: replayAnswer, 404: "No such integration", 422: "Neither ids nor an outcome" },
  },
  replayReceived: {
    method: "post",
    path: `${t}/integrations/{id}/received/{n}/replay`,
    summary: "Let one body in again",
    tenant: true,
    may: "manager",
    body: z.strictObject({ dryRun, ...by }),
    answers: { 200: replayAnswer, 404: "No such body", 409: "Not kept whole" },
  },
  previewIntegration: {
    method: "post",
    path: `${t}/integrations/{id}/preview`,
    summary: "The alerts that bodies would become, by the integration as it is or by a draft of it; nothing is sent or stored",
    tenant: true,
    may: "manager",
    body: z.strictObject({
      source: z.string().max(64).optional().describe("A draft: another source plugin"),
      config: z.record(z.string(), z.unknown()).optional().describe("A draft of the integration's config"),
      body: z.string().optional().describe("A body to read"),
      headers: z.record(z.string(), z.string()).default({}),
      received: z.array(z.int().min(1)).max(limits.received.previewMax).optional().describe("Numbers of received bodies"),
      last: z.int().min(1).max(limits.received.previewMax).optional().describe("The last bodies received, in place of numbers"),
    }),
    bodyBytesMax: limits.api.simulateBytesMax,
    answers: {
      200: "{items: {n, at, unreadable, orders, alerts}, errors: {path, message, line, column}}",
      404: "No such integration",
    },
  },
} as const satisfies Record<string, Endpoint>;
