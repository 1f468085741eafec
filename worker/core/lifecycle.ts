// Owns the moves between states that both alerts and people make: acknowledge, resolve, and the timers of an acknowledgment.

import { rewave, stopEverything, stopLadders } from "./escalation.ts";
import { isClimbing, ownLadder, policyOf } from "./ladder.ts";
import { peopleOnStep } from "./page-step.ts";
import type { Event } from "./event.ts";
import { lapse } from "./lapse.ts";
import type { Actor, Episode, TimelineKind } from "./incident.ts";
import { limits } from "./limits.ts";
import type { Told } from "./page.ts";
import { cancelOutstanding } from "./paging.ts";
import { endHold, endMutes, lookedAt } from "./quiet.ts";
import { change, episodeOf, isOpen, say, system, type Turn } from "./turn.ts";
import { lookedAtUnread, pageUnread, unreadDue } from "./unread.ts";
import { raiseUrgency, rearmUrgency } from "./urgency-rise.ts";

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
    ...(isPerson(actor) ? lookedAt(episode) : {}),
    ...lookedAtUnread(turn, limits.unreadable.ackHoldsMs),
    assignees: isPerson(actor) ? [...new Set([...(episode.acks ?? []), actor.id])] : episode.assignees,
    runs: [],
    acks: [],
    undo: {
      until: turn.now + limits.escalation.undoMs,
      status: episode.status,
      assignees: episode.assignees,
      ladder: episode.ladder,
      beside: episode.beside ?? [],
      acks: episode.acks ?? [],
      runs: episode.runs,
      holdUntil: episode.holdUntil,
      deliveries: cancelled,
    },
  });
  stopLadders(turn);
  say(turn, "acknowledged", actor, reason, { cancelled: cancelled.length });
}

export function isPerson(actor: Actor): boolean {
  return actor.type === "user" || actor.type === "link";
}

/** A person acknowledges. Where the present step asks for several, the others are still paged until enough have. */
export function acknowledgeBy(turn: Turn, actor: Actor): void {
  const episode = episodeOf(turn);
  const acks = [...new Set([...(episode.acks ?? []), actor.id])];
  const needed = acksNeeded(turn, acks);
  if (!isPerson(actor) || acks.length >= needed) return acknowledge(turn, actor, `${actor.id} has it`);
  const cancelled = cancelOutstanding(turn, actor.id);
  change(turn, { acks, undo: null, runs: episode.runs.filter((run) => run.user !== actor.id) });
  say(
    turn,
    "ack-partial",
    actor,
    `${actor.id} has it: ${acks.length} of ${needed} that step ${episode.ladder.step + 1} asks for`,
    {
      acks,
      needed,
      step: episode.ladder.step + 1,
      cancelled: cancelled.length,
    },
  );
}

/** How many different people the present step asks for; never more than could be asked, or it would never be satisfied. */
function acksNeeded(turn: Turn, acks: readonly string[]): number {
  const { ladder, status } = episodeOf(turn);
  const required = policyOf(turn, ownLadder).steps[ladder.step]?.acksRequired ?? 1;
  if (status !== "triggered" || ladder.phase !== "step" || required === 1) return 1;
  const people = new Set([...peopleOnStep(turn, ownLadder), ...acks]).size;
  return Math.max(1, required === "all" ? people : Math.min(required, people));
}

/**
 * Somebody else says of an incident that is owned already that they have seen it: they are paged no further, and a policy
 * that was started in spite of the first acknowledgment stops. False: there is nothing for them to stop.
 */
export function seenBy(turn: Turn, actor: Actor): boolean {
  const episode = episodeOf(turn);
  const { beside = [], acknowledgedBy, acknowledgedAt } = episode;
  const stops = beside.filter((each) => each.despiteAck && isClimbing(each));
  const paged = Object.values(turn.deliveries).some(
    (d) => d.user === actor.id && d.incident === episode.id && d.epoch === episode.epoch && d.dueAt >= (acknowledgedAt ?? 0),
  );
  const waiting = episode.runs.some((run) => run.user === actor.id);
  if (episode.status !== "acknowledged" || (stops.length === 0 && !paged && !waiting)) return false;
  if (episode.assignees.includes(actor.id) && stops.length === 0 && !waiting) return false;
  const ended = new Set(stops.map((each) => each.n));
  const cancelled = cancelOutstanding(turn, actor.id);
  change(turn, {
    assignees: [...new Set([...episode.assignees, actor.id])],
    runs: episode.runs.filter((run) => run.user !== actor.id && !ended.has(run.ladder ?? ownLadder)),
    beside: beside.map((each) =>
      ended.has(each.n) ? { ...each, phase: "stopped", dueAt: null, retry: null, entering: null } : each,
    ),
  });
  say(turn, "acknowledged", actor, `${actor.id} has seen it too; ${acknowledgedBy ?? "somebody"} has it`, {
    cancelled: cancelled.length,
    seen: true,
    by: acknowledgedBy,
  });
  return true;
}

export function ackTimeoutFrom(episode: Episode, now: number): number | null {
  const { ackTimeoutMs } = episode.decision;
  return ackTimeoutMs === null || episode.ackTimeouts >= limits.escalation.ackTimeoutsMax ? null : now + ackTimeoutMs;
}

/** It is over. Answers which pages its end interrupted. */
export function resolve(
  turn: Turn,
  actor: Actor,
  kind: Extract<TimelineKind, "resolved" | "auto-resolved">,
  reason: string,
  told?: Told,
): readonly string[] {
  const cancelled = cancelOutstanding(turn);
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
    acks: [],
  });
  stopEverything(turn);
  say(turn, kind, actor, reason, { cancelled: cancelled.length, ...(told === undefined ? {} : { told }) });
  return cancelled;
}

/** Runs the incident's own timers that are due: hold, snooze, acknowledgment, auto-resolve. The ladder's is its own affair. */
export function runTimers(turn: Turn, event: Extract<Event, { type: "wake" }>): void {
  const episode = turn.episode;
  if (episode === null) return;
  const due = (at: number | null): boolean => at !== null && at <= turn.now;
  if (due(episode.autoResolveAt))
    return void resolve(turn, system, "auto-resolved", "nothing was heard for the service's auto-resolve time", {
      code: "unheard",
    });
  if (isOpen(episode) && lapse(turn)) return;
  if (isOpen(episode)) rearmUrgency(turn);
  if (isOpen(episode) && due(turn.episode?.urgencyRisesAt ?? null)) raiseUrgency(turn);
  if (due(episode.holdUntil)) return endHold(turn);
  const mutes = episode.status === "suppressed" ? (episode.mutes ?? []) : [];
  // A configuration just read may have moved their ends either way.
  const told = event.roster !== null || (typeof event.inhibited === "object" && Object.keys(event.inhibited).length > 0);
  const look = told || due(episode.mutesLookAt ?? null) || mutes.some((mute) => due(mute.until));
  if (mutes.length > 0 && look) return endMutes(turn, event);
  if (due(episode.snoozedUntil)) return endSnooze(turn);
  if (due(episode.ackTimeoutAt)) return endAcknowledgment(turn);
  if (due(unreadDue(episode))) return pageUnread(turn);
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
    { by: episode.acknowledgedBy, timeouts, of: limits.escalation.ackTimeoutsMax },
  );
  rewave(turn, step, episode.acknowledgedBy === null ? [] : [episode.acknowledgedBy]);
}
