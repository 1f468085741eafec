// Owns alerts whose source says until when they hold (Prometheus: endsAt): renewed by each repeat, over when their time has run
// out and nobody renewed them. A lapse is no word of the source: it outweighs nothing that the source says later.

import type { Alert } from "./alert.ts";
import type { AlertRow, Episode, IncidentState } from "./incident.ts";
import { limits } from "./limits.ts";
import { isOpen } from "./turn.ts";

/**
 * The alert as it stands at `now`: a firing whose time is over is its end, at that time. One that would hold for longer than
 * anybody waits for has no end.
 */
export function asOf(alert: Alert, now: number): Alert {
  const { expiresAt = null, ...rest } = alert;
  if (expiresAt === null) return alert;
  if (alert.action !== "trigger" || expiresAt - now > limits.alert.expiresInMsMax) return rest;
  return expiresAt > now ? alert : { ...rest, action: "resolve", sourceAt: expiresAt };
}

/** Until when the row holds after this firing: the latest that any sender of it said, and for good once one says no end. */
export function holdsUntil(row: AlertRow | undefined, alert: Alert): Pick<AlertRow, "expiresAt"> {
  if (alert.action !== "trigger")
    return row?.firing && row.expiresAt != null && alert.action !== "resolve" ? { expiresAt: row.expiresAt } : {};
  if (alert.expiresAt == null) return {};
  if (row?.firing !== true) return { expiresAt: alert.expiresAt };
  return row.expiresAt == null ? {} : { expiresAt: Math.max(row.expiresAt, alert.expiresAt) };
}

/** When the next alert of the open incident runs out; null: none does. */
export function nextLapse({ episode, alerts }: Pick<IncidentState, "episode" | "alerts">): number | null {
  if (!isOpen(episode)) return null;
  let next: number | null = null;
  for (const row of Object.values(alerts))
    if (holds(row, episode) && row.expiresAt != null && (next === null || row.expiresAt < next)) next = row.expiresAt;
  return next;
}

/** When the incident closes by itself if no source says anything more; null: it does not. */
export function closesByLapse({ episode, alerts }: Pick<IncidentState, "episode" | "alerts">): number | null {
  if (!isOpen(episode) || episode.decision.resolveOn === "manual") return null;
  const ends = Object.values(alerts).flatMap((row) => (holds(row, episode) ? [row.expiresAt ?? Infinity] : []));
  if (ends.length === 0) return null;
  const at = episode.decision.resolveOn === "any" ? Math.min(...ends) : Math.max(...ends);
  return Number.isFinite(at) ? at : null;
}

function holds(row: AlertRow, episode: Episode): boolean {
  return row.episode === episode.n && row.firing;
}
