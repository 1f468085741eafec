// Real bodies of each sender, as other projects and the vendors published them, against what each must become. The bodies lie
// beside the project (../shared/payloads) and not in it; without them this suite is skipped, except with CI=true.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sources } from "../../plugins/registry.gen.ts";
import type { Alert, InboundRequest } from "../../plugins/sdk/index.ts";
import { readAlerts } from "../../worker/ingest/read.ts";
import { verdicts } from "./corpus-verdicts.ts";
import { lowerCase, readJson } from "./source-kit.ts";

const corpus = join(import.meta.dirname, "../../../shared/payloads");
const there = existsSync(corpus);
/** Mail, and whole requests: no source plugin reads them. */
const doors = new Set(["email", "_captures"]);
const notes = new Set(["meta.json"]);

interface Meta {
  readonly file: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** `action key severity time | title`, or `ignore | why`, or `unreadable`. */
function line(alert: Alert): string {
  if (alert.action === "ignore") return `ignore | ${alert.notes?.[0] ?? ""}`;
  const at = alert.sourceAt === null ? "-" : new Date(alert.sourceAt).toISOString();
  return `${alert.action}${alert.test ? " test" : ""} ${alert.dedupKey} ${alert.severity} ${at} | ${alert.title.slice(0, 32)}`;
}

function verdict(id: string, folder: string, file: string, headers: Readonly<Record<string, string>>): readonly string[] {
  const plugin = sources[id];
  if (plugin === undefined) throw new Error(`no source ${id}`);
  const body = new Uint8Array(readFileSync(join(corpus, folder, file)));
  const real = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== "" && !/[<|(]/.test(value)));
  const result = readAlerts(plugin, { body, headers: lowerCase(real), config: {} });
  return result.ok ? result.alerts.map(line) : ["unreadable"];
}

describe.skipIf(!there && process.env["CI"] !== "true")("published bodies", () => {
  it("are there", () => expect(there).toBe(true));

  it("have a source each, by the name of their folder", () => {
    const folders = there ? readdirSync(corpus).filter((name) => existsSync(join(corpus, name, "meta.json"))) : [];
    expect(folders.filter((name) => sources[name] === undefined && !doors.has(name))).toEqual([]);
  });

  for (const folder of there ? readdirSync(corpus).filter((name) => existsSync(join(corpus, name, "meta.json"))) : []) {
    if (sources[folder] === undefined || doors.has(folder)) continue;
    const meta = readJson(join(corpus, folder, "meta.json")) as Meta[];
    const files = readdirSync(join(corpus, folder)).filter((file) => !notes.has(file));
    it.each(files)(`${folder}/%s becomes what the mapping says`, (file) => {
      const headers = meta.find((each) => each.file === file)?.headers ?? {};
      expect(verdicts[folder]?.[file] ?? "no verdict in corpus-verdicts.ts").toEqual(verdict(folder, folder, file, headers));
    });
  }

  it("signed by their senders are taken, and with one character changed they are not", async () => {
    const vectors = readJson(join(corpus, "signature-vectors.json")) as {
      readonly scheme: string;
      readonly secret: string;
      readonly body?: string;
      readonly body_file?: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly valid: boolean;
    }[];
    const pluginOf = [
      ["pagerduty", "pagerduty-webhook-v3"],
      ["svix", "incidentio"],
      ["github", "github"],
    ] as const;
    for (const vector of vectors) {
      const id = pluginOf.find(([scheme]) => vector.scheme.startsWith(scheme))?.[1];
      const plugin = id === undefined ? undefined : sources[id];
      if (plugin === undefined) continue;
      const file = vector.body_file === undefined ? null : join(corpus, "..", vector.body_file);
      if (file !== null && !existsSync(file)) continue;
      const body = file === null ? new TextEncoder().encode(vector.body) : new Uint8Array(readFileSync(file));
      const request: InboundRequest = { method: "POST", path: "/", query: {}, headers: lowerCase(vector.headers), body };
      const now = Number(vector.headers["webhook-timestamp"] ?? 0) * 1_000;
      const credentials = {
        secret: vector.secret,
        config: plugin.config.parse({}),
        now,
        keys: { get: () => Promise.reject(new Error("none")) },
      };
      expect((await plugin.verify(request, credentials)).ok, `${vector.scheme} ${file}`).toBe(vector.valid);
      const changed = { ...request, body: new TextEncoder().encode(`${new TextDecoder().decode(body)} `) };
      expect((await plugin.verify(changed, credentials)).ok, `${vector.scheme}, changed`).toBe(false);
    }
  });
});
