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

/** Where a sender can put the secret beside the Authorization header. */
export interface SharedPlaces {
  /** A header of the sender's own, beside `x-tocsin-secret`. */
  readonly header?: string;
  /** A parameter of the URL's query. */
  readonly query?: string;
}

/**
 * For senders that present the secret itself: `Authorization: Bearer …`, basic auth (the secret as "user:password" or as
 * the password), or one named header or query parameter. Without a secret the key in the URL was the proof.
 */
export function verifyShared(request: InboundRequest, secret: string | null, places: SharedPlaces = {}): Verdict {
  if (secret === null) return ok;
  const authorization = request.headers["authorization"] ?? "";
  const [scheme = "", credentials = ""] = splitOnce(authorization, " ");
  if (scheme.toLowerCase() === "bearer" && sameText(credentials.trim(), secret)) return ok;
  if (scheme.toLowerCase() === "basic" && basicFits(credentials.trim(), secret)) return ok;
  const named = [
    request.headers["x-tocsin-secret"],
    places.header === undefined ? undefined : request.headers[places.header],
    places.query === undefined ? undefined : request.query[places.query],
  ];
  if (named.some((each) => each !== undefined && sameText(each, secret))) return ok;
  return refuse("the shared secret is missing or wrong");
}

/** For senders that put the secret into the body, JSON or a form. */
export function verifyField(request: InboundRequest, secret: string | null, field: string): Verdict {
  if (secret === null) return ok;
  const text = new TextDecoder().decode(request.body);
  const found = /^\s*\{/.test(text) ? fieldOfJson(text, field) : new URLSearchParams(text).get(field);
  return found !== null && sameText(found, secret) ? ok : refuse(`${field} in the body is missing or wrong`);
}

function fieldOfJson(text: string, field: string): string | null {
  try {
    const value = (JSON.parse(text) as Readonly<Record<string, unknown>>)[field];
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
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

/** HMAC-SHA256 of the parts, joined, as hex and as base64. The key is text, or the bytes themselves. */
export function hmacSha256(
  secret: string | Uint8Array,
  ...parts: readonly (string | Uint8Array)[]
): Promise<{ readonly hex: string; readonly base64: string }> {
  return hmac("SHA-256", secret, parts);
}

type HashName = "SHA-1" | "SHA-256" | "SHA-512";

async function hmac(
  hash: HashName,
  secret: string | Uint8Array,
  parts: readonly (string | Uint8Array)[],
): Promise<{ readonly hex: string; readonly base64: string }> {
  const encoder = new TextEncoder();
  const bytes = typeof secret === "string" ? encoder.encode(secret) : new Uint8Array(secret);
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash }, false, ["sign"]);
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
  if (secret === "") return refuse("the integration's secret is empty");
  const mac = await hmacSha256(secret, ...content);
  const bare = presented.replace(/^(sha256|v1)=/, "").trim();
  return sameText(bare.toLowerCase(), mac.hex) || sameText(bare, mac.base64) ? ok : refuse("the signature is wrong");
}

/** How a sender signs: HMAC, SHA-256 unless it says another, in one header, with or without the time it was made. */
export interface Signing {
  readonly header: string;
  readonly hash?: HashName;
  readonly encoding: "hex" | "base64";
  /** What stands before each signature, `sha256=` or `v1=`; others in the header are passed over (rotation, old schemes). */
  readonly prefix?: string;
  /** The header with the time; it is then part of what is signed, before the body, with `between` in between. */
  readonly timestamp?: { readonly header: string; readonly between: string; readonly toleranceMs: number };
  /** Senders that may sign, or present the secret itself instead. */
  readonly orShared?: boolean;
}

/** Checks a signature over the raw bytes. Several in one header, by comma or space: one that fits is enough. */
export async function verifySigned(
  request: InboundRequest,
  { secret, now }: { readonly secret: string | null; readonly now: number },
  { header, hash = "SHA-256", encoding, prefix = "", timestamp, orShared = false }: Signing,
): Promise<Verdict> {
  if (secret === null) return ok;
  if (secret === "") return refuse("the integration's secret is empty");
  const presented = request.headers[header];
  if (presented === undefined || presented === "")
    return orShared ? verifyShared(request, secret) : refuse("the signature is missing");
  const time = timestamp === undefined ? undefined : request.headers[timestamp.header];
  if (timestamp !== undefined) {
    const fresh = verifyFresh(time, now, timestamp.toleranceMs);
    if (!fresh.ok) return fresh;
  }
  const content = timestamp === undefined ? [request.body] : [`${time}${timestamp.between}`, request.body];
  const expected = (await hmac(hash, secret, content))[encoding];
  const found = presented
    .split(/[,\s]+/)
    .slice(0, 16)
    .filter((each) => each.startsWith(prefix))
    .map((each) => each.slice(prefix.length))
    .map((each) => (encoding === "hex" ? each.toLowerCase() : each));
  return found.some((each) => sameText(each, expected)) ? ok : refuse("the signature is wrong");
}

/** Standard Webhooks, which is Svix's scheme: `v1,<base64>` over `id.timestamp.body`, the key base64 after `whsec_`. */
export async function verifyStandardWebhook(
  { headers, body }: InboundRequest,
  { secret, now }: { readonly secret: string | null; readonly now: number },
): Promise<Verdict> {
  if (secret === null) return ok;
  const read = (name: string): string | undefined => headers[`webhook-${name}`] ?? headers[`svix-${name}`];
  const [id, time, presented] = [read("id"), read("timestamp"), read("signature")];
  if (id === undefined || presented === undefined) return refuse("the signature is missing");
  const fresh = verifyFresh(time, now, 300_000);
  if (!fresh.ok) return fresh;
  const key = whsec(secret);
  if (key.length === 0) return refuse("the integration's secret is empty");
  const expected = (await hmacSha256(key, `${id}.${time}.`, body)).base64;
  const found = presented.split(/\s+/).slice(0, 16);
  return found.some((each) => each.startsWith("v1,") && sameText(each.slice(3), expected))
    ? ok
    : refuse("the signature is wrong");
}

/** The key's bytes: base64 after `whsec_`; a text that is not of that form is used as it is written. */
function whsec(secret: string): Uint8Array {
  if (!secret.startsWith("whsec_")) return new TextEncoder().encode(secret);
  try {
    return Uint8Array.from(atob(secret.slice(6)), (char) => char.charCodeAt(0));
  } catch {
    return new TextEncoder().encode(secret);
  }
}

/** A timestamp (ISO or epoch) within the tolerance of now. */
export function verifyFresh(text: string | undefined, now: number, toleranceMs: number): Verdict {
  if (text === undefined) return refuse("the timestamp is missing");
  const at = /^\d{1,16}$/.test(text) ? Number(text) * (text.length > 11 ? 1 : 1_000) : Date.parse(text);
  return Number.isFinite(at) && Math.abs(now - at) <= toleranceMs ? ok : refuse("the timestamp is too old or too new");
}
