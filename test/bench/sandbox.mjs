// `npm run bench -- sandbox`: what it costs that a tenant's own code reads a body in the sandbox, beside the same reading built in
// (Alertmanager's body, by the same function of the SDK), in the same run and through the same hub. Reading alone is the preview,
// which reads and routes and stores nothing; the door is the whole way, of alerts that are open already. Quote the ratios.
import { launchHub } from "../e2e/hub.mjs";

const rounds = Number(process.argv[2] ?? 200);
const connections = 16;
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

const code = `
import { alertmanagerAlerts } from "tocsin/sdk";
const reading = { source: "own", expected: "expected Alertmanager's webhook body", severityLabels: ["severity", "priority", "level"] };
export const plugin = { normalize: ({ payload }) => alertmanagerAlerts(payload, reading) };
`;
const body = (count) => ({
  status: "firing",
  externalURL: "http://alertmanager.test",
  commonLabels: { job: "api", severity: "critical" },
  commonAnnotations: { summary: "Latency is high" },
  alerts: Array.from({ length: count }, (_, i) => ({
    status: "firing",
    labels: { alertname: "HighLatency", instance: `api-${i}:9090`, severity: "critical", cluster: "eu-1" },
    annotations: { summary: `Latency of api-${i} is high`, description: "p99 over 2 s for ten minutes" },
    startsAt: "2026-11-25T03:00:00Z",
    endsAt: "0001-01-01T00:00:00Z",
    generatorURL: "http://prometheus.test/graph?g0.expr=latency",
    fingerprint: `f${i}`,
  })),
});

const hub = await launchHub();
try {
  const applied = await hub.apply(
    "bench",
    `
tenant: bench
users: [ { id: ana, contacts: [ { id: phone, via: inbox } ] } ]
policies: [ { id: p, steps: [ { notify: [ { user: ana } ], escalateAfter: 1h } ] } ]
services: [ { id: svc, policy: p } ]
routes: [ { id: one, when: "true", group: { by: [alert.labels.job], window: 1h, kind: rolling } } ]
integrations: [ { id: built-in, source: prometheus, service: svc } ]
`,
  );
  const uploaded = await hub.api("POST", "/api/v1/tenants/bench/own-plugins/am/versions", {
    code,
    language: "javascript",
    fixtures: [{ name: "firing", body: body(2) }],
    activate: true,
  });
  if (uploaded.status !== 201) throw new Error(JSON.stringify(uploaded.body));
  const made = await hub.api("POST", "/api/v1/tenants/bench/integrations", {
    id: "sandboxed",
    source: "sandboxed",
    service: "svc",
    config: { plugin: "am" },
  });
  const keys = { "built-in": applied.issued[0].key, sandboxed: made.body.issued[0].key };
  const ids = Object.keys(keys);

  async function asked(url, text, status) {
    const response = await fetch(url, {
      method: "POST",
      body: text,
      headers: { authorization: "Bearer e2e-admin-token-0001", "content-type": "application/json" },
    });
    const answer = await response.text();
    if (response.status !== status) throw new Error(`${response.status}: ${answer.slice(0, 300)}`);
    if (/"action":"unreadable"|"unreadable":"/.test(answer)) throw new Error(answer.slice(0, 300));
  }
  const ways = {
    "reading alone": (id, text) =>
      asked(`${hub.url}/api/v1/tenants/bench/integrations/${id}/preview`, JSON.stringify({ body: text, headers: {} }), 200),
    "the door": (id, text) => asked(`${hub.url}/v1/ingest/${keys[id]}`, text, 202),
  };

  console.log(`p50 of ${rounds} bodies one at a time, the two in turn; bodies a second at ${connections} connections`);
  for (const count of [1, 10, 100]) {
    const text = JSON.stringify(body(count));
    for (const [name, ask] of Object.entries(ways)) {
      const times = Object.fromEntries(ids.map((id) => [id, []]));
      for (let i = 0; i < 5; i++) for (const id of ids) await ask(id, text);
      for (let i = 0; i < rounds; i++)
        for (const id of ids) {
          const began = performance.now();
          await ask(id, text);
          times[id].push(performance.now() - began);
        }
      const rates = {};
      for (const id of ids) {
        const began = performance.now();
        await Promise.all(
          Array.from({ length: connections }, async () => {
            for (let i = 0; i < rounds / connections; i++) await ask(id, text);
          }),
        );
        rates[id] = (Math.ceil(rounds / connections) * connections) / ((performance.now() - began) / 1_000);
      }
      const [base, own] = ids.map((id) => median(times[id]));
      console.log(
        `${name.padEnd(14)} ${String(count).padStart(3)} alerts   built-in ${base.toFixed(1)} ms, sandboxed ${own.toFixed(1)} ms, ratio ${(own / base).toFixed(2)}` +
          `   ${rates["built-in"].toFixed(0)}/s, ${rates.sandboxed.toFixed(0)}/s, ratio ${(rates.sandboxed / rates["built-in"]).toFixed(2)}`,
      );
    }
  }
} finally {
  await hub.stop();
}
