// Owns turning routes, as written and checked, into what routing runs on. Pure.

import { parseDuration } from "../core/duration.ts";
import type { Route, Value } from "../core/snapshot.ts";
import type { DefinitionOf } from "./definitions.ts";

type RouteDefinition = DefinitionOf<"routes">;

export function routeOf(route: RouteDefinition): Route {
  return {
    id: route.id,
    when: route.when,
    set: settingsOf(route.set),
    group: route.group === undefined ? null : { by: route.group.by, windowMs: ms(route.group.window), kind: route.group.kind },
    suppress: route.suppress,
    holdMs: route.hold === undefined ? null : ms(route.hold),
    threshold: route.threshold === undefined ? null : { count: route.threshold.count, withinMs: ms(route.threshold.within) },
    inhibitedBy: route.inhibitedBy ?? null,
    continue: route.continue,
  };
}

function settingsOf(set: RouteDefinition["set"]): Route["set"] {
  const policies: readonly Value[] | undefined = set.policies ?? (set.policy === undefined ? undefined : [set.policy]);
  return {
    ...(set.severity === undefined ? {} : { severity: set.severity }),
    ...(set.service === undefined ? {} : { service: set.service }),
    ...(policies === undefined ? {} : { policies }),
    ...(set.urgency === undefined ? {} : { urgency: set.urgency }),
    ...(set.labels === undefined ? {} : { labels: set.labels }),
  };
}

function ms(text: string): number {
  return parseDuration(text) ?? 0;
}
