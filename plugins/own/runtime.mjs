// Owns running a plugin of a tenant's own on its author's machine, as a hub's sandbox would: the same texts around it, the same
// limits, the same words for what breaks them. What differs: memory is that of Node's heap, an old breach is not remembered, and a
// thread is no wall, for the code is the author's.
import { Worker } from "node:worker_threads";
import { limits } from "../../worker/core/limits.ts";
import { readAnswer } from "../../worker/sandbox/answer.ts";
import { harnessSource, lockdownSource, sdkSource } from "../../worker/sandbox/inside.gen.ts";

const bound = limits.sandbox;
/** A Worker's on Cloudflare; one machine gives more. */
const heapMaxMb = 128;
const lookMs = 20;
const startMs = 4_000;

const failed = (kind, reason) => ({ ok: false, kind, reason });

/** @returns {{ run: import("../../worker/own-plugins/kit.ts").RunModule, close: () => Promise<void> }} */
export function localRuntime() {
  /** By hash; one ends with the breach of a limit. @type {Map<string, Thread>} */
  const threads = new Map();
  return {
    async run({ hash, code }, input) {
      let thread = threads.get(hash);
      if (thread === undefined || thread.ended) threads.set(hash, (thread = new Thread(code)));
      return thread.read(JSON.stringify({ input, charsMax: bound.returnCharsMax }));
    },
    async close() {
      await Promise.all([...threads.values()].map((each) => each.end()));
    },
  };
}

class Thread {
  ended = false;
  #worker;
  #started;

  constructor(code) {
    this.#worker = new Worker(new URL("thread.mjs", import.meta.url), {
      workerData: {
        modules: { "main.js": harnessSource, "lockdown.js": lockdownSource, "plugin.js": code, "tocsin/sdk": sdkSource },
      },
      env: {},
      argv: [],
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMaxMb },
      stdout: true,
      stderr: true,
    });
    // Also while nobody listens: an error without a listener ends the program.
    this.#worker.on("error", () => (this.ended = true));
    this.#worker.on("exit", () => (this.ended = true));
    this.#started = this.#next(startMs);
  }

  /** One body after the other. @returns {Promise<import("../../worker/sandbox/call.ts").SandboxResult>} */
  async read(body) {
    const told = await this.#started;
    if (told.broken !== undefined) {
      await this.end();
      return failed("threw", `the plugin does not start: ${told.broken.replace(/\s+/g, " ").slice(0, 300)}`);
    }
    if (told.ready !== true) return told;
    const answer = this.#next(bound.wallMs);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(body);
    const { answer: text, ...failure } = await answer;
    return text === undefined ? failure : readAnswer(new Response(text));
  }

  async end() {
    this.ended = true;
    await this.#worker.terminate();
  }

  /** What it says next; a failure where it does not in time. Processor time counts from here. */
  #next(wallMs) {
    return new Promise((resolve) => {
      const began = Date.now();
      let usedBefore = null;
      const settle = (told) => {
        clearInterval(timer);
        this.#worker.off("message", settle).off("error", broke).off("exit", gone);
        resolve(told);
      };
      const broke = (error) =>
        settle(
          error.code === "ERR_WORKER_OUT_OF_MEMORY"
            ? failed("memory", "the plugin took more memory than it may")
            : failed("threw", `the plugin ended without an answer: ${String(error.message).slice(0, 200)}`),
        );
      const gone = () => settle(failed("threw", "the plugin ended without an answer"));
      const late = () => {
        settle(failed("deadline", `the plugin took longer than ${bound.cpuMs} ms`));
        return this.end();
      };
      const look = async () => {
        if (Date.now() - began > wallMs) return late();
        const used = await this.#worker.cpuUsage().catch(() => null);
        usedBefore ??= used;
        if (wallMs !== bound.wallMs || used === null || usedBefore === null) return undefined;
        const cpuMs = (used.user + used.system - usedBefore.user - usedBefore.system) / 1_000;
        return cpuMs > bound.cpuMs ? late() : undefined;
      };
      const timer = setInterval(() => void look(), lookMs);
      this.#worker.on("message", settle).on("error", broke).on("exit", gone);
    });
  }
}
