// Owns `npm run deploy`: to Cloudflare, step by step, each step finding what an earlier run left. What it wants is in
// deploy-plan.mjs, how Cloudflare is asked in wrangler.mjs. Never edits wrangler.toml: the account's facts go into dist/deploy.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { buildUi, hasUi, projectRoot, quietWrangler } from "./build.mjs";
import { configOf, problemsOf, publicUrlOf, secretsFor, uploadBytesMax, withoutLoader } from "./deploy-plan.mjs";
import { say, tellDryRun, tellSecrets, tellSize, tellToken, tellWhatNext } from "./deploy-tell.mjs";
import { paint } from "./paint.mjs";
import { cloudflare, DeployRefusal, wrangler } from "./wrangler.mjs";

const usage = `npm run deploy -- [options]
  --dry-run            bundle, check, and say what would be done; needs no network and no account
  --public-url URL     what links point at, e.g. https://tocsin.example.com (or TOCSIN_PUBLIC_URL; asked for once)
  --location HINT      where a new database is placed: weur, eeur, apac, oc, wnam, enam
  --jurisdiction NAME  where a new database must stay: eu, fedramp, us
  --config FILE        another wrangler.toml
  --no-sandbox         without the Worker Loader, for an account that has none: tenants upload no code of their own
Environment: CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID (or \`npx wrangler login\`), TOCSIN_SECRET, TOCSIN_ADMIN_TOKEN,
TOCSIN_ENV_*, TOCSIN_DEADMAN_URL, TOCSIN_METRICS_TOKEN (see worker/launcher/README.md)`;

const oldestNode = 22;
const noLoaderHint =
  "If this is about the Worker Loader, run again with --no-sandbox: everything but plugins of the tenants' own works without it";
const uiFolder = path.join("dist", "deploy", "ui");

function readCommandLine() {
  const { values } = parseArgs({
    options: {
      "dry-run": { type: "boolean", default: false },
      "public-url": { type: "string" },
      location: { type: "string" },
      jurisdiction: { type: "string" },
      "no-sandbox": { type: "boolean", default: false },
      config: { type: "string", default: path.join(projectRoot, "wrangler.toml") },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  return {
    dryRun: values["dry-run"],
    url: values["public-url"] ?? process.env.TOCSIN_PUBLIC_URL,
    where: ["location", "jurisdiction"].flatMap((flag) => (values[flag] === undefined ? [] : [`--${flag}`, values[flag]])),
    configFile: path.resolve(values.config),
    sandbox: !values["no-sandbox"],
  };
}

async function main() {
  if (Number(process.versions.node.split(".")[0]) < oldestNode) {
    throw new DeployRefusal(`Node ${process.versions.node} is too old for wrangler; \`npm run deploy\` brings its own`);
  }
  const { dryRun, url, where, configFile, sandbox } = readCommandLine();
  const root = path.dirname(configFile);
  const api = cloudflare((args) => wrangler(args, { cwd: root }));
  console.log(`\n  ${paint("bold", "Tocsin")}  to Cloudflare${dryRun ? ", a dry run" : ""}\n`);
  const written = await readConfig(configFile);
  const raw = sandbox ? written : withoutLoader(written);
  const known = await check({ api, raw, root, url });
  if (dryRun) tellDryRun(raw, { ...known, secrets: secretsFor(process.env, []) });
  else await deploy({ api, raw, root, where, givenUrl: known.publicUrl });
}

/** Everything that can be known without a network; refuses when it is wrong. */
async function check({ api, raw, root, url }) {
  const folder = path.join(root, databaseOf(raw)?.migrations_dir ?? "migrations");
  const migrationFiles = filesIn(folder).filter((file) => file.endsWith(".sql"));
  const problems = problemsOf(raw, process.env, { migrationFiles, journal: journalOf(folder) });
  if (typeof raw.main === "string" && !existsSync(path.join(root, raw.main))) problems.push(`main = ${raw.main}: no such file`);
  // The committed address is for one machine, until somebody writes a real one there.
  const written = raw.vars?.TOCSIN_PUBLIC_URL;
  const wanted = url || (written?.startsWith("https:") ? written : undefined);
  const read = wanted === undefined ? { url: null } : publicUrlOf(wanted);
  if ("problem" in read) problems.push(read.problem);
  if (problems.length > 0) {
    throw new DeployRefusal(`not ready to deploy; nothing was sent:\n${problems.map((problem) => `- ${problem}`).join("\n")}`);
  }
  const outDir = path.join(root, "dist", "deploy", "bundle");
  rmSync(outDir, { recursive: true, force: true });
  if (hasUi(root)) await buildUi(root, path.join(root, uiFolder));
  const warnings = await api.check(writeConfig(raw, root, { databaseId: null, publicUrl: read.url }), outDir);
  if (warnings !== "") console.log(`${warnings}\n`);
  const size = sizeOf(outDir);
  tellSize(size);
  if (size.bytes > uploadBytesMax) throw new DeployRefusal("the bundle is larger than Cloudflare takes; nothing was sent");
  return { publicUrl: read.url, migrationFiles };
}

/** @param {{ api: import("./wrangler.mjs").Cloudflare }} options */
async function deploy({ api, raw, root, where, givenUrl }) {
  say("account", accountOf(await api.whoAmI(), raw));
  const { database_name: name } = databaseOf(raw);
  const found = (await api.databases()).find((each) => each.name === name);
  const draft = writeConfig(raw, root, { databaseId: found?.uuid ?? null, publicUrl: givenUrl });
  const present = await api.secrets(draft);
  const inForce = () => (present === null ? null : api.variableInForce("TOCSIN_PUBLIC_URL", draft));
  const publicUrl = givenUrl ?? (await inForce()) ?? (await askForUrl(raw.name)); // Before anything is made.
  say("address", publicUrl);

  const databaseId = found?.uuid ?? (await createDatabase(api, name, where));
  say("database", `${name} ${found === undefined ? "created" : "found"} (${databaseId})`);
  const config = writeConfig(raw, root, { databaseId, publicUrl });
  const applied = await api.migrate(name, config);
  say("tables", applied.length === 0 ? "up to date" : `applied ${applied.join(", ")}`);

  const secrets = secretsFor(process.env, present ?? []);
  if (found !== undefined && secrets.made.includes("TOCSIN_SECRET")) await refuseNewRootKey(api, name, config);
  const targets = await upload(api, config, secrets).catch((error) => {
    throw raw.worker_loaders && /loader/i.test(error.message) ? new DeployRefusal(`${error.message}\n${noLoaderHint}`) : error;
  });
  tellSecrets(secrets);
  say("worker", `${raw.name} deployed`);
  if (secrets.made.includes("TOCSIN_ADMIN_TOKEN")) tellToken(secrets.values.TOCSIN_ADMIN_TOKEN);
  tellWhatNext({ publicUrl, targets, name: raw.name });
}

function accountOf({ email, accounts }, raw) {
  const wanted = process.env.CLOUDFLARE_ACCOUNT_ID ?? raw.account_id;
  if (wanted === undefined && accounts.length > 1) {
    const list = accounts.map(({ id, name }) => `- ${id}  ${name}`).join("\n");
    throw new DeployRefusal(`several Cloudflare accounts are within reach; set CLOUDFLARE_ACCOUNT_ID to the one meant:\n${list}`);
  }
  const account = accounts.find(({ id }) => wanted === undefined || id === wanted);
  const text = account === undefined ? (wanted ?? "the token's own") : `${account.name} (${account.id})`;
  return email ? `${text}, as ${email}` : text;
}

async function createDatabase(api, name, where) {
  await api.createDatabase(name, where);
  const made = (await api.databases()).find((each) => each.name === name);
  if (made !== undefined) return made.uuid;
  throw new DeployRefusal(`the database ${name} was created, but is not listed yet. Run \`npm run deploy\` again in a minute`);
}

/** What the database holds was sealed under a root key that this Worker does not have: a new one would open none of it. */
async function refuseNewRootKey(api, name, config) {
  const tenants = await api.count(name, "SELECT count(*) AS tenants FROM tenants", config);
  if (tenants === 0) return;
  throw new DeployRefusal(
    `the database ${name} holds ${tenants} tenant${tenants === 1 ? "" : "s"} sealed under an earlier TOCSIN_SECRET, and the Worker has none. Set TOCSIN_SECRET to that earlier key and run again; or, to begin anew, remove the database: npx wrangler d1 delete ${name}`,
  );
}

/** The secrets go up in the same version as the code: none ever serves without them. */
async function upload(api, config, secrets) {
  if (Object.keys(secrets.values).length === 0) return api.deploy(config, null);
  const folder = mkdtempSync(path.join(tmpdir(), "tocsin-deploy-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const stop = () => process.exit(130); // "exit" removes the file.
  process.once("exit", remove).once("SIGINT", stop).once("SIGTERM", stop);
  try {
    const file = path.join(folder, "secrets.json");
    writeFileSync(file, JSON.stringify(secrets.values), { mode: 0o600 });
    return await api.deploy(config, file);
  } catch (error) {
    // It may have been stored before what failed; the next run would find it there, and nobody would know it.
    if (secrets.made.includes("TOCSIN_ADMIN_TOKEN")) tellToken(secrets.values.TOCSIN_ADMIN_TOKEN);
    throw error;
  } finally {
    remove();
    process.off("exit", remove).off("SIGINT", stop).off("SIGTERM", stop);
  }
}

async function askForUrl(name) {
  const example = `https://${name}.YOUR-SUBDOMAIN.workers.dev`;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new DeployRefusal(
      `TOCSIN_PUBLIC_URL is not set: the address that links in pages point at. With a domain of your own https://tocsin.example.com, else ${example} (the subdomain stands in the dashboard under Workers & Pages)`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    for (;;) {
      const read = publicUrlOf((await terminal.question(`  address that links point at (${example}): `)).trim());
      if ("url" in read) return read.url;
      console.log(`  ${read.problem}`);
    }
  } finally {
    terminal.close();
  }
}

async function readConfig(configFile) {
  if (!existsSync(configFile)) throw new DeployRefusal(`${configFile} is not there`);
  Object.assign(process.env, { ...quietWrangler, WRANGLER_LOG: "error" });
  const { experimental_readRawConfig: readRaw } = await import("wrangler");
  try {
    return readRaw({ config: configFile }).rawConfig;
  } catch (error) {
    throw new DeployRefusal(`${configFile} cannot be read: ${error.message}`);
  }
}

/** @returns {string} the path of the configuration that wrangler is given */
function writeConfig(raw, root, facts) {
  const folder = path.join(root, "dist", "deploy");
  mkdirSync(folder, { recursive: true });
  const fromRoot = (file) => path.relative(folder, path.join(root, file)).split(path.sep).join("/");
  const file = path.join(folder, "wrangler.json");
  writeFileSync(file, `${JSON.stringify(configOf(raw, { ...facts, ui: hasUi(root) ? uiFolder : null, fromRoot }), null, 2)}\n`);
  return file;
}

function databaseOf(raw) {
  return raw.d1_databases?.find((each) => each.binding === "DB");
}

function filesIn(folder) {
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
}

function journalOf(folder) {
  const file = path.join(folder, "meta", "_journal.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).entries.map((entry) => entry.tag) : [];
}

/** What would be uploaded; source maps and wrangler's own README are not. */
function sizeOf(outDir) {
  const files = readdirSync(outDir, { recursive: true })
    .map((file) => path.join(outDir, file))
    .filter((file) => statSync(file).isFile() && !/\.map$|README\.md$/.test(file));
  const all = Buffer.concat(files.map((file) => readFileSync(file)));
  return { bytes: all.length, packed: gzipSync(all).length };
}

try {
  await main();
  process.exit(0);
} catch (error) {
  const wrongCommandLine = error.code?.startsWith?.("ERR_PARSE_ARGS");
  console.error(error instanceof DeployRefusal || wrongCommandLine ? error.message : error);
  process.exit(wrongCommandLine ? 2 : 1);
}
