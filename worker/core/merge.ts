// Owns merging: one incident goes into another, as a link that can be taken back (features.md §4.9). Two objects take part:
// the child stops and points at its target, the target answers for the child's alerts from then on. Merging pages nobody.

import type { MergedAlert } from "./event.ts";
import { startLadder, stopEverything } from "./escalation.ts";
import type { Actor, AlertRow } from "./incident.ts";
import { resolve } from "./lifecycle.ts";
import { limits } from "./limits.ts";
import { cancelOutstanding } from "./paging.ts";
import { change, episodeOf, putAlert, say, type Turn } from "./turn.ts";
import { lookedAtUnread } from "./unread.ts";
import { riseUnseen } from "./urgency-rise.ts";

/** The child: nothing of it happens by itself any more. What is heard of its alerts is sent on to the target. */
export function mergeInto(turn: Turn, target: string, actor: Actor): void {
  const cancelled = cancelOutstanding(turn);
  const { status } = episodeOf(turn);
  change(turn, {
    status: "merged",
    mergedInto: target,
    ackTimeoutAt: null,
    snoozedUntil: null,
    holdUntil: null,
    autoResolveAt: null,
    undo: null,
    runs: [],
    acks: [],
    beside: [],
  });
  stopEverything(turn);
  say(turn, "merged", actor, `${actor.id} merges it into ${target}: that one speaks for it now`, {
    into: target,
    was: status,
    cancelled: cancelled.length,
  });
}

/** The child comes back, with what its alerts have said meanwhile: paged from the start, or over if they all are. */
export function unmerge(turn: Turn, alerts: readonly MergedAlert[], actor: Actor): void {
  const episode = episodeOf(turn);
  for (const alert of alerts) {
    const row = turn.alerts[alert.key];
    if (row) putAlert(turn, { ...row, ...standing(alert) });
  }
  const { autoResolveMs, resolveOn } = episode.decision;
  change(turn, {
    status: "triggered",
    mergedInto: null,
    epoch: episode.epoch + 1,
    acknowledgedBy: null,
    acknowledgedAt: null,
    suppressedBy: null,
    autoResolveAt: autoResolveMs === null ? null : turn.now + autoResolveMs,
  });
  say(turn, "unmerged", actor, `${actor.id} takes it out of ${episode.mergedInto ?? "the other"} again`, {
    from: episode.mergedInto,
  });
  const firing = Object.values(turn.alerts).some((row) => row.episode === episode.n && row.firing);
  if (!firing && resolveOn !== "manual" && alerts.length > 0)
    return void resolve(turn, actor, "resolved", "its alerts were over before it was taken out again", { code: "over-before" });
  riseUnseen(turn);
  startLadder(turn);
}

/** The target: holds the child's alerts as its own. Null: done; else why not. */
export function absorb(
  turn: Turn,
  child: {
    readonly incident: string;
    readonly title: string;
    readonly severity: string;
    readonly quiet?: boolean;
    readonly alerts: readonly MergedAlert[];
  },
  actor: Actor,
): string | null {
  const episode = episodeOf(turn);
  if (episode.absorbed?.includes(child.incident)) return null;
  const pagesNobody = episode.status === "held" || episode.status === "suppressed";
  // Whoever waits for the child's page, or has it, would never hear of it again.
  if (pagesNobody && child.quiet === false)
    return `it is ${episode.status} and pages nobody: merge it into the one that does, or escalate it first`;
  const inside = Object.values(turn.alerts).filter((row) => row.episode === episode.n).length;
  if (inside + child.alerts.length > limits.incident.alertsMax)
    return `the two would hold more than ${limits.incident.alertsMax} alerts`;
  for (const alert of child.alerts) {
    if (turn.alerts[alert.key]?.episode === episode.n) continue;
    putAlert(turn, { ...alert, episode: episode.n, seen: [], from: child.incident });
  }
  const { severities } = episode.decision;
  const rank = (severity: string): number => (severities.includes(severity) ? severities.indexOf(severity) : severities.length);
  const severity = rank(child.severity) < rank(episode.severity) ? child.severity : episode.severity;
  change(turn, { absorbed: [...(episode.absorbed ?? []), child.incident], severity });
  // Who merges has looked at both.
  if (episode.status === "acknowledged" && child.alerts.some((alert) => alert.unreadable))
    change(turn, lookedAtUnread(turn, limits.unreadable.ackHoldsMs));
  say(turn, "absorbed", actor, `takes in ${child.incident}: ${child.title}`, {
    incident: child.incident,
    title: child.title,
    ...(severity === episode.severity ? {} : { from: episode.severity, to: severity }),
  });
  return null;
}

/** The target gives the child's alerts back, as they stand. */
export function release(turn: Turn, incident: string, actor: Actor): readonly MergedAlert[] {
  const episode = episodeOf(turn);
  if (!episode.absorbed?.includes(incident)) return [];
  const rows = Object.values(turn.alerts).filter((row) => row.from === incident);
  for (const row of rows) delete turn.alerts[row.key];
  change(turn, { absorbed: episode.absorbed.filter((each) => each !== incident) });
  say(turn, "released", actor, `${incident} is taken out again`, { incident });
  return rows.map(carried);
}

/** What one object tells the other of an alert. */
export function carried(row: AlertRow): MergedAlert {
  const { key, integration, dedupKey, title, severity, firstAt, sender, unreadable } = row;
  return {
    key,
    integration,
    dedupKey,
    title,
    severity,
    firstAt,
    ...standing(row),
    ...(unreadable === undefined ? {} : { unreadable }),
    ...(sender === undefined ? {} : { sender }),
  };
}

/** What of an alert may have changed while another incident answered for it. */
function standing({
  firing,
  count,
  lastAt,
  sourceAt,
  expiresAt = null,
}: MergedAlert): Pick<MergedAlert, "firing" | "count" | "lastAt" | "sourceAt" | "expiresAt"> {
  return { firing, count, lastAt, sourceAt, expiresAt };
}
