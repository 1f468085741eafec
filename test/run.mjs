// Owns `npm test`: every check that Node alone can run, then the suites that need a system program. One that is missing is
// said in a plain line with the command that installs it, except with CI=true, where it fails. Ends with `N passed, N failed`.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = (name) => path.join(root, "node_modules/.bin", name);
const node = bin("node");
const ci = process.env.CI === "true";
const totals = { passed: 0, failed: 0 };

/** Runs a command; its output is shown when it fails, or all along with `show`. */
function run(command, args, { show = false, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, WRANGLER_SEND_METRICS: "false", NO_COLOR: "1", ...env },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text) => {
        output += text;
        if (show) process.stdout.write(text);
      });
    }
    child.on("error", (error) => resolve({ code: 127, output: String(error) }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

function count(name, passed, failed, seconds) {
  totals.passed += passed;
  totals.failed += failed;
  console.log(
    `${failed === 0 ? "✓" : "✗"} ${name.padEnd(44)} ${String(passed).padStart(5)} passed ${failed > 0 ? `${failed} failed ` : ""}${seconds.toFixed(0).padStart(5)} s`,
  );
}

/** A command that is one check: its exit code tells. */
async function check(name, command, args) {
  const began = performance.now();
  const { code, output } = await run(command, args);
  if (code !== 0) console.log(output.trimEnd());
  count(name, code === 0 ? 1 : 0, code === 0 ? 0 : 1, (performance.now() - began) / 1_000);
}

/** `only`: arguments that choose among the project's tests; `zone`: the host's time zone for them. */
async function vitest(project, { only = [], zone = "" } = {}) {
  const began = performance.now();
  const name = zone === "" ? `vitest, ${project}` : `vitest, the core in ${zone}`;
  const report = path.join(root, `node_modules/.cache/vitest-${name.replaceAll(/\W+/g, "-")}.json`);
  rmSync(report, { force: true });
  // By itself vitest leaves one core idle, of two. The runtime's tests share one host and have something beside them.
  const workers = `--maxWorkers=${project === "node" && zone === "" ? availableParallelism() : 1}`;
  const args = ["run", "--project", project, workers, "--reporter=json", "--reporter=default", `--outputFile=${report}`, ...only];
  const { code, output } = await run(bin("vitest"), args, { env: zone === "" ? {} : { TZ: zone } });
  const told = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : { numPassedTests: 0, numFailedTests: 0 };
  const failed = told.numFailedTests + (code !== 0 && told.numFailedTests === 0 ? 1 : 0);
  if (failed > 0) console.log(output.split("\n").slice(-150).join("\n"));
  count(name, told.numPassedTests, failed, (performance.now() - began) / 1_000);
}

/** A script that ends with its own `name: N passed, N failed`. */
async function script(name, file, args = []) {
  const began = performance.now();
  const { code, output } = await run(node, [file, ...args]);
  const [, passed, failed] = [.../(\d+) passed, (\d+) failed/g[Symbol.matchAll](output)].at(-1) ?? [null, "0", "1"];
  const wrong = Number(failed) + (code !== 0 && Number(failed) === 0 ? 1 : 0);
  if (wrong > 0) console.log(output.trimEnd());
  count(name, Number(passed), wrong, (performance.now() - began) / 1_000);
}

/** Whether a program is there; says what is left out, or fails it where nothing may be. */
async function has(program, suite, install) {
  const { code } = await run("sh", ["-c", `command -v ${program}`]);
  if (code === 0) return true;
  console.log(`- ${suite} is left out: ${program} is not installed (${install})`);
  if (ci) count(`${suite} (CI leaves nothing out)`, 0, 1, 0);
  return false;
}

/** Suites with other people's programs: they mostly wait for those programs' own rhythm. */
async function foreignPrograms() {
  let besides = null;
  const zabbix = "Zabbix, end to end";
  if (
    (await has("zabbix_server", zabbix, "apt-get install --no-install-recommends zabbix-server-pgsql zabbix-frontend-php")) &&
    (await has("php", zabbix, "apt-get install --no-install-recommends php-cli php-pgsql")) &&
    (await has("psql", zabbix, "apt-get install postgresql"))
  ) {
    besides = script(zabbix, "test/e2e/zabbix.mjs");
  }
  const alertmanager = "Alertmanager, end to end";
  if (
    (await has("prometheus-alertmanager", alertmanager, "apt-get install prometheus-alertmanager")) &&
    (await has("prometheus", alertmanager, "apt-get install prometheus")) &&
    (await has("openssl", alertmanager, "apt-get install openssl"))
  ) {
    await script(alertmanager, "test/e2e/alertmanager.mjs");
  }
  const senders = "Icinga 2, Nagios and Monit, end to end";
  if (
    (await has("icinga2", senders, "apt-get install --no-install-recommends icinga2-bin icinga2-common")) &&
    (await has("nagios4", senders, "apt-get install --no-install-recommends nagios4-core")) &&
    (await has("monit", senders, "apt-get install monit")) &&
    (await has("jq", senders, "apt-get install jq")) &&
    (await has("curl", senders, "apt-get install curl"))
  ) {
    await script(senders, "test/e2e/senders.mjs");
  }
  if (await has("swaks", "mail, end to end", "apt-get install swaks")) await script("mail, end to end", "test/e2e/mail.mjs");
  await besides;
}

await check("generated: plugin registry", node, ["plugins/generate.mjs", "--check"]);
await check("generated: inside of a sandbox", node, ["worker/sandbox/generate.mjs", "--check"]);
await check("generated: OpenAPI", node, ["worker/api/generate.mjs", "--check"]);
await check("generated: operations for the admin UI", node, ["admin-ui/generate.mjs", "--check"]);
await check("generated: tenant document reference", node, ["worker/tenant/generate-reference.mjs", "--check"]);
for (const project of ["worker", "admin-ui", "admin-ui/src/sw", "test", "test/worker"])
  await check(`types: ${project}`, bin("tsc"), ["-p", project, "--noEmit"]);
await check("lint", bin("oxlint"), ["--deny-warnings"]);
await check("format", bin("oxfmt"), ["--check", "."]);
await vitest("node");
// The first to launch a hub builds it for all.
await script("demo, from alert to acknowledgment", "test/e2e/demo.mjs");
// Two rows beside one another: what keeps a core busy, and what mostly waits. What measures itself runs alone, after them.
const busy = async () => {
  await vitest("workerd");
  const args = ["test/sim/cli.ts", "--seeds", "200", "--days", "30"];
  await check("simulator: 200 seeds × 30 days, and past failures", node, args);
};
const busied = busy();
await foreignPrograms();
await script("deploy, against a stand-in of Cloudflare", "test/e2e/deploy.mjs");
await script("plugins of tenants' own, in the sandbox", "test/e2e/sandbox.mjs");
// They lie beside the project and not in it; with CI=true the suite fails without them.
if (ci || existsSync(path.join(root, "../shared/payloads")))
  await script("published bodies through the endpoint", "test/e2e/corpus.mjs");
else console.log("- published bodies through the endpoint: left out, they are not beside this checkout");
await script("heartbeats and connectors, end to end", "test/e2e/heartbeat.mjs");
// No answer may depend on where the host stands; the slow comparison by the minute is done once, above.
for (const zone of ["Pacific/Apia", "America/New_York"])
  await vitest("node", { only: ["test/core/", "--exclude", "test/core/oncall/agreement.test.ts"], zone });
await busied;
await script("chaos: kill -9 (short)", "test/chaos/chaos.mjs", ["--short"]);
await script("chaos: provider dark (short)", "test/chaos/chaos.mjs", ["--short", "--dark"]);
await script("storm under ulimit -n 1024", "test/e2e/storm.mjs");
if (await has("chromium", "the admin UI in a browser", "apt-get install chromium")) {
  // Two browsers at a time, in even rows: both mostly wait.
  const rows = [
    [
      ["the admin UI in a browser", "test/e2e/ui.mjs"],
      ["the admin UI in a browser: routes, configuration", "test/e2e/ui-routes.mjs"],
      ["pages on a phone, acknowledged from the notification", "test/e2e/ui-push.mjs"],
    ],
    [
      ["the admin UI in a browser: first steps, at 360 px", "test/e2e/ui-first.mjs"],
      ["the admin UI in a browser: on call, policies, people", "test/e2e/ui-oncall.mjs"],
      ["the responder's app in a browser", "test/e2e/ui-app.mjs"],
      ["the admin UI in a browser: setting up", "test/e2e/ui-setup.mjs"],
    ],
  ];
  await Promise.all(
    rows.map(async (row) => {
      for (const [name, file] of row) await script(name, file);
    }),
  );
}

console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed === 0 ? 0 : 1);
