// A tenant's API keys through the Worker's own door: shown once, good for one tenant and one role, over at once when revoked,
// and never a person.

import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { limits } from "../../worker/core/limits.ts";
import { admin, api, ask, migrate, tenant, type Json } from "./hub.ts";
import { env } from "./runtime.ts";

interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly text: string;
}

async function as(key: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await ask(path, {
    method,
    headers: { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: text.startsWith("{") ? (JSON.parse(text) as Json) : {} };
}

const at = (id: string, rest = ""): string => `/api/v1/tenants/${id}${rest}`;

async function made(id: string, given: Json): Promise<string> {
  const { status, body } = await api("POST", at(id, "/api-keys"), given);
  expect(status).toBe(201);
  return String(body["key"]);
}

/** A person's session, as their invitation gives it. */
async function cookieOf(id: string, user: string): Promise<string> {
  const { body } = await api("POST", at(id, `/users/${user}/invitation`), {});
  const ticket = new URL(String(body["url"])).hash.slice(1);
  const headers = { "sec-fetch-site": "same-origin", origin: "http://localhost:8787" };
  const entered = await ask("/api/v1/session", { method: "POST", headers, body: JSON.stringify({ ticket }) });
  return entered.headers.get("set-cookie")?.split(";")[0] ?? "";
}

async function asPerson(cookie: string, method: string, path: string, body?: unknown): Promise<number> {
  const headers = { "sec-fetch-site": "same-origin", origin: "http://localhost:8787", cookie };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await ask(path, { method, headers, ...init });
  await response.body?.cancel();
  return response.status;
}

beforeAll(migrate);
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("an API key", () => {
  test("acts as its role allows in its own tenant, and is not there in another", async () => {
    const acme = await tenant("keys-a");
    const other = await tenant("keys-b");
    const key = await made(acme.id, { name: "Deploy bot", role: "responder" });
    expect(key).toMatch(/^tocsin_t\.-\.keys-a\.[\w-]{43}$/);
    expect((await as(key, "GET", at(acme.id, "/incidents"))).status).toBe(200);
    expect((await as(key, "GET", at(acme.id, "/audit"))).status).toBe(403);
    expect((await as(key, "PUT", at(acme.id, "/config"), {})).status).toBe(403);
    expect((await as(key, "POST", "/api/v1/tenants", { tenant: "keys-c" })).status).toBe(403);
    for (const path of [at(other.id, "/incidents"), at(other.id), at("keys-nowhere")])
      expect((await as(key, "GET", path)).status).toBe(404);
    const tenants = await as(key, "GET", "/api/v1/tenants");
    expect(tenants.body["items"].map((each: Json) => each["id"])).toEqual([acme.id]);
  });

  test("is shown once: neither a list nor the audit log nor a line of ours holds it, and the store has its hash only", async () => {
    const acme = await tenant("keys-once");
    const lines: unknown[] = [];
    for (const how of ["log", "info", "warn", "error", "debug"] as const)
      vi.spyOn(console, how).mockImplementation((...said) => void lines.push(said));
    const key = await made(acme.id, { name: "Once", role: "manager" });
    await as(key, "GET", at(acme.id, "/incidents"));
    const secret = key.slice(key.lastIndexOf(".") + 1);
    const list = await api("GET", at(acme.id, "/api-keys"));
    expect(list.body["items"]).toMatchObject([
      { id: "once", name: "Once", role: "manager", createdBy: "hub-owner", state: "active" },
    ]);
    const log = await api("GET", at(acme.id, "/audit?limit=200"));
    const entry = log.body["items"].at(-1);
    expect(entry).toMatchObject({ action: "api-keys.create", actor: "hub-owner" });
    expect(entry["body"]["changes"][0]).toMatchObject({ op: "add", kind: "apiKeys", id: "once", after: { role: "manager" } });
    const rows = await env.DB.prepare("SELECT * FROM audit WHERE tenant = ?").bind(acme.id).all();
    for (const where of [list.body, log.body, lines, rows.results]) expect(JSON.stringify(where)).not.toContain(secret);
    expect((await api("GET", at(acme.id, "/audit/verify"))).body).toEqual({ whole: true, firstBad: null });
  });

  test("stops at once when it is revoked, whatever it tried; revoking again says the same", async () => {
    const acme = await tenant("keys-revoked");
    const key = await made(acme.id, { name: "Old", role: "admin" });
    expect((await as(key, "GET", at(acme.id, "/audit"))).status).toBe(200);
    expect((await api("DELETE", at(acme.id, "/api-keys/old"))).status).toBe(204);
    expect((await as(key, "GET", at(acme.id, "/audit"))).status).toBe(401);
    expect((await as(key, "GET", at(acme.id, "/incidents"))).status).toBe(401);
    expect((await api("DELETE", at(acme.id, "/api-keys/old"))).status).toBe(204);
    expect((await api("DELETE", at(acme.id, "/api-keys/none"))).status).toBe(404);
    const { body } = await api("GET", at(acme.id, "/audit?limit=200"));
    const actions = body["items"].map((each: Json) => each["action"]);
    expect(actions.filter((action: string) => action.startsWith("api-keys."))).toEqual(["api-keys.create", "api-keys.revoke"]);
    expect((await api("GET", at(acme.id, "/api-keys"))).body["items"][0]).toMatchObject({
      state: "revoked",
      revokedBy: "hub-owner",
    });
    // Its name stays taken while records may still name it.
    expect((await api("POST", at(acme.id, "/api-keys"), { name: "Old", role: "admin" })).status).toBe(409);
  });

  test("ends at its time", async () => {
    const acme = await tenant("keys-ends");
    const now = Date.now();
    const key = await made(acme.id, { name: "Short", role: "responder", expiresAt: new Date(now + 3_600_000).toISOString() });
    expect((await as(key, "GET", at(acme.id, "/incidents"))).status).toBe(200);
    vi.setSystemTime(now + 3_600_001);
    expect((await as(key, "GET", at(acme.id, "/incidents"))).status).toBe(401);
    expect((await api("GET", at(acme.id, "/api-keys"))).body["items"][0]["state"]).toBe("expired");
    const late = await api("POST", at(acme.id, "/api-keys"), {
      name: "Late",
      role: "responder",
      expiresAt: new Date(now).toISOString(),
    });
    expect(late.status).toBe(422);
    expect(late.body["errors"][0]["path"]).toBe("expiresAt");
  });

  test("says when it was last used, coarsely", async () => {
    const acme = await tenant("keys-used");
    const key = await made(acme.id, { name: "Used", role: "responder" });
    const usedAt = async (): Promise<string | null> => (await api("GET", at(acme.id, "/api-keys"))).body["items"][0]["usedAt"];
    expect(await usedAt()).toBeNull();
    await as(key, "GET", at(acme.id, "/incidents"));
    const first = await usedAt();
    expect(first).not.toBeNull();
    vi.setSystemTime(Date.now() + limits.apiKeys.touchMs - 60_000);
    await as(key, "GET", at(acme.id, "/incidents"));
    expect(await usedAt()).toBe(first);
    vi.setSystemTime(Date.now() + 120_000);
    await as(key, "GET", at(acme.id, "/incidents"));
    expect(await usedAt()).not.toBe(first);
  });

  test.each([
    "tocsin_t.-.keys-a.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "tocsin_t.-.keys-nowhere.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "tocsin_h.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "tocsin_t.-.keys-a.short",
    "tocsin_",
    "t.-.keys-a.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  ])("that nobody made (%s) is refused as any other", async (key) => {
    const { status, body } = await as(key, "GET", at("keys-a", "/incidents"));
    expect(status).toBe(401);
    expect(body["detail"]).toBe("sign in, or send `Authorization: Bearer <API token>`");
  });

  test("a session's cookie is no key, and a key is no cookie", async () => {
    const acme = await tenant("keys-cookie");
    const key = await made(acme.id, { name: "Key", role: "admin" });
    const cookie = await cookieOf(acme.id, "ana");
    const secret = cookie.slice(cookie.indexOf("=") + 1);
    for (const token of [secret, `tocsin_${secret}`])
      expect((await as(token, "GET", at(acme.id, "/incidents"))).status).toBe(401);
    const name = cookie.slice(0, cookie.indexOf("="));
    for (const text of [key, key.slice("tocsin_".length)])
      expect(await asPerson(`${name}=${text}`, "GET", at(acme.id, "/incidents"))).toBe(401);
  });
});

describe("who makes a key", () => {
  test("gives no more than they have, and takes back no more", async () => {
    const acme = await tenant("keys-rank");
    for (const [user, role] of [
      ["bo", "admin"],
      ["eva", "manager"],
    ])
      await api("PATCH", at(acme.id, `/users/${user}`), { role });
    const owners = await made(acme.id, { name: "Owners", role: "owner" });
    const [bo, eva] = [await cookieOf(acme.id, "bo"), await cookieOf(acme.id, "eva")];
    expect(await asPerson(bo, "POST", at(acme.id, "/api-keys"), { name: "Mine", role: "admin" })).toBe(201);
    expect(await asPerson(bo, "POST", at(acme.id, "/api-keys"), { name: "More", role: "owner" })).toBe(403);
    expect(await asPerson(bo, "DELETE", at(acme.id, "/api-keys/owners"))).toBe(403);
    expect((await as(owners, "GET", at(acme.id, "/audit"))).status).toBe(200);
    expect(await asPerson(bo, "DELETE", at(acme.id, "/api-keys/mine"))).toBe(204);
    for (const method of ["GET", "POST"])
      expect(
        await asPerson(eva, method, at(acme.id, "/api-keys"), method === "GET" ? undefined : { name: "x", role: "stakeholder" }),
      ).toBe(403);
    const { body } = await api("GET", at(acme.id, "/api-keys"));
    expect(body["items"].find((each: Json) => each["id"] === "mine")).toMatchObject({ createdBy: "bo", revokedBy: "bo" });
  });

  test("is no key", async () => {
    const acme = await tenant("keys-of-keys");
    const key = await made(acme.id, { name: "Admin", role: "admin" });
    const { status, body } = await as(key, "POST", at(acme.id, "/api-keys"), { name: "Child", role: "stakeholder" });
    expect(status).toBe(403);
    expect(body["detail"]).toContain("a key makes no keys");
    expect((await as(key, "DELETE", at(acme.id, "/api-keys/admin"))).status).toBe(204);
    expect((await as(key, "GET", at(acme.id, "/incidents"))).status).toBe(401);
  });

  test("is told what is wrong with it", async () => {
    const acme = await tenant("keys-wrong");
    for (const [given, path] of [
      [{ role: "admin" }, "name"],
      [{ name: "x", role: "king" }, "role"],
      [{ name: "x", role: "admin", expiresAt: "soon" }, "expiresAt"],
      [{ name: "x", role: "admin", id: "No Slug" }, "id"],
    ] as const) {
      const { status, body } = await api("POST", at(acme.id, "/api-keys"), given);
      expect(status).toBe(422);
      expect(body["errors"][0]["path"]).toBe(path);
    }
    expect((await api("POST", at("keys-missing"), { name: "x", role: "admin" })).status).toBe(404);
  });
});

describe("a key is not a person", () => {
  test("acts under its own name, or as the person it names", async () => {
    const acme = await tenant("keys-as");
    const key = await made(acme.id, { name: "Chat bot", role: "responder" });
    const [first, second] = [
      (await acme.fire({ title: "one", dedupKey: "1" })).results[0]?.incident ?? "",
      (await acme.fire({ title: "two", dedupKey: "2" })).results[0]?.incident ?? "",
    ];
    expect((await as(key, "POST", at(acme.id, `/incidents/${first}/ack`), {})).status).toBe(200);
    expect((await acme.incident(first))["acknowledgedBy"]).toBe("key:chat-bot");
    expect((await as(key, "POST", at(acme.id, `/incidents/${second}/ack`), { as: "bo" })).status).toBe(200);
    expect((await acme.incident(second))["acknowledgedBy"]).toBe("bo");
    const nobody = await as(key, "POST", at(acme.id, `/incidents/${second}/note`), { as: "nobody", text: "hi" });
    expect(nobody.status).toBe(422);
  });

  test("has no session, no passkey, and no contacts of its own", async () => {
    const acme = await tenant("keys-session");
    const key = await made(acme.id, { name: "Ana", role: "responder", id: "ana" });
    for (const path of ["/api/v1/sessions", "/api/v1/passkeys"]) expect((await as(key, "GET", path)).status).toBe(409);
    // Called as a person is: that opens nothing of theirs.
    const contact = { id: "spy", via: "inbox" };
    expect((await as(key, "POST", at(acme.id, "/users/ana/contacts"), contact)).status).toBe(403);
  });

  test("what it changes is in the audit log under its name", async () => {
    const acme = await tenant("keys-audit");
    const key = await made(acme.id, { name: "Terraform", role: "admin" });
    expect((await as(key, "POST", at(acme.id, "/teams"), { id: "t", members: ["ana"] })).status).toBe(201);
    const { body } = await api("GET", at(acme.id, "/audit?limit=200"));
    expect(body["items"].at(-1)).toMatchObject({ action: "teams.create", actor: "key:terraform" });
  });
});

test("a tenant that is made anew knows no key and no session of the one that was deleted", async () => {
  const acme = await tenant("keys-again");
  const key = await made(acme.id, { name: "Before", role: "owner" });
  const cookie = await cookieOf(acme.id, "ana");
  expect(await asPerson(cookie, "GET", at(acme.id, "/incidents"))).toBe(200);
  const gone = await ask(at(acme.id, "?force=true"), { method: "DELETE", headers: admin });
  expect(gone.status).toBe(204);
  await tenant("keys-again");
  expect((await as(key, "GET", at(acme.id, "/incidents"))).status).toBe(401);
  expect(await asPerson(cookie, "GET", at(acme.id, "/incidents"))).toBe(401);
});
