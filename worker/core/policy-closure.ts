// Owns which policies an incident must freeze: those it starts with and every one that their targets can start.

import type { Id, Policy } from "./snapshot.ts";

/** By id, the given ones not among them unless a target names them. Unknown ids are left out: the step then says so. */
export function policyClosure(start: readonly Policy[], all: Readonly<Record<Id, Policy>>): Record<Id, Policy> {
  const found: Record<Id, Policy> = {};
  const look = (policy: Policy): void => {
    for (const target of [...policy.steps.flatMap((step) => step.notify), ...policy.onExhausted]) {
      const named = target.kind === "policy" ? all[target.policy] : undefined;
      if (named === undefined || found[named.id]) continue;
      found[named.id] = named;
      look(named);
    }
  };
  start.forEach(look);
  return found;
}
