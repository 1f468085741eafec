// Owns what routing decides about an alert, frozen in the incident at the first firing (DESIGN: identity).

import type { Severity } from "./alert.ts";
import type { SlaTerms } from "./sla.ts";
import type { Inhibition } from "./inhibition.ts";
import type { Mute } from "./mute.ts";
import type { Id, Policy, Urgency } from "./snapshot.ts";
import type { UrgencyByHour } from "./urgency.ts";

/** What one route said about an alert, in words for a person. */
export interface RouteVerdict {
  readonly id: Id;
  readonly matched: boolean;
  readonly why: string;
  /** The rule broke on this alert: taken as no match, and the next one was tried. */
  readonly failed?: boolean;
  /** What a matching route set, worked out for this alert. */
  readonly set?: Readonly<Record<string, unknown>>;
}

export interface Decision {
  readonly integration: Id | null;
  readonly service: Id | null;
  readonly serviceName: string | null;
  readonly runbook: string | null;
  /** The whole policy: a running incident keeps the one it began with. Null: nothing routes it, the fallback is paged. */
  readonly policy: Policy | null;
  /** Policies that start beside it at the same moment, each on its own ladder. */
  readonly also?: readonly Policy[];
  /** Every policy that a step of these can start ({ policy } targets), frozen with them. */
  readonly policies?: Readonly<Record<Id, Policy>>;
  /** The team that owns the service, for { owner } targets; its members are looked up afresh at each step. */
  readonly owner?: Id | null;
  readonly urgency: Urgency;
  /** The calendar that urgency was decided by, where there is one. */
  readonly urgencyByHour?: UrgencyByHour | null;
  /** The service levels it opens under. */
  readonly slas?: readonly SlaTerms[];
  /** The tenant's scale, worst first, and the map from canonical severity into it. */
  readonly severities: readonly string[];
  readonly severityMap: Readonly<Record<Severity, string>>;
  /** A route's fixed severity; null: by the map. */
  readonly severity: string | null;
  /** The route that decided, null: the integration's own service. */
  readonly route: Id | null;
  /** The routes that matched or broke; all of them where the caller asked for an explanation. */
  readonly routes: readonly RouteVerdict[];
  /** Labels that lookups and routes added to the alert. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What could not be done as configured, in words: a rule that broke, a name that leads nowhere. */
  readonly notes?: readonly string[];
  readonly groupKey: string | null;
  readonly groupWindow: { readonly windowMs: number; readonly kind: "rolling" | "fixed" } | null;
  /** Why nobody is paged ("route noise", "test message"); null: page. */
  readonly suppress: string | null;
  readonly holdMs: number | null;
  /** Held until it has fired so often within the time. */
  readonly threshold?: { readonly count: number; readonly withinMs: number } | null;
  /** What keeps it quiet for a time: maintenance, silences, another alert that is open. */
  readonly mutes?: readonly Mute[];
  /** Rules by which the alert mutes others while it fires. */
  readonly inhibits?: readonly Inhibition[];
  /** Rules by which others may mute it; who asks the gate adds a mute. */
  readonly inhibitedBy?: readonly Inhibition[];
  /** More re-opens than this within the time are flapping; null: never. */
  readonly flapping?: { readonly reopens: number; readonly withinMs: number; readonly steadyMs: number } | null;
  readonly resolveOn: "all" | "any" | "manual";
  readonly reopenWindowMs: number;
  readonly ackTimeoutMs: number | null;
  readonly autoResolveMs: number | null;
}
