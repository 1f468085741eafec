// The first set-up command, as a newcomer runs it: `npm run demo`, with a newcomer who opens the second person's link and presses
// Acknowledge, and ends it with Ctrl-C.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { press } from "../../worker/launcher/demo-parts.mjs";
import { suite, until } from "./hub.mjs";

const demo = suite("demo");
const root = new URL("../../", import.meta.url).pathname;
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith("tocsin-demo-"));
const before = new Set(folders());
const child = spawn("npm", ["run", "--silent", "demo"], { cwd: root, env: { ...process.env, NO_COLOR: "1" }, detached: true });
/** Its whole group: npm, the demo, the runtime. */
const signal = (name) => process.kill(-Number(child.pid), name);
let output = "";
let ended = null;
for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
child.once("exit", (code, by) => (ended = { code, by }));
/** Waits for a line of the demo; what it printed is said when there is none. */
const told = (pattern, ms = 120_000) =>
  until(`${pattern} in:\n${output}`, ms, () => {
    if (ended !== null) throw new Error(`it ended with ${JSON.stringify(ended)}:\n${output}`);
    return pattern.exec(output);
  });

try {
  await demo.check("a small company that has been through something: who is on call, and what its people answered", async () => {
    await told(/tenant\s+demo: two teams, four services, four senders; on call: Ana Ruiz and Mei Tanaka/);
    for (const line of [/earlier\s+Shop front page .*Uptime Kuma: Mei Tanaka had it/, /Grafana: Mei/, /Sentry: Ana Ruiz had it/])
      await told(line);
  });
  await demo.check("prints each page with its person, channel, reason and link, and escalates", async () => {
    await told(/page\s+Ana Ruiz · phone: P1/);
    await told(/because: on call for payments, step 1\n\s+http:\/\/localhost:\d+\/r\/\S+/);
    await told(/escalate\s+step 2/);
    await told(/page\s+Bo Lindqvist · phone: P1/);
  });
  await demo.check("then the address and a sign-in link stand there, which opens on the incident that burns", async () => {
    const [, origin, to, ticket] = await told(/open\s+(http:\/\/localhost:\d+)\/sign-in\?to=(\S+)#(\S+)/);
    const page = decodeURIComponent(to);
    assert.match(page, /^\/t\/demo\/incidents\/inc_\w+$/);
    assert.match(output, /admin UI\s+http:\/\/localhost:\d+\/t\/demo\/incidents/);
    const entered = await fetch(`${origin}/api/v1/session`, {
      method: "POST",
      headers: { origin, "sec-fetch-site": "same-origin" },
      body: JSON.stringify({ ticket }),
    });
    const cookie = entered.headers.get("set-cookie")?.split(";")[0] ?? "";
    const read = async (at) => (await fetch(`${origin}/api/v1/tenants/demo${at}`, { headers: { cookie } })).json();
    const incident = await read(page.replace("/t/demo", ""));
    assert.equal(incident.status, "triggered");
    assert.ok(incident.pending.length > 0, "more people will be paged");
    const { items: past } = await read("/incidents?status=resolved");
    assert.deepEqual(new Set(past.map((each) => each.acknowledgedBy)), new Set(["ana", "mei"]));
    assert.equal((await read("/heartbeats/nightly-backup/state")).state, "up");
    assert.equal((await read("/maintenance")).items.length, 1);
  });
  await demo.check("whoever presses Acknowledge on a printed link has it, and the record tells all of it", async () => {
    const link = /Bo Lindqvist · phone[\s\S]*?(http:\/\/localhost:\d+\/r\/\S+)/.exec(output)[1];
    await press(link, "ack");
    await told(/has it\s+Bo Lindqvist/);
    await told(/acknowledged\s+bo has it/);
  });
  await demo.check("Ctrl-C ends it and leaves nothing behind", async () => {
    signal("SIGINT");
    await until("its end", 20_000, () => ended);
    await until("its folder to be gone", 10_000, () => folders().every((name) => before.has(name)));
  });
} finally {
  if (ended === null) signal("SIGKILL");
}
demo.end();
