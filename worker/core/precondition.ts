// Owns what a condition needs at the least: the equalities among its `&&` parts, looked at before the rule is run. Most rules
// of a large tenant begin with one, and a look at a string costs a hundredth of the rule.

import type { ASTNode } from "@marcbachmann/cel-js";
import { conjuncts, parsedExpression, type Context } from "./expression.ts";

/** A place in the context and the text that must stand there. */
export interface Need {
  readonly path: readonly string[];
  readonly value: string;
}

const roots = new Set(["alert", "integration", "service"]);

/** Every `alert.labels.service == "payment"` of the condition's `&&` parts. */
export function needsOf(text: string): readonly Need[] {
  const parsed = parsedExpression(text);
  return parsed === null ? [] : conjuncts(parsed).flatMap(needOf);
}

function needOf(node: ASTNode): Need[] {
  if (node.op !== "==") return [];
  const [left, right] = node.args;
  return [need(left, right), need(right, left)].filter((each) => each !== null);
}

function need(side: ASTNode, other: ASTNode): Need | null {
  const path = pathOf(side);
  return path !== null && roots.has(path[0] ?? "") && other.op === "value" && typeof other.args === "string"
    ? { path, value: other.args }
    : null;
}

function pathOf(node: ASTNode): string[] | null {
  if (node.op === "id") return [node.args];
  if (node.op !== "." && node.op !== "[]") return null;
  const [of, key] = node.args;
  const name = typeof key === "string" ? key : key.op === "value" && typeof key.args === "string" ? key.args : null;
  const before = pathOf(of);
  return before === null || name === null ? null : [...before, name];
}

/** False: the condition cannot hold, by one of its equalities. True: it must be asked. */
export function mayHold(needs: readonly Need[], context: Context): boolean {
  for (const { path, value } of needs) {
    const found = lookUp(context, path);
    // Only a text that is another one settles it; everything else is the rule's own affair.
    if (typeof found === "string" && found !== value) return false;
  }
  return true;
}

function lookUp(context: Context, path: readonly string[]): unknown {
  let found: unknown = context;
  for (const key of path) {
    if (found instanceof Map) found = found.get(key) as unknown;
    else if (typeof found === "object" && found !== null && Object.hasOwn(found, key))
      found = (found as Record<string, unknown>)[key];
    else return undefined;
  }
  return found;
}
