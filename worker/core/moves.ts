// Owns the table of legal moves: every command in every state either moves or is refused (contract §5, features.md §4.1).

import type { Command } from "./event.ts";
import type { Episode } from "./incident.ts";

export type State = "held" | "suppressed" | "triggered" | "acknowledged" | "snoozed" | "resolved" | "merged";
/** Commands that people give; the others pass between the two objects of a merge, or come from a source. */
export type Move = Exclude<Command["kind"], "absorb" | "release" | "amend">;

export const states: readonly State[] = ["held", "suppressed", "triggered", "acknowledged", "snoozed", "resolved", "merged"];
export const commands: readonly Move[] = [
  "ack",
  "unack",
  "resolve",
  "reopen",
  "snooze",
  "escalate",
  "reassign",
  "responders",
  "severity",
  "note",
  "merge",
  "unmerge",
];

const quiet: readonly Move[] = ["ack", "resolve", "escalate", "reassign", "severity", "note", "merge"];
const owned: readonly Move[] = ["unack", "resolve", "snooze", "escalate", "reassign", "responders", "severity", "note", "merge"];

export const legalMoves: Readonly<Record<State, readonly Move[]>> = {
  held: quiet,
  suppressed: quiet,
  triggered: ["ack", "resolve", "snooze", "escalate", "reassign", "responders", "severity", "note", "merge"],
  acknowledged: owned,
  snoozed: owned,
  resolved: ["reopen", "note"],
  merged: ["unmerge", "note"],
};

export function stateOf(episode: Pick<Episode, "status" | "snoozedUntil">): State {
  return episode.status === "acknowledged" && episode.snoozedUntil !== null ? "snoozed" : episode.status;
}
