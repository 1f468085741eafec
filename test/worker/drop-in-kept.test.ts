// What came by another product's door is kept as any other body, whichever source its integration has, and is let in again by that
// door's rules: the address, and the identity that the door made, are kept beside it; the key is not.

import { describe, expect, test, vi } from "vitest";
import { limits } from "../../worker/core/limits.ts";
import { api, ask, tenant, until, type Json, type TestTenant } from "./hub.ts";
import { env } from "./runtime.ts";

const at = (t: TestTenant, what: string): string => `/api/v1/tenants/${t.id}/integrations/in/${what}`;

async function newest(t: TestTenant, count = 1): Promise<Json> {
  const items = await until(`${count} bodies`, async () => {
    const { body } = await api("GET", at(t, "received"));
    const kept = body["items"] as Json[];
    return kept.length >= count && kept;
  });
  return (await api("GET", at(t, `received/${items[0]?.["n"]}`))).body;
}

const incidents = async (t: TestTenant): Promise<Json[]> => (await api("GET", `/api/v1/tenants/${t.id}/incidents`)).body["items"];

interface Case {
  readonly product: string;
  readonly path: (key: string) => string;
  readonly headers?: (key: string) => Record<string, string>;
  readonly body: (key: string) => unknown;
  readonly door: Json;
  readonly status: number;
  readonly title: string;
  readonly labels?: Json;
}

/** Each leaves something to the door that the body alone does not say. */
const cases: readonly Case[] = [
  {
    product: "PagerDuty, version 2 without a dedup key",
    path: () => "/v2/enqueue",
    body: (key) => ({
      routing_key: key,
      event_action: "trigger",
      payload: { summary: "HTTP down", source: "s", severity: "error" },
    }),
    door: { plugin: "pagerduty-events-v2", path: "/v2/enqueue", params: {}, query: {} },
    status: 202,
    title: "HTTP down",
  },
  {
    product: "PagerDuty, version 1 without an incident key",
    path: () => "/generic/2010-04-15/create_event.json",
    body: (key) => ({ service_key: key, event_type: "trigger", description: "DB down" }),
    door: { path: "/generic/2010-04-15/create_event.json" },
    status: 200,
    title: "DB down",
  },
  {
    product: "Opsgenie without an alias",
    path: () => "/v2/alerts?x=1",
    headers: (key) => ({ authorization: `GenieKey ${key}` }),
    body: () => ({ message: "Queue is long", note: "look at q7", responders: [{ type: "user", username: "bo" }] }),
    door: { plugin: "opsgenie-create", path: "/v2/alerts", query: { x: "1" } },
    status: 202,
    title: "Queue is long",
  },
  {
    product: "Splunk On-Call, the routing key in its address",
    path: (key) => `/integrations/generic/20131114/alert/${key}/night-shift`,
    body: () => ({ message_type: "CRITICAL", state_message: "no entity" }),
    door: { plugin: "victorops", params: { routing: "night-shift" } },
    status: 200,
    title: "no entity",
    labels: { routing_key: "night-shift" },
  },
  {
    product: "GoAlert, everything in its address",
    path: (key) => `/api/v2/generic/incoming?token=${key}&summary=From+the+address`,
    body: () => undefined,
    door: { plugin: "goalert", query: { summary: "From the address" } },
    status: 204,
    title: "From the address",
  },
  {
    product: "Prometheus itself",
    path: (key) => `/am/${key}/api/v2/alerts`,
    body: () => [{ labels: { alertname: "DiskFull", severity: "critical" }, annotations: { summary: "Disk full" } }],
    door: { plugin: "prometheus", path: "/am/:key/api/v2/alerts", params: {} },
    status: 200,
    title: "Disk full",
  },
];

describe("a body that came by another product's door", () => {
  test.each(cases.map((each, i) => [each.product, each, i] as const))(
    "%s: kept without the key, let in again as it was",
    async (_, each, i) => {
      const t = await tenant(`kept-door-${i}`);
      const body = each.body(t.key);
      const sent = await ask(each.path(t.key), {
        method: "POST",
        headers: { "x-sender": "probe-7", ...each.headers?.(t.key) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      expect(sent.status).toBe(each.status);
      const kept = await newest(t);
      expect(kept).toMatchObject({ outcome: "readable", cut: false, door: each.door, headers: { "x-sender": "probe-7" } });
      expect(JSON.stringify(kept)).not.toContain(t.key);
      expect(kept["plugin"]).not.toContain("generic");
      const [before] = await incidents(t);
      expect(before).toMatchObject({ title: each.title });

      const plan = (await api("POST", at(t, `received/${kept["n"]}/replay`), { dryRun: true })).body["items"][0];
      expect(plan).toMatchObject({
        outcome: "readable",
        alerts: [{ title: each.title, action: "updated", incident: before?.["id"] }],
      });
      const preview = (await api("POST", at(t, "preview"), { received: [kept["n"]] })).body["items"][0];
      expect(preview).toMatchObject({ unreadable: null, alerts: [{ title: each.title, dedupKey: kept["alerts"][0].dedupKey }] });

      const again = (await api("POST", at(t, `received/${kept["n"]}/replay`), {})).body["items"][0];
      expect(again).toMatchObject({ outcome: "readable", alerts: [{ action: "updated", incident: before?.["id"] }] });
      const after = await t.incident(String(before?.["id"]));
      expect(after).toMatchObject({ occurrences: 2, labels: each.labels ?? {} });
      expect(await incidents(t)).toHaveLength(1);
      const told = await t.timeline(String(before?.["id"]));
      expect(told.filter(({ kind }) => kind === "note").length, "what follows an alert is done once").toBeLessThanOrEqual(1);
    },
  );

  test("what was asked about an alert is asked again", async () => {
    const t = await tenant("kept-order");
    const call = (path: string, body: unknown): Promise<Response> =>
      ask(`/v2/alerts${path}`, { method: "POST", headers: { authorization: `GenieKey ${t.key}` }, body: JSON.stringify(body) });
    await call("/late/close?identifierType=alias", { source: "App" });
    const kept = await newest(t);
    expect(kept).toMatchObject({
      outcome: "readable",
      reason: "there is no alert by that name",
      door: { path: "/v2/alerts/:id/:part", params: { id: "late", part: "close" }, query: { identifierType: "alias" } },
    });
    await call("", { message: "It came later", alias: "late" });
    const plan = (await api("POST", at(t, `received/${kept["n"]}/replay`), { dryRun: true })).body["items"][0];
    expect(plan).toMatchObject({ outcome: "readable", reason: expect.stringContaining("resolve"), alerts: [] });
    expect((await api("POST", at(t, "preview"), { received: [kept["n"]] })).body["items"][0]).toMatchObject({
      unreadable: null,
      orders: expect.stringContaining("resolve"),
    });
    expect((await incidents(t))[0]).toMatchObject({ status: "triggered" });
    expect((await api("POST", at(t, `received/${kept["n"]}/replay`), {})).body["items"][0]).toMatchObject({
      outcome: "readable",
      reason: null,
    });
    await until("the end", async () => (await incidents(t))[0]?.["status"] === "resolved");
  });

  test("refused as unreadable it is kept and can be read again; not stored, it says so", async () => {
    const t = await tenant("kept-refused");
    const body = { routing_key: t.key, event_action: "trigger", payload: { summary: "x", source: "y" } };
    expect((await ask("/v2/enqueue", { method: "POST", body: JSON.stringify(body) })).status).toBe(400);
    const kept = await newest(t);
    expect(kept).toMatchObject({ outcome: "unreadable", reason: "'payload.severity' is missing or blank" });
    expect(kept["raw"]).toBe(JSON.stringify({ ...body, routing_key: "***" }));
    expect((await api("POST", at(t, `received/${kept["n"]}/replay`), {})).body["items"][0]).toMatchObject({
      outcome: "unreadable",
      reason: "'payload.severity' is missing or blank",
    });
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const dark = vi.spyOn(env.INCIDENT, "getByName").mockImplementation(() => {
      throw new Error("dark");
    });
    const whole = { ...body, payload: { ...body.payload, severity: "error" } };
    expect((await ask("/v2/enqueue", { method: "POST", body: JSON.stringify(whole) })).status).toBe(503);
    dark.mockRestore();
    const failed = await newest(t, 2);
    expect(failed).toMatchObject({ outcome: "failed", reason: expect.stringContaining("send it again") });
    expect((await api("POST", at(t, `received/${failed["n"]}/replay`), {})).body["items"][0]).toMatchObject({
      outcome: "readable",
      alerts: [{ action: "triggered" }],
    });
  });

  test("an address too long to be kept is told as cut; what only asks for an answer is not kept", async () => {
    const t = await tenant("kept-long");
    const long = "x".repeat(limits.received.doorCharsMax);
    await ask(`/api/v2/generic/incoming?token=${t.key}&summary=Long&details=${long}`, { method: "POST" });
    const kept = await newest(t);
    expect(kept).toMatchObject({ outcome: "readable", cut: true });
    expect((await api("POST", at(t, `received/${kept["n"]}/replay`), {})).status).toBe(409);
    await ask("/v2/alerts", { headers: { authorization: `GenieKey ${t.key}` } });
    await ask(`/api/v2/generic/incoming?token=${t.key}&summary=Short`, { method: "POST" });
    expect((await api("GET", at(t, "received"))).body["items"].filter((each: Json) => each["method"] === "GET")).toEqual([]);
  });
});
