// The contract kit: what every notifier of the registry must do, whoever wrote it. HTTP notifiers meet a real server that
// gives every kind of answer. A plugin joins by its folder alone: manifest.json, fixtures/kit.json, golden/page.json.
// Golden files are written anew by TOCSIN_WRITE_GOLDEN=1; look at the difference before committing it.

import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createHmac } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { notifiers } from "../../plugins/registry.gen.ts";
import { ProviderError, type NotifierIo, type NotifierPlugin, type OutgoingPage, type Socket } from "../../plugins/sdk/index.ts";
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
let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

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

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

async function listen(answer: Answer): Promise<string> {
  const started = createServer((request, response) => void answer(request, response));
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", () => resolve()));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
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

const statusTable: readonly (readonly [status: number, headers: Readonly<Record<string, string>>, expected: unknown])[] = [
  [200, {}, { status: "accepted" }],
  [201, {}, { status: "accepted" }],
  [204, {}, { status: "accepted" }],
  [301, { location: "/elsewhere" }, { status: "failed" }],
  [302, { location: "/elsewhere" }, { status: "failed" }],
  [307, { location: "/elsewhere" }, { status: "failed" }],
  [400, {}, { status: "failed" }],
  [401, {}, { status: "failed" }],
  [403, {}, { status: "failed" }],
  [404, {}, { status: "failed" }],
  [408, {}, { status: "retry", afterMs: null }],
  [410, {}, { status: "failed" }],
  [413, {}, { status: "failed" }],
  [422, {}, { status: "failed" }],
  [425, {}, { status: "retry", afterMs: null }],
  [429, {}, { status: "retry", afterMs: null }],
  [429, { "retry-after": "17" }, { status: "retry", afterMs: 17_000 }],
  [429, { "retry-after": new Date(fixedNow + 29_900).toUTCString() }, { status: "retry", afterMs: 29_900 }],
  [429, { "retry-after": "soon" }, { status: "retry", afterMs: null }],
  [429, { "retry-after": "-5" }, { status: "retry" }],
  [500, {}, { status: "retry", afterMs: null }],
  [502, {}, { status: "retry", afterMs: null }],
  [503, { "retry-after": "120" }, { status: "retry", afterMs: 120_000 }],
  [504, {}, { status: "retry", afterMs: null }],
];

describe.each(overHttp)("$id over HTTP", ({ plugin, kit }) => {
  const secrets = Object.values(kit.secrets);

  it.each(statusTable)("HTTP %i %j", async (status, headers, expected) => {
    let requests = 0;
    const address = await listen((request, response) => {
      requests += 1;
      request.resume();
      // A provider that repeats what it was sent must not get it into a reason.
      response.writeHead(status, headers).end(status === 204 ? undefined : `you sent ${secrets.join(" ")}`);
    });
    const outcome = await outcomeOf(plugin, kit, address, nodeIo({ now: fixedNow }));
    expect(outcome).toMatchObject(expected as object);
    expect(requests).toBe(1);
    for (const secret of secrets) expect(JSON.stringify(outcome)).not.toContain(secret);
    expect(JSON.stringify(outcome).length).toBeLessThanOrEqual(400);
  });

  it("no answer within the limit is of unknown outcome", async () => {
    const address = await listen((request) => request.resume());
    expect((await outcomeOf(plugin, kit, address, nodeIo({ limitMs: 200 }))).status).toBe("unknown");
  });

  it("a request accepted and then dropped is of unknown outcome", async () => {
    let got = "";
    const address = await listen(async (request) => {
      got = await bodyOf(request);
      request.socket.destroy();
    });
    expect((await outcomeOf(plugin, kit, address, nodeIo())).status).toBe("unknown");
    expect(got).not.toBe("");
  });

  it("a refused connection left nothing", async () => {
    const address = await listen(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    expect((await outcomeOf(plugin, kit, address, nodeIo())).status).toBe("unsent");
  });

  it("hostile text arrives as text: one request, well formed, within bounds", async () => {
    const bodies: string[] = [];
    const evil: unknown[] = [];
    const address = await listen(async (request, response) => {
      bodies.push(await bodyOf(request));
      evil.push(request.headers["x-evil"]);
      response.end();
    });
    expect((await outcomeOf(plugin, kit, address, nodeIo(), hostile)).status).toBe("accepted");
    expect(bodies).toHaveLength(1);
    expect(evil).toEqual([undefined]);
    expect(() => JSON.parse(bodies[0] ?? "") as unknown).not.toThrow();
    expect(bodies[0]?.length).toBeLessThan(262_144);
  });
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
