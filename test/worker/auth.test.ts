// Signing in and out through the Worker's own door: one-time links, sessions, what a cookie is good for, passkeys.

import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { sessionCookie } from "../../worker/auth/session.ts";
import { limits } from "../../worker/core/limits.ts";
import { authenticator } from "./authenticator.ts";
import { admin, api, ask, migrate, tenant, type Json } from "./hub.ts";
import { exports } from "./runtime.ts";

const origin = "http://localhost:8787";
const own = { "sec-fetch-site": "same-origin", origin };

interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly cookie: string | null;
  readonly headers: Headers;
}

/** As a browser on the hub's own pages would. */
async function browse(
  method: string,
  path: string,
  { body, cookie, headers = own }: { body?: unknown; cookie?: string | null; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await ask(path, {
    method,
    headers: { ...headers, ...(cookie ? { cookie } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text.startsWith("{") ? (JSON.parse(text) as Json) : { text },
    cookie: response.headers.get("set-cookie")?.split(";")[0] ?? null,
    headers: response.headers,
  };
}

function ticketOf(url: string): string {
  return new URL(url).hash.slice(1);
}

async function ownerLink(): Promise<string> {
  return ticketOf((await api("POST", "/api/v1/owner-link", {})).body["url"]);
}

async function ownerCookie(): Promise<string> {
  const { cookie } = await browse("POST", "/api/v1/session", { body: { ticket: await ownerLink() } });
  return cookie ?? "";
}

async function invitation(id: string, user: string): Promise<string> {
  return ticketOf((await api("POST", `/api/v1/tenants/${id}/users/${user}/invitation`, {})).body["url"]);
}

async function personCookie(id: string, user: string): Promise<string> {
  const { cookie } = await browse("POST", "/api/v1/session", { body: { ticket: await invitation(id, user) } });
  return cookie ?? "";
}

async function statusOf(cookie: string): Promise<number> {
  return (await browse("GET", "/api/v1/sessions", { cookie })).status;
}

beforeAll(migrate);
afterEach(() => {
  vi.useRealTimers();
});

describe("a one-time link", () => {
  test("signs in once, and looking at it uses nothing up", async () => {
    const ticket = await ownerLink();
    const look = await browse("POST", "/api/v1/session/ticket", { body: { ticket } });
    expect(look.body).toMatchObject({ kind: "owner-link", name: "Hub owner", tenant: null });
    const first = await browse("POST", "/api/v1/session", { body: { ticket } });
    expect(first.status).toBe(201);
    expect(first.body["session"]).toMatchObject({ role: "hub-owner", tenant: null });
    const second = await browse("POST", "/api/v1/session", { body: { ticket } });
    expect(second.status).toBe(401);
    expect(second.body["detail"]).toContain("ask for a new one");
    expect(second.cookie).toBeNull();
  });

  test("of two presses at once one wins", async () => {
    const ticket = await ownerLink();
    const answers = await Promise.all([1, 2, 3].map(() => browse("POST", "/api/v1/session", { body: { ticket } })));
    expect(answers.map((each) => each.status).toSorted((a, b) => a - b)).toEqual([201, 401, 401]);
  });

  test("a newer one makes it void, and a day makes it old", async () => {
    const older = await ownerLink();
    const newer = await ownerLink();
    expect((await browse("POST", "/api/v1/session", { body: { ticket: older } })).status).toBe(401);
    vi.setSystemTime(Date.now() + limits.session.ownerLinkMs + 1);
    expect((await browse("POST", "/api/v1/session", { body: { ticket: newer } })).status).toBe(401);
  });

  test.each([
    "",
    "h.short",
    "x.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "t.-.nowhere.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  ])("one that nobody made (%s) is refused like one that was used", async (ticket) => {
    expect([401, 422]).toContain((await browse("POST", "/api/v1/session", { body: { ticket } })).status);
  });

  test("is asked for no more once the owner has signed in", async () => {
    await ownerCookie();
    expect((await api("POST", "/api/v1/owner-link", { firstOnly: true })).body).toEqual({ url: null, expiresAt: null });
  });

  test("the API token signs the owner in, a wrong one does not", async () => {
    const token = admin.authorization.slice("Bearer ".length);
    expect((await browse("POST", "/api/v1/session", { body: { token } })).status).toBe(201);
    expect((await browse("POST", "/api/v1/session", { body: { token: `${token}x` } })).status).toBe(401);
  });
});

describe("an invitation", () => {
  test("makes its person a session in their tenant, with their role and no more", async () => {
    const acme = await tenant("auth-invited");
    const cookie = await personCookie(acme.id, "ana");
    const { body } = await browse("GET", "/api/v1/session", { cookie });
    expect(body["session"]).toMatchObject({ user: "ana", tenant: "auth-invited", role: "responder" });
    expect((await browse("GET", "/api/v1/tenants/auth-invited/incidents", { cookie })).status).toBe(200);
    expect((await browse("GET", "/api/v1/tenants/auth-invited/config", { cookie })).status).toBe(403);
    const other = await tenant("auth-other");
    expect((await browse("GET", `/api/v1/tenants/${other.id}/incidents`, { cookie })).status).toBe(404);
  });

  test("what a person does is recorded under their name", async () => {
    const acme = await tenant("auth-acts");
    const cookie = await personCookie(acme.id, "bo");
    const { results } = await acme.fire({ title: "down", dedupKey: "d" });
    const incident = results[0]?.incident ?? "";
    await browse("POST", `/api/v1/tenants/${acme.id}/incidents/${incident}/ack`, { cookie, body: {} });
    expect((await acme.incident(incident))["acknowledgedBy"]).toBe("bo");
  });

  test("nobody hands out more than they have", async () => {
    const acme = await tenant("auth-grant");
    await api("PATCH", `/api/v1/tenants/${acme.id}/users/eva`, { role: "owner" });
    await api("PATCH", `/api/v1/tenants/${acme.id}/users/ana`, { role: "admin" });
    const cookie = await personCookie(acme.id, "ana");
    expect((await browse("POST", `/api/v1/tenants/${acme.id}/users/bo/invitation`, { cookie, body: {} })).status).toBe(201);
    expect((await browse("POST", `/api/v1/tenants/${acme.id}/users/eva/invitation`, { cookie, body: {} })).status).toBe(403);
    expect((await browse("DELETE", `/api/v1/tenants/${acme.id}/users/eva/sessions`, { cookie })).status).toBe(403);
  });

  test("a person who is taken out is signed out with it", async () => {
    const acme = await tenant("auth-gone");
    const cookie = await personCookie(acme.id, "bo");
    expect(await statusOf(cookie)).toBe(200);
    await api("PATCH", `/api/v1/tenants/${acme.id}/policies/p`, { steps: [{ notify: [{ user: "ana" }], escalateAfter: "5m" }] });
    expect((await api("DELETE", `/api/v1/tenants/${acme.id}/users/bo`)).status).toBe(204);
    expect(await statusOf(cookie)).toBe(401);
  });
});

describe("a session", () => {
  test("its cookie is for this site only, and no script reads it", async () => {
    const { headers } = await browse("POST", "/api/v1/session", { body: { ticket: await ownerLink() } });
    const cookie = headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^tocsin-8787=h\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
  });

  test("ends when it was not used for long enough", async () => {
    const cookie = await ownerCookie();
    vi.setSystemTime(Date.now() + limits.session.admins.idleMs - 60_000);
    expect(await statusOf(cookie)).toBe(200);
    vi.setSystemTime(Date.now() + limits.session.admins.idleMs - 60_000);
    expect(await statusOf(cookie)).toBe(200);
    vi.setSystemTime(Date.now() + limits.session.admins.idleMs + 1);
    expect(await statusOf(cookie)).toBe(401);
  });

  test("ends in any case after its time, however busy", async () => {
    const cookie = await ownerCookie();
    const start = Date.now();
    for (let t = 0; t < limits.session.admins.absoluteMs; t += limits.session.admins.idleMs / 2) {
      vi.setSystemTime(start + t);
      expect(await statusOf(cookie)).toBe(200);
    }
    vi.setSystemTime(start + limits.session.admins.absoluteMs + 1_000);
    expect(await statusOf(cookie)).toBe(401);
  });

  test("signing out ends it on the hub, not only in the browser", async () => {
    const cookie = await ownerCookie();
    const out = await browse("DELETE", "/api/v1/session", { cookie });
    expect(out.status).toBe(204);
    expect(out.headers.get("set-cookie")).toContain("Max-Age=0");
    expect(await statusOf(cookie)).toBe(401);
  });

  test("signing out everywhere ends all of one's own and nobody else's", async () => {
    const acme = await tenant("auth-everywhere");
    const [one, two, other] = [
      await personCookie(acme.id, "ana"),
      await personCookie(acme.id, "ana"),
      await personCookie(acme.id, "bo"),
    ];
    const { body } = await browse("GET", "/api/v1/sessions", { cookie: one });
    expect(body["items"]).toHaveLength(2);
    expect(JSON.stringify(body)).not.toContain(one.slice(-20));
    expect((await browse("DELETE", "/api/v1/sessions?keepThis=true", { cookie: one })).body).toEqual({ ended: 1 });
    expect([await statusOf(one), await statusOf(two), await statusOf(other)]).toEqual([200, 401, 200]);
    await browse("DELETE", "/api/v1/sessions", { cookie: one });
    expect([await statusOf(one), await statusOf(other)]).toEqual([401, 200]);
  });

  test("one of another person is not to be ended", async () => {
    const acme = await tenant("auth-theirs");
    const [ana, bo] = [await personCookie(acme.id, "ana"), await personCookie(acme.id, "bo")];
    const id = (await browse("GET", "/api/v1/sessions", { cookie: bo })).body["items"][0].id as string;
    expect((await browse("DELETE", `/api/v1/sessions/${id}`, { cookie: ana })).status).toBe(404);
    expect(await statusOf(bo)).toBe(200);
  });

  test("who is signed in is a question without a refusal", async () => {
    expect((await browse("GET", "/api/v1/session")).body).toEqual({ session: null, passkeys: true });
    expect((await browse("GET", "/api/v1/session", { cookie: "tocsin-8787=nonsense" })).body["session"]).toBeNull();
  });
});

describe("what a cookie is good for", () => {
  const unsafe: [string, string][] = [
    ["POST", "/api/v1/tenants/nowhere/incidents"],
    ["PUT", "/api/v1/tenants/nowhere/config"],
    ["DELETE", "/api/v1/session"],
  ];
  const foreign: [string, Record<string, string>][] = [
    ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.test" }],
    ["a sibling of the site", { "sec-fetch-site": "same-site", origin: "http://other.localhost:8787" }],
    ["no page at all", { "sec-fetch-site": "none" }],
    ["another origin, without Sec-Fetch-Site", { origin: "https://evil.test" }],
    ["an opaque origin", { origin: "null" }],
    ["another port", { origin: "http://localhost:9999" }],
    ["nowhere: neither header", {}],
  ];
  test.each(unsafe.flatMap(([method, path]) => foreign.map(([from, headers]) => [method, path, from, headers] as const)))(
    "%s %s from %s is refused",
    async (method, path, _from, headers) => {
      const cookie = await ownerCookie();
      const { status } = await browse(method, path, { cookie, headers, ...(method === "DELETE" ? {} : { body: {} }) });
      expect(status).toBe(403);
      expect(await statusOf(cookie)).toBe(200);
    },
  );

  test.each<[string, Record<string, string>]>([
    ["with Sec-Fetch-Site", { "sec-fetch-site": "same-origin" }],
    ["with Origin alone (plain http)", { origin }],
    ["with both", own],
  ])("its own pages may, %s", async (_how, headers) => {
    const cookie = await ownerCookie();
    expect((await browse("DELETE", "/api/v1/session", { cookie, headers })).status).toBe(204);
  });

  test("signing in from another site is refused too: nobody is signed in as somebody else unawares", async () => {
    const ticket = await ownerLink();
    const headers = { "sec-fetch-site": "cross-site", origin: "https://evil.test" };
    expect((await browse("POST", "/api/v1/session", { body: { ticket }, headers })).status).toBe(403);
    expect((await browse("POST", "/api/v1/session", { body: { ticket } })).status).toBe(201);
  });

  test("the password of a proxy before the hub does not stand in a session's way, and is none itself", async () => {
    const headers = { ...own, authorization: "Basic b3BzOnNlY3JldA==" };
    expect((await browse("GET", "/api/v1/sessions", { cookie: await ownerCookie(), headers })).status).toBe(200);
    expect((await browse("GET", "/api/v1/sessions", { headers })).status).toBe(401);
  });

  test("a wrong token is not made good by a cookie", async () => {
    const cookie = await ownerCookie();
    const headers = { ...own, authorization: "Bearer wrong-token-wrong-token" };
    expect((await browse("GET", "/api/v1/sessions", { cookie, headers })).status).toBe(401);
  });
});

describe("a passkey", () => {
  async function withPasskey(cookie: string, device: Awaited<ReturnType<typeof authenticator>>): Promise<Answer> {
    const options = await browse("POST", "/api/v1/passkeys/options", { cookie, body: {} });
    expect(options.status).toBe(200);
    const response = await device.create(options.body as { challenge: string });
    return browse("POST", "/api/v1/passkeys", { cookie, body: { response, name: "Test key" } });
  }
  async function enterBy(device: Awaited<ReturnType<typeof authenticator>>): Promise<Answer> {
    const options = await browse("POST", "/api/v1/session/passkey/options", { body: {} });
    return browse("POST", "/api/v1/session/passkey", {
      body: { response: await device.get(options.body as { challenge: string }) },
    });
  }

  test("is made in a session, and signs its person in from then on", async () => {
    const acme = await tenant("auth-passkey");
    const device = await authenticator(origin);
    const made = await withPasskey(await personCookie(acme.id, "ana"), device);
    expect(made.status).toBe(201);
    for (let time = 0; time < 2; time++) {
      const entered = await enterBy(device);
      expect(entered.status).toBe(201);
      expect(entered.body["session"]).toMatchObject({ user: "ana", tenant: "auth-passkey" });
      const { body } = await browse("GET", "/api/v1/passkeys", { cookie: entered.cookie });
      expect(body["items"]).toMatchObject([{ name: "Test key", usedAt: expect.any(String) }]);
    }
  });

  test("an answer is good once, and only for what it was asked", async () => {
    // Many devices count nothing: the challenge alone must tell.
    const device = await authenticator(origin, { counts: false });
    const cookie = await ownerCookie();
    await withPasskey(cookie, device);
    const options = await browse("POST", "/api/v1/session/passkey/options", { body: {} });
    const response = await device.get(options.body as { challenge: string });
    expect((await browse("POST", "/api/v1/session/passkey", { body: { response } })).status).toBe(201);
    expect((await browse("POST", "/api/v1/session/passkey", { body: { response } })).status).toBe(401);
    // A challenge for making a passkey opens no session, nor one that nobody gave out.
    const making = await browse("POST", "/api/v1/passkeys/options", { cookie, body: {} });
    for (const challenge of [String(making.body["challenge"]), "A".repeat(75)]) {
      const stray = await device.get({ challenge });
      expect((await browse("POST", "/api/v1/session/passkey", { body: { response: stray } })).status).toBe(401);
    }
    vi.setSystemTime(Date.now() + limits.session.challengeMs + 1_000);
    const late = await device.get(options.body as { challenge: string });
    expect((await browse("POST", "/api/v1/session/passkey", { body: { response: late } })).status).toBe(401);
  });

  test("one that is unknown, of another origin, or used without its owner's proof opens nothing", async () => {
    const cookie = await ownerCookie();
    expect((await enterBy(await authenticator(origin))).status).toBe(401);
    expect((await withPasskey(cookie, await authenticator("https://evil.test"))).status).toBe(422);
    expect((await withPasskey(cookie, await authenticator(origin, { verified: false }))).status).toBe(422);
  });

  test("forgotten, it opens nothing; and one person's is not another's to take", async () => {
    const acme = await tenant("auth-passkey-gone");
    const device = await authenticator(origin);
    const [ana, bo] = [await personCookie(acme.id, "ana"), await personCookie(acme.id, "bo")];
    await withPasskey(ana, device);
    expect((await withPasskey(bo, device)).status).toBe(409);
    expect((await browse("DELETE", `/api/v1/passkeys/${device.id}`, { cookie: bo })).status).toBe(404);
    expect((await enterBy(device)).status).toBe(201);
    expect((await browse("DELETE", `/api/v1/passkeys/${device.id}`, { cookie: ana })).status).toBe(204);
    expect((await enterBy(device)).status).toBe(401);
  });

  test("an address that can have none says what it takes", async () => {
    const response = await ask("/api/v1/session", {});
    expect((await response.json<Json>())["passkeys"]).toBe(true);
    const elsewhere = await exports.default.fetch(
      new Request("http://192.168.1.7:8787/api/v1/session/passkey/options", { method: "POST", body: "{}" }),
    );
    expect(elsewhere.status).toBe(409);
    expect((await elsewhere.json<Json>())["detail"]).toContain("https");
  });
});

describe("behind a proxy that ends TLS", () => {
  const https = { host: "localhost:8787", origin: "https://localhost:8787", "sec-fetch-site": "same-origin" };

  test("an https origin of another address than the public one is refused, saying what to set", async () => {
    const answer = await browse("POST", "/api/v1/session", { body: { ticket: await ownerLink() }, headers: https });
    expect(answer.status).toBe(403);
    expect(answer.body["detail"]).toContain("TOCSIN_PUBLIC_URL");
  });

  test("with the public address set the cookie is __Host- and Secure", () => {
    const asked = (publicUrl: string): Parameters<typeof sessionCookie>[0] =>
      ({ env: { TOCSIN_PUBLIC_URL: publicUrl }, req: { url: "http://tocsin.acme.test/api/v1/session" } }) as Parameters<
        typeof sessionCookie
      >[0];
    expect(sessionCookie(asked("https://tocsin.acme.test"), "h.x", 60_000)).toBe(
      "__Host-tocsin=h.x; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure",
    );
    expect(sessionCookie(asked("https://elsewhere.test"), "h.x", 60_000)).toMatch(/^tocsin=h\.x;/);
  });
});

describe("headers", () => {
  test.each(["/api/v1/session", "/healthz", "/nowhere", "/api/v1/sessions"])("%s has the floor of every answer", async (path) => {
    const { headers } = await ask(path);
    for (const name of [
      "content-security-policy",
      "x-content-type-options",
      "referrer-policy",
      "cross-origin-opener-policy",
      "permissions-policy",
      "strict-transport-security",
    ])
      expect(headers.get(name), name).not.toBeNull();
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });
});
