// Owns running a tenant's own plugin on one body: through the launcher's second runtime on one machine, through the Worker
// Loader on Cloudflare. Never throws; whatever happens in there is a reason. It decides nothing about the alert: who asks has it
// still, and says so.

import { limits } from "../core/limits.ts";
import { Breaker, type Standing } from "./breaker.ts";
import type { SandboxCall, SandboxFailure, SandboxResult } from "./call.ts";
import { isolateOf, sharedIsolateOf } from "./isolate.ts";
import { readAnswer } from "./answer.ts";

export type { SandboxCall, SandboxResult } from "./call.ts";

const bound = limits.sandbox;
const breaker = new Breaker();

/** Whether this hub can run plugins of tenants at all; else why not, for whoever uploads one. */
export function sandboxMissing(env: Env): string | null {
  return env.SANDBOX === undefined && env.LOADER === undefined
    ? "this hub cannot run plugins of your own: it was deployed without the Worker Loader (worker_loaders in wrangler.toml)"
    : null;
}

/** How this isolate of the hub knows a version; on one machine there is one, on Cloudflare others may know more. */
export function standingOf(tenant: string, hash: string, now: number): Standing {
  return breaker.standing(`${tenant}/${hash}`, now);
}

/** Its rest is over, because somebody says so. */
export function tryAgain(tenant: string, hash: string): void {
  breaker.forget(`${tenant}/${hash}`);
}

export async function runSandboxed(env: Env, call: SandboxCall): Promise<SandboxResult> {
  const missing = sandboxMissing(env);
  if (missing !== null) return failed("unavailable", missing);
  if (call.code.length > bound.codeCharsMax)
    return failed("threw", `the plugin is longer than ${bound.codeCharsMax} characters: it is not run`);
  const key = `${call.tenant}/${call.hash}`;
  const began = Date.now();
  const restsUntil = call.trial ? null : breaker.restsUntil(key, began);
  if (restsUntil !== null) {
    const seconds = Math.ceil((restsUntil - began) / 1_000);
    return failed("resting", `the plugin broke its limits several times and is left alone for another ${seconds} s`);
  }
  let result: SandboxResult;
  try {
    result = env.SANDBOX === undefined ? await throughLoader(env, call) : await throughLauncher(env.SANDBOX, call);
  } catch (error) {
    console.warn("the sandbox did not answer", call.tenant, String(error));
    result = failed("unavailable", "the sandbox did not answer");
  }
  if (call.trial) return result;
  if (!result.ok && (result.kind === "deadline" || result.kind === "memory")) breaker.strike(key, Date.now());
  else if (result.ok) breaker.kept(key);
  return result;
}

function failed(kind: SandboxFailure, reason: string): SandboxResult {
  return { ok: false, kind, reason };
}

/** An isolate for each tenant and code: no two tenants ever meet in one, though their code be the same. */
async function throughLoader(env: Env, { tenant, hash, code, input }: SandboxCall): Promise<SandboxResult> {
  const stub = env.LOADER?.get(`${tenant}/${hash}`, () => isolateOf(code));
  if (stub === undefined) return failed("unavailable", "there is no Worker Loader");
  const late = AbortSignal.timeout(bound.wallMs);
  try {
    const answer = await stub
      .getEntrypoint()
      .fetch("https://plugin.invalid/", { method: "POST", body: bodyOf(input), signal: late });
    return await readAnswer(answer, false);
  } catch (error) {
    return brokenOff(error, late.aborted);
  }
}

/** The input's texts as JSON; the isolate makes objects of its own of them. */
function bodyOf(input: SandboxCall["input"]): string {
  return JSON.stringify({ input, charsMax: bound.returnCharsMax });
}

/** The platform ended it, or its module does not start. */
function brokenOff(error: unknown, late: boolean): SandboxResult {
  const words = error instanceof Error ? error.message : String(error);
  if (late || /\bCPU\b|time limit/i.test(words)) return failed("deadline", `the plugin took longer than ${bound.cpuMs} ms`);
  if (/memory/i.test(words)) return failed("memory", "the plugin took more memory than it may");
  const start = /^Failed to start Worker:\s*(?:Uncaught )?([^\n]*(?:\n\s+at plugin\.js:[\d:]+)?)/.exec(words);
  if (start !== null) return failed("threw", `the plugin does not start: ${(start[1] ?? "").replace(/\s+/g, " ").slice(0, 300)}`);
  return failed("threw", `the plugin ended without an answer: ${words.slice(0, 200)}`);
}

/** The launcher's proxy knows code by its hash: it is sent only when it is asked for. */
async function throughLauncher(sandbox: Fetcher, { tenant, hash, code, trial, input }: SandboxCall): Promise<SandboxResult> {
  const headers = {
    "x-tenant": tenant,
    "x-hash": hash,
    "x-trial": trial ? "1" : "0",
    "x-cpu-ms": String(bound.cpuMs),
    "x-wall-ms": String(bound.wallMs),
  };
  const signal = AbortSignal.timeout(bound.askMs);
  const body = bodyOf(input);
  const ask = (path: string, text: string): Promise<Response> =>
    sandbox.fetch(`http://sandbox.invalid${path}`, { method: "POST", headers, body: text, signal });
  for (let tries = 0; tries < bound.codeTriesMax; tries++) {
    const answer = await ask("/run", body);
    if (answer.status === 500) return brokenOff((await answer.text()).slice(0, 1_000), false);
    if (answer.status !== 428) return await readAnswer(answer, answer.headers.has("x-ended"));
    await answer.body?.cancel();
    const learned = await ask("/code", JSON.stringify(sharedIsolateOf(code)));
    await learned.body?.cancel();
  }
  return failed("unavailable", "the sandbox was started anew several times in a moment");
}
