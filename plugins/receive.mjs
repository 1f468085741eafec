// Owns `npm run receive -- SOURCE FILE`: what a body becomes, by the same way a request goes, without a hub. For authors of
// plugins and for whoever writes a template at the sender. FILE "-" is the standard input.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readAlerts } from "../worker/ingest/read.ts";
import { tryOwn } from "../worker/own-plugins/kit.ts";
import { AuthorError, framed, fromHere, isOwnPath, loadOwn } from "./own/load.mjs";
import { localRuntime } from "./own/runtime.mjs";
import { sources } from "./registry.gen.ts";

const usage = `usage: npm run receive -- SOURCE|./PLUGIN.ts FILE|- [--header "name: value"]… [--query name=value]… [--config JSON] [--secret SECRET]
  --config: of a source, the integration's config; of ./PLUGIN.ts, its settings. It runs shut in, with the limits of a hub
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
const plugin = isOwnPath(id) ? null : Object.hasOwn(sources, id) ? sources[id] : refuse(`there is no source "${id}"`);
let config;
let body;
try {
  config = JSON.parse(values.config);
  body = new Uint8Array(readFileSync(file === "-" ? 0 : fromHere(file)));
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
if (result.ok) {
  console.log(JSON.stringify(result.alerts, null, 2));
  if (result.others !== undefined)
    console.error(`not all of it: ${result.others}\nThe hub would open an incident about that as well.`);
} else {
  console.error(`unreadable: ${result.reason}\nThe hub would answer 202, keep the body, and open an incident that says so.`);
  process.exitCode = 1;
}

/** A plugin of a tenant's own, in one file, as the hub reads by it. */
async function byOwnFile() {
  const runtime = localRuntime();
  try {
    const own = await loadOwn(id);
    const { unreadable, line, alerts } = await tryOwn(runtime.run, own.module, {
      body,
      headers,
      settings: config,
      format: "any",
    });
    if (unreadable === null) return { ok: true, alerts };
    return { ok: false, reason: line === null ? unreadable : framed(own.file, own.source, { message: unreadable, line }) };
  } catch (error) {
    if (error instanceof AuthorError) return { ok: false, reason: error.message };
    throw error;
  } finally {
    await runtime.close();
  }
}
