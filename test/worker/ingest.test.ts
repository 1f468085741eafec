// The way in, through the Worker's own door: proof, limits, unreadable bodies, batches, order, repeats, and nothing lost when
// an object cannot commit or the database is gone.

import { createHmac } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { alertIdentity, objectName } from "../../worker/core/ids.ts";
import { limits } from "../../worker/core/limits.ts";
import { forgetKeys } from "../../worker/objects/key-cache.ts";
import { forgetSnapshot } from "../../worker/objects/snapshot-cache.ts";
import { api, ask, tenant, until, type Json, type TestTenant } from "./hub.ts";
import { env, evictDurableObject, runInDurableObject } from "./runtime.ts";

afterEach(() => void vi.useRealTimers());

interface Door extends TestTenant {
  readonly keys: Readonly<Record<string, string>>;
  post(
    integration: string,
    body: BodyInit,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; body: Json }>;
}

/** A tenant with an integration for each line of YAML. */
async function door(id: string, integrations: readonly string[], more = ""): Promise<Door> {
  const base = await tenant(id);
  const document = `tenant: ${id}\nintegrations: [ { id: in, source: generic, service: svc }, ${integrations.join(", ")} ]\n${more}`;
  const applied = await api("PUT", `/api/v1/tenants/${id}/config`, document);
  expect(applied.status, JSON.stringify(applied.body)).toBe(200);
  const issued = (applied.body["issued"] as { id: string; key: string }[]).map((each) => [each.id, each.key] as const);
  const keys: Record<string, string> = { in: base.key, ...Object.fromEntries(issued) };
  return {
    ...base,
    keys,
    async post(integration, body, headers = {}) {
      const response = await ask(`/v1/ingest/${keys[integration] ?? integration}`, { method: "POST", body, headers });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text.startsWith("{") ? (JSON.parse(text) as Json) : { text },
      };
    },
  };
}

const down = (more: object = {}): string => JSON.stringify({ dedupKey: "a", title: "Down", severity: "critical", ...more });
const actions = (body: Json): string[] => (body["results"] as { action: string }[]).map((result) => result.action);
const incidentOf = (body: Json, at = 0): string => String(body["results"][at].incident);

function objectOf(t: TestTenant, integration: string, dedupKey: string) {
  return env.INCIDENT.getByName(objectName(alertIdentity(t.id, null, integration, dedupKey)));
}

async function gzip(text: string | Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

describe("who may send", () => {
  test("a wrong key and a wrong signature are answered with the same words, and neither opens anything", async () => {
    const t = await door("proof", [
      `{ id: zen, source: zendesk, service: svc, secret: { value: "zendesk-signing-secret" } }`,
      `{ id: am, source: alertmanager, service: svc, secret: { value: "am-shared-secret" } }`,
    ]);
    const body = JSON.stringify({ event_type: "create", id: "1", title: "Help", priority: "urgent" });
    const time = new Date().toISOString();
    const sign = (secret: string, at = time): Record<string, string> => ({
      "X-Zendesk-Webhook-Signature": createHmac("sha256", secret)
        .update(at + body)
        .digest("base64"),
      "X-Zendesk-Webhook-Signature-Timestamp": at,
    });
    const old = new Date(Date.now() - 6 * 60_000).toISOString();
    const refused = [
      await t.post("tk_no_such_key_at_all", body),
      await t.post("zen", body),
      await t.post("zen", body, sign("another secret")),
      await t.post("zen", `${body} `, sign("zendesk-signing-secret")),
      await t.post("zen", body, sign("zendesk-signing-secret", old)),
      await t.post("am", body),
      await t.post("am", body, { authorization: "Bearer am-shared-secre" }),
    ];
    for (const answer of refused) {
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual(refused[0]?.body);
      expect([...answer.headers.keys()].toSorted()).toEqual([...(refused[0]?.headers.keys() ?? [])].toSorted());
    }
    expect(await t.inbox()).toEqual([]);
    const taken = await t.post("zen", body, sign("zendesk-signing-secret"));
    expect(taken).toMatchObject({ status: 202, body: { accepted: 1, results: [{ action: "triggered" }] } });
  });

  test("CloudEvents' webhook handshake is answered for its key and no other, and only by a source that has one", async () => {
    const t = await door("shake", ["{ id: ce, source: cloudevents, service: svc }"]);
    const options = (key: string, headers: Record<string, string>) => ask(`/v1/ingest/${key}`, { method: "OPTIONS", headers });
    const origin = { "WebHook-Request-Origin": "eventemitter.example.com" };
    const allowed = await options(t.keys["ce"] ?? "", origin);
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get("webhook-allowed-origin")).toBe("eventemitter.example.com");
    expect(allowed.headers.get("webhook-allowed-rate")).toBe("*");
    expect((await options(t.keys["ce"] ?? "", {})).status).toBe(405);
    expect((await options(t.keys["in"] ?? "", origin)).status).toBe(405);
    const unknown = await options("tk_nobody_knows_this_key", origin);
    expect(unknown.status).toBe(401);
    expect(unknown.headers.get("webhook-allowed-origin")).toBeNull();
    const event = { specversion: "1.0", id: "1", source: "/m", type: "com.acme.disk.full", subject: "host-7" };
    const headers = { "content-type": "application/cloudevents-batch+json" };
    const batch = JSON.stringify([event, { ...event, id: "2", type: "com.acme.disk.resolved" }]);
    const sent = await t.post("ce", batch, headers);
    expect(sent.status).toBe(202);
    expect(actions(sent.body)).toEqual(["triggered", "resolved"]);
  });

  test("a Salesforce message is answered with 200 and the Ack it waits for, once its case is an incident", async () => {
    const t = await door("soap", ["{ id: sf, source: salesforce, service: svc, config: { organization: 00D70000000IVNp } }"]);
    const message = (organization: string): string =>
      `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound">` +
      `<OrganizationId>${organization}</OrganizationId><Notification><Id>04l1</Id><sObject xmlns:sf="urn:x"><sf:Id>5007000000OFL5FAAX</sf:Id>` +
      `<sf:Subject>Cannot pay</sf:Subject><sf:Status>New</sf:Status></sObject></Notification></notifications></e:Body></e:Envelope>`;
    const headers = { "content-type": "text/xml; charset=utf-8" };
    expect((await t.post("sf", message("00D70000000XXXXEAO"), headers)).status).toBe(401);
    const taken = await t.post("sf", message("00D70000000IVNpEAO"), headers);
    expect(taken.status).toBe(200);
    expect(taken.headers.get("content-type")).toContain("text/xml");
    expect(taken.body["text"]).toContain("<Ack>true</Ack>");
    await until("the list, which the object tells of its incident", async () => {
      const { body } = await api("GET", "/api/v1/tenants/soap/incidents");
      return JSON.stringify(body).includes("Cannot pay");
    });
  });

  test("a sender that can only ask is heard at its own key, its query read as a form; looking changes nothing", async () => {
    const t = await door("asks", ["{ id: kuma, source: uptime-kuma, service: svc }"]);
    const getAt = (key: string, query: string, method = "GET") => ask(`/v1/ingest/${key}${query}`, { method });
    const said = (status: number): string =>
      `?${new URLSearchParams({
        msg: "[shop] down",
        heartbeat: JSON.stringify({ monitorID: 7, status, msg: "timeout", time: "2026-11-23 03:12:00" }),
        monitor: JSON.stringify({ id: 7, name: "shop" }),
      }).toString()}`;
    const kuma = t.keys["kuma"] ?? "";
    for (const [key, query, method] of [
      [kuma, "", "GET"],
      [kuma, said(0), "HEAD"],
      [t.keys["in"] ?? "", "?title=x", "GET"],
      ["tk_nobody_knows_this_key", said(0), "GET"],
    ] as const)
      expect((await getAt(key, query, method)).status).toBe(405);
    expect(await t.inbox()).toEqual([]);
    const down = await (await getAt(kuma, said(0))).json<Json>();
    const up = await (await getAt(kuma, said(1))).json<Json>();
    expect([...actions(down), ...actions(up)]).toEqual(["triggered", "resolved"]);
    expect(incidentOf(up)).toBe(incidentOf(down));
  });

  test("a sender that posts nothing but its query is heard by it, whatever it says its body is; one that posts a body by that", async () => {
    const t = await door("queries", ["{ id: robot, source: uptimerobot, service: svc }"]);
    const at = `/v1/ingest/${t.keys["robot"]}`;
    const query = (kind: string): string => `?monitorID=7&monitorFriendlyName=Shop&alertTypeFriendlyName=${kind}`;
    const post = (search: string, init: RequestInit): Promise<Json> =>
      ask(`${at}${search}`, { method: "POST", ...init }).then((response) => response.json<Json>());
    const down = await post(query("Down"), {});
    expect(actions(down)).toEqual(["triggered"]);
    const other = await post(query("Up"), { body: JSON.stringify({ monitorID: "8", alertTypeFriendlyName: "Down" }) });
    expect(actions(other)).toEqual(["triggered"]);
    expect(incidentOf(other)).not.toBe(incidentOf(down));
    const up = await post(query("Up"), { headers: { "content-type": "application/json" } });
    expect([actions(up), incidentOf(up)]).toEqual([["resolved"], incidentOf(down)]);
    expect(actions(await post("", {}))).toEqual(["unreadable"]);
  });

  test("alerts are posted: anything else is 405 and says so", async () => {
    const t = await door("verbs", []);
    for (const method of ["GET", "PUT", "DELETE", "PATCH"]) {
      const response = await ask(`/v1/ingest/${t.key}`, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("POST");
    }
  });
});

describe("a source that dates a firing by when its problem began", () => {
  test("and takes up again what it had called over, with the same beginning: it opens again and pages", async () => {
    const t = await door("retaken", [`{ id: am, source: prometheus, service: svc }`]);
    const [startsAt, endsAt] = [new Date(Date.now() - 120_000).toISOString(), new Date(Date.now() - 30_000).toISOString()];
    const body = (status: string): string =>
      JSON.stringify({
        version: "4",
        status,
        alerts: [{ status, labels: { alertname: "NetSplit" }, annotations: {}, startsAt, endsAt, fingerprint: "1f" }],
      });
    const incident = incidentOf((await t.post("am", body("firing"))).body);
    await until("the page", async () => (await t.inbox()).length === 1);
    await t.post("am", body("resolved"));
    expect((await t.incident(incident))["status"]).toBe("resolved");
    const again = incidentOf((await t.post("am", body("firing"))).body);
    await until("it to burn again", async () => (await t.incident(again))["status"] === "triggered");
    await until("the next page", async () => (await t.inbox()).length === 2);
  });
});

describe("a body that nobody can read", () => {
  test("is one incident however many come, keeps what came, and closes after a readable one once somebody has it", async () => {
    const t = await door("unreadable", [`{ id: dd, source: datadog, service: svc }`]);
    const bad: BodyInit[] = [
      "{ not json",
      `{"alert_id":"$ALERT_ID"}`,
      "x".repeat(limits.ingest.bodyBytesMax + 1),
      `${"[".repeat(200)}${"]".repeat(200)}`,
      JSON.stringify(Object.fromEntries(Array.from({ length: limits.ingest.jsonKeysMax + 1 }, (_, i) => [`k${i}`, 1]))),
      new Uint8Array([0xff, 0xfe, 0x00, 0x01]),
      "",
    ];
    const answers = [];
    for (const body of bad) answers.push(await t.post("dd", body));
    for (const answer of answers) expect(answer).toMatchObject({ status: 202, body: { results: [{ action: "unreadable" }] } });
    const incident = incidentOf(answers[0]?.body ?? {});
    expect(new Set(answers.map((answer) => incidentOf(answer.body))).size).toBe(1);
    expect(answers.map((answer) => String(answer.body["results"][0].reason).length > 10)).toEqual(bad.map(() => true));
    await until("the page", async () => (await t.inbox()).length === 1);
    const alerts = await api("GET", `/api/v1/tenants/unreadable/incidents/${incident}/alerts`);
    expect(alerts.body["items"][0].raw).toBe("{ not json");
    // Another integration's readable body closes nothing here.
    await t.post("in", down());
    expect((await t.incident(incident))["status"]).toBe("triggered");
    // Nor does its own as long as nobody has heard of the one that was not read.
    const readable = (id: string) =>
      t.post("dd", JSON.stringify({ alert_id: id, alert_title: "Fine template", alert_transition: "Triggered" }));
    await readable("1");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await t.incident(incident))["status"]).toBe("triggered");
    await api("POST", `/api/v1/tenants/unreadable/incidents/${incident}/ack`, { as: "ana" });
    await until("it to close", async () => {
      await readable("2");
      return (await t.incident(incident))["status"] === "resolved";
    });
  });

  test("a body that came in after the acknowledgment and waits to page is not closed by the next readable one", async () => {
    const t = await door("unread-waits", [`{ id: dd, source: datadog, service: svc }`]);
    const incident = incidentOf((await t.post("dd", `{"alert_id":"$ALERT_ID"}`)).body);
    await until("the page", async () => (await t.inbox()).length === 1);
    await api("POST", `/api/v1/tenants/unread-waits/incidents/${incident}/ack`, { as: "ana" });
    expect(incidentOf((await t.post("dd", `{"alert_id":"$ALERT_ID"}`)).body)).toBe(incident);
    await t.post("dd", JSON.stringify({ alert_id: "1", alert_title: "Fine template", alert_transition: "Triggered" }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { status, unreadable } = await t.incident(incident);
    expect({ status, unreadable }).toMatchObject({
      status: "acknowledged",
      unreadable: { bodies: 2, sinceSeen: 1, pagesAgainAt: expect.any(String) },
    });
  });

  test("what is broken in another way pages anew when somebody has acknowledged the first; the same way does not", async () => {
    const t = await door("unread-other", [`{ id: dd, source: datadog, service: svc }`]);
    const first = incidentOf((await t.post("dd", `{"alert_id":"$ALERT_ID"}`)).body);
    await until("the page", async () => (await t.inbox()).length === 1);
    await api("POST", `/api/v1/tenants/unread-other/incidents/${first}/ack`, { as: "ana" });
    expect(incidentOf((await t.post("dd", `{"alert_id":"$ALERT_ID"}`)).body)).toBe(first);
    const second = incidentOf((await t.post("dd", `{ "alert_id": "DATABASE DOWN`)).body);
    expect(second).not.toBe(first);
    await until("a page of its own", async () => (await t.inbox()).length === 2);
    expect((await t.incident(first))["status"]).toBe("acknowledged");
  });

  test("that is longer than 1 MiB keeps its first 64 KiB", async () => {
    const t = await door("long", []);
    const answer = await t.post("in", `{"title":"${"x".repeat(limits.ingest.bodyBytesMax)}"}`);
    expect(answer).toMatchObject({ status: 202, body: { results: [{ action: "unreadable" }] } });
    const alerts = await api("GET", `/api/v1/tenants/long/incidents/${incidentOf(answer.body)}/alerts`);
    const raw = String(alerts.body["items"][0].raw);
    expect(raw.length).toBeGreaterThan(60_000);
    expect(raw.length).toBeLessThanOrEqual(limits.ingest.rawKeptBytesMax);
    expect(raw.startsWith('{"title":"xxx')).toBe(true);
  });

  test("more than 500 alerts in one body are not taken in part", async () => {
    const t = await door("count", []);
    const many = (n: number): string => JSON.stringify(Array.from({ length: n }, (_, i) => ({ title: `Alert ${i % 3}` })));
    expect((await t.post("in", many(limits.ingest.alertsPerBodyMax + 1))).body["results"]).toMatchObject([
      { action: "unreadable", reason: expect.stringContaining("500") },
    ]);
    const whole = await t.post("in", many(limits.ingest.alertsPerBodyMax));
    expect(whole.body["accepted"]).toBe(500);
    expect(new Set((whole.body["results"] as { incident: string }[]).map((result) => result.incident)).size).toBe(3);
  });
});

describe("compressed bodies", () => {
  test("gzip and deflate are read; a bomb, a false declaration and a foreign encoding are unreadable", async () => {
    const t = await door("gzip", []);
    const good = await t.post("in", await gzip(down()), { "content-encoding": "gzip" });
    expect(actions(good.body)).toEqual(["triggered"]);
    const deflated = new Blob([down()]).stream().pipeThrough(new CompressionStream("deflate"));
    const again = await t.post("in", await new Response(deflated).arrayBuffer(), { "content-encoding": "deflate" });
    expect(again.body["results"]).toMatchObject([{ action: "updated", incident: incidentOf(good.body) }]);
    const bomb = await gzip(new Uint8Array(50 * 1_048_576));
    expect(bomb.length).toBeLessThan(limits.ingest.bodyBytesMax);
    for (const [body, encoding] of [
      [bomb, "gzip"],
      [down(), "gzip"],
      [down(), "br"],
    ] as const)
      expect(actions((await t.post("in", body, { "content-encoding": encoding })).body)).toEqual(["unreadable"]);
  });

  test("a signature is over the bytes after inflating", async () => {
    const t = await door("gzip-signed", [
      `{ id: signed, source: generic, service: svc, secret: { value: "signing-secret" }, config: { signatureHeader: x-signature } }`,
    ]);
    const mac = createHmac("sha256", "signing-secret").update(down()).digest("hex");
    const answer = await t.post("signed", await gzip(down()), { "content-encoding": "gzip", "x-signature": `sha256=${mac}` });
    expect(actions(answer.body)).toEqual(["triggered"]);
  });
});

describe("what alerts do", () => {
  test("each alert of a batch has its own object and its own answer, in the body's order", async () => {
    const t = await door("batch", [`{ id: am, source: prometheus, service: svc }`]);
    const alert = (fingerprint: string, status: string, at: string) => ({
      status,
      labels: { alertname: fingerprint, severity: "critical" },
      annotations: {},
      startsAt: "2026-11-23T03:12:00Z",
      endsAt: at,
      fingerprint,
    });
    const firing = {
      status: "firing",
      alerts: [alert("one", "firing", "0001-01-01T00:00:00Z"), alert("two", "firing", "0001-01-01T00:00:00Z")],
    };
    const first = await t.post("am", JSON.stringify(firing));
    expect(actions(first.body)).toEqual(["triggered", "triggered"]);
    expect(incidentOf(first.body, 0)).not.toBe(incidentOf(first.body, 1));
    await until("two pages", async () => (await t.inbox()).length === 2);
    // The same body again: nothing new, nobody paged again.
    expect(actions((await t.post("am", JSON.stringify(firing))).body)).toEqual(["updated", "updated"]);
    const mixed = {
      status: "firing",
      alerts: [alert("two", "resolved", "2026-11-23T03:20:00Z"), alert("one", "firing", "0001-01-01T00:00:00Z")],
    };
    const second = await t.post("am", JSON.stringify(mixed));
    expect(second.body["results"]).toMatchObject([
      { action: "resolved", incident: incidentOf(first.body, 1) },
      { action: "updated", incident: incidentOf(first.body, 0) },
    ]);
    expect((await t.incident(incidentOf(first.body, 1)))["status"]).toBe("resolved");
    expect((await t.incident(incidentOf(first.body, 0)))["status"]).toBe("triggered");
    expect((await t.inbox()).length).toBe(2);
  });

  test("ignored, test and orphan alerts say so, and page nobody", async () => {
    const t = await door("quiet", [`{ id: dd, source: datadog, service: svc }`]);
    const muted = await t.post("dd", JSON.stringify({ alert_id: "1", alert_title: "x", alert_transition: "Muted" }));
    expect(muted.body["results"]).toEqual([{ incident: null, action: "ignored", reason: "the monitor was muted" }]);
    expect((await t.post("in", down({ dedupKey: "nobody", action: "resolve" }))).body["results"]).toMatchObject([
      { action: "orphan", incident: null },
    ]);
    const tried = await t.post("in", down({ dedupKey: "tried", test: true }));
    expect(actions(tried.body)).toEqual(["test"]);
    expect((await t.incident(incidentOf(tried.body)))["status"]).toBe("suppressed");
    expect(await t.inbox()).toEqual([]);
  });

  test("a delivery that comes twice is counted once; another one with the same content is a repeat", async () => {
    const t = await door("twice", [`{ id: zen, source: zendesk, service: svc }`]);
    const body = JSON.stringify({ event_type: "create", id: "7", title: "Help" });
    const by = (id: string) => t.post("zen", body, { "X-Zendesk-Webhook-Invocation-Id": id });
    const first = await by("01JD1");
    expect(actions(first.body)).toEqual(["triggered"]);
    expect((await by("01JD1")).body["results"]).toMatchObject([
      { action: "updated", reason: "this delivery was received before" },
    ]);
    expect(await t.incident(incidentOf(first.body))).toMatchObject({ alerts: 1, occurrences: 1 });
    await by("01JD2");
    expect(await t.incident(incidentOf(first.body))).toMatchObject({ alerts: 1, occurrences: 2 });
  });

  test("the source's own times decide what is late: an old firing after its resolve, an old resolve after a new firing", async () => {
    const t = await door("order", []);
    const at = (minute: number): string => `2026-11-23T03:${String(minute).padStart(2, "0")}:00Z`;
    const first = await t.post("in", down({ at: at(10) }));
    expect(actions((await t.post("in", down({ action: "resolve", at: at(20) }))).body)).toEqual(["resolved"]);
    const late = await t.post("in", down({ at: at(15) }));
    expect(late.body["results"]).toMatchObject([
      { action: "updated", reason: expect.stringContaining("older than the source's own resolve") },
    ]);
    expect((await t.incident(incidentOf(first.body)))["status"]).toBe("resolved");
    expect(actions((await t.post("in", down({ at: at(30) }))).body)).toEqual(["triggered"]);
    const old = await t.post("in", down({ action: "resolve", at: at(25) }));
    expect(old.body["results"]).toMatchObject([{ reason: expect.stringContaining("older than the present firing") }]);
    expect((await t.incident(incidentOf(first.body)))["status"]).toBe("triggered");
    expect(actions((await t.post("in", down({ action: "resolve", at: at(40) }))).body)).toEqual(["resolved"]);
  });

  test("fires, the route and the severity map change, resolves: the first firing's route holds and it closes", async () => {
    const grouped = `routes: [ { id: g, when: 'alert.labels.cluster != ""', set: { severity: P1 }, group: { by: [alert.labels.cluster] } } ]`;
    const t = await door("frozen-way", [], grouped);
    const fired = await t.post("in", down({ labels: { cluster: "eu" } }));
    const incident = incidentOf(fired.body);
    expect(await t.incident(incident)).toMatchObject({ severity: "P1", status: "triggered" });
    const change = `tenant: frozen-way\nseverityMap: { critical: P4 }\nroutes: [ { id: other, when: 'true', suppress: true, group: { by: [alert.title] } } ]\n`;
    expect((await api("PUT", "/api/v1/tenants/frozen-way/config", change)).status).toBe(200);
    const repeated = await t.post("in", down({ labels: { cluster: "us" } }));
    expect(repeated.body["results"]).toMatchObject([{ incident, action: "updated" }]);
    expect(await t.incident(incident)).toMatchObject({ severity: "P1" });
    const resolved = await t.post("in", down({ action: "resolve" }));
    expect(resolved.body["results"]).toMatchObject([{ incident, action: "resolved" }]);
    // A new alert goes by the new rules.
    expect(actions((await t.post("in", down({ dedupKey: "b", title: "Other" }))).body)).toEqual(["suppressed"]);
  });

  test("ids beyond 2^53 stay two when they are two", async () => {
    const t = await door("big-ids", []);
    const answer = await t.post(
      "in",
      `[{"id":285731000000025120,"title":"a"},{"id":285731000000025121,"title":"b"},{"id":285731000000025120,"title":"a"}]`,
    );
    const [one, two, again] = (answer.body["results"] as { incident: string }[]).map((result) => result.incident);
    expect(two).not.toBe(one);
    expect(again).toBe(one);
  });

  test("a sender's hostile texts arrive bounded, as text, and pollute nothing", async () => {
    const t = await door("hostile", []);
    const body = `{"dedupKey":"${"k".repeat(600)}","title":"<script>\\u0000\\ud800${"é".repeat(400)}","labels":{"__proto__":{"polluted":true},"constructor":"x","a":"${"v".repeat(5_000)}"},"link":"javascript:alert(1)","body":"${"b".repeat(60_000)}"}`;
    const answer = await t.post("in", body);
    expect(actions(answer.body)).toEqual(["triggered"]);
    const incident = await t.incident(incidentOf(answer.body));
    expect(String(incident["title"]).length).toBe(255);
    expect(incident["labels"]).toEqual({ a: `${"v".repeat(1_023)}…` });
    expect(({} as Json)["polluted"]).toBeUndefined();
    const resolved = await t.post("in", JSON.stringify({ dedupKey: "k".repeat(600), action: "resolve" }));
    expect(actions(resolved.body)).toEqual(["resolved"]);
    const other = await t.post("in", JSON.stringify({ dedupKey: `${"k".repeat(600)}x`, action: "resolve" }));
    expect(actions(other.body)).toEqual(["orphan"]);
  });
});

describe("a sender that asks to be confirmed (Amazon SNS)", () => {
  const topic = "arn:aws:sns:eu-west-1:123456789012:ops";
  const certificate = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem";
  const confirmAt = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=1";

  /** A DER element; the certificate of the test holds nothing but a key where a key must stand. */
  function der(tag: number, ...parts: Uint8Array[]): Uint8Array {
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const length = size < 128 ? [size] : [0x82, size >> 8, size & 255];
    return new Uint8Array([tag, ...length, ...parts.flatMap((part) => [...part])]);
  }

  async function signer() {
    const pair = (await crypto.subtle.generateKey(
      { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" },
      true,
      ["sign", "verify"],
    )) as CryptoKeyPair;
    const spki = new Uint8Array((await crypto.subtle.exportKey("spki", pair.publicKey)) as ArrayBuffer);
    const nothing = der(0x30);
    const inside = der(
      0x30,
      der(0xa0, der(2, new Uint8Array([2]))),
      der(2, new Uint8Array([1])),
      nothing,
      nothing,
      nothing,
      nothing,
      spki,
    );
    const pem = `-----BEGIN CERTIFICATE-----\n${btoa(String.fromCharCode(...der(0x30, inside, nothing)))}\n-----END CERTIFICATE-----\n`;
    return {
      pem,
      async sign(envelope: Record<string, string>): Promise<string> {
        const names =
          envelope["Type"] === "Notification"
            ? "Message MessageId Timestamp TopicArn Type"
            : "Message MessageId SubscribeURL Timestamp Token TopicArn Type";
        const text = names
          .split(" ")
          .map((name) => `${name}\n${envelope[name]}\n`)
          .join("");
        const mac = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", pair.privateKey, new TextEncoder().encode(text));
        return JSON.stringify({ ...envelope, Signature: btoa(String.fromCharCode(...new Uint8Array(mac))) });
      },
    };
  }

  const envelope = (more: Record<string, string>): Record<string, string> => ({
    Type: "SubscriptionConfirmation",
    MessageId: crypto.randomUUID(),
    TopicArn: topic,
    Message: "confirm",
    Timestamp: new Date().toISOString(),
    Token: "1",
    SubscribeURL: confirmAt,
    SignatureVersion: "2",
    SigningCertURL: certificate,
    ...more,
  });

  test("is confirmed once its signature is good; the key is asked for once; a forged one moves nothing", async () => {
    const t = await door("sns", [`{ id: aws, source: aws-sns, service: svc, config: { topicArn: "${topic}" } }`]);
    const aws = await signer();
    const asked: string[] = [];
    let dark = true;
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
      asked.push(url);
      expect(init.redirect).toBe("manual");
      if (dark) return Promise.resolve(new Response("no", { status: 500 }));
      return Promise.resolve(new Response(url === certificate ? aws.pem : "<ok/>"));
    });
    try {
      const wanted = await aws.sign(envelope({}));
      // AWS is dark: nothing is known about the sender, so it is asked to come again.
      expect((await t.post("aws", wanted)).status).toBe(503);
      dark = false;
      asked.length = 0;
      const taken = await t.post("aws", wanted);
      expect(taken.body).toMatchObject({ accepted: 0, results: [{ action: "ignored", reason: `subscribed to ${topic}` }] });
      expect(asked).toEqual([certificate, confirmAt]);
      const forged = JSON.parse(wanted) as Record<string, string>;
      expect(
        (await t.post("aws", JSON.stringify({ ...forged, SubscribeURL: "https://sns.eu-west-1.amazonaws.com/?evil" }))).status,
      ).toBe(401);
      const elsewhere = await aws.sign(envelope({ SubscribeURL: "https://evil.test/confirm" }));
      expect((await t.post("aws", elsewhere)).status).toBe(503);
      expect(asked).toEqual([certificate, confirmAt]);
      const alarm = { AlarmName: "x", AlarmArn: "arn:aws:cloudwatch:eu-west-1:1:alarm:x", NewStateValue: "ALARM" };
      const fired = await t.post("aws", await aws.sign(envelope({ Type: "Notification", Message: JSON.stringify(alarm) })));
      expect(actions(fired.body)).toEqual(["triggered"]);
      expect(asked).toEqual([certificate, confirmAt]);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe("when something is broken", () => {
  test("a cold isolate with the database gone still takes alerts and pages", async () => {
    const t = await door("cold", [`{ id: dd, source: datadog, service: svc }`]);
    const real = env.DB.prepare.bind(env.DB);
    const tables = (
      await real(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'",
      ).all<{ name: string }>()
    ).results;
    expect(tables.length).toBeGreaterThan(3);
    for (const { name } of tables) await real(`ALTER TABLE "${name}" RENAME TO "${name}_gone"`).run();
    try {
      forgetKeys();
      forgetSnapshot("cold", null);
      await evictDurableObject(env.DIRECTORY.getByName("v1:-:cold")).catch(() => undefined);
      const answer = await t.post(
        "dd",
        JSON.stringify({ alert_id: "1", alert_title: "Down", alert_priority: "P1", alert_transition: "Triggered" }),
      );
      expect(answer).toMatchObject({ status: 202, body: { results: [{ action: "triggered" }] } });
      await until("the page", async () => (await t.inbox()).length === 1);
    } finally {
      for (const { name } of tables) await real(`ALTER TABLE "${name}_gone" RENAME TO "${name}"`).run();
    }
  });

  test("one object of a batch that cannot commit makes the whole answer 503; the repeat takes what was missing and nothing twice", async () => {
    const t = await door("half", []);
    const broken = objectOf(t, "in", "two");
    await runInDurableObject(broken, (_, state) => void state.storage.sql.exec("ALTER TABLE alert RENAME TO alert_gone"));
    const batch = JSON.stringify([
      { dedupKey: "one", title: "One" },
      { dedupKey: "two", title: "Two" },
      { dedupKey: "three", title: "Three" },
    ]);
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const refused = await t.post("in", batch);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(String(refused.body["error"])).toContain("send the same body again");
    await until("two pages", async () => (await t.inbox()).length === 2);
    await runInDurableObject(broken, (_, state) => void state.storage.sql.exec("ALTER TABLE alert_gone RENAME TO alert"));
    const repeated = await t.post("in", batch);
    expect(repeated.status).toBe(202);
    expect(actions(repeated.body)).toEqual(["updated", "triggered", "updated"]);
    await until("the third page", async () => (await t.inbox()).length === 3);
    expect((await t.inbox()).map((page) => page.user)).toEqual(["ana", "ana", "ana"]);
  });
});
