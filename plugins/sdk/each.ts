// Owns a body with many alerts of which some cannot be read: those that can are alerts all the same, and the hub opens its incident
// about the others.

import type { Alert } from "../../worker/core/alert.ts";
import { UnreadableError } from "./unreadable.ts";

/**
 * Reads every element by itself, in order. Throws what the first threw when not one of them can be read: then nobody can read the
 * body. Of some that cannot, each stands in the answer as an alert that is `unreadable`, with the reason as its title.
 */
export function readEach<Item>(items: readonly Item[], read: (item: Item, index: number) => Alert): Alert[] {
  const failures: unknown[] = [];
  const alerts = items.map((item, index) => {
    try {
      return read(item, index);
    } catch (error) {
      failures.push(error);
      return unreadableElement(error instanceof UnreadableError ? error.message : `number ${index + 1} of it cannot be read`);
    }
  });
  if (failures.length > 0 && failures.length === items.length) throw failures[0];
  return alerts;
}

function unreadableElement(reason: string): Alert {
  return {
    dedupKey: "none",
    action: "ignore",
    severity: "unknown",
    title: reason,
    body: "",
    labels: {},
    links: [],
    source: "",
    sourceAt: null,
    test: false,
    unreadable: true,
  };
}
