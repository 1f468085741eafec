// Measures routing decisions a second with 500 routes, and how many times as many that is as the plain way: parsing and
// evaluating every rule for every alert. `node test/bench/routing.mjs [--routes 500] [--seconds 2]`
import { parseArgs } from "node:util";
import { parse } from "@marcbachmann/cel-js";
import { decide } from "../../worker/core/routing.ts";

const { values } = parseArgs({
  options: { routes: { type: "string", default: "500" }, seconds: { type: "string", default: "2" } },
});
const count = Number(values.routes);
const forMs = Number(values.seconds) * 1_000;

const when = (n) => `alert.labels.service == "svc-${n}" && alert.severity in ["critical", "error"] && alert.labels.env != "test"`;
const routes = Array.from({ length: count }, (_, n) => ({
  id: `r${n}`,
  when: when(n),
  set: { service: `svc-${n}` },
  group: null,
  suppress: false,
  holdMs: null,
  continue: false,
}));
const snapshot = {
  tenant: "bench",
  name: "bench",
  version: 1,
  timeZone: "Europe/Madrid",
  jurisdiction: null,
  severities: ["P1", "P2", "P3", "P4"],
  severityMap: { critical: "P1", error: "P2", warning: "P3", info: "P4", unknown: "P3" },
  fallback: [],
  defaults: { notify: { high: [], low: [] }, ackTimeoutMs: null, reopenWindowMs: 0, autoResolveMs: null },
  users: {},
  teams: {},
  policies: {},
  services: {},
  integrations: {},
  notifiers: {},
  routes,
};
const integration = {
  id: "in",
  name: "in",
  source: "prometheus",
  keyHash: "",
  secret: null,
  service: null,
  config: {},
  severityMap: {},
};
const alertOf = (n) => ({
  dedupKey: `k${n}`,
  action: "trigger",
  severity: "critical",
  title: "Down",
  body: "",
  labels: { service: `svc-${n}`, env: "prod", host: `h${n}` },
  links: [],
  source: "prometheus",
  sourceAt: null,
  test: false,
});

/** Runs per second of `work(i)` over `forMs`, after a short warm-up. */
function rate(work) {
  for (let i = 0; i < 20; i++) work(i);
  const began = performance.now();
  let n = 0;
  while (performance.now() - began < forMs) work(n++);
  return (n * 1_000) / (performance.now() - began);
}

const now = Date.UTC(2026, 10, 24, 2, 47);
// The alert of the last route: every rule is asked, which is the worst there is.
const last = alertOf(count - 1);
const mixed = Array.from({ length: 97 }, (_, i) => alertOf(Math.floor((i * count) / 97)));
const ours = rate(() => decide(last, { snapshot, integration }, now));
const oursMixed = rate((i) => decide(mixed[i % mixed.length], { snapshot, integration }, now));
const plain = rate(() => {
  const context = { alert: { ...last, labels: last.labels } };
  for (const route of routes) if (parse(route.when)(context) === true) break;
});
console.log(`${count} routes, the last one matches: ${ours.toFixed(0)} decisions/s; any one matches: ${oursMixed.toFixed(0)}/s`);
console.log(
  `parse and evaluate every rule for every alert: ${plain.toFixed(0)}/s; ours is ${(ours / plain).toFixed(1)} times that`,
);
if (decide(last, { snapshot, integration }, now).route !== `r${count - 1}`) throw new Error("the wrong route matched");
