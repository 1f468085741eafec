// A real Zabbix with its web frontend, set up over its own API with the very text of the READMEs: a trigger pages, an acknowledgment
// here is one there and comes back as nothing, one there is one here, and a resolved incident closes the problem. Needs Debian's
// zabbix-server-pgsql, zabbix-frontend-php, php-cli with php-pgsql, and PostgreSQL's programs (they run in a folder of their own).
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { launchHub, suite, until, webhookSink } from "./hub.mjs";

const t = "/api/v1/tenants/acme";
const folder = mkdtempSync(path.join(tmpdir(), "tocsin-zabbix-"));
chmodSync(folder, 0o755);
const at = (...parts) => path.join(folder, ...parts);
const secret = "zabbix-secret-of-e2e-01";
const postgres = path.join("/usr/lib/postgresql", readdirSync("/usr/lib/postgresql").at(-1), "bin");
const isRoot = process.getuid() === 0;

const programs = [];
function program(command, args, options = {}) {
  const child = spawn(command, args, { cwd: folder, detached: true, stdio: ["ignore", "pipe", "pipe"], ...options });
  const running = { child, output: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (running.output += text));
  child.on("error", (error) => (running.output += String(error)));
  programs.push(running);
  return running;
}
function endPrograms() {
  for (const { child } of programs.splice(0)) {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It had ended by itself.
    }
  }
}
process.once("exit", endPrograms);

/** Zabbix listens on no port above 32767, which is where the ones handed out by the system begin. */
async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const free = await new Promise((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

// Both come up side by side.
const hook = await webhookSink();
const launching = launchHub({ env: { TOCSIN_ENV_ACME_SECRET: secret } });
launching.catch(() => undefined);

/** PostgreSQL never runs as root. */
const asUser = (command, args) => (isRoot ? ["runuser", ["-u", "nobody", "--", command, ...args]] : [command, args]);
function sql(database, input) {
  const done = spawnSync("psql", ["-q", "-h", at("sock"), "-U", "zabbix", "-d", database, "-v", "ON_ERROR_STOP=1"], {
    input,
    maxBuffer: 1e8,
  });
  assert.equal(done.status, 0, String(done.stderr).slice(0, 500));
}
const packed = (file) => gunzipSync(readFileSync(path.join("/usr/share/zabbix-server-pgsql", file))).toString("utf8");

for (const name of ["data", "sock"]) {
  mkdirSync(at(name));
  if (isRoot) {
    const [uid, gid] = ["-u", "-g"].map((which) => Number(execFileSync("id", [which, "nobody"])));
    chownSync(at(name), uid, gid);
  }
}
execFileSync(
  ...asUser(path.join(postgres, "initdb"), [
    "--no-sync",
    "-D",
    at("data"),
    "-U",
    "zabbix",
    "--auth=trust",
    "-E",
    "UTF8",
    "--locale=C",
  ]),
  { cwd: "/" },
);
const quick = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses="].flatMap((each) => [
  "-c",
  each,
]);
program(...asUser(path.join(postgres, "postgres"), ["-D", at("data"), "-k", at("sock"), ...quick]), { cwd: "/" });
await until(
  "the database",
  20_000,
  () => spawnSync("psql", ["-h", at("sock"), "-U", "zabbix", "-d", "postgres", "-c", "select 1"]).status === 0,
);
sql("postgres", "create database zabbix template template0");
sql("zabbix", packed("schema.sql.gz"));
// Of what Zabbix ships: who may do what, and its settings; not its hundreds of templates.
const shipped = new Set([
  "users",
  "role",
  "role_rule",
  "usrgrp",
  "users_groups",
  "config",
  "hstgrp",
  "globalmacro",
  "config_autoreg_tls",
]);
const rows = packed("data.sql.gz").split(/^(?=INSERT INTO |COMMIT)/m);
sql("zabbix", rows.filter((row) => shipped.has(/^INSERT INTO "?(\w+)/.exec(row)?.[1])).join(""));

const [trapperPort, frontendPort] = [await freePort(), await freePort()];
writeFileSync(
  at("server.conf"),
  `ListenPort=${trapperPort}
ListenIP=127.0.0.1
LogType=console
DBHost=${at("sock")}
DBName=zabbix
DBUser=zabbix
AllowRoot=1
PidFile=${at("server.pid")}
SocketDir=${folder}
CacheUpdateFrequency=1
StartAlerters=1
StartPollers=1
StartPollersUnreachable=1
StartTrappers=1
StartPingers=0
StartDiscoverers=0
StartHTTPPollers=0
StartDBSyncers=1
`,
);
const server = program("zabbix_server", ["-c", at("server.conf"), "-f"]);

// Debian's frontend reads its settings from /etc: a copy of it reads this suite's.
cpSync("/usr/share/zabbix", at("frontend"), { recursive: true, dereference: true });
const settingsFile = at("settings.php");
const configClass = at("frontend/include/classes/core/CConfigFile.php");
const original = readFileSync(configClass, "utf8");
assert.match(original, /CONFIG_FILE_PATH = '[^']+'/);
writeFileSync(configClass, original.replace(/CONFIG_FILE_PATH = '[^']+'/, `CONFIG_FILE_PATH = '${settingsFile}'`));
writeFileSync(
  settingsFile,
  `<?php
$DB['TYPE'] = 'POSTGRESQL'; $DB['SERVER'] = '${at("sock")}'; $DB['PORT'] = '0'; $DB['DATABASE'] = 'zabbix'; $DB['USER'] = 'zabbix';
$DB['PASSWORD'] = ''; $DB['SCHEMA'] = ''; $DB['ENCRYPTION'] = false; $DB['DOUBLE_IEEE754'] = true;
$ZBX_SERVER = '127.0.0.1'; $ZBX_SERVER_PORT = '${trapperPort}'; $ZBX_SERVER_NAME = ''; $IMAGE_FORMAT_DEFAULT = IMAGE_FORMAT_PNG;
`,
);
program("php", ["-d", "memory_limit=256M", "-S", `127.0.0.1:${frontendPort}`, "-t", at("frontend")], {
  env: { ...process.env, PHP_CLI_SERVER_WORKERS: "2" },
});

const zabbixUrl = `http://127.0.0.1:${frontendPort}`;
async function ask(method, params, auth) {
  const response = await fetch(`${zabbixUrl}/api_jsonrpc.php`, {
    method: "POST",
    headers: { "content-type": "application/json-rpc" },
    body: JSON.stringify({ jsonrpc: "2.0", method, params, id: 1, ...(auth === undefined ? {} : { auth }) }),
  });
  const { result, error } = await response.json();
  assert.equal(error, undefined, `${method}: ${JSON.stringify(error)}`);
  return result;
}
await until("the frontend", 20_000, () => ask("apiinfo.version", {}).catch(() => null));
const admin = await ask("user.login", { username: "Admin", password: "zabbix" });
const asAdmin = (method, params) => ask(method, params, admin);

// What step 1 to 3 of the connector's README say.
const groupid = (await asAdmin("hostgroup.create", { name: "Databases" })).groupids[0];
const roleid = (
  await asAdmin("role.create", {
    name: "hub",
    type: 1,
    rules: {
      "ui.default_access": 0,
      "api.access": 1,
      "api.mode": 1,
      api: ["event.acknowledge", "problem.get"],
      "actions.default_access": 0,
      actions: ["acknowledge_problems", "close_problems", "add_problem_comments"].map((name) => ({ name, status: 1 })),
    },
  })
).roleids[0];
const rights = [{ permission: 3, id: groupid }];
const usrgrpid = (await asAdmin("usergroup.create", { name: "hub", gui_access: 3, rights })).usrgrpids[0];
const passwd = "horse-9-Battery-staple";
const userid = (await asAdmin("user.create", { username: "hub", roleid, usrgrps: [{ usrgrpid }], passwd })).userids[0];
const tokenids = (await asAdmin("token.create", { name: "hub", userid })).tokenids;
const [{ token }] = await asAdmin("token.generate", tokenids);

const hub = await launching;
const { issued } = await hub.apply(
  "acme",
  `
tenant: acme
users: [ { id: ana, name: Ana Ruiz, contacts: [ { id: hook, via: ops-hook, to: ana } ] } ]
policies: [ { id: p, steps: [ { notify: [ { user: ana } ], escalateAfter: 1h } ] } ]
services: [ { id: databases, policy: p } ]
integrations: [ { id: zbx, source: zabbix, service: databases, secret: { env: SECRET } } ]
notifiers: [ { id: ops-hook, plugin: webhook, config: { url: "http://127.0.0.1:${hook.port}/hook" }, secrets: { signingKey: { value: e2e-signing-key-of-32-characters } } } ]
connectors: [ { id: back, plugin: zabbix, on: [acknowledged, unacknowledged, resolved], config: { baseUrl: "${zabbixUrl}", tokenIn: body }, secrets: { apiToken: { value: "${token}" } } } ]
`,
);
const address = issued.find((each) => each.id === "zbx").url.replace(/^http:\/\/[^/]+/, hub.url);

// The media type of the source's README, parameter by parameter and with its script.
const readme = readFileSync(new URL("../../plugins/sources/zabbix/README.md", import.meta.url), "utf8");
const script = /^```js\n([\s\S]*?)^```$/m.exec(readme)[1];
const given = { url: address, secret };
const parameters = [...readme.matchAll(/^\| `(\w+)` +\| (.+?) +\|$/gm)].map(([, name, value]) => ({
  name,
  value: given[name] ?? /^`(.+)`$/.exec(value)[1],
}));
assert.ok(
  parameters.some(({ name }) => name === "event_update_message"),
  "the README's table of parameters is not where it was",
);
const texts = [0, 1, 2].map((recovery) => ({ eventsource: 0, recovery, subject: "{EVENT.NAME}", message: "{EVENT.OPDATA}" }));
const mediatypeid = (
  await asAdmin("mediatype.create", {
    name: "hub",
    type: 4,
    script,
    parameters,
    message_templates: texts,
    attempt_interval: "0s",
  })
).mediatypeids[0];
await asAdmin("user.update", { userid: "1", medias: [{ mediatypeid, sendto: "hub" }] });
const toAdmin = { opmessage: { default_msg: 1, mediatypeid }, opmessage_usr: [{ userid: "1" }] };
await asAdmin("action.create", {
  name: "hub",
  eventsource: 0,
  filter: { evaltype: 0, conditions: [] },
  operations: [{ operationtype: 0, ...toAdmin }],
  recovery_operations: [{ operationtype: 0, ...toAdmin }],
  update_operations: [{ operationtype: 0, ...toAdmin }],
});
// Zabbix does not notify whoever made an update of it: people in Zabbix are somebody other than Admin.
const bo = { username: "bo", roleid: "3", usrgrps: [{ usrgrpid: "7" }], passwd };
await asAdmin("user.create", bo);
const asBo = await ask("user.login", { username: bo.username, password: passwd });

const hostid = (await asAdmin("host.create", { host: "db1", groups: [{ groupid }] })).hostids[0];
for (const key_ of ["disk", "swap"]) await asAdmin("item.create", { hostid, name: key_, key_, type: 2, value_type: 3 });
const triggers = await asAdmin("trigger.create", [
  { description: "Disk of {HOST.NAME} is full", expression: "last(/db1/disk)=1", priority: 5, manual_close: 1 },
  { description: "Swap of {HOST.NAME} is full", expression: "last(/db1/swap)=1", priority: 5, manual_close: 0 },
]);
const [diskTrigger, swapTrigger] = triggers.triggerids;

/** The sender protocol of Zabbix: a header, the length, JSON. */
function send(key, value) {
  return new Promise((resolve, reject) => {
    const body = Buffer.from(JSON.stringify({ request: "sender data", data: [{ host: "db1", key, value: String(value) }] }));
    const header = Buffer.alloc(13);
    header.write("ZBXD\x01", "latin1");
    header.writeBigUInt64LE(BigInt(body.length), 5);
    let answer = "";
    const socket = connect(trapperPort, "127.0.0.1", () => socket.write(Buffer.concat([header, body])));
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.on("end", () => resolve(answer.includes("processed: 1")));
    socket.on("error", reject);
  });
}
const problemOf = async (trigger) =>
  (
    await asAdmin("event.get", {
      objectids: [trigger],
      value: 1,
      output: ["eventid", "acknowledged", "r_eventid"],
      select_acknowledges: ["message"],
      sortfield: "eventid",
      sortorder: "DESC",
      limit: 1,
    })
  )[0];
/** Said again until there is a problem: an item may be known a moment before the trigger that looks at it. */
async function goesBad(key, trigger) {
  await until(`a problem of ${key}`, 20_000, async () => {
    await send(key, 1).catch(() => false);
    await new Promise((resolve) => setTimeout(resolve, 500));
    return problemOf(trigger);
  });
}
const incidentOf = async (word) =>
  (await hub.api("GET", `${t}/incidents?limit=50`)).body.items.find(
    ({ title, status }) => title.startsWith(word) && status !== "merged",
  );
/** From the incident itself: lists follow a moment later. */
const statusOf = async (id) => (await hub.api("GET", `${t}/incidents/${id}`)).body.status;
const act = (id, command) => hub.api("POST", `${t}/incidents/${id}/${command}`, { as: "ana" });
const receivedOf = async () => (await hub.api("GET", `${t}/integrations/zbx/received`)).body.items;
const outcomes = async () => (await receivedOf()).flatMap((each) => each.alerts ?? each.results ?? []);

const story = suite("Zabbix, end to end");

await story.check("a test of the connector asks Zabbix whether the token is good", async () => {
  const { status, body } = await hub.api("POST", `${t}/connectors/back/test`, {});
  assert.equal(status, 200, JSON.stringify(body));
  assert.match(JSON.stringify(body), /accepted/);
});

let disk;
await story.check("a real trigger pages through the README's media type, and its event's id is kept", async () => {
  await goesBad("disk", diskTrigger);
  await until("the page", 20_000, () => hook.calls.find(({ body }) => body.incident.title.startsWith("Disk of db1")));
  disk = await until("the incident", 10_000, () => incidentOf("Disk"));
  const { eventid } = await problemOf(diskTrigger);
  assert.equal((await hub.api("GET", `${t}/incidents/${disk.id}`)).body.labels.event_id, eventid);
});

await story.check("an acknowledgment here is one in Zabbix, saying who; Zabbix's own word of it changes nothing", async () => {
  await act(disk.id, "ack");
  const problem = await until("the acknowledgment", 10_000, async () => {
    const found = await problemOf(diskTrigger);
    return found.acknowledged === "1" ? found : null;
  });
  assert.match(problem.acknowledges[0].message, /^Acknowledged: ana has it \[Tocsin inc_/);
  await until("the echo", 15_000, async () => JSON.stringify(await outcomes()).includes("this hub's own update"));
});

await story.check(
  "given back here, it is not acknowledged in Zabbix any more, and stays so here when Zabbix says it again",
  async () => {
    const before = (await receivedOf()).length;
    await act(disk.id, "unack");
    await until("Zabbix to know", 10_000, async () => (await problemOf(diskTrigger)).acknowledged === "0");
    await until("the echo", 15_000, async () => (await receivedOf()).length > before);
    assert.equal(await statusOf(disk.id), "triggered");
  },
);

await story.check("acknowledged by a person in Zabbix it is acknowledged here, and nothing is written back", async () => {
  const { eventid } = await problemOf(diskTrigger);
  await ask("event.acknowledge", { eventids: [eventid], action: 6, message: "mine" }, asBo);
  await until("it here", 15_000, async () => (await statusOf(disk.id)) === "acknowledged");
  const { acknowledges } = await problemOf(diskTrigger);
  assert.deepEqual(acknowledges.map(({ message }) => message.split(":")[0]).toSorted(), [
    "Acknowledged",
    "No longer acknowledged",
    "mine",
  ]);
});

await story.check("resolved here, the problem is closed in Zabbix, whose recovery finds it resolved", async () => {
  await act(disk.id, "resolve");
  await until("the problem to close", 15_000, async () => (await problemOf(diskTrigger)).r_eventid !== "0");
  await until("the recovery", 15_000, async () => JSON.stringify(await receivedOf()).includes("was resolved already"));
  const { body } = await hub.api("GET", `${t}/incidents/${disk.id}/timeline?limit=100`);
  assert.equal(body.items.filter(({ kind }) => kind === "resolved").length, 1);
  assert.equal(await statusOf(disk.id), "resolved");
});

await story.check("a trigger without manual close is told, and the record says that it stays open", async () => {
  await goesBad("swap", swapTrigger);
  const swap = await until("the incident", 20_000, () => incidentOf("Swap"));
  await act(swap.id, "resolve");
  await until("the message", 15_000, async () => (await problemOf(swapTrigger)).acknowledges.length === 1);
  assert.equal((await problemOf(swapTrigger)).r_eventid, "0");
  await until("the record", 5_000, async () =>
    (await hub.api("GET", `${t}/incidents/${swap.id}/timeline?limit=100`)).body.items.some(
      ({ kind, reason }) => kind === "posted" && reason.includes("does not allow manual close"),
    ),
  );
});

story.end();
if (process.exitCode !== 0) console.log(server.output.slice(-2_000));
await hub.stop();
await hook.close();
endPrograms();
rmSync(folder, { recursive: true, force: true });
