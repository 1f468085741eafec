// Owns one body in one cell: how it is asked, when it breaks a limit, what is made of its answer. An isolate that nobody used before
// is made ready while the cell has nothing to do, for making one takes as long as reading eight bodies.

import { limits } from "../core/limits.ts";

/**
 * @typedef {{ status: number, body: Buffer | string, ended?: boolean }} Answer `ended`: our own word, not the plugin's
 * @typedef {{ kind: "deadline" | "memory", reason: string }} Broken
 *
 * @typedef {object} Prepared
 * @property {string} key
 * @property {(body: Buffer, signal: AbortSignal) => Promise<Answer>} send
 * @property {() => void} drop
 */

/** @returns {Answer} */
export function failure(kind, reason) {
  return { status: 200, body: JSON.stringify({ ok: false, kind, reason }), ended: true };
}

/**
 * The request is open and its body is still to come: the cell has the isolate ready by then.
 * @param {import("./sandbox-process.mjs").SandboxProcess} runtime @param {string} key @returns {Prepared}
 */
export function prepared(runtime, key) {
  const { send, drop } = runtime.open("/run", key, true);
  return { key, send, drop };
}

/** Rejects when the cell ended, or was ended. `again`: by an isolate that others used. @returns {Promise<Answer>} */
export async function told(runtime, { call, next, again, signal }) {
  const answer = await (next ?? runtime.open("/run", call.key, !again)).send(call.body, signal);
  return answer.body === null ? failure("too-large", "the plugin returned more than is taken") : answer;
}

/** @param {import("./sandbox-cells.mjs").Turn} turn @returns {Broken | null} */
export function limitBroken(runtime, { began, cpuBefore, call: { cpuMs, wallMs } }) {
  const took = performance.now() - began;
  if (took > wallMs) return { kind: "deadline", reason: `the plugin took longer than ${wallMs} ms` };
  // By the processor's time, so that a machine which is busy with other things accuses nobody.
  const cpu = took > cpuMs ? runtime.cpuMs() : null;
  if (cpu !== null && cpuBefore !== null && cpu - cpuBefore > cpuMs)
    return { kind: "deadline", reason: `the plugin took longer than ${cpuMs} ms of processor time` };
  if ((runtime.rssBytes() ?? 0) > limits.sandbox.cells.memory.rssBytesMax)
    return { kind: "memory", reason: "the plugin took more memory than it may" };
  return null;
}
