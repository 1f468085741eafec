import { describe, expect, test } from "vitest";
import { everyoneOf, nextOnCallAt, onCallAt } from "../../../worker/core/oncall/schedule.ts";
import { at, layer, override, schedule } from "./build.ts";

const madrid = { timeZone: "Europe/Madrid" };
const primary = layer("primary", { ...madrid, slots: [["ana"], ["bo", "eva"], []] });
const users = (s: Parameters<typeof onCallAt>[0], time: string): readonly string[] => onCallAt(s, at(time)).users;

describe("who is on call", () => {
  test("turns go round in order; a group is on call together; an empty slot is nobody on purpose", () => {
    const s = schedule([primary]);
    expect(users(s, "2026-01-05T07:59:59.999Z")).toEqual([]);
    expect(onCallAt(s, at("2026-01-05T08:00:00Z"))).toEqual({
      users: ["ana"],
      from: at("2026-01-05T08:00:00Z"),
      to: at("2026-01-12T08:00:00Z"),
      why: { layer: "primary", override: null, fallback: false, rule: "weekly, handed over Mondays 09:00 Europe/Madrid" },
    });
    expect(users(s, "2026-01-12T08:00:00Z")).toEqual(["bo", "eva"]);
    expect(onCallAt(s, at("2026-01-20T00:00:00Z"))).toMatchObject({ users: [], why: { rule: "nobody, on purpose" } });
    expect(users(s, "2026-01-26T08:00:00Z")).toEqual(["ana"]);
  });

  test("the handoff keeps to the wall clock over a clock change", () => {
    const s = schedule([primary]);
    expect(onCallAt(s, at("2026-03-30T06:59:59Z"))).toMatchObject({ users: [], to: at("2026-03-30T07:00:00Z") });
    expect(users(s, "2026-03-30T07:00:00Z")).toEqual(["ana"]);
  });

  test("the later layer wins, and lets the earlier one through where it has nobody", () => {
    const day = layer("day", { slots: [["dee"]], restrictions: [{ days: ["MO"], from: "09:00", to: "17:00" }] });
    const s = schedule([layer("base", { slots: [["ana"]] }), day]);
    expect(users(s, "2026-01-12T10:00:00Z")).toEqual(["dee"]);
    expect(onCallAt(s, at("2026-01-12T20:00:00Z"))).toMatchObject({
      users: ["ana"],
      from: at("2026-01-12T17:00:00Z"),
      to: at("2026-01-19T09:00:00Z"),
    });
    expect(users({ ...s, combine: "union" }, "2026-01-12T10:00:00Z")).toEqual(["ana", "dee"]);
  });

  test("nobody: the fallback is on call; always the same person has no end", () => {
    const s = schedule([], { fallback: ["eva"] });
    expect(onCallAt(s, 0)).toMatchObject({ users: ["eva"], from: null, to: null, why: { fallback: true } });
    const alone = schedule([layer("a", { slots: [["ana"]] })]);
    expect(onCallAt(alone, at("2026-06-01T00:00:00Z"))).toMatchObject({
      users: ["ana"],
      from: at("2026-01-05T09:00Z"),
      to: null,
    });
  });

  test("a shadow layer is not on call", () => {
    expect(users(schedule([layer("a", { slots: [["ana"]], shadow: true })]), "2026-06-01T00:00:00Z")).toEqual([]);
  });

  test("the next shift has other people", () => {
    const s = schedule([primary]);
    expect(nextOnCallAt(s, at("2026-01-06T00:00:00Z"))).toMatchObject({
      users: ["bo", "eva"],
      from: at("2026-01-12T08:00:00Z"),
      to: at("2026-01-19T08:00:00Z"),
    });
    // Nobody in between: the one after is next.
    expect(nextOnCallAt(s, at("2026-01-13T00:00:00Z"))).toMatchObject({ users: ["ana"], from: at("2026-01-26T08:00:00Z") });
    expect(nextOnCallAt(schedule([layer("a", { slots: [["ana"]] })]), at("2026-06-01T00:00:00Z"))).toBeNull();
  });

  test("everyone who can come to be on call", () => {
    const cover = override("o", "2026-01-01T00:00Z", "2026-01-02T00:00Z", { user: "cy", replaces: "ana" });
    expect(everyoneOf(schedule([primary], { overrides: [cover], fallback: ["dee"] }))).toEqual(["ana", "bo", "eva", "cy", "dee"]);
  });
});
