// Owns turning definitions into the snapshot that paging runs on: durations in ms, defaults filled in, built-in notifiers
// added. Pure; the definitions have been checked.

import type { NotifierPlugin } from "../../plugins/sdk/index.ts";
import { severities as canonicalSeverities, type Severity } from "../core/alert.ts";
import { parseDuration } from "../core/duration.ts";
import { limits } from "../core/limits.ts";
import type {
  Defaults,
  Id,
  Integration,
  Notifier,
  NotifyRule,
  OwnPlugin,
  Person,
  Service,
  Snapshot,
  Team,
  Urgency,
} from "../core/snapshot.ts";
import type { StoredTenant } from "../store/tenant.ts";
import { connectorOf } from "./compile-connectors.ts";
import { heartbeatOf } from "./compile-heartbeats.ts";
import { businessHoursOf, slaOf, urgencyOf } from "./compile-hours.ts";
import { maintenanceOf, silenceOf } from "./compile-quiet.ts";
import { importedHolidays } from "./imported-holidays.ts";
import { routeOf } from "./compile-routes.ts";
import { contactsOf } from "./devices-of.ts";
import { policyOf, targetOf } from "./compile-policies.ts";
import { schedulesOf } from "./compile-schedules.ts";
import {
  fromStored,
  type Definitions,
  type IntegrationDefinition,
  type NotifierDefinition,
  type OwnPluginDefinition,
  type Settings,
  type UserDefinition,
} from "./definitions.ts";

const minute = 60_000;
export const defaultSeverities = ["P1", "P2", "P3", "P4"];
const atOnceByAll: readonly NotifyRule[] = [{ afterMs: 0, contact: "*" }];

export function compile(stored: StoredTenant, notifierPlugins: Readonly<Record<string, NotifierPlugin>>): Snapshot {
  const all = fromStored(stored);
  const { settings } = all;
  const scale = settings.severities ?? defaultSeverities;
  return {
    tenant: stored.tenant,
    name: settings.name ?? stored.tenant,
    version: stored.version,
    timeZone: settings.timeZone ?? "UTC",
    jurisdiction: settings.jurisdiction ?? null,
    severities: scale,
    severityMap: { ...byPosition(scale), ...settings.severityMap },
    fallback: (settings.fallback?.notify ?? []).map(targetOf),
    defaults: defaultsOf(settings),
    users: keyed(all.users.map((user) => personOf(user, settings, contactsOf(stored.tenant, user, all, notifierPlugins)))),
    teams: keyed(
      all.teams.map((team): Team => ({
        id: team.id,
        name: team.name ?? team.id,
        members: team.members,
        managers: team.managers,
      })),
    ),
    schedules: keyed(schedulesOf(all)),
    policies: keyed(all.policies.map(policyOf)),
    services: keyed(all.services.map(serviceOf)),
    integrations: keyed(all.integrations.map(integrationOf)),
    notifiers: keyed(notifiersOf(all, notifierPlugins)),
    routes: all.routes.map(routeOf),
    connectors: keyed(all.connectors.flatMap(connectorOf)),
    heartbeats: keyed(all.heartbeats.map((each) => heartbeatOf(each, settings))),
    ownPlugins: keyed(all.ownPlugins.map(ownPluginOf)),
    businessHours: keyed(
      all.businessHours.map((each) => businessHoursOf(each, settings.timeZone ?? "UTC", importedHolidays(all, each))),
    ),
    slas: all.slas.map((each) => slaOf(each, targetOf)),
    maintenance: all.maintenance.map((each) => maintenanceOf(each, settings.timeZone ?? "UTC")),
    silences: all.silences.map((each) => silenceOf(each, settings.timeZone ?? "UTC")),
    lookups: all.lookups.map(({ id, key, rows }) => ({ id, key, rows })),
    sourceSeverities: Object.fromEntries(
      Object.entries(settings.sourceSeverities ?? {}).map(([source, map]) => [source, given(map)]),
    ),
    groups: all.grouped,
  };
}

function keyed<T extends { readonly id: Id }>(list: readonly T[]): Record<Id, T> {
  return Object.fromEntries(list.map((each) => [each.id, each]));
}

/** critical is the worst, error the next …; what the scale is too short for gets its last; unknown sits in the middle. */
function byPosition(scale: readonly string[]): Record<Severity, string> {
  const at = (i: number): string => scale[Math.min(i, scale.length - 1)] ?? "P1";
  const positions: Record<Severity, number> = { critical: 0, error: 1, warning: 2, info: 3, unknown: 2 };
  return Object.fromEntries(canonicalSeverities.map((severity) => [severity, at(positions[severity])])) as Record<
    Severity,
    string
  >;
}

function ms(text: string): number {
  return parseDuration(text) ?? 0;
}

function optionalMs(text: string | null | undefined): { readonly ackTimeoutMs?: number | null } {
  return text === undefined ? {} : { ackTimeoutMs: text === null ? null : ms(text) };
}

type Rules = Settings["defaults"] extends infer D ? (D extends { notify?: infer N } ? N : never) : never;

function rulesOf(rules: Rules | undefined, fallback: readonly NotifyRule[]): Record<Urgency, readonly NotifyRule[]> {
  const of = (urgency: Urgency): readonly NotifyRule[] =>
    rules?.[urgency]?.map((rule) => ({ afterMs: ms(rule.after), contact: rule.contact })) ?? fallback;
  return { high: of("high"), low: of("low") };
}

function defaultsOf({ defaults }: Settings): Defaults {
  return {
    notify: rulesOf(defaults?.notify, atOnceByAll),
    ackTimeoutMs:
      defaults?.ackTimeout === undefined ? 30 * minute : defaults.ackTimeout === null ? null : ms(defaults.ackTimeout),
    reopenWindowMs: defaults?.reopenWindow === undefined ? 5 * minute : ms(defaults.reopenWindow),
    autoResolveMs: defaults?.autoResolve ? ms(defaults.autoResolve) : null,
    ...(defaults?.keepBodies === undefined ? {} : { keepBodiesMs: ms(defaults.keepBodies) }),
    ...flappingOf(defaults?.flapping),
    ...bundleOf(defaults?.bundle),
  };
}

function bundleOf(bundle: NonNullable<Settings["defaults"]>["bundle"]): Pick<Defaults, "bundle"> {
  if (bundle === undefined) return {};
  return { bundle: bundle === null ? null : { after: bundle.after, withinMs: ms(bundle.within), everyMs: ms(bundle.every) } };
}

function flappingOf(flapping: NonNullable<Settings["defaults"]>["flapping"]): Pick<Defaults, "flapping"> {
  if (flapping === undefined) return {};
  if (flapping === null) return { flapping: null };
  return { flapping: { reopens: flapping.reopens, withinMs: ms(flapping.within), steadyMs: ms(flapping.steady) } };
}

function personOf(user: UserDefinition, settings: Settings, contacts: Person["contacts"]): Person {
  return {
    id: user.id,
    name: user.name ?? user.id,
    email: user.email ?? null,
    timeZone: user.timeZone ?? settings.timeZone ?? "UTC",
    role: user.role,
    active: user.active,
    linkEpoch: 0,
    contacts,
    notify: rulesOf(user.notify, []),
  };
}

function serviceOf(service: Definitions["services"][number]): Service {
  return {
    id: service.id,
    name: service.name ?? service.id,
    team: service.team ?? null,
    policy: service.policy ?? null,
    runbook: service.runbook ?? null,
    tags: service.tags,
    ...urgencyOf(service.urgency),
    resolveOn: service.resolveOn,
    autoResolveMs: service.autoResolve ? ms(service.autoResolve) : null,
    ...optionalMs(service.ackTimeout),
  };
}

function given(map: Readonly<Partial<Record<Severity, string | undefined>>>): Partial<Record<Severity, string>> {
  return Object.fromEntries(Object.entries(map).filter(([, own]) => own !== undefined));
}

function integrationOf(integration: IntegrationDefinition): Integration {
  return {
    id: integration.id,
    name: integration.name ?? integration.id,
    source: integration.source,
    keyHash: integration.keyHash,
    ...(integration.retiredKey === undefined ? {} : { retiredKey: integration.retiredKey }),
    secret: integration.secret?.sealed ?? null,
    ...(integration.retiredSecret === undefined
      ? {}
      : { retiredSecret: { sealed: integration.retiredSecret.sealed, until: integration.retiredSecret.until } }),
    service: integration.service ?? null,
    config: integration.config,
    severityMap: given(integration.severityMap ?? {}),
    rateLimit: integration.rateLimit ? { count: integration.rateLimit.count, withinMs: ms(integration.rateLimit.within) } : null,
    ...(integration.keepBodies === undefined ? {} : { keepBodiesMs: ms(integration.keepBodies) }),
  };
}

function ownPluginOf({ id, off, active, versions }: OwnPluginDefinition): OwnPlugin {
  return { id, off, active, versions: Object.fromEntries(versions.map(({ version, hash }) => [version, hash])) };
}

function notifiersOf(all: Definitions, plugins: Readonly<Record<string, NotifierPlugin>>): Notifier[] {
  const declared = all.notifiers.flatMap((each) => notifierOf(each, plugins[each.plugin]));
  const builtIn = Object.values(plugins)
    .filter((plugin) => plugin.manifest.builtIn && !declared.some((each) => each.id === plugin.manifest.id))
    .flatMap((plugin) => notifierOf({ id: plugin.manifest.id, plugin: plugin.manifest.id, config: {}, secrets: {} }, plugin));
  return [...builtIn, ...declared];
}

function notifierOf(each: NotifierDefinition, plugin: NotifierPlugin | undefined): Notifier[] {
  if (!plugin) return [];
  const { manifest } = plugin;
  return [
    {
      id: each.id,
      plugin: each.plugin,
      config: each.config,
      secrets: Object.fromEntries(Object.entries(each.secrets).map(([field, secret]) => [field, secret.sealed])),
      fallback: each.fallback ?? null,
      limitMs: manifest.limitMs || limits.send.limitMsDefault,
      idempotent: manifest.idempotent,
      copyCap: manifest.copyCap,
      summaries: manifest.summaries ?? false,
    },
  ];
}
