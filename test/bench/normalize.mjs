// `npm run bench -- normalize`: how many alerts a second the commonest sources make of bodies with 1, 10 and 100 alerts, from the
// bytes to alerts within limits, against the floor of decoding and parsing the same JSON and nothing else. Of the sources whose body
// tells of one problem, only that is measured. Figures are of this machine, quote the ratios; nothing here asserts one.
import { readFileSync } from "node:fs";
import path from "node:path";
import { sources } from "../../plugins/registry.gen.ts";
import { readAlerts } from "../../worker/ingest/read.ts";

const forMs = Number(process.argv[2] ?? 400);
const folder = path.join(import.meta.dirname, "../../plugins/sources");
const fixture = (id, name) => JSON.parse(readFileSync(path.join(folder, id, "fixtures", `${name}.json`), "utf8"));

/** A batch of `count` problems in the sender's own form, each by its own name. */
const batches = {
  prometheus: (count) => grouped(fixture("prometheus", "batch-firing").body, count),
  grafana: (count) => grouped(fixture("grafana", "mixed").body, count),
  generic: (count) => ({
    alerts: Array.from({ length: count }, (_, n) => ({
      ...fixture("generic", "canonical").body,
      dedupKey: `disk-db${n}`,
    })),
  }),
  datadog: (count) => (count === 1 ? fixture("datadog", "triggered").body : null),
  zabbix: (count) => (count === 1 ? fixture("zabbix", "problem").body : null),
};
const configs = { generic: { alerts: "alerts" } };

function grouped(body, count) {
  const one = body.alerts.find(({ status }) => status === "firing");
  const alerts = Array.from({ length: count }, (_, n) => ({
    ...one,
    fingerprint: n.toString(16).padStart(16, "0"),
    labels: { ...one.labels, instance: `db${n}:9100` },
  }));
  return { ...body, alerts };
}

console.log(
  `alerts a second from the bytes of a body, ${forMs} ms each, in turn with JSON.parse of the same bytes; ratio: times as long`,
);
for (const [id, batch] of Object.entries(batches))
  for (const count of [1, 10, 100]) {
    const made = batch(count);
    if (made === null) continue;
    const body = new TextEncoder().encode(JSON.stringify(made));
    const input = { body, headers: { "content-type": "application/json" }, config: configs[id] ?? {} };
    const read = readAlerts(sources[id], input);
    if (!read.ok || read.alerts.length !== count || read.alerts.some(({ action }) => action !== "trigger"))
      throw new Error(`${id}: a body of ${count} became ${JSON.stringify(read).slice(0, 300)}`);
    const [ours, floor] = inTurn(
      () => readAlerts(sources[id], input),
      () => JSON.parse(new TextDecoder().decode(body)),
    );
    console.log(
      `  ${id.padEnd(11)} ${String(count).padStart(3)} in ${String(body.length).padStart(6)} bytes  ${(ours * count).toFixed(0).padStart(8)} alerts/s   floor ${(floor * count).toFixed(0).padStart(9)}/s   ratio ${(floor / ours).toFixed(1)}`,
    );
  }

/** Runs a second of each, a slice of one after a slice of the other, so that the machine's noise falls on both. */
function inTurn(...works) {
  const spent = works.map(() => ({ runs: 0, ms: 0 }));
  const slice = (work, into) => {
    const began = performance.now();
    let runs = 0;
    while (performance.now() - began < 25) {
      work();
      runs++;
    }
    if (into === null) return;
    into.runs += runs;
    into.ms += performance.now() - began;
  };
  for (const work of works) slice(work, null);
  while (Math.min(...spent.map(({ ms }) => ms)) < forMs) for (const [n, work] of works.entries()) slice(work, spent[n]);
  return spent.map(({ runs, ms }) => (runs * 1_000) / ms);
}
