// The API: what each answer looks like, and that no tenant sees another's.

import { describe, expect, test } from "vitest";
import { api, ask, tenant, until } from "./hub.ts";

describe("incidents", () => {
  test("the shapes others rely on", async () => {
    const t = await tenant("shapes");
    const { results } = await t.fire({ dedupKey: "a", title: "Down", severity: "critical", labels: { cluster: "eu" } });
    const id = results[0]?.incident ?? "";
    await until("the page", async () => (await t.inbox())[0]);
    const incident = await t.incident(id);
    expect(incident).toMatchObject({
      id,
      title: "Down",
      status: "triggered",
      snoozedUntil: null,
      severity: "P1",
      urgency: "high",
      service: "svc",
      policy: "p",
      source: "generic",
      acknowledgedBy: null,
      assignees: ["ana"],
      labels: { cluster: "eu" },
      alerts: 1,
      sla: [],
    });
    expect(incident["openedAt"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(incident["pending"][0]).toMatchObject({ kind: "escalate", step: 2, round: 1 });
    expect(incident["pending"][1]).toMatchObject({ kind: "page", user: "bo", contact: "phone", step: 2 });
    expect((await t.timeline(id))[0]).toMatchObject({
      seq: expect.any(Number),
      kind: "opened",
      actor: { type: "integration", id: "in" },
    });
    const deliveries = await api("GET", `/api/v1/tenants/shapes/incidents/${id}/deliveries`);
    expect(deliveries.body["items"]).toMatchObject([{ user: "ana", contact: "phone", status: "delivered", attempt: 1 }]);
  });

  test("every refusal says what is legal; an unknown name says which", async () => {
    const t = await tenant("refuse");
    const id = (await t.fire({ dedupKey: "a", title: "Down" })).results[0]?.incident ?? "";
    const act = (verb: string, body: unknown) => api("POST", `/api/v1/tenants/refuse/incidents/${id}/${verb}`, body);
    expect(await act("unack", {})).toMatchObject({
      status: 409,
      body: { legal: expect.arrayContaining(["ack"]), incidentStatus: "triggered" },
    });
    expect(await act("ack", { as: "nobody" })).toMatchObject({ status: 422, body: { errors: [{ path: "as" }] } });
    expect(await act("snooze", {})).toMatchObject({ status: 422 });
    expect(await act("snooze", { for: "1s" })).toMatchObject({ status: 422 });
    expect(await act("ack", { as: "ana", surprise: 1 })).toMatchObject({ status: 422 });
    expect(await act("ack", { as: "ana", commandId: "c1" })).toMatchObject({ status: 200, body: { already: false } });
    expect(await act("ack", { as: "ana", commandId: "c1" })).toMatchObject({ status: 200, body: { already: true } });
    expect(await act("ack", { as: "bo" })).toMatchObject({ status: 409, body: { by: "ana" } });
    expect(await act("note", { as: "bo", text: "looking" })).toMatchObject({ status: 200 });
    expect(await act("reassign", { as: "ana", user: "eva" })).toMatchObject({
      status: 200,
      body: { status: "triggered", assignees: ["eva"] },
    });
    expect(await act("resolve", { as: "eva" })).toMatchObject({ status: 200, body: { status: "resolved" } });
    expect(await act("escalate", {})).toMatchObject({ status: 409, body: { legal: ["reopen", "note"] } });
    expect(await act("reopen", { as: "eva" })).toMatchObject({ status: 200, body: { status: "triggered" } });
  });

  test("one declared by hand pages like any other", async () => {
    const t = await tenant("declare");
    const made = await api("POST", "/api/v1/tenants/declare/incidents", {
      title: "Office is on fire",
      service: "svc",
      severity: "P1",
      as: "bo",
    });
    expect(made).toMatchObject({
      status: 201,
      body: { title: "Office is on fire", source: "manual", severity: "P1", status: "triggered" },
    });
    expect((await until("ana's page", async () => (await t.inbox())[0])).user).toBe("ana");
    expect(await api("POST", "/api/v1/tenants/declare/incidents", { title: "X", service: "nope" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "service" }] },
    });
  });

  test("lists are filtered and paged without a repeat", async () => {
    const t = await tenant("paged");
    for (let i = 0; i < 7; i++) await t.fire({ dedupKey: `k${i}`, title: `Alert ${i}`, severity: i % 2 ? "critical" : "info" });
    await until("the projection", async () => (await api("GET", "/api/v1/tenants/paged/incidents")).body["items"].length === 7);
    const seen: string[] = [];
    for (let next: string | null = ""; next !== null;) {
      const page: { body: Record<string, unknown> } = await api(
        "GET",
        `/api/v1/tenants/paged/incidents?limit=3${next ? `&cursor=${next}` : ""}`,
      );
      seen.push(...(page.body["items"] as { id: string }[]).map((each) => each.id));
      next = page.body["next"] as string | null;
    }
    expect(new Set(seen).size).toBe(7);
    expect(seen).toEqual([...seen].toSorted().toReversed());
    expect((await api("GET", "/api/v1/tenants/paged/incidents?severity=P1")).body["items"].length).toBe(3);
    expect((await api("GET", "/api/v1/tenants/paged/incidents?q=alert%204")).body["items"].length).toBe(1);
    expect((await api("GET", "/api/v1/tenants/paged/incidents?limit=0")).status).toBe(422);
    // A mistyped status would look as if nothing were open.
    expect((await api("GET", "/api/v1/tenants/paged/incidents?status=open")).status).toBe(422);
    expect((await api("GET", "/api/v1/tenants/paged/incidents?status=triggered,held")).status).toBe(200);
  });
});

describe("tenants apart", () => {
  test("an incident's id is not found under another tenant, in the same words as one that never was", async () => {
    const [a, b] = [await tenant("apart-a"), await tenant("apart-b")];
    const id = (await a.fire({ dedupKey: "same", title: "A's" })).results[0]?.incident ?? "";
    await b.fire({ dedupKey: "same", title: "B's" });
    const foreign = await api("GET", `/api/v1/tenants/apart-b/incidents/${id}`);
    const never = await api("GET", `/api/v1/tenants/apart-b/incidents/${id.replace(/.$/, "0")}`);
    expect(foreign.status).toBe(404);
    expect({ ...foreign.body, instance: "" }).toEqual({ ...never.body, instance: "" });
    for (const part of ["timeline", "deliveries", "alerts"])
      expect((await api("GET", `/api/v1/tenants/apart-b/incidents/${id}/${part}`)).status).toBe(404);
    for (const verb of ["ack", "resolve", "escalate"])
      expect((await api("POST", `/api/v1/tenants/apart-b/incidents/${id}/${verb}`, {})).status).toBe(404);
    expect((await a.incident(id))["status"]).toBe("triggered");
    const both = await until("a page on either phone", async () => {
      const phones = [await a.inbox(), await b.inbox()];
      return phones.every((phone) => phone.length > 0) && phones;
    });
    expect(both.map((phone) => phone.map((message) => message.title))).toEqual([["A's"], ["B's"]]);
  });
});

describe("operators", () => {
  test("alive, ready, metrics behind a token, documents", async () => {
    expect((await ask("/healthz")).status).toBe(200);
    expect((await api("GET", "/readyz")).body).toMatchObject({ ready: true });
    expect((await ask("/metrics")).status).toBe(401);
    const metrics = await (await ask("/metrics", { headers: { authorization: "Bearer test-metrics-token" } })).text();
    expect(metrics).toMatch(/^tocsin_watch_shards_answering 64$/m);
    expect((await (await ask("/api/openapi.json")).json<{ openapi: string }>()).openapi).toBe("3.1.0");
    expect((await ask("/api/v1/schema/tenant.json")).status).toBe(200);
    expect(await (await ask("/api/docs")).text()).toContain("Tocsin API");
    const nothing = await ask("/nothing/here");
    expect(nothing.status).toBe(404);
    expect(nothing.headers.get("content-security-policy")).toContain("default-src 'none'");
  });
});
