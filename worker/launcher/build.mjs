// Owns the build: the Worker bundled once, Miniflare's options read once from wrangler.toml, the migrations beside them.
// What it leaves in dist/ is all that `npm start` needs, so that a start imports Miniflare and nothing larger.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * What a start reads. Paths are relative to the folder that holds launch.json.
 * @typedef {object} Launch
 * @property {string} hash SHA-256 over every input of the build
 * @property {string} name the Worker's name
 * @property {string} script the bundled module
 * @property {string | null} database binding of the D1 database whose migrations are applied at start
 * @property {string} migrations folder of *.sql files
 * @property {string | null} ui folder of the admin UI's files; null: this build has none
 * @property {Record<string, unknown>} worker Miniflare's options of the Worker
 */

export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

const inputs = ["wrangler.toml", "package-lock.json", "worker", "plugins", "migrations", "admin-ui"];
/** Nothing sent home, nothing written to the person's own folders. */
export const quietWrangler = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_WRITE_LOGS: "false",
};
const bundleLimitMs = 120_000;

/**
 * Builds when an input changed since the last time.
 * @param {{ root?: string, log?: (line: string) => void }} [options] `root`: the folder of wrangler.toml
 * @returns {Promise<string>} the path of launch.json
 */
export async function build({ root = projectRoot, log = () => {} } = {}) {
  const out = path.join(root, "dist");
  const launchFile = path.join(out, "launch.json");
  const hash = hashInputs(root);
  if (readHash(launchFile) === hash) return launchFile;
  const began = Date.now();
  log("building the Worker …");
  const fresh = path.join(out, `.build-${process.pid}`);
  makeFolder(fresh);
  try {
    const withUi = hasUi(root);
    await Promise.all([bundle(root, fresh), withUi ? buildUi(root, path.join(fresh, "ui")) : null]);
    const launch = await describe(root, hash, withUi);
    const migrations = path.join(root, "migrations");
    mkdirSync(path.join(fresh, "migrations"));
    if (existsSync(migrations)) cpSync(migrations, path.join(fresh, "migrations"), { recursive: true });
    writeFileSync(path.join(fresh, "launch.json"), `${JSON.stringify(launch, null, 2)}\n`);
    replace(fresh, out, launch.script);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  log(`built in ${((Date.now() - began) / 1_000).toFixed(1)} s`);
  return launchFile;
}

/** A service's user reads the code and does not own it. */
function makeFolder(folder) {
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    if (cause.code !== "EACCES" && cause.code !== "EROFS" && cause.code !== "EPERM") throw cause;
    const where = path.dirname(folder);
    throw new Error(
      `this version is not built yet, and ${where} cannot be written by this user: run \`npm run build\` as its owner`,
      { cause },
    );
  }
}

/** launch.json goes last: whoever reads it finds the files it names. */
function replace(fresh, out, script) {
  renameSync(path.join(fresh, script), path.join(out, script));
  rmSync(path.join(out, "migrations"), { recursive: true, force: true });
  renameSync(path.join(fresh, "migrations"), path.join(out, "migrations"));
  // Pages that are open still ask for the hashed files of the build before: those stay.
  if (existsSync(path.join(fresh, "ui"))) cpSync(path.join(fresh, "ui"), path.join(out, "ui"), { recursive: true });
  renameSync(path.join(fresh, "launch.json"), path.join(out, "launch.json"));
}

/** @param {string} root */
export function hasUi(root) {
  return existsSync(path.join(root, "admin-ui", "vite.config.ts"));
}

/** The pages, by Vite in a process of its own. @param {string} root @param {string} outDir */
export async function buildUi(root, outDir) {
  const vite = fileURLToPath(new URL("bin/vite.js", toolAt("vite/package.json")));
  const args = [vite, "build", path.join(root, "admin-ui"), "--outDir", outDir, "--emptyOutDir", "--logLevel", "warn"];
  await run("the admin UI did not build (Vite", args, { cwd: root, env: { ...process.env, NODE_ENV: "production" } });
}

/** Wrangler's own bundler, in a process of its own: the same code that a deploy uploads. */
async function bundle(root, outDir) {
  const wrangler = fileURLToPath(new URL("../bin/wrangler.js", toolAt("wrangler")));
  const args = [wrangler, "deploy", "--dry-run", "--outdir", outDir, "--config", path.join(root, "wrangler.toml")];
  const env = { ...process.env, ...quietWrangler, WRANGLER_HIDE_BANNER: "true", NO_COLOR: "1", FORCE_COLOR: "0", CI: "true" };
  await run("the Worker did not bundle (wrangler", args, { cwd: root, env });
}

async function run(failure, args, { cwd, env }) {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: bundleLimitMs });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code === 0) return;
  const missing = missingPackage(output);
  if (missing !== null) throw new Error(`a package is missing: run npm install (nothing is found of ${missing})`);
  throw new Error(`${failure} ended with ${code}):\n${output.trim()}`);
}

/** The package that a bundler, or Node, looked for and did not find; null: it failed for another reason. */
function missingPackage(output) {
  const found = /Could not resolve "([^"]+)"|failed to resolve import "([^"]+)"|Cannot find (?:package|module) '([^']+)'/.exec(
    output,
  );
  const name = found?.slice(1).find((each) => each !== undefined) ?? null;
  return name === null || /^[./]|^[a-z]+:/.test(name) || isBuiltin(name) ? null : name;
}

/** Where a tool of the build lies. */
function toolAt(name) {
  try {
    return import.meta.resolve(name);
  } catch (cause) {
    throw new Error(`a package is missing: run npm install (nothing is found of ${name})`, { cause });
  }
}

/** @returns {Promise<Launch>} */
async function describe(root, hash, withUi) {
  Object.assign(process.env, { ...quietWrangler, WRANGLER_LOG: "error" });
  const { unstable_getMiniflareWorkerOptions: workerOptionsOf, unstable_readConfig: readConfig } = await import("wrangler");
  const config = path.join(root, "wrangler.toml");
  const { name, main, vars, d1_databases: databases = [] } = readConfig({ config }, { hideWarnings: true });
  const { workerOptions } = workerOptionsOf(config);
  // The folder may be moved; and `bindings` would hold a developer's .dev.vars, which are no part of a build.
  const { modulesRules: _rules, modulesRoot: _modulesRoot, rootPath: _root, bindings: _bindings, ...worker } = workerOptions;
  return {
    hash,
    name: name ?? "worker",
    script: `${path.basename(main ?? "index.ts").replace(/\.\w+$/, "")}.js`,
    database: databases[0]?.binding ?? null,
    migrations: "migrations",
    ui: withUi ? "ui" : null,
    worker: { ...worker, bindings: vars },
  };
}

function readHash(launchFile) {
  try {
    const { hash, script } = JSON.parse(readFileSync(launchFile, "utf8"));
    return existsSync(path.join(path.dirname(launchFile), script)) ? hash : null;
  } catch {
    return null; // Not built yet, or by a version that wrote something else.
  }
}

/** Every file that can change the bundle. Tests and READMEs cannot. */
function hashInputs(root) {
  const hash = createHash("sha256");
  for (const file of inputs.flatMap((input) => filesUnder(root, input)).toSorted(byText)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

function byText(a, b) {
  return a < b ? -1 : 1;
}

function filesUnder(root, relative) {
  const full = path.join(root, relative);
  if (!existsSync(full)) return [];
  const entries = readdirSyncOrNull(full);
  if (entries === null) return [relative];
  return entries
    .filter((entry) => !/^(node_modules|launcher|fixtures|golden|meta|pictures)$|\.md$|\.test\.ts$/.test(entry))
    .flatMap((entry) => filesUnder(root, path.join(relative, entry)));
}

/** Null: it is a file. */
function readdirSyncOrNull(full) {
  try {
    return readdirSync(full);
  } catch (error) {
    if (error.code === "ENOTDIR") return null;
    throw error;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const launchFile = await build({ log: console.error });
    console.log(path.relative(process.cwd(), launchFile));
    process.exit(0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
