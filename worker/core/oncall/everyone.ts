// Owns who can come to be on call in a schedule at all: whoever pages by it keeps a copy of all of them.

import type { Id } from "../snapshot.ts";
import type { Schedule } from "./schedule.ts";

/** Everybody of every layer (former rules still to run out included), override, calendar and the fallback; shadows too, each once. */
export function everyoneOf(schedule: Schedule): Id[] {
  const found = new Set<Id>();
  const add = (users: readonly (Id | null)[]): void => {
    for (const user of users) if (user !== null) found.add(user);
  };
  for (const layer of schedule.layers) {
    for (const slot of layer.slots) add(slot);
    for (const { rules } of layer.was) for (const slot of rules.slots) add(slot);
  }
  for (const override of schedule.overrides) add([override.user]);
  for (const event of schedule.ical?.events ?? []) add(event.users);
  add(schedule.fallback);
  return [...found];
}
