// Owns how much one body may cost while a tenant's own expressions and templates read it. Counted in steps, not in time: the clock
// stands still while a Worker computes, and a body must be read the same way twice.

import { limits } from "../../worker/core/limits.ts";

/** Everything that one body may still use. */
export interface Budget {
  left: number;
}

export function newBudget(): Budget {
  return { left: limits.mapping.stepsMax };
}

export class TooCostlyError extends Error {
  override readonly name = "TooCostlyError";
  constructor() {
    super("it costs more than one body may: look at fewer things, or at shorter texts");
  }
}

/** Takes so many steps, or throws TooCostlyError. */
export function charge(budget: Budget, steps: number): void {
  budget.left -= steps;
  if (budget.left < 0) throw new TooCostlyError();
}

/** Steps that a text of this length costs to look at. */
export function stepsOf(text: string): number {
  return 1 + (text.length >> 6);
}
