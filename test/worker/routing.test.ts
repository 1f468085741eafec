// Routes on the real runtime, through the real door: labels and lookups, several policies, thresholds, windows of groups.

import { afterEach, describe, expect, test, vi } from "vitest";
import { api, tenant, until } from "./hub.ts";

const minute = 60_000;

afterEach(() => void vi.useRealTimers());

describe("routes", () => {
  test("labels from a lookup and from a route reach the routes after them, the incident and its timeline", async () => {
    const t = await tenant(
      "route-labels",
      `
lookups: [ { id: hosts, key: alert.labels.host, rows: { h1: { owner: data } } } ]
routes:
  - { id: tag, when: 'alert.labels.owner == "data"', set: { labels: { where: { expr: 'alert.labels.host + "/" + alert.labels.owner' } } }, continue: true }
  - { id: low, when: 'alert.labels.where == "h1/data"', set: { urgency: low, severity: P3 } }`,
    );
    const { results } = await t.fire({ dedupKey: "a", title: "Down", labels: { host: "h1" } });
    const incident = results[0]?.incident ?? "";
    expect(await t.incident(incident)).toMatchObject({
      urgency: "low",
      severity: "P3",
      route: "low",
      labels: { host: "h1", owner: "data", where: "h1/data" },
    });
    const opened = (await t.timeline(incident))[0] as unknown as { data: { routes: { id: string; matched: boolean }[] } };
    expect(opened.data.routes).toMatchObject([
      { id: "tag", matched: true },
      { id: "low", matched: true },
    ]);
  });

  test("a rule that breaks at run time is on the timeline, and the alert is paged all the same", async () => {
    const t = await tenant("route-broken", `routes: [ { id: r, when: 'num(alert.labels.load) > 9.0', suppress: true } ]`);
    const { results } = await t.fire({ dedupKey: "a", title: "Down", labels: { load: "much" } });
    expect(results[0]?.action).toBe("triggered");
    await until("ana's page", async () => (await t.inbox())[0]);
    const said = (await t.timeline(results[0]?.incident ?? "")).find((entry) => entry.kind === "rule-failed");
    expect(said?.reason).toMatch(/^route r failed, taken as no match: num\(\): "much" is no number/);
  });

  test("two policies of one route page both their people at once", async () => {
    const t = await tenant("route-both");
    const put = await api(
      "PUT",
      "/api/v1/tenants/route-both/config",
      `tenant: route-both
policies: [ { id: p, steps: [ { notify: [ { user: ana } ] } ] }, { id: q, steps: [ { notify: [ { user: eva } ] } ] } ]
routes: [ { id: r, when: 'true', set: { policies: [p, q] } } ]
`,
    );
    expect(put.status).toBe(200);
    await t.fire({ dedupKey: "a", title: "Down" });
    await until("both pages", async () => (await t.inbox()).length === 2);
    expect((await t.inbox()).map((message) => message.user).toSorted()).toEqual(["ana", "eva"]);
  });

  test("a route with a broken rule is refused with its place in the document", async () => {
    const answer = await api(
      "PUT",
      "/api/v1/tenants/route-refused/config",
      "tenant: route-refused\nroutes:\n  - id: r\n    when: alert.title == nobody\n",
    );
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: "routes[0].when", line: 4, column: 26 }] } });
  });
});

describe("a threshold", () => {
  test("below it alerts are held with their count; reached, one incident pages once", async () => {
    const t = await tenant("threshold", `routes: [ { id: burst, when: 'true', threshold: { count: 3, within: 5m } } ]`);
    const actions: (string | undefined)[] = [];
    const incidents = new Set<string>();
    for (const key of ["a", "b", "c", "d"]) {
      const { results } = await t.fire({ dedupKey: key, title: `Probe ${key}` });
      actions.push(results[0]?.action);
      incidents.add(results[0]?.incident ?? "");
      if (key === "b") {
        expect(await t.incident(results[0]?.incident ?? "")).toMatchObject({
          status: "held",
          alerts: 2,
          held: { firings: 2, of: 3 },
        });
      }
    }
    expect(actions).toEqual(["held", "held", "triggered", "joined"]);
    expect(incidents.size).toBe(1);
    await until("the page", async () => (await t.inbox())[0]);
    expect((await t.inbox()).length).toBe(1);
  });
});

describe("a group's window", () => {
  test("closed by time, the next alert opens a new incident, and every alert still finds its own", async () => {
    const t = await tenant(
      "windowed",
      `routes: [ { id: g, when: 'true', group: { by: [alert.labels.cluster], window: 10m, kind: fixed } } ]`,
    );
    const now = Date.now();
    const fire = async (dedupKey: string, action = "trigger") =>
      (await t.fire({ dedupKey, title: dedupKey, action, labels: { cluster: "eu" } })).results[0];
    const a = await fire("a");
    expect(await fire("b")).toMatchObject({ incident: a?.incident, action: "joined" });
    vi.setSystemTime(now + 11 * minute);
    const c = await fire("c");
    expect(c).toMatchObject({ action: "triggered" });
    expect(Object.keys(c ?? {}).toSorted()).toEqual(["action", "incident", "reason"]);
    expect(c?.incident).not.toBe(a?.incident);
    expect(await fire("d")).toMatchObject({ incident: c?.incident, action: "joined" });
    vi.setSystemTime(now + 22 * minute);
    const e = await fire("e");
    expect([a?.incident, c?.incident]).not.toContain(e?.incident);
    vi.setSystemTime(now + 34 * minute);
    const f = await fire("f");
    expect([a?.incident, c?.incident, e?.incident]).not.toContain(f?.incident);
    // Repeats and ends go where their alert lives.
    expect(await fire("a")).toMatchObject({ incident: a?.incident, action: "updated" });
    expect(await fire("a", "resolve")).toMatchObject({ incident: a?.incident, action: "updated" });
    expect(await fire("b", "resolve")).toMatchObject({ incident: a?.incident, action: "resolved" });
    expect(await fire("d", "resolve")).toMatchObject({ incident: c?.incident });
    // Over: it may come again, and joins the window that is open now.
    expect(await fire("a")).toMatchObject({ incident: f?.incident, action: "joined" });
  });
});
