// Owns Web Push: one page to one device's subscription (RFC 8030), encrypted for it alone (RFC 8291, aes128gcm) and signed as
// this hub's (RFC 8292). The device is a service worker of ours; payload.ts is what it is told.

import { encryptNotification } from "@block65/webcrypto-web-push";
import * as z from "zod";
import { classifyStatus, type NotifierManifest, type NotifierPlugin, type OutgoingPage, type Outcome } from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };
import { payloadOf } from "./payload.ts";

const daySeconds = 86_400;

const config = z.strictObject({
  ttl: z
    .int()
    .min(60)
    .max(28 * daySeconds)
    .default(daySeconds)
    .describe("Seconds that a push service keeps a page for a device that is off"),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("In place of each subscription's own push service, for a proxy or a test"),
});
const secrets = z.strictObject({});

/** What a device registers, sealed until the call. */
const subscription = z.object({ endpoint: z.url(), p256dh: z.string(), auth: z.string(), key: z.string() });

export const plugin: NotifierPlugin<z.infer<typeof config>, z.infer<typeof secrets>> = {
  manifest: manifest as NotifierManifest,
  config,
  secrets,
  checkTarget: (to) =>
    to === "" ? null : "leave `to` out: devices are registered in the browser, by the person who is to be paged there",
  async send({ page, config: { ttl, baseUrl }, target }, io) {
    const device = readTarget(target);
    if (device === null) return { status: "failed", reason: "this device's registration cannot be read: register it again" };
    const payload = payloadOf(page);
    if (payload === null) return { status: "failed", reason: "the hub's link is too long for a push message" };
    const endpoint = new URL(device.endpoint);
    const authorization = await io.vapid(endpoint.origin, device.key);
    if (authorization === null)
      return { status: "failed", reason: "this device was registered under a key that the hub no longer has: register it again" };
    const body = await sealedFor(device, payload);
    if (body === null) return { status: "failed", reason: "this device's keys are no keys: register it again" };
    const headers = {
      authorization,
      ttl: String(ttl),
      urgency: page.incident.urgency === "high" ? "high" : "normal",
      topic: await topicOf(page),
      "content-encoding": "aes128gcm",
      "content-type": "application/octet-stream",
    };
    const answer = await io.http({ method: "POST", url: addressed(endpoint, baseUrl), headers, body });
    return outcomeOf(answer.status) ?? classifyStatus(answer, page.delivery, io.now());
  },
};

/** Push services say it by status alone; what they write beside it may repeat what they were sent. */
function outcomeOf(status: number): Outcome | null {
  if (status === 404 || status === 410)
    return { status: "failed", reason: `HTTP ${status}: this device is not registered any more`, gone: true };
  if (status === 413) return { status: "failed", reason: "HTTP 413: the push service takes no message of this size" };
  if (status === 401 || status === 403)
    return {
      status: "failed",
      reason: `HTTP ${status}: the push service refuses the hub's key or contact (TOCSIN_PUSH_CONTACT)`,
    };
  return null;
}

function readTarget(target: string): z.infer<typeof subscription> | null {
  try {
    const read = subscription.safeParse(JSON.parse(target));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

async function sealedFor(device: z.infer<typeof subscription>, payload: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const { endpoint, p256dh, auth } = device;
  const to = { endpoint, expirationTime: null, keys: { p256dh, auth } };
  return encryptNotification(to, new TextEncoder().encode(payload)).catch(() => null);
}

function addressed(endpoint: URL, baseUrl: string | undefined): string {
  return baseUrl === undefined ? endpoint.href : `${baseUrl.replace(/\/$/, "")}${endpoint.pathname}${endpoint.search}`;
}

/**
 * RFC 8030 §5.4: a newer message takes the place of an undelivered one of the same topic. Pages of one incident to one device
 * do: the newest says how it stands. One that also tells of other incidents must not be replaced by one that does not.
 */
async function topicOf({ incident, delivery, summary }: OutgoingPage): Promise<string> {
  const of = new TextEncoder().encode(summary === undefined ? incident.id : delivery);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", of));
  return btoa(String.fromCharCode(...digest.slice(0, 24)))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}
