// `npm run bench`: ingest against a floor in the same run, under the same launcher and on the same kind of socket; alert to
// page; and the same alert through Alertmanager to the same receiver, with what each still knows after kill -9. Figures are
// whole-process and of this machine; quote the ratios. Nothing here asserts a time. `npm run bench -- oncall` and
// `npm run bench -- routing` measure the core alone, `npm run bench -- list` the list of incidents,
// `npm run bench -- normalize` the sources, `npm run bench -- sandbox` a tenant's own code beside a source built in.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { build } from "../../worker/launcher/build.mjs";
import { launchHub, until, webhookSink } from "../e2e/hub.mjs";

const alone = ["oncall", "routing", "list", "normalize", "sandbox"].find((name) => process.argv[2] === name);
if (alone !== undefined) {
  process.argv.splice(2, 1);
  await import(`./${alone}.mjs`);
  process.exit(0);
}
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "4" },
    connections: { type: "string", default: "16" },
    rounds: { type: "string", default: "3" },
  },
});
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const agent = new Agent({ keepAlive: true, maxSockets: connections * 2 });
const body = (dedupKey) =>
  JSON.stringify({
    dedupKey,
    title: `Payments are down ${dedupKey}`,
    severity: "critical",
    body: "x".repeat(350),
    labels: { cluster: "eu-1", service: "payment" },
  });

function post(url, text) {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      { method: "POST", agent, headers: { "content-type": "application/json", "content-length": Buffer.byteLength(text) } },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode));
      },
    );
    call.on("error", reject);
    call.end(text);
  });
}

/** Requests a second over `seconds`, `connections` at a time; every answer must be 202. */
async function load(next) {
  const end = performance.now() + seconds * 1_000;
  let done = 0;
  let other = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        const status = await post(...next());
        if (status === 202) done++;
        else other++;
      }
    }),
  );
  return { perSecond: done / seconds, other };
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const quantile = (list, q) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))];

const receiver = await webhookSink();
const floorLaunch = await build({ root: new URL("./floor", import.meta.url).pathname });
const hub = await launchHub({ prefix: [] });
const floor = await launchHub({ args: ["--launch", floorLaunch] });
const applied = await hub.apply(
  "bench",
  `
tenant: bench
users: [ { id: ana, contacts: [ { id: hook, via: hook, to: ana } ] } ]
policies: [ { id: p, steps: [ { notify: [ { user: ana } ], escalateAfter: 1h } ] } ]
services: [ { id: svc, policy: p }, { id: quiet } ]
integrations: [ { id: in, source: generic, service: svc }, { id: am, source: prometheus, service: svc } ]
notifiers: [ { id: hook, plugin: webhook, config: { url: "http://localhost:${receiver.port}/" }, secrets: { signingKey: { value: "bench-signing-key-of-32-characters" } } } ]
`,
);
const door = `${hub.url}/v1/ingest/${applied.issued.find((each) => each.id === "in").key}`;
let n = 0;
const fresh = `${Date.now()}-`;

const rows = { repeated: [], repeatedFloor: [], opened: [], openedFloor: [] };
await post(door, body("same"));
await post(`${floor.url}/insert/same`, body("same"));
for (let round = 0; round < Number(values.rounds); round++) {
  rows.repeatedFloor.push((await load(() => [`${floor.url}/insert/same`, body("same")])).perSecond);
  rows.repeated.push((await load(() => [door, body("same")])).perSecond);
  rows.openedFloor.push((await load(() => [`${floor.url}/insert/${fresh}${n++}`, body("x")])).perSecond);
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  rows.opened.push((await load(() => [door, body(`${fresh}${n++}`)])).perSecond);
  await new Promise((resolve) => setTimeout(resolve, 12_000));
}
const line = (name, ours, base) =>
  console.log(
    `${name.padEnd(28)} ${median(ours).toFixed(0).padStart(6)}/s   floor ${median(base).toFixed(0).padStart(6)}/s   ratio ${(median(ours) / median(base)).toFixed(2)}`,
  );
console.log(`\n${connections} connections, ${seconds} s, median of ${values.rounds} rounds, 500-byte alerts`);
line("a repeated alert", rows.repeated, rows.repeatedFloor);
line("a new incident (and its page)", rows.opened, rows.openedFloor);

/** From the first byte of the alert to the receiver's having the page, one at a time. */
async function latencies(count, fire, arrived) {
  const found = [];
  for (let i = 0; i < count; i++) {
    const dedupKey = `lat-${fresh}${i}`;
    const before = performance.timeOrigin + performance.now();
    await fire(dedupKey);
    const call = await until(`page ${i}`, 20_000, () => receiver.calls.findLast((each) => arrived(each, dedupKey)));
    found.push(call.at - before);
  }
  return found;
}
receiver.calls.length = 0;
const own = await latencies(
  100,
  (key) => post(door, body(key)),
  (call, key) => call.body?.incident?.title.endsWith(` ${key}`),
);
console.log(
  `alert to page                  p50 ${quantile(own, 0.5).toFixed(1)} ms   p99 ${quantile(own, 0.99).toFixed(1)} ms   (100 alerts, one at a time)`,
);

await beside();

/** The same receiver behind Alertmanager with group_wait 0s, and what each knows after kill -9. */
async function beside() {
  try {
    execFileSync("which", ["prometheus-alertmanager"], { stdio: "ignore" });
  } catch {
    return console.log("beside Alertmanager: left out, apt-get install prometheus-alertmanager");
  }
  const folder = mkdtempSync(path.join(tmpdir(), "tocsin-bench-am-"));
  const port = await new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
  writeFileSync(
    path.join(folder, "am.yml"),
    `route: { receiver: r, group_by: ["..."], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }\nreceivers: [ { name: r, webhook_configs: [ { url: "http://127.0.0.1:${receiver.port}/" } ] } ]\n`,
  );
  const start = () =>
    spawn(
      "prometheus-alertmanager",
      [
        `--config.file=${folder}/am.yml`,
        `--storage.path=${folder}/data`,
        "--cluster.listen-address=",
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: "ignore" },
    );
  const ready = () =>
    until("Alertmanager", 20_000, () =>
      fetch(`http://127.0.0.1:${port}/-/ready`).then(
        (r) => r.ok,
        () => false,
      ),
    );
  let am = start();
  await ready();
  const fire = (key) =>
    fetch(`http://127.0.0.1:${port}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([{ labels: { alertname: key, severity: "critical" } }]),
    });
  const theirs = await latencies(100, fire, (call, key) => call.body?.groupKey?.includes(key));
  console.log(
    `through Alertmanager           p50 ${quantile(theirs, 0.5).toFixed(1)} ms   p99 ${quantile(theirs, 0.99).toFixed(1)} ms   (group_wait 0s, same receiver)`,
  );
  const known = async () => (await (await fetch(`http://127.0.0.1:${port}/api/v2/alerts`)).json()).length;
  const before = await known();
  am.kill("SIGKILL");
  am = start();
  await ready();
  const after = await known();
  const ours = async () => {
    let count = 0;
    for (let cursor = ""; ;) {
      const page = (await hub.ask(`/api/v1/tenants/bench/incidents?status=triggered&limit=200${cursor && `&cursor=${cursor}`}`))
        .body;
      count += page.items.length;
      if (!page.next) return count;
      cursor = page.next;
    }
  };
  const openBefore = await ours();
  await hub.kill("SIGKILL");
  await hub.start();
  console.log(`open alerts known after kill -9: Alertmanager ${after} of ${before}, Tocsin ${await ours()} of ${openBefore}`);
  am.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}

for (const [name, ...args] of [["list"], ["simulate", "100"], ["routing"], ["oncall"]])
  console.log(
    execFileSync(process.execPath, [path.resolve(import.meta.dirname, `${name}.mjs`), ...args], { encoding: "utf8" }).trimEnd(),
  );
const counted = execFileSync(
  path.resolve(import.meta.dirname, "../../node_modules/.bin/vitest"),
  ["run", "--project", "workerd", "test/worker/incident.test.ts", "-t", "rows"],
  { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
);
console.log(/rows: .*/.exec(counted)?.[0] ?? "rows: not counted");
console.log("D1 statements on the paging path: 0 (test/worker/incident.test.ts pages with the tables gone)");
await hub.stop();
await floor.stop();
await receiver.close();
agent.destroy();
