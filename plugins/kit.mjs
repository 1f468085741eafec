// Owns `npm run kit -- PLUGIN`: the contract kit over a plugin of one's own, as a hub runs it on an upload, and the upload itself; or
// over a source of this repository, as CI does.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ownPlugins } from "../worker/api/contract/own-plugins.ts";
import { checkOwn } from "../worker/own-plugins/kit.ts";
import { AuthorError, framed, isOwnPath, loadFixtures, loadOwn } from "./own/load.mjs";
import { localRuntime } from "./own/runtime.mjs";
import { table } from "./own/table.mjs";

const usage = `usage: npm run kit -- ./my-plugin.ts [FIXTURES.json…]   a plugin of your own, with the fixtures.json beside it
         --upload https://hub.example.com/t/TENANT   then uploads it, with the key in TOCSIN_KEY; --activate puts it in use
         --id ID --name NAME --note TEXT             the file's name is the id by default
       npm run kit -- SOURCE                          a source of plugins/sources`;

function refuse(message, withUsage = true) {
  console.error(withUsage ? `${message}\n${usage}` : message);
  process.exit(2);
}

function options() {
  const text = { type: "string" };
  try {
    return parseArgs({
      allowPositionals: true,
      options: { upload: text, id: text, name: text, note: text, activate: { type: "boolean", default: false } },
    });
  } catch (error) {
    return refuse(error.message);
  }
}

const { values, positionals } = options();
const [name, ...fixtureFiles] = positionals;
if (name === undefined) refuse("a plugin is needed");
try {
  process.exitCode = isOwnPath(name) ? await ofOwn() : await ofSource();
} catch (error) {
  if (!(error instanceof AuthorError)) throw error;
  refuse(error.message, false);
}

/** The kit of this repository, over one source. */
async function ofSource() {
  const { sources } = await import("./registry.gen.ts");
  if (!Object.hasOwn(sources, name))
    refuse(`there is no source "${name}"; a plugin of your own is named by its file, ./${name}.ts`);
  const vitest = createRequire(import.meta.url).resolve("vitest/vitest.mjs");
  const args = [vitest, "run", "--project", "node", "test/plugins/sources.test.ts", "-t", name];
  return spawnSync(process.execPath, args, { cwd: fileURLToPath(new URL("..", import.meta.url)), stdio: "inherit" }).status ?? 1;
}

async function ofOwn() {
  const own = await loadOwn(name);
  const given = loadFixtures(own.folder, fixtureFiles);
  const { upload, id = own.id, activate, ...words } = values;
  const body = { code: own.source, language: own.language, ...given, ...words, activate };
  const checked = ownPlugins.uploadOwnPlugin.body.safeParse(body);
  if (!checked.success)
    throw new AuthorError(checked.error.issues.map((each) => `${each.path.join(".") || "fixtures"}: ${each.message}`).join("\n"));
  const runtime = localRuntime();
  const report = await checkOwn(runtime.run, own.module, { fixtures: checked.data.fixtures, pairs: checked.data.pairs });
  await runtime.close();
  console.log(table(report));
  const failed = report.checks.filter((each) => each.passed === false);
  const line = failed.find((each) => each.line !== null);
  if (line !== undefined) console.log(`\n${framed(own.file, own.source, { message: line.reason, line: line.line })}`);
  console.log(failed.length === 0 ? "\npassed" : `\nrefused: a hub would keep nothing of it`);
  if (failed.length > 0 || upload === undefined) return failed.length === 0 ? 0 : 1;
  return sent(upload, id, checked.data);
}

/** What the hub says of it counts: it looks at everything again. */
async function sent(to, id, body) {
  const [, origin, tenant] =
    /^(https?:\/\/[^/]+)\/t\/([^/?#]+)/.exec(to) ?? refuse(`--upload ${to}: https://hub.example.com/t/TENANT is meant`);
  const key = process.env.TOCSIN_KEY ?? "";
  if (key === "") refuse("--upload needs an admin's API key in TOCSIN_KEY");
  const url = `${origin}/api/v1/tenants/${tenant}/own-plugins/${encodeURIComponent(id)}/versions`;
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  let answer;
  try {
    answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(60_000) });
  } catch (error) {
    console.error(`${origin} cannot be reached: ${error.cause?.message ?? error.message}`);
    return 1;
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    console.error(`${answer.status}: ${said.detail ?? "the hub refused it"}`);
    return 1;
  }
  console.log(`uploaded: ${id}, version ${said.version}${body.activate ? ", in use" : ""}`);
  if (answer.status === 202) console.log(said.detail);
  return 0;
}
