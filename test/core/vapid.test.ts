// The hub's identity towards push services: the same after every start, the root key's and nobody else's.

import { describe, expect, it } from "vitest";
import { contactOf, vapidAuthorization, vapidPublicKey } from "../../worker/security/vapid.ts";
import { verifyVapid } from "../plugins/push-receiver.ts";

const now = Date.UTC(2026, 10, 23, 3, 12);
const one = { TOCSIN_SECRET: "root-key-one-root-key-one-root-key-one", TOCSIN_PUBLIC_URL: "https://tocsin.acme.test/" };
const two = { ...one, TOCSIN_SECRET: "root-key-two-root-key-two-root-key-two" };
const audience = "https://push.example.com";

describe("the hub's push key", () => {
  it("is the root key's: one for ever, another for another", async () => {
    expect(await vapidPublicKey(one)).toBe(
      "BDsgad6NjOtRNj2xKjKh-V2KEsLzGuL8UzT476NtSy-6d8A2pA36tfgtgg5UHXqfhLpeBEb297GDcAS4zXtjyHg",
    );
    expect(await vapidPublicKey(two)).not.toBe(await vapidPublicKey(one));
    expect(Buffer.from(await vapidPublicKey(two), "base64url")).toHaveLength(65);
  });

  it("signs for one origin, anew each time", async () => {
    const publicKey = await vapidPublicKey(one);
    const signed = await vapidAuthorization(one, { audience, publicKey }, now);
    const claims = { aud: audience, exp: now / 1_000 + 43_200, sub: "https://tocsin.acme.test", publicKey };
    expect(verifyVapid(signed ?? "")).toEqual(claims);
    expect(await vapidAuthorization(one, { audience, publicKey }, now)).not.toBe(signed);
    expect(() => verifyVapid((signed ?? "").replace("t=", "t=e"))).toThrow(/JSON|ES256|fit/);
  });

  it("serves devices of the previous root key while that is held, and no longer", async () => {
    const publicKey = await vapidPublicKey(one);
    const rotated = { ...two, TOCSIN_SECRET_PREVIOUS: one.TOCSIN_SECRET };
    expect(verifyVapid((await vapidAuthorization(rotated, { audience, publicKey }, now)) ?? "").publicKey).toBe(publicKey);
    expect(await vapidAuthorization(two, { audience, publicKey }, now)).toBeNull();
  });

  it("names whom to write to", () => {
    expect(contactOf({ ...one, TOCSIN_PUSH_CONTACT: "mailto:ops@acme.test" })).toBe("mailto:ops@acme.test");
    expect(contactOf({ TOCSIN_PUBLIC_URL: "http://localhost:8787" })).toBe("mailto:tocsin@localhost");
  });
});
