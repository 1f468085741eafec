// Owns `npm run receive -- SOURCE FILE`: what a body becomes, by the same way a request goes, without a hub. For authors of
// plugins and for whoever writes a template at the sender. FILE "-" is the standard input.
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { parseBody } from "../worker/ingest/body.ts";
import { readAlerts } from "../worker/ingest/read.ts";
import { within } from "./kit/checks.ts";
import { sources } from "./registry.gen.ts";

const usage = `usage: npm run receive -- SOURCE|./PLUGIN.ts FILE|- [--header "name: value"]… [--query name=value]… [--config JSON] [--secret SECRET]
  --secret also checks the sender's proof, as at the time --now (ISO; the present by default)
sources: ${Object.keys(sources).join(", ")}`;

function refuse(message) {
  console.error(`${message}\n${usage}`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        header: { type: "string", multiple: true, default: [] },
        query: { type: "string", multiple: true, default: [] },
        config: { type: "string", default: "{}" },
        secret: { type: "string" },
        now: { type: "string" },
      },
    });
  } catch (error) {
    return refuse(error.message);
  }
}

/** Pairs of a name and a value; the name ends at the first separator. */
function pairs(list, separator, fold) {
  return Object.fromEntries(
    list.map((each) => {
      const at = each.indexOf(separator);
      if (at <= 0) refuse(`"${each}" is not name${separator}value`);
      const name = each.slice(0, at).trim();
      return [fold ? name.toLowerCase() : name, each.slice(at + 1).trim()];
    }),
  );
}

const { values, positionals } = options();
const [id, file] = positionals;
if (id === undefined || file === undefined || positionals.length > 2) refuse("a source and a file are needed");
const isFile = /\.[cm]?[jt]s$/.test(id);
const plugin = isFile ? null : Object.hasOwn(sources, id) ? sources[id] : refuse(`there is no source "${id}"`);
let config;
let body;
try {
  config = JSON.parse(values.config);
  body = new Uint8Array(readFileSync(file === "-" ? 0 : file));
} catch (error) {
  refuse(error.message);
}
const headers = pairs(values.header, ":", true);

if (values.secret !== undefined && plugin !== null) {
  const now = values.now === undefined ? Date.now() : Date.parse(values.now);
  const keys = { get: async (url) => await (await fetch(url)).text() };
  const request = { method: "POST", path: "/v1/ingest/key", query: pairs(values.query, "=", false), headers, body };
  const verdict = await plugin.verify(request, { secret: values.secret, config: plugin.config.parse(config), now, keys });
  console.error(verdict.ok ? "proof: good" : `proof: refused, ${verdict.reason} (the sender hears only 401)`);
  if (!verdict.ok) process.exitCode = 1;
}

const result = plugin === null ? await byOwnFile() : readAlerts(plugin, { body, headers, config });
if (result.ok) console.log(JSON.stringify(result.alerts, null, 2));
else {
  console.error(`unreadable: ${result.reason}\nThe hub would answer 202, keep the body, and open an incident that says so.`);
  process.exitCode = 1;
}

/** A plugin of a tenant's own, in one file, as the hub reads by it; without the sandbox, as the file is the author's. */
async function byOwnFile() {
  registerHooks({
    resolve: (name, context, next) =>
      name === "tocsin/sdk"
        ? { url: new URL("../worker/sandbox/inside/sdk.ts", import.meta.url).href, shortCircuit: true }
        : next(name, context),
  });
  const parsed = parseBody(body, "any", headers["content-type"]);
  if (!parsed.ok) return parsed;
  try {
    const own = await import(pathToFileURL(resolve(id)).href);
    const returned = own.plugin.normalize({ payload: parsed.payload, headers, config });
    const alerts = returned.map((each) => within(each));
    return alerts.includes(null)
      ? { ok: false, reason: "it returned something that is no alert: it needs a dedupKey and an action" }
      : { ok: true, alerts };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
