// Owns running a tenant's plugin through the contract kit, and reading one body by it to see what becomes of it. Where it runs is
// the caller's: in the hub's sandbox, or on its author's machine (plugins/own).

import { runKit, type KitInput, type KitReport, type OwnFixtures, type Returned } from "../../plugins/kit/kit.ts";
import { within } from "../../plugins/kit/checks.ts";
import type { BodyKind } from "../../plugins/sdk/index.ts";
import type { Alert } from "../core/alert.ts";
import { limits } from "../core/limits.ts";
import { parseBody } from "../ingest/body.ts";
import { redactedHeaders } from "../ingest/redact.ts";
import type { SandboxResult } from "../sandbox/call.ts";
import { runSandboxed } from "../sandbox/run.ts";
import { brokenLine } from "./broken-line.ts";

/** The hub cannot run plugins now: nothing is said about the plugin. */
export class SandboxDarkError extends Error {
  override readonly name = "SandboxDarkError";
}

export interface OwnModule {
  /** SHA-256 of `code`, hex. */
  readonly hash: string;
  readonly code: string;
}

export type RunModule = (module: OwnModule, input: KitInput) => Promise<SandboxResult>;

const bound = limits.ownPlugins;

export function inSandbox(env: Env, tenant: string): RunModule {
  return (module, input) => runSandboxed(env, { tenant, ...module, trial: true, input });
}

export async function checkOwn(run: RunModule, module: OwnModule, fixtures: OwnFixtures): Promise<KitReport> {
  const end = Date.now() + bound.kitMs;
  let ended: string | null = null;
  return runKit(fixtures, {
    read: async (input) => {
      // What does not come to its end is not run another hundred times.
      if (ended !== null) return { ok: false, unreadable: false, reason: `not read, as it was ended at a body before: ${ended}` };
      if (Date.now() > end)
        return { ok: false, unreadable: false, reason: `the kit did not come to its end in ${bound.kitMs / 1_000} s` };
      const returned = await readOnce(run, module, input);
      if (!returned.ok && returned.ended === true) ended = returned.reason;
      return returned;
    },
    brokenLine: (input) => brokenLine(run, module.code, masked(input)),
  });
}

/** Credentials are masked for it as in what is kept: code that a tenant wrote reads the same body in the same way again. */
function masked(input: KitInput): KitInput {
  return { ...input, headers: redactedHeaders(input.headers, []) };
}

/** `ended`: it broke a limit. */
async function readOnce(run: RunModule, module: OwnModule, input: KitInput): Promise<Returned & { readonly ended?: boolean }> {
  const result = await run(module, masked(input));
  if (result.ok)
    return result.alerts.length > limits.ingest.alertsPerBodyMax
      ? { ok: false, unreadable: false, reason: `it returned more than ${limits.ingest.alertsPerBodyMax} alerts` }
      : result;
  if (result.kind === "unavailable" || result.kind === "resting") throw new SandboxDarkError(result.reason);
  const ended = result.kind === "deadline" || result.kind === "memory";
  return { ok: false, unreadable: result.kind === "threw", reason: result.reason, ended };
}

export interface Tried {
  /** Why it cannot be read; null: it was. */
  readonly unreadable: string | null;
  /** The line of the plugin's text that broke, where it did and that is known. */
  readonly line: number | null;
  readonly alerts: readonly Alert[];
}

/** One body as it came. */
export async function tryOwn(
  run: RunModule,
  module: OwnModule,
  given: {
    readonly body: Uint8Array;
    readonly headers: Readonly<Record<string, string>>;
    readonly settings: unknown;
    readonly format: BodyKind;
  },
): Promise<Tried> {
  const headers = Object.fromEntries(Object.entries(given.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const parsed = parseBody(given.body, given.format, headers["content-type"]);
  if (!parsed.ok) return { unreadable: parsed.reason, line: null, alerts: [] };
  const input = { payload: parsed.payload, headers, config: given.settings };
  const returned = await readOnce(run, module, input);
  if (!returned.ok) {
    const line = returned.unreadable ? await brokenLine(run, module.code, masked(input)) : null;
    return { unreadable: returned.reason, line, alerts: [] };
  }
  const alerts = returned.alerts.map(within);
  const wrong = alerts.indexOf(null);
  if (wrong !== -1)
    return {
      unreadable: `number ${wrong + 1} of what it returned is no alert: it needs a dedupKey and an action`,
      line: null,
      alerts: [],
    };
  return { unreadable: null, line: null, alerts: alerts.filter((alert) => alert !== null) };
}
