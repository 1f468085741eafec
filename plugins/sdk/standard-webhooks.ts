// Owns signing by Standard Webhooks v1 (https://www.standardwebhooks.com/): three headers over id, time and body. The receiver
// drops repeats by webhook-id, which is the same on every try; time and signature are made anew for each.

import * as z from "zod";

/** `whsec_` and base64 of 24 bytes or more, or any text of at least 24 characters, used as it is written. */
export const signingKey = z
  .string()
  .min(24)
  .refine(isUsableKey, "what follows whsec_ must be base64 of 24 bytes or more")
  .describe("whsec_… (base64) or any text of at least 24 characters");

const ownHeaders = /^(webhook-.*|content-type|content-length|transfer-encoding|connection|host|user-agent)$/i;

/** Headers that somebody may add to a signed request. */
export const extraHeaders = z
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
  .describe("Extra request headers");

/** The headers of one try. `now` is epoch ms. */
export async function signedHeaders(key: string, id: string, body: string, now: number): Promise<Record<string, string>> {
  const timestamp = Math.floor(now / 1_000);
  return {
    "content-type": "application/json",
    "user-agent": "Tocsin",
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": `v1,${await sign(key, `${id}.${timestamp}.${body}`)}`,
  };
}

function isUsableKey(text: string): boolean {
  if (!text.startsWith("whsec_")) return true;
  const encoded = text.slice("whsec_".length);
  return encoded.length >= 32 && /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) && encoded.replaceAll("=", "").length % 4 !== 1;
}

/** HMAC-SHA256, base64. */
async function sign(key: string, content: string): Promise<string> {
  const raw = key.startsWith("whsec_")
    ? Uint8Array.from(atob(key.slice("whsec_".length)), (char) => char.charCodeAt(0))
    : new TextEncoder().encode(key);
  const made = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", made, new TextEncoder().encode(content));
  return btoa(String.fromCharCode(...new Uint8Array(mac)));
}
