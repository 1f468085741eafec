// Owns what must be true of every state that step() returns. Checked by the simulator after each step and by the shell
// before each commit in tests; a violation is a bug, never a user's mistake.

import { nextLapse } from "./expiry.ts";
import type { BesideLadder, Episode, IncidentState, Ladder } from "./incident.ts";
import { laddersOf } from "./ladder.ts";
import { limits } from "./limits.ts";
import { isOutstanding } from "./paging.ts";
import type { SlaClock } from "./sla-clock.ts";
import { isWaiting, postWake } from "./posts.ts";
import { isOpen } from "./turn.ts";
import { unreadDue, unreadSince } from "./unread.ts";
import { nextWake } from "./wake.ts";

const earliestSane = 1_600_000_000_000;

/** Sentences, one a violation; empty when all is well. */
export function violations(state: IncidentState): readonly string[] {
  const found: string[] = [];
  const claim = (holds: boolean, otherwise: string): void => {
    if (!holds) found.push(otherwise);
  };
  const { episode } = state;
  const deliveries = Object.values(state.deliveries);
  for (const row of [...Object.values(state.alerts), ...deliveries])
    claim(row.seq <= state.seq, `seq ${row.seq} is past the state's ${state.seq}`);
  for (const d of deliveries) {
    claim(d.status !== "sending" || (d.leaseUntil ?? 0) > earliestSane, `${d.id} is sending without a sane lease`);
    claim(d.status !== "pending" || (d.nextAt ?? 0) > earliestSane, `${d.id} is pending without a sane next time`);
    claim(isOutstanding(d) || (d.nextAt === null && d.leaseUntil === null), `${d.id} is ${d.status} yet has a time`);
    claim(d.incident === episode?.id, `${d.id} belongs to another episode`);
  }
  const posts = Object.values(state.posts);
  for (const post of posts) {
    claim(post.seq <= state.seq, `seq ${post.seq} is past the state's ${state.seq}`);
    claim(post.status !== "sending" || (post.leaseUntil ?? 0) > earliestSane, `${post.id} is sending without a sane lease`);
    claim(post.status !== "pending" || (post.nextAt ?? 0) > earliestSane, `${post.id} is pending without a sane next time`);
    claim(isWaiting(post) || (post.nextAt === null && post.leaseUntil === null), `${post.id} is ${post.status} yet has a time`);
    if (post.status !== "sending") continue;
    const overtaken = posts.filter(
      (other) => isWaiting(other) && other.connector === post.connector && other.content.event.seq < post.content.event.seq,
    );
    claim(overtaken.length === 0, `${post.id} goes to ${post.connector} before what happened earlier`);
  }
  claim(posts.filter((post) => post.status === "sending").length <= limits.post.inFlightMax, "too many posts in flight");
  claim(deliveries.filter((d) => d.status === "sending").length <= limits.send.inFlightMax, "too many sends in flight");
  if (episode === null) return found;
  const { undo } = episode;
  claim(undo?.of !== "resolve" || episode.status === "resolved", `${episode.status}, yet a resolve can be taken back`);
  claim(
    undo === null || undo.of === "resolve" || episode.status === "acknowledged",
    `${episode.status}, yet an acknowledgment can be taken back`,
  );
  if (!isOpen(episode)) {
    claim(!deliveries.some(isOutstanding), "a closed incident has outstanding deliveries");
    claim(nextWake(state) === postWake(state), "a closed incident wants to be woken");
    return found;
  }
  const lapses = nextLapse(state);
  claim(lapses === null || (nextWake(state) ?? Infinity) <= lapses, "an alert runs out, yet nobody looks at its end");
  const { ladder, status } = episode;
  const unread = status === "acknowledged" ? unreadSince(state.alerts, episode) : 0;
  claim(
    unread === 0 || unreadDue(episode) !== null,
    "bodies came in since somebody looked that nobody can read, and nobody is paged",
  );
  claim(
    (unreadDue(episode) ?? 0) <= (episode.unread?.until ?? 0),
    "unread bodies wait for longer than a word holds against them",
  );
  const ladders = laddersOf(episode);
  if (status === "acknowledged") {
    for (const each of ladders)
      claim(each.dueAt === null || runsDespiteAck(episode, each), "acknowledged, yet a ladder runs that nothing allows to");
    // By its run as well: a wall clock that was set back dates what began since before the acknowledgment.
    const since = new Set(episode.runs.map((run) => run.n));
    claim(
      !deliveries.some((d) => isOutstanding(d) && d.dueAt < (episode.acknowledgedAt ?? 0) && !since.has(d.run)),
      "acknowledged, yet a page from before it is outstanding",
    );
  }
  if (status === "triggered") {
    const alive =
      ladders.some((each) => each.dueAt !== null) ||
      ladder.phase === "exhausted" ||
      deliveries.some(isOutstanding) ||
      episode.runs.some((run) => run.rules.length > 0);
    const reached = deliveries.some((d) => d.status === "accepted" || d.status === "delivered");
    claim(alive || (ladder.phase === "stopped" && reached), "triggered, and nothing will ever happen by itself");
    for (const each of ladders) {
      claim(each.phase !== "step" || each.dueAt !== null, "a step is out without an end");
      claim(each.phase !== "picking" || each.dueAt !== null, "a step waits to hear whose turn it is, without an end");
    }
    claim(ladder.phase !== "uncovered" || ladder.dueAt !== null, "nobody is reached and nobody will be tried");
  }
  const counted = (episode.decision.threshold ?? null) !== null && (episode.firings ?? []).length > 0;
  if (status === "held") claim(episode.holdUntil !== null || counted, "held without an end");
  if (status === "suppressed") {
    const { suppress, mutes } = episode.decision;
    const ending = (episode.mutes ?? []).length > 0;
    claim(
      suppress !== null || ending || episode.lasting === true || (mutes ?? []).length === 0,
      "suppressed without a reason that lasts",
    );
    claim(episode.suppressedBy !== null, "suppressed without a word why");
  }
  for (const clock of episode.sla?.clocks ?? []) claimClock(claim, episode, clock);
  return found;
}

/** A running clock always has its next look before or at its end: no warning is missed while it runs. */
function claimClock(claim: (holds: boolean, otherwise: string) => void, { status }: Episode, clock: SlaClock): void {
  const name = `${clock.id} ${clock.kind}`;
  const quiet = status === "held" || status === "suppressed";
  const runs = clock.applies && clock.stoppedAt === null && clock.pausedAt === null && !quiet;
  claim(runs || clock.nextAt === null, `SLA ${name} stands still, yet asks to be looked at`);
  if (runs && clock.breachedAt === null && clock.deadline !== null)
    claim(clock.nextAt !== null && clock.nextAt <= clock.deadline, `SLA ${name} runs, yet nobody looks before its end`);
  claim(clock.kind !== "respond" || status !== "acknowledged" || !runs, `acknowledged, yet SLA ${name} runs`);
}

/** An acknowledgment lets a ladder run on where its present step waits for the end, or where it began after it. */
function runsDespiteAck(episode: Episode, ladder: Ladder | BesideLadder): boolean {
  const beside = "n" in ladder ? ladder : null;
  const policy = beside === null ? episode.decision.policy : beside.policy;
  const steps = policy?.steps ?? [];
  const waitsForEnd = steps[ladder.step]?.until === "resolved" || steps[ladder.entering?.step ?? -1]?.until === "resolved";
  // Between two levels that wait for the end there may be a wait of the policy's own, or the question whose turn it is.
  return beside?.despiteAck === true || waitsForEnd || ladder.phase === "waiting" || ladder.phase === "picking";
}
