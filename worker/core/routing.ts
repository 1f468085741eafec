// Owns what becomes of an alert before any incident knows of it: service, policy, severity, urgency, group, suppression.
// Pure; a rule that breaks is no match, is noted, and the next one is tried. No alert is ever left without a decision.

import type { Alert } from "./alert.ts";
import type { Decision, RouteVerdict } from "./decision.ts";
import { evaluate, programFor, type Scope } from "./expression.ts";
import type { Id, Integration, Policy, Route, Service, Snapshot, Urgency } from "./snapshot.ts";

/** The answer for one alert of one integration, by the snapshot in force. Frozen in the incident at its first firing. */
export function decide(
  alert: Alert,
  at: { readonly snapshot: Snapshot; readonly integration: Integration },
  now: number,
): Decision {
  const { snapshot, integration } = at;
  const verdicts: RouteVerdict[] = [];
  let chosen: Choice = { route: null, set: {}, groupKey: null, group: null, suppress: null, holdMs: null };
  for (const route of snapshot.routes) {
    const scope: Scope = {
      alert,
      integration: { id: integration.id, name: integration.name, source: integration.source },
      service: chosen.set.service ?? integration.service ?? "",
      now,
    };
    const verdict = matches(route, scope);
    verdicts.push({ id: route.id, matched: verdict.matched, why: verdict.why });
    if (!verdict.matched) continue;
    chosen = merge(chosen, route, scope);
    if (!route.continue) break;
  }
  const base = settle(
    snapshot,
    integration.id,
    chosen.set.service ?? integration.service,
    chosen.set.policy ?? null,
    chosen.set.urgency ?? null,
  );
  return {
    ...base,
    severityMap: { ...snapshot.severityMap, ...integration.severityMap },
    severity: chosen.set.severity ?? null,
    route: chosen.route,
    routes: verdicts,
    groupKey: chosen.groupKey,
    groupWindow: chosen.group === null ? null : { windowMs: chosen.group.windowMs, kind: chosen.group.kind },
    suppress: alert.test ? "test message" : chosen.suppress,
    holdMs: chosen.holdMs,
  };
}

interface Choice {
  readonly route: Id | null;
  readonly set: Route["set"];
  readonly groupKey: string | null;
  readonly group: Route["group"];
  readonly suppress: string | null;
  readonly holdMs: number | null;
}

function matches(route: Route, scope: Scope): { readonly matched: boolean; readonly why: string } {
  const program = programFor(route.when);
  if (!program.ok) return { matched: false, why: `does not compile: ${program.message}` };
  const result = evaluate(program.program, scope);
  if (!result.ok) return { matched: false, why: `failed, taken as no match: ${result.reason}` };
  return result.value === true ? { matched: true, why: route.when } : { matched: false, why: "not true" };
}

function merge(before: Choice, route: Route, scope: Scope): Choice {
  const grouped = route.group === null ? null : groupKeyOf(route, scope);
  return {
    route: route.id,
    set: { ...before.set, ...route.set },
    groupKey: grouped ?? before.groupKey,
    group: grouped === null ? before.group : route.group,
    suppress: route.suppress ? `route ${route.id}` : before.suppress,
    holdMs: route.holdMs ?? before.holdMs,
  };
}

/** The values the route groups by; null when one of them cannot be read, and the alert then stands alone. */
function groupKeyOf(route: Route, scope: Scope): string | null {
  const values: string[] = [];
  for (const expression of route.group?.by ?? []) {
    const program = programFor(expression);
    const result = program.ok ? evaluate(program.program, scope) : null;
    if (result === null || !result.ok) return null;
    values.push(String(result.value));
  }
  return JSON.stringify(values);
}

/** A declared incident: what a person chose, filled up by the service's and the tenant's settings. */
export function decideByHand(
  choice: {
    readonly service: Id | null;
    readonly policy: Id | null;
    readonly severity: string | null;
    readonly urgency: Urgency | null;
  },
  snapshot: Snapshot,
): Decision {
  const base = settle(snapshot, null, choice.service, choice.policy, choice.urgency);
  return {
    ...base,
    severityMap: snapshot.severityMap,
    severity: choice.severity,
    route: null,
    routes: [],
    groupKey: null,
    groupWindow: null,
    suppress: null,
    holdMs: null,
  };
}

type Settled = Omit<
  Decision,
  "severityMap" | "severity" | "route" | "routes" | "groupKey" | "groupWindow" | "suppress" | "holdMs"
>;

function settle(
  snapshot: Snapshot,
  integration: Id | null,
  serviceId: Id | null,
  policyId: Id | null,
  urgency: Urgency | null,
): Settled {
  const service: Service | undefined = serviceId === null ? undefined : snapshot.services[serviceId];
  const policy: Policy | null = snapshot.policies[policyId ?? service?.policy ?? ""] ?? null;
  const settledUrgency = urgency ?? service?.urgency ?? "high";
  return {
    integration,
    service: service?.id ?? null,
    serviceName: service?.name ?? null,
    runbook: service?.runbook ?? null,
    policy,
    urgency: settledUrgency,
    severities: snapshot.severities,
    resolveOn: service?.resolveOn ?? "all",
    reopenWindowMs: snapshot.defaults.reopenWindowMs,
    ackTimeoutMs: ackTimeoutOf(snapshot, service, policy, settledUrgency),
    autoResolveMs: service?.autoResolveMs ?? snapshot.defaults.autoResolveMs,
  };
}

/** The service may override the policy, the policy the tenant; low urgency has none unless one of the two says so. */
function ackTimeoutOf(snapshot: Snapshot, service: Service | undefined, policy: Policy | null, urgency: Urgency): number | null {
  if (service?.ackTimeoutMs !== undefined) return service.ackTimeoutMs;
  if (policy?.ackTimeoutMs !== undefined) return policy.ackTimeoutMs;
  return urgency === "low" ? null : snapshot.defaults.ackTimeoutMs;
}
