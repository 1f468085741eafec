// Real senders that ask an admin for a script: Debian's Icinga 2, Nagios 4 and Monit, set up with the very text of the READMEs in
// plugins/sources. A check goes bad, is said again, is acknowledged there, recovers. Needs the programs icinga2, nagios4, monit, jq and curl.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { launchHub, suite, until, webhookSink } from "./hub.mjs";

const t = "/api/v1/tenants/acme";
const folder = mkdtempSync(path.join(tmpdir(), "tocsin-senders-"));
const at = (...parts) => path.join(folder, ...parts);
const user = userInfo().username;
const secrets = { icinga: "icinga-secret-of-e2e-01", nagios: "nagios-secret-of-e2e-01", monit: "monit-secret-of-e2e-0001" };
const ids = Object.keys(secrets);

/** The fenced blocks of a source's README, from `heading` on. */
function blocksOf(source, heading = "# ") {
  const readme = readFileSync(new URL(`../../plugins/sources/${source}/README.md`, import.meta.url), "utf8");
  const from = readme.startsWith(heading) ? readme : readme.slice(readme.indexOf(`\n${heading}`));
  return [...from.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map((found) => found[1]);
}

/** Puts this suite's value where the README leaves one to the admin; fails where the README no longer says it. */
function filled(text, values) {
  let made = text;
  for (const [from, to] of Object.entries(values)) {
    assert.ok(made.includes(from), `the README no longer says ${from}`);
    made = made.replaceAll(from, to);
  }
  return made;
}

function write(file, text, mode = 0o644) {
  mkdirSync(path.dirname(at(file)), { recursive: true });
  writeFileSync(at(file), text, { mode });
}

const programs = [];
function program(id, command, args) {
  // In a group of its own: Icinga and Nagios are several processes.
  const child = spawn(command, args, { cwd: folder, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const running = { id, child, output: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (running.output += text));
  child.on("error", (error) => (running.output += String(error)));
  programs.push(running);
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

const hook = await webhookSink();
const hub = await launchHub({
  env: Object.fromEntries(ids.map((id) => [`TOCSIN_ENV_ACME_${id.toUpperCase()}`, secrets[id]])),
});
const { issued } = await hub.apply(
  "acme",
  `
tenant: acme
users: [ { id: ana, name: Ana Ruiz, contacts: [ { id: hook, via: ops-hook, to: ana } ] } ]
policies: [ { id: p, steps: [ { notify: [ { user: ana } ], escalateAfter: 1h } ] } ]
services: [ { id: disks, policy: p }, { id: databases, policy: p }, { id: hosts, policy: p } ]
integrations:
  - { id: icinga, source: icinga2, service: disks, secret: { env: ICINGA } }
  - { id: nagios, source: nagios, service: databases, secret: { env: NAGIOS } }
  - { id: monit, source: generic, service: hosts, secret: { env: MONIT } }
notifiers: [ { id: ops-hook, plugin: webhook, config: { url: "http://127.0.0.1:${hook.port}/hook" }, secrets: { signingKey: { value: e2e-signing-key-of-32-characters } } } ]
`,
);
const placeOf = (id, url) => ({
  [url]: issued.find((each) => each.id === id).url.replace(/^http:\/\/[^/]+/, hub.url),
  "THE-SECRET": secrets[id],
});
const example = "https://tocsin.example.com/v1/ingest/KEY";

// What is watched: three files. The outputs hold what breaks a shell or a JSON text built by hand.
const flag = (id) => at(`${id}.flag`);
for (const id of ids) write(`${id}.flag`, "");
write("check.sh", `#!/bin/sh\nif [ -e "$1" ]; then echo "OK - there"; exit 0; fi\ncat "$2"; exit 2\n`, 0o755);
const output = { icinga: `CRITICAL - "flag" isn't $HOME; 95% of C:\\`, nagios: `CRITICAL - flag is gone, 95% of C:\\` };

const [icingaScript, icingaConfig] = blocksOf("icinga2");
write("icinga/scripts/tocsin.sh", icingaScript, 0o755);
write("icinga/conf.d/tocsin.conf", filled(icingaConfig, { ...placeOf("icinga", example), "interval = 5m": "interval = 1s" }));
for (const [id, text] of Object.entries(output)) write(`${id}.output`, `${text}\n`);
const icingaChecked = `check_command = "flag"
  check_interval = 1s
  retry_interval = 1s
  max_check_attempts = 1`;
write(
  "icinga/icinga2.conf",
  `include <itl>
const NodeName = "e2e"
object CheckerComponent "checker" {
}
object NotificationComponent "notification" {
}
object ExternalCommandListener "command" {
  command_path = "${at("icinga/icinga.cmd")}"
}
include "conf.d/*.conf"
object CheckCommand "flag" {
  command = [ "${at("check.sh")}", "${flag("icinga")}", "${at("icinga.output")}" ]
}
object Host "db1" {
  check_command = "dummy"
  address = "192.0.2.1"
}
object Host "web1" {
  ${icingaChecked}
}
object Service "disk" {
  host_name = "db1"
  ${icingaChecked}
}
`,
);
program("icinga", "icinga2", [
  "daemon",
  "-c",
  at("icinga/icinga2.conf"),
  ...Object.entries({
    ConfigDir: at("icinga"),
    DataDir: at("icinga/data"),
    LogDir: at("icinga/log"),
    CacheDir: at("icinga/cache"),
    SpoolDir: at("icinga/spool"),
    InitRunDir: at("icinga/run"),
    RunAsUser: user,
    RunAsGroup: user,
  }).flatMap(
    ([name, value]) => (mkdirSync(value.startsWith("/") ? value : folder, { recursive: true }), ["-D", `${name}=${value}`]),
  ),
]);

const [nagiosConfig, nagiosResource] = blocksOf("nagios");
write("nagios/tocsin.cfg", nagiosConfig);
write("nagios/resource.cfg", filled(nagiosResource, placeOf("nagios", example)), 0o600);
const checked = `check_period 24x7
  check_interval 1
  retry_interval 1
  max_check_attempts 1
  notification_period 24x7
  notification_interval 1
  flap_detection_enabled 0
  contacts tocsin`;
write(
  "nagios/objects.cfg",
  `define command {
  command_name check-flag
  command_line ${at("check.sh")} ${flag("nagios")} ${at("nagios.output")}
}
define command {
  command_name check-up
  command_line /bin/true
}
define host {
  host_name db2
  address 192.0.2.2
  check_command check-up
  ${checked}
}
define host {
  host_name web2
  address 192.0.2.3
  check_command check-flag
  ${checked}
}
define service {
  host_name db2
  service_description disk
  check_command check-flag
  ${checked}
}
`,
);
for (const each of ["archives", "rw", "spool/checkresults", "tmp"]) mkdirSync(at("nagios", each), { recursive: true });
// Debian's own nagios.cfg, with its folders here, a second as its unit of time, no stored results, and no call home.
const settings = {
  interval_length: 1,
  check_result_reaper_frequency: 1,
  cached_host_check_horizon: 0,
  check_for_updates: 0,
  use_syslog: 0,
  nagios_user: user,
  nagios_group: user,
  resource_file: at("nagios/resource.cfg"),
  temp_path: at("nagios/tmp"),
};
write(
  "nagios/nagios.cfg",
  `${readFileSync("/etc/nagios4/nagios.cfg", "utf8")
    .replaceAll(/^(?:cfg_dir|cfg_file)=.*$/gm, "")
    .replaceAll(/\/var\/(?:log|lib|run)\/nagios4/g, at("nagios"))
    .replaceAll(/^(\w+)=.*$/gm, (line, name) => (Object.hasOwn(settings, name) ? `${name}=${settings[name]}` : line))}
query_socket=${at("nagios/rw/nagios.qh")}
cfg_file=/etc/nagios4/objects/timeperiods.cfg
cfg_file=${at("nagios/tocsin.cfg")}
cfg_file=${at("nagios/objects.cfg")}
`,
);
program("nagios", "nagios4", [at("nagios/nagios.cfg")]);

const [monitScript, monitChecks] = blocksOf("generic", "## Monit");
write("monit/tocsin.sh", filled(monitScript, placeOf("monit", example)), 0o700);
write(
  "monit/monitrc",
  `set daemon 1
set log ${at("monit/log")}
set idfile ${at("monit/id")}
set statefile ${at("monit/state")}
set pidfile ${at("monit/pid")}
${filled(monitChecks, { "/etc/monit/": at("monit/"), "/run/app.pid": flag("monit"), "repeat every 10 cycles": "repeat every 1 cycles" })}`,
  0o600,
);
program("monit", "monit", ["-I", "-c", at("monit/monitrc")]);

const cases = [
  { name: "Icinga 2, a service", service: "disks", source: "icinga2", title: /^db1!disk is CRITICAL$/, body: output.icinga },
  { name: "Icinga 2, a host", service: "disks", source: "icinga2", title: /^web1 is DOWN$/, body: output.icinga },
  { name: "Nagios, a service", service: "databases", source: "nagios", title: /^db2\/disk is CRITICAL$/, body: output.nagios },
  { name: "Nagios, a host", service: "databases", source: "nagios", title: /^web2 is DOWN$/, body: output.nagios },
  { name: "Monit", service: "hosts", source: "generic", title: /^app-pid on \S+: Does not exist$/, body: "file doesn't exist" },
];
const incidents = async () => (await hub.api("GET", `${t}/incidents?limit=100`)).body.items;
const of = async ({ title }) => {
  const found = (await incidents()).find((each) => title.test(each.title));
  return found === undefined ? null : (await hub.api("GET", `${t}/incidents/${found.id}`)).body;
};
const e2e = suite("Icinga 2, Nagios and Monit, end to end");

await e2e.check("while all is well, nobody sends anything", async () => {
  await until("Icinga to be up", 30_000, () => programs[0].output.includes("Activated all objects"));
  await until("Nagios to be up", 30_000, () => /SERVICE ALERT|Successfully launched/.test(programs[1].output));
  await until("Monit to be up", 30_000, () => /Monit \S+ started|Starting Monit/.test(programs[2].output));
  assert.deepEqual(await incidents(), []);
  assert.deepEqual(
    programs.filter(({ child }) => child.exitCode !== null).map(({ id, output: told }) => `${id}: ${told}`),
    [],
  );
});

for (const id of ids) rmSync(flag(id));
for (const wanted of cases)
  await e2e.check(
    `${wanted.name}: a check goes bad: an incident of the right service, title and severity, and a page`,
    async () => {
      const opened = await until("the incident", 20_000, () => of(wanted));
      assert.deepEqual(
        [opened.service, opened.source, opened.severity, opened.status, opened.body],
        [wanted.service, wanted.source, "P1", "triggered", wanted.body],
      );
      const call = await until("the page", 10_000, () => hook.calls.find(({ body }) => body.incident.id === opened.id));
      assert.equal(call.body.person.id, "ana");
    },
  );

await e2e.check("said again, each is the same incident and nobody is paged again", async () => {
  for (const wanted of cases)
    await until(`two repeats by ${wanted.name}`, 20_000, async () => (await of(wanted))?.occurrences > 2);
  assert.equal((await incidents()).length, cases.length);
  assert.equal(hook.calls.length, cases.length);
});

await e2e.check("acknowledged in Icinga or Nagios, it is acknowledged here", async () => {
  const order = (host) => `[${Math.floor(Date.now() / 1_000)}] ACKNOWLEDGE_SVC_PROBLEM;${host};disk;1;1;0;ana;I look\n`;
  // Pipes: with nobody at the other end this fails instead of waiting for ever.
  const flags = { flag: constants.O_WRONLY | constants.O_NONBLOCK };
  writeFileSync(at("icinga/icinga.cmd"), order("db1"), flags);
  writeFileSync(at("nagios/rw/nagios.cmd"), order("db2"), flags);
  for (const wanted of [cases[0], cases[2]])
    await until(`${wanted.name} to be acknowledged`, 20_000, async () => (await of(wanted)).status === "acknowledged");
});

for (const id of ids) write(`${id}.flag`, "");
for (const wanted of cases)
  await e2e.check(`${wanted.name}: the check recovers: the incident is resolved, by its sender`, async () => {
    const over = await until("the end", 20_000, async () => {
      const found = await of(wanted);
      return found?.status === "resolved" && found;
    });
    const told = (await hub.api("GET", `${t}/incidents/${over.id}/timeline`)).body.items;
    assert.equal(told.find((each) => each.kind === "resolved").actor.type, "integration");
  });

await e2e.check("nothing else was opened, and nobody else paged", async () => {
  assert.equal((await incidents()).length, cases.length);
  assert.equal(hook.calls.length, cases.length);
});

e2e.end();
if (process.exitCode) {
  for (const { id, output: told } of programs) console.log(`--- ${id}\n${told.slice(-4_000)}`);
  console.log(`--- nagios.log\n${readFileSync(at("nagios/nagios.log"), "utf8").slice(-6_000)}`);
}
endPrograms();
await hub.stop();
await hook.close();
rmSync(folder, { recursive: true, force: true });
