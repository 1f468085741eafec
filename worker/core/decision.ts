// Owns what routing decides about an alert, frozen in the incident at the first firing (DESIGN: identity).

import type { Severity } from "./alert.ts";
import type { Id, Policy, Urgency } from "./snapshot.ts";

export interface RouteVerdict {
  readonly id: Id;
  readonly matched: boolean;
  readonly why: string;
}

export interface Decision {
  readonly integration: Id | null;
  readonly service: Id | null;
  readonly serviceName: string | null;
  readonly runbook: string | null;
  /** The whole policy: a running incident keeps the one it began with. Null: nothing routes it, the fallback is paged. */
  readonly policy: Policy | null;
  readonly urgency: Urgency;
  /** The tenant's scale, worst first, and the map from canonical severity into it. */
  readonly severities: readonly string[];
  readonly severityMap: Readonly<Record<Severity, string>>;
  /** A route's fixed severity; null: by the map. */
  readonly severity: string | null;
  /** The route that decided, null: the integration's own service. */
  readonly route: Id | null;
  readonly routes: readonly RouteVerdict[];
  readonly groupKey: string | null;
  readonly groupWindow: { readonly windowMs: number; readonly kind: "rolling" | "fixed" } | null;
  /** Why nobody is paged ("route noise", "test message"); null: page. */
  readonly suppress: string | null;
  readonly holdMs: number | null;
  readonly resolveOn: "all" | "any" | "manual";
  readonly reopenWindowMs: number;
  readonly ackTimeoutMs: number | null;
  readonly autoResolveMs: number | null;
}
