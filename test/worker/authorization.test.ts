// Who may call what: one walk over the whole contract map, so that an endpoint nobody thought of is in it too.

import { beforeAll, describe, expect, test } from "vitest";
import { contract, type Endpoint } from "../../worker/api/contract.ts";
import type { Principal } from "../../worker/auth/principal.ts";
import { refusalFor } from "../../worker/auth/roles.ts";
import type { Role } from "../../worker/core/snapshot.ts";
import { admin, api, ask, migrate } from "./hub.ts";

/** Signing in asks nobody who they are: test/worker/auth.test.ts has those. */
const endpoints = (Object.entries(contract) as [string, Endpoint][]).filter(([, endpoint]) => endpoint.may !== "public");
const roles: readonly Role[] = ["stakeholder", "responder", "manager", "admin", "owner"];

/** Each parameter filled with something that leads nowhere. */
function pathOf(endpoint: Endpoint, params: Readonly<Record<string, string>> = {}): string {
  return endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "nowhere");
}

function call(endpoint: Endpoint, headers: Record<string, string>): Promise<Response> {
  const method = endpoint.method.toUpperCase();
  return ask(pathOf(endpoint), { method, headers, ...(method === "GET" ? {} : { body: "{}" }) });
}

function person(role: Role, tenant = "acme"): Principal {
  return { kind: "user", tenant, user: "ana", role };
}

describe("through the door", () => {
  test.each(endpoints)("%s wants a token, and gives no hint", async (_name, endpoint) => {
    for (const headers of [{}, { authorization: "Bearer wrong-token-wrong-token" }, { authorization: "Basic eDp5" }]) {
      const response = await call(endpoint, headers);
      expect(response.status).toBe(401);
      expect(response.headers.get("content-type")).toContain("application/problem+json");
    }
  });

  test.each(endpoints.filter(([, endpoint]) => endpoint.method !== "get"))(
    "%s refuses another site's browser",
    async (_name, endpoint) => {
      expect((await call(endpoint, { ...admin, "sec-fetch-site": "cross-site" })).status).toBe(403);
      expect((await call(endpoint, { ...admin, origin: "https://elsewhere.test" })).status).toBe(403);
    },
  );
});

describe("by role", () => {
  test.each(endpoints.filter(([, endpoint]) => endpoint.path.includes("{tenant}")))(
    "%s of another tenant is not there, whoever asks",
    (_name, endpoint) => {
      for (const role of roles) expect(refusalFor(person(role, "other"), endpoint, { tenant: "acme" })).toBe("not-found");
    },
  );

  test.each(endpoints)(
    "%s: whoever has its role or more may call it, nobody else, and the hub's owner always",
    (_name, endpoint) => {
      const allowed = roles.map((role) => refusalFor(person(role), endpoint, { tenant: "acme" }) === null);
      expect(allowed).toEqual(allowed.toSorted((a, b) => Number(a) - Number(b)));
      expect(allowed.filter(Boolean).length).toBe(
        endpoint.may === "anyone"
          ? roles.length
          : endpoint.may === "hub-owner"
            ? 0
            : roles.length - roles.indexOf(endpoint.may as Role),
      );
      expect(refusalFor({ kind: "hub-owner" }, endpoint, { tenant: "acme" })).toBeNull();
    },
  );

  test.each(endpoints.filter(([, endpoint]) => endpoint.self !== undefined))(
    "%s is open to the person it is about, and to no other of their role",
    (_name, endpoint) => {
      const about = (user: string) => ({ tenant: "acme", [endpoint.self ?? ""]: user });
      for (const role of roles) expect(refusalFor(person(role), endpoint, about("ana"))).toBeNull();
      for (const role of roles)
        expect(refusalFor(person(role), endpoint, about("bo"))).toBe(
          refusalFor(person(role), { may: endpoint.may }, { tenant: "acme" }),
        );
      expect(refusalFor(person("responder", "other"), endpoint, about("ana"))).toBe("not-found");
    },
  );

  test.each(endpoints)(
    "%s: an API key may what a person of its role may, and nothing for being called like somebody",
    (_name, endpoint) => {
      const params = { tenant: "acme", ...(endpoint.self === undefined ? {} : { [endpoint.self]: "ana" }) };
      for (const role of roles) {
        const key: Principal = { kind: "key", tenant: "acme", key: "ana", role };
        expect(refusalFor(key, endpoint, params)).toBe(
          refusalFor({ kind: "user", tenant: "acme", user: "bo", role }, endpoint, params),
        );
      }
    },
  );

  test("a stakeholder changes nothing, and secrets' and people's places are for admins", () => {
    const stakeholder = endpoints.filter(([, each]) => refusalFor(person("stakeholder"), each, { tenant: "acme" }) === null);
    // Their own sessions and passkeys are theirs.
    const ofTenants = stakeholder.filter(([, each]) => each.path.includes("{tenant}"));
    // What is asked with a body is asked by POST, and changes nothing.
    const asked = new Set(["previewPolicy"]);
    const changing = ofTenants.filter(([name, each]) => each.method !== "get" && !asked.has(name));
    expect(changing.map(([name]) => name)).toEqual([]);
    const manager = new Set(
      endpoints.filter(([, each]) => refusalFor(person("manager"), each, { tenant: "acme" }) === null).map(([name]) => name),
    );
    for (const name of ["getConfig", "putConfig", "listAudit", "verifyAudit", "listInbox"]) expect(manager).not.toContain(name);
  });
});

describe("with a person's own session", () => {
  const people = roles.map((role) => `{ id: ${role}, role: ${role}, contacts: [ { id: phone, via: inbox } ] }`).join(", ");
  const own = { "sec-fetch-site": "same-origin", origin: "http://localhost:8787" };
  const sessions = new Map<string, string>();

  async function sessionOf(tenant: string, user: string): Promise<string> {
    const invited = await api("POST", `/api/v1/tenants/${tenant}/users/${user}/invitation`, {});
    const ticket = new URL(String(invited.body["url"])).hash.slice(1);
    const entered = await ask("/api/v1/session", { method: "POST", headers: own, body: JSON.stringify({ ticket }) });
    return entered.headers.get("set-cookie")?.split(";")[0] ?? "";
  }

  beforeAll(async () => {
    await migrate();
    for (const id of ["matrix", "matrix-other"])
      await api("PUT", `/api/v1/tenants/${id}/config`, `tenant: ${id}\nusers: [ ${people} ]\n`);
    for (const role of roles) sessions.set(role, await sessionOf("matrix", role));
    sessions.set("other", await sessionOf("matrix-other", "owner"));
  });

  async function statusFor(session: string, endpoint: Endpoint): Promise<number> {
    const method = endpoint.method.toUpperCase();
    const response = await ask(pathOf(endpoint, { tenant: "matrix" }), {
      method,
      headers: { ...own, cookie: sessions.get(session) ?? "" },
      ...(method === "GET" ? {} : { body: "{}" }),
    });
    await response.body?.cancel();
    return response.status;
  }

  test.each(endpoints.filter(([, endpoint]) => endpoint.path.includes("{tenant}")))(
    "%s: the least role enters, the one below does not, and an owner of elsewhere finds nothing",
    async (_name, endpoint) => {
      const least = roles.indexOf(endpoint.may as Role);
      const below = endpoint.may === "hub-owner" ? "owner" : roles[least - 1];
      if (below !== undefined) expect(await statusFor(below, endpoint)).toBe(403);
      const enters = roles[least];
      if (enters !== undefined) expect([401, 403]).not.toContain(await statusFor(enters, endpoint));
      expect(await statusFor("other", endpoint)).toBe(404);
    },
  );

  test("a responder changes their own contacts and rules, and nobody else's, nor their own role", async () => {
    const as = (user: string, method: string, path: string, body: unknown) =>
      ask(`/api/v1/tenants/matrix/users/${path}`, {
        method,
        headers: { ...own, cookie: sessions.get(user) ?? "" },
        body: JSON.stringify(body),
      }).then((response) => response.status);
    const contact = { id: "home", via: "inbox", to: "home" };
    expect(await as("responder", "POST", "responder/contacts", contact)).toBe(201);
    expect(await as("responder", "PUT", "responder/notify", { high: [{ after: "0s", contact: "home" }] })).toBe(200);
    expect(await as("responder", "POST", "responder/contacts/home/test", {})).toBe(200);
    expect(await as("responder", "POST", "manager/contacts", contact)).toBe(403);
    expect(await as("responder", "PATCH", "responder", { role: "admin" })).toBe(403);
  });

  test("a responder sees their own simulated phone, and nobody else's: its links act as the person", async () => {
    const as = async (user: string, path: string) => {
      const response = await ask(`/api/v1/tenants/matrix/users/${path}/inbox`, {
        headers: { ...own, cookie: sessions.get(user) ?? "" },
      });
      return { status: response.status, body: await response.json<{ items?: { user: string }[] }>() };
    };
    await api("POST", "/api/v1/tenants/matrix/users/responder/contacts/phone/test", {});
    await api("POST", "/api/v1/tenants/matrix/users/manager/contacts/phone/test", {});
    const seen = await as("responder", "responder");
    expect(seen.status).toBe(200);
    expect(new Set(seen.body.items?.map((each) => each.user))).toEqual(new Set(["responder"]));
    expect((await as("responder", "manager")).status).toBe(403);
    expect((await as("admin", "manager")).body.items?.map((each) => each.user)).toEqual(["manager"]);
    expect((await as("admin", "nobody")).status).toBe(404);
  });

  test("an admin gives no role above their own, and changes nobody who has one", async () => {
    const as = (method: string, path: string, body: unknown) =>
      ask(`/api/v1/tenants/matrix/${path}`, {
        method,
        headers: { ...own, cookie: sessions.get("admin") ?? "" },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }).then((response) => response.status);
    expect(await as("POST", "users", { id: "made", role: "admin" })).toBe(201);
    expect(await as("POST", "users", { id: "more", role: "owner" })).toBe(403);
    expect(await as("PATCH", "users/admin", { role: "owner" })).toBe(403);
    expect(await as("PATCH", "users/owner", { role: "responder" })).toBe(403);
    expect(await as("DELETE", "users/owner", {})).toBe(403);
    expect(await as("POST", "users/owner/contacts", { id: "spy", via: "inbox" })).toBe(403);
    expect(await as("PUT", "config", "tenant: matrix\nusers: []\n")).toBe(422);
    expect(await as("PUT", "config", `tenant: matrix\nusers: [ ${people.replace("role: stakeholder", "role: owner")} ]\n`)).toBe(
      422,
    );
  });
});
