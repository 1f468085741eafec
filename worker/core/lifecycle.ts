// Owns the moves between states that both alerts and people make: acknowledge, resolve, and the timers of an acknowledgment.

import { rewave, startLadder } from "./escalation.ts";
import type { Actor, Episode, TimelineKind } from "./incident.ts";
import { limits } from "./limits.ts";
import { restore } from "./outbox.ts";
import { cancelOutstanding } from "./paging.ts";
import { change, episodeOf, say, system, type Turn } from "./turn.ts";

/** Somebody owns it: everything not yet certainly out is cancelled in the same commit. */
export function acknowledge(turn: Turn, actor: Actor, reason: string): void {
  const episode = episodeOf(turn);
  const cancelled = cancelOutstanding(turn);
  change(turn, {
    status: "acknowledged",
    acknowledgedBy: actor.id,
    acknowledgedAt: turn.now,
    ackTimeoutAt: ackTimeoutFrom(episode, turn.now),
    snoozedUntil: null,
    holdUntil: null,
    assignees: actor.type === "user" || actor.type === "link" ? [actor.id] : episode.assignees,
    ladder: { ...episode.ladder, phase: "stopped", dueAt: null },
    runs: [],
    undo: {
      until: turn.now + limits.escalation.undoMs,
      status: episode.status,
      assignees: episode.assignees,
      ladder: episode.ladder,
      runs: episode.runs,
      holdUntil: episode.holdUntil,
      deliveries: cancelled,
    },
  });
  say(turn, "acknowledged", actor, reason, { cancelled: cancelled.length });
}

export function ackTimeoutFrom(episode: Episode, now: number): number | null {
  const { ackTimeoutMs } = episode.decision;
  return ackTimeoutMs === null || episode.ackTimeouts >= limits.escalation.ackTimeoutsMax ? null : now + ackTimeoutMs;
}

/** Takes a mistaken acknowledgment back as if it had not been: same position, same timers, no new wave. */
export function undoAcknowledge(turn: Turn, actor: Actor): boolean {
  const episode = episodeOf(turn);
  const { undo } = episode;
  if (undo === null || turn.now > undo.until) return false;
  for (const id of undo.deliveries) {
    const delivery = turn.deliveries[id];
    if (delivery?.status === "cancelled") restore(turn, delivery);
  }
  change(turn, {
    status: undo.status,
    acknowledgedBy: null,
    acknowledgedAt: null,
    ackTimeoutAt: null,
    snoozedUntil: null,
    holdUntil: undo.holdUntil,
    assignees: undo.assignees,
    ladder: undo.ladder,
    runs: undo.runs,
    undo: null,
  });
  say(turn, "unacknowledged", actor, "undone: everything goes on where it was", { undo: true });
  return true;
}

export function resolve(
  turn: Turn,
  actor: Actor,
  kind: Extract<TimelineKind, "resolved" | "auto-resolved">,
  reason: string,
): void {
  const cancelled = cancelOutstanding(turn);
  const episode = episodeOf(turn);
  change(turn, {
    status: "resolved",
    resolvedAt: turn.now,
    resolvedBy: actor,
    ackTimeoutAt: null,
    snoozedUntil: null,
    holdUntil: null,
    autoResolveAt: null,
    undo: null,
    runs: [],
    ladder: { ...episode.ladder, phase: "stopped", dueAt: null },
  });
  say(turn, kind, actor, reason, { cancelled: cancelled.length });
}

/** Runs the incident's own timers that are due: hold, snooze, acknowledgment, auto-resolve. The ladder's is its own affair. */
export function runTimers(turn: Turn): void {
  const episode = turn.episode;
  if (episode === null) return;
  const due = (at: number | null): boolean => at !== null && at <= turn.now;
  if (due(episode.autoResolveAt))
    return resolve(turn, system, "auto-resolved", "nothing was heard for the service's auto-resolve time");
  if (due(episode.holdUntil)) return endHold(turn);
  if (due(episode.snoozedUntil)) return endSnooze(turn);
  if (due(episode.ackTimeoutAt)) return endAcknowledgment(turn);
}

function endHold(turn: Turn): void {
  change(turn, { status: "triggered", holdUntil: null });
  say(turn, "promoted", system, "still fires at the end of the hold: paging", {});
  startLadder(turn);
}

function endSnooze(turn: Turn): void {
  const { acknowledgedBy, ladder } = episodeOf(turn);
  say(turn, "snooze-ended", system, `the snooze is over: paging ${acknowledgedBy ?? "the level that had it"} again`, {
    by: acknowledgedBy,
  });
  rewave(turn, ladder.step, acknowledgedBy === null ? [] : [acknowledgedBy]);
}

/** Acknowledged but not resolved in time: the acknowledger and the level's present people, then upward; the fifth time, the last level. */
function endAcknowledgment(turn: Turn): void {
  const episode = episodeOf(turn);
  const timeouts = episode.ackTimeouts + 1;
  const last = Math.max(0, (episode.decision.policy?.steps.length ?? 1) - 1);
  const step = timeouts >= limits.escalation.ackTimeoutsMax ? last : episode.ladder.step;
  change(turn, { ackTimeouts: timeouts });
  say(
    turn,
    "ack-timeout",
    system,
    `acknowledged by ${episode.acknowledgedBy ?? "somebody"} but not resolved in time (${timeouts} of ${limits.escalation.ackTimeoutsMax}): paging again`,
    { by: episode.acknowledgedBy, timeouts },
  );
  rewave(turn, step, episode.acknowledgedBy === null ? [] : [episode.acknowledgedBy]);
}
