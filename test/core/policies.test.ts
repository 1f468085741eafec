// Policies in full, told as the phones tell them: levels with conditions, by several, again, until the end; teams in turn;
// schedules; policies that start others. Any line not written here fails the test.

import { describe, expect, test } from "vitest";
import type { Schedule } from "../../worker/core/oncall/schedule.ts";
import { forecast } from "../../worker/core/forecast.ts";
import type { Target } from "../../worker/core/snapshot.ts";
import { decision, minute, night, person, policy, roster, start, user } from "./story.ts";

const people = ["ana", "bo", "eva", "kim", "cto"].map((id) => person(id));
const leads = { id: "leads", name: "Leads", members: ["ana", "bo", "eva"], managers: [] };
const whole = roster(people, { fallback: [user("cto")], teams: { leads } });
const team = (strategy: "all" | "round-robin" | "random"): Target => ({ kind: "team", team: "leads", strategy });

describe("a level's condition", () => {
  const conditional = policy([
    [[user("ana")], 5, { when: 'incident.severity == "P2"' }],
    [[user("bo")], 5],
  ]);

  test("passes it over at once when it does not hold, and says so", () => {
    const n = night(whole, decision(conditional));
    n.alert("trigger");
    n.pass(20);
    expect(n.told()).toEqual(["03:00:00 step-skipped", "03:00:00 sms bo", "03:05:00 exhausted"]);
  });

  test("is asked when the level's turn comes, of the incident as it is then", () => {
    const later = policy([
      [[user("ana")], 5],
      [[user("bo")], 5, { when: 'incident.severity == "P1"' }],
    ]);
    const n = night(whole, decision(later));
    n.alert("trigger", { severity: "warning" });
    n.pass(2);
    n.alert("trigger", { severity: "critical" });
    n.pass(20);
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:02:00 severity", "03:05:00 sms bo", "03:10:00 exhausted"]);
  });

  test("that cannot be read keeps nobody from being paged", () => {
    const n = night(whole, decision(policy([[[user("ana")], 5, { when: "num(incident.labels.none) > 1.0" }]])));
    n.alert("trigger");
    expect(n.told()).toEqual(["03:00:00 sms ana"]);
    expect(n.written("step")).toEqual([
      expect.objectContaining({ problems: [expect.stringContaining("its condition could not be asked, taken as true")] }),
    ]);
  });

  test("no level whose condition holds: the fallback is paged", () => {
    const n = night(whole, decision(policy([[[user("ana")], 5, { when: "false" }]])));
    n.alert("trigger");
    expect(n.told()).toEqual(["03:00:00 step-skipped", "03:00:00 exhausted", "03:00:00 fallback", "03:00:00 sms cto"]);
  });
});

describe("acknowledgments by several", () => {
  const two = policy([
    [[user("ana"), user("bo"), user("eva")], 10, { acksRequired: 2 }],
    [[user("cto")], 10],
  ]);

  test("the first stops only that person's own pages; the second owns it", () => {
    const twice = (id: string) =>
      person(id, {
        notify: {
          high: [
            { afterMs: 0, contact: "sms" },
            { afterMs: 5 * minute, contact: "sms" },
          ],
          low: [],
        },
      });
    const n = night(roster([twice("ana"), twice("bo"), twice("eva"), person("cto")]), decision(two));
    n.alert("trigger");
    n.pass(1);
    expect(n.act("ana", { kind: "ack" })).toMatchObject({ kind: "done", status: "triggered", already: false });
    expect(n.act("ana", { kind: "ack" })).toMatchObject({ kind: "done", already: true });
    n.pass(5);
    expect(n.act("bo", { kind: "ack" })).toMatchObject({ kind: "done", status: "acknowledged" });
    n.pass(20);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:00:00 sms bo",
      "03:00:00 sms eva",
      "03:01:00 ack-partial",
      "03:05:00 sms bo",
      "03:05:00 sms eva",
      "03:06:00 acknowledged",
    ]);
    expect(n.state().episode).toMatchObject({ acknowledgedBy: "bo", assignees: ["ana", "bo"] });
  });

  test("one acknowledgment of two does not stop the next level", () => {
    const n = night(whole, decision(two));
    n.alert("trigger");
    n.act("ana", { kind: "ack" });
    n.pass(12);
    expect(n.told().slice(3)).toEqual(["03:00:00 ack-partial", "03:10:00 sms cto"]);
    n.act("cto", { kind: "ack" });
    expect(n.state().episode?.status).toBe("acknowledged");
  });

  test("all means everybody the level paged", () => {
    const n = night(whole, decision(policy([[[user("ana"), user("bo")], 10, { acksRequired: "all" }]])));
    n.alert("trigger");
    n.act("bo", { kind: "ack" });
    expect(n.state().episode?.status).toBe("triggered");
    n.act("ana", { kind: "ack" });
    expect(n.state().episode?.status).toBe("acknowledged");
  });

  test("asks for no more people than there are", () => {
    const n = night(whole, decision(policy([[[user("ana")], 10, { acksRequired: 3 }]])));
    n.alert("trigger");
    n.act("ana", { kind: "ack" });
    expect(n.state().episode?.status).toBe("acknowledged");
  });
});

test("a level that retries pages its people again while its time runs", () => {
  const n = night(
    whole,
    decision(
      policy([
        [[user("ana")], 10, { retry: { times: 2, everyMs: 3 * minute } }],
        [[user("bo")], 10],
      ]),
    ),
  );
  n.alert("trigger");
  n.pass(11);
  expect(n.told()).toEqual([
    "03:00:00 sms ana",
    "03:03:00 step-retry",
    "03:03:00 sms ana",
    "03:06:00 step-retry",
    "03:06:00 sms ana",
    "03:10:00 sms bo",
  ]);
});

describe("a level that waits for the end of the incident", () => {
  const outage = policy([
    [[user("ana")], 30, { until: "resolved" }],
    [[user("bo")], 30],
  ]);

  test("pages the next level although somebody has it", () => {
    const n = night(whole, decision(outage, { ackTimeoutMs: null }));
    n.alert("trigger");
    n.pass(5);
    n.act("ana", { kind: "ack" });
    n.pass(60);
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:05:00 acknowledged", "03:30:00 sms bo"]);
    expect(n.state().episode).toMatchObject({ status: "acknowledged", acknowledgedBy: "ana", assignees: ["ana"] });
    expect(n.act("bo", { kind: "ack" })).toMatchObject({ kind: "done", status: "acknowledged", already: false });
    expect(n.state().episode).toMatchObject({ acknowledgedBy: "ana", assignees: ["ana", "bo"] });
  });

  test("and is stopped by the end", () => {
    const n = night(whole, decision(outage, { ackTimeoutMs: null }));
    n.alert("trigger");
    n.act("ana", { kind: "ack" });
    n.pass(20);
    n.alert("resolve");
    n.pass(60);
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:00:00 acknowledged", "03:20:00 resolved"]);
  });
});

describe("teams", () => {
  test("in turn: the step asks whose turn it is and pages that one", () => {
    const n = night(whole, decision(policy([[[team("round-robin")], 5]])));
    n.inTurn((members) => members[1] ?? null);
    n.alert("trigger");
    expect(n.told()).toEqual(["03:00:00 sms bo"]);
    expect(n.state().episode).toMatchObject({ assignees: ["bo"], ladder: { phase: "step" } });
  });

  test("in turn, with nobody to say whose: one is drawn after a moment, the same in every replay", () => {
    const told = [1, 2].map(() => {
      const n = night(whole, decision(policy([[[team("round-robin")], 5]])));
      n.alert("trigger");
      expect(n.told()).toEqual([]);
      n.pass(1);
      return n.told();
    });
    expect(told[0]).toHaveLength(1);
    expect(told[1]).toEqual(told[0]);
  });

  test("in turn: whoever cannot be reached is not asked for", () => {
    const off = roster([person("ana", { contacts: [] }), person("bo", { active: false }), person("eva"), person("cto")], {
      teams: { leads },
    });
    const n = night(off, decision(policy([[[team("round-robin")], 5]])));
    n.alert("trigger");
    expect(n.told()).toEqual(["03:00:00 sms eva"]);
  });

  test("in turn: a retry is for the same person", () => {
    const again = policy([[[team("round-robin")], 10, { retry: { times: 1, everyMs: 3 * minute } }]]);
    const n = night(whole, decision(again));
    n.inTurn(() => "eva");
    n.alert("trigger");
    n.pass(5);
    expect(n.told()).toEqual(["03:00:00 sms eva", "03:03:00 step-retry", "03:03:00 sms eva"]);
  });

  test("at random: one of them", () => {
    const n = night(whole, decision(policy([[[team("random")], 5]])));
    n.alert("trigger");
    expect(n.told()).toHaveLength(1);
  });

  test("that own the service", () => {
    const n = night(whole, decision(policy([[[{ kind: "owner" }], 5]]), { owner: "leads" }));
    n.alert("trigger");
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:00:00 sms bo", "03:00:00 sms eva"]);
  });
});

describe("schedules", () => {
  const weekly = { kind: "every" as const, n: 1, unit: "hour" as const, handoff: null };
  const rules = {
    timeZone: "UTC",
    start: "2026-11-24T00:00",
    end: null,
    rotation: weekly,
    slots: [["ana"], ["bo"], []],
    restrictions: [],
    skipEmptyTurns: true,
    position: null,
  };
  const sre: Schedule = {
    id: "sre",
    name: "SRE",
    timeZone: "UTC",
    combine: "priority",
    layers: [{ ...rules, id: "primary", name: "primary", priority: 0, shadow: false, was: [] }],
    overrides: [],
    fallback: [],
    ical: null,
  };
  const scheduled = roster(people, { schedules: { sre }, fallback: [user("cto")] });
  const by = (who: "current" | "next" | "everyone"): Target => ({ kind: "schedule", schedule: "sre", who });

  // 03:00 ana, 04:00 bo, 05:00 nobody, 06:00 ana …
  test("page who is on call when the level's turn comes, not when the incident opened", () => {
    const n = night(
      scheduled,
      decision(
        policy([
          [[by("current")], 70],
          [[by("current")], 10],
        ]),
      ),
    );
    n.alert("trigger");
    n.pass(75);
    expect(n.told()).toEqual(["03:00:00 sms ana", "04:10:00 sms bo"]);
    const reasons = Object.values(n.state().deliveries).map((delivery) => delivery.page.reason);
    expect(reasons).toMatchObject([{ via: "schedule sre", text: "on call for sre, step 1" }, { via: "schedule sre" }]);
  });

  test("page the next one, and everybody", () => {
    const n = night(
      scheduled,
      decision(
        policy([
          [[by("next")], 5],
          [[by("everyone")], 5],
        ]),
      ),
    );
    n.alert("trigger");
    n.pass(6);
    expect(n.told()).toEqual(["03:00:00 sms bo", "03:05:00 sms ana", "03:05:00 sms bo"]);
  });

  describe("whose only one on call cannot be paged: its fallback is, and the record says so", () => {
    const withFallback = { ...sre, fallback: ["ana", "eva"] };
    test.each([
      ["deactivated", person("ana", { active: false })],
      ["without a usable contact", person("ana", { contacts: [{ id: "fax", via: "fax", to: "x" }] })],
    ] as const)("%s", (_, ana) => {
      const known = roster([ana, ...people.filter((each) => each.id !== "ana")], { schedules: { sre: withFallback } });
      const n = night(known, decision(policy([[[by("current")], 10]])));
      n.alert("trigger");
      expect(n.told()).toEqual(["03:00:00 sms eva"]);
      const reasons = Object.values(n.state().deliveries).map((delivery) => delivery.page.reason);
      expect(reasons).toMatchObject([
        { via: "schedule sre", text: "on call for sre (its fallback: nobody on call can be reached), step 1" },
      ]);
    });

    test("one of two is enough: the fallback sleeps on", () => {
      const both = { ...withFallback, layers: withFallback.layers.map((each) => ({ ...each, slots: [["ana", "bo"]] })) };
      const gone = [person("ana", { active: false }), ...people.filter((each) => each.id !== "ana")];
      const n = night(roster(gone, { schedules: { sre: both } }), decision(policy([[[by("current")], 10]])));
      n.alert("trigger");
      expect(n.told()).toEqual(["03:00:00 sms bo"]);
    });

    test("the next one likewise", () => {
      const gone = [person("bo", { active: false }), ...people.filter((each) => each.id !== "bo")];
      const n = night(
        roster(gone, { schedules: { sre: { ...sre, fallback: ["eva"] } } }),
        decision(policy([[[by("next")], 10]])),
      );
      n.alert("trigger");
      expect(n.told()).toEqual(["03:00:00 sms eva"]);
    });
  });

  test("nobody on call anywhere and no fallback: said, and paged at the second somebody comes on call", () => {
    const n = night(roster(people, { schedules: { sre } }), decision(policy([[[by("current")], 10]])));
    n.sleep(2 * 60 + 59.5);
    n.alert("trigger");
    n.pass(2);
    expect(n.told()).toEqual(["05:59:30 step-empty", "05:59:30 exhausted", "05:59:30 coverage-gap", "06:00:00 sms ana"]);
  });
});

test("a level for working hours waits until they begin", () => {
  const office = {
    id: "office",
    name: "Office",
    timeZone: "UTC",
    hours: [{ days: ["MO", "TU", "WE", "TH", "FR"] as const, from: "09:00", to: "18:00" }],
    holidays: [],
  };
  const n = night(
    roster(people, { businessHours: { office } }),
    decision(
      policy([
        [[user("ana")], 10],
        [[user("bo")], 10, { waitFor: "office" }],
      ]),
    ),
  );
  n.alert("trigger");
  expect(
    forecast(n.state(), start).map(({ at, kind, user: who }) => `${new Date(at).toISOString().slice(11, 16)} ${kind} ${who}`),
  ).toEqual(["09:00 escalate null", "09:00 page bo", "09:10 exhausted null"]);
  n.pass(8 * 60);
  expect(n.told()).toEqual(["03:00:00 sms ana", "03:10:00 step-waits", "09:00:00 sms bo", "09:10:00 exhausted"]);
});

describe("policies beside the incident's own", () => {
  const support = policy(
    [
      [[user("eva")], 7],
      [[user("kim")], 7],
    ],
    { id: "support" },
  );

  test("a level starts another policy, which runs by its own times", () => {
    const own = policy([
      [[user("ana")], 5],
      [[user("bo"), { kind: "policy", policy: "support" }], 10],
    ]);
    const n = night(whole, decision(own, { policies: { support } }));
    n.alert("trigger");
    n.pass(30);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:05:00 policy-started",
      "03:05:00 sms bo",
      "03:05:00 sms eva",
      "03:12:00 sms kim",
      "03:15:00 exhausted",
      "03:19:00 exhausted",
    ]);
  });

  test("several start at once from one alert, and one acknowledgment stops them all", () => {
    const n = night(
      whole,
      decision(
        policy([
          [[user("ana")], 5],
          [[user("bo")], 5],
        ]),
        { also: [support], route: "vip" },
      ),
    );
    n.alert("trigger");
    n.pass(6);
    n.act("bo", { kind: "ack" });
    n.pass(20);
    expect(n.told()).toEqual([
      "03:00:00 policy-started",
      "03:00:00 sms eva",
      "03:00:00 sms ana",
      "03:05:00 sms bo",
      "03:06:00 acknowledged",
    ]);
  });

  test("the fallback is paged only when no policy reaches anybody", () => {
    const empty = policy([[[{ kind: "team", team: "nobody" }], 5]], { id: "empty" });
    const n = night(whole, decision(empty, { also: [support] }));
    n.alert("trigger");
    n.pass(1);
    expect(n.told()).toEqual(["03:00:00 policy-started", "03:00:00 step-empty", "03:00:00 exhausted", "03:00:00 sms eva"]);
  });

  test("two that start each other do not go round for ever", () => {
    const a = policy([[[user("ana"), { kind: "policy", policy: "b" }], 5]], { id: "a" });
    const b = policy([[[user("bo"), { kind: "policy", policy: "a" }], 5]], { id: "b" });
    const n = night(whole, decision(a, { policies: { a, b } }));
    n.alert("trigger");
    n.pass(120);
    const pages = n.told().filter((line) => line.includes(" sms "));
    expect(pages.length).toBeLessThan(6);
  });

  test("an un-acknowledge takes every policy up at the level where it stood", () => {
    const n = night(
      whole,
      decision(
        policy([
          [[user("ana")], 5],
          [[user("bo")], 50],
        ]),
        { also: [support] },
      ),
    );
    n.alert("trigger");
    n.pass(8);
    n.act("bo", { kind: "ack" });
    n.pass(1);
    n.told();
    n.act("bo", { kind: "unack", undo: false });
    expect(n.told()).toEqual(["03:09:00 unacknowledged", "03:09:00 sms kim", "03:09:00 sms bo"]);
  });

  test("an undo within 30 s restores all of them without a new wave", () => {
    const n = night(
      whole,
      decision(
        policy([
          [[user("ana")], 5],
          [[user("bo")], 50],
        ]),
        { also: [support] },
      ),
    );
    n.alert("trigger");
    n.pass(2);
    n.act("ana", { kind: "ack" });
    n.act("ana", { kind: "unack", undo: true });
    n.pass(6);
    expect(n.told()).toEqual([
      "03:00:00 policy-started",
      "03:00:00 sms eva",
      "03:00:00 sms ana",
      "03:02:00 acknowledged",
      "03:02:00 unacknowledged",
      "03:05:00 sms bo",
      "03:07:00 sms kim",
    ]);
  });
});
