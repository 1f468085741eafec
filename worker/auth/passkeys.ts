// Owns the two WebAuthn ceremonies: options for the browser, and whether its answer holds. Storage is the caller's. The
// library is a third of a megabyte: it is loaded when somebody uses a passkey, not with every isolate.

import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { hashOf } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { PasskeyRow } from "../objects/rpc.ts";
import { isOurChallenge, newChallenge } from "./challenge.ts";
import { base64url, fromBase64url, placeText, type Place } from "./place.ts";

/** Where the browser is: `rpId` is the host name, `origin` what it puts into what it signs. */
export interface Site {
  readonly origin: string;
  readonly rpId: string;
}

export interface Account {
  readonly place: Place;
  readonly user: string;
  readonly name: string;
}

const signIn = "sign-in";

function adding({ place, user }: Account): string {
  return `add/${placeText(place)}/${user}`;
}

export async function registrationOptions(env: Env, site: Site, account: Account, held: readonly PasskeyRow[], now: number) {
  const { generateRegistrationOptions } = await import("@simplewebauthn/server");
  return generateRegistrationOptions({
    rpName: "Tocsin",
    rpID: site.rpId,
    userName: account.user,
    userDisplayName: account.name,
    // The same person anew replaces the passkey that the device already has for them, and tells nothing about them.
    userID: Uint8Array.from(new TextEncoder().encode(hashOf(["passkey", placeText(account.place), account.user], 26))),
    challenge: await newChallenge(env, adding(account), now),
    timeout: limits.session.challengeMs,
    attestationType: "none",
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    excludeCredentials: held.map((each) => ({ id: each.id, transports: transportsOf(each) })),
  });
}

export interface Registered {
  readonly id: string;
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: string;
  readonly challenge: string;
}

/** Null: the answer does not hold. Why is in the log, not in the answer. */
export async function verifyRegistration(
  env: Env,
  site: Site,
  account: Account,
  response: unknown,
  now: number,
): Promise<Registered | null> {
  const { verifyRegistrationResponse } = await import("@simplewebauthn/server");
  let challenge = "";
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      // The library checks every field of it.
      response: response as RegistrationResponseJSON,
      expectedChallenge: async (text) => isOurChallenge(env, adding(account), (challenge = text), now),
      expectedOrigin: site.origin,
      expectedRPID: site.rpId,
      requireUserVerification: true,
    });
    if (!verified) return null;
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
    return { id, publicKey: base64url(publicKey), counter, transports: transports.join(","), challenge };
  } catch (error) {
    console.warn("a passkey was not taken", String(error));
    return null;
  }
}

/** For whoever comes: the device offers the passkeys it has for this site. */
export async function authenticationOptions(env: Env, site: Site, now: number) {
  const { generateAuthenticationOptions } = await import("@simplewebauthn/server");
  return generateAuthenticationOptions({
    rpID: site.rpId,
    challenge: await newChallenge(env, signIn, now),
    timeout: limits.session.challengeMs,
    userVerification: "required",
  });
}

/** Null: the answer does not hold. */
export async function verifyAuthentication(
  env: Env,
  site: Site,
  passkey: PasskeyRow,
  response: unknown,
  now: number,
): Promise<{ readonly counter: number; readonly challenge: string } | null> {
  const { verifyAuthenticationResponse } = await import("@simplewebauthn/server");
  const publicKey = fromBase64url(passkey.publicKey);
  if (publicKey === null) return null;
  let challenge = "";
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      expectedChallenge: async (text) => isOurChallenge(env, signIn, (challenge = text), now),
      expectedOrigin: site.origin,
      expectedRPID: site.rpId,
      credential: { id: passkey.id, publicKey, counter: passkey.counter, transports: transportsOf(passkey) },
      requireUserVerification: true,
    });
    return verified ? { counter: authenticationInfo.newCounter, challenge } : null;
  } catch (error) {
    console.warn("a passkey's answer was not taken", String(error));
    return null;
  }
}

type Transport = NonNullable<RegistrationResponseJSON["response"]["transports"]>[number];

function transportsOf({ transports }: PasskeyRow): Transport[] {
  // As the browser named them when the passkey was made; given back to it, read by nobody else.
  return transports === "" ? [] : transports.split(",");
}
