// Owns what becomes of a body: the plugin's own reading of it, inside our limits. The one way from bytes to alerts: the door,
// the plugins' tests and `npm run receive` all go through here.

import type { SourcePlugin } from "../../plugins/sdk/index.ts";
import type { Alert } from "../core/alert.ts";
import { limits } from "../core/limits.ts";
import { parseBody } from "./body.ts";
import { clampAlert } from "./clamp.ts";

export type ReadAlerts =
  | { readonly ok: true; readonly alerts: readonly Alert[] }
  | { readonly ok: false; readonly reason: string };

/** `config` as the integration holds it. Never throws: whatever goes wrong is a reason. */
export function readAlerts(
  plugin: SourcePlugin,
  input: { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>>; readonly config: unknown },
): ReadAlerts {
  const config = plugin.config.safeParse(input.config);
  if (!config.success)
    return { ok: false, reason: `the integration's config does not fit: ${config.error.issues[0]?.message ?? "unreadable"}` };
  const parsed = parseBody(input.body, plugin.readsAs?.(config.data) ?? plugin.manifest.body, input.headers["content-type"]);
  if (!parsed.ok) return parsed;
  try {
    const alerts = plugin.normalize({ payload: parsed.payload, headers: input.headers, config: config.data });
    if (alerts.length > limits.ingest.alertsPerBodyMax)
      return { ok: false, reason: `more than ${limits.ingest.alertsPerBodyMax} alerts in one body` };
    const clamped = alerts.map(clampAlert);
    return clamped.every((alert) => alert !== null)
      ? { ok: true, alerts: clamped }
      : { ok: false, reason: `the ${plugin.manifest.name} plugin returned something that is no alert` };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message.slice(0, 300) : "the plugin could not read it" };
  }
}
