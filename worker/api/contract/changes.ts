// Owns the contract of changes: what was deployed or altered, and what of it lies just before an incident.

import * as z from "zod";
import { commas, instant, list, t, type Endpoint } from "./endpoint.ts";

export const changes = {
  listChanges: {
    method: "get",
    path: `${t}/changes`,
    summary: "What was deployed, released or altered, as senders told it; newest first, of the last 90 days",
    tenant: true,
    may: "stakeholder",
    query: z.strictObject({
      ...list,
      service: commas.optional(),
      integration: z.string().max(64).optional(),
      q: z.string().max(200).optional().describe("Part of the summary or of a label's value"),
      since: instant.optional(),
      until: instant.optional(),
    }),
    answers: {
      200: "{items, next}, each {id, summary, body, at, updatedAt, service, integration, source, dedupKey, labels, links}",
    },
  },
  getChange: {
    method: "get",
    path: `${t}/changes/{change}`,
    summary: "One change",
    tenant: true,
    may: "stakeholder",
    answers: { 200: "The change", 404: "No such change" },
  },
  getIncidentChanges: {
    method: "get",
    path: `${t}/incidents/{incident}/changes`,
    summary: "Changes around an incident's beginning: from a day before until five minutes after, newest first",
    tenant: true,
    may: "stakeholder",
    query: z.strictObject({
      ...list,
      of: z
        .enum(["service", "others"])
        .default("service")
        .describe("The incident's own service; or every other one, and those of none"),
    }),
    answers: {
      200: "{items, next, from, until, others}: each change with `beforeMs`, negative where it came after; `others` counts those that are not the service's",
      404: "No such incident",
    },
  },
} as const satisfies Record<string, Endpoint>;
