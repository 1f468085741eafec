// Owns the shape of the tenant document: what may be written, key by key. References between its parts are check.ts's.

import * as z from "zod";
import { formatDuration, parseDuration } from "../core/duration.ts";
import { limits } from "../core/limits.ts";

const bound = limits;

const id = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/,
    "an id is 1 to 64 of a-z, 0-9, - and _, beginning and ending with a letter or digit",
  );
const text = (max: number) => z.string().min(1).max(max);

function duration(minMs: number, maxMs: number) {
  return z
    .string()
    .refine((value) => parseDuration(value) !== null, "a duration is a number and a unit: 90s, 8m, 2h, 1d, 1w")
    .refine((value) => within(parseDuration(value), minMs, maxMs), `from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`)
    .describe("A duration: 90s, 8m, 2h, 1d, 1w");
}

function within(ms: number | null, minMs: number, maxMs: number): boolean {
  return ms === null || (ms >= minMs && ms <= maxMs);
}

const timeZone = z.string().refine(isZone, "an IANA time zone such as Europe/Madrid");

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** `{ env: NAME }`, `{ value: "…" }`, or the marker that GET gives back and that means "keep what is there". */
export const secret = z.union([
  z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, "a variable's name: A-Z, 0-9 and _") }),
  z.strictObject({ value: z.string().min(1).max(8_192) }),
  z.strictObject({ sealed: z.literal(true) }),
]);
export type Secret = z.infer<typeof secret>;

const day = 86_400_000;
const longest = bound.policy.escalateAfterMsMax;

const notifyRule = z.strictObject({ after: duration(0, bound.person.ruleAfterMsMax), contact: z.union([id, z.literal("*")]) });
const notifyRules = z.strictObject({
  high: z.array(notifyRule).max(bound.person.rulesMax).optional(),
  low: z.array(notifyRule).max(bound.person.rulesMax).optional(),
});

const target = z.union([z.strictObject({ user: id, contact: id.optional() }), z.strictObject({ team: id })]);
const targets = z.array(target).max(bound.policy.targetsMax);

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

const step = z.strictObject({ notify: targets, escalateAfter: duration(bound.policy.escalateAfterMsMin, longest).default("5m") });

const policy = z.strictObject({
  id,
  name: text(200).optional(),
  steps: z.array(step).max(bound.policy.stepsMax),
  repeat: z
    .strictObject({
      times: z.int().min(0).max(bound.policy.repeatMax),
      from: z.int().min(1).default(1),
      wait: duration(0, day).default("0s"),
    })
    .optional(),
  onExhausted: z.strictObject({ notify: targets }).optional(),
  ackTimeout: duration(60_000, longest).nullable().optional(),
  reopenAfter: duration(60_000, longest).nullable().optional().describe("Alias of ackTimeout"),
  lowUrgency: z.enum(["first-step", "escalate"]).default("first-step"),
});

const service = z.strictObject({
  id,
  name: text(200).optional(),
  team: id.optional(),
  policy: id.optional(),
  runbook: z.url({ protocol: /^https?$/ }).optional(),
  tags: z.record(z.string().max(128), z.string().max(1_024)).default({}),
  urgency: z.enum(["high", "low"]).default("high"),
  resolveOn: z.enum(["all", "any", "manual"]).default("all"),
  autoResolve: duration(60_000, 30 * day)
    .nullable()
    .optional(),
  ackTimeout: duration(60_000, longest).nullable().optional(),
});

const integration = z.strictObject({
  id,
  name: text(200).optional(),
  source: id.describe("A source plugin's id"),
  key: secret.optional().describe("Omitted: generated and shown once"),
  secret: secret.optional().describe("What the sender signs or authenticates with"),
  service: id.optional(),
  config: z.record(z.string(), z.unknown()).default({}),
  severityMap: severityNames.optional(),
});

const route = z.strictObject({
  id,
  when: z.string().min(1).max(bound.expression.charsMax),
  set: z
    .strictObject({
      severity: text(32).optional(),
      service: id.optional(),
      policy: id.optional(),
      urgency: z.enum(["high", "low"]).optional(),
    })
    .default({}),
  group: z
    .strictObject({
      by: z.array(z.string().min(1).max(512)).min(1).max(10),
      window: duration(60_000, 7 * day).default("30m"),
      kind: z.enum(["rolling", "fixed"]).default("rolling"),
    })
    .optional(),
  suppress: z.boolean().default(false),
  hold: duration(1_000, day).optional(),
  continue: z.boolean().default(false),
});

const notifier = z.strictObject({
  id,
  plugin: id.describe("A notifier plugin's id"),
  config: z.record(z.string(), z.unknown()).default({}),
  secrets: z.record(z.string(), secret).default({}),
  fallback: id.optional(),
});

export const tenantDocument = z.strictObject({
  tenant: id,
  name: text(200).optional(),
  timeZone: timeZone.optional(),
  jurisdiction: z.enum(["eu", "us", "fedramp"]).nullable().optional(),
  severities: z.array(text(32)).min(1).max(10).optional(),
  severityMap: severityNames.optional(),
  fallback: z.strictObject({ notify: targets }).optional(),
  defaults: z
    .strictObject({
      notify: notifyRules.optional(),
      ackTimeout: duration(60_000, longest).nullable().optional(),
      reopenWindow: duration(0, day).optional(),
      autoResolve: duration(60_000, 30 * day)
        .nullable()
        .optional(),
    })
    .optional(),
  users: z.array(user).max(5_000).optional(),
  teams: z.array(team).max(1_000).optional(),
  policies: z.array(policy).max(1_000).optional(),
  services: z.array(service).max(5_000).optional(),
  integrations: z.array(integration).max(1_000).optional(),
  routes: z.array(route).max(1_000).optional(),
  notifiers: z.array(notifier).max(200).optional(),
});
export type TenantDocument = z.infer<typeof tenantDocument>;

/** Keys of the contract that this version does not have yet: told apart from a misspelling. */
export const notYet: ReadonlySet<string> = new Set([
  "schedules",
  "businessHours",
  "slas",
  "heartbeats",
  "maintenance",
  "silences",
  "lookups",
  "connectors",
  "when",
  "retry",
  "until",
  "acksRequired",
  "threshold",
  "inhibitedBy",
  "schedule",
  "strategy",
  "hours",
  "inHours",
  "outOfHours",
]);
