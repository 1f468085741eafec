// Owns what integrations may name of the plugins that the tenant wrote itself: one that is there, a version that is there, one
// that runs.

import { nearestOf } from "../lib/nearest.ts";
import { fail, warn, type Context } from "./check.ts";
import type { Definitions } from "./definitions.ts";

/** Which own plugin, and which version of it, an integration's configuration names. `version` null: the one in use. */
export interface OwnPluginUse {
  readonly plugin: string;
  readonly version: number | null;
}

/** By the fields of every source that runs own plugins (SourceManifest.ownCode). */
export function ownPluginUse(config: Readonly<Record<string, unknown>>): OwnPluginUse | null {
  const { plugin, version } = config;
  return typeof plugin === "string" ? { plugin, version: typeof version === "number" ? version : null } : null;
}

export function checkOwnPlugin(context: Context, i: number): void {
  const integration = context.all.integrations[i];
  const use = integration === undefined ? null : ownPluginUse(integration.config);
  if (integration === undefined || use === null) return;
  const path = ["integrations", i, "config"] as const;
  const known = context.all.ownPlugins;
  const plugin = known.find((each) => each.id === use.plugin);
  if (plugin === undefined) {
    const nearest = nearestOf(
      use.plugin,
      known.map((each) => each.id),
    );
    const hint = nearest === null ? ": upload it first" : `, did you mean ${nearest}?`;
    return fail(context, [...path, "plugin"], `there is no own plugin ${use.plugin}${hint}`, nearest);
  }
  const versions = plugin.versions.map((each) => each.version);
  if (use.version !== null && !versions.includes(use.version))
    return fail(
      context,
      [...path, "version"],
      `own plugin ${plugin.id} has no version ${use.version}; it has ${versions.join(", ")}`,
    );
  if (use.version === null && plugin.active === null)
    return fail(
      context,
      [...path, "plugin"],
      `no version of own plugin ${plugin.id} is in use: activate one, or name \`version\``,
    );
  if (plugin.off)
    warn(
      context,
      ["integrations", i],
      `own plugin ${plugin.id} is switched off: what comes in by ${integration.id} is unreadable`,
      { code: "plugin-off", plugin: plugin.id, integration: integration.id },
    );
}

/** The integrations of the tenant that run this plugin. `sources`: which plugins run own code. */
export function usesOf(all: Definitions, plugin: string, runsOwnCode: (source: string) => boolean): readonly string[] {
  return all.integrations
    .filter(({ source, config }) => runsOwnCode(source) && ownPluginUse(config)?.plugin === plugin)
    .map((each) => each.id);
}
