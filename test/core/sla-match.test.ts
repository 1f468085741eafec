// Which service levels, and which urgency, an alert opens its incident under: the document in, the decision out.

import { describe, expect, test } from "vitest";
import type { Alert } from "../../worker/core/alert.ts";
import { rosterFor, rosterQueryOf } from "../../worker/core/roster.ts";
import { decide, decideByHand } from "../../worker/core/routing.ts";
import { compile } from "../../worker/tenant/compile.ts";
import { noDefinitions, toStored } from "../../worker/tenant/definitions.ts";
import { parseDocument } from "../../worker/tenant/parse.ts";

const text = `
tenant: acme
timeZone: Europe/Madrid
severities: [P1, P2, P3]
users:
  - { id: ana, contacts: [ { id: phone, via: inbox } ] }
  - { id: eva, contacts: [ { id: phone, via: inbox } ] }
  - { id: kim, contacts: [ { id: phone, via: inbox } ] }
teams: [ { id: desk, members: [kim] } ]
policies:
  - { id: own, steps: [ { notify: [ { user: ana } ] } ] }
  - { id: managers, steps: [ { notify: [ { user: eva } ] } ] }
  - { id: chiefs, steps: [ { notify: [ { user: eva } ] } ] }
businessHours:
  - { id: office, hours: [ { days: [MO, TU, WE, TH, FR], from: "09:00", to: "18:00" } ], holidays: [2026-12-25] }
  - { id: sydney, timeZone: Australia/Sydney, hours: [ { from: "09:00", to: "17:00" } ] }
slas:
  - { id: everybody, respondWithin: 1d }
  - id: enterprise
    name: Enterprise
    when: 'alert.labels.tier == "enterprise"'
    respondWithin: 2h
    resolveWithin: 8h
    hours: office
    pauseIn: [snoozed]
    warn: [ { at: 50%, policy: managers }, { before: 30m, flag: at-risk, notify: [ { team: desk } ], clock: resolve } ]
  - { id: worst, when: 'incident.severity == "P1" && incident.service == "pay" && hour < 12', resolveWithin: 1h }
  - { id: broken, when: 'num(alert.labels.nothing) > 1.0', resolveWithin: 1h }
services:
  - { id: pay, policy: own, urgency: { inHours: high, outOfHours: low, hours: office } }
  - { id: desk, policy: own, urgency: { inHours: low, outOfHours: high, hours: office } }
  - { id: sydney, policy: own, urgency: { hours: sydney } }
  - { id: plain, policy: own, urgency: low }
`;

function snapshotOf() {
  const parsed = parseDocument(text, "application/yaml");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const { tenant: _tenant, ...lists } = parsed.document;
  const { timeZone, severities } = parsed.document;
  const all = { ...noDefinitions, ...lists, integrations: [], notifiers: [], settings: { timeZone, severities } };
  return compile(toStored("acme", 1, all as unknown as Parameters<typeof toStored>[2]), {});
}

const written = snapshotOf();
const managers = written.policies["managers"];
if (managers === undefined) throw new Error("no managers");
const further = { notify: [{ kind: "policy" as const, policy: "chiefs" }], escalateAfterMs: 60_000 };
const snapshot = {
  ...written,
  policies: { ...written.policies, managers: { ...managers, steps: [...managers.steps, further] } },
};
const integration = {
  id: "am",
  name: "AM",
  source: "prometheus",
  keyHash: "",
  secret: null,
  service: "pay",
  config: {},
  severityMap: {},
};

function alert(more: Partial<Alert> = {}): Alert {
  return {
    dedupKey: "k",
    action: "trigger",
    severity: "critical",
    title: "Down",
    body: "",
    labels: {},
    links: [],
    source: "prometheus",
    sourceAt: null,
    test: false,
    ...more,
  };
}

/** Tuesday 03:00 and 10:00 in Madrid. */
const night = Date.UTC(2026, 10, 24, 2);
const morning = Date.UTC(2026, 10, 24, 9);
const minute = 60_000;

const decided = (more: Partial<Alert>, now = night, service = "pay") =>
  decide(alert(more), { snapshot, integration: { ...integration, service } }, now);
const kept = (more: Partial<Alert>, now = night, service = "pay") =>
  decided(more, now, service).slas?.map(({ id, severities }) => [id, ...severities]);

describe("service levels of an alert", () => {
  test("by its labels, and by what the incident would be under each severity", () => {
    expect(kept({})).toEqual([
      ["everybody", "P1", "P2", "P3"],
      ["worst", "P1"],
    ]);
    expect(kept({ labels: { tier: "enterprise" } }, night, "plain")).toEqual([
      ["everybody", "P1", "P2", "P3"],
      ["enterprise", "P1", "P2", "P3"],
    ]);
    expect(kept({}, Date.UTC(2026, 10, 24, 15))).toEqual([["everybody", "P1", "P2", "P3"]]);
  });

  test("a rule that breaks is no match, and is noted", () => {
    expect(decided({}).notes?.join()).toMatch(/SLA broken failed, taken as no match: .*is no number/);
  });

  test("terms are frozen with their calendar, their policies and what those lead to", () => {
    const decision = decided({ labels: { tier: "enterprise" } });
    expect(decision.slas?.[1]).toEqual({
      id: "enterprise",
      name: "Enterprise",
      severities: ["P1", "P2", "P3"],
      respondMs: 120 * minute,
      resolveMs: 480 * minute,
      hours: {
        id: "office",
        name: "office",
        timeZone: "Europe/Madrid",
        hours: [{ days: ["MO", "TU", "WE", "TH", "FR"], from: "09:00", to: "18:00" }],
        holidays: ["2026-12-25"],
      },
      pauseIn: ["snoozed"],
      warn: [
        { at: { percent: 50 }, clock: null, flag: null, policy: "managers", notify: [] },
        {
          at: { beforeMs: 30 * minute },
          clock: "resolve",
          flag: "at-risk",
          policy: null,
          notify: [{ kind: "team", team: "desk" }],
        },
      ],
    });
    expect(Object.keys(decision.policies ?? {}).toSorted()).toEqual(["chiefs", "managers"]);
    const roster = rosterFor(snapshot, rosterQueryOf(decision, []));
    expect(Object.keys(roster.people).toSorted()).toEqual(["ana", "eva", "kim"]);
    expect(Object.keys(roster.businessHours ?? {})).toEqual(["office"]);
  });

  test("no warning named: half an hour before, and the flag at-risk", () => {
    expect(decided({}).slas?.[0]?.warn).toEqual([
      { at: { beforeMs: 30 * minute }, clock: null, flag: "at-risk", policy: null, notify: [] },
    ]);
  });

  test("a resolve is not asked; an incident declared by hand is", () => {
    expect(decided({ action: "resolve" }).slas).toBeUndefined();
    const choice = { service: "pay", policy: null, severity: "P1", urgency: null };
    expect(decideByHand(choice, alert({ labels: { tier: "enterprise" } }), snapshot, night).slas?.map(({ id }) => id)).toEqual([
      "everybody",
      "enterprise",
      "worst",
    ]);
  });
});

describe("urgency by the hour", () => {
  test.each([
    ["pay", night, "low", null],
    ["pay", morning, "high", 30 * minute],
    ["desk", night, "high", 30 * minute],
    ["desk", morning, "low", null],
    ["sydney", night, "high", 30 * minute],
    ["sydney", morning, "low", null],
    ["plain", morning, "low", null],
  ])("%s at %i is %s", (service, now, urgency, ackTimeoutMs) => {
    const decision = decided({}, now, service);
    expect([decision.urgency, decision.ackTimeoutMs]).toEqual([urgency, ackTimeoutMs]);
  });

  test("a route's word, or a person's, is fixed", () => {
    const routes = [
      { id: "r", when: "true", set: { urgency: "low" as const }, group: null, suppress: false, holdMs: null, continue: false },
    ];
    const decision = decide(alert(), { snapshot: { ...snapshot, routes }, integration }, morning);
    expect(decision).toMatchObject({ urgency: "low", urgencyByHour: null });
    const byHand = decideByHand({ service: "pay", policy: null, severity: null, urgency: "low" }, alert(), snapshot, morning);
    expect(byHand).toMatchObject({ urgency: "low", urgencyByHour: null });
  });

  test("a calendar that is gone makes it rather too urgent than not", () => {
    const decision = decide(alert(), { snapshot: { ...snapshot, businessHours: {} }, integration }, night);
    expect(decision.urgency).toBe("high");
  });
});
