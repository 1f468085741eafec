// A page that tells of several incidents, by each channel that says it can: all named, each with its own link, nothing broken out of.

import { expect, test } from "vitest";
import { plugin as inbox } from "../../plugins/notifiers/inbox/index.ts";
import { messageOf } from "../../plugins/notifiers/smtp/message.ts";
import { plugin as webhook } from "../../plugins/notifiers/webhook/index.ts";
import type { HttpRequest, NotifierIo, OutgoingPage } from "../../plugins/sdk/index.ts";
import { fixedNow, page } from "./page.ts";

const storm: OutgoingPage = {
  ...page,
  summary: {
    count: 22,
    items: [
      { incident: "inc_b", title: "Disk\r\nBcc: eve@evil.test", severity: "P2", service: "db", link: "https://t.test/r/b" },
      { incident: "inc_c", title: "<b>Queue</b>", severity: "P3", service: null, link: "https://t.test/r/c" },
    ],
    list: "https://t.test/t/acme/incidents",
  },
};

function textOf(message: string, type: string): string {
  const part = message.split("\r\n--").find((each) => each.includes(`Content-Type: ${type}`)) ?? "";
  return Buffer.from(part.split("\r\n\r\n")[1] ?? "", "base64").toString("utf8");
}

test("mail: how many in the subject, each with its link in both parts, the rest counted", () => {
  const message = messageOf({ page: storm, from: "tocsin@acme.test", to: "ana@acme.test", now: fixedNow });
  expect(message.split("\r\n\r\n")[0]).toMatch(/Subject: \[P1\] Payments are down \(payment-api\) and 22 more\r\n/);
  expect(message.split("\r\n\r\n")[0]).not.toContain("Bcc");
  const plain = textOf(message, "text/plain");
  for (const part of [
    "22 more incidents",
    "https://t.test/r/b",
    "[P3] <b>Queue</b>",
    "and 20 more",
    "https://t.test/t/acme/incidents",
  ])
    expect(plain).toContain(part);
  const html = textOf(message, "text/html");
  expect(html).toContain('<a href="https://t.test/r/c">[P3] &lt;b&gt;Queue&lt;/b&gt;</a>');
  expect(html).not.toContain("<b>Queue");
  // A page of one incident says nothing of others.
  expect(messageOf({ page, from: "tocsin@acme.test", to: "ana@acme.test", now: fixedNow })).not.toMatch(
    /more incidents|and \d+ more/,
  );
});

const io = (more: Partial<NotifierIo>): NotifierIo =>
  ({ now: () => fixedNow, random: (n: number) => new Uint8Array(n), stillWanted: () => true, ...more }) as NotifierIo;

test("webhook and inbox hand the summary on as it is; without one they have no such field", async () => {
  const bodies: Record<string, unknown>[] = [];
  const http = async (request: HttpRequest) => {
    bodies.push(JSON.parse(String(request.body)) as Record<string, unknown>);
    return { status: 200, headers: {}, body: "" };
  };
  const secrets = { signingKey: "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0" };
  for (const each of [storm, page])
    await webhook.send(
      { page: each, config: { url: "https://ops.acme.test/hook", headers: {} }, secrets, target: "", attempt: 1 },
      io({ http }),
    );
  expect(bodies.map((body) => body["summary"])).toEqual([storm.summary, undefined]);
  const messages: Readonly<Record<string, unknown>>[] = [];
  const store = { put: async (message: Readonly<Record<string, unknown>>) => void messages.push(message) };
  for (const each of [storm, page])
    await inbox.send({ page: each, config: {}, secrets: {}, target: "", attempt: 1 }, io({ store }));
  expect(messages.map((message) => message["summary"])).toEqual([storm.summary, undefined]);
});
