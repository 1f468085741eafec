// Owns what the audit log keeps of a change: each object before and after in the document's own words, and which of its secrets
// changed. No secret and no key, sealed or not, is ever in it.

import { definitionKinds, type Definitions, type Kind } from "./definitions.ts";
import { writtenOne } from "./export.ts";
import type { PlannedChange } from "./plan.ts";

export interface RecordedChange extends PlannedChange {
  readonly before: unknown;
  readonly after: unknown;
  /** Names of secret fields whose value is another one now. */
  readonly secretsChanged?: readonly string[];
  /** Where it stood in the order and stands now, for kinds whose order means something. */
  readonly moved?: { readonly from: number; readonly to: number };
}

export function recorded(changes: readonly PlannedChange[], before: Definitions, after: Definitions): RecordedChange[] {
  return changes.map((change): RecordedChange => {
    const { kind, op } = change;
    if (!isKind(kind))
      return { ...change, before: op === "add" ? null : before.settings, after: op === "remove" ? null : after.settings };
    const [was, is] = [find(before, change.id, kind), find(after, change.id, kind)];
    const secrets = was.object !== undefined && is.object !== undefined ? secretsChanged(was.object, is.object) : [];
    return {
      ...change,
      before: was.object === undefined ? null : writtenOne(kind, was.object),
      after: is.object === undefined ? null : writtenOne(kind, is.object),
      ...(secrets.length > 0 ? { secretsChanged: secrets } : {}),
      ...(kind === "routes" && op === "change" && was.index !== is.index ? { moved: { from: was.index, to: is.index } } : {}),
    };
  });
}

function isKind(kind: string): kind is Kind {
  return (definitionKinds as readonly string[]).includes(kind);
}

function find(
  all: Definitions,
  id: string,
  kind: Kind,
): { readonly object: { readonly id: string } | undefined; readonly index: number } {
  const index = all[kind].findIndex((each) => each.id === id);
  return { object: all[kind][index], index };
}

/** Stored forms hold secrets as `{ sealed, print }` and ingest keys as `keyHash`. */
function secretsChanged(before: object, after: object): string[] {
  const [was, is] = [secretsOf(before), secretsOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name));
}

function secretsOf(object: object, at = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(object) as [string, unknown][]) {
    // What was rotated out did not change: it ends, and the action says so.
    if (key === "retiredSecret") continue;
    if (key === "keyHash" && typeof value === "string") found.set(`${at}key`, value);
    if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
    if ("print" in value && typeof value.print === "string") found.set(`${at}${key}`, value.print);
    else for (const [name, print] of secretsOf(value, `${at}${key}.`)) found.set(name, print);
  }
  return found;
}
