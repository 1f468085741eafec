// Other products' APIs through the Worker's own doors, as their senders use them: what is taken, what is refused in which words,
// what becomes of it, and that nothing refused or unreadable is lost.

import { afterEach, describe, expect, test, vi } from "vitest";
import { limits } from "../../worker/core/limits.ts";
import { alertIdentity, objectName } from "../../worker/core/ids.ts";
import { forgetSnapshot } from "../../worker/objects/snapshot-cache.ts";
import { forgetKeys } from "../../worker/objects/key-cache.ts";
import { api, ask, tenant, until, type Json, type TestTenant } from "./hub.ts";
import { env, runInDurableObject } from "./runtime.ts";

afterEach(() => void vi.restoreAllMocks());

export interface Product extends TestTenant {
  /** The integration's key, and where its senders send. */
  readonly sends: string;
  readonly addresses: readonly { what: string; url: string }[];
}

/** A tenant with one integration of the source, the key made by the hub. */
async function product(id: string, source: string, more = ""): Promise<Product> {
  const base = await tenant(id);
  const document = `tenant: ${id}\nintegrations: [ { id: in, source: generic, service: svc }, { id: app, source: ${source}, service: svc${more} } ]\n`;
  const applied = await api("PUT", `/api/v1/tenants/${id}/config`, document);
  expect(applied.status, JSON.stringify(applied.body)).toBe(200);
  const [issued] = applied.body["issued"] as { key: string; addresses: [] }[];
  return { ...base, sends: issued?.key ?? "", addresses: issued?.addresses ?? [] };
}

interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly text: string;
  readonly headers: Headers;
}

async function send(path: string, body: unknown, init: RequestInit = {}): Promise<Answer> {
  const response = await ask(path, {
    method: "POST",
    ...(body === undefined
      ? {}
      : { body: typeof body === "string" || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body) }),
    ...init,
  });
  const text = await response.text();
  const isJson = /^[{["]/.test(text);
  return { status: response.status, body: isJson ? ((JSON.parse(text) ?? {}) as Json) : {}, text, headers: response.headers };
}

async function incidents(t: TestTenant): Promise<Json[]> {
  return until("the list", async () => (await api("GET", `/api/v1/tenants/${t.id}/incidents`)).body["items"] as Json[]);
}

/** The incident of a dedup key, straight from its object. */
async function of(t: TestTenant, dedupKey: string): Promise<Json | null> {
  const stub = env.INCIDENT.getByName(objectName(alertIdentity(t.id, null, "app", dedupKey)));
  const view = await (stub as unknown as { latest(): Promise<Json | null> }).latest();
  return view === null ? null : t.incident(String(view["episode"]["id"]));
}

const unreadable = (t: TestTenant): Promise<Json | null> => of(t, "tocsin:unreadable");

describe("PagerDuty's Events API", () => {
  const trigger = (key: string, more: object = {}): object => ({
    routing_key: key,
    event_action: "trigger",
    dedup_key: "srv01/HTTP",
    payload: { summary: "HTTP is down", source: "srv01", severity: "critical" },
    ...more,
  });

  test("a made key has 32 characters, and its addresses are told with it", async () => {
    const t = await product("pd-key", "pagerduty-events-v2");
    expect(t.sends).toMatch(/^[0-9a-f]{32}$/);
    expect(t.addresses.map(({ url }) => url)).toEqual([
      "http://localhost:8787/v2/enqueue",
      "http://localhost:8787/v2/change/enqueue",
      "http://localhost:8787/generic/2010-04-15/create_event.json",
    ]);
  });

  test("trigger, acknowledge and resolve by one dedup key are one incident, each answered 202 in its words", async () => {
    const t = await product("pd-story", "pagerduty-events-v2");
    const done = { status: "success", message: "Event processed", dedup_key: "srv01/HTTP" };
    const first = await send(
      "/v2/enqueue",
      trigger(t.sends, {
        links: [{ href: "https://run.example/1", text: "Runbook" }],
        client: "Mon",
        client_url: "https://mon.example",
      }),
    );
    expect(first).toMatchObject({ status: 202, body: done });
    const opened = (await of(t, "srv01/HTTP")) as Json;
    expect(opened).toMatchObject({ status: "triggered", title: "HTTP is down", severity: "P1", labels: { source: "srv01" } });
    expect(await send("/v2/enqueue", trigger(t.sends))).toMatchObject({ status: 202, body: done });
    expect(await t.inbox()).toHaveLength(1);
    expect(
      await send("/v2/enqueue", { routing_key: t.sends, event_action: "acknowledge", dedup_key: "srv01/HTTP" }),
    ).toMatchObject({ status: 202, body: done });
    expect(await of(t, "srv01/HTTP")).toMatchObject({ id: opened["id"], status: "acknowledged" });
    expect(
      await send("/v2/enqueue", { routing_key: t.sends, event_action: "resolve", dedup_key: "srv01/HTTP", payload: null }),
    ).toMatchObject({ status: 202, body: done });
    expect(await of(t, "srv01/HTTP")).toMatchObject({ id: opened["id"], status: "resolved" });
    expect(await unreadable(t)).toBeNull();
  });

  test("without a dedup key each trigger is a problem of its own, and the answer gives the key", async () => {
    const t = await product("pd-made", "pagerduty-events-v2");
    const keys: string[] = [];
    for (let i = 0; i < 2; i++) {
      const answer = await send("/v2/enqueue", trigger(t.sends, { dedup_key: undefined }));
      keys.push(String(answer.body["dedup_key"]));
      expect((await of(t, keys[i] ?? ""))?.["status"]).toBe("triggered");
    }
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[0]).not.toBe(keys[1]);
    await send("/v2/enqueue", { routing_key: t.sends, event_action: "resolve", dedup_key: keys[0] });
    expect((await of(t, keys[0] ?? ""))?.["status"]).toBe("resolved");
    expect((await of(t, keys[1] ?? ""))?.["status"]).toBe("triggered");
  });

  test("acknowledging or resolving what is not open is accepted and opens nothing", async () => {
    const t = await product("pd-orphan", "pagerduty-events-v2");
    for (const event_action of ["acknowledge", "resolve"])
      expect((await send("/v2/enqueue", { routing_key: t.sends, event_action, dedup_key: "nobody" })).status).toBe(202);
    expect(await of(t, "nobody")).toBeNull();
    expect(await t.inbox()).toEqual([]);
  });

  const wrong: readonly (readonly [string, (event: Json) => unknown, string])[] = [
    ["no action", (e) => ({ ...e, event_action: "" }), "'event_action' is missing or blank"],
    ["no summary", (e) => ({ ...e, payload: { ...e["payload"], summary: " " } }), "'payload.summary' is missing or blank"],
    ["no source", (e) => ({ ...e, payload: { summary: "x", severity: "info" } }), "'payload.source' is missing or blank"],
    ["no severity", (e) => ({ ...e, payload: { summary: "x", source: "y" } }), "'payload.severity' is missing or blank"],
    ["no payload", (e) => ({ ...e, payload: null }), "'payload.summary' is missing or blank"],
    [
      "a severity of its own",
      (e) => ({ ...e, payload: { ...e["payload"], severity: "terrible" } }),
      "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
    ],
    [
      "a long summary",
      (e) => ({ ...e, payload: { ...e["payload"], summary: "x".repeat(1_025) } }),
      "'summary' is too long (maiximum is 1024 characters)",
    ],
    [
      "a resolve of nothing",
      (e) => ({ routing_key: e["routing_key"], event_action: "resolve" }),
      "'dedup_key' is missing or blank",
    ],
  ];
  test.each(wrong)("%s is refused in the product's words, and an incident says so with the body", async (name, spoil, words) => {
    const t = await product(`pd-${name.replaceAll(" ", "-")}`, "pagerduty-events-v2");
    const answer = await send("/v2/enqueue", spoil(trigger(t.sends)));
    expect(answer).toMatchObject({ status: 400, body: { status: "invalid event", message: "Event object is invalid" } });
    expect(answer.body["errors"]).toContain(words);
    const told = (await unreadable(t)) as Json;
    expect(told).toMatchObject({ status: "triggered", severity: "P2" });
    const kept = await api("GET", `/api/v1/tenants/${t.id}/incidents/${told["id"]}/alerts`);
    expect(kept.body["items"][0].raw).toContain('"routing_key":"***"');
    expect(kept.body["items"][0].raw).not.toContain(t.sends);
  });

  test("what is no JSON is refused, and heard of where it holds a key; the next good event closes that", async () => {
    const t = await product("pd-broken", "pagerduty-events-v2");
    const cut = JSON.stringify(trigger(t.sends)).slice(0, -20);
    const answer = await send("/v2/enqueue", cut);
    expect(answer).toMatchObject({
      status: 400,
      body: { status: "Unrecognized object", message: "Event object format is unrecognized", errors: ["JSON parse error"] },
    });
    expect((await unreadable(t))?.["status"]).toBe("triggered");
    expect((await send("/v2/enqueue", "hello")).status).toBe(400);
    await api("POST", `/api/v1/tenants/${t.id}/incidents/${(await unreadable(t))?.["id"]}/ack`, { as: "ana" });
    await send("/v2/enqueue", trigger(t.sends));
    await until("the unreadable incident to close", async () => (await unreadable(t))?.["status"] === "resolved");
  });

  test("a key that leads nowhere is refused by its length or as unknown, and opens nothing anywhere", async () => {
    await product("pd-unknown", "pagerduty-events-v2");
    expect((await send("/v2/enqueue", trigger("0".repeat(32)))).body["errors"]).toEqual(["Invalid routing key"]);
    expect((await send("/v2/enqueue", trigger("short"))).body["errors"]).toEqual([
      "Length of 'routing_key' is incorrect (should be 32 characters)",
    ]);
    expect((await send("/v2/enqueue", trigger(""))).body["errors"]).toEqual(["'routing_key' is missing or blank"]);
    expect((await send("/v2/enqueue", [])).status).toBe(400);
    expect((await send("/v2/enqueue", undefined)).status).toBe(400);
  });

  test("more than 512 KB is refused, and the incident about it has the beginning", async () => {
    const t = await product("pd-large", "pagerduty-events-v2");
    for (const size of [524_288, limits.ingest.bodyBytesMax + 10]) {
      const answer = await send(
        "/v2/enqueue",
        trigger(t.sends, { payload: { summary: "x", source: "y", severity: "info", custom_details: "z".repeat(size) } }),
      );
      expect([400, 413]).toContain(answer.status);
    }
    expect((await unreadable(t))?.["status"]).toBe("triggered");
  });

  test("a change event is taken and pages nobody", async () => {
    const t = await product("pd-change", "pagerduty-events-v2");
    const answer = await send("/v2/change/enqueue", { routing_key: t.sends, payload: { summary: "Deployed", source: "ci" } });
    expect(answer).toMatchObject({ status: 202, body: { status: "success", message: "Change event processed" } });
    expect(await t.inbox()).toEqual([]);
    expect((await send("/v2/change/enqueue", { routing_key: t.sends, payload: {} })).body["errors"]).toEqual([
      "'payload.summary' is missing or blank",
    ]);
  });

  test("version 1 has its own words, and 403 where it is over the rate", async () => {
    const t = await product("pd-v1", "pagerduty-events-v2", ", rateLimit: { count: 100, within: 1m }");
    const path = "/generic/2010-04-15/create_event.json";
    const event = {
      service_key: t.sends,
      event_type: "trigger",
      incident_key: "db",
      description: "DB is down",
      details: { host: "db1" },
    };
    expect(await send(path, event)).toMatchObject({
      status: 200,
      body: { status: "success", message: "Event processed", incident_key: "db" },
    });
    expect(await of(t, "db")).toMatchObject({ title: "DB is down", labels: { host: "db1" } });
    expect((await send(path, { ...event, description: "" })).body["errors"]).toEqual(["Description is missing or blank"]);
    expect((await send(path, { ...event, service_key: "x" })).body["errors"]).toEqual([
      "Service key is the wrong length (should be 32 characters)",
    ]);
    await send(path, { ...event, event_type: "resolve" });
    expect((await of(t, "db"))?.["status"]).toBe("resolved");
    let last: Answer | null = null;
    for (let i = 0; i < 120 && (last === null || last.status === 200); i++)
      last = await send(path, { ...event, event_type: "acknowledge" });
    expect(last).toMatchObject({ status: 403, body: { status: "throttle exceeded", errors: ["Enhance Your Calm."] } });
    expect(Number(last?.headers.get("retry-after"))).toBeGreaterThan(0);
    const v2 = await send("/v2/enqueue", trigger(t.sends));
    expect(v2).toMatchObject({
      status: 429,
      body: { message: "Requests for this service are arriving too quickly.  Please retry later." },
    });
  });

  test("the key that PagerDuty gave goes on working where the document says so, and any integration's key may be used", async () => {
    const base = await tenant("pd-own");
    const key = "a".repeat(16) + "0123456789abcdef";
    await api(
      "PUT",
      "/api/v1/tenants/pd-own/config",
      `tenant: pd-own\nintegrations: [ { id: in, source: generic, service: svc }, { id: app, source: pagerduty-events, service: svc, key: { value: ${key} } } ]`,
    );
    expect((await send("/v2/enqueue", trigger(key))).status).toBe(202);
    expect((await of(base, "srv01/HTTP"))?.["status"]).toBe("triggered");
    expect((await send("/v2/enqueue", trigger(base.key))).status).toBe(202);
  });

  test("nothing is answered 2xx that could not be stored: 503, and when to come again", async () => {
    const t = await product("pd-dark", "pagerduty-events-v2");
    await send("/v2/enqueue", trigger(t.sends, { dedup_key: "warm" }));
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const get = vi.spyOn(env.INCIDENT, "getByName").mockImplementation(() => {
      throw new Error("dark");
    });
    const answer = await send("/v2/enqueue", trigger(t.sends));
    get.mockRestore();
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

describe("Splunk On-Call's REST endpoint", () => {
  const at = (t: Product, routing = "/ops"): string => `/integrations/generic/20131114/alert/${t.sends}${routing}`;
  const down = { message_type: "CRITICAL", entity_id: "disk/db1", entity_display_name: "Disk is full", state_message: "95 %" };

  test("CRITICAL opens, ACKNOWLEDGEMENT is somebody's, RECOVERY ends; the routing key is a label", async () => {
    const t = await product("vo-story", "victorops");
    expect(t.sends).toMatch(/^[0-9a-f-]{36}$/);
    const done = { result: "success", entity_id: "disk/db1" };
    expect(await send(at(t), down)).toMatchObject({ status: 200, body: done });
    expect(await of(t, "disk/db1")).toMatchObject({
      status: "triggered",
      title: "Disk is full",
      severity: "P1",
      labels: { routing_key: "ops" },
    });
    expect(await send(at(t), { ...down, message_type: "ACKNOWLEDGEMENT", ack_author: "ana" })).toMatchObject({
      status: 200,
      body: done,
    });
    expect(await of(t, "disk/db1")).toMatchObject({ status: "acknowledged" });
    expect(await send(at(t), { ...down, message_type: "recovery" })).toMatchObject({ status: 200, body: done });
    expect(await of(t, "disk/db1")).toMatchObject({ status: "resolved" });
    expect(await send(at(t), { ...down, entity_id: "other", message_type: "RECOVERY" })).toMatchObject({ status: 200 });
  });

  test("WARNING opens a lesser one, INFO none, a missing entity is made and told, an unknown word fires", async () => {
    const t = await product("vo-kinds", "victorops");
    expect((await send(at(t, ""), { ...down, entity_id: "w", message_type: "WARNING" })).status).toBe(200);
    expect(await of(t, "w")).toMatchObject({ severity: "P3", status: "triggered" });
    expect(await send(at(t), { ...down, entity_id: "i", message_type: "INFO" })).toMatchObject({
      status: 200,
      body: { result: "success", entity_id: "i" },
    });
    expect(await of(t, "i")).toBeNull();
    const made = await send(at(t), { message_type: "CRITICAL", state_message: "no name" });
    expect((await of(t, String(made.body["entity_id"])))?.["status"]).toBe("triggered");
    expect((await send(at(t), { ...down, entity_id: "u", message_type: "PANIC" })).status).toBe(200);
    expect(await of(t, "u")).toMatchObject({ status: "triggered" });
  });

  test("several alerts back to back, as templates with a loop post them, are all taken", async () => {
    const t = await product("vo-loop", "victorops");
    const body = `${JSON.stringify({ ...down, entity_id: "a" })}\n${JSON.stringify({ ...down, entity_id: "b", state_message: "} {" })}`;
    expect(await send(at(t), body)).toMatchObject({ status: 200, body: { entity_id: "a" } });
    expect((await of(t, "a"))?.["status"]).toBe("triggered");
    expect((await of(t, "b"))?.["status"]).toBe("triggered");
  });

  test("what it misses is said in the product's words, and an incident says so; a wrong key is not found", async () => {
    const t = await product("vo-wrong", "victorops");
    expect(await send(at(t), { entity_id: "x" })).toMatchObject({
      status: 400,
      body: { result: "failure", message: "Missing fields: message_type" },
    });
    expect((await unreadable(t))?.["status"]).toBe("triggered");
    expect(await send(at(t), "{")).toMatchObject({ status: 400, body: { result: "failure" } });
    expect((await send("/integrations/generic/20131114/alert/no-such-key/ops", down)).status).toBe(404);
  });
});

describe("GoAlert's generic API", () => {
  test("from a form, JSON and the address; closed by the same dedup; 204, or JSON where asked", async () => {
    const t = await product("ga-story", "goalert");
    const at = `/api/v2/generic/incoming?token=${t.sends}`;
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await send(at, "summary=Disk+full&details=95%25&dedup=d1", { headers: form })).status).toBe(204);
    expect(await of(t, "d1")).toMatchObject({ status: "triggered", title: "Disk full", body: "95%" });
    expect((await send(at, { Summary: "Disk full", dedup: "d1", action: "close" })).status).toBe(204);
    expect(await of(t, "d1")).toMatchObject({ status: "resolved" });
    const json = await send(`${at}&summary=From+the+address`, undefined, { headers: { accept: "application/json" } });
    expect(json).toMatchObject({ status: 200, body: { summary: "From the address", status: "triggered" } });
    expect((await send(`/api/v2/generic/incoming`, { summary: "x", token: t.sends })).status).toBe(204);
    expect((await send(at, { details: "no summary" })).status).toBe(400);
    expect((await unreadable(t))?.["status"]).toBe("triggered");
    expect((await send("/api/v2/generic/incoming?token=nope", { summary: "x" })).status).toBe(401);
  });

  test("without a dedup the same summary and details are the same problem", async () => {
    const t = await product("ga-auto", "goalert");
    const at = `/api/v2/generic/incoming?token=${t.sends}`;
    for (let i = 0; i < 2; i++) await send(at, { summary: "same", details: "same" });
    await send(at, { summary: "same", details: "other" });
    await until("two pages", async () => (await t.inbox()).length === 2);
    expect(await incidents(t)).toHaveLength(2);
    await send(at, { summary: "same", details: "same", action: "close" });
    await until("one to be over", async () => (await incidents(t)).filter((each) => each["status"] === "resolved").length === 1);
  });
});

describe("Alertmanager's API, for Prometheus itself", () => {
  const labels = { alertname: "DiskFull", instance: "db1:9100", severity: "critical" };
  const fingerprint = "efb0c6c488e007da";
  const fires = (more: object = {}): object => ({
    labels,
    annotations: { summary: "Disk is full" },
    startsAt: new Date(Date.now() - 60_000).toISOString(),
    endsAt: new Date(Date.now() + 240_000).toISOString(),
    generatorURL: "http://prom/graph?g0",
    ...more,
  });

  test("fires, is renewed, and is over when endsAt has passed; its key is Alertmanager's own fingerprint", async () => {
    const t = await product("am-story", "alertmanager");
    const at = `/am/${t.sends}/api/v2/alerts`;
    expect((await send(at, [fires()])).status).toBe(200);
    expect(await of(t, fingerprint)).toMatchObject({ status: "triggered", title: "Disk is full", severity: "P1" });
    expect((await send(at, [fires()])).status).toBe(200);
    expect(await t.inbox()).toHaveLength(1);
    expect((await send(at, [fires({ endsAt: new Date(Date.now() - 1_000).toISOString() })])).status).toBe(200);
    expect(await of(t, fingerprint)).toMatchObject({ status: "resolved" });
    expect(
      (await send(at, [fires({ labels: { ...labels, instance: "never" }, endsAt: new Date(Date.now() - 1_000).toISOString() })]))
        .status,
    ).toBe(200);
    expect(await incidents(t)).toHaveLength(1);
  });

  test("an alert that nobody renews is over at its time: the object's alarm sees to it", async () => {
    const t = await product("am-lapse", "alertmanager");
    const endsAt = Date.now() + 1_200;
    expect((await send(`/am/${t.sends}/api/v2/alerts`, [fires({ endsAt: new Date(endsAt).toISOString() })])).status).toBe(200);
    const open = (await of(t, fingerprint)) as Json;
    expect(open["pending"]).toContainEqual(expect.objectContaining({ kind: "auto-resolve", at: new Date(endsAt).toISOString() }));
    const stub = env.INCIDENT.getByName(objectName(alertIdentity(t.id, null, "app", fingerprint)));
    expect(await runInDurableObject(stub, (_object, state) => state.storage.getAlarm())).toBeLessThanOrEqual(endsAt);
    await new Promise((resolve) => setTimeout(resolve, endsAt - Date.now() + 50));
    await until("the lapse", async () => (await of(t, fingerprint))?.["status"] === "resolved");
    const kinds = (await t.timeline(String(open["id"]))).map(({ kind }) => kind);
    expect(kinds).toContain("auto-resolved");
  });

  test("one without an end holds for the integration's resolve timeout", async () => {
    const t = await product("am-timeout", "alertmanager", ", config: { resolveTimeoutS: 60 }");
    const before = Date.now();
    await send(`/am/${t.sends}/api/v2/alerts`, [fires({ endsAt: undefined })]);
    const { items } = (await api("GET", `/api/v1/tenants/${t.id}/incidents/${(await of(t, fingerprint))?.["id"]}/alerts`)).body;
    const holds = Date.parse(items[0].expiresAt) - before;
    expect(holds).toBeGreaterThanOrEqual(60_000);
    expect(holds).toBeLessThan(65_000);
  });

  test("is told that it is healthy, refuses what is no list with 400 and opens the incident about it; a wrong key is nowhere", async () => {
    const t = await product("am-wrong", "alertmanager");
    for (const path of ["/-/healthy", "/-/ready", "/api/v2/status"])
      expect((await ask(`/am/${t.sends}${path}`)).status).toBe(200);
    expect((await ask("/am/nope/-/healthy")).status).toBe(404);
    expect((await send("/am/nope/api/v2/alerts", [fires()])).status).toBe(404);
    expect((await send(`/am/${t.sends}/api/v2/alerts`, { alerts: [] })).status).toBe(400);
    expect((await send(`/am/${t.sends}/api/v2/alerts`, "[{")).status).toBe(400);
    expect((await unreadable(t))?.["status"]).toBe("triggered");
    expect((await send(`/am/${t.sends}/api/v1/alerts`, [fires()])).body).toEqual({ status: "success" });
  });

  const type = (text: string): object => ({ code: 400, message: `parsing alerts body from "" failed, because ${text}` });
  const mistyped = (kind: string, into: string): object => type(`json: cannot unmarshal ${kind} into Go ${into}`);
  const schema = (code: number, message: string): object => ({ code, message });
  const good = { labels: { alertname: "Good" } };

  /** As Debian's Alertmanager 0.25 answered each of these; `opens`: how many alerts of it are taken all the same. */
  const awkward: readonly (readonly [body: unknown, status: number, answer: unknown, opens: number])[] = [
    [[], 200, "", 0],
    [null, 200, "", 0],
    ["", 422, schema(602, "alerts in body is required"), 0],
    ["   ", 422, schema(602, "alerts in body is required"), 0],
    [[{ labels: {} }], 400, "at least one label pair required", 0],
    [[{ labels: { a: "" } }], 400, "at least one label pair required", 0],
    [[{}], 422, schema(602, "0.labels in body is required"), 0],
    [[{ labels: null }], 422, schema(602, "0.labels in body is required"), 0],
    [[{ labels: { "": "x", a: "b" } }], 400, 'invalid label set: invalid name ""', 0],
    [[{ ...good, annotations: { "": "x" } }], 400, 'invalid annotations: invalid name ""', 0],
    [
      [{ ...good, startsAt: "2026-11-25T11:00:00Z", endsAt: "2026-11-25T10:00:00Z" }],
      400,
      "start time must be before end time",
      0,
    ],
    [[good, { labels: {} }], 400, "at least one label pair required", 1],
    [
      [{ labels: {} }, good, { labels: { "": "x" } }],
      400,
      'at least one label pair required; invalid label set: invalid name ""',
      1,
    ],
    // Real Alertmanager takes nothing of these two; an alert that can be read is not given up for its neighbour here.
    [[good, {}], 422, schema(602, "1.labels in body is required"), 1],
    [[good, { labels: { a: 1 } }], 400, mistyped("number", "struct field Alert.labels of type string"), 1],
    [[{ labels: { a: true } }], 400, mistyped("bool", "struct field Alert.labels of type string"), 0],
    [[{ labels: { a: {} } }], 400, mistyped("object", "struct field Alert.labels of type string"), 0],
    [[{ labels: ["a"] }], 400, mistyped("array", "struct field Alert.labels of type models.LabelSet"), 0],
    [[{ labels: "x" }], 400, mistyped("string", "struct field Alert.labels of type models.LabelSet"), 0],
    [[{ ...good, annotations: { a: 1 } }], 400, mistyped("number", "struct field .annotations of type string"), 0],
    [[{ ...good, startsAt: 12 }], 400, mistyped("number", "struct field .startsAt of type string"), 0],
    [[{ ...good, generatorURL: 3 }], 400, mistyped("number", "struct field Alert.generatorURL of type string"), 0],
    [
      [{ ...good, startsAt: "yesterday" }],
      400,
      type('parsing time "yesterday" as "2006-01-02 15:04:05": cannot parse "yesterday" as "2006"'),
      0,
    ],
    [[{ ...good, generatorURL: "not a url" }], 422, schema(601, '0.generatorURL in body must be of type uri: "not a url"'), 0],
    [{ alerts: [] }, 400, mistyped("object", "value of type models.PostableAlerts"), 0],
    ['"x"', 400, mistyped("string", "value of type models.PostableAlerts"), 0],
    // These are taken.
    [[{ labels: { a: null, b: "c" } }], 200, "", 1],
    [[{ ...good, annotations: null }], 200, "", 1],
    [[{ ...good, annotations: { a: "" }, generatorURL: "", startsAt: "", endsAt: null, x: 1 }], 200, "", 1],
    [[{ ...good, startsAt: "0001-01-01T00:00:00.000Z", endsAt: "0001-01-01T00:00:00.000Z" }], 200, "", 1],
    [[{ ...good, generatorURL: "/graph?g0" }], 200, "", 1],
  ];

  test("awkward bodies are answered as a real Alertmanager answers them, and what of them is an alert is taken", async () => {
    for (const [i, [body, status, answer, opens]] of awkward.entries()) {
      const t = await product(`am-awkward-${i}`, "alertmanager");
      const where = JSON.stringify(body);
      const got = await send(`/am/${t.sends}/api/v2/alerts`, typeof body === "string" ? body : JSON.stringify(body));
      expect(got.status, where).toBe(status);
      expect(got.text === "" ? "" : JSON.parse(got.text), where).toEqual(answer);
      const kept = await until("the body in the ring", async () => {
        const { items } = (await api("GET", `/api/v1/tenants/${t.id}/integrations/app/received`)).body;
        return items.length > 0 && (items as Json[]);
      });
      expect(kept[0]?.["outcome"] === "unreadable", where).toBe(status !== 200);
      const taken = ((kept[0]?.["alerts"] ?? []) as Json[]).filter((each) => !String(each["dedupKey"]).startsWith("tocsin:"));
      expect(
        taken.map((each) => each["action"]),
        where,
      ).toEqual(Array.from({ length: opens }, () => "triggered"));
      if (status !== 200) expect((await unreadable(t))?.["status"], `${where}: heard of`).toBe("triggered");
    }
  });

  test("version 1 says the same in its own words", async () => {
    const t = await product("am-v1", "alertmanager");
    const at = `/am/${t.sends}/api/v1/alerts`;
    const bad = (error: string): object => ({ status: "error", errorType: "bad_data", error });
    for (const [body, error] of [
      [[{ labels: {} }], "at least one label pair required"],
      [[{}], "at least one label pair required"],
      [{}, "json: cannot unmarshal object into Go value of type []*types.Alert"],
      ["", "EOF"],
    ] as const)
      expect(await send(at, body)).toMatchObject({ status: 400, body: bad(error) });
    expect(await send(at, [good, {}])).toMatchObject({ status: 400, body: bad("at least one label pair required") });
    expect(await incidents(t)).toHaveLength(2);
  });

  test("with a secret it is demanded as Prometheus can give it, basic or bearer", async () => {
    const t = await product("am-secret", "alertmanager", ", secret: { value: prometheus-secret-1 }");
    const at = `/am/${t.sends}/api/v2/alerts`;
    expect((await send(at, [fires()])).status).toBe(404);
    expect((await send(at, [fires()], { headers: { authorization: "Bearer prometheus-secret-1" } })).status).toBe(200);
  });
});

test("with every memory of keys and configuration gone and the database dark, alerts still come in", async () => {
  const t = await product("pd-cold", "pagerduty-events-v2");
  forgetKeys();
  forgetSnapshot(t.id, null);
  const prepare = vi.spyOn(env.DB, "prepare").mockImplementation(() => {
    throw new Error("dark");
  });
  const answer = await send("/v2/enqueue", {
    routing_key: t.sends,
    event_action: "trigger",
    dedup_key: "c",
    payload: { summary: "s", source: "s", severity: "error" },
  });
  prepare.mockRestore();
  expect(answer.status).toBe(202);
});
