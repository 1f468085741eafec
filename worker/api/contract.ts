// Owns the one map of the API: every endpoint with its schemas. Routes are mounted from it, OpenAPI is generated from it,
// and the authorization matrix is tested from it. No handler is imported here.

import * as z from "zod";
import { limits } from "../core/limits.ts";

export interface Endpoint {
  readonly method: "get" | "post" | "put";
  readonly path: string;
  readonly summary: string;
  /** The tenant in the path must exist for the asker. */
  readonly tenant: boolean;
  readonly query?: z.ZodType<Record<string, unknown>>;
  /** JSON body. */
  readonly body?: z.ZodType<Record<string, unknown>>;
  /** Also takes or gives something else than JSON (the tenant document). */
  readonly raw?: string;
  readonly answers: Readonly<Record<number, string>>;
}

const t = "/api/v1/tenants/{tenant}";
const list = {
  limit: z.coerce.number().int().min(1).max(limits.list.pageMax).default(limits.list.pageDefault),
  cursor: z.string().max(200).optional(),
};
const commas = z
  .string()
  .max(500)
  .transform((text) =>
    text
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== ""),
  );
const instant = z.iso
  .datetime({ offset: true, error: "an instant such as 2026-11-24T02:47:00Z" })
  .transform((text) => Date.parse(text));
const by = {
  as: z.string().max(64).optional().describe("Who acts, when the credential is not a person"),
  commandId: z.string().max(128).optional().describe("Repeating a command with the same id changes nothing"),
};
const duration = z.string().max(20).describe("90s, 8m, 2h, 1d, 1w");

const acted = {
  200: "Done, or it was so already",
  404: "No such incident",
  409: "Not possible in this state; `legal` lists what is",
};

export const contract = {
  listTenants: {
    method: "get",
    path: "/api/v1/tenants",
    summary: "Tenants of this hub",
    tenant: false,
    answers: { 200: "{items, next}" },
  },
  getConfig: {
    method: "get",
    path: `${t}/config`,
    summary: "The tenant document (YAML, or JSON by Accept)",
    tenant: true,
    raw: "application/yaml",
    answers: { 200: "The document; ETag is its version", 404: "No such tenant" },
  },
  putConfig: {
    method: "put",
    path: `${t}/config`,
    summary: "Apply a tenant document (YAML or JSON)",
    tenant: false,
    raw: "application/yaml",
    query: z.strictObject({ dryRun: z.stringbool().default(false), prune: commas.optional() }),
    answers: {
      200: "{applied, version, changes, issued, warnings}",
      202: "Saved, not yet in force",
      412: "If-Match names another version",
      422: "Errors with path, line and nearest known key",
    },
  },
  listIncidents: {
    method: "get",
    path: `${t}/incidents`,
    summary: "Incidents, newest first",
    tenant: true,
    query: z.strictObject({
      ...list,
      status: commas.optional(),
      severity: commas.optional(),
      service: z.string().max(64).optional(),
      urgency: z.enum(["high", "low"]).optional(),
      assignee: z.string().max(64).optional(),
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
    answers: { 200: "The incident", 404: "No such incident" },
  },
  getTimeline: {
    method: "get",
    path: `${t}/incidents/{incident}/timeline`,
    summary: "What happened, oldest first",
    tenant: true,
    query: z.strictObject({ ...list, after: z.coerce.number().int().min(0).optional() }),
    answers: { 200: "{items, next}", 404: "No such incident" },
  },
  getIncidentDeliveries: {
    method: "get",
    path: `${t}/incidents/{incident}/deliveries`,
    summary: "Pages of one incident, per try",
    tenant: true,
    answers: { 200: "{items, next}", 404: "No such incident" },
  },
  getIncidentAlerts: {
    method: "get",
    path: `${t}/incidents/{incident}/alerts`,
    summary: "Alerts of one incident, with the raw body of the first",
    tenant: true,
    answers: { 200: "{items, next}", 404: "No such incident" },
  },
  ack: {
    method: "post",
    path: `${t}/incidents/{incident}/ack`,
    summary: "Acknowledge",
    tenant: true,
    body: z.strictObject(by),
    answers: acted,
  },
  unack: {
    method: "post",
    path: `${t}/incidents/{incident}/unack`,
    summary: "Give it back; with undo, within 30 s, as if it had not been acknowledged",
    tenant: true,
    body: z.strictObject({ ...by, undo: z.boolean().default(false) }),
    answers: acted,
  },
  resolve: {
    method: "post",
    path: `${t}/incidents/{incident}/resolve`,
    summary: "Resolve",
    tenant: true,
    body: z.strictObject({ ...by, reason: z.string().max(1_000).optional() }),
    answers: acted,
  },
  reopen: {
    method: "post",
    path: `${t}/incidents/{incident}/reopen`,
    summary: "Re-open and page from step 1",
    tenant: true,
    body: z.strictObject(by),
    answers: acted,
  },
  snooze: {
    method: "post",
    path: `${t}/incidents/{incident}/snooze`,
    summary: "Snooze for a time or until an instant",
    tenant: true,
    body: z.strictObject({ ...by, for: duration.optional(), until: instant.optional() }),
    answers: acted,
  },
  escalate: {
    method: "post",
    path: `${t}/incidents/{incident}/escalate`,
    summary: "Page the next level now; promotes a suppressed or held incident",
    tenant: true,
    body: z.strictObject(by),
    answers: acted,
  },
  reassign: {
    method: "post",
    path: `${t}/incidents/{incident}/reassign`,
    summary: "Give it to a person or a policy",
    tenant: true,
    body: z.strictObject({ ...by, user: z.string().max(64).optional(), policy: z.string().max(64).optional() }),
    answers: acted,
  },
  responders: {
    method: "post",
    path: `${t}/incidents/{incident}/responders`,
    summary: "Call people in",
    tenant: true,
    body: z.strictObject({ ...by, users: z.array(z.string().max(64)).min(1).max(50), message: z.string().max(500).default("") }),
    answers: acted,
  },
  severity: {
    method: "post",
    path: `${t}/incidents/{incident}/severity`,
    summary: "Set the severity",
    tenant: true,
    body: z.strictObject({ ...by, severity: z.string().max(32) }),
    answers: acted,
  },
  note: {
    method: "post",
    path: `${t}/incidents/{incident}/note`,
    summary: "Add a note",
    tenant: true,
    body: z.strictObject({ ...by, text: z.string().trim().min(1).max(limits.incident.noteCharsMax) }),
    answers: acted,
  },
  listDeliveries: {
    method: "get",
    path: `${t}/deliveries`,
    summary: "Pages of the tenant, newest first",
    tenant: true,
    query: z.strictObject({
      ...list,
      incident: z.string().max(64).optional(),
      user: z.string().max(64).optional(),
      status: z.string().max(16).optional(),
    }),
    answers: { 200: "{items, next}" },
  },
  listInbox: {
    method: "get",
    path: `${t}/inbox`,
    summary: "The simulated phone, newest first",
    tenant: true,
    query: z.strictObject({ ...list, user: z.string().max(64).optional() }),
    answers: { 200: "{items, next}" },
  },
  getOncall: {
    method: "get",
    path: `${t}/oncall`,
    summary: "Who is on call, and who each policy would page first",
    tenant: true,
    query: z.strictObject({ at: instant.optional(), schedule: z.string().max(64).optional() }),
    answers: { 200: "{at, items, policies}" },
  },
  listUsers: { method: "get", path: `${t}/users`, summary: "People", tenant: true, answers: { 200: "{items, next}" } },
  listTeams: { method: "get", path: `${t}/teams`, summary: "Teams", tenant: true, answers: { 200: "{items, next}" } },
  listServices: { method: "get", path: `${t}/services`, summary: "Services", tenant: true, answers: { 200: "{items, next}" } },
  listPolicies: {
    method: "get",
    path: `${t}/policies`,
    summary: "Escalation policies",
    tenant: true,
    answers: { 200: "{items, next}" },
  },
  listIntegrations: {
    method: "get",
    path: `${t}/integrations`,
    summary: "Integrations, without keys",
    tenant: true,
    answers: { 200: "{items, next}" },
  },
  listNotifiers: {
    method: "get",
    path: `${t}/notifiers`,
    summary: "Notifiers, without secrets",
    tenant: true,
    answers: { 200: "{items, next}" },
  },
  listAudit: {
    method: "get",
    path: `${t}/audit`,
    summary: "The audit log, oldest first; NDJSON by Accept: application/x-ndjson",
    tenant: true,
    query: z.strictObject({ limit: list.limit, after: z.coerce.number().int().min(0).default(0) }),
    answers: { 200: "{items, next}" },
  },
  verifyAudit: {
    method: "get",
    path: `${t}/audit/verify`,
    summary: "Walk the audit log's hash chain",
    tenant: true,
    answers: { 200: "{whole, firstBad}" },
  },
} as const satisfies Record<string, Endpoint>;

export type Operation = keyof typeof contract;
