// Owns the one way in: state, event and time in; next state, what happened, and what to send out. Pure and synchronous.

import { command } from "./commands.ts";
import { advanceIfDead, advanceIfDue, picked } from "./escalation.ts";
import { laterGroupKey } from "./ids.ts";
import type { Event, Reply, StepResult } from "./event.ts";
import type { Identity, IncidentState } from "./incident.ts";
import { runTimers } from "./lifecycle.ts";
import { limits } from "./limits.ts";
import { claim, expireLeases, recordReceipt, recordResult, deferSend } from "./outbox.ts";
import { fireRules, isOutstanding } from "./paging.ts";
import { expirePostLeases, recordPostResult, settlePosts } from "./posts.ts";
import { receive } from "./receive.ts";
import { tendServiceLevels } from "./sla-watch.ts";
import { beginTurn, endTurn, isOpen, type Turn } from "./turn.ts";

export function emptyState(identity: Identity): IncidentState {
  return { identity, seq: 0, roster: null, episode: null, alerts: {}, deliveries: {}, posts: {}, orphans: null };
}

export function step(state: IncidentState, event: Event, now: number): StepResult {
  const turn = beginTurn(state, now);
  const reply = dispatch(turn, event);
  tendServiceLevels(turn);
  if (isOpen(turn.episode)) settle(turn);
  settlePosts(turn);
  return { state: endTurn(turn), entries: turn.entries, sends: turn.sends, picks: turn.picks, reply };
}

function dispatch(turn: Turn, event: Event): Reply {
  switch (event.type) {
    case "receive":
      return { kind: "received", results: receive(turn, event) };
    case "command":
      return command(turn, event);
    case "wake":
      if (event.roster !== null) turn.roster = event.roster;
      turn.stale = event.stale;
      expireLeases(turn);
      expirePostLeases(turn);
      runTimers(turn, event);
      if (isOpen(turn.episode)) advanceIfDue(turn);
      return { kind: "none" };
    case "picked":
      if (event.roster !== null) turn.roster = event.roster;
      if (isOpen(turn.episode)) picked(turn, event);
      return { kind: "none" };
    case "deferred":
      deferSend(turn, event);
      return { kind: "none" };
    case "succeeded":
      turn.successor = laterGroupKey(turn.successor, event.groupKey);
      return { kind: "none" };
    case "result":
      if (!recordPostResult(turn, event)) recordResult(turn, event);
      return { kind: "none" };
    case "receipt":
      recordReceipt(turn, event);
      return { kind: "none" };
  }
}

/** After every event: rules that are due become deliveries, dead steps give way, free places are filled. */
function settle(turn: Turn): void {
  fireRules(turn);
  // A step may die at once (its people's contacts are all gone) and the one after it too; each pass moves up one.
  for (let walked = 0; walked < limits.policy.stepsMax && isOpen(turn.episode); walked++) {
    const before = turn.episode;
    advanceIfDead(turn);
    fireRules(turn);
    if (turn.episode === before) break;
  }
  claim(turn);
  prune(turn);
}

/** The working state keeps the newest settled deliveries; older ones live on in the rows and in D1. */
function prune(turn: Turn): void {
  const settled = Object.values(turn.deliveries).filter((d) => !isOutstanding(d));
  if (settled.length <= limits.incident.deliveriesKept) return;
  settled.sort((a, b) => a.seq - b.seq);
  for (const delivery of settled.slice(0, settled.length - limits.incident.deliveriesKept)) delete turn.deliveries[delivery.id];
}
