// Owns what must hold of connectors: a plugin that is there and accepts its configuration, events that exist, a condition that
// can be asked.

import { connectors as plugins } from "../../plugins/registry.gen.ts";
import { incidentEvents } from "../core/post.ts";
import { checkExpression } from "./check-expression.ts";
import { fail, pluginIssues, type Context } from "./check.ts";
import type { DefinitionOf } from "./definitions.ts";
import { nearestOf } from "../lib/nearest.ts";

export function checkConnectors(context: Context): void {
  context.all.connectors.forEach((connector, i) => checkConnector(context, connector, i));
}

function checkConnector(context: Context, connector: DefinitionOf<"connectors">, i: number): void {
  connector.on.forEach((event, j) => {
    if (event === "*" || (incidentEvents as readonly string[]).includes(event)) return;
    const nearest = nearestOf(event, incidentEvents);
    const hint = nearest === null ? `one of ${incidentEvents.join(", ")}` : `did you mean ${nearest}?`;
    fail(context, ["connectors", i, "on", j], `there is no event ${event}: ${hint}`, nearest);
  });
  if (connector.when !== undefined) checkExpression(context, connector.when, ["connectors", i, "when"], "condition", "incident");
  const plugin = plugins[connector.plugin];
  if (!plugin) {
    const nearest = nearestOf(connector.plugin, Object.keys(plugins));
    const hint = nearest === null ? "" : `, did you mean ${nearest}?`;
    return fail(context, ["connectors", i, "plugin"], `there is no connector plugin ${connector.plugin}${hint}`, nearest);
  }
  pluginIssues(context, plugin.config.safeParse(connector.config), ["connectors", i, "config"]);
  // The values are sealed already; that each needed one is there, and none too many, is what can be said here.
  const given = Object.fromEntries(Object.keys(connector.secrets).map((field) => [field, "x".repeat(64)]));
  pluginIssues(context, plugin.secrets.safeParse(given), ["connectors", i, "secrets"]);
}
