// Owns that a hub which runs goes on running. Miniflare starts a workerd that died once more and gives up when that fails
// (killed again while it starts, no memory for a moment), without a word and for good; a workerd that hangs it does not see
// at all. Either would be a hub that pages nobody.

import { setTimeout as delay } from "node:timers/promises";
import { startRuntime } from "./runtime.mjs";
import { within } from "./within.mjs";
import { endWorkerd, forgetWorkerd, workerdRuns } from "./workerd-record.mjs";

const lookEveryMs = 1_000;
/** Looks in a row without a workerd before it is started anew: Miniflare's own restart has one within milliseconds. */
const looksWithout = 3;
const probeEveryMs = 5_000;
const stopLimitMs = 10_000;
const againFirstMs = 500;
const againMaxMs = 10_000;

/**
 * @param {import("./runtime.mjs").RuntimeOptions & { silentMs: number }} options `silentMs`: a workerd that answers nothing for so long is killed
 * @returns {Promise<{ stop: () => Promise<void> }>}
 */
export async function keepRuntime(options) {
  const { dataDir, host, port, log, silentMs } = options;
  let runtime = await startRuntime(options);
  const state = { stopped: false };
  let missing = 0;
  let answeredAt = Date.now();
  let lookedAt = Date.now();
  let work = Promise.resolve();
  let busy = false;

  async function look() {
    const now = Date.now();
    if (now - lookedAt > probeEveryMs) answeredAt = now; // This process stood still, not workerd: a machine that slept.
    lookedAt = now;
    missing = workerdRuns(dataDir) ? 0 : missing + 1;
    if (missing >= looksWithout) return startAnew("workerd is gone and was not started again");
    if (missing > 0 || now - answeredAt < silentMs) return;
    await endWorkerd(dataDir);
    answeredAt = now;
    log("error", `workerd answered nothing for ${Math.round(silentMs / 1_000)} s and was killed; it is started again`);
  }

  async function startAnew(why) {
    log("error", `${why}; starting it anew`);
    await quietly(runtime.stop());
    for (let waitMs = againFirstMs; !state.stopped; waitMs = Math.min(waitMs * 2, againMaxMs)) {
      await endWorkerd(dataDir); // Never two on one folder.
      forgetWorkerd(dataDir);
      try {
        runtime = await startRuntime(options);
        log("warn", "workerd runs again; whatever was due goes on");
        break;
      } catch (error) {
        log("error", `workerd did not start (trying again): ${error.message}`);
        await delay(waitMs);
      }
    }
    missing = 0;
    answeredAt = Date.now();
  }

  async function probe() {
    try {
      await fetch(`http://${nearAddress(host)}:${port}/healthz`, { signal: AbortSignal.timeout(probeEveryMs - 500) });
      answeredAt = Date.now(); // Whatever it answered.
    } catch {
      // Counted by `look`.
    }
  }

  const looking = setInterval(() => {
    if (busy || state.stopped) return;
    busy = true;
    work = look()
      .catch((error) => log("error", `looking after workerd failed: ${error.message}`))
      .finally(() => (busy = false));
  }, lookEveryMs);
  const probing = setInterval(() => void probe(), probeEveryMs);
  return {
    stop: async () => {
      state.stopped = true;
      clearInterval(looking);
      clearInterval(probing);
      await work;
      await quietly(runtime.stop());
      await endWorkerd(dataDir);
    },
  };
}

/** Miniflare rejects when what it disposes of was broken already, and must not keep us for ever. */
function quietly(promise) {
  return within(promise, stopLimitMs).catch(() => {});
}

/** Where this machine reaches what listens on `host`. */
function nearAddress(host) {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
