// Owns WebAuthn challenges: random, signed, good for minutes, kept nowhere until one has been answered.

import { limits } from "../core/limits.ts";
import { deriveBytes } from "../security/derive.ts";
import { base64url, fromBase64url } from "./place.ts";

const randomBytes = 16;
const timeBytes = 8;

/** `purpose` binds it to one ceremony of one account: a challenge for adding a passkey opens no session. */
export async function newChallenge(env: Env, purpose: string, now: number): Promise<Uint8Array<ArrayBuffer>> {
  const body = new Uint8Array(randomBytes + timeBytes);
  crypto.getRandomValues(body.subarray(0, randomBytes));
  new DataView(body.buffer).setFloat64(randomBytes, now + limits.session.challengeMs);
  const mac = await macOf(env, purpose, body);
  const whole = new Uint8Array(body.length + mac.length);
  whole.set(body);
  whole.set(mac, body.length);
  return whole;
}

/** Whether we made this challenge for this purpose, and lately. */
export async function isOurChallenge(env: Env, purpose: string, text: string, now: number): Promise<boolean> {
  const whole = fromBase64url(text);
  if (whole === null || whole.length !== randomBytes + timeBytes + 32) return false;
  const body = whole.subarray(0, randomBytes + timeBytes);
  const expected = base64url(await macOf(env, purpose, body));
  if (expected !== base64url(whole.subarray(randomBytes + timeBytes))) return false;
  return new DataView(whole.buffer).getFloat64(randomBytes) > now;
}

async function macOf(env: Env, purpose: string, body: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const bytes = await deriveBytes(env.TOCSIN_SECRET, `tocsin/v1/webauthn/${purpose}`, 32);
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, body));
}
