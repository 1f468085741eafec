// Runs a bundled Worker in workerd and forwards one order a line from stdin, one answer a line to stdout. A process of its
// own, because Miniflare reads NODE_EXTRA_CA_CERTS once, when it is loaded. Usage: node workerd-host.mjs BUNDLE
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";

const [bundle] = process.argv.slice(2);
const runtime = new Miniflare(
  convertV4MiniflareOptions({
    cf: false,
    log: new Log(LogLevel.NONE),
    handleStructuredLogs: () => undefined,
    compatibilityDate: "2026-10-15",
    compatibilityFlags: ["nodejs_compat"],
    modulesRoot: dirname(bundle),
    modules: [{ type: "ESModule", path: bundle, contents: readFileSync(bundle, "utf8") }],
  }),
);
for await (const line of createInterface({ input: process.stdin })) {
  const answer = await runtime.dispatchFetch("http://worker/", { method: "POST", body: line });
  process.stdout.write(`${(await answer.text()).replaceAll("\n", " ")}\n`);
}
await runtime.dispose();
