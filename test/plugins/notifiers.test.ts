// The contract kit: what every notifier of the registry must do, whoever wrote it. HTTP notifiers meet a real server that
// gives every kind of answer. A plugin joins by its folder alone: manifest.json, fixtures/kit.json, golden/page.json.
// Golden files are written anew by TOCSIN_WRITE_GOLDEN=1; look at the difference before committing it.

import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { notifiers } from "../../plugins/registry.gen.ts";
import { ProviderError, type NotifierIo, type NotifierPlugin, type OutgoingPage, type Socket } from "../../plugins/sdk/index.ts";
import { bodyOf, closeAfterEach, listen, meetsHttp } from "./http-kit.ts";
import { nodeIo } from "./io.ts";
import { fixedNow, hostile, page } from "./page.ts";

interface Kit {
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly target: string;
}

const folder = join(import.meta.dirname, "../../plugins/notifiers");
const all = Object.entries(notifiers).map(([id, plugin]) => ({ id, plugin, kit: kitOf(id) }));
const overHttp = all.filter(({ plugin }) => plugin.manifest.needs.includes("http"));
closeAfterEach();

function kitOf(id: string): Kit {
  return JSON.parse(readFileSync(join(folder, id, "fixtures/kit.json"), "utf8")) as Kit;
}

/** The kit's configuration with the test server's address in it. */
function inputOf(plugin: NotifierPlugin, kit: Kit, address: string, sent: OutgoingPage = page) {
  const config = JSON.parse(JSON.stringify(kit.config).replaceAll("{server}", address)) as unknown;
  const contact = { ...sent.contact, to: kit.target };
  return {
    page: { ...sent, contact },
    config: plugin.config.parse(config),
    secrets: plugin.secrets.parse(kit.secrets),
    target: kit.target,
    attempt: 1,
  };
}

/** What became of one send: its outcome, or the kind of ProviderError. */
async function outcomeOf(plugin: NotifierPlugin, kit: Kit, address: string, io: NotifierIo, sent: OutgoingPage = page) {
  try {
    return await plugin.send(inputOf(plugin, kit, address, sent), io);
  } catch (error) {
    if (error instanceof ProviderError) return { status: error.kind, reason: error.message };
    throw error;
  }
}

describe("every notifier", () => {
  it("of the folder is in the registry", () => {
    const folders = readdirSync(folder).filter((id) => existsSync(join(folder, id, "manifest.json")));
    expect(Object.keys(notifiers).toSorted()).toEqual(folders.toSorted());
  });

  it.each(all)("$id: its manifest is whole and its README there", ({ id, plugin }) => {
    const { manifest } = plugin;
    expect(manifest).toMatchObject({ kind: "notifier", id });
    expect(manifest.name.length).toBeGreaterThan(0);
    expect(manifest.description.length).toBeGreaterThan(0);
    expect(manifest.limitMs).toBeGreaterThanOrEqual(1_000);
    expect(manifest.limitMs).toBeLessThanOrEqual(60_000);
    expect(manifest.copyCap).toBeGreaterThanOrEqual(1);
    expect(existsSync(join(folder, id, "README.md"))).toBe(true);
  });

  it.each(all)("$id: takes its own example as a target and refuses keys it does not know", ({ plugin, kit }) => {
    expect(plugin.checkTarget(plugin.manifest.target.example)).toBeNull();
    expect(plugin.checkTarget(kit.target)).toBeNull();
    expect(plugin.config.safeParse({ ...kit.config, noSuchKey: 1 }).success).toBe(false);
    expect(plugin.secrets.safeParse({ ...kit.secrets, noSuchKey: "x".repeat(64) }).success).toBe(false);
  });

  it.each(all)("$id: sends exactly what its golden file says", async ({ id, plugin, kit }) => {
    const sent: unknown[] = [];
    await plugin.send(inputOf(plugin, kit, "https://provider.acme.test"), recordingIo(sent));
    const file = join(folder, id, "golden/page.json");
    const text = `${JSON.stringify(sent, null, 2)}\n`;
    if (process.env["TOCSIN_WRITE_GOLDEN"] === "1") writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, "utf8"));
    // The links and reasons that every channel must carry (contract §4).
    const whole = JSON.stringify(sent.map(readable));
    for (const part of [page.links.respond, page.incident.title, "P1", "payment-api", page.reason.text])
      expect(whole).toContain(part);
  });

  it.each(all)("$id: changes nothing of what it is given, and sends the same for the same", async ({ plugin, kit }) => {
    const first: unknown[] = [];
    const second: unknown[] = [];
    const input = deepFreeze(inputOf(plugin, kit, "https://provider.acme.test"));
    await plugin.send(input, recordingIo(first));
    await plugin.send(input, recordingIo(second));
    expect(second).toEqual(first);
  });
});

describe.each(overHttp)("$id over HTTP", ({ plugin, kit }) => {
  meetsHttp(Object.values(kit.secrets), (address, io, isHostile) =>
    outcomeOf(plugin, kit, address, io, isHostile ? hostile : page),
  );
});

describe("webhook", () => {
  const plugin = notifiers["webhook"] as NotifierPlugin;
  const kit = kitOf("webhook");

  it("signs so that a receiver who knows only the Standard Webhooks text can verify it, anew for each try", async () => {
    const seen: { headers: IncomingMessage["headers"]; body: string }[] = [];
    const address = await listen(async (request, response) => {
      seen.push({ headers: request.headers, body: await bodyOf(request) });
      response.end();
    });
    await outcomeOf(plugin, kit, address, nodeIo({ now: fixedNow }));
    await outcomeOf(plugin, kit, address, nodeIo({ now: fixedNow + 60_000 }));
    const key = Buffer.from((kit.secrets["signingKey"] ?? "").slice("whsec_".length), "base64");
    for (const { headers, body } of seen) {
      const content = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
      expect(headers["webhook-signature"]).toBe(`v1,${createHmac("sha256", key).update(content).digest("base64")}`);
    }
    const [first, second] = seen;
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(second?.body).toBe(first?.body);
    expect(Number(second?.headers["webhook-timestamp"])).toBe(Number(first?.headers["webhook-timestamp"]) + 60);
  });

  it.each(["Webhook-Id", "webhook-signature", "Content-Type", "HOST", "content-length"])("keeps %s its own", (name) => {
    expect(plugin.config.safeParse({ url: "https://a.test/", headers: { [name]: "x" } }).success).toBe(false);
  });

  it.each(["a\r\nX-Evil: 1", "a\u0000", "é"])("refuses the header value %j", (value) => {
    expect(plugin.config.safeParse({ url: "https://a.test/", headers: { "x-team": value } }).success).toBe(false);
  });

  it.each(["short", "whsec_dG9vIHNob3J0", `whsec_${"!".repeat(40)}`])("refuses the signing key %j", (signingKey) => {
    expect(plugin.secrets.safeParse({ signingKey }).success).toBe(false);
  });
});

/** Writes down every request, message and TCP line; answers as a provider in good health. */
function recordingIo(sent: unknown[]): NotifierIo {
  return {
    ...nodeIo({ now: fixedNow }),
    http: (request) => {
      sent.push(request);
      return Promise.resolve({ status: 200, headers: {}, body: "{}" });
    },
    tcp: (options) => {
      sent.push({ connect: options });
      return Promise.resolve(mailConversation(sent));
    },
    store: {
      put: (message) => {
        sent.push(message);
        return Promise.resolve();
      },
    },
  };
}

/** A mail server in memory: every line it is sent is written down, every command granted. */
function mailConversation(sent: unknown[]): Socket {
  const encoder = new TextEncoder();
  let say: (text: string) => void = () => undefined;
  const readable = new ReadableStream<Uint8Array>({
    start(controller) {
      say = (text) => controller.enqueue(encoder.encode(`${text}\r\n`));
    },
  });
  say("220 ready");
  let inMessage = false;
  const writable = new WritableStream<Uint8Array>({
    write(chunk) {
      for (const line of new TextDecoder().decode(chunk).split("\r\n").slice(0, -1)) {
        sent.push(line);
        const command = line.split(" ")[0] ?? "";
        if (inMessage && line !== ".") continue;
        inMessage = command === "DATA";
        say(command === "DATA" ? "354 go on" : command === "AUTH" ? "235 welcome" : "250 AUTH PLAIN");
      }
    },
  });
  const unused = (): Socket => {
    throw new Error("TLS is on from the first byte here");
  };
  return { readable, writable, startTls: unused, close: () => Promise.resolve(), expired: () => false };
}

/** A recorded line or body as a person reads it: base64 lines of a mail are decoded. */
function readable(each: unknown): unknown {
  return typeof each === "string" && /^[A-Za-z0-9+/]{20,}={0,2}$/.test(each)
    ? Buffer.from(each, "base64").toString("utf8")
    : each;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const each of Object.values(value)) deepFreeze(each);
    Object.freeze(value);
  }
  return value;
}
