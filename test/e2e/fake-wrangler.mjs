// Owns a stand-in of wrangler 4.156 for the ways in which a deployment goes wrong: answers in its words (taken from the real
// program, which the first half of deploy.mjs runs), fails where it is told to, and writes down what it was asked.
// State is a JSON file named by TOCSIN_LAUNCHER_FAKE.
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

const file = process.env.TOCSIN_LAUNCHER_FAKE;
const state = JSON.parse(readFileSync(file, "utf8"));
const args = process.argv.slice(2);
const command = args.filter((arg, i) => !arg.startsWith("-") && !args[i - 1]?.startsWith("--")).join(" ");
const flag = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : null);
const save = () => writeFileSync(file, JSON.stringify(state));
const dryRun = args.includes("--dry-run");
if (!dryRun) appendFileSync(`${file}.calls`, `${command}\n`);

function fail(text) {
  console.error(`\u001b[31m✘ \u001b[41;31m[\u001b[41;97mERROR\u001b[41;31m]\u001b[0m \u001b[1m${text}\u001b[0m\n`);
  process.exit(1);
}

if (process.env.WRANGLER_LOG !== "log") process.exit(0); // A quieter wrangler leaves its answers out.
if (Object.keys(process.env).some((name) => /^TOCSIN_(?!LAUNCHER_)/.test(name))) fail("a TOCSIN_ variable reached wrangler");
if (!dryRun && state.fails !== undefined && `${command} `.startsWith(`${state.fails} `)) {
  if (state.fails === "deploy") storeSecrets(); // As when the upload went well and the cron triggers did not.
  fail(`A request to the Cloudflare API failed.\n\n  ${state.words ?? "Authentication error [code: 10000]"}`);
}

const answers = {
  whoami: () => {
    if (state.signedIn === false) {
      console.log('{"loggedIn":false}');
      process.exit(1);
    }
    return {
      loggedIn: true,
      authType: "User API Token",
      email: "ana@acme.test",
      accounts: state.accounts ?? [{ id: "a1", name: "Acme" }],
    };
  },
  "d1 list": () => state.databases ?? [],
  "secret list": () => {
    if (state.secrets === undefined)
      fail('Worker "tocsin" not found.\n\n  If this is a new Worker, run `wrangler deploy` first to create it.');
    return Object.keys(state.secrets).map((name) => ({ name, type: "secret_text" }));
  },
  "deployments status": () => ({ id: "d1", versions: [{ version_id: "v1", percentage: 100 }] }),
  "versions view": () => ({
    id: "v1",
    resources: { bindings: state.publicUrl ? [{ type: "plain_text", name: "TOCSIN_PUBLIC_URL", text: state.publicUrl }] : [] },
  }),
  "d1 execute": () => [{ results: [{ tenants: state.tenants ?? 0 }], success: true, meta: { duration: 0 } }],
  "d1 create": () => {
    state.databases = [...(state.databases ?? []), { uuid: "11111111-2222-4333-8444-555555555555", name: args[2] }];
    save();
    return `✅ Successfully created DB '${args[2]}' in region WEUR`;
  },
  "d1 migrations apply": () => "✅ No migrations to apply!",
  deploy: () => {
    if (dryRun) {
      mkdirSync(flag("--outdir"), { recursive: true });
      writeFileSync(path.join(flag("--outdir"), "index.js"), "export default {};\n");
      return "--dry-run: exiting now.";
    }
    if (state.aborts) return "Aborting deploy...";
    storeSecrets();
    return "Uploaded tocsin (1.00 sec)\nDeployed tocsin triggers (0.40 sec)\n  https://tocsin.acme.workers.dev\n  schedule: * * * * *\nCurrent Version ID: v2";
  },
};

function storeSecrets() {
  const secrets = flag("--secrets-file");
  const sent = secrets === null ? {} : JSON.parse(readFileSync(secrets, "utf8"));
  state.secrets = { ...state.secrets, ...sent };
  state.sent = Object.keys(sent);
  state.secretsFile = secrets === null ? null : { path: secrets, mode: (statSync(secrets).mode & 0o777).toString(8) };
  save();
}

if (flag("--config") !== null && !existsSync(flag("--config"))) fail(`Could not read file: ${flag("--config")}`);
const name = Object.keys(answers).find((each) => `${command} `.startsWith(`${each} `));
if (name === undefined) fail(`Unknown arguments: ${command}`);
const answer = answers[name]();
console.log(typeof answer === "string" ? answer : JSON.stringify(answer, null, 2));
