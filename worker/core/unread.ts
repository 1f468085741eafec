// Owns bodies that nobody can read, for the incident that holds them: each of them may tell of another problem, a worse one, so
// what somebody has said of those before it holds against the next only for a time.

import { rewave } from "./escalation.ts";
import type { AlertRow, Episode } from "./incident.ts";
import { limits } from "./limits.ts";
import { change, episodeOf, say, system, type Turn } from "./turn.ts";

/** How many bodies of the episode could not be read. */
export function unreadBodies(alerts: Readonly<Record<string, AlertRow>>, n: number): number {
  let bodies = 0;
  for (const row of Object.values(alerts)) if (row.episode === n && row.unreadable === true) bodies += row.count;
  return bodies;
}

/** How many came in since somebody looked; 0 where nobody has. */
export function unreadSince(alerts: Readonly<Record<string, AlertRow>>, { n, unread }: Pick<Episode, "n" | "unread">): number {
  return unread ? Math.max(0, unreadBodies(alerts, n) - unread.seen) : 0;
}

/** Somebody has looked at what came in so far: for `forMs` the next bodies wait. Nothing where all could be read. */
export function lookedAtUnread(turn: Turn, forMs: number): Pick<Episode, "unread"> {
  const seen = unreadBodies(turn.alerts, episodeOf(turn).n);
  return seen === 0 ? {} : { unread: { seen, until: turn.now + forMs, pageAt: null } };
}

/** One more came in. Of an incident that somebody has it is paged again, at once or when the time of their word is over. */
export function noteUnread(turn: Turn): void {
  const episode = episodeOf(turn);
  if (episode.status !== "acknowledged") return;
  const until = episode.unread?.until ?? (episode.acknowledgedAt ?? turn.now) + limits.unreadable.ackHoldsMs;
  if (until <= turn.now) return pageUnread(turn);
  const seen = episode.unread?.seen ?? unreadBodies(turn.alerts, episode.n) - 1;
  if (episode.unread?.pageAt == null) change(turn, { unread: { seen, until, pageAt: until }, ...unheardFrom(episode, until) });
}

/** What came in is something heard: "unheard of for so long" counts from when it pages, so that its page comes and is answered. */
function unheardFrom({ autoResolveAt, decision }: Episode, at: number): Partial<Pick<Episode, "autoResolveAt">> {
  return autoResolveAt === null ? {} : { autoResolveAt: Math.max(autoResolveAt, at + (decision.autoResolveMs ?? 0)) };
}

/** When the bodies that wait are paged; null: none waits. */
export function unreadDue(episode: Pick<Episode, "status" | "unread">): number | null {
  return episode.status === "acknowledged" ? (episode.unread?.pageAt ?? null) : null;
}

/** Pages again for what came in since somebody looked. */
export function pageUnread(turn: Turn): void {
  const episode = episodeOf(turn);
  const { acknowledgedBy: by, ladder, snoozedUntil } = episode;
  const unread = Math.max(1, unreadSince(turn.alerts, episode));
  const has = snoozedUntil === null ? "acknowledged" : "snoozed";
  const bodies = unread === 1 ? "1 more body" : `${unread} more bodies`;
  say(
    turn,
    "unacknowledged",
    system,
    `${bodies} that nobody can read came in after ${by ?? "somebody"} had ${has} it, and each may tell of a new problem: paging again`,
    { by, unread, ...(snoozedUntil === null ? {} : { snoozed: true }) },
  );
  change(turn, { unread: null, ...unheardFrom(episode, turn.now) });
  rewave(turn, ladder.step, by === null ? [] : [by]);
}
