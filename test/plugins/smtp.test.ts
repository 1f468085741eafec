// The mail notifier against a real SMTP server in every mode, and against a scripted one for every way to fail.

import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { plugin } from "../../plugins/notifiers/smtp/index.ts";
import { ProviderError, type OutgoingPage, type Outcome } from "../../plugins/sdk/index.ts";
import { makeCertificates, type Certificates } from "./certificates.ts";
import { nodeIo, type NodeIoOptions } from "./io.ts";
import { mailSink, scriptedServer, type Script } from "./mail-server.ts";
import { fixedNow, hostile, page } from "./page.ts";

const credentials = { user: "tocsin", password: "pässword" };
const closers: (() => Promise<void>)[] = [];
let certificates: Certificates;

beforeAll(() => {
  certificates = makeCertificates();
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Try {
  readonly port: number;
  readonly tls: "implicit" | "starttls" | "none";
  readonly secrets?: { readonly user?: string; readonly password?: string };
  readonly page?: OutgoingPage;
  readonly target?: string;
  readonly io?: NodeIoOptions;
}

/** The outcome, or the kind of ProviderError it ended in. */
async function send({ port, tls, secrets = {}, page: sent = page, target = "ana@acme.test", io = {} }: Try) {
  const config = plugin.config.parse({ host: "localhost", port, tls, from: "tocsin@acme.test" });
  try {
    return await plugin.send(
      { page: sent, config, secrets: plugin.secrets.parse(secrets), target, attempt: 1 },
      nodeIo({ ca: certificates.ca, now: fixedNow, ...io }),
    );
  } catch (error) {
    if (error instanceof ProviderError) return { status: error.kind, reason: error.message };
    throw error;
  }
}

async function sink(options: Parameters<typeof mailSink>[0]) {
  const server = await mailSink(options);
  closers.push(() => server.close());
  return server;
}

async function scripted(script: Script) {
  const server = await scriptedServer(script);
  closers.push(() => server.close());
  return server;
}

describe("a real server", () => {
  it("takes a mail in clear where that is configured, and its queue id is kept", async () => {
    const server = await sink({ disabledCommands: ["STARTTLS", "AUTH"] });
    expect(await send({ port: server.port, tls: "none" })).toEqual({
      status: "accepted",
      ref: "queued as M1",
      detail: "250 queued as M1",
    } satisfies Outcome);
    expect(server.mails[0]).toMatchObject({ from: "tocsin@acme.test", to: ["ana@acme.test"], secure: false });
  });

  it.each([["PLAIN"], ["LOGIN"]])("signs in by %s over STARTTLS", async (method) => {
    const server = await sink({ key: certificates.key, cert: certificates.cert, authMethods: [method], authOptional: false });
    expect(await send({ port: server.port, tls: "starttls", secrets: credentials })).toMatchObject({ status: "accepted" });
    expect(server.mails[0]).toMatchObject({ secure: true, user: "tocsin" });
  });

  it("signs in over implicit TLS", async () => {
    const server = await sink({ secure: true, key: certificates.key, cert: certificates.cert, authOptional: false });
    expect(await send({ port: server.port, tls: "implicit", secrets: credentials })).toMatchObject({ status: "accepted" });
    expect(server.mails[0]).toMatchObject({ secure: true, user: "tocsin" });
  });

  it.each(["starttls", "implicit"] as const)("is refused when its certificate names another host (%s)", async (tls) => {
    const other = makeCertificates("mail.other.test");
    const server = await sink({ secure: tls === "implicit", key: other.key, cert: other.cert });
    const outcome = await send({ port: server.port, tls, secrets: credentials, io: { ca: other.ca } });
    expect(outcome.status).toBe("unsent");
    expect(server.mails).toHaveLength(0);
  });

  it("fails for good on a wrong password, and the reason does not hold it though the server repeats it", async () => {
    const server = await sink({ key: certificates.key, cert: certificates.cert, authOptional: false });
    const outcome = await send({ port: server.port, tls: "starttls", secrets: { user: "tocsin", password: "hunter2-secret" } });
    expect(outcome).toMatchObject({ status: "failed", reason: expect.stringContaining("535") as string });
    expect(JSON.stringify(outcome)).not.toContain("hunter2-secret");
  });

  it("is told nothing at all when it offers no STARTTLS and the configuration demands it", async () => {
    const server = await scripted({});
    const outcome = await send({ port: server.port, tls: "starttls", secrets: credentials });
    expect(outcome).toMatchObject({ status: "failed", reason: expect.stringContaining("STARTTLS") as string });
    expect(server.lines).toEqual(["EHLO acme.test"]);
  });

  it("gets text and HTML with everything a page carries, under the delivery's Message-ID on every try", async () => {
    const server = await sink({ disabledCommands: ["STARTTLS", "AUTH"] });
    await send({ port: server.port, tls: "none" });
    await send({ port: server.port, tls: "none" });
    const [first, second] = server.mails.map((mail) => mail.raw);
    expect(first).toBe(second);
    expect(first).toContain(`Message-ID: <${page.delivery}@acme.test>`);
    expect(first).toContain("Auto-Submitted: auto-generated");
    expect(first).toContain("Subject: [P1] Payments are down (payment-api)");
    const parts = partsOf(first ?? "");
    expect(parts).toHaveLength(2);
    for (const part of parts)
      for (const word of ["Payments are down", "P1", "payment-api", "Acme Ltd", page.reason.text, page.links.respond])
        expect(part).toContain(word);
  });

  it("gets one mail with no header, part or command of the alert sender's making", async () => {
    const server = await sink({ disabledCommands: ["STARTTLS", "AUTH"] });
    expect(await send({ port: server.port, tls: "none", page: hostile })).toMatchObject({ status: "accepted" });
    expect(server.mails).toHaveLength(1);
    const { raw, to } = server.mails[0] ?? { raw: "", to: [] };
    expect(to).toEqual(["ana@acme.test"]);
    const head = raw.slice(0, raw.indexOf("\r\n\r\n"));
    const names = head.split(/\r\n(?![ \t])/).map((line) => line.split(":")[0]);
    const own = ["From", "To", "Subject", "Date", "Message-ID", "References", "MIME-Version", "Auto-Submitted"];
    expect(names).toEqual([...own, "X-Auto-Response-Suppress", "X-Tocsin-Page", "Content-Type"]);
    for (const line of raw.split("\r\n")) expect(line.length).toBeLessThanOrEqual(200);
    for (const word of head.match(/=\?[^ \r\n]+\?=/g) ?? []) expect(word.length).toBeLessThanOrEqual(75);
    const [, html = ""] = partsOf(raw);
    expect(html).not.toMatch(/<script|<img|<i>/);
    expect(html).toContain("&lt;script&gt;");
    expect(raw.length).toBeLessThan(40_000);
  });
});

describe("a server that fails", () => {
  it.each([
    ["421 at the greeting", { greeting: "421 busy" }, "retry"],
    ["554 at the greeting", { greeting: "554 go away" }, "failed"],
    ["451 for the sender", { MAIL: "451 later" }, "retry"],
    ["450 for the recipient", { RCPT: "450 4.2.1 greylisted" }, "retry"],
    ["550 for the recipient", { RCPT: "550 5.1.1 nobody here" }, "failed"],
    ["552 for the message", { ".": "552 5.3.4 too big" }, "failed"],
    ["452 for the message", { ".": "452 4.3.1 disk full" }, "retry"],
    ["hanging up at the greeting", { greeting: null }, "unsent"],
    ["hanging up at EHLO", { EHLO: null }, "unsent"],
    ["hanging up at RCPT", { RCPT: null }, "unsent"],
    ["hanging up at the final dot", { ".": null }, "unknown"],
    ["silence at the greeting", { greeting: "" }, "unsent"],
    ["silence after the final dot", { ".": "" }, "unknown"],
    ["an answer that is not SMTP", { greeting: "HTTP/1.1 400 Bad Request" }, "unsent"],
  ] as const)("by %s", async (_what, script, status) => {
    const server = await scripted(script);
    const outcome = await send({ port: server.port, tls: "none", io: { limitMs: 400 } });
    expect(outcome.status).toBe(status);
    expect(JSON.stringify(outcome).length).toBeLessThan(320);
  });

  it("by not being there", async () => {
    const server = await scriptedServer({});
    await server.close();
    expect((await send({ port: server.port, tls: "none" })).status).toBe("unsent");
  });

  it("keeps the server's words, without control characters", async () => {
    const server = await scripted({ RCPT: "550-5.1.1 no\u0007body\r\n550 5.1.1 here" });
    expect(await send({ port: server.port, tls: "none" })).toEqual({
      status: "failed",
      reason: "recipient: 550 5.1.1 no body 5.1.1 here",
    });
  });

  it("is not given credentials it did not ask for", async () => {
    const server = await scripted({ EHLO: "250 hello" });
    expect(await send({ port: server.port, tls: "none", secrets: credentials })).toMatchObject({ status: "failed" });
    expect(server.lines).toEqual(["EHLO acme.test"]);
  });

  it("does not get the final dot once the page was cancelled", async () => {
    const server = await scripted({});
    const outcome = await send({ port: server.port, tls: "none", io: { stillWanted: () => false } });
    expect(outcome).toEqual({ status: "unsent", reason: "cancelled before it was handed over" });
    expect(server.lines).not.toContain(".");
  });
});

describe("what is refused before anything is sent", () => {
  it.each([
    ["ana@acme.test>\r\nRCPT TO:<eve@evil.test"],
    ["ana@acme.test\r\nBcc: eve@evil.test"],
    ["<ana@acme.test>"],
    ["ana@acme.test, eve@evil.test"],
    ["a\u0000b@acme.test"],
    ["añá@acme.test"],
    ["ana"],
    [""],
  ])("the target %j", async (target) => {
    expect(plugin.checkTarget(target)).not.toBeNull();
    const server = await scripted({});
    expect(await send({ port: server.port, tls: "none", target })).toMatchObject({ status: "failed" });
    expect(server.lines).toEqual([]);
  });

  it("port 25, with what to do instead", () => {
    const result = plugin.config.safeParse({ host: "mail.acme.test", port: 25, tls: "starttls", from: "t@acme.test" });
    expect(result.error?.issues[0]?.message).toMatch(/465.*587/);
  });

  it.each(["a\r\nb", "a b", "", "host/path", "user@host"])("the host %j", (host) => {
    expect(plugin.config.safeParse({ host, port: 465, from: "t@acme.test" }).success).toBe(false);
  });
});

/** The decoded parts of a multipart message whose parts are base64. */
function partsOf(raw: string): string[] {
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1] ?? "none";
  return raw
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => Buffer.from(part.slice(part.indexOf("\r\n\r\n")), "base64").toString("utf8"));
}
