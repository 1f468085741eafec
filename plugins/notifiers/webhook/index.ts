// Owns the signed webhook: the page as JSON (contract §4), signed by Standard Webhooks v1. The receiver drops repeats by
// webhook-id, which is the delivery's id on every try; timestamp and signature are made anew for each.

import * as z from "zod";
import { classifyStatus, type NotifierManifest, type NotifierPlugin, type OutgoingPage } from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const ownHeaders = /^(webhook-.*|content-type|content-length|transfer-encoding|connection|host|user-agent)$/i;

const config = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe("Where pages are posted"),
  headers: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z0-9-]{1,64}$/, "a header name")
        .refine((name) => !ownHeaders.test(name), "this header is the hub's own and cannot be set"),
      z
        .string()
        .max(1_024)
        .regex(/^[\u0020-\u007e]*$/, "printable ASCII only"),
    )
    .default({})
    .describe("Extra request headers"),
});
const secrets = z.strictObject({
  signingKey: z
    .string()
    .min(24)
    .refine(isUsableKey, "what follows whsec_ must be base64 of 24 bytes or more")
    .describe("whsec_… (base64) or any text of at least 24 characters"),
});

export const plugin: NotifierPlugin<z.infer<typeof config>, z.infer<typeof secrets>> = {
  manifest: manifest as NotifierManifest,
  config,
  secrets,
  checkTarget: () => null,
  async send({ page, config: { url, headers }, secrets: { signingKey } }, io) {
    const body = JSON.stringify(bodyOf(page));
    const timestamp = Math.floor(io.now() / 1_000);
    const signature = await sign(signingKey, `${page.delivery}.${timestamp}.${body}`);
    const answer = await io.http({
      method: "POST",
      url,
      headers: {
        ...headers,
        "content-type": "application/json",
        "user-agent": "Tocsin",
        "webhook-id": page.delivery,
        "webhook-timestamp": String(timestamp),
        "webhook-signature": `v1,${signature}`,
      },
      body,
    });
    if (answer.status === 410) return { status: "failed", reason: "HTTP 410: the receiver says this address is gone for good" };
    return classifyStatus(answer, page.delivery, io.now());
  },
};

function bodyOf(page: OutgoingPage): unknown {
  const { person, contact, incident, reason } = page;
  return {
    type: "page",
    delivery: page.delivery,
    sentAt: new Date(page.sentAt).toISOString(),
    tenant: page.tenant.id,
    person: { id: person.id, name: person.name },
    contact: { id: contact.id, to: contact.to },
    incident: {
      id: incident.id,
      title: incident.title,
      severity: incident.severity,
      urgency: incident.urgency,
      status: incident.status,
      service: incident.service,
      openedAt: new Date(incident.openedAt).toISOString(),
      runbook: incident.runbook,
      labels: incident.labels,
    },
    reason: { policy: reason.policy, step: reason.step, round: reason.round, via: reason.via, text: reason.text },
    links: { respond: page.links.respond },
  };
}

function isUsableKey(text: string): boolean {
  if (!text.startsWith("whsec_")) return true;
  const encoded = text.slice("whsec_".length);
  return encoded.length >= 32 && /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) && encoded.replaceAll("=", "").length % 4 !== 1;
}

/** HMAC-SHA256, base64. `whsec_` keys are base64 of the key bytes, others are used as they are written. */
async function sign(signingKey: string, content: string): Promise<string> {
  const raw = signingKey.startsWith("whsec_")
    ? Uint8Array.from(atob(signingKey.slice("whsec_".length)), (char) => char.charCodeAt(0))
    : new TextEncoder().encode(signingKey);
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(content));
  return btoa(String.fromCharCode(...new Uint8Array(mac)));
}
