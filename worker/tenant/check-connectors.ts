// Owns what must hold of connectors: a plugin that is there and accepts its configuration, events that exist, a condition that
// can be asked.

import { connectors as plugins, sources as sourcePlugins } from "../../plugins/registry.gen.ts";
import { incidentEvents } from "../core/post.ts";
import { checkExpression } from "./check-expression.ts";
import { fail, pluginIssues, type Context } from "./check.ts";
import type { DefinitionOf } from "./definitions.ts";
import { nearestOf } from "../lib/nearest.ts";

export function checkConnectors(context: Context): void {
  context.all.connectors.forEach((connector, i) => checkConnector(context, connector, i));
}

function checkConnector(context: Context, connector: DefinitionOf<"connectors">, i: number): void {
  connector.on?.forEach((event, j) => {
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
  if (connector.on === undefined && plugin.manifest.writesBack === undefined)
    fail(context, ["connectors", i, "on"], `say what ${connector.id} is told of: ${incidentEvents.join(", ")}; or "*"`);
  checkIntegrations(context, connector, i);
  pluginIssues(context, plugin.config, connector.config, ["connectors", i, "config"]);
  // The values are sealed already; that each needed one is there, and none too many, is what can be said here.
  const given = Object.fromEntries(Object.keys(connector.secrets).map((field) => [field, "x".repeat(64)]));
  pluginIssues(context, plugin.secrets, given, ["connectors", i, "secrets"]);
}

function checkIntegrations(context: Context, connector: DefinitionOf<"connectors">, i: number): void {
  const sources = plugins[connector.plugin]?.manifest.writesBack;
  const path = ["connectors", i, "integrations"] as const;
  if (connector.integrations !== undefined && sources === undefined)
    return fail(context, path, `${connector.plugin} does not write back to where alerts came from: leave integrations out`, null);
  connector.integrations?.forEach((id, j) => {
    const found = context.all.integrations.find((each) => each.id === id);
    if (found === undefined) {
      const nearest = nearestOf(
        id,
        context.all.integrations.map((each) => each.id),
      );
      const hint = nearest === null ? "" : `, did you mean ${nearest}?`;
      return fail(context, [...path, j], `there is no integration ${id}${hint}`, nearest);
    }
    const source = sourcePlugins[found.source]?.manifest.id ?? found.source;
    if (!sources?.includes(source))
      fail(
        context,
        [...path, j],
        `${connector.plugin} writes back to ${sources?.join(", ")}, and ${id} is ${found.source}`,
        null,
      );
  });
}
