// Owns running the product's io and notifiers on the real runtime for a test, with trust in a CA of the test's own.

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "rolldown";

export interface Answer {
  readonly status: string | number;
  readonly reason?: string;
  readonly ref?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Runtime {
  ask(order: Readonly<Record<string, unknown>>): Promise<Answer>;
  stop(): Promise<void>;
}

/** workerd in a process of its own. `extraCa`: a CA file it trusts. */
export function startRuntime(bundle: string, extraCa: string | null): Runtime {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const host = join(import.meta.dirname, "workerd-host.mjs");
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [host, bundle], {
    env: { ...env, ...(extraCa === null ? {} : { NODE_EXTRA_CA_CERTS: extraCa }) },
  });
  child.stderr.resume();
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(order) {
      child.stdin.write(`${JSON.stringify({ host: "localhost", secrets: {}, limitMs: 10_000, allowPrivate: true, ...order })}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error("the runtime ended");
      return JSON.parse(value) as Answer;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.stdin.end();
      }),
  };
}

/** io-worker.ts in one file; answers its path. */
export async function bundleWorker(): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), "tocsin-io-")), "worker.mjs");
  await build({
    input: join(import.meta.dirname, "io-worker.ts"),
    external: [/^cloudflare:/, /^node:/],
    output: { file, format: "esm" },
    logLevel: "silent",
  });
  return file;
}
