// How notifiers and connectors fare, and a test of one, on the real runtime: what became of pages and posts, the last error in
// words, and nothing of another tenant.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { limits } from "../../worker/core/limits.ts";
import { api, tenant, until, type Json, type TestTenant } from "./hub.ts";

const behaviour = new Map<string, number>();
const received = new Map<string, Json[]>();

async function answer(request: Request): Promise<Response> {
  const { host } = new URL(request.url);
  const status = behaviour.get(host) ?? 200;
  received.set(host, [...(received.get(host) ?? []), JSON.parse(await request.text()) as Json]);
  return new Response("", { status });
}

beforeAll(() => void vi.stubGlobal("fetch", answer));
afterAll(() => void vi.unstubAllGlobals());
beforeEach(() => {
  // In the middle of a slot: two tests in a row are two in one.
  const { perContactMs } = limits.testPage;
  vi.setSystemTime(Math.ceil(Date.now() / perContactMs) * perContactMs + perContactMs / 4);
});
afterEach(() => void vi.useRealTimers());

const host = (id: string): string => `${id}.sending.test`;

async function hub(id: string): Promise<TestTenant> {
  return tenant(
    id,
    `
notifiers:
  - { id: hook, plugin: webhook, config: { url: "https://${host(id)}/pages" }, secrets: { signingKey: { value: a-signing-key-of-this-test-0001 } } }
connectors:
  - { id: events, plugin: webhook, on: [acknowledged, resolved], config: { url: "https://${host(id)}/events" }, secrets: { signingKey: { value: a-signing-key-of-this-test-0001 } } }
`,
  );
}

const at = (id: string, rest: string): string => `/api/v1/tenants/${id}${rest}`;
const health = async (id: string): Promise<Json> => (await api("GET", at(id, "/deliveries/health"))).body;

const of = async (id: string, notifier: string): Promise<Json> =>
  (await health(id))["notifiers"].find((each: Json) => each["id"] === notifier);

describe("the health of what sends", () => {
  test("says what went well lately, what did not and why, by notifier", async () => {
    await hub("send-health");
    expect(await health("send-health")).toMatchObject({
      connectors: [{ id: "events", plugin: "webhook", day: {} }],
      truncated: false,
    });
    expect(await of("send-health", "hook")).toMatchObject({
      plugin: "webhook",
      day: {},
      lastGood: null,
      lastBad: null,
      people: 0,
      users: [],
    });
    const good = await api("POST", at("send-health", "/notifiers/hook/test"), { to: "me" });
    expect(good.body).toMatchObject({ status: "accepted", via: "hook", to: "me", user: "hub-owner" });
    vi.setSystemTime(Date.now() + limits.testPage.perContactMs);
    behaviour.set(host("send-health"), 403);
    const bad = await api("POST", at("send-health", "/notifiers/hook/test"), { to: "me" });
    expect(bad.body).toMatchObject({ status: "failed", outcome: "failed", fix: "rights" });
    const hook = await of("send-health", "hook");
    expect(hook).toMatchObject({
      day: { accepted: 1, failed: 1 },
      lastGood: { status: "accepted", delivery: good.body["delivery"] },
      lastBad: { status: "failed", delivery: bad.body["delivery"] },
    });
    expect(hook["lastBad"]["reason"]).toContain("403");
    expect(Date.parse(hook["lastBad"]["at"])).toBeGreaterThan(Date.parse(hook["lastGood"]["at"]));
  });

  test("counts the pages of incidents, and knows nothing of another tenant", async () => {
    const one = await hub("send-pages");
    await hub("send-other");
    await one.fire({ title: "down", dedupKey: "a", severity: "critical" });
    const counted = await until("the page to be counted", async () => {
      const { notifiers } = await health("send-pages");
      return notifiers.find((each: Json) => each["id"] === "inbox" && Object.keys(each["day"]).length > 0);
    });
    expect(counted["day"]).toEqual({ delivered: 1 });
    expect(counted).toMatchObject({ people: 3, users: ["ana", "bo", "eva"], fallbackOf: [] });
    expect(await of("send-other", "inbox")).toMatchObject({ day: {}, lastGood: null });
  });

  test("forgets what is older than a day in its counts, and keeps the last error for longer", async () => {
    await hub("send-old");
    behaviour.set(host("send-old"), 403);
    await api("POST", at("send-old", "/notifiers/hook/test"), { to: "me" });
    vi.setSystemTime(Date.now() + 25 * 3_600_000);
    expect(await of("send-old", "hook")).toMatchObject({ day: {}, lastBad: { status: "failed" }, lastGood: null });
    vi.setSystemTime(Date.now() + limits.sendingHealth.backMs);
    expect(await of("send-old", "hook")).toMatchObject({ day: {}, lastBad: null });
  });
});

describe("a test", () => {
  test("of a notifier is refused with what is wrong about the address, and not sent twice in a hurry", async () => {
    await tenant(
      "send-mail",
      "notifiers: [ { id: mail, plugin: smtp, config: { host: mail.send.test, port: 465, tls: implicit, from: hub@send.test } } ]",
    );
    const wrong = await api("POST", at("send-mail", "/notifiers/mail/test"), { to: "nobody" });
    expect(wrong.status).toBe(422);
    expect(wrong.body["errors"][0]["path"]).toBe("to");
    expect((await api("POST", at("send-mail", "/notifiers/none/test"), { to: "x" })).status).toBe(404);
    await hub("send-twice");
    expect((await api("POST", at("send-twice", "/notifiers/hook/test"), { to: "me" })).status).toBe(200);
    expect((await api("POST", at("send-twice", "/notifiers/hook/test"), { to: "me" })).status).toBe(429);
  });

  test("of a connector tells it of an event that it hears, marked as a test, and of no incident", async () => {
    await hub("send-conn");
    const { status, body } = await api("POST", at("send-conn", "/connectors/events/test"), {});
    expect([status, body["status"], body["connector"]]).toEqual([200, "accepted", "events"]);
    expect(received.get(host("send-conn"))).toMatchObject([
      {
        type: "incident.acknowledged",
        delivery: body["delivery"],
        event: { kind: "test" },
        incident: { test: true, id: body["incident"] },
      },
    ]);
    expect((await health("send-conn"))["connectors"]).toMatchObject([{ id: "events", day: { accepted: 1 } }]);
    expect((await api("GET", at("send-conn", "/incidents?status=suppressed"))).body["items"]).toEqual([]);
    const told = await api("GET", at("send-conn", "/deliveries?connector=events"));
    expect(told.body["items"]).toMatchObject([{ kind: "connector", connector: "events", status: "accepted" }]);
    expect((await api("GET", at("send-conn", "/deliveries?via=hook"))).body["items"]).toEqual([]);
    expect((await api("POST", at("send-conn", "/connectors/events/test"), {})).status).toBe(429);
  });
});
