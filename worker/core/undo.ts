// Owns taking a mistake back within limits.escalation.undoMs: an acknowledgment, or the end that somebody gave an incident. All
// goes on as if it had not been: same position, same times, no new wave, and no page that was due is lost.

import type { Actor, AckUndo, BeforeResolve, Episode, ResolveUndo } from "./incident.ts";
import { resolve } from "./lifecycle.ts";
import { limits } from "./limits.ts";
import { restore } from "./outbox.ts";
import type { SlaState } from "./sla-clock.ts";
import { change, episodeOf, say, type Turn } from "./turn.ts";

export function undoAcknowledge(turn: Turn, actor: Actor): boolean {
  const episode = episodeOf(turn);
  const { undo } = episode;
  if (undo === null || undo.of === "resolve" || turn.now > undo.until) return false;
  restoreAll(turn, undo);
  change(turn, {
    status: undo.status,
    acknowledgedBy: null,
    acknowledgedAt: null,
    ackTimeoutAt: null,
    snoozedUntil: null,
    holdUntil: undo.holdUntil,
    assignees: undo.assignees,
    ladder: undo.ladder,
    // What has begun since (a warning's policy, people called in) goes on as well.
    beside: [...(undo.beside ?? []), ...(episode.beside ?? []).filter(({ n }) => !undo.beside?.some((each) => each.n === n))],
    acks: undo.acks ?? [],
    runs: [...undo.runs, ...episode.runs.filter(({ n }) => !undo.runs.some((each) => each.n === n))],
    // An answer that was a mistake was none.
    respondedAt: episode.respondedAt === episode.acknowledgedAt ? null : (episode.respondedAt ?? null),
    undo: null,
  });
  say(turn, "unacknowledged", actor, "undone: everything goes on where it was", { undo: true });
  return true;
}

const ended = [
  "status",
  "assignees",
  "acknowledgedBy",
  "acknowledgedAt",
  "ackTimeoutAt",
  "snoozedUntil",
  "holdUntil",
  "autoResolveAt",
  "ladder",
  "beside",
  "acks",
  "runs",
  "sla",
  "flags",
  "reopens",
  "flapping",
  "unread",
] as const satisfies readonly (keyof BeforeResolve)[];

/** A person says that it is over, and has a moment to say that it is not. */
export function resolveBy(turn: Turn, actor: Actor, reason: string | null): void {
  const episode = episodeOf(turn);
  const was = Object.fromEntries(ended.flatMap((key) => (episode[key] === undefined ? [] : [[key, episode[key]]])));
  const deliveries = resolve(turn, actor, "resolved", reason ?? `resolved by ${actor.id}`, { code: "person", said: reason });
  change(turn, {
    undo: {
      of: "resolve",
      until: turn.now + limits.escalation.undoMs,
      by: actor.id,
      // The same keys with the same values, those that are there.
      was: { ...(was as unknown as BeforeResolve), undo: ofAcknowledgment(episode) },
      deliveries,
    },
  });
}

function ofAcknowledgment({ undo }: Episode): AckUndo | null {
  return undo === null || undo.of === "resolve" ? null : undo;
}

/** Null: taken back. Else why not. */
export function undoResolve(turn: Turn, actor: Actor): string | null {
  const { undo, sla } = episodeOf(turn);
  const instead = "re-open it instead, which pages from step 1";
  if (undo?.of !== "resolve") return `nobody's resolve is to be taken back; ${instead}`;
  if (undo.by !== actor.id) return `${undo.by} resolved it, and only ${undo.by} can take that back; ${instead}`;
  if (turn.now > undo.until) return `the ${limits.escalation.undoMs / 1_000} s for an undo are over; ${instead}`;
  if (undo.over) return "its source has said since that it is over: it stays resolved";
  restoreAll(turn, undo);
  change(turn, { ...undo.was, ...asItRan(undo.was.sla, sla), resolvedAt: null, resolvedBy: null });
  say(turn, "reopened", actor, "undone: not over, everything goes on where it was", { undo: true });
  return null;
}

/** What was called missed in the very moment of the end has been told, and is not told again. */
function asItRan(was: SlaState | null | undefined, is: SlaState | null | undefined): Pick<Episode, "sla"> {
  if (!was) return {};
  const missed = (id: string, kind: string): number | null =>
    is?.clocks.find((clock) => clock.id === id && clock.kind === kind)?.breachedAt ?? null;
  const clocks = was.clocks.map((clock) => ({ ...clock, breachedAt: clock.breachedAt ?? missed(clock.id, clock.kind) }));
  return { sla: { ...was, clocks } };
}

/** A source's own word that it is over leaves nothing to take back. */
export function overAnyway(turn: Turn): boolean {
  const { undo } = episodeOf(turn);
  if (undo?.of !== "resolve" || undo.over || turn.now > undo.until) return false;
  change(turn, { undo: { ...undo, over: true } });
  return true;
}

function restoreAll(turn: Turn, { deliveries }: AckUndo | ResolveUndo): void {
  for (const id of deliveries) {
    const delivery = turn.deliveries[id];
    if (delivery?.status === "cancelled") restore(turn, delivery);
  }
}
