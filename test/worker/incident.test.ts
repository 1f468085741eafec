// The incident object on the real runtime: alarms, eviction, a dark database, a lost alarm, the race of an acknowledgment.

import { afterEach, describe, expect, test, vi } from "vitest";
import { identityOfId } from "../../worker/core/ids.ts";
import { sweep } from "../../worker/objects/sweep.ts";
import { api, tenant, until, type TestTenant } from "./hub.ts";
import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "./runtime.ts";

const minute = 60_000;

function objectOf(t: TestTenant, incident: string) {
  const identity = identityOfId(t.id, null, incident);
  if (identity === null) throw new Error(`no id: ${incident}`);
  return env.INCIDENT.getByName(`v1:-:${t.id}:${identity.hash}`);
}

/** The clock of objects moves with the test's; alarms are then run by hand. */
function at(time: number): void {
  vi.setSystemTime(time);
}

afterEach(() => void vi.useRealTimers());

describe("an incident object", () => {
  test("pages step 1 at once, step 2 when nobody acknowledges, and stops at the acknowledgment", async () => {
    const t = await tenant("esc");
    const now = Date.now();
    const { results } = await t.fire({ dedupKey: "a", title: "Down", severity: "critical" });
    const incident = results[0]?.incident ?? "";
    expect(results[0]?.action).toBe("triggered");
    expect((await until("ana's page", async () => (await t.inbox())[0])).user).toBe("ana");
    at(now + 5 * minute + 1_000);
    await runDurableObjectAlarm(objectOf(t, incident));
    expect((await until("bo's page", async () => (await t.inbox())[1] && (await t.inbox())[0]))?.user).toBe("bo");
    const acked = await api("POST", `/api/v1/tenants/esc/incidents/${incident}/ack`, { as: "bo" });
    expect(acked.body).toMatchObject({ status: "acknowledged", acknowledgedBy: "bo", already: false });
    at(now + 20 * minute);
    await runDurableObjectAlarm(objectOf(t, incident));
    expect((await t.inbox()).length).toBe(2);
    expect((await t.timeline(incident)).map((entry) => entry.kind)).toEqual([
      "opened",
      "step",
      "paged",
      "sent",
      "step",
      "paged",
      "sent",
      "acknowledged",
    ]);
  });

  test("whom the fallback paged is named by the incident, the list and its filter alike", async () => {
    const t = await tenant("fallen");
    const none = `
tenant: fallen
fallback: { notify: [ { user: eva } ] }
users: [ { id: ana }, { id: eva, contacts: [ { id: phone, via: inbox } ] } ]
policies: [ { id: p, steps: [ { notify: [ { user: ana } ], escalateAfter: 5m } ] } ]
services: [ { id: svc, policy: p } ]
integrations: [ { id: in, source: generic, service: svc } ]
`;
    expect((await api("PUT", "/api/v1/tenants/fallen/config", none)).status).toBe(200);
    const incident = (await t.fire({ dedupKey: "a", title: "Down" })).results[0]?.incident ?? "";
    expect((await until("eva's page", async () => (await t.inbox())[0])).user).toBe("eva");
    expect(await t.incident(incident)).toMatchObject({ status: "triggered", assignees: ["eva"] });
    const listed = (query: string) => api("GET", `/api/v1/tenants/fallen/incidents${query}`);
    const row = await until("the list", async () => (await listed("")).body["items"][0]);
    expect(row).toMatchObject({ id: incident, assignees: ["eva"] });
    expect((await listed("?assignee=eva")).body["items"]).toHaveLength(1);
  });

  test("loses nothing to an eviction between the page and the next step", async () => {
    const t = await tenant("evict");
    const now = Date.now();
    const { results } = await t.fire({ dedupKey: "a", title: "Down" });
    const incident = results[0]?.incident ?? "";
    await until("ana's page", async () => (await t.inbox())[0]);
    await evictDurableObject(objectOf(t, incident));
    expect((await t.fire({ dedupKey: "a", title: "Down" })).results[0]).toMatchObject({ incident, action: "updated" });
    at(now + 5 * minute + 1_000);
    await runDurableObjectAlarm(objectOf(t, incident));
    await until("bo's page", async () => (await t.inbox()).length === 2);
  });

  test("100 parallel copies of one alert are one incident and one page", async () => {
    const t = await tenant("dup");
    const answers = await Promise.all(Array.from({ length: 100 }, () => t.fire({ dedupKey: "same", title: "Down" })));
    expect(new Set(answers.map((answer) => answer.results[0]?.incident)).size).toBe(1);
    expect(answers.filter((answer) => answer.results[0]?.action === "triggered").length).toBe(1);
    const incident = answers[0]?.results[0]?.incident ?? "";
    await until("the page", async () => (await t.inbox())[0]);
    expect((await t.inbox()).length).toBe(1);
    expect(await t.incident(incident)).toMatchObject({ alerts: 1, occurrences: 100 });
  });

  test("pages and escalates with the database gone, and projects everything once it is back", async () => {
    const t = await tenant("dark");
    const now = Date.now();
    await env.DB.prepare("ALTER TABLE timeline RENAME TO timeline_gone").run();
    await env.DB.prepare("ALTER TABLE incidents RENAME TO incidents_gone").run();
    const { status, results } = await t.fire({ dedupKey: "a", title: "Down" });
    const incident = results[0]?.incident ?? "";
    expect(status).toBe(202);
    await until("ana's page", async () => (await t.inbox())[0]);
    at(now + 5 * minute + 1_000);
    await runDurableObjectAlarm(objectOf(t, incident));
    await until("bo's page", async () => (await t.inbox()).length === 2);
    const listed = await api("GET", "/api/v1/tenants/dark/incidents");
    expect(listed.body).toMatchObject({ degraded: true, items: [{ id: incident, status: "triggered" }] });
    const asked = async (query: string) => (await api("GET", `/api/v1/tenants/dark/incidents?${query}`)).body["items"];
    expect(await asked("q=down&urgency=high")).toHaveLength(1);
    expect(await asked("q=something+else")).toEqual([]);
    expect(await asked("service=no-such-service")).toEqual([]);
    expect(await asked("urgency=low")).toEqual([]);
    await env.DB.prepare("ALTER TABLE timeline_gone RENAME TO timeline").run();
    await env.DB.prepare("ALTER TABLE incidents_gone RENAME TO incidents").run();
    at(now + 7 * minute);
    await runDurableObjectAlarm(objectOf(t, incident));
    const rows = await until("the projection", async () => {
      const { results: found } = await env.DB.prepare("SELECT kind FROM timeline WHERE tenant = 'dark' ORDER BY seq").all<{
        kind: string;
      }>();
      return found.length > 0 && found;
    });
    expect(rows.map((row) => row.kind)).toEqual((await t.timeline(incident)).map((entry) => entry.kind));
    expect((await api("GET", "/api/v1/tenants/dark/incidents")).body).toMatchObject({ items: [{ id: incident }] });
  });

  test("a lost alarm is found by the sweep, which does the overdue work itself", async () => {
    const t = await tenant("lost");
    const now = Date.now();
    const { results } = await t.fire({ dedupKey: "a", title: "Down" });
    const incident = results[0]?.incident ?? "";
    await until("ana's page", async () => (await t.inbox())[0]);
    await until("the registration", async () => {
      const shards = await sweep(env);
      return shards.open > 0;
    });
    await runInDurableObject(objectOf(t, incident), async (_, state) => state.storage.deleteAlarm());
    at(now + 7 * minute);
    const summary = await sweep(env);
    expect(summary.healed).toBeGreaterThan(0);
    await until("bo's page, without any alarm having fired", async () => (await t.inbox()).length === 2);
    const alarm = await runInDurableObject(objectOf(t, incident), async (_, state) => state.storage.getAlarm());
    expect(alarm).not.toBeNull();
  });

  test("one whose next move comes nearer than the watch knew is watched from then on", async () => {
    const t = await tenant("nearer");
    const now = Date.now();
    const incident = (await t.fire({ dedupKey: "a", title: "Down" })).results[0]?.incident ?? "";
    await until("ana's page", async () => (await t.inbox())[0]);
    await api("POST", `/api/v1/tenants/nearer/incidents/${incident}/snooze`, { as: "ana", for: "2d" });
    at(now + 7 * minute);
    // The watch looks, and learns that nothing is due for two days.
    await sweep(env);
    await api("POST", `/api/v1/tenants/nearer/incidents/${incident}/unack`, { as: "ana" });
    await until("ana's second page", async () => (await t.inbox()).length === 2);
    await until("the registration", async () => (await objectOf(t, incident).poke()).checkAfter);
    await runInDurableObject(objectOf(t, incident), async (_, state) => state.storage.deleteAlarm());
    at(now + 14 * minute);
    await sweep(env);
    await until("bo's page, without any alarm having fired", async () => (await t.inbox()).length === 3);
    expect((await t.inbox())[0]?.user).toBe("bo");
  });

  test("a dead-man's switch is beaten only when every shard answered and nothing is overdue", async () => {
    const beaten = await sweep({ ...env, TOCSIN_DEADMAN_URL: "" });
    expect(beaten).toMatchObject({ beaten: false, silent: 0 });
  });

  test("the route of the first firing is frozen: a changed route neither splits the incident nor loses its resolve", async () => {
    const t = await tenant(
      "frozen",
      `routes: [ { id: g, when: 'alert.labels.cluster != ""', group: { by: [alert.labels.cluster] } } ]`,
    );
    const one = await t.fire({ dedupKey: "a", title: "A", labels: { cluster: "eu" } });
    const two = await t.fire({ dedupKey: "b", title: "B", labels: { cluster: "eu" } });
    expect(two.results[0]).toMatchObject({ incident: one.results[0]?.incident, action: "joined" });
    const changed = await api("PUT", "/api/v1/tenants/frozen/config", "tenant: frozen\nroutes: []\n");
    expect(changed.status).toBe(200);
    const repeated = await t.fire({ dedupKey: "b", title: "B", labels: { cluster: "us" } });
    expect(repeated.results[0]?.incident).toBe(one.results[0]?.incident);
    await t.fire({ dedupKey: "a", title: "A", action: "resolve" });
    const last = await t.fire({ dedupKey: "b", title: "B", action: "resolve" });
    expect(last.results[0]).toMatchObject({ incident: one.results[0]?.incident, action: "resolved" });
  });

  test("an unreadable body is an incident with the body kept, and closes after a readable one once somebody has it", async () => {
    const t = await tenant("unread");
    const response = await api("POST", `/v1/ingest/${t.key}`, "{ not json");
    expect(response).toMatchObject({ status: 202, body: { results: [{ action: "unreadable" }] } });
    const incident = String(response.body["results"][0].incident);
    const alerts = await api("GET", `/api/v1/tenants/unread/incidents/${incident}/alerts`);
    expect(alerts.body["items"][0].raw).toBe("{ not json");
    await until("the page", async () => (await t.inbox())[0]);
    await api("POST", `/api/v1/tenants/unread/incidents/${incident}/ack`, { as: "ana" });
    await t.fire({ dedupKey: "x", title: "Readable" });
    await until("it to close", async () => (await t.incident(incident))["status"] === "resolved");
  });

  test("wrong key and wrong method are refused without a hint", async () => {
    expect((await api("POST", "/v1/ingest/tk_nobody_knows_this_key", "{}")).status).toBe(401);
    expect((await api("GET", "/v1/ingest/tk_nobody_knows_this_key")).status).toBe(405);
  });
});

describe("what it writes", () => {
  test("at most 16 rows for a new incident until the provider's answer is committed, at most 2 for a repeat", async () => {
    const t = await tenant("rows");
    const { results } = await t.fire({ dedupKey: "warm", title: "Down" });
    const object = objectOf(t, results[0]?.incident ?? "");
    const opened = await object.written();
    await until("the page", async () => (await t.inbox())[0]);
    const sent = await object.written();
    const repeats = 100;
    const before = await object.written();
    for (let i = 0; i < repeats; i++) await t.fire({ dedupKey: "warm", title: "Down" });
    const after = await object.written();
    const perRepeat = (after.rows + after.alarms - before.rows - before.alarms) / repeats;
    console.log(
      `rows: opened ${opened.rows} + ${opened.alarms} alarms; until the answer ${sent.rows} + ${sent.alarms}; a repeat ${perRepeat.toFixed(2)} rows, ${((after.bytes - before.bytes) / repeats).toFixed(0)} bytes`,
    );
    expect(perRepeat).toBeLessThanOrEqual(2);
    // The count includes the registration and the first flush where they came before we looked; both are single rows.
    expect(sent.rows + sent.alarms).toBeLessThanOrEqual(16);
  });
});

test("an incident that ends in the moment before the next one of its object is ended in the list, too", async () => {
  const t = await tenant("ended-list", "defaults: { reopenWindow: 0s }");
  const first = await t.fire({ dedupKey: "k", title: "Down", severity: "critical" });
  await t.fire({ dedupKey: "k", title: "Down", status: "resolved" });
  const second = await t.fire({ dedupKey: "k", title: "Down", severity: "critical" });
  const [one, two] = [first, second].map(({ results }) => results[0]?.incident);
  expect(one).not.toBe(two);
  const listed = await until("both in the list", async () => {
    const { items } = (await api("GET", "/api/v1/tenants/ended-list/incidents")).body;
    return items.length === 2 && items[1].status !== "triggered" && (items as { id: string; status: string }[]);
  });
  expect(listed.map(({ id, status }) => [id, status])).toEqual([
    [two, "triggered"],
    [one, "resolved"],
  ]);
});
