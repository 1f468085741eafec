// Owns the contract of the actions on an incident.

import * as z from "zod";
import { limits } from "../../core/limits.ts";
import { t, instant, by, duration, type Endpoint } from "./endpoint.ts";

const acted = {
  200: "Done, or it was so already",
  404: "No such incident",
  409: "Not possible in this state; `legal` lists what is",
};

export const commands = {
  ack: {
    method: "post",
    path: `${t}/incidents/{incident}/ack`,
    summary: "Acknowledge",
    tenant: true,
    may: "responder",
    body: z.strictObject({
      ...by,
      epoch: z
        .int()
        .min(0)
        .optional()
        .describe("As the incident had it when the person saw it; refused when paging began anew since"),
    }),
    answers: acted,
  },
  unack: {
    method: "post",
    path: `${t}/incidents/{incident}/unack`,
    summary: "Give it back; with undo, within 30 s, as if it had not been acknowledged",
    tenant: true,
    may: "responder",
    body: z.strictObject({ ...by, undo: z.boolean().default(false) }),
    answers: acted,
  },
  resolve: {
    method: "post",
    path: `${t}/incidents/{incident}/resolve`,
    summary: "Resolve",
    tenant: true,
    may: "responder",
    body: z.strictObject({ ...by, reason: z.string().max(1_000).optional() }),
    answers: acted,
  },
  reopen: {
    method: "post",
    path: `${t}/incidents/{incident}/reopen`,
    summary:
      "Re-open and page from step 1; with undo, within 30 s of one's own resolve, as if it had not been resolved: same step, same times, nobody paged anew. 409 when its source has opened or ended it meanwhile",
    tenant: true,
    may: "responder",
    body: z.strictObject({ ...by, undo: z.boolean().default(false) }),
    answers: acted,
  },
  snooze: {
    method: "post",
    path: `${t}/incidents/{incident}/snooze`,
    summary: "Snooze for a time or until an instant",
    tenant: true,
    may: "responder",
    body: z.strictObject({ ...by, for: duration.optional(), until: instant.optional() }),
    answers: acted,
  },
  escalate: {
    method: "post",
    path: `${t}/incidents/{incident}/escalate`,
    summary: "Page the next level now; promotes a suppressed or held incident",
    tenant: true,
    may: "responder",
    body: z.strictObject(by),
    answers: acted,
  },
  reassign: {
    method: "post",
    path: `${t}/incidents/{incident}/reassign`,
    summary: "Give it to a person or a policy",
    tenant: true,
    may: "responder",
    body: z.strictObject({ ...by, user: z.string().max(64).optional(), policy: z.string().max(64).optional() }),
    answers: acted,
  },
  responders: {
    method: "post",
    path: `${t}/incidents/{incident}/responders`,
    summary: "Call people in",
    tenant: true,
    may: "responder",
    body: z.strictObject({ ...by, users: z.array(z.string().max(64)).min(1).max(50), message: z.string().max(500).default("") }),
    answers: acted,
  },
  severity: {
    method: "post",
    path: `${t}/incidents/{incident}/severity`,
    summary: "Set the severity",
    tenant: true,
    may: "responder",
    body: z.strictObject({ ...by, severity: z.string().max(32) }),
    answers: acted,
  },
  merge: {
    method: "post",
    path: `${t}/incidents/{incident}/merge`,
    summary: "Merge into another open incident, which answers for its alerts from then on; pages nobody",
    tenant: true,
    may: "responder",
    body: z.strictObject({ ...by, into: z.string().max(64) }),
    answers: acted,
  },
  unmerge: {
    method: "post",
    path: `${t}/incidents/{incident}/unmerge`,
    summary: "Take it out again: paged from the start, or resolved if its alerts are over",
    tenant: true,
    may: "responder",
    body: z.strictObject(by),
    answers: acted,
  },
  note: {
    method: "post",
    path: `${t}/incidents/{incident}/note`,
    summary: "Add a note",
    tenant: true,
    may: "responder",
    body: z.strictObject({ ...by, text: z.string().trim().min(1).max(limits.incident.noteCharsMax) }),
    answers: acted,
  },
} as const satisfies Record<string, Endpoint>;
