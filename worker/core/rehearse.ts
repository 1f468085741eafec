// Owns the rehearsal of one incident: what would become of these alerts, and everything that would follow if nobody acted.
// Nothing is decided here: it is the real step() on an object that is nowhere kept.

import type { Decision } from "./decision.ts";
import type { AlertResult, PickEffect, ReceivedAlert } from "./event.ts";
import { foresee, newPages, settleSends, type PendingItem } from "./forecast.ts";
import { limits } from "./limits.ts";
import type { Identity, IncidentState, TimelineEntry } from "./incident.ts";
import type { Roster } from "./roster.ts";
import type { Id } from "./snapshot.ts";
import { emptyState, step } from "./step.ts";
import { nextInTurn, turnAfter } from "./turn-taking.ts";

/** Alerts that come to the object together, under one decision. */
export interface Reception {
  readonly alerts: readonly ReceivedAlert[];
  readonly decision: Decision;
  readonly roster: Roster;
}

export interface RehearsalInput {
  readonly identity: Identity;
  /** One after the other, at the same moment. */
  readonly receptions: readonly Reception[];
  readonly turns: Turns;
  /** Items of the plan; more are cut. */
  readonly itemsMax: number;
}

export interface Rehearsal {
  readonly results: readonly AlertResult[];
  /** Right after the alerts came in, with what then leaves at once. */
  readonly state: IncidentState;
  readonly items: readonly PendingItem[];
  readonly entries: readonly TimelineEntry[];
  readonly truncated: boolean;
}

export function rehearse(input: RehearsalInput, at: number): Rehearsal {
  const { identity, receptions, turns, itemsMax } = input;
  const empty = emptyState(identity);
  const choose = (pick: PickEffect): Id | null => turns.take(pick);
  const results: AlertResult[] = [];
  const entries: TimelineEntry[] = [];
  let state = empty;
  for (const reception of receptions) {
    // What connectors are told moves nothing.
    const roster = { ...reception.roster, connectors: {} };
    const received = step(state, { type: "receive", ...reception, roster }, at);
    if (received.reply.kind === "received") results.push(...received.reply.results);
    const settled = settleSends(received, at, { choose });
    entries.push(...settled.entries);
    ({ state } = settled);
  }
  const first = newPages(empty, state);
  const later = foresee(state, at, { itemsMax, idleMax: limits.simulate.idleMax, choose });
  const items = [...first, ...later.items.filter((item) => !isFirst(item, first))].toSorted((a, b) => a.at - b.at);
  return {
    results,
    state,
    items: items.slice(0, itemsMax),
    entries: [...entries, ...later.entries],
    truncated: later.truncated || items.length > itemsMax,
  };
}

/** A page that waits for a free place is told of twice: as intended, and as still to go out. */
function isFirst(item: PendingItem, first: readonly PendingItem[]): boolean {
  return (
    item.kind === "page" &&
    first.some(
      (page) => page.at === item.at && page.user === item.user && page.contact === item.contact && page.step === item.step,
    )
  );
}

/** Whose turn it is, from where the pointers stood when they were asked, moved on only in here. */
export interface Turns {
  take(pick: PickEffect): Id | null;
  /** Somebody was paged in turn: the plan holds as long as nobody else takes the turn before. */
  asked(): boolean;
}

export function turnsFrom(standing: readonly { readonly pointer: string; readonly member: Id; readonly n: number }[]): Turns {
  const pointers = new Map<string, Map<Id, number>>();
  const answered = new Map<string, Id | null>();
  const lastOf = (pointer: string): Map<Id, number> => {
    const last = pointers.get(pointer) ?? new Map<Id, number>();
    pointers.set(pointer, last);
    return last;
  };
  for (const { pointer, member, n } of standing) lastOf(pointer).set(member, n);
  return {
    take({ key, turn, members }) {
      const known = answered.get(`${key} ${turn}`);
      if (known !== undefined) return known;
      const last = lastOf(key);
      const next = nextInTurn(members, last);
      if (next !== null) last.set(next, turnAfter(last));
      answered.set(`${key} ${turn}`, next);
      return next;
    },
    asked: () => answered.size > 0,
  };
}
