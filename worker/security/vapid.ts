// Owns the hub's identity towards push services (RFC 8292): one P-256 key for the whole hub, derived from the root key, so that
// a restart, a lost database and every isolate have the same one (worker/decisions/0010-web-push.md). The private key leaves
// this file only as a signature.

import { base64url } from "jose";
import { deriveBytes } from "./derive.ts";

export type VapidEnv = Pick<Env, "TOCSIN_SECRET" | "TOCSIN_SECRET_PREVIOUS" | "TOCSIN_PUBLIC_URL" | "TOCSIN_PUSH_CONTACT">;

/** RFC 8292 §2 allows 24 h; push services refuse a clock that runs ahead of theirs. */
const validS = 12 * 3_600;

/** SEC 2, secp256r1. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
/** PrivateKeyInfo of P-256 around 32 octets of key, without the public one (RFC 5958, RFC 5915). */
const pkcs8Head = "3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420";

interface Signer {
  /** The uncompressed point, 65 octets, base64url: what a browser subscribes under. */
  readonly publicKey: string;
  readonly key: CryptoKey;
}

/** What browsers subscribe under now. */
export async function vapidPublicKey(env: Pick<VapidEnv, "TOCSIN_SECRET">): Promise<string> {
  return (await signerOf(env.TOCSIN_SECRET)).publicKey;
}

/**
 * The value of Authorization for one request to a push service. `audience`: the origin of the subscription's endpoint;
 * `publicKey`: what the device subscribed under. Null: that key was of a root key which this hub does not hold any more.
 */
export async function vapidAuthorization(
  env: VapidEnv,
  { audience, publicKey }: { readonly audience: string; readonly publicKey: string },
  now: number,
): Promise<string | null> {
  const roots = [env.TOCSIN_SECRET, ...(env.TOCSIN_SECRET_PREVIOUS ? [env.TOCSIN_SECRET_PREVIOUS] : [])];
  const signer = (await Promise.all(roots.map(signerOf))).find((each) => each.publicKey === publicKey);
  if (signer === undefined) return null;
  const part = (value: object): string => base64url.encode(JSON.stringify(value));
  const claims = { aud: audience, exp: Math.floor(now / 1_000) + validS, sub: contactOf(env) };
  const signed = `${part({ typ: "JWT", alg: "ES256" })}.${part(claims)}`;
  const how = { name: "ECDSA", hash: "SHA-256" };
  const signature = await crypto.subtle.sign(how, signer.key, new TextEncoder().encode(signed));
  return `vapid t=${signed}.${base64url.encode(new Uint8Array(signature))}, k=${publicKey}`;
}

/** Whom a push service may write to. Apple refuses an address that cannot be one, so a hub on https gives its own. */
export function contactOf(env: Pick<VapidEnv, "TOCSIN_PUBLIC_URL" | "TOCSIN_PUSH_CONTACT">): string {
  if (env.TOCSIN_PUSH_CONTACT) return env.TOCSIN_PUSH_CONTACT;
  return env.TOCSIN_PUBLIC_URL.startsWith("https:") ? new URL(env.TOCSIN_PUBLIC_URL).origin : "mailto:tocsin@localhost";
}

const signers = new Map<string, Promise<Signer>>();

function signerOf(root: string): Promise<Signer> {
  const known = signers.get(root);
  if (known) return known;
  const made = makeSigner(root);
  signers.set(root, made);
  return made;
}

async function makeSigner(root: string): Promise<Signer> {
  const d = scalarOf(await deriveBytes(root, "tocsin/v1/vapid", 48));
  const how = { name: "ECDSA", namedCurve: "P-256" };
  const pkcs8 = Uint8Array.from([...octets(pkcs8Head), ...octets(d)]);
  const whole = await crypto.subtle.importKey("pkcs8", pkcs8, how, true, ["sign"]);
  const jwk = (await crypto.subtle.exportKey("jwk", whole)) as JsonWebKey;
  const point = [4, ...base64url.decode(jwk.x ?? ""), ...base64url.decode(jwk.y ?? "")];
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, how, false, ["sign"]);
  return { publicKey: base64url.encode(Uint8Array.from(point)), key };
}

/** 384 bits to 1 … order - 1, as FIPS 186-5 A.2.1 does it: no value is likelier than another that one could tell. */
function scalarOf(bytes: Uint8Array): string {
  const wide = BigInt(`0x${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`);
  return ((wide % (order - 1n)) + 1n).toString(16).padStart(64, "0");
}

function octets(hex: string): number[] {
  return (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}
