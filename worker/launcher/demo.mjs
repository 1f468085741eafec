// Owns `npm run demo`: a hub on an empty folder, a tenant, one alert, and the story of who is paged until somebody has it.
// Everything it prints comes from the hub through its public doors; nothing is staged.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, appendFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { alertmanagerBody, apiClient, pressAcknowledge, webhookReceiver } from "./demo-parts.mjs";
import { startHub, StartRefusal } from "./hub.mjs";
import { clock, fact, paint, storyLine, under } from "./paint.mjs";
import { newSecret } from "./secrets.mjs";
import { endOnSignals } from "./signals.mjs";

const usualPort = 8_787;
const pollMs = 250;
/** How long a person has for the last link before the demo presses it. */
const ackWaitMs = 8_000;
const storyLimitMs = 120_000;
const tenantPath = "/tenants/demo";

const { values: flags } = parseArgs({
  options: { once: { type: "boolean", default: false }, "no-ack": { type: "boolean", default: false } },
});

async function main() {
  const dataDir = mkdtempSync(path.join(tmpdir(), "tocsin-demo-"));
  /** @type {(() => unknown)[]} */
  const cleanUps = [() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })];
  process.once("exit", () => rmSync(dataDir, { recursive: true, force: true }));
  const stop = async () => {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  };
  console.log(`\n  ${paint("bold", "Tocsin")}  an alert comes in, a person gets paged\n`);
  const launchFile = await build({ log: (line) => console.log(fact("build", line)) });
  const signingKey = newSecret();
  const calls = [];
  const hook = await webhookReceiver(signingKey, (call) => {
    calls.push({ at: new Date(), ...call });
  });
  cleanUps.push(hook.close);
  const hub = await startDemoHub(launchFile, dataDir, signingKey);
  cleanUps.push(() => hub.stop());
  const finish = endOnSignals(stop, { terminal: true });
  try {
    const api = apiClient(hub.url, hub.adminToken);
    console.log(fact("hub", hub.url));
    const { ingestUrl, names } = await applyTenant(api, hook.url);
    const incident = await sendAlert(ingestUrl);
    await tellStory({ api, incident, names, calls });
    await tellTimeline(api, incident);
    if (flags.once) return await finish(0);
    tellHowToGoOn(hub, ingestUrl, incident, await hub.ownerLink());
  } catch (error) {
    console.error(`\n  the demo stopped: ${error instanceof Error ? error.message : String(error)}`);
    console.error(readTail(path.join(dataDir, "hub.log")));
    await finish(1);
  }
}

async function startDemoHub(launchFile, dataDir, signingKey) {
  mkdirSync(path.join(dataDir, "data"));
  const options = {
    launchFile,
    dataDir: path.join(dataDir, "data"),
    host: "127.0.0.1",
    // Not the shell's own TOCSIN_*: a demo must not use the secrets of a real hub.
    env: { TOCSIN_ALLOW_PRIVATE_EGRESS: "1", TOCSIN_ENV_DEMO_HOOK: signingKey },
    log: (level, line) => appendFileSync(path.join(dataDir, "hub.log"), `${level} ${line}\n`),
  };
  try {
    return await startHub({ ...options, port: usualPort });
  } catch (error) {
    if (!(error instanceof StartRefusal)) throw error;
    return startHub({ ...options, port: 0 }); // Somebody else's 8787.
  }
}

async function applyTenant(api, hookUrl) {
  const yaml = readFileSync(new URL("demo-tenant.yaml", import.meta.url), "utf8").replace("http://127.0.0.1:1/hook", hookUrl);
  const applied = await api.call("PUT", `${tenantPath}/config`, { text: yaml, type: "application/yaml" });
  console.log(fact("tenant", `demo, version ${applied.version}: Ana, then Bo after 6 s, then Eva`));
  const issued = applied.issued.find((each) => each.kind === "integrations" && each.id === "prometheus");
  const { items: users } = await api.call("GET", `${tenantPath}/users`);
  return { ingestUrl: issued.url, names: Object.fromEntries(users.map((user) => [user.id, user.name])) };
}

/** @returns {Promise<string>} the incident's id */
async function sendAlert(ingestUrl) {
  const body = alertmanagerBody(new Date());
  const response = await fetch(ingestUrl, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "Alertmanager/0.28.1" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  const answer = await response.text();
  if (response.status !== 202) throw new Error(`the alert was answered ${response.status}: ${answer}`);
  const [result] = JSON.parse(answer).results;
  console.log("");
  console.log(storyLine({ at: new Date(), label: "alert", tone: "red", text: body.alerts[0].annotations.summary }));
  console.log(under(paint("dim", `Alertmanager → POST /v1/ingest/… → 202 ${result.action} ${result.incident}`)));
  return result.incident;
}

/** Follows the phones and the record until somebody has the incident. */
async function tellStory({ api, incident, names, calls }) {
  const seen = new Set();
  let after = 0;
  let lastPage = null;
  let pressAt = Number.POSITIVE_INFINITY;
  for (const until = Date.now() + storyLimitMs; ; await delay(pollMs)) {
    const [{ items: phones }, record] = await Promise.all([
      api.call("GET", `${tenantPath}/inbox?limit=50`),
      api.call("GET", `${tenantPath}/incidents/${incident}/timeline?after=${after}&limit=100`),
    ]);
    after = record.items.at(-1)?.seq ?? after;
    const pages = phones.filter((page) => !seen.has(page.delivery)).toReversed();
    const news = [
      ...record.items
        .filter((entry) => entry.kind in told)
        .map((entry) => ({ at: new Date(entry.at), print: () => showEntry(entry) })),
      ...pages.map((page) => ({ at: new Date(page.at), print: () => showPage(page, names) })),
      ...calls.splice(0).map((call) => ({ at: call.at, print: () => showWebhook(call) })),
    ];
    for (const { print } of news.toSorted((a, b) => a.at.getTime() - b.at.getTime())) print();
    for (const page of pages) seen.add(page.delivery);
    lastPage = pages.at(-1) ?? lastPage;
    const owner = record.items.find((entry) => entry.kind === "acknowledged" || entry.kind === "resolved");
    if (owner !== undefined) return;
    // The first page is left unanswered, so that the escalation shows.
    if (pages.some((page) => page.step >= 2) && pressAt === Number.POSITIVE_INFINITY) pressAt = invite();
    if (!flags["no-ack"] && lastPage !== null && Date.now() >= pressAt) {
      pressAt = Number.POSITIVE_INFINITY;
      await pressAcknowledge(lastPage.link);
    }
    if (flags["no-ack"] && record.items.some((entry) => entry.kind === "exhausted")) return;
    if (!flags["no-ack"] && Date.now() > until) throw new Error("nobody had the incident in two minutes");
  }
}

/** @returns {number} when the demo presses the button itself */
function invite() {
  if (flags["no-ack"]) {
    console.log(under(paint("dim", "open a link above and press Acknowledge")));
    return Number.POSITIVE_INFINITY;
  }
  const waitMs = flags.once ? 0 : ackWaitMs;
  if (waitMs > 0)
    console.log(under(paint("dim", `open the link and press Acknowledge; in ${waitMs / 1_000} s the demo presses it for Bo`)));
  return Date.now() + waitMs;
}

/** Kinds of the record that the story tells; phones tell the pages. */
const told = {
  step: { label: "escalate", tone: "yellow" },
  repeat: { label: "repeat", tone: "yellow" },
  exhausted: { label: "exhausted", tone: "red" },
  acknowledged: { label: "has it", tone: "green" },
  resolved: { label: "resolved", tone: "green" },
};

function showEntry(entry) {
  const { label, tone } = told[entry.kind];
  if (entry.kind === "step" && entry.data?.step === 1) return; // The first step is no escalation.
  console.log(storyLine({ at: new Date(entry.at), label, tone, text: entry.reason }));
}

function showPage(page, names) {
  const text = `${names[page.user] ?? page.user} · ${page.contact}: ${page.severity} ${page.title}`;
  console.log(storyLine({ at: new Date(page.at), label: "page", tone: "cyan", text }));
  console.log(under(paint("dim", `because: ${page.reason}`)));
  console.log(under(page.link));
}

function showWebhook({ at, signed, body }) {
  const text = `${body.person.name} · webhook: ${body.incident.severity} ${body.incident.title}`;
  console.log(storyLine({ at, label: "page", tone: "cyan", text }));
  console.log(under(paint("dim", signed ? "the receiver checked the signature" : "the receiver found the signature WRONG")));
}

async function tellTimeline(api, incident) {
  const { items } = await api.call("GET", `${tenantPath}/incidents/${incident}/timeline?limit=200`);
  console.log(`\n  ${paint("bold", "Timeline")}  ${paint("dim", "who, what, why; kept")}`);
  const width = Math.max(...items.map((entry) => entry.kind.length)) + 2;
  for (const entry of items) {
    const who = entry.actor.type === "system" ? "" : paint("dim", `  (${entry.actor.type} ${entry.actor.id})`);
    console.log(`  ${paint("dim", clock(new Date(entry.at)))}  ${entry.kind.padEnd(width)}${entry.reason}${who}`);
  }
}

function tellHowToGoOn(hub, ingestUrl, incident, signInLink) {
  const bearer = `-H "Authorization: Bearer ${hub.adminToken}"`;
  console.log(
    `\n  ${paint("bold", "Go on from here")}  ${paint("dim", "the hub keeps running; Ctrl-C ends it and removes its data")}`,
  );
  console.log(fact("admin UI", `${hub.url}/t/demo/incidents`));
  if (signInLink !== null) console.log(fact("sign in", `${signInLink}  ${paint("dim", "(works once)")}`));
  console.log(fact("API", `${hub.url}/api/v1`));
  console.log(fact("token", hub.adminToken));
  console.log(fact("incident", `curl ${bearer} ${hub.url}/api/v1${tenantPath}/incidents/${incident}`));
  console.log(fact("phones", `curl ${bearer} ${hub.url}/api/v1${tenantPath}/inbox`));
  console.log(fact("config", `curl ${bearer} ${hub.url}/api/v1${tenantPath}/config`));
  const another = { status: "firing", alerts: [{ status: "firing", labels: { alertname: "DiskFull", severity: "critical" } }] };
  console.log(fact("alert", `curl -H "Content-Type: application/json" -d '${JSON.stringify(another)}' \\`));
  console.log(fact("", `  ${ingestUrl}\n`));
}

function readTail(file) {
  try {
    return readFileSync(file, "utf8").split("\n").slice(-15).join("\n");
  } catch {
    return "";
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
