// Owns the checks of doors that look like other products, with real senders: Alertmanager's receivers for PagerDuty, Opsgenie and
// VictorOps changed in nothing but their addresses, and Prometheus itself. Runs on the hub of alertmanager.mjs.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { until } from "./hub.mjs";

const t = "/api/v1/tenants/senders";
const products = ["pd", "og", "vo"];

const document = `
tenant: senders
users: [ { id: kim, name: Kim, contacts: [ { id: phone, via: inbox } ] } ]
policies: [ { id: p, steps: [ { notify: [ { user: kim } ], escalateAfter: 1h } ] } ]
services: [ { id: svc, policy: p } ]
defaults: { reopenWindow: 0s }
integrations:
  - { id: pd, source: pagerduty-events-v2, service: svc }
  - { id: og, source: opsgenie-create, service: svc }
  - { id: vo, source: victorops, service: svc }
  - { id: prom, source: prometheus, service: svc }
`;

function program(command, args) {
  const child = spawn(command, args, { stdio: "ignore" });
  process.once("exit", () => child.kill("SIGKILL"));
  return child;
}

const ready = (what, url) =>
  until(what, 20_000, () =>
    fetch(url).then(
      (r) => r.ok,
      () => false,
    ),
  );

export async function dropInChecks({ e2e, hub, folder, freePort }) {
  const { issued } = await hub.apply("senders", document);
  const keyOf = (id) => issued.find((each) => each.id === id).key;
  const host = new URL(hub.url).host;
  const incidents = async () => (await hub.api("GET", `${t}/incidents?limit=100`)).body.items;
  const whole = async ({ id }) => (await hub.api("GET", `${t}/incidents/${id}`)).body;
  const sources = { pd: "pagerduty-events-v2", og: "opsgenie-create", vo: "victorops", prom: "prometheus" };
  const of = async (id) => {
    const found = (await incidents()).filter((each) => each.source === sources[id] && !/^(Unreadable|Awkward)/.test(each.title));
    return found.length === 0 ? null : whole(found[0]);
  };

  const amPort = await freePort();
  writeFileSync(
    path.join(folder, "products.yml"),
    `route: { receiver: all, group_by: [service], group_wait: 0s, group_interval: 1s, repeat_interval: 2s }
receivers:
  - name: all
    pagerduty_configs: [ { routing_key: ${keyOf("pd")}, url: "${hub.url}/v2/enqueue", send_resolved: true } ]
    opsgenie_configs: [ { api_key: ${keyOf("og")}, api_url: "${hub.url}/", update_alerts: true, send_resolved: true, tags: "prod,eu", responders: [ { name: ops, type: team } ] } ]
    victorops_configs: [ { api_key: ${keyOf("vo")}, api_url: "${hub.url}/integrations/generic/20131114/alert/", routing_key: teamA, send_resolved: true } ]
`,
  );
  const alertmanager = program("prometheus-alertmanager", [
    `--config.file=${folder}/products.yml`,
    `--storage.path=${folder}/products`,
    "--cluster.listen-address=",
    `--web.listen-address=127.0.0.1:${amPort}`,
  ]);
  await ready("Alertmanager to be ready", `http://127.0.0.1:${amPort}/-/ready`);
  const fire = (instance, endsAt) =>
    fetch(`http://127.0.0.1:${amPort}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([
        {
          labels: { alertname: "DiskFull", severity: "critical", service: "db", instance },
          annotations: { summary: `Disk of ${instance} is full` },
          ...(endsAt ? { endsAt } : {}),
        },
      ]),
    });

  await e2e.check(
    "Alertmanager fires through PagerDuty's, Opsgenie's and Splunk On-Call's APIs: an incident by each",
    async () => {
      assert.equal((await fire("db1")).status, 200);
      const opened = {};
      for (const id of products) opened[id] = await until(`the incident by ${id}`, 15_000, () => of(id));
      for (const id of products) {
        assert.equal(opened[id].status, "triggered");
        assert.match(opened[id].title, /FIRING:1.*DiskFull|DiskFull.*db/);
      }
      assert.deepEqual(
        products.map((id) => opened[id].severity),
        ["P2", "P3", "P1"],
      );
      assert.equal(opened.vo.labels.routing_key, "teamA");
      assert.equal(opened.og.labels["tag.prod"], "true");
      assert.match(opened.og.labels.responders, /team:ops/);
      assert.equal((await incidents()).length, 3);
    },
  );

  await e2e.check("repeats and a second alert of the group join each; Opsgenie's update of the message is taken", async () => {
    await fire("db2");
    for (const id of products) await until(`a repeat by ${id}`, 15_000, async () => (await of(id)).occurrences > 1);
    await until("the new message", 15_000, async () => /FIRING:2/.test((await of("og")).title));
    assert.equal((await incidents()).length, 3);
    const pages = (await hub.api("GET", `${t}/inbox`)).body.items;
    assert.equal(pages.length, 3);
  });

  await e2e.check("its resolve ends each of the three", async () => {
    const over = new Date().toISOString();
    await fire("db1", over);
    await fire("db2", over);
    for (const id of products) await until(`${id} to be resolved`, 15_000, async () => (await of(id)).status === "resolved");
    assert.equal((await incidents()).length, 3);
  });

  await e2e.check("awkward bodies are answered at /am/{key} as the Alertmanager beside it answers them", async () => {
    const labels = { alertname: "Awkward" };
    const bodies = [
      [],
      null,
      "",
      {},
      [{ labels: {} }],
      [{ labels: { a: "" } }],
      [{}],
      [{ labels: { a: 1 } }],
      [{ labels: ["a"] }],
      [{ labels, annotations: { a: true } }],
      [{ labels, startsAt: "yesterday" }],
      [{ labels, startsAt: 12 }],
      [{ labels, startsAt: "2026-11-25T11:00:00Z", endsAt: "2026-11-25T10:00:00Z" }],
      [{ labels, generatorURL: "not a url" }],
      [{ labels: {} }, { labels: { "": "x" } }],
      [{ labels, endsAt: "2026-11-25T10:00:00Z" }],
    ];
    for (const version of [2, 1])
      for (const body of bodies) {
        const told = async (base) => {
          const response = await fetch(`${base}/api/v${version}/alerts`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: body === "" ? "" : JSON.stringify(body),
          });
          // Version 1 prints Go's own types and its time format, which are no contract.
          const text = await response.text();
          return { status: response.status, text: version === 1 ? text.replace(/"error":".*"/, "") : text };
        };
        const [theirs, ours] = [await told(`http://127.0.0.1:${amPort}`), await told(`${hub.url}/am/${keyOf("prom")}`)];
        // What its first version has no schema for, and takes.
        if (version === 1 && theirs.status === 200 && ours.status === 200) continue;
        assert.equal(ours.status, theirs.status, `v${version} ${JSON.stringify(body)}: ${ours.text} / ${theirs.text}`);
        const same = (text) => (text === "" ? "" : JSON.stringify(JSON.parse(text)));
        if (version === 2) assert.equal(same(ours.text), same(theirs.text), JSON.stringify(body));
      }
    for (const where of ["/-/healthy", "/-/ready"]) {
      const [theirs, ours] = await Promise.all(
        [`http://127.0.0.1:${amPort}`, `${hub.url}/am/${keyOf("prom")}`].map(async (base) => {
          const response = await fetch(`${base}${where}`);
          return `${response.status} ${await response.text()}`;
        }),
      );
      assert.equal(ours, theirs);
    }
    const unread = (await incidents()).find((each) => each.title.startsWith("Unreadable alert from"));
    assert.equal(unread.status, "triggered");
  });
  alertmanager.kill("SIGKILL");

  let down = 0;
  const target = createServer((_, response) => response.end(`demo_down ${down}\n`));
  await new Promise((resolve) => target.listen(0, "127.0.0.1", resolve));
  writeFileSync(
    path.join(folder, "rules.yml"),
    `groups: [ { name: demo, interval: 1s, rules: [ { alert: DemoDown, expr: "demo_down == 1", labels: { severity: critical }, annotations: { summary: "The demo is down" } } ] } ]\n`,
  );
  writeFileSync(
    path.join(folder, "prometheus.yml"),
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [ rules.yml ]
alerting: { alertmanagers: [ { path_prefix: "/am/${keyOf("prom")}", static_configs: [ { targets: [ "${host}" ] } ] } ] }
scrape_configs: [ { job_name: demo, static_configs: [ { targets: [ "127.0.0.1:${target.address().port}" ] } ] } ]
`,
  );
  const promPort = await freePort();
  const prometheus = program("prometheus", [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/tsdb`,
    `--web.listen-address=127.0.0.1:${promPort}`,
    "--rules.alert.resend-delay=1s",
    "--log.level=error",
  ]);
  await ready("Prometheus to be ready", `http://127.0.0.1:${promPort}/-/ready`);
  let ended = "";
  await e2e.check("Prometheus itself fires a rule into /am/{key}, renews it, and ends it", async () => {
    down = 1;
    const first = await until("the incident", 20_000, () => of("prom"));
    assert.equal(first.title, "The demo is down");
    assert.equal(first.severity, "P1");
    assert.ok(
      first.pending.some((each) => each.kind === "auto-resolve"),
      JSON.stringify(first.pending),
    );
    await until("a renewal", 15_000, async () => (await whole(first)).occurrences > 2);
    assert.equal((await whole(first)).status, "triggered");
    down = 0;
    await until("the end", 20_000, async () => (await whole(first)).status === "resolved");
    const told = (await hub.api("GET", `${t}/incidents/${first.id}/timeline`)).body.items;
    assert.equal(told.find((each) => each.kind === "resolved").actor.type, "integration");
    ended = first.id;
  });

  await e2e.check("a Prometheus that was killed leaves nothing open: what it said runs out", async () => {
    down = 1;
    const open = await until("the second incident", 20_000, async () => {
      const newest = await of("prom");
      return newest.id !== ended && newest;
    });
    prometheus.kill("SIGKILL");
    const died = Date.now();
    await until("the lapse", 20_000, async () => (await whole(open)).status === "resolved");
    assert.ok(Date.now() - died < 12_000, `took ${Date.now() - died} ms`);
    const told = (await hub.api("GET", `${t}/incidents/${open.id}/timeline`)).body.items;
    assert.match(told.find((each) => each.kind === "auto-resolved").reason, /has not renewed it/);
  });
  prometheus.kill("SIGKILL");
  await new Promise((resolve) => (target.closeAllConnections(), target.close(resolve)));
}
