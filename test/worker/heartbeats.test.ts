// Heartbeats on the real runtime: the door, the alarm, the incident by the ordinary way, eviction, a lost alarm, a dark Directory.

import { afterEach, describe, expect, test, vi } from "vitest";
import { heartbeatIdentity, objectName } from "../../worker/core/ids.ts";
import { sweep } from "../../worker/objects/sweep.ts";
import { api, ask, tenant, until, type TestTenant } from "./hub.ts";
import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "./runtime.ts";

const minute = 60_000;

/** The clock of objects moves with the test's; alarms are then run by hand. */
function at(time: number): void {
  vi.setSystemTime(time);
}

/** Time goes by with the hub up: the minute's tick is seen all along. */
async function pass(from: number, minutes: number): Promise<void> {
  for (let each = 0; each < minutes; each += 2) {
    at(from + each * minute);
    await env.WATCH.getByName("w:00").sweep("w:00");
  }
  at(from + minutes * minute);
}

afterEach(() => void vi.useRealTimers());

function objectOf(tenantId: string, id: string) {
  return env.HEARTBEAT.getByName(objectName(heartbeatIdentity(tenantId, null, id)));
}

interface Beating {
  readonly t: TestTenant;
  readonly object: ReturnType<typeof objectOf>;
  beat(path?: string, init?: RequestInit): Promise<number>;
  status(): Promise<string | undefined>;
  /** Titles and states of the tenant's incidents, oldest first. */
  incidents(): Promise<{ id: string; title: string; status: string; severity: string; source: string; service: string }[]>;
}

/** Other tests move the clock too: what looks like an outage of the hub to the watch is forgotten. */
async function forgetOutages(): Promise<void> {
  await runInDurableObject(env.WATCH.getByName("w:00"), async (_, state) => {
    state.storage.sql.exec("DELETE FROM outage");
    state.storage.sql.exec("DELETE FROM tally WHERE k = 'alive'");
  });
}

async function beating(id: string, more = "every: 10m, grace: 2m", routes = ""): Promise<Beating> {
  await forgetOutages();
  const key = `${id}-key-of-the-job-0001`;
  const t = await tenant(
    id,
    `heartbeats: [ { id: job, name: "the job", service: svc, severity: P2, key: { value: ${key} }, ${more} } ]\n${routes}`,
  );
  const object = objectOf(id, "job");
  await until("the object to know of itself", async () => object.view());
  return {
    t,
    object,
    beat: async (path = "", init = {}) => (await ask(`/v1/heartbeats/${key}${path}`, init)).status,
    status: async () => (await object.view())?.status,
    async incidents() {
      const { body } = await api("GET", `/api/v1/tenants/${id}/incidents`);
      const items = body["items"] as { id: string }[];
      return Promise.all(items.toReversed().map(async (each) => (await t.incident(each.id)) as never));
    },
  };
}

describe("a heartbeat", () => {
  test("that misses a beat opens an incident by the ordinary way, and a beat resolves it", async () => {
    const b = await beating("hb-miss");
    const now = Date.now();
    expect(await b.status()).toBe("new");
    expect(await b.beat()).toBe(200);
    expect(await b.status()).toBe("up");
    await pass(now, 11);
    await runDurableObjectAlarm(b.object);
    expect(await b.status()).toBe("late");
    expect(await b.t.inbox()).toEqual([]);
    await pass(now, 12.1);
    await runDurableObjectAlarm(b.object);
    expect((await until("ana's page", async () => (await b.t.inbox())[0])).user).toBe("ana");
    const [open] = await until("the incident", async () => (await b.incidents()).length === 1 && b.incidents());
    expect(open).toMatchObject({
      title: "Heartbeat the job is missing",
      status: "triggered",
      severity: "P2",
      source: "heartbeat",
      service: "svc",
    });
    expect((await b.object.view())?.state).toMatchObject({ incident: open?.id, reports: [] });
    await b.beat("", { method: "POST", body: "done" });
    await until("it to close", async () => (await b.t.incident(open?.id ?? ""))["status"] === "resolved");
    expect(await b.status()).toBe("up");
  });

  test("loses nothing to an eviction, also not the beat that was answered just before", async () => {
    const b = await beating("hb-evict");
    const now = Date.now();
    await b.beat();
    await evictDurableObject(b.object);
    expect((await b.object.view())?.state).toMatchObject({ status: "up", beats: 1 });
    await pass(now, 13);
    await runDurableObjectAlarm(b.object);
    await until("ana's page", async () => (await b.t.inbox())[0]);
  });

  test("whose alarm was lost is found by the sweep", async () => {
    const b = await beating("hb-lost");
    const now = Date.now();
    await b.beat();
    await until("the registration", async () => {
      const watched = await runInDurableObject(b.object, async (_, state) =>
        state.storage.sql.exec<{ v: string }>("SELECT v FROM doc WHERE k = 'watched'").toArray(),
      );
      return watched.length > 0;
    });
    await runInDurableObject(b.object, async (_, state) => state.storage.deleteAlarm());
    // Ticks all along: the hub itself was never down.
    for (let minutes = 2; minutes <= 14; minutes += 2) {
      at(now + minutes * minute);
      await sweep(env);
    }
    await until("ana's page, without any alarm having fired", async () => (await b.t.inbox())[0]);
    expect(await runInDurableObject(b.object, async (_, state) => state.storage.getAlarm())).not.toBeNull();
  });

  test("is no incident to lists and counts of the watch", async () => {
    const b = await beating("hb-list", "every: 10m, grace: 2m, expectFirst: true");
    await until("the registration", async () => (await b.object.view())?.fallsAt);
    const { body } = await api("GET", "/api/v1/tenants/hb-list/incidents");
    expect(body["items"]).toEqual([]);
    expect((await sweep(env)).silent).toBe(0);
    const metrics = await (await ask("/metrics", { headers: { authorization: "Bearer test-metrics-token" } })).text();
    expect(metrics).not.toContain('tenant="hb-list"');
  });

  test("is routed like any alert: a route may suppress it, or send it elsewhere", async () => {
    const b = await beating(
      "hb-route",
      "every: 10m, grace: 2m",
      `routes: [ { id: quiet, when: 'integration.source == "heartbeat" && alert.labels.heartbeat == "job"', set: { severity: P4 }, suppress: true } ]`,
    );
    await b.beat("/fail");
    const [found] = await until("the incident", async () => (await b.incidents()).length === 1 && b.incidents());
    expect(found).toMatchObject({ status: "suppressed", severity: "P4", title: "Heartbeat the job has failed" });
    expect(await b.t.inbox()).toEqual([]);
  });

  test("that the hub could not hear because it was down is waited for, and the reason says so", async () => {
    const b = await beating("hb-outage");
    const now = Date.now();
    await sweep(env);
    await b.beat();
    at(now + 30 * minute);
    await runDurableObjectAlarm(b.object);
    expect(await b.status()).toBe("late");
    expect(await b.t.inbox()).toEqual([]);
    at(now + 43 * minute);
    await runDurableObjectAlarm(b.object);
    await until("ana's page", async () => (await b.t.inbox())[0]);
    expect((await b.object.view())?.state.down?.reason).toContain("The hub itself was down from");
  });

  test("pages by the last decision it had while the Directory is dark, and closes what it opened", async () => {
    const b = await beating("hb-dark");
    // Past the outage that another test has left behind.
    const now = Date.now() + 300 * minute;
    await pass(now, 0.1);
    await b.beat();
    await until("its copy", async () =>
      runInDurableObject(
        b.object,
        async (_, state) => state.storage.sql.exec<{ v: string }>("SELECT v FROM doc WHERE k = 'copy'").toArray().length > 0,
      ),
    );
    const directory = env.DIRECTORY.getByName("v1:-:hb-dark");
    await runInDurableObject(directory, async (instance) => {
      Object.defineProperty(instance, "snapshot", { value: undefined });
    });
    await pass(now, 12.1);
    // Whatever this isolate remembers of the configuration is forgotten too.
    const { forgetSnapshot } = await import("../../worker/objects/snapshot-cache.ts");
    forgetSnapshot("hb-dark", null);
    await runDurableObjectAlarm(b.object);
    await evictDurableObject(directory);
    expect((await until("ana's page", async () => (await b.t.inbox())[0])).user).toBe("ana");
    const [open] = await b.incidents();
    await b.beat();
    await until("it to close", async () => (await b.t.incident(open?.id ?? ""))["status"] === "resolved");
  });
});

describe("the door", () => {
  test("takes GET, POST and HEAD, a start, a failure, an exit code; says how long a run took", async () => {
    const b = await beating("hb-door");
    const now = Date.now();
    for (const method of ["GET", "POST", "HEAD"]) expect(await b.beat("", { method })).toBe(200);
    at(now + 2_000);
    expect(await b.beat("/start?rid=r1")).toBe(200);
    expect((await b.object.view())?.state.running).toMatchObject({ run: "r1" });
    at(now + 65_000);
    expect(await b.beat("/0?rid=r1", { method: "POST", body: "all 12 tables" })).toBe(200);
    const view = await b.object.view();
    expect(view?.state).toMatchObject({ tookMs: 63_000, running: null, status: "up", last: { body: "all 12 tables" } });
    expect(await b.beat("/3", { method: "POST", body: "disk full" })).toBe(200);
    const [failed] = await until("the incident", async () => (await b.incidents()).length === 1 && b.incidents());
    expect(failed).toMatchObject({ title: "Heartbeat the job has failed", body: "It ended with exit code 3:\n\ndisk full" });
    expect(await b.status()).toBe("down");
  });

  test("knows no strangers, no other signals, no other methods; an ingest key does not beat, a heartbeat's sends no alerts", async () => {
    const b = await beating("hb-stranger");
    expect((await ask("/v1/heartbeats/tk_nobody_knows_this_key")).status).toBe(404);
    expect(await b.beat("/256")).toBe(404);
    expect(await b.beat("/finish")).toBe(404);
    expect(await b.beat("", { method: "DELETE" })).toBe(405);
    expect((await ask(`/v1/heartbeats/${b.t.key}`)).status).toBe(404);
    const alert = await ask("/v1/ingest/hb-stranger-key-of-the-job-0001", { method: "POST", body: '{"title":"x"}' });
    expect(alert.status).toBe(401);
    expect(await b.status()).toBe("new");
  });

  test("a beat needs no Directory", async () => {
    const b = await beating("hb-door-dark");
    await b.beat();
    const directory = env.DIRECTORY.getByName("v1:-:hb-door-dark");
    await runInDurableObject(directory, async (instance) => {
      Object.defineProperty(instance, "snapshot", { value: undefined });
    });
    const { forgetSnapshot } = await import("../../worker/objects/snapshot-cache.ts");
    forgetSnapshot("hb-door-dark", null);
    expect(await b.beat("/start")).toBe(200);
    expect((await b.object.view())?.state.running).not.toBeNull();
    await evictDurableObject(directory);
  });
});

describe("its definition", () => {
  const apply = (id: string, heartbeats: string) =>
    api("PUT", `/api/v1/tenants/${id}/config`, `tenant: ${id}\nheartbeats: ${heartbeats}\n`);

  let known: Promise<TestTenant> | undefined;

  test("a key is made and shown once, leads to the heartbeat, and is in no export", async () => {
    await tenant("hb-key");
    const applied = await apply("hb-key", "[ { id: nightly, cron: '0 3 * * *', timeZone: Europe/Madrid, service: svc } ]");
    const { key, url } = applied.body["issued"][0];
    expect(url).toBe(`http://localhost:8787/v1/heartbeats/${key}`);
    expect((await ask(new URL(url).pathname)).status).toBe(200);
    const again = await apply("hb-key", "[ { id: nightly, cron: '0 3 * * *', timeZone: Europe/Madrid, service: svc } ]");
    expect(again.body).toMatchObject({ changes: [], issued: [] });
    const exported = await ask("/api/v1/tenants/hb-key/config", { headers: { authorization: "Bearer test-admin-token" } });
    const text = await exported.text();
    expect(text).toContain("nightly");
    expect(text).not.toContain(key);
    expect((await api("PUT", "/api/v1/tenants/hb-key/config", text)).body).toMatchObject({ changes: [], issued: [] });
  });

  test.each([
    ["[ { id: a } ]", "give either every"],
    ["[ { id: a, every: 1d, cron: '0 3 * * *' } ]", "give either every"],
    ["[ { id: a, cron: '0 3 * *' } ]", "five fields"],
    ["[ { id: a, cron: '0 0 31 2 *' } ]", "never come"],
    ["[ { id: a, every: 1d, timeZone: Europe/Madrid } ]", "only cron has a time zone"],
    ["[ { id: a, every: 1d, service: scv } ]", "did you mean svc?"],
    ["[ { id: a, evry: 1d } ]", "did you mean `every`?"],
    ["[ { id: a, every: 1d, key: { value: short } } ]", "at least 16"],
    [
      "[ { id: a, every: 1d, key: { value: the-same-key-0000001 } }, { id: b, every: 1d, key: { value: the-same-key-0000001 } } ]",
      "heartbeat a has this key",
    ],
  ])("%s is refused with what to do", async (text, words) => {
    known ??= tenant("hb-errs");
    await known;
    const { status, body } = await apply("hb-errs", text);
    expect(status).toBe(422);
    expect(JSON.stringify(body["errors"])).toContain(words);
  });

  test("one taken out closes its incident and is heard no more; one brought back begins anew", async () => {
    const b = await beating("hb-gone");
    await b.beat("/fail");
    const [open] = await until("the incident", async () => (await b.incidents()).length === 1 && b.incidents());
    await apply("hb-gone", "[]");
    await until("it to close", async () => (await b.t.incident(open?.id ?? ""))["status"] === "resolved");
    expect(await b.beat()).toBe(404);
    await until("it to be emptied", async () => (await b.object.view()) === null);
    await apply("hb-gone", "[ { id: job, every: 1h, key: { value: hb-gone-key-of-the-job-0001 } } ]");
    await until("it to be new", async () => (await b.status()) === "new");
    expect(await b.beat()).toBe(200);
  });

  test("the Directory tells those that changed, again until they have heard", async () => {
    const b = await beating("hb-told");
    await runInDurableObject(b.object, async (instance) => {
      Object.defineProperty(instance, "configure", { value: undefined });
    });
    await apply("hb-told", "[ { id: job, every: 20m, service: svc, key: { value: hb-told-key-of-the-job-0001 } } ]");
    const directory = env.DIRECTORY.getByName("v1:-:hb-told");
    const owed = () =>
      runInDurableObject(directory, async (_, state) => state.storage.sql.exec("SELECT heartbeat FROM untold").toArray().length);
    expect(await owed()).toBe(1);
    await evictDurableObject(b.object);
    await runDurableObjectAlarm(directory);
    expect(await owed()).toBe(0);
    expect((await b.object.view())?.state.spec.schedule).toEqual({ kind: "every", everyMs: 20 * minute });
  });
});

describe("over HTTP", () => {
  const path = (id: string, rest: string) => `/api/v1/tenants/${id}/${rest}`;

  test("says how each stands, when the next beat is expected and when it counts as missing", async () => {
    const b = await beating("hb-api");
    const fresh = await api("GET", path("hb-api", "heartbeats/job/state"));
    expect(fresh.body).toMatchObject({
      id: "job",
      name: "the job",
      state: "new",
      lastBeatAt: null,
      expectedAt: null,
      missingAt: null,
    });
    await b.beat("", { method: "POST", body: "all well" });
    const { body } = await api("GET", path("hb-api", "heartbeat-states"));
    expect(body).toMatchObject({
      next: null,
      items: [{ id: "job", state: "up", beats: 1, last: { signal: "success", body: "all well" }, down: null }],
    });
    const [state] = body["items"] as Record<string, string>[];
    const last = Date.parse(state?.["lastBeatAt"] ?? "");
    expect(Date.parse(state?.["expectedAt"] ?? "") - last).toBe(10 * minute);
    expect(Date.parse(state?.["missingAt"] ?? "") - last).toBe(12 * minute);
    await b.beat("/7");
    const failed = await until("its incident", async () => {
      const answer = await api("GET", path("hb-api", "heartbeats/job/state"));
      return answer.body["incident"] !== null && answer.body;
    });
    expect(failed).toMatchObject({ state: "down", last: { signal: "7" }, down: { reason: "it ended with exit code 7." } });
    expect((await api("GET", path("hb-api", "heartbeats/nowhere/state"))).status).toBe(404);
  });

  test("pauses for a time or until it is resumed, by whom it says", async () => {
    const b = await beating("hb-pause");
    await b.beat();
    expect((await api("POST", path("hb-pause", "heartbeats/job/pause"), { for: "soon" })).status).toBe(422);
    expect((await api("POST", path("hb-pause", "heartbeats/job/pause"), { until: "2020-01-01T00:00:00Z" })).status).toBe(422);
    const paused = await api("POST", path("hb-pause", "heartbeats/job/pause"), { for: "2h" });
    expect(paused.body).toMatchObject({
      state: "paused",
      missingAt: null,
      paused: { by: "hub-owner", until: expect.any(String) },
    });
    expect((await api("POST", path("hb-pause", "heartbeats/job/resume"), {})).body).toMatchObject({ state: "up", paused: null });
  });

  test("makes a new key, shown once; the old one beats no more", async () => {
    const b = await beating("hb-rotate");
    const rotated = await api("POST", path("hb-rotate", "heartbeats/job/rotate"), {});
    expect(rotated.status).toBe(200);
    const url = new URL(String(rotated.body["issued"][0].url));
    expect((await ask(url.pathname)).status).toBe(200);
    expect(await b.beat()).toBe(404);
    expect((await b.object.view())?.state.beats).toBe(1);
  });

  test("a key of another tenant's job is refused: its beats would go there", async () => {
    await beating("hb-mine");
    await tenant("hb-other");
    const taken = await api(
      "PUT",
      "/api/v1/tenants/hb-other/config",
      "tenant: hb-other\nheartbeats: [ { id: job, every: 1d, service: svc, key: { value: hb-mine-key-of-the-job-0001 } } ]\n",
    );
    expect(taken).toMatchObject({ status: 422, body: { errors: [{ path: "heartbeats[0].key" }] } });
  });
});
