// Owns saying of an integration that its alerts lead to no policy: it has no service, and no route may give them one.

import type { Context as RuleContext } from "../core/expression.ts";
import { mayHold, needsOf } from "../core/precondition.ts";
import { warn, type Context } from "./check.ts";
import { reachesNobody } from "./check-policies.ts";
import type { DefinitionOf } from "./definitions.ts";

/** Only what is certain: a condition that asks for anything of the alert may hold. */
export function checkUnserved(context: Context): void {
  const { integrations, routes, settings } = context.all;
  if (integrations.every((each) => each.service !== undefined)) return;
  const tried = triedOf(routes).filter(givesPolicy);
  const needs = tried.map((route) => needsOf(route.when));
  const targets = settings.fallback?.notify ?? [];
  const fallback = !targets.every((target) => reachesNobody(context, target));
  integrations.forEach(({ id, name, source, service }, i) => {
    if (service !== undefined) return;
    // Not the service: a route before may have given one.
    const known = { integration: { id, name, source } } as unknown as RuleContext;
    if (needs.some((each) => mayHold(each, known))) return;
    const whom = fallback ? "nobody but the fallback" : "nobody";
    warn(
      context,
      ["integrations", i, "service"],
      `integration ${id} has no service, and no route may match: its alerts page ${whom}`,
      { code: "integration-no-service", id, fallback },
    );
  });
}

type RouteDefinition = DefinitionOf<"routes">;

/** Those after one that takes everything are never tried; one whose condition is false never matches. */
function triedOf(routes: readonly RouteDefinition[]): readonly RouteDefinition[] {
  const last = routes.findIndex((route) => route.when.trim() === "true" && !route.continue);
  return (last === -1 ? routes : routes.slice(0, last + 1)).filter((route) => route.when.trim() !== "false");
}

function givesPolicy({ set }: RouteDefinition): boolean {
  return set.service !== undefined || set.policy !== undefined || set.policies !== undefined;
}
