// Owns what a shape cannot say: that every name in the document leads somewhere, that plugins accept their configuration,
// that expressions compile, and what is allowed but unwise. Looks at the whole tenant as it would be.

import type * as z from "zod";
import type { Told } from "../core/page.ts";
import type { NotifierPlugin, SourcePlugin } from "../../plugins/sdk/index.ts";
import { checkConnectors } from "./check-connectors.ts";
import { checkHeartbeats } from "./check-heartbeats.ts";
import { checkHours } from "./check-hours.ts";
import { checkOwnPlugin } from "./check-own-plugins.ts";
import { checkPolicies, checkTargets, reachesNobody } from "./check-policies.ts";
import { checkQuiet } from "./check-quiet.ts";
import { checkRoutes } from "./check-routes.ts";
import { checkSchedules } from "./check-schedules.ts";
import { checkUnserved } from "./check-unserved.ts";
import { configIssues } from "./plugin-issues.ts";
import { nearestOf } from "../lib/nearest.ts";
import { definitionKinds, type Definitions, type Kind } from "./definitions.ts";

export interface Plugins {
  readonly sources: Readonly<Record<string, SourcePlugin>>;
  readonly notifiers: Readonly<Record<string, NotifierPlugin>>;
}

export interface Finding {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly nearest?: string;
  /** The same as data, for whoever says it in another language. Absent: only the sentence is there. */
  readonly told?: Told;
  /** The place inside the text at that path, from 1: where an expression is wrong. */
  readonly inside?: { readonly line: number; readonly column: number };
}

export interface Findings {
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

export interface Context {
  readonly all: Definitions;
  readonly plugins: Plugins;
  readonly errors: Finding[];
  readonly warnings: Finding[];
}

export function checkDefinitions(all: Definitions, plugins: Plugins): Findings {
  const context: Context = { all, plugins, errors: [], warnings: [] };
  for (const kind of definitionKinds) unique(context, kind);
  checkSeverities(context);
  all.users.forEach((_, i) => checkUser(context, i));
  all.teams.forEach((team, i) => {
    team.members.forEach((member, j) => refer(context, "users", member, ["teams", i, "members", j]));
    team.managers.forEach((manager, j) => refer(context, "users", manager, ["teams", i, "managers", j]));
  });
  checkSchedules(context);
  checkPolicies(context);
  all.services.forEach((service, i) => {
    refer(context, "teams", service.team, ["services", i, "team"]);
    refer(context, "policies", service.policy, ["services", i, "policy"]);
    if (service.policy === undefined)
      warn(context, ["services", i], `service ${service.id} has no policy: its incidents page the tenant's fallback`, {
        code: "service-no-policy",
        id: service.id,
      });
  });
  all.integrations.forEach((_, i) => checkIntegration(context, i));
  checkUnserved(context);
  checkHours(context);
  checkRoutes(context);
  checkQuiet(context);
  all.notifiers.forEach((_, i) => checkNotifier(context, i));
  checkConnectors(context);
  checkHeartbeats(context);
  checkTargets(context, all.settings.fallback?.notify ?? [], ["fallback", "notify"]);
  if ((all.settings.fallback?.notify ?? []).length === 0)
    warn(context, ["fallback"], "there is no fallback: when nobody on a policy can be reached, nobody is paged", {
      code: "no-fallback",
    });
  else checkLastResort(context);
  return context;
}

export function fail(context: Context, path: Finding["path"], message: string, nearest?: string | null): void {
  context.errors.push({ path, message, ...(nearest ? { nearest } : {}) });
}

export function warn(context: Context, path: Finding["path"], message: string, told: Told): void {
  context.warnings.push({ path, message, told });
}

function unique({ all, errors }: Context, kind: Kind): void {
  const seen = new Set<string>();
  all[kind].forEach((each, i) => {
    if (seen.has(each.id)) errors.push({ path: [kind, i, "id"], message: `two ${kind} are called ${each.id}` });
    seen.add(each.id);
  });
}

export function refer(context: Context, kind: Kind, id: string | undefined, path: Finding["path"]): void {
  if (id === undefined) return;
  const known = context.all[kind].map((each) => each.id);
  if (known.includes(id)) return;
  const nearest = nearestOf(id, known);
  fail(context, path, `no ${nameOf(kind)} is called ${id}${nearest ? `, did you mean ${nearest}?` : ""}`, nearest);
}

/** One of a kind, in words. */
export function nameOf(kind: Kind): string {
  if (kind === "businessHours") return "business hours";
  return kind === "slas" ? "SLA" : kind.replace(/ies$/, "y").replace(/s$/, "");
}

function notifierIds({ all, plugins }: Context): string[] {
  const builtIn = Object.values(plugins.notifiers)
    .filter((plugin) => plugin.manifest.builtIn)
    .map((plugin) => plugin.manifest.id);
  return [...builtIn, ...all.notifiers.map((each) => each.id)];
}

function checkSeverities(context: Context): void {
  const { severities, severityMap } = context.all.settings;
  for (const [source, map] of Object.entries(context.all.settings.sourceSeverities ?? {})) {
    if (!context.plugins.sources[source]) fail(context, ["sourceSeverities", source], `there is no source plugin ${source}`);
    for (const [canonical, own] of Object.entries(map)) {
      if (own !== undefined && severities && !severities.includes(own))
        fail(context, ["sourceSeverities", source, canonical], `${own} is not one of ${severities.join(", ")}`);
    }
  }
  if (severities === undefined) return;
  if (new Set(severities).size !== severities.length) fail(context, ["severities"], "a severity is named twice");
  for (const [canonical, own] of Object.entries(severityMap ?? {})) {
    if (own !== undefined && !severities.includes(own))
      fail(context, ["severityMap", canonical], `${own} is not one of ${severities.join(", ")}`);
  }
}

function checkUser(context: Context, i: number): void {
  const user = context.all.users[i];
  if (!user) return;
  const known = notifierIds(context);
  user.contacts.forEach((contact, j) => {
    if (!known.includes(contact.via)) {
      const nearest = nearestOf(contact.via, known);
      return fail(
        context,
        ["users", i, "contacts", j, "via"],
        `no notifier is called ${contact.via}${nearest ? `, did you mean ${nearest}?` : ""}`,
        nearest,
      );
    }
    const plugin =
      context.plugins.notifiers[context.all.notifiers.find((each) => each.id === contact.via)?.plugin ?? contact.via];
    const refused = plugin?.checkTarget(contact.to) ?? null;
    if (refused !== null) fail(context, ["users", i, "contacts", j, "to"], refused);
    if (plugin?.manifest.devices === true && !context.all.devices.some((each) => each.user === user.id && each.gone === null))
      warn(
        context,
        ["users", i, "contacts", j],
        `contact ${contact.id} of ${user.id} reaches nobody until ${user.id} signs in and registers a device`,
        { code: "contact-no-device", contact: contact.id, user: user.id },
      );
  });
  const ids = user.contacts.map((contact) => contact.id);
  if (new Set(ids).size !== ids.length) fail(context, ["users", i, "contacts"], `user ${user.id} has two contacts of one id`);
  for (const urgency of ["high", "low"] as const) {
    user.notify?.[urgency]?.forEach((rule, j) => {
      if (rule.contact !== "*" && !ids.includes(rule.contact))
        fail(
          context,
          ["users", i, "notify", urgency, j, "contact"],
          `user ${user.id} has no contact ${rule.contact}`,
          nearestOf(rule.contact, ids),
        );
    });
  }
  if (ids.length === 0)
    warn(context, ["users", i], `user ${user.id} has no contacts and cannot be paged`, {
      code: "user-no-contact",
      user: user.id,
    });
}

/** Said of the fallback, and of each person whose going made it so: whoever edits one object hears only of that one. */
function checkLastResort(context: Context): void {
  const { all } = context;
  const targets = all.settings.fallback?.notify ?? [];
  if (!targets.every((target) => reachesNobody(context, target))) return;
  warn(context, ["fallback"], "the fallback reaches nobody as things stand: an incident may page nobody at all", {
    code: "fallback-nobody",
  });
  all.users.forEach(({ id, active }, i) => {
    if (!active && targets.some((target) => "user" in target && target.user === id))
      warn(
        context,
        ["users", i],
        `${id} is deactivated and the fallback reaches nobody else: an incident may page nobody at all`,
        { code: "fallback-was", user: id },
      );
  });
}

function checkIntegration(context: Context, i: number): void {
  const integration = context.all.integrations[i];
  if (!integration) return;
  refer(context, "services", integration.service, ["integrations", i, "service"]);
  const plugin = context.plugins.sources[integration.source];
  if (!plugin) {
    const nearest = nearestOf(integration.source, Object.keys(context.plugins.sources));
    return fail(
      context,
      ["integrations", i, "source"],
      `there is no source plugin ${integration.source}${nearest ? `, did you mean ${nearest}?` : ""}`,
      nearest,
    );
  }
  pluginIssues(context, plugin.config, integration.config, ["integrations", i, "config"]);
  if (plugin.manifest.ownCode === true) checkOwnPlugin(context, i);
  const { severities } = context.all.settings;
  for (const [canonical, own] of Object.entries(integration.severityMap ?? {})) {
    if (own !== undefined && severities && !severities.includes(own))
      fail(context, ["integrations", i, "severityMap", canonical], `${own} is not one of ${severities.join(", ")}`);
  }
}

function checkNotifier(context: Context, i: number): void {
  const notifier = context.all.notifiers[i];
  if (!notifier) return;
  const plugin = context.plugins.notifiers[notifier.plugin];
  if (!plugin) {
    const nearest = nearestOf(notifier.plugin, Object.keys(context.plugins.notifiers));
    return fail(
      context,
      ["notifiers", i, "plugin"],
      `there is no notifier plugin ${notifier.plugin}${nearest ? `, did you mean ${nearest}?` : ""}`,
      nearest,
    );
  }
  pluginIssues(context, plugin.config, notifier.config, ["notifiers", i, "config"]);
  // The values are sealed already; that each needed one is there, and none too many, is what can be said here.
  const given = Object.fromEntries(Object.keys(notifier.secrets).map((field) => [field, "x".repeat(64)]));
  pluginIssues(context, plugin.secrets, given, ["notifiers", i, "secrets"]);
  if (notifier.fallback !== undefined && !notifierIds(context).includes(notifier.fallback))
    fail(context, ["notifiers", i, "fallback"], `no notifier is called ${notifier.fallback}`);
  const other = context.all.notifiers.find((each) => each.id === notifier.fallback)?.plugin ?? notifier.fallback ?? "";
  if (notifier.fallback !== undefined && (plugin.manifest.devices || context.plugins.notifiers[other]?.manifest.devices))
    fail(
      context,
      ["notifiers", i, "fallback"],
      "a device and an address cannot stand in for each other: give people a second contact, and rules that name both",
    );
  if (notifier.fallback === notifier.id) fail(context, ["notifiers", i, "fallback"], "a notifier cannot be its own fallback");
}

export function pluginIssues(context: Context, schema: z.ZodType, value: unknown, path: Finding["path"]): void {
  for (const issue of configIssues(schema, value)) context.errors.push({ ...issue, path: [...path, ...issue.path] });
}
