// Owns proof of the sender: constant-time comparison, shared secrets in headers, HMAC over the raw bytes.

import type { InboundRequest, Verdict } from "./source.ts";

const ok: Verdict = { ok: true };

function refuse(reason: string): Verdict {
  return { ok: false, reason };
}

/** Takes as long whether the texts differ early or late; only their lengths can be told. */
export function sameText(a: string, b: string): boolean {
  const [x, y] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  let difference = x.length ^ y.length;
  for (let i = 0; i < Math.max(x.length, y.length); i++) difference |= (x[i] ?? 0) ^ (y[i] ?? 0);
  return difference === 0;
}

/**
 * For senders that present the secret itself: `Authorization: Bearer …`, basic auth (the secret as "user:password" or as
 * the password), or one named header. Without a secret the key in the URL was the proof.
 */
export function verifyShared(request: InboundRequest, secret: string | null, header = "x-tocsin-secret"): Verdict {
  if (secret === null) return ok;
  const authorization = request.headers["authorization"] ?? "";
  const [scheme = "", credentials = ""] = splitOnce(authorization, " ");
  if (scheme.toLowerCase() === "bearer" && sameText(credentials.trim(), secret)) return ok;
  if (scheme.toLowerCase() === "basic" && basicFits(credentials.trim(), secret)) return ok;
  const named = request.headers[header];
  if (named !== undefined && sameText(named, secret)) return ok;
  return refuse("the shared secret is missing or wrong");
}

function basicFits(encoded: string, secret: string): boolean {
  try {
    const pair = new TextDecoder().decode(Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0)));
    return sameText(pair, secret) || sameText(splitOnce(pair, ":")[1] ?? "", secret);
  } catch {
    return false;
  }
}

function splitOnce(text: string, by: string): string[] {
  const at = text.indexOf(by);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + by.length)];
}

/** HMAC-SHA256 of the parts, joined, as hex and as base64. */
export async function hmacSha256(
  secret: string,
  ...parts: readonly (string | Uint8Array)[]
): Promise<{ readonly hex: string; readonly base64: string }> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const chunks = parts.map((part) => (typeof part === "string" ? encoder.encode(part) : part));
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, whole));
  return {
    hex: Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    base64: btoa(String.fromCharCode(...mac)),
  };
}

/** Whether a header's HMAC fits: `sha256=<hex>`, bare hex or base64, over `content`. */
export async function verifyHmac(
  secret: string,
  presented: string | undefined,
  ...content: readonly (string | Uint8Array)[]
): Promise<Verdict> {
  if (presented === undefined || presented === "") return refuse("the signature is missing");
  const mac = await hmacSha256(secret, ...content);
  const bare = presented.replace(/^(sha256|v1)=/, "").trim();
  return sameText(bare.toLowerCase(), mac.hex) || sameText(bare, mac.base64) ? ok : refuse("the signature is wrong");
}

/** A timestamp (ISO or epoch) within the tolerance of now. */
export function verifyFresh(text: string | undefined, now: number, toleranceMs: number): Verdict {
  if (text === undefined) return refuse("the timestamp is missing");
  const at = /^\d+$/.test(text) ? Number(text) * (text.length > 11 ? 1 : 1_000) : Date.parse(text);
  return Number.isFinite(at) && Math.abs(now - at) <= toleranceMs ? ok : refuse("the timestamp is too old or too new");
}
