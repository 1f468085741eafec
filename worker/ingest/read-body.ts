// Owns reading a body on a hub: by its source plugin, or by the tenant's own code, in the sandbox, where the source says so. The
// door, replay, preview and simulation all read through here, so that they agree.

import { ignored, type SourcePlugin } from "../../plugins/sdk/index.ts";
import { limits } from "../core/limits.ts";
import type { Integration, Snapshot } from "../core/snapshot.ts";
import { loadPlugin, type OwnCode } from "../objects/own-code.ts";
import { runSandboxed } from "../sandbox/run.ts";
import { ownPluginUse } from "../tenant/check-own-plugins.ts";
import { clampAlert } from "./clamp.ts";
import { ownAlert } from "./own-alert.ts";
import { inputOf, readAlerts, type ReadAlerts } from "./read.ts";
import { redactedHeaders } from "./redact.ts";

/** Whose body it is. */
export interface Reader {
  readonly env: Env;
  readonly snapshot: Snapshot;
  readonly integration: Integration;
  readonly plugin: SourcePlugin;
  /** Nothing comes of it: a preview, a simulation, a dry run. */
  readonly trial?: boolean;
}

/** `by`: which code of the tenant's read it, or would have, as `id@version`. */
export type ReadBody = ReadAlerts & { readonly by?: string };

const noAlert = "the plugin's code returned no alert for this body";

/** Never throws: whatever goes wrong is a reason. */
export async function readBodyAlerts(
  reader: Reader,
  { body, headers }: { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> },
): Promise<ReadBody> {
  const { plugin, integration } = reader;
  const input = { body, headers, config: integration.config };
  return plugin.manifest.ownCode === true ? readByOwnCode(reader, input) : readAlerts(plugin, input);
}

async function readByOwnCode(
  { env, snapshot, integration, plugin, trial = false }: Reader,
  input: { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>>; readonly config: unknown },
): Promise<ReadBody> {
  const prepared = inputOf(plugin, input);
  if (!prepared.ok) return prepared;
  const use = ownPluginUse(integration.config);
  if (use === null) return { ok: false, reason: "the integration's config names no plugin" };
  let found: OwnCode | "off" | null;
  try {
    found = await loadPlugin(env, snapshot, use.plugin, use.version);
  } catch (error) {
    console.warn("a plugin's code could not be loaded", snapshot.tenant, String(error));
    return { ok: false, reason: `the code of plugin ${use.plugin} is out of reach at the moment` };
  }
  if (found === "off") return { ok: false, reason: `plugin ${use.plugin} is switched off` };
  if (found === null) {
    const which = use.version === null ? "no version in use" : `no version ${use.version}`;
    return { ok: false, reason: `there is no plugin ${use.plugin}, or ${which} of it` };
  }
  const by = `${use.plugin}@${found.version}`;
  const result = await runSandboxed(env, {
    tenant: snapshot.tenant,
    hash: found.hash,
    code: found.code,
    trial,
    // Masked here as in what is kept: code that a tenant wrote reads the same body in the same way when it is let in again.
    input: {
      payload: prepared.payload,
      headers: redactedHeaders(input.headers, []),
      config: settingsOf(integration.config),
    },
  });
  if (!result.ok) return { ok: false, reason: `plugin ${by}: ${result.reason}`, by };
  if (result.alerts.length > limits.ingest.alertsPerBodyMax)
    return { ok: false, reason: `plugin ${by}: more than ${limits.ingest.alertsPerBodyMax} alerts of one body`, by };
  const alerts = result.alerts.map((each) => {
    const alert = ownAlert(each, integration.source);
    return alert === null ? null : clampAlert(alert);
  });
  const [read, wrong] = [alerts.filter((alert) => alert !== null), alerts.indexOf(null)];
  const others = `plugin ${by}: number ${wrong + 1} of what it returned is no alert: it needs a dedupKey and an action`;
  if (wrong !== -1) return read.length === 0 ? { ok: false, reason: others, by } : { ok: true, alerts: read, others, by };
  // Said, as an alert that changes nothing: code that drops a body by mistake looks like one that was never sent.
  if (alerts.length === 0) return { ok: true, alerts: [ignored(integration.source, null, "(no alert)", noAlert)], by };
  return { ok: true, alerts: read, by };
}

function settingsOf({ settings }: Readonly<Record<string, unknown>>): unknown {
  return settings ?? {};
}
