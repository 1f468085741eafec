// Latency of a simulation through a launched hub: `node test/bench/simulate.mjs`. Figures are of this machine; nothing here asserts one.
import { launchHub } from "../e2e/hub.mjs";

const rounds = Number(process.argv[2] ?? 200);
const quantile = (list, q) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))];

/** A tenant of the size of a company: people, teams and services by the hundred, routes that mostly do not match. */
const document = JSON.stringify({
  tenant: "sim",
  users: Array.from({ length: 200 }, (_, i) => ({
    id: `u${i}`,
    contacts: [
      { id: "phone", via: "inbox" },
      { id: "watch", via: "inbox" },
    ],
    notify: {
      high: [
        { after: "0s", contact: "phone" },
        { after: "3m", contact: "watch" },
      ],
    },
  })),
  teams: Array.from({ length: 20 }, (_, i) => ({
    id: `t${i}`,
    members: Array.from({ length: 5 }, (__, j) => `u${i * 5 + j}`),
  })),
  policies: Array.from({ length: 20 }, (_, i) => ({
    id: `p${i}`,
    steps: [
      { notify: [{ user: `u${i}` }], escalateAfter: "5m" },
      { notify: [{ team: `t${i}` }], escalateAfter: "10m" },
      { notify: [{ team: `t${(i + 1) % 20}` }], escalateAfter: "15m" },
    ],
    repeat: { times: 2 },
  })),
  services: Array.from({ length: 100 }, (_, i) => ({ id: `s${i}`, policy: `p${i % 20}` })),
  routes: Array.from({ length: 100 }, (_, i) => ({
    id: `r${i}`,
    when: `alert.labels.service == "s${i}" && alert.severity == "critical"`,
    set: { service: `s${i}` },
  })),
  integrations: [{ id: "in", source: "generic", service: "s0" }],
});

const hub = await launchHub();
try {
  await hub.apply("sim", document);
  const timed = async (body) => {
    const found = [];
    for (let i = 0; i < rounds; i++) {
      const before = performance.now();
      const answer = await hub.api("POST", "/api/v1/tenants/sim/simulate", body);
      found.push(performance.now() - before);
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    }
    return found.slice(Math.floor(rounds / 10));
  };
  const payload = { dedupKey: "a", title: "Down", severity: "critical", labels: { service: "s99" } };
  const { alerts } = (await hub.api("POST", "/api/v1/tenants/sim/simulate", { integration: "in", payload })).body;
  console.log(`a plan of ${alerts[0].plan.length} pages over ${alerts[0].routes.length} routes tried, ${rounds} times each`);
  const line = (name, list) =>
    console.log(`${name.padEnd(30)} p50 ${quantile(list, 0.5).toFixed(1)} ms   p99 ${quantile(list, 0.99).toFixed(1)} ms`);
  line("simulate, in force", await timed({ integration: "in", payload }));
  line("simulate, a whole draft", await timed({ integration: "in", payload, document: JSON.parse(document) }));
} finally {
  await hub.stop();
}
