// Owns what becomes of a body: the plugin's own reading of it, inside our limits. read-body.ts is the hub's way to it;
// the plugins' tests and `npm run receive` come here.

import type { NormalizeInput, SourcePlugin } from "../../plugins/sdk/index.ts";
import type { Alert } from "../core/alert.ts";
import type { Change } from "../core/change.ts";
import { limits } from "../core/limits.ts";
import { parseBody } from "./body.ts";
import { clampEach } from "./clamp.ts";
import { clampChanges } from "./clamp-change.ts";

export type ReadAlerts =
  /** `others`: why the rest of the body cannot be read; absent: all of it was. `changes`: absent when the body tells of none. */
  | {
      readonly ok: true;
      readonly alerts: readonly Alert[];
      readonly others?: string;
      readonly changes?: readonly Change[];
    }
  | { readonly ok: false; readonly reason: string };

interface Input {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** As the integration holds it. */
  readonly config: unknown;
}

/** What `normalize` is given, or why it cannot be. */
export function inputOf(
  plugin: SourcePlugin,
  input: Input,
): { readonly ok: true; readonly payload: unknown; readonly config: unknown } | { readonly ok: false; readonly reason: string } {
  const config = plugin.config.safeParse(input.config);
  if (!config.success)
    return { ok: false, reason: `the integration's config does not fit: ${config.error.issues[0]?.message ?? "unreadable"}` };
  const parsed = parseBody(input.body, plugin.readsAs?.(config.data) ?? plugin.manifest.body, input.headers["content-type"]);
  return parsed.ok ? { ok: true, payload: parsed.payload, config: config.data } : parsed;
}

/** By a plugin of ours. Never throws: whatever goes wrong is a reason. */
export function readAlerts(plugin: SourcePlugin, input: Input): ReadAlerts {
  const prepared = inputOf(plugin, input);
  if (!prepared.ok) return prepared;
  const { payload, config } = prepared;
  try {
    const alerts = plugin.normalize({ payload, headers: input.headers, config });
    if (alerts.length > limits.ingest.alertsPerBodyMax)
      return {
        ok: false,
        reason: `more than ${limits.ingest.alertsPerBodyMax} alerts in one body: send them in several, of at most so many each`,
      };
    const { alerts: clamped, others } = clampEach(alerts, `something that the ${plugin.manifest.name} plugin returned`);
    if (others !== null && clamped.length === 0) return { ok: false, reason: others };
    const changes = changesBeside(plugin, { payload, headers: input.headers, config });
    return { ok: true, alerts: clamped, ...(others === null ? {} : { others }), ...(changes.length > 0 ? { changes } : {}) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message.slice(0, 300) : "the plugin could not read it" };
  }
}

/** An alert is never lost over a change that cannot be read. */
function changesBeside(plugin: SourcePlugin, input: NormalizeInput): readonly Change[] {
  try {
    return clampChanges(plugin.changes?.(input) ?? [], plugin.manifest.id);
  } catch {
    return [];
  }
}
