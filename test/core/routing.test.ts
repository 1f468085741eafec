// What becomes of an alert, as truth tables: the alert and the routes in, the decision and its words out.

import { describe, expect, test } from "vitest";
import { decide } from "../../worker/core/routing.ts";
import type { Route, Snapshot } from "../../worker/core/snapshot.ts";
import { alertOf as alert, integration, route, snapshotOf as snapshot } from "./snapshot-of.ts";

/** Tuesday 03:47 in Madrid. */
const night = Date.UTC(2026, 10, 24, 2, 47);
const noon = Date.UTC(2026, 10, 24, 11, 0);
const christmas = Date.UTC(2026, 11, 25, 11, 0);

const by = (routes: readonly Route[], labels: Record<string, string> = {}, now = night, more: Partial<Snapshot> = {}) =>
  decide(alert(labels), { snapshot: snapshot(routes, more), integration }, now);

describe("conditions", () => {
  test.each([
    ["hour == 3", night, true],
    ["hour == 12 && weekday == 'TU'", noon, true],
    ["weekday in ['SA', 'SU']", night, false],
    ['within("office", now)', night, false],
    ['within("office", now)', noon, true],
    ['within("office", now)', christmas, false],
    ['!within("office", now) && alert.labels.service == "pay"', night, true],
    ['integration.source == "prometheus" && service == "web"', night, true],
    ['alert.labels.missing == ""', night, true],
    ["now > timestamp('2026-11-24T00:00:00Z')", night, true],
  ])("%s at %d is %s", (when, now, matched) => {
    expect(by([route("r", when)], { service: "pay" }, now).route).toBe(matched ? "r" : null);
  });
});

describe("the look before the rule never changes the verdict", () => {
  test.each([
    ['alert.labels.a == "1" && alert.labels.b == "2"', { a: "1", b: "2" }, true],
    ['alert.labels.a == "1" && alert.labels.b == "2"', { a: "1" }, false],
    ['alert.labels["a"] == "" && "x" == alert.labels.b', { b: "x" }, true],
    ['alert.labels.a == "1" || alert.labels.a == "2"', { a: "2" }, true],
    ['!(alert.labels.a == "1")', { a: "2" }, true],
    ['alert.labels.a == "1" && num(alert.labels.load) > 1.0', { a: "2", load: "high" }, false],
    ['alert.severity == "critical" && integration.id == "am" && service == "web"', {}, true],
    ['alert.severity == "info"', {}, false],
  ])("%s over %o is %s", (when, labels, matched) => {
    const at = { snapshot: snapshot([route("r", when)]), integration };
    expect(decide(alert(labels), at, night).route).toBe(matched ? "r" : null);
    expect(decide(alert(labels), { ...at, explain: true }, night).route).toBe(matched ? "r" : null);
  });
});

describe("first match and continue", () => {
  const sets = (service: string) => ({ service, urgency: "low" as const });
  test("the first match decides, whatever comes after it", () => {
    const decided = by([route("a", "false"), route("b", "true", { set: sets("pay") }), route("c", "true", { set: sets("web") })]);
    expect(decided).toMatchObject({ route: "b", service: "pay", urgency: "low", policy: { id: "pay" } });
    expect(decided.routes.map((each) => each.id)).toEqual(["b"]);
  });

  test("a route that says continue adds to what the next one decides; the later wins where both speak", () => {
    const decided = by([
      route("a", "true", { set: { severity: "P1", labels: { tier: "1" } }, continue: true, holdMs: 60_000 }),
      route("b", 'alert.labels.tier == "1"', { set: { severity: "P2", service: "pay" } }),
    ]);
    expect(decided).toMatchObject({ route: "b", severity: "P2", service: "pay", holdMs: 60_000, labels: { tier: "1" } });
    expect(decided.routes).toMatchObject([
      { id: "a", matched: true, set: { severity: "P1", labels: { tier: "1" } } },
      { id: "b", matched: true, set: { severity: "P2", service: "pay" } },
    ]);
  });

  test("a service set by one route is what the next sees, and its policy is the one that pages", () => {
    const decided = by([
      route("a", "true", { set: { service: "pay" }, continue: true }),
      route("b", 'service == "pay"', { set: { urgency: "low" } }),
    ]);
    expect(decided).toMatchObject({ route: "b", service: "pay", policy: { id: "pay" }, urgency: "low" });
  });

  test("several policies start side by side, each once", () => {
    const decided = by([route("a", "true", { set: { policies: ["db", "pay", "db"] } })]);
    expect([decided.policy?.id, ...(decided.also ?? []).map((each) => each.id)]).toEqual(["db", "pay"]);
  });
});

describe("nothing is ever left without a decision", () => {
  test("no route: the integration's service and its policy", () => {
    expect(by([route("a", "false")])).toMatchObject({ route: null, service: "web", policy: { id: "web" }, suppress: null });
  });

  test("no route and no service: no policy, so the tenant's fallback is paged", () => {
    const decided = decide(alert(), { snapshot: snapshot([]), integration: { ...integration, service: null } }, night);
    expect(decided).toMatchObject({ service: null, policy: null, suppress: null, holdMs: null });
  });

  test("a rule that breaks is no match, is noted in words, and the next one is tried", () => {
    const decided = by(
      [
        route("broken", "num(alert.labels.load) > 1.0", { suppress: true }),
        route("unsaved", "alert.title ==", { suppress: true }),
        route("nowhere", 'within("nowhere", now)', { suppress: true }),
        route("good", "true", { set: { service: "pay" } }),
      ],
      { load: "high" },
    );
    expect(decided).toMatchObject({ route: "good", service: "pay", suppress: null });
    expect(decided.routes.map((each) => [each.id, each.matched, each.failed ?? false])).toEqual([
      ["broken", false, true],
      ["unsaved", false, true],
      ["nowhere", false, true],
      ["good", true, false],
    ]);
    expect(decided.notes).toHaveLength(3);
    expect(decided.notes?.[0]).toMatch(/^route broken failed, taken as no match: num\(\): "high" is no number/);
    expect(decided.notes?.[2]).toContain("no business hours called nowhere");
  });

  test("a name that leads nowhere is noted, and what stood before it stays", () => {
    const decided = by(
      [
        route("a", "true", {
          set: { service: { expr: "alert.labels.service" }, policies: [{ expr: '"gone"' }], severity: { expr: '"P9"' } },
        }),
      ],
      { service: "unknown" },
    );
    expect(decided).toMatchObject({ route: "a", service: "web", policy: { id: "web" }, severity: null });
    expect(decided.notes?.join(" ")).toMatch(/no service unknown.*no policy gone|P9 is not one of/);
    expect(decided.notes).toHaveLength(3);
  });

  test("ids that are names of an object's own machinery lead nowhere either", () => {
    expect(by([route("a", "true", { set: { service: { expr: "alert.labels.s" } } })], { s: "constructor" })).toMatchObject({
      service: "web",
    });
  });
});

describe("values", () => {
  test("a service, a policy, a severity and labels can come from the alert", () => {
    const decided = by(
      [
        route("a", "true", {
          set: {
            service: { expr: "alert.labels.service" },
            policies: [{ expr: '"d" + "b"' }],
            severity: { expr: 'alert.labels.tier == "1" ? "P1" : "P3"' },
            labels: {
              where: { expr: 'alert.labels.region + "/" + alert.labels.host' },
              size: { expr: "size(alert.title)" },
              env: "prod",
            },
          },
        }),
      ],
      { service: "pay", tier: "1", region: "eu", host: "h1" },
    );
    expect(decided).toMatchObject({
      service: "pay",
      policy: { id: "db" },
      severity: "P1",
      labels: { where: "eu/h1", size: "4", env: "prod" },
    });
  });

  test("a lookup adds labels before the routes, in order; a missing row adds none", () => {
    const lookups = [
      { id: "hosts", key: "alert.labels.host", rows: { h1: { team: "data", rack: "r7" } } },
      { id: "racks", key: "alert.labels.rack", rows: { r7: { room: "b" } } },
    ];
    const routes = [route("a", 'alert.labels.team == "data" && alert.labels.room == "b"', { set: { service: "pay" } })];
    expect(by(routes, { host: "h1" }, night, { lookups })).toMatchObject({
      route: "a",
      labels: { team: "data", rack: "r7", room: "b" },
    });
    expect(by(routes, { host: "h2" }, night, { lookups })).toMatchObject({ route: null, labels: {} });
    expect(by(routes, { host: "constructor" }, night, { lookups })).toMatchObject({ route: null, labels: {} });
  });

  test("the group's key is made of the values, a missing label counts as empty", () => {
    const group = { by: ["alert.labels.cluster", "alert.labels.zone"], windowMs: 60_000, kind: "fixed" as const };
    expect(by([route("a", "true", { group })], { cluster: "eu" })).toMatchObject({
      groupKey: '["eu",""]',
      groupWindow: { windowMs: 60_000, kind: "fixed" },
    });
  });
});

describe("severity", () => {
  test.each([
    ["the tenant's map", {}, {}, "P1"],
    ["the map of the source goes over it", { prometheus: { critical: "P2" } }, {}, "P2"],
    ["another source's does not", { zendesk: { critical: "P2" } }, {}, "P1"],
    ["the integration's own goes over both", { prometheus: { critical: "P2" } }, { critical: "P3" }, "P3"],
  ])("%s", (_, sourceSeverities, severityMap, expected) => {
    const decided = decide(
      alert(),
      { snapshot: snapshot([], { sourceSeverities }), integration: { ...integration, severityMap } },
      night,
    );
    expect(decided.severityMap.critical).toBe(expected);
    expect(decided.severityMap.error).toBe("P2");
  });
});

describe("words", () => {
  test("asked to explain, every route says why or why not", () => {
    const decided = decide(
      alert({ service: "web", load: "7" }),
      {
        snapshot: snapshot([
          route("a", 'alert.severity == "critical" && alert.labels.service == "pay" && hour > 1'),
          route("b", 'within("office", now)'),
          route("c", "num(alert.labels.load) > 9.0"),
          route("d", "true"),
        ]),
        integration,
        explain: true,
      },
      night,
    );
    expect(decided.routes.map((each) => each.why)).toEqual([
      'alert.labels.service == "pay" does not hold: alert.labels.service is "web"',
      'within("office", now) does not hold',
      "num(alert.labels.load) > 9.0 does not hold: num(alert.labels.load) is 7",
      "true holds",
    ]);
  });

  test("otherwise only what matched or broke is kept with the incident", () => {
    const many = Array.from({ length: 300 }, (_, i) => route(`r${i}`, `alert.labels.n == "${i}"`));
    expect(by(many, { n: "299" }).routes.map((each) => each.id)).toEqual(["r299"]);
  });
});
