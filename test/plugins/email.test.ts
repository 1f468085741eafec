// Mail: what state words may decide and what they may not, who is believed about a sender, which machines are not answered, and
// raw mails as they stand on the wire.

import { expect, test } from "vitest";
import { sources } from "../../plugins/registry.gen.ts";
import type { SourcePlugin } from "../../plugins/sdk/index.ts";
import { readMail } from "../../worker/ingest/mail-document.ts";
import { keyOfAddress } from "../../worker/ingest/mail.ts";
import { readAlerts } from "../../worker/ingest/read.ts";
import { readSubject } from "../../plugins/sources/email/subject.ts";
import { bytesOf } from "./source-kit.ts";

function email(): SourcePlugin {
  const found = sources["email"];
  if (found === undefined) throw new Error("no email source");
  return found;
}

const plugin = email();
const { config } = plugin;
const key = "0123456789abcdef0123456789abcdef";

const came = (raw: string | Uint8Array) => ({ ok: true as const, bytes: typeof raw === "string" ? bytesOf(raw) : raw });
const read = (raw: string | Uint8Array, from: string | null = "a@acme.example") =>
  readMail(came(raw), { from, to: `${key}@pages.example` }, key);

async function alertOf(raw: string | Uint8Array, its: object = {}, from: string | null = "a@acme.example") {
  const { body, headers } = await read(raw, from);
  if (!body.ok) throw new Error(body.reason);
  const result = readAlerts(plugin, { body: body.bytes, headers, config: its });
  if (!result.ok) throw new Error(result.reason);
  return result.alerts[0];
}

async function taken(raw: string, its: object): Promise<boolean> {
  const { body, headers } = await read(raw);
  const request = { method: "POST", path: "/", query: {}, headers, body: body.bytes };
  const keys = { get: () => Promise.reject(new Error("no network")) };
  return (await plugin.verify(request, { secret: null, config: config.parse(its), now: 0, keys })).ok;
}

test.each([
  ["Re: Fwd: [RESOLVED] Disk full on db1", "resolve", "disk full on db1"],
  ["AW: [FIRING:2] Disk full on db1", "trigger", "disk full on db1"],
  ["OK: Disk full on db1", "resolve", "disk full on db1"],
  ["Disk full on db1", null, "disk full on db1"],
  ["Disk full on db1 is OK", "resolve", "disk full on db1"],
  ["ACKNOWLEDGED: Disk full on db1", "acknowledge", "disk full on db1"],
  ["** RECOVERY Host Alert: db1 is UP **", "resolve", "host alert: db1"],
  ["Closed door alarm in room 7", null, "closed door alarm in room 7"],
  ["Up to 40 percent packet loss", null, "up to 40 percent packet loss"],
  ["Resolved names no longer answer", null, "resolved names no longer answer"],
  ["OK", null, "ok"],
])("the subject %s says %s, about %s", (subject, action, problem) => {
  expect(readSubject(subject)).toMatchObject({ action, problem });
});

test("an address is the key alone, the key before @, or what stands after a plus", () => {
  for (const address of [key, `${key}@pages.example`, `ops+${key}@pages.example`, `a+b+${key}@x`])
    expect(keyOfAddress(address)).toBe(key);
});

test("encoded words, quoted-printable, base64 and parts are read; attachments are named and not kept; no key stays", async () => {
  const raw = [
    `Delivered-To: ops+${key.toUpperCase()}@pages.example`,
    "From: =?utf-8?q?Zo=C3=AB?= <Zoe@Acme.example>",
    "Subject: =?utf-8?b?Q1JJVElDQUw6IEvDvGhsdW5n?=",
    "Message-ID: <1@acme.example>",
    "X-Tocsin-Secret: s3cret-in-the-mail",
    "Content-Type: multipart/mixed; boundary=b",
    "",
    "--b",
    "Content-Type: text/plain; charset=iso-8859-1",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "K=FChlung ist aus",
    "--b",
    "Content-Type: application/pdf; name=plan.pdf",
    "Content-Disposition: attachment; filename=plan.pdf",
    "Content-Transfer-Encoding: base64",
    "",
    "AAECAw==",
    "--b--",
    "",
  ].join("\r\n");
  const { body, headers } = await read(raw);
  const text = new TextDecoder().decode(body.bytes);
  expect(text.toLowerCase()).not.toContain(key);
  expect(text).not.toContain("s3cret");
  expect(headers).toMatchObject({ "message-id": "<1@acme.example>", "x-tocsin-secret": "s3cret-in-the-mail" });
  expect(await alertOf(raw)).toMatchObject({
    action: "trigger",
    severity: "critical",
    title: "CRITICAL: Kühlung",
    dedupKey: "kühlung",
    body: "Kühlung ist aus\n\nAttachments, not kept: plan.pdf, 4 bytes",
    labels: { from: "zoe@acme.example" },
  });
});

test("what is no mail is a reason, and a mail cut in the middle is still one", async () => {
  expect((await read("")).body.ok).toBe(false);
  const raw = "From: a@acme.example\r\nSubject: Down\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nIt is do";
  const { body } = await readMail({ ok: false, bytes: bytesOf(raw), reason: "too long" }, { from: null, to: key }, key);
  expect(body.ok).toBe(true);
  expect(JSON.parse(new TextDecoder().decode(body.bytes))).toMatchObject({ cut: true, subject: "Down" });
});

test("machines that answer, bounces, lists and our own pages are ignored; what cron and monitors say of themselves is not", async () => {
  const mail = (headers: string): string => `From: a@acme.example\r\nSubject: Down\r\n${headers}\r\n\r\ntext\r\n`;
  const action = async (headers: string, from?: string): Promise<string | undefined> =>
    (await alertOf(mail(headers), {}, from))?.action;
  for (const headers of [
    "Auto-Submitted: auto-replied",
    "Precedence: auto_reply",
    "X-Autoreply: yes",
    "Precedence: list",
    "List-Id: <ops.acme.example>",
    "X-Tocsin-Page: dlv_1",
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
    "In-Reply-To: <1@x>\r\nX-Auto-Response-Suppress: All\r\nAuto-Submitted: auto-generated",
  ])
    expect(await action(headers), headers).toBe("ignore");
  expect(await action("X-A: b", "")).toBe("ignore");
  for (const headers of [
    "Auto-Submitted: auto-generated",
    "Precedence: bulk",
    "X-Auto-Response-Suppress: All",
    "Auto-Submitted: no",
  ])
    expect(await action(headers), headers).toBe("trigger");
});

test("senders: addresses, domains and subdomains, by From", async () => {
  const mail = "From: Ops <ops@mon.acme.example>\r\nSubject: Down\r\n\r\ntext\r\n";
  for (const allow of ["ops@mon.acme.example", "mon.acme.example", "*.acme.example", "OPS@mon.acme.example"])
    expect(await taken(mail, { allow: [allow] }), allow).toBe(true);
  for (const allow of ["acme.example", "ops@acme.example", "*.mon.acme.example", "*.cme.example"])
    expect(await taken(mail, { allow: [allow] }), allow).toBe(false);
});

test("only the first Authentication-Results counts, only from the named server, and only for the domain in From", async () => {
  const its = { authenticated: { server: "mx.pages.example" } };
  const mail = (...results: string[]): string =>
    `${results.map((each) => `Authentication-Results: ${each}\r\n`).join("")}From: a@acme.example\r\nSubject: Down\r\n\r\nx\r\n`;
  const good = "mx.pages.example; spf=fail smtp.mailfrom=x.example; dmarc=pass (p=none) header.from=acme.example";
  expect(await taken(mail(good), its)).toBe(true);
  for (const results of [
    [],
    ["mx.pages.example; dmarc=fail header.from=acme.example", good],
    ["other.example; dmarc=pass header.from=acme.example"],
    ["mx.pages.example; dmarc=pass header.from=evil.example"],
    ["mx.pages.example; dmarc=fail (; dmarc=pass header.from=acme.example) header.from=acme.example"],
    ['mx.pages.example; spf=pass smtp.mailfrom="; dmarc=pass header.from=acme.example"'],
    ["mx.pages.example; dmarc=pass"],
  ])
    expect(await taken(mail(...results), its), results.join(" | ")).toBe(false);
  const dkim = { authenticated: { server: "mx.pages.example", by: "dkim" } };
  expect(await taken(mail("mx.pages.example; dkim=pass header.d=acme.example"), dkim)).toBe(true);
  expect(await taken(mail("mx.pages.example; dkim=pass header.d=evil.example"), dkim)).toBe(false);
});

test("patterns are checked when they are written", () => {
  expect(config.safeParse({ rules: [{ pattern: "(", do: "resolve" }] }).success).toBe(false);
  expect(config.safeParse({ rules: [{ in: "header", pattern: "x", do: "resolve" }] }).success).toBe(false);
  expect(config.safeParse({ allow: ["nonsense"] }).success).toBe(false);
});
