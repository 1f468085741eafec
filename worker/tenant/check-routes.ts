// Owns what must hold of routes and lookups: expressions compile, conditions are conditions, names lead somewhere, and a
// catch-all that hides what comes after it is said.

import { fail, refer, warn, type Context, type Finding } from "./check.ts";
import { checkExpression } from "./check-expression.ts";
import type { DefinitionOf } from "./definitions.ts";

export function checkRoutes(context: Context): void {
  const { routes, lookups } = context.all;
  routes.forEach((route, i) => checkRoute(context, route, i));
  lookups.forEach((lookup, i) => checkExpression(context, lookup.key, ["lookups", i, "key"]));
  const last = routes.findIndex((route) => route.when.trim() === "true" && !route.continue);
  if (last !== -1 && last < routes.length - 1)
    warn(
      context,
      ["routes", last],
      `route ${routes[last]?.id} matches every alert: the ${routes.length - 1 - last} after it are never tried`,
      { code: "route-all", id: routes[last]?.id, n: routes.length - 1 - last },
    );
}

type RouteDefinition = DefinitionOf<"routes">;

function checkRoute(context: Context, route: RouteDefinition, i: number): void {
  const { set } = route;
  checkExpression(context, route.when, ["routes", i, "when"], "condition");
  route.group?.by.forEach((by, j) => checkExpression(context, by, ["routes", i, "group", "by", j]));
  if (route.inhibitedBy !== undefined) {
    checkExpression(context, route.inhibitedBy.when, ["routes", i, "inhibitedBy", "when"], "condition");
    route.inhibitedBy.equal.forEach((each, j) => checkExpression(context, each, ["routes", i, "inhibitedBy", "equal", j]));
  }
  const at = (key: string): Finding["path"] => ["routes", i, "set", key];
  checkNamed(context, set.service, "services", at("service"));
  checkNamed(context, set.policy, "policies", at("policy"));
  set.policies?.forEach((policy, j) => checkNamed(context, policy, "policies", [...at("policies"), j]));
  if (set.policy !== undefined && set.policies !== undefined)
    fail(context, at("policies"), "give either policy or policies: [first, beside it …]");
  for (const [key, value] of Object.entries(set.labels ?? {}))
    if (typeof value !== "string") checkExpression(context, value.expr, [...at("labels"), key, "expr"]);
  const { severities } = context.all.settings;
  if (set.severity === undefined) return;
  if (typeof set.severity !== "string") checkExpression(context, set.severity.expr, [...at("severity"), "expr"]);
  else if (severities && !severities.includes(set.severity))
    fail(context, at("severity"), `${set.severity} is not one of ${severities.join(", ")}`);
}

function checkNamed(
  context: Context,
  value: string | { readonly expr: string } | undefined,
  kind: "services" | "policies",
  path: Finding["path"],
): void {
  if (typeof value === "object") checkExpression(context, value.expr, [...path, "expr"]);
  else refer(context, kind, value, path);
}
