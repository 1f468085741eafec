// Owns what applying a document would change: sections it does not name are left alone, an empty one is emptied. Pure.
// What people do at run time (overrides, maintenance …) is not part of these definitions and is kept whatever they say.

import { keepByHand } from "./by-hand.ts";
import { sameJson } from "../lib/canonical-json.ts";
import { definitionKinds, type Definitions, type Kind, type Lists } from "./definitions.ts";
import { documentedUser, withOwn } from "./own.ts";

export interface PlannedChange {
  readonly op: "add" | "change" | "remove";
  readonly kind: string;
  readonly id: string;
}

/**
 * The present definitions with the named sections replaced. What was made at run time stays behind them, unless its kind is
 * pruned or the document now names it as its own.
 */
export function merge(
  present: Definitions,
  given: Readonly<Record<string, unknown>>,
  document: Definitions,
  prune: readonly string[] = [],
): Definitions {
  const settings: Record<string, unknown> = { ...present.settings };
  for (const [key, value] of Object.entries(document.settings)) if (key in given && value !== undefined) settings[key] = value;
  const runtime: Partial<Record<Kind, readonly string[]>> = {};
  const users = (): Lists["users"] =>
    ("users" in given ? document.users : present.users.map(documentedUser)).map((words) =>
      withOwn(
        words,
        present.users.find((each) => each.id === words.id),
        prune,
      ),
    );
  const byHand = (kind: Kind): readonly { readonly id: string }[] =>
    prune.includes(kind) ? document[kind] : keepByHand(kind, document[kind], present);
  const section = (kind: Kind): readonly { readonly id: string }[] => {
    const isRuntime = (each: { readonly id: string }): boolean => present.runtime[kind]?.includes(each.id) ?? false;
    const written = kind === "users" ? users() : kind in given ? byHand(kind) : present[kind].filter((each) => !isRuntime(each));
    const made = prune.includes(kind)
      ? []
      : present[kind].filter((each) => isRuntime(each) && !written.some((other) => other.id === each.id));
    if (made.length > 0) runtime[kind] = made.map((each) => each.id);
    return [...written, ...made];
  };
  const lists = Object.fromEntries(definitionKinds.map((kind) => [kind, section(kind)])) as unknown as Lists;
  return {
    settings: settings,
    grouped: present.grouped || lists.routes.some(groups),
    ...lists,
    runtime,
  };
}

/** Alerts of such a route may live in an object that is not their own. */
export function groups(route: Lists["routes"][number]): boolean {
  return route.group !== undefined || route.threshold !== undefined;
}

/** In a fixed order: the tenant itself, then kind by kind; within a kind added and changed as written, then removed. */
export function changesBetween(tenant: string, before: Definitions | null, after: Definitions): PlannedChange[] {
  if (before === null)
    return [
      { op: "add", kind: "tenant", id: tenant },
      ...definitionKinds.flatMap((kind) => after[kind].map((each): PlannedChange => ({ op: "add", kind, id: each.id }))),
    ];
  const changes: PlannedChange[] = sameJson(before.settings, after.settings)
    ? []
    : [{ op: "change", kind: "tenant", id: tenant }];
  for (const kind of definitionKinds) {
    const [was, is] = [before[kind], after[kind]];
    // Routes are tried in order: a new place among those that stay is a change of meaning.
    const stay = (list: readonly { readonly id: string }[], other: readonly { readonly id: string }[]): string[] =>
      kind === "routes" ? list.map((each) => each.id).filter((id) => other.some((each) => each.id === id)) : [];
    const [order, newOrder] = [stay(was, is), stay(is, was)];
    for (const each of is) {
      const at = was.findIndex((other) => other.id === each.id);
      const moved = order.indexOf(each.id) !== newOrder.indexOf(each.id);
      if (at === -1) changes.push({ op: "add", kind, id: each.id });
      else if (!sameJson(was[at], each) || moved) changes.push({ op: "change", kind, id: each.id });
    }
    for (const each of was) if (!is.some((other) => other.id === each.id)) changes.push({ op: "remove", kind, id: each.id });
  }
  return changes;
}
