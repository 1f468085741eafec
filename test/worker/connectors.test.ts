// Connectors on the real runtime: signed posts in the order of events, a dead receiver beside a page, an end that does not cut
// them off, eviction, a lost alarm, the record.

import { createHmac } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { identityOfId, objectName } from "../../worker/core/ids.ts";
import { IncidentStore } from "../../worker/objects/incident-store.ts";
import { sweep } from "../../worker/objects/sweep.ts";
import { api, ask, tenant, until, type Json, type TestTenant } from "./hub.ts";
import { env, runDurableObjectAlarm, runInDurableObject } from "./runtime.ts";

const minute = 60_000;
const signingKey = "a-signing-key-of-this-test-0001";

interface Received {
  readonly headers: Headers;
  readonly body: Json;
  readonly text: string;
}

/** What the receivers got, by host, and how each answers; "silence": never. */
const received = new Map<string, Received[]>();
const behaviour = new Map<string, number | "silence">();

async function answer(request: Request): Promise<Response> {
  const { host } = new URL(request.url);
  const text = await request.text();
  const how = behaviour.get(host) ?? 200;
  if (how === "silence") return new Promise<Response>(() => undefined);
  if (how < 300)
    received.set(host, [...(received.get(host) ?? []), { headers: request.headers, body: JSON.parse(text) as Json, text }]);
  // Long enough that no alarm comes while a test looks.
  return new Response("", { status: how, headers: how === 503 ? { "retry-after": "240" } : {} });
}

beforeAll(() => void vi.stubGlobal("fetch", answer));
afterAll(() => void vi.unstubAllGlobals());
afterEach(() => void vi.useRealTimers());

const at = (id: string) => `${id}.receiver.test`;
const bodies = (id: string): Json[] => (received.get(at(id)) ?? []).map((each) => each.body);
const types = (id: string): string[] => bodies(id).map((body) => String(body["type"]).replace("incident.", ""));

async function connected(id: string, connector: string): Promise<TestTenant> {
  return tenant(
    id,
    `connectors: [ { id: hook, plugin: webhook, config: { url: "https://${at(id)}/events" }, secrets: { signingKey: { value: ${signingKey} } }, ${connector} } ]`,
  );
}

function objectOf(t: TestTenant, incident: string) {
  const identity = identityOfId(t.id, null, incident);
  if (identity === null) throw new Error(`no id: ${incident}`);
  return env.INCIDENT.getByName(objectName(identity));
}

async function fire(t: TestTenant, key = "a"): Promise<string> {
  return (
    (await t.fire({ dedupKey: key, title: "Down", severity: "critical", labels: { cluster: "eu" } })).results[0]?.incident ?? ""
  );
}

describe("a connector", () => {
  test("gets what happened as signed JSON, in order, with the service and its runbook", async () => {
    const t = await connected("conn-post", "on: [opened, acknowledged, note, resolved]");
    const incident = await fire(t);
    await until("ana's page", async () => (await t.inbox())[0]);
    await api("POST", `/api/v1/tenants/conn-post/incidents/${incident}/ack`, { as: "ana" });
    await api("POST", `/api/v1/tenants/conn-post/incidents/${incident}/note`, { as: "ana", text: "looking" });
    await api("POST", `/api/v1/tenants/conn-post/incidents/${incident}/resolve`, { as: "ana" });
    await until("four posts", async () => types("conn-post").length === 4);
    expect(types("conn-post")).toEqual(["opened", "acknowledged", "note", "resolved"]);
    const [, acknowledged] = received.get(at("conn-post")) ?? [];
    expect(acknowledged?.body).toMatchObject({
      type: "incident.acknowledged",
      delivery: acknowledged?.headers.get("webhook-id"),
      tenant: "conn-post",
      event: { kind: "acknowledged", actor: { type: "user", id: "ana" }, reason: "ana has it" },
      incident: {
        id: incident,
        title: "Down",
        status: "acknowledged",
        severity: "P1",
        service: "svc",
        acknowledgedBy: "ana",
        labels: { cluster: "eu" },
      },
      service: { id: "svc" },
      links: { incident: `http://localhost:8787/api/v1/tenants/conn-post/incidents/${incident}` },
    });
    const stamp = acknowledged?.headers.get("webhook-timestamp");
    const signed = `${acknowledged?.headers.get("webhook-id")}.${stamp}.${acknowledged?.text}`;
    expect(acknowledged?.headers.get("webhook-signature")).toBe(
      `v1,${createHmac("sha256", signingKey).update(signed).digest("base64")}`,
    );
    const kinds = (await t.timeline(incident)).filter((entry) => entry.kind === "posted");
    expect(kinds.length).toBe(4);
  });

  test("is among the deliveries of the incident, from its object and from the database", async () => {
    const t = await connected("conn-rows", "on: [opened]");
    const incident = await fire(t);
    await until("the post", async () => types("conn-rows").length === 1);
    const shown = await until("the answer on record", async () => {
      const { body } = await api("GET", `/api/v1/tenants/conn-rows/incidents/${incident}/deliveries`);
      return (body["items"] as Json[]).find((each) => each["kind"] === "connector" && each["status"] === "accepted");
    });
    expect(shown).toMatchObject({
      connector: "hook",
      attempt: 1,
      event: { type: "incident.opened" },
      attempts: [{ status: "accepted", reason: "HTTP 200" }],
    });
    const listed = await until("the projection", async () => {
      const { body } = await api("GET", `/api/v1/tenants/conn-rows/deliveries?incident=${incident}`);
      return (body["items"] as Json[]).find((each) => each["kind"] === "connector" && each["status"] === "accepted");
    });
    expect(listed["id"]).toBe(shown["id"]);
    expect((await api("GET", "/api/v1/tenants/conn-rows/deliveries?user=ana")).body["items"]).toMatchObject([
      { kind: "page", user: "ana" },
    ]);
  });

  test("that is away hears it all later, in order, after the incident has closed; the watch looks after it until then", async () => {
    const t = await connected("conn-away", "on: [opened, resolved]");
    behaviour.set(at("conn-away"), 503);
    const now = Date.now();
    const incident = await fire(t);
    await until("ana's page", async () => (await t.inbox())[0]);
    await api("POST", `/api/v1/tenants/conn-away/incidents/${incident}/resolve`, { as: "ana" });
    const object = objectOf(t, incident);
    await until("the first try", async () => (await t.timeline(incident)).some((entry) => entry.kind === "post-retry"));
    // What a new instance would find.
    const loaded = await runInDurableObject(object, async (_, state) => new IncidentStore(state.storage).load().state);
    expect(Object.values(loaded?.posts ?? {}).map((post) => [post.content.type, post.status])).toEqual(
      expect.arrayContaining([
        ["incident.opened", "pending"],
        ["incident.resolved", "pending"],
      ]),
    );
    behaviour.set(at("conn-away"), 200);
    await runInDurableObject(object, async (_, state) => state.storage.deleteAlarm());
    vi.setSystemTime(now + 7 * minute);
    await sweep(env);
    await until("both posts, without any alarm having fired", async () => types("conn-away").length === 2);
    expect(types("conn-away")).toEqual(["opened", "resolved"]);
    await until("nothing left to do", async () => (await object.poke()).checkAfter === null);
  });

  test("that never answers costs no page a moment", async () => {
    const t = await connected("conn-dead", 'on: ["*"]');
    behaviour.set(at("conn-dead"), "silence");
    const began = Date.now();
    const incident = await fire(t);
    await until("ana's page", async () => (await t.inbox())[0]);
    vi.setSystemTime(began + 5 * minute + 1_000);
    await runDurableObjectAlarm(objectOf(t, incident));
    await until("bo's page", async () => (await t.inbox()).length === 2);
    expect((await t.incident(incident))["status"]).toBe("triggered");
    // One try at a time, however much there is to tell.
    const { body } = await api("GET", `/api/v1/tenants/conn-dead/incidents/${incident}/deliveries`);
    const posts = (body["items"] as Json[]).filter((each) => each["kind"] === "connector");
    expect(posts.length).toBeGreaterThan(1);
    expect(posts.filter((each) => each["attempt"] > 0).length).toBe(1);
  });

  test("that comes later hears of what is open; one taken away is told on the record to be gone", async () => {
    const t = await tenant("conn-later");
    const incident = await fire(t);
    const more = `connectors: [ { id: hook, plugin: webhook, on: [note], config: { url: "https://${at("conn-later")}/" }, secrets: { signingKey: { value: ${signingKey} } } } ]`;
    await api("PUT", "/api/v1/tenants/conn-later/config", `tenant: conn-later\n${more}\n`);
    const now = Date.now();
    vi.setSystemTime(now + 5 * minute + 1_000);
    await runDurableObjectAlarm(objectOf(t, incident));
    await api("POST", `/api/v1/tenants/conn-later/incidents/${incident}/note`, { as: "ana", text: "looking" });
    await until("the note", async () => types("conn-later").length === 1);
    expect(types("conn-later")).toEqual(["note"]);
  });
});

describe("its definition", () => {
  const apply = (id: string, connectors: string) =>
    api("PUT", `/api/v1/tenants/${id}/config`, `tenant: ${id}\nconnectors: ${connectors}\n`);

  test("a signing key that is left out is made, shown once, used, and kept over an apply that leaves it out again", async () => {
    const t = await tenant("conn-made");
    const text = `[ { id: hook, plugin: webhook, on: [opened], config: { url: "https://${at("conn-made")}/" } } ]`;
    const applied = await apply("conn-made", text);
    const issued = (applied.body["issued"] as Json[]).find((each) => each["kind"] === "connectors");
    expect(issued).toMatchObject({ id: "hook", key: expect.stringMatching(/^whsec_/) });
    expect((await apply("conn-made", text)).body).toMatchObject({ changes: [], issued: [] });
    await fire(t);
    const [post] = await until("the post", async () => received.get(at("conn-made")));
    const key = Buffer.from(String(issued?.["key"]).slice("whsec_".length), "base64");
    const signed = `${post?.headers.get("webhook-id")}.${post?.headers.get("webhook-timestamp")}.${post?.text}`;
    expect(post?.headers.get("webhook-signature")).toBe(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
    const exported = await (
      await ask("/api/v1/tenants/conn-made/config", { headers: { authorization: "Bearer test-admin-token" } })
    ).text();
    expect(exported).toContain("hook");
    expect(exported).not.toContain("whsec_");
    expect((await api("PUT", "/api/v1/tenants/conn-made/config", exported)).body).toMatchObject({ changes: [], issued: [] });
  });

  let known: Promise<TestTenant> | undefined;
  test.each([
    ['[ { id: a, plugin: webhok, on: [opened], config: { url: "https://a.test/" } } ]', "did you mean webhook?"],
    ['[ { id: a, plugin: webhook, on: [open], config: { url: "https://a.test/" } } ]', "did you mean opened?"],
    ['[ { id: a, plugin: webhook, on: [], config: { url: "https://a.test/" } } ]', "connectors[0].on"],
    ['[ { id: a, plugin: webhook, on: [opened], config: { uri: "https://a.test/" } } ]', "the plugin knows no key"],
    [
      `[ { id: a, plugin: webhook, on: [opened], config: { url: "https://a.test/" }, when: 'alert.title == "x"' } ]`,
      "in the expression",
    ],
    [
      `[ { id: a, plugin: webhook, on: [opened], config: { url: "https://a.test/" }, when: 'within("offce", now)' } ]`,
      "no business hours is called offce",
    ],
    [
      '[ { id: a, plugin: webhook, on: [opened], config: { url: "https://a.test/" }, secrets: { signngKey: { value: x } } } ]',
      "knows no key",
    ],
  ])("%s is refused with what to do", async (text, words) => {
    known ??= tenant("conn-errs");
    await known;
    const { status, body } = await apply("conn-errs", text);
    expect(status).toBe(422);
    expect(JSON.stringify(body["errors"])).toContain(words);
  });
});
