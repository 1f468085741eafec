// Owns the contract of incidents: lists, one, its record.

import * as z from "zod";
import { limits } from "../../core/limits.ts";
import { by, commas, incidentStatuses, instant, list, someOf, t, type Endpoint } from "./endpoint.ts";

export const incidents = {
  listIncidents: {
    method: "get",
    path: `${t}/incidents`,
    summary: "Incidents, newest first",
    tenant: true,
    may: "stakeholder",
    query: z.strictObject({
      ...list,
      status: someOf(incidentStatuses).optional(),
      severity: commas.optional(),
      service: commas.optional(),
      team: z.string().max(64).optional().describe("Of the services that belong to it now"),
      urgency: z.enum(["high", "low"]).optional(),
      assignee: z.string().max(64).optional(),
      flag: z.string().max(64).optional(),
      q: z.string().max(200).optional(),
      since: instant.optional(),
      until: instant.optional(),
    }),
    answers: { 200: "{items, next}; `degraded` when the database is dark" },
  },
  declareIncident: {
    method: "post",
    path: `${t}/incidents`,
    summary: "Declare an incident by hand",
    tenant: true,
    may: "responder",
    body: z.strictObject({
      title: z.string().trim().min(1).max(limits.alert.titleCharsMax),
      body: z.string().max(limits.alert.bodyCharsMax).default(""),
      service: z.string().max(64).optional(),
      policy: z.string().max(64).optional(),
      severity: z.string().max(32).optional(),
      urgency: z.enum(["high", "low"]).optional(),
      labels: z.record(z.string().max(128), z.string().max(1_024)).default({}),
      dedupKey: z.string().min(1).max(limits.alert.dedupKeyCharsMax).optional(),
      ...by,
    }),
    answers: { 201: "The incident", 422: "A name that leads nowhere" },
  },
  getIncident: {
    method: "get",
    path: `${t}/incidents/{incident}`,
    summary: "One incident, with everything that will happen if nobody acts",
    tenant: true,
    may: "stakeholder",
    answers: { 200: "The incident", 404: "No such incident" },
  },
  getUserPages: {
    method: "get",
    path: `${t}/users/{id}/pages`,
    summary: "Open incidents that one person was paged for, or owns, each with why; newest first",
    tenant: true,
    may: "responder",
    self: "id",
    query: z.strictObject({
      also: commas.optional().describe("Incidents to ask in any case, 20 at most: the list is a moment behind them"),
    }),
    answers: {
      200: "{items: [incident with `page`: {at, delivery, contact, via, reason} or null], next}; `degraded` when the database is dark",
      404: "There is no such person",
    },
  },
  getTimeline: {
    method: "get",
    path: `${t}/incidents/{incident}/timeline`,
    summary: "What happened, oldest first",
    tenant: true,
    may: "stakeholder",
    query: z.strictObject({ ...list, after: z.coerce.number().int().min(0).optional() }),
    answers: { 200: "{items, next}", 404: "No such incident" },
  },
  getIncidentDeliveries: {
    method: "get",
    path: `${t}/incidents/{incident}/deliveries`,
    summary: "Pages of one incident, per try",
    tenant: true,
    may: "responder",
    answers: { 200: "{items, next}", 404: "No such incident" },
  },
  getIncidentAlerts: {
    method: "get",
    path: `${t}/incidents/{incident}/alerts`,
    summary: "Alerts of one incident, with the raw body of the first",
    tenant: true,
    may: "responder",
    answers: { 200: "{items, next}", 404: "No such incident" },
  },
} as const satisfies Record<string, Endpoint>;
