// The whole way with a real sender and real receivers: Debian's Alertmanager fires, mail leaves by SMTP and a signed webhook
// beside it, nobody acknowledges, step 2 is paged, the link in the mail is followed and pressed, nothing more leaves, the
// resolve closes it, and the timeline tells all of it; what is acknowledged here is silenced there; then the doors of other products (drop-in.mjs). Needs the programs
// prometheus-alertmanager and prometheus.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { dropInChecks } from "./drop-in.mjs";
import { launchHub, mailSink, suite, until, webhookSink } from "./hub.mjs";

const t = "/api/v1/tenants/acme";
const folder = mkdtempSync(path.join(tmpdir(), "tocsin-am-"));
const signingKey = "e2e-signing-key-of-32-characters";
const escalateMs = 4_000;

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function certificates() {
  const run = (...args) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  run(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-days",
    "2",
    "-subj",
    "/CN=e2e CA",
  );
  run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=localhost");
  writeFileSync(path.join(folder, "san"), "subjectAltName=DNS:localhost,IP:127.0.0.1");
  run(
    "x509",
    "-req",
    "-in",
    "leaf.csr",
    "-CA",
    "ca.pem",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-out",
    "leaf.pem",
    "-days",
    "2",
    "-extfile",
    "san",
  );
  const read = (name) => execFileSync("cat", [path.join(folder, name)]);
  return { key: read("leaf.key"), cert: read("leaf.pem") };
}

const tls = certificates();
const mail = await mailSink({
  ...tls,
  authOptional: false,
  onAuth: (auth, _session, done) =>
    auth.username === "tocsin" && auth.password === "päss" ? done(null, { user: "tocsin" }) : done(new Error("no")),
});
const hook = await webhookSink();
const hub = await launchHub({
  env: {
    NODE_EXTRA_CA_CERTS: path.join(folder, "ca.pem"),
    TOCSIN_ENV_ACME_HOOK: signingKey,
    TOCSIN_ENV_ACME_MAIL_PASSWORD: "päss",
  },
});
const amPort = await freePort();
const applied = await hub.apply(
  "acme",
  `
tenant: acme
name: Acme Ltd
timeZone: Europe/Madrid
fallback: { notify: [ { user: eva } ] }
users:
  - { id: ana, name: Ana Ruiz, contacts: [ { id: mail, via: mail, to: ana@acme.test }, { id: hook, via: ops-hook, to: ana } ] }
  - { id: eva, name: Eva Sol, contacts: [ { id: mail, via: mail, to: eva@acme.test } ] }
policies:
  - { id: payments, steps: [ { notify: [ { user: ana } ], escalateAfter: ${escalateMs / 1_000}s }, { notify: [ { user: eva } ], escalateAfter: 5s } ], repeat: { times: 1 } }
services:
  - { id: payment-api, name: Payments, policy: payments, runbook: "https://runbooks.acme.test/payments" }
integrations:
  - { id: am, source: alertmanager, service: payment-api }
notifiers:
  - { id: mail, plugin: smtp, config: { host: localhost, port: ${mail.port}, tls: starttls, from: "tocsin@acme.test" }, secrets: { user: { value: tocsin }, password: { env: MAIL_PASSWORD } } }
  - { id: ops-hook, plugin: webhook, config: { url: "http://localhost:${hook.port}/hook" }, secrets: { signingKey: { env: HOOK } } }
connectors:
  - { id: am-silences, plugin: alertmanager-silence, when: 'incident.title == "Disk is full"', config: { baseUrl: "http://127.0.0.1:${amPort}", silenceFor: 10m } }
`,
);
writeFileSync(
  path.join(folder, "alertmanager.yml"),
  `route: { receiver: tocsin, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 2s }
receivers: [ { name: tocsin, webhook_configs: [ { url: "${applied.issued[0].url.replace(/^http:\/\/[^/]+/, hub.url)}", send_resolved: true } ] } ]
`,
);
const alertmanager = spawn(
  "prometheus-alertmanager",
  [
    `--config.file=${folder}/alertmanager.yml`,
    `--storage.path=${folder}/am`,
    "--cluster.listen-address=",
    `--web.listen-address=127.0.0.1:${amPort}`,
  ],
  { stdio: "ignore" },
);
await until("Alertmanager to be ready", 20_000, () =>
  fetch(`http://127.0.0.1:${amPort}/-/ready`).then(
    (r) => r.ok,
    () => false,
  ),
);

const fire = (endsAt) =>
  fetch(`http://127.0.0.1:${amPort}/api/v2/alerts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([
      {
        labels: { alertname: "PaymentsDown", severity: "critical", service: "payment" },
        annotations: { summary: "Payments are down", description: "5xx über 20 %" },
        ...(endsAt ? { endsAt } : {}),
      },
    ]),
  });
const incidents = async () => (await hub.api("GET", `${t}/incidents`)).body.items;
const e2e = suite("Alertmanager, end to end");

let firedAt = 0;
let incident = "";
let link = "";
let leftBefore = 0;

await e2e.check("an alert from Alertmanager leaves as mail over STARTTLS, signed in, and as a webhook", async () => {
  firedAt = Date.now();
  assert.equal((await fire()).status, 200);
  const first = await until("the first mail", 10_000, () => mail.mails[0]);
  await until("the webhook", 10_000, () => hook.calls[0]);
  assert.equal(first.to[0], "ana@acme.test");
  assert.equal(first.secure, true);
  assert.equal(first.user, "tocsin");
  assert.match(first.raw, /^Subject: \[P1\] Payments are down \(payment-api\)/m);
  assert.match(first.text, /Why you: user ana, step 1/);
  assert.match(first.text, /5xx über 20 %/);
});

await e2e.check("the webhook is the contract's body, signed by Standard Webhooks", async () => {
  const { headers, body } = hook.calls[0];
  assert.equal(headers["webhook-id"], body.delivery);
  const mac = createHmac("sha256", signingKey)
    .update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${JSON.stringify(body)}`)
    .digest("base64");
  assert.equal(headers["webhook-signature"], `v1,${mac}`);
  assert.equal(body.type, "page");
  assert.deepEqual(body.person, { id: "ana", name: "Ana Ruiz" });
  assert.equal(body.incident.severity, "P1");
  assert.equal(body.incident.runbook, "https://runbooks.acme.test/payments");
  assert.deepEqual(body.reason, { policy: "payments", step: 1, round: 1, via: "user ana", text: "user ana, step 1" });
  incident = body.incident.id;
});

await e2e.check("Alertmanager's repeats join the same incident and page nobody again", async () => {
  await until("a repeat", 10_000, async () => (await hub.api("GET", `${t}/incidents/${incident}`)).body.occurrences > 1);
  assert.equal((await incidents()).length, 1);
  assert.equal(mail.mails.filter((each) => each.to[0] === "ana@acme.test").length, 1);
});

await e2e.check("nobody acknowledges: step 2 is paged after its delay, to the second", async () => {
  const second = await until("the second mail", 15_000, () => mail.mails.find((each) => each.to[0] === "eva@acme.test"));
  const after = second.at - firedAt;
  assert.ok(after >= escalateMs && after < escalateMs + 3_000, `came after ${after} ms`);
  link = /http\S+\/r\/\S+/.exec(second.text)[0];
});

await e2e.check("following the link changes nothing, however often and whoever asks", async () => {
  for (const agent of ["Mozilla/5.0 (iPhone)", "Slackbot-LinkExpanding 1.0", "Mozilla/5.0 Outlook SafeLinks"]) {
    for (const method of ["GET", "HEAD"])
      assert.equal((await fetch(link, { method, headers: { "user-agent": agent } })).status, 200);
  }
  assert.equal((await hub.api("GET", `${t}/incidents/${incident}`)).body.status, "triggered");
});

await e2e.check("pressing acknowledge makes it Eva's, and nothing more leaves", async () => {
  const page = await fetch(link, { headers: { "user-agent": "Mozilla/5.0 (iPhone)" } });
  const html = await page.text();
  const cookie = page.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  const form = /<form[^>]*action="([^"]*\/ack)"[\s\S]*?<\/form>/.exec(html);
  const fields = [...form[0].matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(([, name, value]) => [name, value]);
  leftBefore = mail.mails.length;
  const pressed = await fetch(new URL(form[1], link), {
    method: "POST",
    redirect: "manual",
    headers: {
      "user-agent": "Mozilla/5.0 (iPhone)",
      cookie,
      "sec-fetch-site": "same-origin",
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams(fields),
  });
  assert.equal(pressed.status, 303);
  const view = (await hub.api("GET", `${t}/incidents/${incident}`)).body;
  assert.equal(view.status, "acknowledged");
  assert.equal(view.acknowledgedBy, "eva");
  assert.equal(view.pending[0].kind, "unack");
  // Longer than every remaining delay of the policy.
  await new Promise((resolve) => setTimeout(resolve, 7_000));
  assert.equal(mail.mails.length, leftBefore);
});

await e2e.check("Alertmanager's resolve closes the incident", async () => {
  await fire(new Date().toISOString());
  await until(
    "the incident to be resolved",
    15_000,
    async () => (await hub.api("GET", `${t}/incidents/${incident}`)).body.status === "resolved",
  );
  assert.equal(mail.mails.length, leftBefore);
});

await e2e.check("the timeline tells all of it, in the database too", async () => {
  const told = (await hub.api("GET", `${t}/incidents/${incident}/timeline`)).body.items;
  const kinds = told.map((entry) => entry.kind);
  for (const kind of ["opened", "step", "paged", "sent", "acknowledged", "resolved"])
    assert.ok(kinds.includes(kind), `${kind} is missing from ${kinds}`);
  assert.equal(told.find((entry) => entry.kind === "acknowledged").actor.id, "eva");
  await until("the projection", 10_000, async () => (await incidents())[0].status === "resolved");
  const deliveries = await until("three deliveries", 10_000, async () => {
    const { items } = (await hub.api("GET", `${t}/deliveries`)).body;
    return items.length >= 3 && items;
  });
  assert.ok(
    deliveries.every((each) => each.status === "accepted"),
    JSON.stringify(deliveries.map((each) => [each.contact, each.status])),
  );
  assert.match(deliveries.find((each) => each.via === "mail").ref, /queued as M/);
});

const disk = (endsAt) =>
  fetch(`http://127.0.0.1:${amPort}/api/v2/alerts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([
      {
        labels: { alertname: "DiskFull", mount: '/data "x"\\y', severity: "warning" },
        annotations: { summary: "Disk is full" },
        ...(endsAt ? { endsAt } : {}),
      },
    ]),
  });
const silences = async (state) =>
  (await (await fetch(`http://127.0.0.1:${amPort}/api/v2/silences`)).json()).filter((each) => each.status.state === state);
const silenced = (n) => until(`${n} silences`, 10_000, async () => (await silences("active")).length === n);

await e2e.check("acknowledging here silences there, by exactly the alert's labels; giving it back ends the silence", async () => {
  assert.equal((await disk()).status, 200);
  const found = await until("the incident", 10_000, async () =>
    (await hub.api("GET", `${t}/incidents`)).body.items.find((each) => each.title === "Disk is full"),
  );
  incident = found.id;
  await hub.api("POST", `${t}/incidents/${incident}/ack`, { as: "ana" });
  await silenced(1);
  const [{ matchers, createdBy, comment }] = await silences("active");
  assert.deepEqual(matchers.map(({ name, value, isRegex }) => [name, value, isRegex]).toSorted(), [
    ["alertname", "DiskFull", false],
    ["mount", '/data "x"\\y', false],
    ["severity", "warning", false],
  ]);
  assert.equal(createdBy, "tocsin");
  assert.ok(comment.includes(incident) && comment.includes("Disk is full"), comment);
  await hub.api("POST", `${t}/incidents/${incident}/unack`, { as: "ana" });
  await silenced(0);
  await hub.api("POST", `${t}/incidents/${incident}/ack`, { as: "ana" });
  await silenced(1);
});

await e2e.check(
  "Alertmanager tells nobody of an end that comes while it silences; resolved here, the silence is ended",
  async () => {
    await disk(new Date().toISOString());
    // Several of its group intervals.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    assert.equal((await hub.api("GET", `${t}/incidents/${incident}`)).body.status, "acknowledged");
    await hub.api("POST", `${t}/incidents/${incident}/unack`, { as: "ana" });
    const line = await until("what it says", 10_000, async () =>
      (await hub.api("GET", `${t}/incidents/${incident}/timeline`)).body.items.find((each) =>
        /lists it no longer/.test(each.reason),
      ),
    );
    assert.equal(line.kind, "posted");
    await hub.api("POST", `${t}/incidents/${incident}/ack`, { as: "ana" });
    await silenced(1);
    await hub.api("POST", `${t}/incidents/${incident}/resolve`, { as: "ana" });
    await silenced(0);
  },
);

alertmanager.kill("SIGKILL");
await dropInChecks({ e2e, hub, folder, freePort });
e2e.end();
await hub.stop();
await mail.close();
await hook.close();
rmSync(folder, { recursive: true, force: true });
