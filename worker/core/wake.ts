// Owns the one question "when must this incident be looked at next?". The shell arms its alarm by it and by nothing else.

import { nextLapse } from "./expiry.ts";
import type { Episode, IncidentState } from "./incident.ts";
import { laddersOf } from "./ladder.ts";
import { limits } from "./limits.ts";
import { nextClockAt } from "./sla-clock.ts";
import { isWaiting, postWake } from "./posts.ts";
import { isOpen } from "./turn.ts";
import { unreadDue } from "./unread.ts";

function mutesOf(episode: Episode): (number | null)[] {
  const mutes = episode.mutes ?? [];
  return mutes.length === 0 ? [] : [episode.mutesLookAt ?? null, ...mutes.map((mute) => mute.until)];
}

/** Epoch ms, or null when nothing will happen by itself. Leases count: that is what re-arms the alarm before a send. */
export function nextWake(state: IncidentState): number | null {
  const [own, posts] = [ownWake(state), postWake(state)];
  return own === null ? posts : posts === null ? own : Math.min(own, posts);
}

/** Whether it must be watched: open, or closed with connectors still to be told of it. */
export function isAwake(state: IncidentState): boolean {
  return isOpen(state.episode) || Object.values(state.posts).some(isWaiting);
}

function ownWake(state: IncidentState): number | null {
  const { episode } = state;
  if (!isOpen(episode)) return null;
  const times: (number | null)[] = [episode.holdUntil, episode.snoozedUntil, episode.ackTimeoutAt, episode.autoResolveAt];
  times.push(episode.urgencyRisesAt ?? null, nextClockAt(episode.sla), nextLapse(state), unreadDue(episode));
  if (episode.status === "suppressed") times.push(...mutesOf(episode));
  // Set only where a ladder goes on by itself: stopped, held and acknowledged ones have none.
  for (const ladder of laddersOf(episode)) times.push(ladder.dueAt, ladder.retry?.at ?? null);
  for (const run of episode.runs) for (const rule of run.rules) times.push(rule.at);
  const deliveries = Object.values(state.deliveries);
  const inFlight = deliveries.filter((d) => d.status === "sending").length;
  for (const delivery of deliveries) {
    if (delivery.status === "sending") times.push(delivery.leaseUntil);
    // With every place taken a due delivery waits for a result or a lease, both of which wake the incident anyway.
    else if (delivery.status === "pending" && inFlight < limits.send.inFlightMax) times.push(delivery.nextAt);
  }
  let earliest: number | null = null;
  for (const time of times) if (time !== null && (earliest === null || time < earliest)) earliest = time;
  return earliest;
}
