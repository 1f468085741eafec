// Owns the mail notifier: its configuration, its target, and one send. The conversation is session.ts, the mail message.ts.

import * as z from "zod";
import type { NotifierManifest, NotifierPlugin } from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };
import { messageOf } from "./message.ts";
import { deliver } from "./session.ts";

/** Printable ASCII without what has a meaning in a command or header; no quoted local parts. */
const address = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/;
const hostName = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])$/;

const config = z.strictObject({
  host: z.string().regex(hostName, "a host name").describe("The mail server; its certificate must name this host"),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .refine(
      (port) => port !== 25,
      "port 25 is closed to senders (Cloudflare refuses it): use 465 with tls implicit, or 587 with tls starttls",
    ),
  tls: z
    .enum(["implicit", "starttls", "none"])
    .default("implicit")
    .describe("implicit: TLS from the first byte (465); starttls: required, never optional (587)"),
  from: z.string().regex(address, "a mail address").describe("Sender of the mails"),
  ehlo: z.string().regex(hostName).optional().describe("The name we greet with; by default the sender's domain"),
});

const secrets = z.strictObject({
  user: z.string().min(1).max(256).optional(),
  password: z.string().min(1).max(1_024).optional(),
});

export const plugin: NotifierPlugin<z.infer<typeof config>, z.infer<typeof secrets>> = {
  manifest: manifest as NotifierManifest,
  config,
  secrets,
  checkTarget: (to) => (address.test(to) ? null : `"${to.slice(0, 80)}" is no mail address`),
  async send({ page, config: { host, port, tls, from, ehlo }, secrets: { user, password }, target }, io) {
    if (!address.test(target)) return { status: "failed", reason: "the contact's `to` is no mail address" };
    const message = messageOf({ page, from, to: target, now: io.now() });
    const name = ehlo ?? from.slice(from.lastIndexOf("@") + 1);
    return deliver(
      { host, port, tls, ehlo: name, user: user ?? null, password: password ?? null, from, to: target, message },
      io,
    );
  },
};
