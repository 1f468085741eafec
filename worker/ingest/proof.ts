// Owns whether a request is the sender's: the plugin's own check, by the integration's secret or, after a rotation, by the one before it.

import type { InboundRequest, SourcePlugin, Verdict } from "../../plugins/sdk/index.ts";
import { keyStore } from "./keys.ts";

interface Who {
  readonly plugin: SourcePlugin;
  readonly integration: { readonly config: Readonly<Record<string, unknown>> };
}

/**
 * A configuration that no longer fits the plugin proves nothing and refuses nothing: the body is then unreadable, and said so.
 * After a rotation either secret will do, and both are tried whichever fits: how long it takes tells nothing of which.
 */
export async function proven(
  { integration, plugin }: Who,
  request: InboundRequest,
  secrets: readonly string[],
): Promise<Verdict> {
  const config = plugin.config.safeParse(integration.config);
  if (!config.success) return { ok: true };
  const credentials = { config: config.data, now: Date.now(), keys: keyStore(plugin.manifest) };
  const tried = await Promise.all(
    (secrets.length === 0 ? [null] : secrets).map(async (secret) => plugin.verify(request, { ...credentials, secret })),
  );
  return tried.find((verdict) => verdict.ok) ?? tried[0] ?? { ok: false, reason: "nothing was proven" };
}
