// Owns how a simulation looks in JSON (contract §5).

import type { Alert } from "../core/alert.ts";
import type { PendingItem } from "../core/forecast.ts";
import { slaPlan } from "../core/sla.ts";
import { iso, isoOrNull } from "../lib/time.ts";
import type { SimulatedAlert } from "./simulate.ts";

/** The plan's own lines: who would be paged when, by which contact, and why. */
export function planJson(items: readonly PendingItem[]): Record<string, unknown>[] {
  return items
    .filter((item) => item.kind === "page")
    .map(({ at, user, contact, step, round, reason, told }) => ({ at: iso(at), user, contact, step, round, reason, told }));
}

export function alertJson(alert: Alert): Record<string, unknown> {
  return { ...alert, sourceAt: isoOrNull(alert.sourceAt) };
}

const troubles: ReadonlySet<string> = new Set(["step-empty", "coverage-gap", "rule-failed", "send-failed", "exhausted"]);

export function simulatedJson({ alert, action, reason, decision, rehearsal, joins }: SimulatedAlert): Record<string, unknown> {
  const episode = rehearsal?.state.episode ?? null;
  const mapped = decision === null ? null : (decision.severity ?? decision.severityMap[alert.severity]);
  const policies = [...(decision?.policy ? [decision.policy] : []), ...(decision?.also ?? [])].map((policy) => policy.id);
  return {
    alert: alertJson(alert),
    action,
    reason,
    status: episode?.status ?? null,
    severity: episode?.severity ?? mapped,
    urgency: episode?.urgency ?? decision?.urgency ?? null,
    service: decision?.service ?? null,
    policy: decision?.policy?.id ?? null,
    policies,
    route: decision?.route ?? null,
    labels: { ...alert.labels, ...decision?.labels },
    group: groupJson(decision),
    suppressedBy: episode?.suppressedBy ?? decision?.suppress ?? null,
    heldUntil: isoOrNull(episode?.holdUntil ?? null),
    joins,
    routes: (decision?.routes ?? []).map(({ id, matched, set, why, failed }) => ({
      id,
      matched,
      set: set ?? {},
      why,
      ...(failed ? { failed } : {}),
    })),
    notes: decision?.notes ?? [],
    plan: planJson(rehearsal?.items ?? []),
    pending: (rehearsal?.items ?? []).filter((item) => item.kind !== "page").map((item) => ({ ...item, at: iso(item.at) })),
    trouble: (rehearsal?.entries ?? [])
      .filter((entry) => troubles.has(entry.kind))
      .map(({ at, kind, reason: why, data }) => ({ at: iso(at), kind, reason: why, data })),
    truncated: rehearsal?.truncated ?? false,
    sla: slaJson(rehearsal, decision),
  };
}

/** The clocks of the incident, as they run when nobody touches it. */
function slaJson(rehearsal: SimulatedAlert["rehearsal"], decision: SimulatedAlert["decision"]): Record<string, unknown>[] {
  const episode = rehearsal?.state.episode;
  if (!episode) return [];
  return slaPlan(decision?.slas ?? [], episode.severity, episode.openedAt).map(({ id, kind, at, warnAt }) => ({
    id,
    kind,
    at: isoOrNull(at),
    warnAt: warnAt.map(iso),
  }));
}

function groupJson(decision: SimulatedAlert["decision"]): Record<string, unknown> | null {
  if (decision?.groupKey === null || decision?.groupKey === undefined) return null;
  return { route: decision.route, by: JSON.parse(decision.groupKey) as unknown, ...decision.groupWindow };
}
