// Owns what becomes of an alert before any incident knows of it: service, policy, severity, urgency, group, suppression.
// Pure; a rule that breaks is no match, is noted, and the next one is tried. No alert is ever left without a decision.

import type { Alert, Severity } from "./alert.ts";
import type { Decision, RouteVerdict } from "./decision.ts";
import { addLabels, whyNot, type Compiled, type Context } from "./expression.ts";
import { policyClosure } from "./policy-closure.ts";
import { withServiceLevels } from "./sla-match.ts";
import { urgencyAt, urgencyRuleOf } from "./urgency.ts";
import type { Inhibition } from "./inhibition.ts";
import { limits } from "./limits.ts";
import { isOn, occurrenceAt, type Mute } from "./mute.ts";
import { mayHold } from "./precondition.ts";
import { ask, contextFor, rulesOf, textOf, unknownName, type ReadyRoute, type Rules } from "./rules.ts";
import type { Id, Integration, Policy, Route, Service, Snapshot, Urgency, Value } from "./snapshot.ts";

export interface DecideAt {
  readonly snapshot: Snapshot;
  readonly integration: Integration;
  /** Every route's verdict, with the reason of those that did not match. For people who try rules out; costs more. */
  readonly explain?: boolean;
}

/** Whether alerts of this tenant may live in another object than their own. */
export function groupsAlerts({ groups, routes }: Pick<Snapshot, "groups" | "routes">): boolean {
  return groups ?? routes.some((route) => route.group !== null || route.threshold != null);
}

/** The answer for one alert of one integration, by the snapshot in force. Frozen in the incident at its first firing. */
export function decide(alert: Alert, at: DecideAt, now: number): Decision {
  const { snapshot, integration } = at;
  const rules = rulesOf(snapshot);
  const context = contextFor(alert, snapshot, integration, now);
  const walk: Walk = { snapshot, rules, context, labels: {}, notes: [], verdicts: [] };
  lookUp(walk);
  const chosen = choose(walk, at.explain ?? false);
  const mutes = mutesAt(walk, now);
  const base = settle(
    snapshot,
    integration.id,
    chosen.service ?? integration.service,
    chosen.policies[0] ?? null,
    chosen.urgency,
    now,
  );
  const also = chosen.policies.slice(1).flatMap((id) => snapshot.policies[id] ?? []);
  const decision: Decision = {
    ...base,
    also,
    policies: policyClosure(base.policy === null ? also : [base.policy, ...also], snapshot.policies),
    severityMap: severityMapFor(snapshot, integration),
    severity: chosen.severity,
    route: chosen.route,
    routes: walk.verdicts,
    labels: walk.labels,
    notes: walk.notes,
    groupKey: chosen.groupKey,
    groupWindow: chosen.group === null ? null : { windowMs: chosen.group.windowMs, kind: chosen.group.kind },
    suppress: alert.test ? "test message" : chosen.suppress,
    holdMs: chosen.holdMs,
    threshold: chosen.threshold,
    mutes,
    ...inhibitionsOf(walk, chosen),
    flapping: snapshot.defaults.flapping === undefined ? flappingByDefault : snapshot.defaults.flapping,
  };
  return withServiceLevels(decision, alert, at, now);
}

const { reopens, withinMs, steadyMs } = limits.flapping;
const flappingByDefault: NonNullable<Decision["flapping"]> = { reopens, withinMs, steadyMs };

/** Both sides of every inhibition that concerns this alert. Costs nothing where no route inhibits. */
function inhibitionsOf(walk: Walk, chosen: Choice): Pick<Decision, "inhibits" | "inhibitedBy"> {
  const rules = walk.rules.routes.filter((ready) => ready.inhibitedBy !== null);
  if (rules.length === 0) return {};
  const inhibits: Inhibition[] = [];
  const inhibitedBy: Inhibition[] = [];
  for (const ready of rules) {
    const { id: rule } = ready.route;
    const source = isTrue(walk, ready.inhibitedBy?.when, `route ${rule}: inhibitedBy`);
    const target = chosen.matched.includes(rule);
    if (!source && !target) continue;
    const key = keyOf(walk, ready.inhibitedBy?.equal ?? []);
    if (key === null) {
      walk.notes.push(`route ${rule}: the equal values cannot be read, nothing is inhibited`);
      continue;
    }
    if (source) inhibits.push({ rule, key, both: isTrue(walk, ready.when, `route ${rule}`) });
    if (target) inhibitedBy.push({ rule, key, both: source });
  }
  return { inhibits, inhibitedBy };
}

function isTrue(walk: Walk, compiled: Compiled | undefined, what: string): boolean {
  const answer = compiled === undefined ? null : ask(compiled, walk.context, walk.rules);
  if (answer !== null && !answer.ok) walk.notes.push(`${what} failed, taken as no match: ${answer.reason}`);
  return answer !== null && answer.ok && answer.value === true;
}

/** The values as one text; null when one of them cannot be read. */
function keyOf(walk: Walk, expressions: readonly Compiled[]): string | null {
  const values = expressions.map((each) => ask(each, walk.context, walk.rules));
  return values.every((answer) => answer.ok)
    ? JSON.stringify(values.map((answer) => (answer.ok ? String(answer.value) : "")))
    : null;
}

/** Maintenance and silences that are on and match. One whose condition breaks mutes nothing: rather a page too many. */
function mutesAt(walk: Walk, now: number): Mute[] {
  const holds = (when: Compiled | null, what: string): boolean => {
    if (when === null) return true;
    const answer = ask(when, walk.context, walk.rules);
    if (!answer.ok) walk.notes.push(`${what} failed, taken as no match: ${answer.reason}`);
    return answer.ok && answer.value === true;
  };
  const windows = walk.rules.maintenance.flatMap(({ window, when }): Mute[] => {
    const on = occurrenceAt(window, now);
    if (on === null || !holds(when, `maintenance ${window.id}`)) return [];
    return [{ kind: "maintenance", id: window.id, until: on.to, atEnd: window.atEnd }];
  });
  const silences = walk.rules.silences.flatMap(({ silence, when }): Mute[] => {
    if (!isOn(silence, now) || !holds(when, `silence ${silence.id}`)) return [];
    return [{ kind: "silence", id: silence.id, until: silence.until, reason: silence.reason }];
  });
  return [...windows, ...silences];
}

/** The tenant's map, over it the one for this source, over that the integration's own. */
function severityMapFor(snapshot: Snapshot, integration: Integration): Readonly<Record<Severity, string>> {
  return { ...snapshot.severityMap, ...snapshot.sourceSeverities?.[integration.source], ...integration.severityMap };
}

/** What is collected on the way through the rules. */
interface Walk {
  readonly snapshot: Snapshot;
  readonly rules: Rules;
  readonly context: Context;
  readonly labels: Record<string, string>;
  readonly notes: string[];
  readonly verdicts: RouteVerdict[];
}

function lookUp(walk: Walk): void {
  for (const { lookup, key } of walk.rules.lookups) {
    const answer = ask(key, walk.context, walk.rules);
    if (!answer.ok) walk.notes.push(`lookup ${lookup.id}: ${answer.reason}`);
    else label(walk, rowOf(lookup.rows, String(answer.value)));
  }
}

function rowOf(rows: Readonly<Record<string, Readonly<Record<string, string>>>>, key: string): Readonly<Record<string, string>> {
  return Object.hasOwn(rows, key) ? (rows[key] ?? {}) : {};
}

function label(walk: Walk, added: Readonly<Record<string, string>>): void {
  Object.assign(walk.labels, added);
  addLabels(walk.context, added);
}

interface Choice {
  /** Every route that matched. */
  readonly matched: readonly Id[];
  readonly route: Id | null;
  readonly severity: string | null;
  readonly service: Id | null;
  readonly policies: readonly Id[];
  readonly urgency: Urgency | null;
  readonly groupKey: string | null;
  readonly group: Route["group"];
  readonly suppress: string | null;
  readonly holdMs: number | null;
  readonly threshold: NonNullable<Route["threshold"]> | null;
}

const nothingChosen: Choice = {
  matched: [],
  route: null,
  severity: null,
  service: null,
  policies: [],
  urgency: null,
  groupKey: null,
  group: null,
  suppress: null,
  holdMs: null,
  threshold: null,
};

/** What a threshold counts comes together in one incident: without a group of its own, everything the route matches. */
const everythingKey = "[]";

function choose(walk: Walk, explain: boolean): Choice {
  let chosen = nothingChosen;
  for (const ready of walk.rules.routes) {
    const { route } = ready;
    if (!explain && !mayHold(ready.needs, walk.context)) continue;
    const answer = ask(ready.when, walk.context, walk.rules);
    if (!answer.ok) {
      walk.verdicts.push({ id: route.id, matched: false, failed: true, why: `failed, taken as no match: ${answer.reason}` });
      walk.notes.push(`route ${route.id} failed, taken as no match: ${answer.reason}`);
    } else if (answer.value !== true) {
      if (explain) walk.verdicts.push({ id: route.id, matched: false, why: whyNot(route.when, walk.context, walk.rules.isOpen) });
    } else {
      const before = chosen;
      chosen = merge(walk, before, ready);
      walk.verdicts.push({ id: route.id, matched: true, why: wordsOf(route), set: settingsOf(walk, before, chosen, route) });
      if (!route.continue) return chosen;
    }
  }
  return chosen;
}

function wordsOf(route: Route): string {
  return `${route.when} holds${route.continue ? "; the routes after it are tried as well" : ""}`;
}

function merge(walk: Walk, before: Choice, ready: ReadyRoute): Choice {
  const { route } = ready;
  const { set } = route;
  for (const [key, value] of Object.entries(set.labels ?? {})) {
    const made = valueOf(walk, route, value, `label ${key}`);
    if (made !== null) label(walk, { [key]: made });
  }
  const grouped = route.group === null ? null : groupKeyOf(walk, ready);
  const service = named(walk, route, set.service, "service", walk.snapshot.services);
  if (service !== null) walk.context.service = service;
  const policies = (set.policies ?? []).flatMap((value) => named(walk, route, value, "policy", walk.snapshot.policies) ?? []);
  return {
    matched: [...before.matched, route.id],
    route: route.id,
    severity: severityOf(walk, route) ?? before.severity,
    service: service ?? before.service,
    policies: policies.length > 0 ? [...new Set(policies)] : before.policies,
    urgency: set.urgency ?? before.urgency,
    groupKey: grouped ?? before.groupKey ?? (route.threshold ? everythingKey : null),
    group: grouped === null ? before.group : route.group,
    suppress: route.suppress ? `route ${route.id}` : before.suppress,
    holdMs: route.holdMs ?? before.holdMs,
    threshold: route.threshold ?? before.threshold,
  };
}

/** The id a route names, if there is such a thing. What leads nowhere is noted, and what stood before stays. */
function named(
  walk: Walk,
  route: Route,
  value: Value | undefined,
  kind: string,
  known: Readonly<Record<Id, unknown>>,
): Id | null {
  if (value === undefined) return null;
  const id = valueOf(walk, route, value, kind);
  if (id === null) return null;
  if (Object.hasOwn(known, id)) return id;
  walk.notes.push(`route ${route.id}: ${unknownName(kind, id)}; as if it set none`);
  return null;
}

function severityOf(walk: Walk, route: Route): string | null {
  if (route.set.severity === undefined) return null;
  const severity = valueOf(walk, route, route.set.severity, "severity");
  if (severity === null || walk.snapshot.severities.includes(severity)) return severity;
  walk.notes.push(`route ${route.id}: ${severity} is not one of ${walk.snapshot.severities.join(", ")}; as if it set none`);
  return null;
}

function valueOf(walk: Walk, route: Route, value: Value, what: string): string | null {
  const made = textOf(value, walk.context, walk.rules);
  if (made.ok) return made.text;
  walk.notes.push(`route ${route.id}: ${what} could not be worked out: ${made.reason}`);
  return null;
}

/** The values the route groups by; null when one of them cannot be read, and the alert then stands alone. */
function groupKeyOf(walk: Walk, { route, by }: ReadyRoute): string | null {
  const key = keyOf(walk, by);
  if (key === null) walk.notes.push(`route ${route.id} cannot group it: a value cannot be read`);
  return key;
}

/** What a matching route changed, for the reader of its verdict. */
function settingsOf(walk: Walk, before: Choice, after: Choice, route: Route): Readonly<Record<string, unknown>> {
  const set: Record<string, unknown> = {};
  for (const key of ["severity", "service", "urgency", "groupKey", "suppress", "holdMs", "threshold"] as const)
    if (after[key] !== null && (after[key] !== before[key] || before.route === null)) set[key] = after[key];
  if (after.policies !== before.policies) set["policies"] = after.policies;
  const labels = Object.keys(route.set.labels ?? {}).filter((key) => Object.hasOwn(walk.labels, key));
  if (labels.length > 0) set["labels"] = Object.fromEntries(labels.map((key) => [key, walk.labels[key]]));
  return set;
}

/** A declared incident: what a person chose, filled up by the service's and the tenant's settings. */
export function decideByHand(
  choice: {
    readonly service: Id | null;
    readonly policy: Id | null;
    readonly severity: string | null;
    readonly urgency: Urgency | null;
  },
  alert: Alert,
  snapshot: Snapshot,
  now: number,
): Decision {
  const base = settle(snapshot, null, choice.service, choice.policy, choice.urgency, now);
  const decision: Decision = {
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
  return withServiceLevels(decision, alert, { snapshot, integration: null }, now);
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
  now: number,
): Settled {
  const service: Service | undefined = serviceId === null ? undefined : snapshot.services[serviceId];
  const policy: Policy | null = snapshot.policies[policyId ?? service?.policy ?? ""] ?? null;
  // A route's word, or a person's, is fixed; the service's own may go by the hour.
  const byHour = urgency === null ? urgencyRuleOf(service, snapshot) : null;
  const settledUrgency = urgency ?? (byHour === null ? (service?.urgency ?? "high") : urgencyAt(byHour, now));
  return {
    integration,
    service: service?.id ?? null,
    serviceName: service?.name ?? null,
    runbook: service?.runbook ?? null,
    policy,
    policies: policyClosure(policy === null ? [] : [policy], snapshot.policies),
    owner: service?.team ?? null,
    urgency: settledUrgency,
    urgencyByHour: byHour === null ? null : { ...byHour, ackTimeoutMs: ackTimeoutOf(snapshot, service, policy, "high") },
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
