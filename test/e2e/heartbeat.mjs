// A launched hub and a job that says it is alive: missing, page, beat, resolved; a connector told of it in order; a hub that
// was killed while the beat was due raises no false alarm. Real HTTP all along.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { launchHub, suite, until, webhookSink } from "./hub.mjs";

const tests = suite("heartbeats and connectors, end to end");
const signingKey = "a-signing-key-of-this-test-0001";
const key = { quick: "the-key-of-the-quick-job-0001", slow: "the-key-of-the-slow-job-00001" };
const sink = await webhookSink();
const hub = await launchHub();

const document = `
tenant: beats
fallback: { notify: [ { user: ana } ] }
users: [ { id: ana, contacts: [ { id: phone, via: inbox } ] } ]
policies: [ { id: p, steps: [ { notify: [ { user: ana } ], escalateAfter: 10m } ] } ]
services: [ { id: svc, policy: p } ]
connectors: [ { id: hook, plugin: webhook, on: [opened, resolved], config: { url: "http://127.0.0.1:${sink.port}/" }, secrets: { signingKey: { value: ${signingKey} } } } ]
heartbeats:
  - { id: quick, every: 2s, grace: 1s, service: svc, key: { value: ${key.quick} } }
  - { id: slow, every: 6s, grace: 3s, service: svc, key: { value: ${key.slow} } }
`;
const tenant = "/api/v1/tenants/beats";
const beat = async (job, signal = "") =>
  (await fetch(`${hub.url}/v1/heartbeats/${key[job]}${signal}`, { method: "POST" })).status;
const state = async (job) => (await hub.ask(`${tenant}/heartbeats/${job}/state`)).body;
const incidents = async () => (await hub.ask(`${tenant}/incidents`)).body.items;

try {
  await hub.apply("beats", document);
  let incident = "";

  await tests.check("a beat that is missing opens an incident and pages", async () => {
    assert.equal(await beat("quick"), 200);
    assert.equal((await state("quick")).state, "up");
    const [page] = await until("the page", 20_000, async () => {
      const { items } = (await hub.ask(`${tenant}/inbox`)).body;
      return items.length > 0 && items;
    });
    assert.match(page.title, /Heartbeat quick is missing/);
    incident = page.incident;
    assert.equal((await state("quick")).state, "down");
  });

  await tests.check("a beat resolves it", async () => {
    assert.equal(await beat("quick", "/0"), 200);
    await until("it to close", 20_000, async () => {
      const { body } = await hub.ask(`${tenant}/incidents/${incident}`);
      return body.status === "resolved";
    });
    await hub.api("POST", `${tenant}/heartbeats/quick/pause`, {});
    assert.equal((await state("quick")).state, "paused");
  });

  await tests.check("the connector heard both, signed and in order", async () => {
    const ours = () => sink.calls.filter((call) => call.body.incident.id === incident);
    await until("two posts", 20_000, () => ours().length === 2);
    assert.deepEqual(
      ours().map((call) => call.body.type),
      ["incident.opened", "incident.resolved"],
    );
    for (const { headers, body } of ours()) {
      const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${JSON.stringify(body)}`;
      assert.equal(headers["webhook-signature"], `v1,${createHmac("sha256", signingKey).update(signed).digest("base64")}`);
    }
  });

  await tests.check("a hub that was dead while a beat was due waits for the next one before it pages", async () => {
    const before = (await incidents()).length;
    assert.equal(await beat("slow"), 200);
    await hub.kill("SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    await hub.start();
    assert.equal(await until("the beat to be taken", 20_000, () => beat("slow").catch(() => null)), 200);
    assert.equal((await state("slow")).state, "up");
    assert.equal((await incidents()).length, before);
  });

  await tests.check("and pages when that is missing too", async () => {
    await until("the incident", 30_000, async () =>
      (await incidents()).some((each) => /Heartbeat slow is missing/.test(each.title)),
    );
    assert.equal((await state("slow")).state, "down");
  });
} finally {
  await hub.stop();
  await sink.close();
}
tests.end();
