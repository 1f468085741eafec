// Owns the working copy of one step: fresh containers that the core's functions may change until the step ends.
// Rows are replaced, never edited, so that the shell can tell by identity which ones to write.

import type { Actor, AlertRow, Delivery, Episode, IncidentState, Status, TimelineEntry, TimelineKind } from "./incident.ts";
import type { PickEffect, SendEffect } from "./event.ts";
import type { Post } from "./post.ts";
import type { Roster } from "./roster.ts";

export interface Turn {
  readonly now: number;
  /** The configuration could not be asked for: the step goes on with its last copy and says so. */
  stale: boolean;
  readonly before: IncidentState;
  seq: number;
  roster: Roster | null;
  episode: Episode | null;
  readonly alerts: Record<string, AlertRow>;
  readonly deliveries: Record<string, Delivery>;
  readonly posts: Record<string, Post>;
  orphans: IncidentState["orphans"];
  successor: string | null;
  readonly entries: TimelineEntry[];
  readonly sends: SendEffect[];
  readonly picks: PickEffect[];
}

export const system: Actor = { type: "system", id: "tocsin" };

export function beginTurn(state: IncidentState, now: number): Turn {
  return {
    now,
    stale: false,
    before: state,
    seq: state.seq,
    roster: state.roster,
    episode: state.episode,
    alerts: { ...state.alerts },
    deliveries: { ...state.deliveries },
    posts: { ...state.posts },
    orphans: state.orphans,
    successor: state.successor ?? null,
    entries: [],
    sends: [],
    picks: [],
  };
}

export function endTurn(turn: Turn): IncidentState {
  if (turn.episode !== null && turn.episode !== turn.before.episode) turn.episode = { ...turn.episode, seq: ++turn.seq };
  return {
    identity: turn.before.identity,
    seq: turn.seq,
    roster: turn.roster,
    episode: turn.episode,
    alerts: turn.alerts,
    deliveries: turn.deliveries,
    posts: turn.posts,
    orphans: turn.orphans,
    successor: turn.successor,
  };
}

/** The episode, where the caller has made sure there is one. */
export function episodeOf(turn: Turn): Episode {
  if (turn.episode === null) throw new Error("no episode in this turn");
  return turn.episode;
}

export function change(turn: Turn, patch: Partial<Episode>): void {
  turn.episode = { ...episodeOf(turn), ...patch, updatedAt: turn.now };
}

export function say(turn: Turn, kind: TimelineKind, actor: Actor, reason: string, data: Record<string, unknown> = {}): void {
  const incident = episodeOf(turn).id;
  turn.entries.push({ seq: ++turn.seq, incident, at: turn.now, kind, actor, reason, data });
}

export function putAlert(turn: Turn, row: Omit<AlertRow, "seq">): void {
  turn.alerts[row.key] = { ...row, seq: ++turn.seq };
}

export function putDelivery(turn: Turn, delivery: Omit<Delivery, "seq">): void {
  turn.deliveries[delivery.id] = { ...delivery, seq: ++turn.seq };
}

type OpenEpisode = Episode & { readonly status: Exclude<Status, "resolved" | "merged"> };

export function isOpen(episode: Episode | null): episode is OpenEpisode {
  return episode !== null && episode.status !== "resolved" && episode.status !== "merged";
}
