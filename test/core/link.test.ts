// What a signed link lets through: its own person and incident, for a week, and nothing that was touched.

import { CompactSign, UnsecuredJWT, base64url, decodeProtectedHeader, generateKeyPair } from "jose";
import { describe, expect, test } from "vitest";
import { incidentId } from "../../worker/core/ids.ts";
import { limits } from "../../worker/core/limits.ts";
import { signLink, signToken, verifyLink, type LinkClaims } from "../../worker/respond/link.ts";
import { deriveBytes } from "../../worker/security/derive.ts";

const root = "a-root-key-for-tests-0123456789abcdef";
const older = "an-older-root-key-for-tests-0123456789";
const env = { TOCSIN_SECRET: root, TOCSIN_PUBLIC_URL: "https://hub.example.test/" };
const issuedAt = Date.parse("2026-11-24T02:12:00.000Z");
const identity = { tenant: "acme", jurisdiction: null, hash: "0123456789abcdefghjkmnpqrs" };
const claims: LinkClaims = {
  tenant: "acme",
  jurisdiction: null,
  incident: incidentId(issuedAt, identity),
  user: "ana",
  linkEpoch: 3,
  delivery: "dlv_x",
  issuedAt,
};
const hour = 3_600_000;

/** A token with the real key and whatever header and payload: what a forger who had the key, or a bug of ours, could make. */
async function signed(header: Record<string, unknown>, payload: unknown): Promise<string> {
  const key = await deriveBytes(root, "tocsin/v1/link", 32);
  const kid = decodeProtectedHeader(await signToken(env, claims)).kid;
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: "HS256", typ: "ack+jwt", kid: String(kid), ...header })
    .sign(key, { crit: { exp: true } });
}

const iat = issuedAt / 1_000;
const plain = { iss: "tocsin", aud: "ack", t: "acme", i: claims.incident, u: "ana", e: 3, d: "dlv_x", iat, exp: iat + 3_600 };

describe("a link", () => {
  test("is an address below the public one and gives back what was signed", async () => {
    const url = await signLink(env, claims);
    expect(url).toMatch(/^https:\/\/hub\.example\.test\/r\/[\w-]+\.[\w-]+\.[\w-]+$/);
    const token = url.split("/r/")[1] ?? "";
    expect(token.length).toBeLessThan(450);
    expect(await verifyLink(env, token, issuedAt + hour)).toEqual({ ok: true, claims });
    const abroad = { ...claims, jurisdiction: "eu" };
    expect(await verifyLink(env, await signToken(env, abroad), issuedAt)).toEqual({ ok: true, claims: abroad });
  });

  test("with any one character changed, dropped or doubled is refused (every place, seven ways)", async () => {
    const token = await signToken(env, claims);
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let tried = 0;
    const passed: string[] = [];
    for (let at = 0; at < token.length; at++) {
      const now = token[at] ?? "";
      // The four nearest base64url characters reach the unused low bits of the signature's last one.
      const place = Math.max(0, alphabet.indexOf(now));
      const near = [1, 2, 3, 32].map((step) => alphabet[place ^ step] ?? "A");
      for (const instead of [...near, ".", "", now + now]) {
        if (instead === now) continue;
        const mutant = token.slice(0, at) + instead + token.slice(at + 1);
        if (mutant === token) continue;
        tried++;
        if ((await verifyLink(env, mutant, issuedAt + hour)).ok) passed.push(`${at}: ${now} → ${instead}`);
      }
    }
    expect(passed).toEqual([]);
    expect(tried).toBeGreaterThan(2_000);
  });

  test("lives for its time and a minute, and not before", async () => {
    const token = await signToken(env, claims);
    const end = issuedAt + limits.link.ttlMs;
    expect(await verifyLink(env, token, end + 59_999)).toMatchObject({ ok: true });
    expect(await verifyLink(env, token, end + 60_000)).toEqual({ ok: false, reason: "expired" });
    expect(await verifyLink(env, token, issuedAt - 60_000)).toMatchObject({ ok: true });
    expect(await verifyLink(env, token, issuedAt - 60_001)).toEqual({ ok: false, reason: "early" });
  });

  test("signed under the former root key is good until that key is retired", async () => {
    const token = await signToken({ TOCSIN_SECRET: older }, claims);
    expect(await verifyLink({ TOCSIN_SECRET: root, TOCSIN_SECRET_PREVIOUS: older }, token, issuedAt)).toMatchObject({ ok: true });
    expect(await verifyLink({ TOCSIN_SECRET: root }, token, issuedAt)).toEqual({ ok: false, reason: "unknown-key" });
  });

  test("is not signed by a key that says it is ours", async () => {
    const theirs = await signToken({ TOCSIN_SECRET: older }, claims);
    const ours = await signToken(env, claims);
    const [, payload, signature] = theirs.split(".");
    expect(await verifyLink(env, [ours.split(".")[0], payload, signature].join("."), issuedAt)).toEqual({
      ok: false,
      reason: "forged",
    });
  });
});

describe("a token of another make", () => {
  test("without a signature (alg none) is refused", async () => {
    const none = new UnsecuredJWT(plain).encode();
    expect(await verifyLink(env, none, issuedAt)).toEqual({ ok: false, reason: "malformed" });
    const [, payload] = (await signToken(env, claims)).split(".");
    const kid = decodeProtectedHeader(await signToken(env, claims)).kid;
    const header = base64url.encode(JSON.stringify({ alg: "none", typ: "ack+jwt", kid }));
    expect(await verifyLink(env, `${header}.${payload}.`, issuedAt)).toEqual({ ok: false, reason: "malformed" });
  });

  test("with the right key and another algorithm is refused", async () => {
    const key = await deriveBytes(root, "tocsin/v1/link", 32);
    const kid = decodeProtectedHeader(await signToken(env, claims)).kid ?? "";
    const body = new TextEncoder().encode(JSON.stringify(plain));
    const hs384 = await new CompactSign(body).setProtectedHeader({ alg: "HS384", typ: "ack+jwt", kid }).sign(await longer(key));
    expect(await verifyLink(env, hs384, issuedAt)).toEqual({ ok: false, reason: "malformed" });
    const { privateKey } = await generateKeyPair("ES256");
    const es256 = await new CompactSign(body).setProtectedHeader({ alg: "ES256", typ: "ack+jwt", kid }).sign(privateKey);
    expect(await verifyLink(env, es256, issuedAt)).toEqual({ ok: false, reason: "malformed" });
  });

  test.each([
    ["jku", { jku: "https://evil.test/keys" }],
    ["jwk", { jwk: { kty: "oct", k: "AAAA" } }],
    ["x5u", { x5u: "https://evil.test/cert" }],
    ["x5c", { x5c: ["AAAA"] }],
    ["crit", { crit: ["exp"], exp: 1 }],
    ["another typ", { typ: "JWT" }],
    ["an unknown kid", { kid: "AAAAAAAA" }],
    ["a number as kid", { kid: 7 as unknown as string }],
  ])("carrying %s is refused though the signature fits", async (_, header) => {
    expect((await verifyLink(env, await signed({}, plain), issuedAt)).ok).toBe(true);
    expect((await verifyLink(env, await signed(header, plain), issuedAt)).ok).toBe(false);
  });

  test.each([
    ["another audience", { aud: "session" }],
    ["another issuer", { iss: "evil" }],
    ["no expiry", { exp: undefined }],
    ["no tenant", { t: "" }],
    ["a claim we do not know", { admin: true }],
    ["an incident id that is none", { i: "inc_x" }],
    ["an epoch that is text", { e: "3" }],
  ])("saying %s is refused though the signature fits", async (_, change) => {
    expect(await verifyLink(env, await signed({}, { ...plain, ...change }), issuedAt)).toEqual({ ok: false, reason: "claims" });
  });

  test.each(["", ".", "..", "...", "a.b", "a.b.c", "null", "%00", "A".repeat(5_000), "e30.e30.e30"])(
    "%j is refused",
    async (token) => {
      expect((await verifyLink(env, token, issuedAt)).ok).toBe(false);
    },
  );
});

async function longer(key: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array([...key, ...key]);
}
