// Who may call what: one walk over the whole contract map, so that an endpoint nobody thought of is in it too.

import { describe, expect, test } from "vitest";
import { contract, type Endpoint } from "../../worker/api/contract.ts";
import type { Principal } from "../../worker/auth/principal.ts";
import { refusalFor } from "../../worker/auth/roles.ts";
import type { Role } from "../../worker/core/snapshot.ts";
import { admin, ask } from "./hub.ts";

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

  test("a stakeholder changes nothing, and secrets' and people's places are for admins", () => {
    const stakeholder = endpoints.filter(([, each]) => refusalFor(person("stakeholder"), each, { tenant: "acme" }) === null);
    // Their own sessions and passkeys are theirs.
    const ofTenants = stakeholder.filter(([, each]) => each.path.includes("{tenant}"));
    expect(ofTenants.filter(([, each]) => each.method !== "get").map(([name]) => name)).toEqual([]);
    const manager = new Set(
      endpoints.filter(([, each]) => refusalFor(person("manager"), each, { tenant: "acme" }) === null).map(([name]) => name),
    );
    for (const name of ["getConfig", "putConfig", "listAudit", "verifyAudit", "listInbox"]) expect(manager).not.toContain(name);
  });
});
