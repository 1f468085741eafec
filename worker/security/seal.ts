// Owns secrets at rest: AES-256-GCM under a key derived from the hub's root key, bound to the place the value stands in,
// so that a ciphertext moved to another row or tenant does not open. Sealed: `v1.{key id}.{iv}.{ciphertext}`, base64url.

import { base64url } from "jose";
import { deriveBytes } from "./derive.ts";

export type SealKeys = Pick<Env, "TOCSIN_SECRET" | "TOCSIN_SECRET_PREVIOUS">;

const ivBytes = 12;

/** Thrown when a sealed value does not open: another root key, another place, or a changed ciphertext. */
export class SealError extends Error {
  override readonly name = "SealError";
}

interface SealingKey {
  readonly id: string;
  readonly key: CryptoKey;
}

/** Seals under the present root key. `place` names where the value stands: `acme/notifiers/twilio-sms/authToken`. */
export async function seal(env: SealKeys, place: string, plaintext: string): Promise<string> {
  const { id, key } = await sealingKey(env.TOCSIN_SECRET);
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const cipher = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytes(place) }, key, bytes(plaintext));
  return `v1.${id}.${base64url.encode(iv)}.${base64url.encode(new Uint8Array(cipher))}`;
}

/** Opens what seal() made for the same place, under the present or the previous root key. Throws SealError. */
export async function open(env: SealKeys, place: string, sealed: string): Promise<string> {
  const [version, keyId, iv, cipher] = sealed.split(".");
  if (version !== "v1" || iv === undefined || cipher === undefined) throw new SealError("this is no sealed value");
  const roots = [env.TOCSIN_SECRET, ...(env.TOCSIN_SECRET_PREVIOUS ? [env.TOCSIN_SECRET_PREVIOUS] : [])];
  const candidates = await Promise.all(roots.map(sealingKey));
  const found = candidates.find((candidate) => candidate.id === keyId);
  if (found === undefined) throw new SealError("sealed under a root key this hub does not hold: set TOCSIN_SECRET_PREVIOUS");
  try {
    const how = { name: "AES-GCM", iv: base64url.decode(iv), additionalData: bytes(place) };
    return new TextDecoder().decode(await crypto.subtle.decrypt(how, found.key, base64url.decode(cipher)));
  } catch {
    throw new SealError("does not open: it belongs to another place, or was changed");
  }
}

/** A keyed fingerprint: tells whether a secret is the same as before without keeping or revealing it. */
export async function fingerprint(env: SealKeys, place: string, plaintext: string): Promise<string> {
  const raw = await deriveBytes(env.TOCSIN_SECRET, "tocsin/v1/fingerprint", 32);
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, bytes(`${place}\n${plaintext}`));
  return base64url.encode(new Uint8Array(mac).slice(0, 12));
}

const keys = new Map<string, Promise<SealingKey>>();

function sealingKey(root: string): Promise<SealingKey> {
  const known = keys.get(root);
  if (known) return known;
  const made = makeSealingKey(root);
  keys.set(root, made);
  return made;
}

async function makeSealingKey(root: string): Promise<SealingKey> {
  const raw = await deriveBytes(root, "tocsin/v1/seal", 32);
  const id = base64url.encode(await deriveBytes(root, "tocsin/v1/seal-id", 6));
  return { id, key: await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]) };
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}
