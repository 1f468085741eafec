// An integration whose bodies a tenant's own code reads: whatever that code does, the sender hears 202 and an incident is there.

import { expect, test } from "vitest";
import type { Snapshot } from "../../worker/core/snapshot.ts";
import { directoryStub } from "../../worker/objects/places.ts";
import { api, ask, tenant, until, type Json, type TestTenant } from "./hub.ts";
import { env } from "./runtime.ts";

const good = `import { alertOf, UnreadableError } from "tocsin/sdk";
  export const plugin = { normalize({ payload, headers, config }) {
    if (!payload.door) throw new UnreadableError("an event without a door");
    return [alertOf({ dedupKey: payload.door, action: payload.shut ? "resolve" : "trigger", title: "Door " + payload.door,
      severity: "critical", source: "somewhere-else", labels: { site: config.site, kind: headers["x-kind"] ?? "", auth: headers["authorization"] ?? "" } })];
  } };`;

async function hashOf(code: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The tenant's integration `in`, read by code of its own, as the configuration in force says. */
async function ownTenant(
  id: string,
  codes: readonly string[],
  { off = false, active = codes.length, version = 0 }: { off?: boolean; active?: number; version?: number } = {},
): Promise<TestTenant> {
  const t = await tenant(id);
  const directory = directoryStub(env, t.id, null);
  const answer = await directory.snapshot(null);
  const { snapshot } = answer as { snapshot: Snapshot };
  const integration = snapshot.integrations["in"];
  if (integration === undefined) throw new Error("no integration");
  const hashes = await Promise.all(codes.map(hashOf));
  for (const [i, code] of codes.entries()) await directory.putOwnCode(hashes[i] ?? "", code);
  const config = { plugin: "acme-door", settings: { site: "north" }, ...(version === 0 ? {} : { version }) };
  await directory.publish({
    ...snapshot,
    version: snapshot.version + 1,
    integrations: { in: { ...integration, source: "sandboxed", config } },
    ownPlugins: {
      "acme-door": { id: "acme-door", off, active, versions: Object.fromEntries(hashes.map((hash, i) => [i + 1, hash])) },
    },
  });
  return t;
}

const send = async (t: TestTenant, body: unknown, headers: Record<string, string> = {}): Promise<Json> => {
  const response = await ask(`/v1/ingest/${t.key}`, { method: "POST", body: JSON.stringify(body), headers });
  return { status: response.status, ...(await response.json<Json>()) };
};

/** What opened instead of the alert. */
async function unreadable(t: TestTenant, body: unknown): Promise<{ reason: string; incident: Json }> {
  const { status, results } = await send(t, body);
  expect(status).toBe(202);
  expect(results).toMatchObject([{ action: "unreadable" }]);
  return { reason: results[0].reason, incident: await t.incident(results[0].incident) };
}

test("an alert that the tenant's own code reads pages, and its end resolves it", async () => {
  const t = await ownTenant("own-reads", [good]);
  const fired = await send(t, { door: "7" }, { "x-kind": "fire", authorization: "Bearer the-secret" });
  expect(fired).toMatchObject({ status: 202, results: [{ action: "triggered" }] });
  const { incident } = fired["results"][0];
  expect(await t.incident(incident)).toMatchObject({ title: "Door 7", source: "sandboxed" });
  const opened = await t.incident(incident);
  expect(opened.labels).toEqual({ site: "north", kind: "fire", auth: "***" });
  await until("a page", async () => (await t.inbox()).length === 1);
  expect(await send(t, { door: "7", shut: true })).toMatchObject({ results: [{ action: "resolved", incident }] });
});

test("a body that it cannot read opens an incident in its own words, and keeps the body", async () => {
  const t = await ownTenant("own-refuses", [good]);
  const { reason, incident } = await unreadable(t, { window: 1 });
  expect(reason).toBe("plugin acme-door@1: an event without a door");
  expect(incident["title"]).toContain("Unreadable alert");
  const kept = await until("the body", async () => {
    const { body } = await api("GET", `/api/v1/tenants/${t.id}/integrations/in/received`);
    return (body["items"] as Json[]).length > 0 ? (body["items"] as Json[]) : null;
  });
  expect(kept[0]).toMatchObject({ outcome: "unreadable", plugin: "acme-door@1" });
});

test("a body of which it makes no alert is ignored, and both the sender and the received bodies say so", async () => {
  const reason = "the plugin's code returned no alert for this body";
  const t = await ownTenant("own-empty", ["export const plugin = { normalize: () => [] };"]);
  const answer = await send(t, { door: "7" });
  expect(answer).toEqual({ status: 202, accepted: 1, results: [{ incident: null, action: "ignored", reason }] });
  const kept = await until("the body", async () => {
    const { body } = await api("GET", `/api/v1/tenants/${t.id}/integrations/in/received`);
    return (body["items"] as Json[])[0] ?? null;
  });
  expect(kept).toMatchObject({ outcome: "ignored", plugin: "acme-door@1", alerts: [{ action: "ignored", reason }] });
  expect(await t.inbox()).toEqual([]);
});

test.each([
  ["throws", "export const plugin = { normalize() { throw new Error('broken') } };", /broken/],
  ["does not start", "throw new Error('no'); export const plugin = {};", /does not start/],
  ["returns a promise", "export const plugin = { normalize: async () => [] };", /must be synchronous/],
  ["returns too much", "export const plugin = { normalize: () => ['x'.repeat(2e6)] };", /at most 1048576/],
  ["returns what is no alert", "export const plugin = { normalize: () => [{ title: 1 }] };", /number 1 .* no alert/],
  [
    "returns an action that is none",
    "export const plugin = { normalize: () => [{ dedupKey: 'a', action: 'explode' }] };",
    /number 1/,
  ],
  [
    "returns 501 alerts",
    "export const plugin = { normalize: () => Array(501).fill({ dedupKey: 'a', action: 'trigger' }) };",
    /more than 500/,
  ],
])("an alert is there although the code %s", async (name, code, words) => {
  const t = await ownTenant(`own-${name.replaceAll(" ", "-")}`, [code]);
  expect((await unreadable(t, { door: "7" })).reason).toMatch(words);
  await until("a page", async () => (await t.inbox()).length === 1);
});

test("a switched-off plugin, a version that is not there, a plugin without a version: each says so", async () => {
  expect((await unreadable(await ownTenant("own-off", [good], { off: true }), {})).reason).toMatch(/switched off/);
  expect((await unreadable(await ownTenant("own-no-version", [good], { version: 4 }), {})).reason).toMatch(/no version 4/);
});

test("a pinned version goes on when another is in use, and a roll back takes effect", async () => {
  const told = (word: string): string =>
    `export const plugin = { normalize: () => [{ dedupKey: "a", action: "trigger", title: "${word}" }] };`;
  const pinned = await ownTenant("own-pinned", [told("one"), told("two")], { version: 1 });
  const { results } = await send(pinned, {});
  expect((await pinned.incident(results[0].incident))["title"]).toBe("one");
  const active = await ownTenant("own-active", [told("one"), told("two")]);
  const second = await send(active, {});
  expect((await active.incident(second["results"][0].incident))["title"]).toBe("two");
});

test("what is not what it should be is left out, and pollutes nothing", async () => {
  const code = `export const plugin = { normalize: () => [JSON.parse('{"dedupKey":"a","action":"trigger","severity":"awful","title":{"x":1},"body":7,"labels":{"__proto__":{"polluted":1},"constructor":"c","n":1,"o":{}},"links":[{"href":"javascript:alert(1)","text":"x"},{"href":"https://a.test","text":{}},7],"sourceAt":"soon","test":"yes","notes":"n","__proto__":{"polluted":1}}')] };`;
  const t = await ownTenant("own-nonsense", [code]);
  const { results } = await send(t, {});
  expect(results).toMatchObject([{ action: "triggered" }]);
  const opened = await t.incident(results[0].incident);
  expect(opened).toMatchObject({ title: "(no title)", links: [{ href: "https://a.test", text: "Source" }] });
  expect(opened.labels).toEqual({ constructor: "c", n: "1" });
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test("simulation, preview and replay read by the same code", async () => {
  const t = await ownTenant("own-again", [good]);
  await unreadable(t, { window: 1 });
  const simulated = await api("POST", `/api/v1/tenants/${t.id}/simulate`, {
    integration: "in",
    payload: { door: "9" },
    at: new Date().toISOString(),
  });
  expect(simulated.body["alerts"]).toMatchObject([{ action: "triggered", alert: { title: "Door 9" } }]);
  const preview = await api("POST", `/api/v1/tenants/${t.id}/integrations/in/preview`, { body: '{"door":"8"}', headers: {} });
  expect(preview.body["items"]).toMatchObject([{ unreadable: null, alerts: [{ title: "Door 8" }] }]);
  await until("the body", async () => {
    const { body } = await api("GET", `/api/v1/tenants/${t.id}/integrations/in/received`);
    return (body["items"] as Json[]).length > 0;
  });
  const replay = await api("POST", `/api/v1/tenants/${t.id}/integrations/in/received/1/replay`, { dryRun: false });
  expect(replay.body["items"]).toMatchObject([{ outcome: "unreadable", reason: "plugin acme-door@1: an event without a door" }]);
});
