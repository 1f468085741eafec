// Writing expressions and putting routes in order over the API: errors by the compiler that runs them, samples, words that
// recent alerts really had, places of routes, and a plan that shows what it changes.

import { describe, expect, test } from "vitest";
import { admin, api, ask, tenant, until, type Json } from "./hub.ts";

function check(id: string, body: unknown) {
  return api("POST", `/api/v1/tenants/${id}/expressions/check`, body);
}

describe("checking an expression", () => {
  test("says where it is wrong and what to do; a good one yields a type", async () => {
    await tenant("expr-check");
    const bad = await check("expr-check", { expression: 'alert.title == "x" &&\n alert.sevrity == "info"' });
    expect(bad).toMatchObject({
      status: 200,
      body: {
        ok: false,
        errors: [{ line: 2, column: 8, nearest: "severity", message: expect.stringContaining("alert.severity") }],
      },
    });
    expect((await check("expr-check", { expression: "alert.title ==" })).body).toMatchObject({
      ok: false,
      type: null,
      sample: null,
    });
    expect((await check("expr-check", { expression: "alert.test" })).body).toMatchObject({ ok: true, errors: [], warnings: [] });
    expect((await check("expr-check", { expression: 'incident.severity == "P1"', over: "incident" })).body["ok"]).toBe(true);
    expect((await check("expr-check", { expression: 'alert.severity == "P1"' })).body).toMatchObject({
      ok: true,
      warnings: [{ message: expect.stringContaining("never equals") }],
    });
  });

  test("with an alert it says what it comes to, why not, and what it read", async () => {
    await tenant("expr-sample");
    const { body } = await check("expr-sample", {
      expression: 'alert.labels.env == "prod" && integration.id == "in"',
      alert: { title: "Down", labels: { env: "staging" } },
      integration: "in",
    });
    expect(body["sample"]).toEqual({
      value: false,
      reason: null,
      why: 'alert.labels.env == "prod" does not hold: alert.labels.env is "staging"',
      reads: [
        { path: "alert.labels.env", value: "staging" },
        { path: "integration.id", value: "in" },
      ],
    });
    const failed = await check("expr-sample", {
      expression: "num(alert.labels.load) > 1.0",
      alert: { labels: { load: "much" } },
    });
    expect(failed.body).toMatchObject({ ok: true, sample: { value: null, reason: expect.stringContaining("is no number") } });
    expect((await check("expr-sample", { expression: "alert.test", alert: {}, integration: "no" })).status).toBe(422);
  });

  test("an incident is a sample too; one of another tenant is none", async () => {
    const t = await tenant("expr-incident");
    await tenant("expr-other");
    const { results } = await t.fire({ dedupKey: "a", title: "Down", labels: { env: "prod" } });
    const incident = results[0]?.incident ?? "";
    const asked = { expression: 'incident.labels.env == "prod"', over: "incident", incident };
    expect((await check("expr-incident", asked)).body["sample"]).toMatchObject({
      value: true,
      reads: [{ path: "incident.labels.env", value: "prod" }],
    });
    expect((await check("expr-other", asked)).status).toBe(404);
  });

  test("the words are the fields, the tenant's own names, and labels that alerts really had", async () => {
    const t = await tenant(
      "expr-words",
      "businessHours: [ { id: office, timeZone: UTC, hours: [ { days: [MO], from: '09:00', to: '17:00' } ] } ]",
    );
    await t.fire({ dedupKey: "a", title: "Down", labels: { cluster: "eu", "app.kubernetes.io/name": "web" } });
    const words = await until("the projection", async () => {
      const { body } = await api("GET", "/api/v1/tenants/expr-words/expressions/words");
      return body["labels"].length > 0 ? body : null;
    });
    expect(words["labels"]).toEqual(
      expect.arrayContaining([
        { path: "alert.labels.cluster", seen: 1, values: ["eu"] },
        { path: 'alert.labels["app.kubernetes.io/name"]', seen: 1, values: ["web"] },
      ]),
    );
    expect(words["fields"]).toEqual(
      expect.arrayContaining([
        { path: "alert.severity", type: "string", values: ["critical", "error", "warning", "info", "unknown"] },
        { path: "service", type: "string", values: ["svc"] },
      ]),
    );
    expect(words["businessHours"]).toEqual(["office"]);
    const names = (words["functions"] as Json[]).map((each) => each["name"]);
    for (const name of ["within", "num", "matches", "contains", "has", "exists"]) expect(names).toContain(name);
    expect(names).not.toContain("re2matches");
  });
});

describe("saving", () => {
  test("a field that there is none of is refused, with the nearest; a text that never matches is a warning", async () => {
    await tenant("expr-save");
    const put = await api(
      "PUT",
      "/api/v1/tenants/expr-save/config",
      "tenant: expr-save\nroutes:\n  - id: r\n    when: alert.sevrity == 'info'\n",
    );
    expect(put).toMatchObject({
      status: 422,
      body: { errors: [{ path: "routes[0].when", line: 4, column: 17, nearest: "severity" }] },
    });
    const made = await api("POST", "/api/v1/tenants/expr-save/routes", { id: "r", when: 'alert.severity == "P1"' });
    expect(made).toMatchObject({
      status: 201,
      body: { meta: { warnings: [{ path: "when", message: expect.stringContaining("never equals") }] } },
    });
  });
});

describe("the order of routes", () => {
  const order = async (id: string): Promise<string[]> =>
    ((await api("GET", `/api/v1/tenants/${id}/routes`)).body["items"] as Json[]).map((each) => each["id"] as string);
  const route = (id: string) => ({ id, when: "alert.test" });

  test("a new one takes the place it is given, in one change", async () => {
    await tenant("order-before", "routes: [ { id: a, when: alert.test }, { id: b, when: alert.test } ]");
    expect((await api("POST", "/api/v1/tenants/order-before/routes?before=b", route("n"))).status).toBe(201);
    expect(await order("order-before")).toEqual(["a", "n", "b"]);
    expect((await api("POST", "/api/v1/tenants/order-before/routes", route("last"))).status).toBe(201);
    expect(await order("order-before")).toEqual(["a", "n", "b", "last"]);
    const nowhere = await api("POST", "/api/v1/tenants/order-before/routes?before=gone", route("x"));
    expect(nowhere).toMatchObject({ status: 422, body: { errors: [{ path: "before" }] } });
  });

  test("an order made of another list is refused, and says so", async () => {
    await tenant("order-match", "routes: [ { id: a, when: alert.test }, { id: b, when: alert.test } ]");
    const at = "/api/v1/tenants/order-match/routes";
    const tag = (await ask(at, { headers: admin })).headers.get("etag") ?? "";
    const put = (ids: string[], etag: string): Promise<Response> =>
      ask(`${at}/order`, { method: "PUT", headers: { ...admin, "if-match": etag }, body: JSON.stringify({ ids }) });
    const moved = await put(["b", "a"], tag);
    expect(moved.status).toBe(200);
    expect((await ask(at, { headers: admin })).headers.get("etag")).toBe(moved.headers.get("etag"));
    expect((await put(["a", "b"], tag)).status).toBe(412);
    expect(await order("order-match")).toEqual(["b", "a"]);
  });
});

test("a dry run shows each object before and after, and never a secret", async () => {
  await tenant("plan-detail");
  const document =
    "tenant: plan-detail\nservices: [ { id: svc, policy: p, name: Renamed } ]\nintegrations: [ { id: in, source: generic, service: svc, secret: { value: hush-hush-hush } } ]\n";
  const { status, body } = await api("PUT", "/api/v1/tenants/plan-detail/config?dryRun=true", document);
  expect(status).toBe(200);
  expect(body["changes"]).toEqual([
    expect.objectContaining({ op: "change", kind: "services", id: "svc", after: expect.objectContaining({ name: "Renamed" }) }),
    expect.objectContaining({ op: "change", kind: "integrations", secretsChanged: ["secret"] }),
  ]);
  expect(body["changes"][0]["before"]).not.toHaveProperty("name");
  expect(JSON.stringify(body)).not.toContain("hush");
});
