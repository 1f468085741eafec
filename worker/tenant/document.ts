// Owns the shape of the tenant document: what may be written, key by key. References between its parts are check.ts's.

import * as z from "zod";
import { limits } from "../core/limits.ts";
import { dayMs, duration, id, longestDelayMs, secret, text, timeZone } from "./document-parts.ts";
import { connector } from "./document-connectors.ts";
import { heartbeat } from "./document-heartbeats.ts";
import { businessHours, sla, urgency } from "./document-hours.ts";
import { policy, targets } from "./document-policies.ts";
import { schedule } from "./document-schedules.ts";
import { maintenance, silence } from "./document-quiet.ts";
import { lookup, route } from "./document-routes.ts";

const bound = limits;

const notifyRule = z.strictObject({ after: duration(0, bound.person.ruleAfterMsMax), contact: z.union([id, z.literal("*")]) });
const notifyRules = z.strictObject({
  high: z.array(notifyRule).max(bound.person.rulesMax).optional(),
  low: z.array(notifyRule).max(bound.person.rulesMax).optional(),
});

const severityNames = z.partialRecord(z.enum(["critical", "error", "warning", "info", "unknown"]), text(32));

const user = z.strictObject({
  id,
  name: text(200).optional(),
  email: z.email().optional(),
  timeZone: timeZone.optional(),
  role: z.enum(["owner", "admin", "manager", "responder", "stakeholder"]).default("responder"),
  active: z.boolean().default(true),
  contacts: z
    .array(z.strictObject({ id, via: id, to: z.string().max(500).default("") }))
    .max(bound.person.contactsMax)
    .default([]),
  notify: notifyRules.optional(),
});

const team = z.strictObject({
  id,
  name: text(200).optional(),
  members: z.array(id).max(500).default([]),
  managers: z.array(id).max(100).default([]),
});

const service = z.strictObject({
  id,
  name: text(200).optional(),
  team: id.optional(),
  policy: id.optional(),
  runbook: z.url({ protocol: /^https?$/ }).optional(),
  tags: z.record(z.string().max(128), z.string().max(1_024)).default({}),
  urgency: urgency.default("high"),
  resolveOn: z.enum(["all", "any", "manual"]).default("all"),
  autoResolve: duration(60_000, 30 * dayMs)
    .nullable()
    .optional(),
  ackTimeout: duration(60_000, longestDelayMs).nullable().optional(),
});

const keepBodies = duration(limits.received.keepMsMin, limits.received.keepMsMax).describe(
  "How long received bodies are kept as they came, for looking at and for replay: 1h to 90d; 7d by default",
);

const integration = z.strictObject({
  id,
  name: text(200).optional(),
  source: id.describe("A source plugin's id"),
  key: secret.optional().describe("Omitted: generated and shown once"),
  secret: secret
    .optional()
    .describe(
      "What the sender signs or authenticates with. Changed here it is another one at once; `rotate-secret` of the API keeps the old one for a while",
    ),
  service: id.optional(),
  config: z.record(z.string(), z.unknown()).default({}),
  severityMap: severityNames.optional(),
  rateLimit: z
    .strictObject({ count: z.int().min(1).max(limits.rate.countMax), within: duration(1_000, dayMs) })
    .optional()
    .describe("Requests let in within a time; more are answered 429, counted, and an incident says so"),
  keepBodies: keepBodies.optional(),
});

const notifier = z.strictObject({
  id,
  plugin: id.describe("A notifier plugin's id"),
  config: z.record(z.string(), z.unknown()).default({}),
  secrets: z.record(z.string(), secret).default({}),
  fallback: id.optional(),
});

/**
 * The lists of the document, one for each kind of object, in the order in which plans and exports show them. A kind of
 * `kinds` (worker/store/kinds.ts) that is missing here is not available yet.
 */
export const sections = {
  users: z.array(user).max(5_000).optional(),
  teams: z.array(team).max(1_000).optional(),
  schedules: z.array(schedule).max(1_000).optional(),
  policies: z.array(policy).max(1_000).optional(),
  businessHours: z.array(businessHours).max(limits.calendar.perTenantMax).optional(),
  slas: z.array(sla).max(limits.sla.perTenantMax).optional(),
  services: z.array(service).max(5_000).optional(),
  integrations: z.array(integration).max(1_000).optional(),
  routes: z.array(route).max(limits.routing.routesMax).optional(),
  notifiers: z.array(notifier).max(200).optional(),
  connectors: z.array(connector).max(limits.post.connectorsMax).optional(),
  heartbeats: z.array(heartbeat).max(bound.heartbeat.perTenantMax).optional(),
  maintenance: z.array(maintenance).max(limits.maintenance.perTenantMax).optional(),
  silences: z.array(silence).max(limits.silence.perTenantMax).optional(),
  lookups: z.array(lookup).max(limits.routing.lookupsMax).optional(),
};

export const tenantDocument = z.strictObject({
  tenant: id,
  name: text(200).optional(),
  timeZone: timeZone.optional(),
  jurisdiction: z.enum(["eu", "us", "fedramp"]).nullable().optional(),
  severities: z.array(text(32)).min(1).max(10).optional(),
  severityMap: severityNames.optional(),
  sourceSeverities: z
    .record(id, severityNames)
    .optional()
    .describe("By source plugin, over severityMap: { zendesk: { critical: P2 } }; an integration's own map goes over it"),
  fallback: z.strictObject({ notify: targets }).optional(),
  defaults: z
    .strictObject({
      notify: notifyRules.optional(),
      ackTimeout: duration(60_000, longestDelayMs).nullable().optional(),
      reopenWindow: duration(0, dayMs).optional(),
      bundle: z
        .strictObject({
          after: z.int().min(1).max(100).default(limits.bundle.after),
          within: duration(1_000, dayMs).default("1m"),
          every: duration(10_000, 3_600_000).default("2m"),
        })
        .nullable()
        .optional()
        .describe(
          "More incidents than this within the time and a person's pages wait for a summary; the worst severity never does",
        ),
      flapping: z
        .strictObject({
          reopens: z.int().min(1).max(100).default(limits.flapping.reopens),
          within: duration(60_000, dayMs).default("30m"),
          steady: duration(1_000, limits.flapping.silentMsMax).default("5m"),
        })
        .nullable()
        .optional()
        .describe("More re-opens than this within the time page once, then only what has fired steadily; null: never flapping"),
      autoResolve: duration(60_000, 30 * dayMs)
        .nullable()
        .optional(),
      keepBodies: keepBodies.optional(),
    })
    .optional(),
  ...sections,
});
export type TenantDocument = z.infer<typeof tenantDocument>;
