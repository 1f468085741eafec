// Owns the signed link: what it says, how it is signed and when it is believed. One link is one person on one episode
// of one incident. Must not look anything up: revocation is the caller's (linkEpoch), this file knows keys and time only.

import { CompactSign, base64url, compactVerify, decodeProtectedHeader } from "jose";
import * as z from "zod";
import { identityOfId } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import { deriveBytes } from "../security/derive.ts";

export interface LinkClaims {
  readonly tenant: string;
  readonly jurisdiction: string | null;
  readonly incident: string;
  readonly user: string;
  /** The person's link epoch when this was signed; a lower one than today's is revoked. */
  readonly linkEpoch: number;
  /** The page that carried the link. */
  readonly delivery: string;
  /** Epoch ms; also the moment the page was handed to the provider. Kept to the second. */
  readonly issuedAt: number;
}

/**
 * Why a link is not believed. malformed: not a token of ours at all · unknown-key: signed by a root key no longer held ·
 * forged: the signature does not fit · expired, early: by its own times · claims: well signed, but not a responder's link.
 */
export type LinkRefusal = "malformed" | "unknown-key" | "forged" | "expired" | "early" | "claims";

export type LinkKeys = Pick<Env, "TOCSIN_SECRET" | "TOCSIN_SECRET_PREVIOUS">;

const algorithm = "HS256";
const type = "ack+jwt";
const issuer = "tocsin";
const audience = "ack";

const headerShape = z.strictObject({ alg: z.literal(algorithm), typ: z.literal(type), kid: z.string() });

/** Short names: a link travels in mails and chats, and every character costs. Times are seconds (RFC 7519 §2). */
const claimsShape = z.strictObject({
  iss: z.literal(issuer),
  aud: z.literal(audience),
  t: z.string().min(1),
  j: z.string().min(1).optional(),
  i: z.string().min(1),
  u: z.string().min(1),
  e: z.int().min(0),
  d: z.string(),
  iat: z.int().min(0),
  exp: z.int().min(0),
});

/** Signs a link for one person: the absolute address `${TOCSIN_PUBLIC_URL}/r/{token}`. */
export async function signLink(env: LinkKeys & Pick<Env, "TOCSIN_PUBLIC_URL">, claims: LinkClaims): Promise<string> {
  return `${env.TOCSIN_PUBLIC_URL.replace(/\/+$/, "")}/r/${await signToken(env, claims)}`;
}

/** The compact JWS (RFC 7515) alone. */
export async function signToken(env: LinkKeys, claims: LinkClaims): Promise<string> {
  const key = await linkKey(env.TOCSIN_SECRET);
  const iat = Math.floor(claims.issuedAt / 1_000);
  const payload = {
    iss: issuer,
    aud: audience,
    t: claims.tenant,
    ...(claims.jurisdiction === null ? {} : { j: claims.jurisdiction }),
    i: claims.incident,
    u: claims.user,
    e: claims.linkEpoch,
    d: claims.delivery,
    iat,
    exp: iat + limits.link.ttlMs / 1_000,
  };
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: algorithm, typ: type, kid: key.id })
    .sign(key.bytes);
}

/**
 * Reads a token. Tenant, incident and person come from nowhere but a verified one. The header may hold `alg`, `typ` and
 * `kid` and nothing else, so that jku, jwk, x5u, x5c, crit and b64 are refused before any key is touched.
 */
export async function verifyLink(
  env: LinkKeys,
  token: string,
  now: number,
): Promise<{ ok: true; claims: LinkClaims } | { ok: false; reason: LinkRefusal }> {
  if (token.length > limits.link.tokenCharsMax || !canonical(token)) return { ok: false, reason: "malformed" };
  const header = headerOf(token);
  if (header === null) return { ok: false, reason: "malformed" };
  const key = await keyNamed(env, header.kid);
  if (key === null) return { ok: false, reason: "unknown-key" };
  const payload = await compactVerify(token, key.bytes, { algorithms: [algorithm] }).then(
    (verified) => verified.payload,
    () => null,
  );
  if (payload === null) return { ok: false, reason: "forged" };
  return readClaims(payload, now);
}

function readClaims(payload: Uint8Array, now: number): { ok: true; claims: LinkClaims } | { ok: false; reason: LinkRefusal } {
  const parsed = claimsShape.safeParse(parseJson(new TextDecoder().decode(payload)));
  if (!parsed.success) return { ok: false, reason: "claims" };
  const { t, j, i, u, e, d, iat, exp } = parsed.data;
  const jurisdiction = j ?? null;
  if (identityOfId(t, jurisdiction, i) === null) return { ok: false, reason: "claims" };
  if (now >= exp * 1_000 + limits.link.skewMs) return { ok: false, reason: "expired" };
  if (now < iat * 1_000 - limits.link.skewMs) return { ok: false, reason: "early" };
  return {
    ok: true,
    claims: { tenant: t, jurisdiction, incident: i, user: u, linkEpoch: e, delivery: d, issuedAt: iat * 1_000 },
  };
}

/**
 * One spelling only. A 32-byte signature leaves two bits of its last base64url character unused: without this, four
 * spellings of every link would be good, and a list of used or revoked links could be walked around.
 */
function canonical(token: string): boolean {
  const parts = token.split(".");
  if (parts.length !== 3) return false;
  return parts.every((part) => {
    try {
      return base64url.encode(base64url.decode(part)) === part;
    } catch {
      return false;
    }
  });
}

function headerOf(token: string): z.infer<typeof headerShape> | null {
  try {
    const parsed = headerShape.safeParse(decodeProtectedHeader(token));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

interface LinkKey {
  /** Names the root key without telling anything about it. */
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Derived keys by root: two at most. Values and not promises, which would belong to the request that began them. */
const derived = new Map<string, LinkKey>();

async function linkKey(root: string): Promise<LinkKey> {
  const known = derived.get(root);
  if (known) return known;
  const [bytes, id] = await Promise.all([deriveBytes(root, "tocsin/v1/link", 32), deriveBytes(root, "tocsin/v1/link-kid", 6)]);
  const key = { id: base64url.encode(id), bytes };
  derived.set(root, key);
  return key;
}

async function keyNamed(env: LinkKeys, kid: string): Promise<LinkKey | null> {
  for (const root of [env.TOCSIN_SECRET, env.TOCSIN_SECRET_PREVIOUS]) {
    if (!root) continue;
    const key = await linkKey(root);
    if (key.id === kid) return key;
  }
  return null;
}
