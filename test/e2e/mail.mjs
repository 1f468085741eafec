// Mail in, end to end: swaks sends real mails to `--smtp-port` of one hub. They open, join and end an incident; strangers are refused;
// while the hub cannot say "durable" nothing is accepted, and the same mail is taken once it can.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { launchHub, suite, until } from "./hub.mjs";

const e2e = suite("mail, end to end");
const hub = await launchHub({ args: ["--smtp-port", "0"] });
const t = "/api/v1/tenants/mailed";
const { issued } = await hub.apply(
  "mailed",
  `
tenant: mailed
users: [ { id: kim, name: Kim, contacts: [ { id: phone, via: inbox } ] } ]
policies: [ { id: p, steps: [ { notify: [ { user: kim } ], escalateAfter: 1h } ] } ]
services: [ { id: svc, policy: p } ]
integrations:
  - { id: mail, source: email, service: svc }
  - { id: strict, source: email, service: svc, config: { allow: [ allowed.example ] } }
  - { id: web, source: generic, service: svc }
`,
);
const keyOf = (id) => issued.find((each) => each.id === id).key;
const smtp = () => /mail +(127\.0\.0\.1:\d+)/.exec(hub.output)?.[1];
const incidents = async () => (await hub.api("GET", `${t}/incidents?limit=100`)).body.items;

/** swaks's exit code: 0 taken, 24 RCPT refused, 26 DATA refused; and what was said. */
function send(to, subject, more = []) {
  const args = [
    "--server",
    smtp(),
    "--from",
    "mon@acme.example",
    "--to",
    to,
    "--header",
    `Subject: ${subject}`,
    "--timeout",
    "20",
    ...more,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn("swaks", args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

const address = `ops+${keyOf("mail")}@pages.example`;
let first;
await e2e.check("a mail opens an incident and pages; the next joins it; RESOLVED ends it", async () => {
  const sent = await send(address, "CRITICAL: Disk full on db1", ["--body", "97 percent of /var"]);
  assert.equal(sent.code, 0, sent.output);
  first = await until("the incident", 5_000, async () => (await incidents())[0]);
  assert.equal(first.title, "CRITICAL: Disk full on db1");
  assert.equal((await hub.api("GET", `${t}/inbox`)).body.items.length, 1);
  assert.equal((await send(address, "Re: CRITICAL: Disk full on db1")).code, 0);
  const joined = await until("the repeat", 5_000, async () => {
    const { body } = await hub.api("GET", `${t}/incidents/${first.id}`);
    return body.occurrences > 1 && body;
  });
  assert.equal(joined.status, "triggered");
  assert.equal((await send(address, "[RESOLVED] Disk full on db1")).code, 0);
  await until("the end", 5_000, async () => (await hub.api("GET", `${t}/incidents/${first.id}`)).body.status === "resolved");
  assert.equal((await incidents()).length, 1);
});

await e2e.check("what came in is listed, and the key stands nowhere in it", async () => {
  const items = await until("the list", 5_000, async () => {
    const { body } = await hub.api("GET", `${t}/integrations/mail/received`);
    return body.items?.length === 3 && body.items;
  });
  assert.ok(!JSON.stringify(items).includes(keyOf("mail")));
});

await e2e.check("no relay: unknown addresses and keys of other sources are refused at RCPT, other senders at DATA", async () => {
  for (const to of ["somebody@elsewhere.example", `${keyOf("web")}@pages.example`]) {
    const sent = await send(to, "Down");
    assert.equal(sent.code, 24, sent.output);
    assert.match(sent.output, /550/);
  }
  const stranger = await send(`${keyOf("strict")}@pages.example`, "Down");
  assert.equal(stranger.code, 26, stranger.output);
  assert.match(stranger.output, /550/);
  const friend = await send(`${keyOf("strict")}@pages.example`, "Up to something", ["--header", "From: a@allowed.example"]);
  assert.equal(friend.code, 0, friend.output);
});

await e2e.check(
  "a hub that does not answer is a 451; the same mail, sent again when it is back, opens the incident",
  async () => {
    const record = JSON.parse(await (await import("node:fs/promises")).readFile(`${hub.data}/workerd.json`, "utf8"));
    process.kill(record.pid, "SIGSTOP");
    const mail = ["--header", "Message-Id: <again@acme.example>"];
    const dark = await send(address, "DOWN: shop", mail).finally(() => process.kill(record.pid, "SIGCONT"));
    assert.notEqual(dark.code, 0, dark.output);
    assert.match(dark.output, /<\*\* 451/);
    const sent = await until("the retry to be taken", 20_000, async () => {
      const again = await send(address, "DOWN: shop", mail);
      return again.code === 0 && again;
    });
    assert.equal(sent.code, 0);
    await until("the incident", 5_000, async () => (await incidents()).some((each) => each.title === "DOWN: shop"));
  },
);

await hub.stop();
e2e.end();
