// Owns whose turn it is where a team is paged in turn: the member not paged for longest.

import type { Id } from "./snapshot.ts";

/** `last`: when each was paged last, as rising numbers; who is missing never was. Null: nobody is there. */
export function nextInTurn(members: readonly Id[], last: ReadonlyMap<Id, number>): Id | null {
  return members.toSorted((a, b) => (last.get(a) ?? 0) - (last.get(b) ?? 0))[0] ?? null;
}

/** What `last` says of a member who is paged now. */
export function turnAfter(last: ReadonlyMap<Id, number>): number {
  return Math.max(0, ...last.values()) + 1;
}
