// Owns access to an incident's ladders: its own (0) and those that run beside it, by number. Decides nothing.

import type { BesideLadder, Episode, Ladder } from "./incident.ts";
import type { Id, Policy } from "./snapshot.ts";
import { change, episodeOf, type Turn } from "./turn.ts";

export const ownLadder = 0;

export const noLadder: Ladder = { phase: "stopped", step: 0, round: 0, enteredAt: 0, dueAt: null, firstRun: 0 };

const noPolicy: Policy = {
  id: "",
  name: "",
  steps: [],
  repeat: { times: 0, from: 0, waitMs: 0 },
  onExhausted: [],
  lowUrgency: "escalate",
};

type Ladders = Pick<Episode, "ladder" | "beside">;

/** All of them, the incident's own first. */
export function laddersOf(episode: Ladders): readonly Ladder[] {
  return [episode.ladder, ...(episode.beside ?? [])];
}

export function besideOf(episode: Ladders, n: number): BesideLadder | undefined {
  return episode.beside?.find((each) => each.n === n);
}

export function ladderOf(turn: Turn, n: number): Ladder {
  const episode = episodeOf(turn);
  return (n === ownLadder ? episode.ladder : besideOf(episode, n)) ?? noLadder;
}

export function policyOf(turn: Turn, n: number): Policy {
  const episode = episodeOf(turn);
  return (n === ownLadder ? episode.decision.policy : besideOf(episode, n)?.policy) ?? noPolicy;
}

export function setLadder(turn: Turn, n: number, patch: Partial<Ladder>): void {
  const episode = episodeOf(turn);
  if (n === ownLadder) return change(turn, { ladder: { ...episode.ladder, ...patch } });
  change(turn, { beside: (episode.beside ?? []).map((each) => (each.n === n ? { ...each, ...patch } : each)) });
}

/** Numbers of all ladders, the incident's own first. */
export function ladderNumbers(turn: Turn): readonly number[] {
  return [ownLadder, ...(episodeOf(turn).beside ?? []).map((each) => each.n)];
}

/** It will page somebody by itself. */
export function isClimbing(ladder: Ladder): boolean {
  return ladder.dueAt !== null && (ladder.phase === "step" || ladder.phase === "waiting" || ladder.phase === "picking");
}

/** Which ladder an entry is about, where it is not the incident's own. */
export function whichOf(turn: Turn, n: number): { readonly ladder?: number; readonly policy?: Id } {
  return n === ownLadder ? {} : { ladder: n, policy: policyOf(turn, n).id };
}

/** "policy payments, " for ladders beside the incident's own. */
export function nameOf(turn: Turn, n: number): string {
  return n === ownLadder ? "" : `policy ${policyOf(turn, n).id}, `;
}

export const stopped = { phase: "stopped", dueAt: null, retry: null, entering: null } as const;
