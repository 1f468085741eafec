// The contract kit over every connector of the registry: the same status table as for notifiers, purity, golden requests. A
// plugin joins by its folder alone: manifest.json, fixtures/kit.json, golden/event.json (TOCSIN_WRITE_GOLDEN=1 writes it anew).

import { createHmac } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { connectors } from "../../plugins/registry.gen.ts";
import {
  ProviderError,
  type ConnectorIo,
  type ConnectorPlugin,
  type HttpRequest,
  type OutgoingPost,
} from "../../plugins/sdk/index.ts";
import { event, hostileEvent } from "./event.ts";
import { bodyOf, closeAfterEach, listen, meetsHttp } from "./http-kit.ts";
import { nodeIo } from "./io.ts";
import { fixedNow } from "./page.ts";

interface Kit {
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Of a connector that writes back: the alerts of its event, and what the other side answers, by "METHOD path". */
  readonly alerts?: OutgoingPost["incident"]["alerts"];
  readonly answers?: Readonly<Record<string, { readonly status?: number; readonly body: unknown }>>;
}

const folder = join(import.meta.dirname, "../../plugins/connectors");
const all = Object.entries(connectors).map(([id, plugin]) => ({ id, plugin, kit: kitOf(id) }));

closeAfterEach();

function kitOf(id: string): Kit {
  return JSON.parse(readFileSync(join(folder, id, "fixtures/kit.json"), "utf8")) as Kit;
}

/** The kit's configuration with the test server's address in it. */
function inputOf(plugin: ConnectorPlugin, kit: Kit, address: string, told = event) {
  const config = JSON.parse(JSON.stringify(kit.config).replaceAll("{server}", address)) as unknown;
  const event = { ...told, incident: { ...told.incident, alerts: kit.alerts ?? [] } };
  return { event, config: plugin.config.parse(config), secrets: plugin.secrets.parse(kit.secrets), attempt: 1 };
}

async function outcomeOf(plugin: ConnectorPlugin, kit: Kit, address: string, io: ConnectorIo, told = event) {
  try {
    return await plugin.act(inputOf(plugin, kit, address, told), io);
  } catch (error) {
    if (error instanceof ProviderError) return { status: error.kind, reason: error.message };
    throw error;
  }
}

/** As the other side answers; a connector that looks before it writes needs something to see. */
function answerOf({ answers }: Kit, method: string, url: string): { readonly status: number; readonly body: string } {
  if (answers === undefined) return { status: 200, body: "{}" };
  const found = answers[`${method} ${new URL(url, "http://kit.test").pathname}`];
  if (found === undefined) throw new Error(`fixtures/kit.json has no answer to ${method} ${url}`);
  return { status: found.status ?? 200, body: JSON.stringify(found.body) };
}

function recordingIo(kit: Kit, sent: unknown[]): ConnectorIo {
  return {
    ...nodeIo({ now: fixedNow }),
    http: (request: HttpRequest) => {
      sent.push(request);
      return Promise.resolve({ headers: {}, ...answerOf(kit, request.method, request.url) });
    },
  };
}

describe("every connector", () => {
  it("of the folder is in the registry", () => {
    const folders = readdirSync(folder).filter((id) => existsSync(join(folder, id, "manifest.json")));
    expect(Object.keys(connectors).toSorted()).toEqual(folders.toSorted());
  });

  it.each(all)("$id: its manifest is whole and its README there", ({ id, plugin }) => {
    const { manifest } = plugin;
    expect(manifest).toMatchObject({ kind: "connector", id });
    expect(manifest.name.length).toBeGreaterThan(0);
    expect(manifest.description.length).toBeGreaterThan(0);
    expect(manifest.limitMs).toBeGreaterThanOrEqual(1_000);
    expect(manifest.limitMs).toBeLessThanOrEqual(60_000);
    expect(manifest.copyCap).toBeGreaterThanOrEqual(1);
    expect(existsSync(join(folder, id, "README.md"))).toBe(true);
  });

  it.each(all)("$id: refuses keys it does not know", ({ plugin, kit }) => {
    expect(plugin.config.safeParse({ ...kit.config, noSuchKey: 1 }).success).toBe(false);
    expect(plugin.secrets.safeParse({ ...kit.secrets, noSuchKey: "x".repeat(64) }).success).toBe(false);
  });

  it.each(all)("$id: does exactly what its golden file says", async ({ id, plugin, kit }) => {
    const sent: unknown[] = [];
    await plugin.act(inputOf(plugin, kit, "https://provider.acme.test"), recordingIo(kit, sent));
    const file = join(folder, id, "golden/event.json");
    const text = `${JSON.stringify(sent, null, 2)}\n`;
    if (process.env["TOCSIN_WRITE_GOLDEN"] === "1") writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, "utf8"));
  });

  it.each(all)("$id: changes nothing of what it is given, and does the same for the same", async ({ plugin, kit }) => {
    const [first, second]: [unknown[], unknown[]] = [[], []];
    const input = deepFreeze(inputOf(plugin, kit, "https://provider.acme.test"));
    await plugin.act(input, recordingIo(kit, first));
    await plugin.act(input, recordingIo(kit, second));
    expect(second).toEqual(first);
  });
});

describe.each(all.filter(({ plugin }) => plugin.manifest.needs.includes("http")))("$id over HTTP", ({ plugin, kit }) => {
  const looksFirst = kit.answers !== undefined;
  meetsHttp(
    Object.values(kit.secrets),
    (address, io, hostile) => outcomeOf(plugin, kit, address, io, hostile ? hostileEvent : event),
    looksFirst ? { answers: (request) => answerOf(kit, request.method ?? "", request.url ?? "/").body } : {},
  );
});

describe("webhook", () => {
  const plugin = connectors["webhook"] as ConnectorPlugin;
  const kit = kitOf("webhook");

  it("signs so that a receiver who knows only the Standard Webhooks text can verify it, anew for each try", async () => {
    const seen: { id: string; stamp: string; signature: string; body: string }[] = [];
    const address = await listen(async (request, response) => {
      const header = (name: string): string => String(request.headers[name]);
      const [id, stamp, signature] = [header("webhook-id"), header("webhook-timestamp"), header("webhook-signature")];
      seen.push({ id, stamp, signature, body: await bodyOf(request) });
      response.end();
    });
    await outcomeOf(plugin, kit, address, nodeIo({ now: fixedNow }));
    await outcomeOf(plugin, kit, address, nodeIo({ now: fixedNow + 60_000 }));
    const key = Buffer.from((kit.secrets["signingKey"] ?? "").slice("whsec_".length), "base64");
    for (const { id, stamp, signature, body } of seen)
      expect(signature).toBe(`v1,${createHmac("sha256", key).update(`${id}.${stamp}.${body}`).digest("base64")}`);
    const [first, second] = seen;
    expect(second).toMatchObject({ id: event.post, body: first?.body });
    expect(Number(second?.stamp)).toBe(Number(first?.stamp) + 60);
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const each of Object.values(value)) deepFreeze(each);
    Object.freeze(value);
  }
  return value;
}
