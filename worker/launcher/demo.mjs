// Owns `npm run demo`: a hub on an empty folder, a small company, one alert, and the story of who is paged until somebody has it.
// Everything it prints comes from the hub through its public doors; nothing is staged.

import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { alertmanagerBody, apiClient, press, webhookReceiver } from "./demo-parts.mjs";
import { demoDocument, livedThrough, send } from "./demo-world.mjs";
import { startHub, StartRefusal } from "./hub.mjs";
import { clock, fact, paint, storyLine, under } from "./paint.mjs";
import { newSecret } from "./secrets.mjs";
import { endOnSignals } from "./signals.mjs";

const usualPort = 8_787;
const pollMs = 250;
/** With --once: until when somebody must have it. */
const storyLimitMs = 120_000;
const tenantPath = "/tenants/demo";

// --once: presses the second page's button itself, tells the end, and stops the hub.
const { values: flags } = parseArgs({ options: { once: { type: "boolean", default: false } } });

async function main() {
  const dataDir = mkdtempSync(path.join(tmpdir(), "tocsin-demo-"));
  /** @type {(() => unknown)[]} */
  const cleanUps = [() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })];
  process.once("exit", () => rmSync(dataDir, { recursive: true, force: true }));
  let stopping = false;
  const stop = async () => {
    stopping = true;
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
    const { urls, names } = await applyTenant(api, hook.url);
    await tellThePast({ api, tenantPath, urls, names });
    const incident = await sendAlert(urls["prometheus"]);
    const story = { api, incident, names, calls };
    await tellStory(story, "escalated");
    // What is burning is for whoever sits before it to put out.
    if (flags.once) {
      await press((await pagesOf(api, incident))[0].link, "ack");
    } else {
      tellHowToGoOn(hub, { ingestUrl: urls["prometheus"], incident, signIn: await hub.ownerLink() });
    }
    await tellStory(story, "over");
    await tellTimeline(api, incident);
    if (flags.once) return await finish(0);
    console.log(`\n  ${paint("dim", "the hub keeps running; Ctrl-C ends it and removes its data")}\n`);
  } catch (error) {
    if (stopping) return; // Ctrl-C, while it was asking the hub something.
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
  const text = demoDocument(hookUrl, Date.now());
  const applied = await api.call("PUT", `${tenantPath}/config`, { text, type: "application/yaml" });
  const urls = Object.fromEntries(applied.issued.filter((each) => each.url !== undefined).map((each) => [each.id, each.url]));
  await fetch(urls["nightly-backup"], { method: "POST", signal: AbortSignal.timeout(15_000) });
  const { items: users } = await api.call("GET", `${tenantPath}/users`);
  const names = Object.fromEntries(users.map((user) => [user.id, user.name]));
  const { items: oncall } = await api.call("GET", `${tenantPath}/oncall`);
  const now = oncall.flatMap((each) => each.users.map((user) => names[user])).join(" and ");
  console.log(fact("tenant", `demo: two teams, four services, four senders; on call: ${now}`));
  return { urls, names };
}

/** What happened before anybody looked: in one line each. */
async function tellThePast(world) {
  for (const { title, source, who, how } of await livedThrough(world))
    console.log(fact("earlier", `${title} ${paint("dim", `(${source}: ${who} had it, ${how})`)}`));
}

/** @returns {Promise<string>} the incident's id */
async function sendAlert(ingestUrl) {
  const body = alertmanagerBody(new Date());
  const incident = await send(ingestUrl, body, { "user-agent": "Alertmanager/0.28.1" });
  if (incident === null) throw new Error("the alert opened no incident");
  console.log("");
  console.log(storyLine({ at: new Date(), label: "alert", tone: "red", text: body.alerts[0].annotations.summary }));
  console.log(under(paint("dim", `Alertmanager → POST /v1/ingest/… → 202 ${incident}`)));
  return incident;
}

/** What arrived on the phones for it, newest first. */
async function pagesOf(api, incident) {
  const { items } = await api.call("GET", `${tenantPath}/inbox?limit=100`);
  return items.filter((page) => page.incident === incident);
}

/** Follows the phones and the record: until the second level is paged, or until somebody has the incident. */
async function tellStory(story, until) {
  const { api, incident, names, calls } = story;
  story.seen ??= new Set();
  const { seen } = story;
  for (const end = Date.now() + storyLimitMs; ; await delay(pollMs)) {
    const [phones, record] = await Promise.all([
      pagesOf(api, incident),
      api.call("GET", `${tenantPath}/incidents/${incident}/timeline?after=${story.after ?? 0}&limit=100`),
    ]);
    story.after = record.items.at(-1)?.seq ?? story.after;
    const pages = phones.filter((page) => !seen.has(page.delivery)).toReversed();
    const news = [
      ...record.items
        .filter((entry) => entry.kind in told)
        .map((entry) => ({ at: new Date(entry.at), print: () => showEntry(entry, names) })),
      ...pages.map((page) => ({ at: new Date(page.at), print: () => showPage(page, names) })),
      ...calls
        .splice(0)
        .filter((call) => call.body.incident?.id === incident)
        .map((call) => ({ at: call.at, print: () => showWebhook(call) })),
    ];
    for (const { print } of news.toSorted((a, b) => a.at.getTime() - b.at.getTime())) print();
    for (const page of pages) seen.add(page.delivery);
    if (record.items.some((entry) => entry.kind === "acknowledged" || entry.kind === "resolved")) return;
    if (until === "escalated" && phones.some((page) => page.step >= 2)) return;
    if (flags.once && Date.now() > end) throw new Error("nobody had the incident in two minutes");
  }
}

/** Kinds of the record that the story tells; phones tell the pages. */
const told = {
  step: { label: "escalate", tone: "yellow" },
  repeat: { label: "repeat", tone: "yellow" },
  exhausted: { label: "exhausted", tone: "red" },
  acknowledged: { label: "has it", tone: "green" },
  resolved: { label: "resolved", tone: "green" },
};

function showEntry(entry, names) {
  const { label, tone } = told[entry.kind];
  if (entry.kind === "step" && entry.data?.step === 1) return; // The first step is no escalation.
  // The record calls people by their ids.
  const text = entry.kind === "acknowledged" ? (names[entry.actor.id] ?? entry.reason) : entry.reason;
  console.log(storyLine({ at: new Date(entry.at), label, tone, text }));
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

function tellHowToGoOn(hub, { ingestUrl, incident, signIn }) {
  const bearer = `-H "Authorization: Bearer ${hub.adminToken}"`;
  console.log(`\n  ${paint("bold", "It is burning now.")} Open it, or one of the links above, and press Acknowledge.\n`);
  // The ticket stands behind #: where to go then stands before it.
  if (signIn !== null) {
    const link = new URL(signIn);
    link.searchParams.set("to", `/t/demo/incidents/${incident}`);
    console.log(fact("open", paint("bold", link.href)));
    console.log(fact("", paint("dim", "signs you in (works once) and shows this incident")));
  }
  console.log(fact("admin UI", `${hub.url}/t/demo/incidents`));
  console.log(fact("phones", `${hub.url}/t/demo/phones`));
  console.log(fact("API", `curl ${bearer} ${hub.url}/api/v1${tenantPath}/incidents/${incident}`));
  const another = { status: "firing", alerts: [{ status: "firing", labels: { alertname: "DiskFull", severity: "critical" } }] };
  console.log(fact("alert", `curl -H "Content-Type: application/json" -d '${JSON.stringify(another)}' \\`));
  console.log(fact("", `  ${ingestUrl}`));
  console.log(
    `\n  ${paint("dim", "the hub keeps running, and this goes on telling who is paged; Ctrl-C ends it and removes its data")}\n`,
  );
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
