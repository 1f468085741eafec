// A storm of new incidents on a machine with 1,024 descriptors: some are told to come again, none is lost, the hub lives.
import assert from "node:assert/strict";
import { launchHub, suite, until } from "./hub.mjs";

const hub = await launchHub({ prefix: ["sh", "-c", 'ulimit -Hn 1024 2>/dev/null; ulimit -n 1024; exec "$@"', "sh"] });
const applied = await hub.apply(
  "storm",
  `
tenant: storm
users: [ { id: ana, contacts: [ { id: phone, via: inbox } ] } ]
policies: [ { id: p, steps: [ { notify: [ { user: ana } ], escalateAfter: 1h } ] } ]
services: [ { id: svc, policy: p } ]
integrations: [ { id: in, source: generic, service: svc } ]
`,
);
const door = `${hub.url}/v1/ingest/${applied.issued[0].key}`;
const total = 600;
const counts = { 202: 0, 503: 0, other: 0 };
const send = async (i) => {
  const answer = await fetch(door, { method: "POST", body: JSON.stringify({ dedupKey: `s${i}`, title: `Storm ${i}` }) }).catch(
    () => null,
  );
  await answer?.arrayBuffer();
  return answer;
};
const pending = Array.from({ length: total }, (_, i) => i);
const again = [];
let retryAfter = null;
await Promise.all(
  Array.from({ length: 20 }, async () => {
    for (let i = pending.shift(); i !== undefined; i = pending.shift()) {
      const answer = await send(i);
      if (answer?.status === 202) counts[202]++;
      else if (answer?.status === 503) {
        counts[503]++;
        retryAfter = answer.headers.get("retry-after");
        again.push(i);
      } else {
        counts.other++;
        again.push(i);
      }
    }
  }),
);
const storm = suite("storm under ulimit -n 1024");
console.log(`    ${JSON.stringify(counts)}`);
await storm.check("what is too much is told 503 with Retry-After, and nothing else goes wrong", () => {
  assert.equal(counts.other, 0);
  assert.ok(counts[503] > 0, "the bound was never reached");
  assert.ok(Number(retryAfter) > 0);
});
await storm.check("the hub is alive", async () => assert.equal((await fetch(`${hub.url}/healthz`)).status, 200));
await storm.check("a sender that comes again gets every alert in", async () => {
  await until("the rest", 120_000, async () => {
    for (let i = again.shift(); i !== undefined; i = again.shift()) {
      if ((await send(i))?.status !== 202) {
        again.push(i);
        await new Promise((resolve) => setTimeout(resolve, 500));
        return false;
      }
    }
    return true;
  });
});
storm.end();
await hub.stop();
