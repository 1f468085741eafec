// What is told of a schedule beside who is on call: gaps, load, reasons, plain words; and rotations by a rule.

import { describe, expect, test } from "vitest";
import { explain } from "../../../worker/core/oncall/explain.ts";
import { loadOf } from "../../../worker/core/oncall/load.ts";
import { occurrencesBetween, ruleProblem } from "../../../worker/core/oncall/recurrence.ts";
import { onCallAt } from "../../../worker/core/oncall/schedule.ts";
import { gapsBetween, nextHandoff, shiftsBetween, shiftsOf } from "../../../worker/core/oncall/shifts.ts";
import { layerText } from "../../../worker/core/oncall/summary.ts";
import { zoneOf } from "../../../worker/core/zone.ts";
import { at, layer, override, schedule } from "./build.ts";

const hour = 3_600_000;
const madrid = { timeZone: "Europe/Madrid" };

describe("gaps", () => {
  test("tell those on purpose from those nobody thought of", () => {
    const s = schedule([layer("l", { slots: [["ana"], []], end: "2026-01-26T09:00" })]);
    expect(gapsBetween(s, at("2026-01-05T09:00Z"), at("2026-02-01T00:00Z"))).toEqual([
      { from: at("2026-01-12T09:00Z"), to: at("2026-01-19T09:00Z"), onPurpose: true },
      { from: at("2026-01-26T09:00Z"), to: at("2026-02-01T00:00Z"), onPurpose: false },
    ]);
    expect(gapsBetween({ ...s, fallback: ["eva"] }, at("2026-01-05T09:00Z"), at("2026-02-01T00:00Z"))).toEqual([]);
  });

  test("adjacent shifts of the same people by the same layer are one; the next handoff is to other people", () => {
    const s = schedule([layer("l", { slots: [["ana"], ["ana"], ["bo"]] })]);
    const [from, to] = [at("2026-01-05T09:00Z"), at("2026-01-26T09:00Z")];
    expect(shiftsBetween(s, from, to).shifts.map((shift) => [shift.users[0], shift.to - shift.from])).toEqual([
      ["ana", 14 * 24 * hour],
      ["bo", 7 * 24 * hour],
    ]);
    expect(nextHandoff(s, from, to)).toBe(at("2026-01-19T09:00Z"));
    expect(nextHandoff(s, from, at("2026-01-19T08:00Z"))).toBeNull();
    expect(shiftsBetween(s, from, from)).toEqual({ shifts: [], gaps: [], layers: [] });
  });
});

describe("follow the sun", () => {
  test("each layer keeps to its own clock through both clock changes", () => {
    const day = { days: ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const, from: "08:00", to: "20:00" };
    const s = schedule(
      [
        layer("europe", { ...madrid, slots: [["ana"]], restrictions: [day] }),
        layer("america", { timeZone: "America/New_York", slots: [["ned"]], restrictions: [day] }),
      ],
      { combine: "union" },
    );
    const users = (time: string): readonly string[] => onCallAt(s, at(time)).users;
    // Between the two changes of March the zones are an hour nearer.
    expect(users("2026-03-07T12:30Z")).toEqual(["ana"]);
    expect(users("2026-03-10T12:30Z")).toEqual(["ana", "ned"]);
    expect(users("2026-03-31T12:30Z")).toEqual(["ana", "ned"]);
    expect(users("2026-03-31T17:59Z")).toEqual(["ana", "ned"]);
    expect(users("2026-03-31T18:00Z")).toEqual(["ned"]);
  });
});

describe("a rotation by a rule", () => {
  const s = schedule([
    layer("l", { ...madrid, slots: [["ana"], ["bo"], ["cy"]], rotation: { kind: "rrule", rrule: "FREQ=WEEKLY;BYDAY=MO,TH" } }),
  ]);
  test("hands over at the start and at every occurrence after it, by the clock", () => {
    const { shifts } = shiftsBetween(s, at("2026-01-05T08:00Z"), at("2026-01-19T08:00Z"));
    expect(shifts.map((shift) => [shift.users[0], new Date(shift.from).toISOString().slice(0, 13)])).toEqual([
      ["ana", "2026-01-05T08"],
      ["bo", "2026-01-08T08"],
      ["cy", "2026-01-12T08"],
      ["ana", "2026-01-15T08"],
    ]);
    expect(onCallAt(s, at("2026-07-01T00:00Z")).to).toBe(at("2026-07-02T07:00Z"));
  });
  test("asked about far from its start it says the same", () => {
    const zone = zoneOf("Europe/Madrid");
    const start = at("2010-01-06T09:00Z");
    const rules = [
      "FREQ=DAILY",
      "FREQ=DAILY;INTERVAL=3",
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
      "FREQ=WEEKLY;INTERVAL=3;WKST=SU;BYDAY=SU,WE",
    ];
    const more = [
      "FREQ=HOURLY;INTERVAL=7",
      "FREQ=DAILY;INTERVAL=2;BYDAY=MO,FR;BYHOUR=8,20",
      "FREQ=MONTHLY;BYDAY=-1FR",
      "FREQ=DAILY;BYMONTH=1,3",
    ];
    for (const rrule of [...rules, ...more, "FREQ=WEEKLY;COUNT=900", "FREQ=DAILY;UNTIL=20260120T080000Z"]) {
      const whole = occurrencesBetween({ rrule, start, zone }, start, at("2026-03-01T00:00Z"));
      const [from, to] = [at("2026-01-01T00:00Z"), at("2026-03-01T00:00Z")];
      const near = occurrencesBetween({ rrule, start, zone }, from, to);
      expect([rrule, near]).toEqual([rrule, whole.filter((wall) => wall >= from)]);
      expect(near.length).toBeGreaterThan(0);
    }
  });
  test("after its last occurrence the last turn stays", () => {
    const two = schedule([
      layer("l", { slots: [["ana"], ["bo"], ["cy"]], rotation: { kind: "rrule", rrule: "FREQ=DAILY;COUNT=3" } }),
    ]);
    expect(onCallAt(two, at("2030-01-01T00:00Z"))).toMatchObject({ users: ["cy"], to: null });
  });
  test.each([
    ["FREQ=SECONDLY", false],
    ["FREQ=MINUTELY;INTERVAL=30", false],
    ["FREQ=FORTNIGHTLY", false],
    ["BYDAY=MO", false],
    ["DTSTART:20260101T000000Z FREQ=DAILY", false],
    ["FREQ=WEEKLY;INTERVAL=0", false],
    ["FREQ=WEEKLY;BYDAY=XX", false],
    ["RRULE:FREQ=MONTHLY;BYDAY=1MO", true],
    ["FREQ=HOURLY;INTERVAL=8", true],
  ])("%s is a rule: %s", (rule, fine) => expect(ruleProblem(rule) === null).toBe(fine));
});

describe("load", () => {
  test("is counted by each person's own clock; two schedules at once count once", () => {
    const s = schedule([layer("l", { ...madrid, slots: [["ana"]], end: "2026-01-12T09:00" })]);
    const query = {
      from: at("2026-01-01T00:00Z"),
      to: at("2026-02-01T00:00Z"),
      isHoliday: (date: string) => date === "2026-01-06",
    };
    const [ana] = loadOf({ ...query, schedules: [s, { ...s, id: "t" }], zoneOfUser: () => "Europe/Madrid" });
    expect(ana).toEqual({
      user: "ana",
      onCallMs: 168 * hour,
      nightMs: 56 * hour,
      weekendMs: 48 * hour,
      holidayMs: 24 * hour,
      shifts: 2,
    });
    // The night in which the clock goes forward is an hour shorter.
    const spring = schedule([layer("l", { ...madrid, start: "2026-03-28T22:00", end: "2026-03-29T06:00", slots: [["ana"]] })]);
    const night = { ...query, from: at("2026-03-01T00:00Z"), to: at("2026-04-01T00:00Z"), schedules: [spring] };
    expect(loadOf({ ...night, zoneOfUser: () => "Europe/Madrid" })).toMatchObject([
      { onCallMs: 7 * hour, nightMs: 7 * hour, weekendMs: 7 * hour },
    ]);
    expect(loadOf({ ...night, zoneOfUser: () => "Pacific/Auckland" })).toMatchObject([{ nightMs: 0, weekendMs: 7 * hour }]);
  });

  test("one person's shifts in every schedule, in order of time", () => {
    const [early, late] = [layer("l", { slots: [["ana"], ["bo"]] }), layer("l", { slots: [["bo"], ["ana"]] })];
    const found = shiftsOf(
      "ana",
      [schedule([late], { id: "b" }), schedule([early], { id: "a" })],
      at("2026-01-05T09:00Z"),
      at("2026-01-19T09:00Z"),
    );
    expect(found.map((shift) => shift.schedule)).toEqual(["a", "b"]);
  });
});

describe("in plain words", () => {
  const name = (user: string): string => user.slice(0, 1).toUpperCase() + user.slice(1);
  test.each([
    [layer("l", { ...madrid, slots: [["ana"], ["bo"]] }), "Ana and Bo, weekly, handed over Mondays 09:00 Europe/Madrid"],
    [
      layer("l", { slots: [["ana", "bo"], [], ["cy"]], rotation: { kind: "every", n: 2, unit: "day", handoff: null } }),
      "Ana with Bo, nobody and Cy, every 2 days, handed over at 09:00 UTC",
    ],
    [
      layer("l", {
        slots: [["ana"], ["bo"]],
        start: "2026-01-22T09:00",
        rotation: { kind: "every", n: 1, unit: "month", handoff: null },
      }),
      "Ana and Bo, monthly, handed over on the 22nd at 09:00 UTC",
    ],
    [
      layer("l", { slots: [["ana"], ["bo"]], rotation: { kind: "every", n: 12, unit: "hour", handoff: null } }),
      "Ana and Bo, every 12 hours, handed over from 09:00 UTC",
    ],
    [
      layer("l", { slots: [["ana"]], restrictions: [{ days: ["MO", "TU", "WE", "TH", "FR"], from: "09:00", to: "17:00" }] }),
      "Ana, always, only Mon–Fri 09:00 to 17:00, UTC",
    ],
    [
      layer("l", {
        slots: [["ana"]],
        end: "2026-03-01T00:00",
        restrictions: [{ days: ["SA", "SU"], from: "08:00", to: "08:00" }],
      }),
      "Ana, always, only Sat, Sun from 08:00 for 24 hours, UTC, until 2026-03-01 00:00",
    ],
    [layer("l", { slots: [] }), "nobody, always, UTC"],
  ])("%#", (one, text) => expect(layerText(one, name)).toBe(text));

  test("an explanation names every layer, every override, how they combine", () => {
    const s = schedule(
      [
        layer("base", { slots: [["ana"]] }),
        layer("office", { slots: [["dee"], ["eva"]], restrictions: [{ days: ["MO"], from: "09:00", to: "17:00" }] }),
        layer("learners", { slots: [["sue"]], shadow: true }),
      ],
      {
        overrides: [override("vac", "2026-01-12T08:00Z", "2026-01-12T18:00Z", { user: "bo", replaces: "eva", createdBy: "eva" })],
      },
    );
    expect(explain(s, at("2026-01-12T10:00Z")).map((step) => `${step.kind}: ${step.text}`)).toEqual([
      "clock: It is Monday 2026-01-12 10:00 in UTC.",
      "layer: Layer base (always, UTC): ana, since 2026-01-05 09:00.",
      "layer: Layer office (weekly, handed over Mondays 09:00 UTC, only Mon 09:00 to 17:00), slot 2 of 2: eva, since 2026-01-12 09:00 until 2026-01-12 17:00.",
      "layer: Layer learners (always, UTC): sue, since 2026-01-05 09:00. It is a shadow layer: shown, never paged.",
      "override: Override vac: bo stands in for eva, only while eva would be on call, until 2026-01-12 18:00 (by eva).",
      "combine: The last layer of the list that has anybody on call wins.",
      "result: On call: bo since 2026-01-12 09:00 until 2026-01-12 17:00.",
    ]);
  });
});
