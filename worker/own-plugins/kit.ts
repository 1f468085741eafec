// Owns running a tenant's plugin through the contract kit in the sandbox, and reading one body by it to see what becomes of it.

import { runKit, type KitInput, type KitReport, type OwnFixtures, type Returned } from "../../plugins/kit/kit.ts";
import { within } from "../../plugins/kit/checks.ts";
import type { BodyKind } from "../../plugins/sdk/index.ts";
import type { Alert } from "../core/alert.ts";
import { limits } from "../core/limits.ts";
import { parseBody } from "../ingest/body.ts";
import { redactedHeaders } from "../ingest/redact.ts";
import { runSandboxed } from "../sandbox/run.ts";

/** The hub cannot run plugins now: nothing is said about the plugin. */
export class SandboxDarkError extends Error {
  override readonly name = "SandboxDarkError";
}

export interface OwnModule {
  readonly tenant: string;
  readonly hash: string;
  readonly code: string;
}

const bound = limits.ownPlugins;

export async function checkOwn(env: Env, module: OwnModule, fixtures: OwnFixtures): Promise<KitReport> {
  const end = Date.now() + bound.kitMs;
  return runKit(fixtures, async (input) => {
    if (Date.now() > end)
      return { ok: false, unreadable: false, reason: `the kit did not come to its end in ${bound.kitMs / 1_000} s` };
    return run(env, module, input);
  });
}

async function run(env: Env, module: OwnModule, input: KitInput): Promise<Returned> {
  const headers = redactedHeaders(input.headers, []);
  const result = await runSandboxed(env, { ...module, input: { ...input, headers } });
  if (result.ok)
    return result.alerts.length > limits.ingest.alertsPerBodyMax
      ? { ok: false, unreadable: false, reason: `it returned more than ${limits.ingest.alertsPerBodyMax} alerts` }
      : result;
  if (result.kind === "unavailable" || result.kind === "resting") throw new SandboxDarkError(result.reason);
  return { ok: false, unreadable: result.kind === "threw", reason: result.reason };
}

export interface Tried {
  /** Why it cannot be read; null: it was. */
  readonly unreadable: string | null;
  readonly alerts: readonly Alert[];
}

/** One body as it came. */
export async function tryOwn(
  env: Env,
  module: OwnModule,
  given: {
    readonly body: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly settings: Readonly<Record<string, unknown>>;
    readonly format: BodyKind;
  },
): Promise<Tried> {
  const headers = Object.fromEntries(Object.entries(given.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const parsed = parseBody(new TextEncoder().encode(given.body), given.format, headers["content-type"]);
  if (!parsed.ok) return { unreadable: parsed.reason, alerts: [] };
  const returned = await run(env, module, { payload: parsed.payload, headers, config: given.settings });
  if (!returned.ok) return { unreadable: returned.reason, alerts: [] };
  const alerts = returned.alerts.map(within);
  if (alerts.some((alert) => alert === null)) return { unreadable: "it returned something that is no alert", alerts: [] };
  return { unreadable: null, alerts: alerts.filter((alert) => alert !== null) };
}
