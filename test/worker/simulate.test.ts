// Simulation through the API: what it says is what then happens, it stores and sends nothing, and drafts are tried before they
// are applied.

import { afterEach, describe, expect, test, vi } from "vitest";
import { identityOfId } from "../../worker/core/ids.ts";
import { api, tenant, until, type Json } from "./hub.ts";
import { env, runDurableObjectAlarm, runInDurableObject } from "./runtime.ts";

const minute = 60_000;

afterEach(() => void vi.useRealTimers());

function simulate(id: string, body: unknown) {
  return api("POST", `/api/v1/tenants/${id}/simulate`, body);
}

interface Planned {
  readonly at: string;
  readonly user: string;
  readonly contact: string;
  readonly step: number | null;
  readonly round: number;
  readonly reason: string;
}

const night = `
policies:
  - id: p
    steps:
      - { notify: [ { user: ana } ], escalateAfter: 5m }
      - { notify: [ { team: leads } ], escalateAfter: 10m }
    repeat: { times: 1, wait: 2m }
    onExhausted: { notify: [ { user: eva } ] }
teams: [ { id: leads, members: [ bo, eva ] } ]
users:
  - id: ana
    contacts: [ { id: phone, via: inbox }, { id: watch, via: inbox } ]
    notify: { high: [ { after: 0s, contact: phone }, { after: 3m, contact: watch } ] }
  - { id: bo, contacts: [ { id: phone, via: inbox } ] }
  - { id: eva, contacts: [ { id: phone, via: inbox } ] }
routes:
  - { id: noise, when: 'alert.severity == "info"', suppress: true }
  - { id: urgent, when: 'alert.labels.cluster == "eu"', set: { severity: P1, urgency: high }, group: { by: [ alert.labels.cluster ] } }
  - { id: flaps, when: 'alert.labels.flappy == "yes"', hold: 2m }
`;

async function nightly(id: string) {
  const t = await tenant(id);
  const applied = await api("PUT", `/api/v1/tenants/${id}/config`, `tenant: ${id}\n${night}`);
  if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
  return t;
}

describe("what it says", () => {
  test("is whom then is paged, when, by what and why, through the real objects", async () => {
    const t = await nightly("sim-real");
    const payload = { dedupKey: "a", title: "Down", severity: "critical", labels: { cluster: "eu" } };
    const now = Date.now();
    const said = await simulate("sim-real", { integration: "in", payload, at: new Date(now).toISOString() });
    expect(said.status).toBe(200);
    const plan = said.body["alerts"][0].plan as Planned[];
    expect(plan.length).toBeGreaterThan(6);

    const { results } = await t.fire(payload);
    const incident = results[0]?.incident ?? "";
    await until("the first page", async () => (await t.inbox())[0]);
    const identity = identityOfId("sim-real", null, incident);
    const object = env.INCIDENT.getByName(`v1:-:sim-real:${identity?.hash}`);
    const deliveries = async (): Promise<Json[]> =>
      (await api("GET", `/api/v1/tenants/sim-real/incidents/${incident}/deliveries`)).body["items"];
    // As the night goes: the clock stands where the object asked to be woken, as long as the plan has pages.
    const end = Math.max(...plan.map((item) => Date.parse(item.at))) + minute;
    for (let woken = 0; woken < 200; woken++) {
      const alarm = await runInDurableObject(object, (_object, state) => state.storage.getAlarm());
      if (alarm === null || alarm > end) break;
      vi.setSystemTime(Math.max(alarm, Date.now()));
      await runDurableObjectAlarm(object);
      await until("the pages out", async () => (await deliveries()).every((delivery) => delivery["status"] === "delivered"));
    }
    const items = await deliveries();
    const seconds = (at: string): number => Math.round((Date.parse(at) - now) / 10_000) * 10;
    const lived = items.map((d) => ({ at: seconds(d["dueAt"]), user: d["user"], contact: d["contact"], text: d["reason"].text }));
    const planned = plan.map((item) => ({ at: seconds(item.at), user: item.user, contact: item.contact, text: item.reason }));
    const sorted = (list: readonly unknown[]): string[] => list.map((each) => JSON.stringify(each)).toSorted();
    expect(sorted(lived)).toEqual(sorted(planned));
  });

  test("tells every route tried, with its verdict, and what came of it", async () => {
    await nightly("sim-why");
    const { body } = await simulate("sim-why", {
      integration: "in",
      alert: { title: "Down", severity: "error", labels: { cluster: "eu" } },
      at: "2026-11-24T03:12:00Z",
    });
    expect(body).toMatchObject({ at: "2026-11-24T03:12:00.000Z", integration: "in", draft: false, version: 2 });
    const [alert] = body["alerts"] as [Json];
    expect(alert).toMatchObject({
      action: "triggered",
      status: "triggered",
      severity: "P1",
      urgency: "high",
      service: "svc",
      policy: "p",
      group: { route: "urgent", by: ["eu"] },
      routes: [
        { id: "noise", matched: false, set: {}, why: expect.stringContaining("error") },
        { id: "urgent", matched: true, set: { severity: "P1", urgency: "high" }, why: expect.any(String) },
      ],
    });
    expect(alert["plan"][0]).toEqual({
      at: "2026-11-24T03:12:00.000Z",
      user: "ana",
      contact: "phone",
      step: 1,
      round: 1,
      reason: "user ana, step 1",
      told: { kind: "paged", data: { user: "ana", contact: "phone", step: 1, round: 1, why: { code: "user", user: "ana" } } },
    });
    expect(alert["plan"][1]).toMatchObject({ at: "2026-11-24T03:15:00.000Z", contact: "watch" });
    expect(alert["plan"][2]).toMatchObject({ at: "2026-11-24T03:17:00.000Z", user: "bo", step: 2 });
    expect(alert["pending"].map((item: Json) => item["kind"])).toContain("repeat");
  });

  test("of suppressed, held, ignored, orphaned, joined and unreadable ones", async () => {
    await nightly("sim-kinds");
    const one = async (alert: Json): Promise<Json> =>
      (await simulate("sim-kinds", { integration: "in", alert, at: "2026-11-24T03:00:00Z" })).body["alerts"][0];
    expect(await one({ severity: "info" })).toMatchObject({ action: "suppressed", suppressedBy: "route noise", plan: [] });
    const held = await one({ labels: { flappy: "yes" } });
    expect(held).toMatchObject({ action: "held", heldUntil: "2026-11-24T03:02:00.000Z" });
    expect(held["plan"][0]).toMatchObject({ at: "2026-11-24T03:02:00.000Z", user: "ana" });
    expect(await one({ action: "resolve" })).toMatchObject({ action: "orphan", plan: [] });
    expect(await one({ action: "ignore" })).toMatchObject({ action: "ignored", plan: [] });
    expect(await one({ test: true })).toMatchObject({ action: "test", plan: [] });
    const both = (await simulate("sim-kinds", { integration: "in", body: "{ not json" })).body["alerts"][0];
    expect(both).toMatchObject({ action: "unreadable" });
    expect(both.plan.length).toBeGreaterThan(0);
  });

  test("in one body, of alerts that share an incident: the first opens it, the others join and page nobody more", async () => {
    const t = await nightly("sim-many");
    await api("POST", "/api/v1/tenants/sim-many/integrations", { id: "am", source: "prometheus", service: "svc" });
    const alert = (name: string) => ({
      status: "firing",
      labels: { alertname: name, cluster: "eu" },
      annotations: {},
      startsAt: "2026-11-24T03:00:00Z",
      fingerprint: name,
    });
    const payload = {
      version: "4",
      status: "firing",
      alerts: [alert("a"), alert("b")],
      groupLabels: {},
      commonLabels: {},
      commonAnnotations: {},
      externalURL: "",
      receiver: "x",
      groupKey: "{}",
    };
    const { body } = await simulate("sim-many", { integration: "am", payload });
    expect(body["alerts"].map((each: Json) => [each["action"], each["joins"], each["plan"].length > 0])).toEqual([
      ["triggered", null, true],
      ["joined", 0, false],
    ]);
    expect(t.id).toBe("sim-many");
  });

  test("stores nothing, sends nothing, and moves nobody's turn", async () => {
    const t = await nightly("sim-clean");
    await api(
      "PUT",
      "/api/v1/tenants/sim-clean/config",
      "tenant: sim-clean\npolicies: [ { id: p, steps: [ { notify: [ { team: leads, strategy: round-robin } ], escalateAfter: 5m } ] } ]\n",
    );
    const who = async (): Promise<string> =>
      (await simulate("sim-clean", { integration: "in", alert: {} })).body["alerts"][0].plan[0].user;
    expect([await who(), await who()]).toEqual(["bo", "bo"]);
    await t.fire({ dedupKey: "a", title: "A" });
    expect((await until("the page", async () => (await t.inbox())[0])).user).toBe("bo");
    const said = await simulate("sim-clean", { integration: "in", alert: {} });
    expect(said.body["alerts"][0].plan[0].user).toBe("eva");
    expect(said.body["assumed"]).toContain("nobody else is paged in turn before");
    expect((await t.inbox()).length).toBe(1);
    expect((await api("GET", "/api/v1/tenants/sim-clean")).body["version"]).toBe(3);
    expect((await api("GET", "/api/v1/tenants/sim-clean/audit")).body["items"].length).toBe(3);
  });

  test("is refused in words where it cannot be said", async () => {
    await nightly("sim-no");
    expect(await simulate("sim-no", { integration: "inn", alert: {} })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "integration", nearest: "in" }] },
    });
    expect(await simulate("sim-no", { integration: "in" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "payload" }] },
    });
    expect(await simulate("sim-no", { integration: "in", alert: {}, payload: {} })).toMatchObject({ status: 422 });
    expect(await simulate("sim-no", { integration: "in", alert: {}, at: "tomorrow" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "at" }] },
    });
    expect(await simulate("sim-never", { integration: "in", alert: {} })).toMatchObject({ status: 404 });
  });
});

describe("a draft", () => {
  const draft = (id: string) =>
    `tenant: ${id}\npolicies: [ { id: p, steps: [ { notify: [ { user: eva } ], escalateAfter: 5m } ] } ]\n`;

  test("is simulated against without being applied, as text or as an object; its errors have their place", async () => {
    const t = await nightly("sim-draft");
    const first = async (document?: unknown): Promise<string> =>
      (await simulate("sim-draft", { integration: "in", alert: {}, ...(document === undefined ? {} : { document }) })).body[
        "alerts"
      ][0].plan[0].user;
    expect(await first()).toBe("ana");
    expect(await first(draft("sim-draft"))).toBe("eva");
    expect(
      await first({
        tenant: "sim-draft",
        users: [{ id: "ana", active: false }, { id: "bo", contacts: [{ id: "phone", via: "inbox" }] }, { id: "eva" }],
      }),
    ).toBe("bo");
    expect(await first()).toBe("ana");
    const wrong = await simulate("sim-draft", {
      integration: "in",
      alert: {},
      document: "tenant: sim-draft\nservices: [ { id: svc, policy: pp } ]\n",
    });
    expect(wrong).toMatchObject({
      status: 422,
      body: { errors: [{ in: "document", path: "services[0].policy", line: 2 }] },
    });
    expect((await api("GET", "/api/v1/tenants/sim-draft")).body["version"]).toBe(2);
    expect((await t.inbox()).length).toBe(0);
  });

  test("is replayed over the bodies that came in: what would have gone another way, and what would not", async () => {
    const t = await nightly("sim-replay");
    await t.fire({ dedupKey: "a", title: "A", severity: "critical", labels: { cluster: "us" } });
    await t.fire({ dedupKey: "b", title: "B", severity: "info" });
    await until(
      "the projection",
      async () => (await api("GET", "/api/v1/tenants/sim-replay/incidents")).body["items"].length === 2,
    );
    const same = await api("POST", "/api/v1/tenants/sim-replay/simulate/replay", { document: "tenant: sim-replay\n" });
    expect(same).toMatchObject({ status: 200, body: { replayed: 2, changed: 0, skipped: [] } });
    const other = await api("POST", "/api/v1/tenants/sim-replay/simulate/replay", {
      last: 10,
      document: `${draft("sim-replay")}routes: [ { id: us, when: 'alert.labels.cluster == "us"', set: { severity: P1 } } ]\n`,
    });
    expect(other.body).toMatchObject({ replayed: 2, changed: 2 });
    const [b, a] = other.body["items"] as [Json, Json];
    expect(a["alerts"]).toMatchObject([
      {
        dedupKey: "a",
        changed: ["plan"],
        before: { severity: "P1", plan: expect.arrayContaining([{ afterS: 0, user: "ana", contact: "phone" }]) },
        after: { plan: [{ afterS: 0, user: "eva", contact: "phone" }] },
      },
    ]);
    expect(b["alerts"]).toMatchObject([{ dedupKey: "b", before: { action: "suppressed" }, after: { action: "triggered" } }]);
    expect(b["alerts"][0].changed).toEqual(expect.arrayContaining(["action", "suppressedBy", "plan"]));
    expect(await api("POST", "/api/v1/tenants/sim-replay/simulate/replay", {})).toMatchObject({ status: 422 });
    expect(
      await api("POST", "/api/v1/tenants/sim-replay/simulate/replay", { document: "tenant: sim-replay\n", integration: "no" }),
    ).toMatchObject({ status: 422 });
    expect((await t.inbox()).length).toBe(1);
  });
});

test("with the clocks of the service levels it opens under, in their own hours", async () => {
  await nightly("sim-sla");
  await api(
    "PUT",
    "/api/v1/tenants/sim-sla/config",
    `tenant: sim-sla
businessHours: [ { id: office, timeZone: UTC, hours: [ { days: [MO, TU, WE, TH, FR], from: "09:00", to: "17:00" } ] } ]
slas: [ { id: gold, when: 'alert.labels.tier == "gold"', respondWithin: 2h, resolveWithin: 8h, hours: office, warn: [ { at: 50%, flag: at-risk } ] } ]
`,
  );
  // A Friday afternoon: an hour is left of it.
  const said = await simulate("sim-sla", { integration: "in", alert: { labels: { tier: "gold" } }, at: "2026-11-27T16:00:00Z" });
  expect(said.body["alerts"][0].sla).toEqual([
    { id: "gold", kind: "respond", at: "2026-11-30T10:00:00.000Z", warnAt: ["2026-11-27T17:00:00.000Z"] },
    { id: "gold", kind: "resolve", at: "2026-11-30T16:00:00.000Z", warnAt: ["2026-11-30T12:00:00.000Z"] },
  ]);
  expect((await simulate("sim-sla", { integration: "in", alert: {} })).body["alerts"][0].sla).toEqual([]);
});

test("at a time that schedules, windows and drafts decide, not at the present: each step by who is on call when it comes", async () => {
  await nightly("sim-time");
  const applied = await api(
    "PUT",
    "/api/v1/tenants/sim-time/config",
    `tenant: sim-time
schedules: [ { id: sre, timeZone: Europe/Madrid, layers: [ { id: l, start: 2026-01-05T09:00, rotation: { every: 1w }, users: [ ana, bo ] } ] } ]
policies: [ { id: p, steps: [ { notify: [ { schedule: sre } ], escalateAfter: 5m }, { notify: [ { schedule: sre } ], escalateAfter: 5m } ] } ]
maintenance: [ { id: db, from: "2031-03-01T22:00:00Z", to: "2031-03-02T02:00:00Z", when: 'alert.labels.cluster == "db"' } ]
`,
  );
  expect(applied.status).toBe(200);
  const plan = async (at: string, alert: Json = {}): Promise<Json> =>
    (await simulate("sim-time", { integration: "in", alert, at })).body["alerts"][0];
  const told = ({ plan: items }: Json): string[] =>
    items.filter((item: Json) => item["contact"] === "phone").map((item: Json) => `${item["at"].slice(11, 16)} ${item["user"]}`);
  // The hand-over is on Monday at 09:00 in Madrid, 08:00 UTC in winter and 07:00 in summer.
  expect(told(await plan("2026-02-02T07:58:00Z"))).toEqual(["07:58 bo", "08:03 ana"]);
  expect(told(await plan("2026-07-06T06:58:00Z"))).toEqual(["06:58 bo", "07:03 ana"]);
  const muted = await plan("2031-03-02T01:00:00Z", { labels: { cluster: "db" } });
  expect(muted).toMatchObject({ action: "suppressed", suppressedBy: expect.stringContaining("maintenance db") });
  expect(muted["pending"][0]).toMatchObject({ kind: "mute-end", at: "2031-03-02T02:00:00.000Z" });
  expect(muted["plan"][0]).toMatchObject({ at: "2031-03-02T02:00:00.000Z", step: 1 });
  expect(await plan("2031-03-02T02:30:00Z", { labels: { cluster: "db" } })).toMatchObject({ action: "triggered" });
});
