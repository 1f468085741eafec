// `npm run deploy`, as far as it goes without an account: the dry run; then the real program and the real wrangler against a
// stand-in of Cloudflare's API, twice; then each way it can go wrong, with a stand-in of wrangler.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { account, cloudflareStandIn } from "./cloudflare.mjs";
import { suite } from "./hub.mjs";

const deploy = suite("deploy");
const root = new URL("../../", import.meta.url).pathname;
const scratch = mkdtempSync(path.join(tmpdir(), "tocsin-deploy-test-"));
const address = "https://tocsin.acme.workers.dev";
const hashOf = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Runs it as npm would, without this shell's own Cloudflare or TOCSIN_ settings. */
async function run(args, env = {}) {
  const bare = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(TOCSIN|CLOUDFLARE|CF|WRANGLER)_/.test(name)),
  );
  const child = spawn(path.join(root, "node_modules/.bin/node"), [path.join(root, "worker/launcher/deploy.mjs"), ...args], {
    cwd: root,
    env: { ...bare, HOME: scratch, XDG_CONFIG_HOME: scratch, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 180_000,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, output };
}

const cloudflare = await cloudflareStandIn();
const online = { CLOUDFLARE_API_BASE_URL: cloudflare.url, CLOUDFLARE_API_TOKEN: "token" };

// The dry run.
const committed = hashOf(path.join(root, "wrangler.toml"));
const dry = await run(["--dry-run"], { CLOUDFLARE_API_BASE_URL: cloudflare.url, TOCSIN_ENV_ACME_KEY: "k-1-not-to-be-shown" });
await deploy.check("a dry run ends well with no account and asks nobody", () => {
  assert.equal(dry.code, 0, dry.output);
  assert.deepEqual(cloudflare.calls, []);
});
await deploy.check("it names database, migrations, every object, the cron, the secrets, the size", () => {
  const raw = readFileSync(path.join(root, "wrangler.toml"), "utf8");
  const classes = [...raw.matchAll(/^class_name = "(\w+)"/gm)].map((match) => match[1]);
  assert.ok(classes.length >= 5);
  for (const name of classes) assert.match(dry.output, new RegExp(`object +${name} as \\w+, SQLite, made by v\\d`));
  assert.match(dry.output, /database +D1 tocsin as DB/);
  assert.match(dry.output, /tables +\d+ migrations, .*0000_first\.sql/);
  assert.match(dry.output, /cron +\* \* \* \* \*/);
  assert.match(dry.output, /sandbox +Worker Loader as LOADER/);
  assert.match(dry.output, /secret +TOCSIN_SECRET: made/);
  assert.match(dry.output, /secret +TOCSIN_ENV_ACME_KEY: from the environment/);
  assert.match(dry.output, /bundle +\d+ KiB, the limit is 65536 KiB; \d+ KiB packed/);
});
await deploy.check("it shows no secret, and leaves the committed configuration as it is", () => {
  assert.doesNotMatch(dry.output, /k-1-not-to-be-shown/);
  assert.equal(hashOf(path.join(root, "wrangler.toml")), committed);
});
await deploy.check("the bundle fits the free plan, also under the older limit of 3 MiB packed", () => {
  assert.ok(Number(/(\d+) KiB packed/.exec(dry.output)?.[1]) < 3 * 1_024, dry.output);
});

/** A folder with this wrangler.toml and the real migrations; the mistakes below are found before anything is bundled. */
function project(change) {
  const folder = mkdtempSync(path.join(scratch, "project-"));
  writeFileSync(path.join(folder, "wrangler.toml"), change(readFileSync(path.join(root, "wrangler.toml"), "utf8")));
  cpSync(path.join(root, "migrations"), path.join(folder, "migrations"), { recursive: true });
  return path.join(folder, "wrangler.toml");
}

await deploy.check(
  "a dry run refuses mistakes in wrangler.toml and the environment, all at once, saying what to do",
  async () => {
    const config = project((text) =>
      text
        .replace('name = "tocsin"', 'name = "Tocsin Hub"')
        .replace('crons = ["* * * * *"]', 'crons = ["*/5 * * * *"]')
        .replace('"global_fetch_strictly_public"', '"global_fetch_private_origin"')
        .replace(/(new_sqlite_classes = \[[^\]]*)"InboxObject"/, '$1"OutboxObject"')
        .replace("[vars]", '[vars]\nTOCSIN_SECRET = "0123456789012345678901234567890123456789"'),
    );
    rmSync(path.join(path.dirname(config), "migrations/0000_first.sql"));
    const env = { TOCSIN_ADMIN_TOKEN: "short", TOCSIN_PUBLIC_URL: "http://localhost:8787" };
    const { code, output } = await run(["--dry-run", "--config", config], env);
    assert.equal(code, 1);
    for (const said of [
      'name = "Tocsin Hub"',
      'crons lacks "* * * * *"',
      "lacks global_fetch_strictly_public",
      "InboxObject (binding INBOX) is in new_sqlite_classes of 0",
      "[vars] holds TOCSIN_SECRET",
      "names files that are not there: 0000_first",
      "TOCSIN_ADMIN_TOKEN has 5 characters",
      "TOCSIN_PUBLIC_URL = http://localhost:8787",
      "main = worker/index.ts: no such file",
    ]) {
      assert.ok(output.includes(said), `${said}\n${output}`);
    }
  },
);
await deploy.check("a file that is no TOML, and one that is not there, are one clear line each", async () => {
  const broken = await run(["--dry-run", "--config", project(() => "name = ")]);
  assert.equal(broken.code, 1);
  assert.match(broken.output, /wrangler\.toml cannot be read/);
  const absent = await run(["--dry-run", "--config", path.join(scratch, "nowhere.toml")]);
  assert.equal(absent.code, 1);
  assert.match(absent.output, /nowhere\.toml is not there/);
});
await deploy.check("a class that the Worker does not export stops the dry run with wrangler's own words", async () => {
  const config = project((text) => text.replace("IncidentObject", "IncidentThing").replace("IncidentObject", "IncidentThing"));
  cpSync(path.join(root, "test/launcher/tiny/worker"), path.join(path.dirname(config), "worker"), { recursive: true });
  const { code, output } = await run(["--dry-run", "--config", config]);
  assert.equal(code, 1);
  assert.match(output, /not exported in your entrypoint file: IncidentThing/);
});
await deploy.check("an unknown option is said, with exit 2", async () => {
  const { code, output } = await run(["--dri-run"]);
  assert.equal(code, 2);
  assert.match(output, /--dri-run/);
});

// The real wrangler against a stand-in of Cloudflare.
cloudflare.calls.length = 0;
const first = await run(["--public-url", address, "--jurisdiction", "eu"], online);
const hub = () => cloudflare.workers.get("tocsin");
await deploy.check("the first run makes the database, applies the migrations, deploys with its secrets and the cron", () => {
  assert.equal(first.code, 0, first.output);
  assert.match(first.output, new RegExp(`account +Acme \\(${account.id}\\), as ana@acme.test`));
  assert.deepEqual(
    cloudflare.databases.map(({ name }) => name),
    ["tocsin"],
  );
  const { sql, jurisdiction } = cloudflare.databases[0];
  assert.equal(jurisdiction, "eu");
  assert.ok(sql.prepare("SELECT count(*) AS n FROM d1_migrations").get().n >= 3);
  assert.equal(sql.prepare("SELECT count(*) AS n FROM tenants").get().n, 0);
  assert.deepEqual([...hub().secrets.keys()], ["TOCSIN_SECRET", "TOCSIN_ADMIN_TOKEN"]);
  assert.deepEqual(hub().crons, ["* * * * *"]);
});
await deploy.check("the version that serves first has its database, address, objects and secrets already", () => {
  assert.equal(hub().versions.length, 1);
  const named = Object.fromEntries(hub().versions[0].resources.bindings.map((binding) => [binding.name, binding]));
  assert.equal(named["DB"].id, cloudflare.databases[0].uuid);
  assert.equal(named["TOCSIN_PUBLIC_URL"].text, address);
  assert.equal(named["INCIDENT"].class_name, "IncidentObject");
  assert.equal(named["LOADER"].type, "worker_loader");
  assert.match(named["TOCSIN_SECRET"].text, /^[\w-]{43}$/);
  assert.deepEqual(hub().versions[0].resources.migrations.steps[0].new_sqlite_classes.slice(0, 1), ["IncidentObject"]);
});
await deploy.check("the admin UI goes up with it, its pages through the Worker", () => {
  const paths = [...cloudflare.assets.keys()];
  assert.ok(paths.includes("/index.html") && paths.some((each) => /^\/assets\/index-.*\.js$/.test(each)), paths.join());
  assert.deepEqual(
    paths.filter((each) => /\/\./.test(each)),
    [],
  );
  assert.ok(hub().versions[0].resources.bindings.some((binding) => binding.name === "UI" && binding.type === "assets"));
});
await deploy.check("the admin token is shown, the root key is not, and it says what to do next", () => {
  assert.match(first.output, new RegExp(`token +${hub().secrets.get("TOCSIN_ADMIN_TOKEN")}`));
  assert.doesNotMatch(first.output, new RegExp(hub().secrets.get("TOCSIN_SECRET")));
  assert.match(first.output, new RegExp(`curl ${address}/readyz`));
});

const secretsBefore = new Map(hub().secrets);
cloudflare.calls.length = 0;
const second = await run([], { ...online, TOCSIN_ENV_ACME_KEY: "k-2", TOCSIN_SECRET: "another-root-key-another-root-key-00" });
await deploy.check("a second run finds everything, its address included, makes nothing twice and replaces no key", () => {
  assert.equal(second.code, 0, second.output);
  assert.equal(cloudflare.databases.length, 1);
  assert.ok(!cloudflare.calls.includes("POST /d1/database"));
  assert.match(second.output, /database +tocsin found/);
  assert.match(second.output, /tables +up to date/);
  assert.match(second.output, new RegExp(`address +${address}`));
  assert.match(second.output, /kept TOCSIN_SECRET, TOCSIN_ADMIN_TOKEN/);
  assert.doesNotMatch(second.output, /token +\S{43}/);
  for (const [name, value] of secretsBefore) assert.equal(hub().secrets.get(name), value);
  assert.equal(hub().secrets.get("TOCSIN_ENV_ACME_KEY"), "k-2");
  assert.equal(
    hub()
      .versions.at(-1)
      .resources.bindings.find(({ name }) => name === "TOCSIN_PUBLIC_URL").text,
    address,
  );
});
const third = await run(["--no-sandbox"], online);
await deploy.check("an account without the Worker Loader gets everything else", () => {
  assert.equal(third.code, 0, third.output);
  const names = hub()
    .versions.at(-1)
    .resources.bindings.map(({ name }) => name);
  assert.ok(names.includes("INCIDENT") && names.includes("DB") && !names.includes("LOADER"), names.join());
});
await deploy.check("no run has touched the repository", () => {
  assert.equal(hashOf(path.join(root, "wrangler.toml")), committed);
  const { status, stdout } = spawnSync("git", ["status", "--porcelain", "--", "dist", "wrangler.toml"], {
    cwd: root,
    encoding: "utf8",
  });
  if (status === 0) assert.equal(stdout, "");
});
await cloudflare.close();

// Each way it can go wrong.
async function runFake(state, { args = ["--public-url", address], env = {} } = {}) {
  const file = path.join(mkdtempSync(path.join(scratch, "fake-")), "state.json");
  writeFileSync(file, JSON.stringify(state));
  const fake = { TOCSIN_LAUNCHER_WRANGLER: path.join(root, "test/e2e/fake-wrangler.mjs"), TOCSIN_LAUNCHER_FAKE: file };
  const result = await run(args, { ...fake, ...env });
  const calls = existsSync(`${file}.calls`) ? readFileSync(`${file}.calls`, "utf8").trim().split("\n") : [];
  return { ...result, calls, state: JSON.parse(readFileSync(file, "utf8")) };
}
const deployed = {
  databases: [{ uuid: "u-1", name: "tocsin" }],
  secrets: { TOCSIN_SECRET: "s", TOCSIN_ADMIN_TOKEN: "t" },
  publicUrl: address,
};

/** @type {[string, object, number][]} the command that fails, what is there before, calls before it */
const failures = [
  ["whoami", {}, 0],
  ["d1 list", {}, 1],
  ["secret list", deployed, 2],
  ["d1 create", {}, 3],
  ["d1 migrations", deployed, 3],
  ["d1 execute", { ...deployed, secrets: {} }, 4],
  ["deploy", deployed, 4],
];
for (const [fails, from, after] of failures) {
  await deploy.check(`where \`wrangler ${fails}\` fails it stops there, with wrangler's words and what to do`, async () => {
    const { code, output, calls } = await runFake({ ...from, fails });
    assert.equal(code, 1, output);
    assert.match(
      output,
      new RegExp(`\`wrangler ${fails}.*\` ended with 1 \\(.{10,}\\):\n✘ \\[ERROR\\] A request to the Cloudflare API failed`),
    );
    assert.equal(calls.length, after + 1, calls.join("\n"));
    assert.ok(calls.at(-1).startsWith(fails));
  });
}
await deploy.check("a deployment that fails over the Worker Loader says how to do without", async () => {
  const { code, output } = await runFake({
    ...deployed,
    fails: "deploy",
    words: "binding LOADER of type worker_loader is refused",
  });
  assert.equal(code, 1);
  assert.match(output, /run again with --no-sandbox/);
  assert.doesNotMatch((await runFake({ ...deployed, fails: "deploy" })).output, /--no-sandbox/);
});
await deploy.check("not signed in: says both ways in, before anything is made", async () => {
  const { code, output, calls } = await runFake({ signedIn: false });
  assert.equal(code, 1);
  assert.match(output, /npx wrangler login.*CLOUDFLARE_API_TOKEN/);
  assert.deepEqual(calls, ["whoami"]);
});
await deploy.check("several accounts: lists them and asks for one; with one named it goes on", async () => {
  const accounts = [
    { id: "a1", name: "Acme" },
    { id: "b2", name: "Beta" },
  ];
  const asked = await runFake({ accounts });
  assert.equal(asked.code, 1);
  assert.match(asked.output, /CLOUDFLARE_ACCOUNT_ID[\s\S]*a1 +Acme[\s\S]*b2 +Beta/);
  const chosen = await runFake({ accounts }, { env: { CLOUDFLARE_ACCOUNT_ID: "b2" } });
  assert.equal(chosen.code, 0, chosen.output);
  assert.match(chosen.output, /account +Beta \(b2\)/);
});
await deploy.check("no address, and none in force: refused before anything is made", async () => {
  const { code, output, calls } = await runFake({}, { args: [] });
  assert.equal(code, 1);
  assert.match(output, /TOCSIN_PUBLIC_URL is not set/);
  assert.ok(!calls.some((call) => call.startsWith("d1 create")));
});
await deploy.check("a database of tenants whose root key is gone is not given a new one", async () => {
  const orphaned = { databases: deployed.databases, tenants: 2 };
  const refused = await runFake(orphaned);
  assert.equal(refused.code, 1);
  assert.match(refused.output, /holds 2 tenants sealed under an earlier TOCSIN_SECRET/);
  assert.equal(refused.state.secrets, undefined);
  const key = "the-earlier-root-key-the-earlier-root-key";
  const restored = await runFake(orphaned, { env: { TOCSIN_SECRET: key } });
  assert.equal(restored.code, 0, restored.output);
  assert.equal(restored.state.secrets.TOCSIN_SECRET, key);
});
const failed = await runFake({ fails: "deploy" });
const well = await runFake({});
await deploy.check("the token that a failed deployment may have stored is said, so that it is not lost", () => {
  assert.equal(failed.code, 1);
  assert.match(failed.output, new RegExp(`token +${failed.state.secrets.TOCSIN_ADMIN_TOKEN}`));
});
await deploy.check("the file of secrets is its owner's alone, and gone afterwards", () => {
  for (const { state } of [failed, well]) {
    assert.equal(state.secretsFile.mode, "600");
    assert.ok(!existsSync(path.dirname(state.secretsFile.path)));
  }
});
await deploy.check("an address that this deployment does not answer at is said, with where to change it", async () => {
  const { code, output } = await runFake(deployed, { args: ["--public-url", "https://pager.acme.test"] });
  assert.equal(code, 0, output);
  assert.match(output, /links point at pager\.acme\.test, but this deployment answers at tocsin\.acme\.workers\.dev/);
  assert.doesNotMatch(well.output, /links point at/);
});
await deploy.check("a wrangler that ends well without deploying is not believed", async () => {
  const { code, output } = await runFake({ ...deployed, aborts: true });
  assert.equal(code, 1);
  assert.match(output, /wrangler deployed nothing/);
});

rmSync(scratch, { recursive: true, force: true });
deploy.end();
