// Owns every call of wrangler that a deployment makes, through one function, and what its answers mean. Knows wrangler
// 4.156 (pinned in package.json; its answers were read in its own source); must not know what a deployment wants.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { quietWrangler } from "./build.mjs";

/** A reason not to go on, said whole: what failed, in whose words, and what to do. */
export class DeployRefusal extends Error {}

/**
 * @typedef {object} Answer
 * @property {number} code exit code; 127: it did not start
 * @property {string} stdout
 * @property {string} stderr without colours
 */

/** Its JSON goes through its logger: a quieter level would leave it out. */
const plainOutput = { WRANGLER_LOG: "log", WRANGLER_HIDE_BANNER: "true", NO_COLOR: "1", FORCE_COLOR: "0" };
const callLimitMs = 180_000;
const ownProgram = () => fileURLToPath(new URL("../bin/wrangler.js", import.meta.resolve("wrangler")));

/**
 * The one place where wrangler is started. `TOCSIN_LAUNCHER_WRANGLER` names another script that stands in for it.
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: Readonly<Record<string, string | undefined>>, limitMs?: number }} options
 * @returns {Promise<Answer>}
 */
export async function wrangler(args, { cwd, env = process.env, limitMs = callLimitMs }) {
  const program = env.TOCSIN_LAUNCHER_WRANGLER ?? ownProgram();
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    // What the hub is to be told goes by a file; a root key has no business in the environment of a bundler.
    env: { ...withoutTocsin(env), ...quietWrangler, ...plainOutput },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  const parts = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (parts.stdout += chunk));
  child.stderr.on("data", (chunk) => (parts.stderr += chunk));
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 127, stdout: "", stderr: String(error) }));
    child.once("close", (code, signal) => {
      const late = signal === null ? "" : `\nno answer within ${limitMs / 1_000} s`;
      resolve({ code: code ?? 1, stdout: parts.stdout, stderr: parts.stderr + late });
    });
  });
}

function withoutTocsin(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^TOCSIN_(?!LAUNCHER_)/.test(name)));
}

/**
 * @typedef {ReturnType<typeof cloudflare>} Cloudflare
 * What a deployment asks of Cloudflare. Each call answers, or throws a DeployRefusal that names it.
 * @param {(args: readonly string[]) => Promise<Answer>} run
 */
export function cloudflare(run) {
  async function ask(args, advice) {
    const answer = await run(args);
    if (answer.code !== 0) throw refusal(args, answer, advice);
    return answer;
  }
  async function askJson(args, advice) {
    const { stdout } = await ask(args, advice);
    return parseJson(stdout, args);
  }
  return {
    /** Who is signed in, and which accounts they reach. @returns {Promise<{ email?: string, accounts: { id: string, name: string }[] }>} */
    async whoAmI() {
      const args = ["whoami", "--json"];
      const answer = await run(args);
      if (/"loggedIn":\s*false/.test(answer.stdout)) {
        throw new DeployRefusal(
          "not signed in to Cloudflare. Either `npx wrangler login` (opens a browser), or set CLOUDFLARE_API_TOKEN to a token made from the template “Edit Cloudflare Workers” with the permission D1 Edit added",
        );
      }
      if (answer.code !== 0) throw refusal(args, answer, "is the network there, and the token valid?");
      const { email, accounts } = parseJson(answer.stdout, args);
      return { email, accounts: accounts ?? [] };
    },

    /** @returns {Promise<{ name: string, uuid: string }[]>} */
    databases: () => askJson(["d1", "list", "--json"], "does the token have the permission D1 Edit?"),

    /** @param {string} name @param {readonly string[]} where `--location` or `--jurisdiction` with its value */
    async createDatabase(name, where) {
      await ask(["d1", "create", name, ...where], "does the token have the permission D1 Edit?");
    },

    /** Names of the Worker's secrets; null: there is no such Worker yet. @returns {Promise<string[] | null>} */
    async secrets(config) {
      const args = ["secret", "list", "--format", "json", "--config", config];
      const answer = await run(args);
      // Only these words mean "not there yet". Anything else stops: a secret that exists must never be made anew.
      if (answer.code !== 0 && /Worker "[^"]*"[^\n]* not found/.test(cleaned(answer.stderr))) return null;
      if (answer.code !== 0) throw refusal(args, answer, "nothing was changed on the Worker");
      return parseJson(answer.stdout, args).map((secret) => secret.name);
    },

    /** A plain variable of the version that serves now; null when there is none, or it cannot be read. */
    async variableInForce(name, config) {
      const status = await run(["deployments", "status", "--json", "--config", config]);
      if (status.code !== 0) return null; // A Worker made by `wrangler secret put` alone has no deployment.
      const version = parseJson(status.stdout, ["deployments", "status"]).versions?.[0]?.version_id;
      if (version === undefined) return null;
      const view = await run(["versions", "view", version, "--json", "--config", config]);
      if (view.code !== 0) return null;
      const bindings = parseJson(view.stdout, ["versions", "view"]).resources?.bindings ?? [];
      return bindings.find((binding) => binding.type === "plain_text" && binding.name === name)?.text ?? null;
    },

    /** @returns {Promise<string[]>} the files applied now */
    async migrate(database, config) {
      const args = ["d1", "migrations", "apply", database, "--remote", "--config", config];
      const { stdout } = await ask(
        args,
        "the file that failed was rolled back; those before it stay applied. Mend it and run again",
      );
      return [...new Set(stdout.match(/\b\d{4}_\w+\.sql\b/g))].toSorted();
    },

    /** The one number that a query answers. */
    async count(database, sql, config) {
      const args = ["d1", "execute", database, "--remote", "--json", "--command", sql, "--config", config];
      const [{ results }] = await askJson(args, "nothing was changed on the Worker");
      return Number(Object.values(results[0])[0]);
    },

    /** Bundles and checks without a network. @returns {Promise<string>} wrangler's warnings, empty when there are none */
    async check(config, outDir) {
      const args = ["deploy", "--dry-run", "--outdir", outDir, "--config", config];
      const { stdout, stderr } = await ask(args, "nothing was sent anywhere");
      return warningsIn(`${stdout}\n${stderr}`);
    },

    /** @param {string | null} secretsFile JSON of name → value, added to those that are there @returns {Promise<string[]>} hosts that answer */
    async deploy(config, secretsFile) {
      const given = secretsFile === null ? [] : ["--secrets-file", secretsFile];
      const args = ["deploy", "--config", config, ...given];
      const { stdout } = await ask(args, "run `npm run deploy` again: it finds what is there");
      // Where a question of wrangler's is answered with no, it ends with 0 and has deployed nothing.
      if (!stdout.includes("Current Version ID")) throw new DeployRefusal(`wrangler deployed nothing:\n${cleaned(stdout)}`);
      const listed = /^Deployed .* triggers.*\n((?:[ \t]+\S.*\n?)*)/m.exec(stdout)?.[1] ?? "";
      return listed.split("\n").flatMap((line) => /^\s+(?:https:\/\/)?([\w-]+(?:\.[\w-]+)+)/.exec(line)?.[1] ?? []);
    },
  };
}

function refusal(args, answer, advice) {
  const said = cleaned(answer.stderr) || cleaned(answer.stdout) || "it said nothing";
  return new DeployRefusal(`\`wrangler ${words(args)}\` ended with ${answer.code} (${advice}):\n${said}`);
}

/** The command as a person would type it, without our own files. */
function words(args) {
  const ours = new Set(["--config", "--secrets-file", "--outdir"]);
  return args.filter((arg, i) => !ours.has(arg) && !ours.has(args[i - 1])).join(" ");
}

/** Wrangler may say a line about proxies or updates before its JSON. */
function parseJson(stdout, args) {
  const start = /^[[{]/m.exec(stdout)?.index ?? 0;
  try {
    return JSON.parse(stdout.slice(start));
  } catch {
    throw new DeployRefusal(
      `\`wrangler ${words(args)}\` answered something else than JSON:\n${cleaned(stdout).slice(0, 2_000) || "(nothing)"}`,
    );
  }
}

function warningsIn(output) {
  return cleaned(output)
    .split(/\n(?=▲)/)
    .filter((block) => block.startsWith("▲"))
    .map((block) => block.split(/\n(?=\S)/)[0].trim())
    .join("\n");
}

function cleaned(text) {
  // oxlint-disable-next-line no-control-regex -- terminal colours, where a program sends them all the same
  return text.replaceAll(/\u001b\[[0-9;]*m/g, "").trim();
}
