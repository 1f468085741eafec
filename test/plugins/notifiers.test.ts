// The contract kit: what every notifier of the registry must do, whoever wrote it. HTTP notifiers meet a real server that
// gives every kind of answer. A plugin joins by its folder alone: manifest.json, fixtures/kit.json, golden/page.json.
// Golden files are written anew by TOCSIN_WRITE_GOLDEN=1; look at the difference before committing it.

import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { notifiers } from "../../plugins/registry.gen.ts";
import {
  ProviderError,
  type HttpRequest,
  type NotifierIo,
  type NotifierPlugin,
  type OutgoingPage,
  type Socket,
} from "../../plugins/sdk/index.ts";
import { bodyOf, bytesOf, closeAfterEach, listen, meetsHttp } from "./http-kit.ts";
import { kitHub, nodeIo } from "./io.ts";
import { fixedNow, hostile, page } from "./page.ts";
import { openPush, p256dhOf, verifyVapid, type Receiver } from "./push-receiver.ts";

interface Kit {
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly target: string;
  /** What a document writes as the contact's `to`, where that is not what is sent to. */
  readonly contact?: string;
  /** Parts of the target that are as good as a secret. */
  readonly capabilities?: readonly string[];
  /** The keys of a receiver who alone can read what is sent. */
  readonly receiver?: Receiver;
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
  const contact = { ...sent.contact, to: kit.contact ?? kit.target };
  return {
    page: { ...sent, contact },
    config: plugin.config.parse(config),
    secrets: plugin.secrets.parse(kit.secrets),
    target: kit.target.replaceAll("{server}", address),
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
    expect(plugin.checkTarget(kit.contact ?? kit.target)).toBeNull();
    expect(plugin.config.safeParse({ ...kit.config, noSuchKey: 1 }).success).toBe(false);
    expect(plugin.secrets.safeParse({ ...kit.secrets, noSuchKey: "x".repeat(64) }).success).toBe(false);
  });

  it.each(all)("$id: sends exactly what its golden file says", async ({ id, plugin, kit }) => {
    const sent: unknown[] = [];
    await plugin.send(inputOf(plugin, kit, "https://provider.acme.test"), recordingIo(sent, kit));
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
    await plugin.send(input, recordingIo(first, kit));
    await plugin.send(input, recordingIo(second, kit));
    expect(second).toEqual(first);
  });
});

describe.each(overHttp)("$id over HTTP", ({ plugin, kit }) => {
  meetsHttp(
    [...Object.values(kit.secrets), ...(kit.capabilities ?? [])],
    (address, io, isHostile) => outcomeOf(plugin, kit, address, io, isHostile ? hostile : page),
    { read: (body) => (kit.receiver === undefined ? body.toString("utf8") : openPush(body, kit.receiver).plaintext) },
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

describe("web-push", () => {
  const plugin = notifiers["web-push"] as NotifierPlugin;
  const kit = kitOf("web-push");
  const receiver = kit.receiver as Receiver;

  it("our receiver opens the message of RFC 8291, appendix A", () => {
    const message =
      "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
    expect(openPush(Buffer.from(message, "base64url"), receiver).plaintext).toBe("When I grow up, I want to be a watermelon");
    expect(() => openPush(Buffer.from(message, "base64url"), { ...receiver, auth: "AAAAAAAAAAAAAAAAAAAAAA" })).toThrow(
      /authenticate/,
    );
    expect(p256dhOf(receiver)).toBe((JSON.parse(kit.target) as { p256dh: string }).p256dh);
  });

  async function sentBy(sent: OutgoingPage, config: Readonly<Record<string, unknown>> = {}) {
    const seen: { headers: IncomingMessage["headers"]; body: Buffer; url: string }[] = [];
    const address = await listen(async (request, response) => {
      seen.push({ headers: request.headers, body: await bytesOf(request), url: request.url ?? "" });
      response.writeHead(201, { location: "/message/1" }).end();
    });
    const outcome = await outcomeOf(plugin, { ...kit, config }, address, nodeIo({ now: fixedNow }), sent);
    const [first] = seen;
    if (first === undefined) return { address, outcome, request: null };
    return { address, outcome, request: { ...first, ...openPush(first.body, receiver) } };
  }

  it("one message has the size of every other: an onlooker learns nothing of what is in it", async () => {
    const [short, long] = [await sentBy(page), await sentBy({ ...page, reason: { ...page.reason, text: "x".repeat(200) } })];
    expect(short.request?.body.length).toBe(long.request?.body.length);
    expect(short.request?.body.length).toBeLessThanOrEqual(4_096);
  });

  it("is signed for the push service's origin, for half a day, by the key that the device knows", async () => {
    const { address, request } = await sentBy(page);
    expect(verifyVapid(String(request?.headers["authorization"]))).toMatchObject({
      aud: address,
      exp: Math.floor(fixedNow / 1_000) + 12 * 3_600,
      sub: kitHub.TOCSIN_PUBLIC_URL,
      publicKey: (JSON.parse(kit.target) as { key: string }).key,
    });
    expect(request?.headers).toMatchObject({ ttl: "86400", urgency: "high", "content-encoding": "aes128gcm" });
    expect(request?.headers["topic"]).toMatch(/^[\w-]{32}$/);
  });

  it("low urgency lets a phone sleep; the time to live is the tenant's to say; a proxy may stand in for push services", async () => {
    const low = { ...page, incident: { ...page.incident, urgency: "low" as const } };
    const { request } = await sentBy(low, { ttl: 600, baseUrl: "{server}/proxy/" });
    expect(request?.headers).toMatchObject({ urgency: "normal", ttl: "600" });
    expect(request?.url).toBe("/proxy/wpush/v2/capability-of-the-kit");
  });

  it("a later page of an incident replaces an undelivered one, but never one that tells of others as well", async () => {
    const storm = {
      count: 2,
      items: [1, 2].map((n) => ({
        incident: `inc_${n}`,
        title: `Disk ${n}`,
        severity: "P2",
        service: null,
        link: `https://t.test/r/${n}`,
      })),
      list: "https://tocsin.acme.test/t/acme/incidents",
    };
    const topicOf = async (sent: OutgoingPage) => (await sentBy(sent)).request?.headers["topic"];
    const first = await topicOf(page);
    expect(await topicOf({ ...page, delivery: "dlv_second" })).toBe(first);
    expect(await topicOf({ ...page, incident: { ...page.incident, id: "inc_other" } })).not.toBe(first);
    expect(await topicOf({ ...page, summary: storm })).not.toBe(first);
    const told = JSON.parse((await sentBy({ ...page, summary: storm })).request?.plaintext ?? "") as { more: unknown };
    expect(told.more).toEqual({ count: 2, titles: ["[P2] Disk 1", "[P2] Disk 2"], list: storm.list });
  });

  it("whatever a sender wrote fits, with its link whole", async () => {
    const long = "🔥\u0000é".repeat(3_000);
    const link = `https://tocsin.acme.test/r/${"x".repeat(2_048)}`;
    const { request } = await sentBy({
      ...page,
      incident: { ...page.incident, title: long, service: long, severity: long },
      reason: { ...page.reason, text: long },
      tenant: { id: "acme", name: long },
      links: { respond: link },
    });
    expect(JSON.parse(request?.plaintext ?? "")).toMatchObject({ link, title: expect.stringMatching(/…$/) as unknown });
    const tooLong = await sentBy({ ...page, links: { respond: `https://tocsin.acme.test/r/${"x".repeat(4_000)}` } });
    expect(tooLong).toMatchObject({ outcome: { status: "failed" }, request: null });
  });

  it.each([404, 410])("HTTP %i: the device is gone, and it says so", async (status) => {
    const address = await listen((request, response) => {
      request.resume();
      response.writeHead(status).end();
    });
    expect(await outcomeOf(plugin, kit, address, nodeIo({ now: fixedNow }))).toMatchObject({ status: "failed", gone: true });
  });

  it.each([
    ["of another root key", { key: "BKFsblNmyjZ4cl9Iuhnrx9lp6FGhxX5gzGW4qPqz6ZEM0Z4XwSzTsLNWBHzCPdBTjGxTTNSJ6Q2fAOOsYjVOqFo" }],
    ["whose keys are none", { p256dh: "AAAA" }],
    ["that is cut", { endpoint: undefined }],
  ])("a device %s fails for good and nothing is sent", async (_what, wrong) => {
    let requests = 0;
    const address = await listen(() => (requests += 1));
    const target = JSON.stringify({ ...(JSON.parse(kit.target) as object), ...wrong });
    const outcome = await outcomeOf(plugin, { ...kit, target }, address, nodeIo({ now: fixedNow }));
    expect(outcome).toMatchObject({ status: "failed", reason: expect.stringContaining("register it again") as unknown });
    expect(requests).toBe(0);
  });
});

/** Writes down every request, message and TCP line; answers as a provider in good health. */
function recordingIo(sent: unknown[], kit: Kit): NotifierIo {
  return {
    ...nodeIo({ now: fixedNow }),
    http: (request) => {
      sent.push(kit.receiver === undefined ? request : opened(request, kit.receiver));
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

/** Sealed and signed anew each time: what its receiver reads, and what the signature says, once both were checked. */
function opened(request: HttpRequest, receiver: Receiver): unknown {
  const { authorization = "", ...headers } = request.headers;
  const { plaintext, padding } = openPush(request.body as Uint8Array, receiver);
  return { ...request, headers: { ...headers, authorization: verifyVapid(authorization) }, body: plaintext, padding };
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
