import { describe, expect, test } from "vitest";
import { editLayer, editSchedule, placeOf, upcoming, type Rollout } from "../../../worker/core/oncall/edit.ts";
import { onCallAt, type Layer } from "../../../worker/core/oncall/schedule.ts";
import { at, layer, schedule } from "./build.ts";

// Weeks from Monday 2026-01-05 09:00 UTC: ana, bo, cy, ana …
const before = layer("l", { slots: [["ana"], ["bo"], ["cy"]] });
const now = at("2026-01-14T12:00Z");
const users = (one: Layer, time: string): readonly string[] => onCallAt(schedule([one]), at(time)).users;
const edited = (more: Partial<Layer>, rollout: Rollout = "now", from = before, when = now): Layer =>
  editLayer(from, layer("l", { slots: from.slots, ...more }), rollout, when);

describe("an edit of the members", () => {
  test.each<[string, string[], string, string]>([
    ["a new order keeps who is on call, and goes on from there", ["bo", "cy", "ana"], "bo", "cy"],
    ["somebody earlier is taken out", ["bo", "cy"], "bo", "cy"],
    ["somebody new in front", ["dee", "ana", "bo", "cy"], "bo", "cy"],
    ["the one on call is taken out: the next has the rest of the turn", ["ana", "cy"], "cy", "ana"],
    ["nobody of the old list is left: the first", ["dee", "eva"], "dee", "eva"],
  ])("%s", (_, list, present, next) => {
    const after = edited({ slots: list.map((user) => [user]) });
    expect(users(after, "2026-01-14T12:00Z")).toEqual([present]);
    expect(users(after, "2026-01-19T08:59Z")).toEqual([present]);
    expect(users(after, "2026-01-19T09:00Z")).toEqual([next]);
    // What was does not change.
    expect(users(after, "2026-01-06T12:00Z")).toEqual(["ana"]);
    expect(users(after, "2026-01-14T11:59Z")).toEqual(["bo"]);
  });

  test("nothing changed: nothing is remembered", () => {
    expect(edited({})).toEqual(before);
    expect(edited({ name: "Another name" })).toMatchObject({ was: [], position: null, name: "Another name" });
  });

  test("before the layer begins an edit is as if it had been written so", () => {
    expect(edited({ slots: [["eva"]] }, "now", before, at("2026-01-01T00:00Z"))).toMatchObject({ was: [], position: null });
  });

  test("one edit after another: every stretch keeps its own rules", () => {
    const second = editLayer(
      edited({ slots: [["bo"], ["dee"]] }),
      layer("l", { slots: [["eva"], ["dee"]] }),
      "now",
      at("2026-01-20T00:00Z"),
    );
    expect(users(second, "2026-01-06T12:00Z")).toEqual(["ana"]);
    expect(users(second, "2026-01-15T12:00Z")).toEqual(["bo"]);
    expect(users(second, "2026-01-19T12:00Z")).toEqual(["dee"]);
    expect(users(second, "2026-01-20T12:00Z")).toEqual(["dee"]);
    expect(users(second, "2026-01-26T12:00Z")).toEqual(["eva"]);
    expect(second.was).toHaveLength(2);
  });

  test("a group keeps its turn by whoever of it is still there", () => {
    expect(placeOf([["ana", "bo"], ["cy"]], 0, [["cy"], ["bo", "dee"]])).toBe(1);
    expect(placeOf([["ana", "bo"], ["cy"]], 0, [["bo", "ana"], ["cy"]])).toBe(0);
    expect(placeOf([["ana"]], 0, [])).toBe(0);
  });
});

describe("when an edit takes effect", () => {
  test("after the shift: the present one ends as it would have", () => {
    const after = edited({ slots: [["dee"], ["cy"]] }, "after-shift");
    expect(users(after, "2026-01-19T08:59Z")).toEqual(["bo"]);
    expect(users(after, "2026-01-19T09:00Z")).toEqual(["cy"]);
    expect(users(after, "2026-01-26T09:00Z")).toEqual(["dee"]);
  });

  test("after the round: everybody has had their turn, then the new first", () => {
    const after = edited({ slots: [["dee"], ["eva"]] }, "after-round");
    expect(users(after, "2026-01-19T12:00Z")).toEqual(["cy"]);
    expect(users(after, "2026-01-26T09:00Z")).toEqual(["dee"]);
    expect(users(after, "2026-02-02T09:00Z")).toEqual(["eva"]);
  });

  test("a new length of turns: the present person has the turn of the new grid", () => {
    const after = edited({ rotation: { kind: "every", n: 1, unit: "day", handoff: null } });
    expect(users(after, "2026-01-14T12:00Z")).toEqual(["bo"]);
    expect(users(after, "2026-01-15T09:00Z")).toEqual(["cy"]);
  });

  test("a start still to come: the old rules go on until then, and nobody is missing", () => {
    const after = edited({ start: "2026-02-01T00:00", slots: [["dee"], ["eva"]] });
    expect(users(after, "2026-01-31T23:59Z")).toEqual(["ana"]);
    expect(users(after, "2026-02-01T00:00Z")).toEqual(["dee"]);
  });

  test("the next handoffs, before and after", () => {
    const s = schedule([before]);
    const after = editSchedule(s, schedule([layer("l", { slots: [["bo"], ["ana"]] })]), "now", now);
    const told = (one: typeof s) => upcoming(one, now, 2).map(({ users: there }) => there.join());
    expect([told(s), told(after)]).toEqual([
      ["bo", "cy", "ana"],
      ["bo", "ana", "bo"],
    ]);
  });
});
