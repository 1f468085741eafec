import { describe, expect, test } from "vitest";
import { overrideProblem } from "../../../worker/core/oncall/override-check.ts";
import { resolveAt } from "../../../worker/core/oncall/resolve.ts";
import { onCallAt, type Override, type Schedule } from "../../../worker/core/oncall/schedule.ts";
import { shiftsBetween } from "../../../worker/core/oncall/shifts.ts";
import { at, layer, override, schedule } from "./build.ts";

const noon = at("2026-01-12T12:00Z");
const [morning, evening] = ["2026-01-12T08:00Z", "2026-01-12T18:00Z"];
const change = (id: string, more: Partial<Override>): Override => override(id, morning, evening, more);
const base = layer("base", { slots: [["ana"]] });
const top = layer("top", { slots: [["dee"]], restrictions: [{ days: ["MO"], from: "10:00", to: "14:00" }] });
const users = (s: Schedule, time = noon): readonly string[] => onCallAt(s, time).users;
const with_ = (overrides: readonly Override[], layers = [base], more: Partial<Schedule> = {}): Schedule =>
  schedule(layers, { overrides, ...more });

describe("what an override does", () => {
  test("a replacement acts only while the other would be on call", () => {
    const cover = change("o", { user: "bo", replaces: "dee" });
    expect(users(with_([cover], [base, top]))).toEqual(["bo"]);
    expect(users(with_([cover], [base, top]), at("2026-01-12T16:00Z"))).toEqual(["ana"]);
    expect(users(with_([cover], [base]))).toEqual(["ana"]);
  });

  test("replacements do not chain, whichever came first", () => {
    const [first, second] = [change("a", { user: "bo", replaces: "ana" }), change("b", { user: "cy", replaces: "bo" })];
    expect(users(with_([first, second]))).toEqual(["bo"]);
    expect(users(with_([second, { ...first, createdAt: 9 }]))).toEqual(["bo"]);
  });

  test("of two for the same place the newer one wins, whatever their order in the list", () => {
    const [older, newer] = [
      change("a", { user: "bo", replaces: "ana", createdAt: 1 }),
      change("b", { user: "cy", replaces: "ana", createdAt: 2 }),
    ];
    expect(users(with_([newer, older]))).toEqual(["cy"]);
    expect(onCallAt(with_([newer, older]), noon).why).toMatchObject({ override: "b", rule: "override b: cy for ana" });
  });

  test("an override can be overridden: who took over falls ill, somebody stands in", () => {
    const night = change("night", { kind: "take-over", user: "bo", createdAt: 1 });
    const ill = override("ill", "2026-01-12T11:00Z", "2026-01-12T13:00Z", { user: "cy", replaces: "bo", createdAt: 2 });
    expect(users(with_([night, ill]))).toEqual(["cy"]);
    expect(users(with_([night, ill]), at("2026-01-12T15:00Z"))).toEqual(["bo"]);
    // One for the person taken over from is older news.
    expect(users(with_([{ ...ill, replaces: "ana", createdAt: 0 }, night]))).toEqual(["bo"]);
  });

  test("taking over fills gaps too; of one layer only inside its hours", () => {
    const alone = change("o", { kind: "take-over", user: "bo" });
    expect(users(with_([alone], []))).toEqual(["bo"]);
    expect(users(with_([alone], [top]), at("2026-01-12T09:00Z"))).toEqual(["bo"]);
    const ofTop = change("o", { kind: "take-over", user: "bo", layers: ["top"] });
    expect(users(with_([ofTop], [base, top]))).toEqual(["bo"]);
    expect(users(with_([ofTop], [base, top]), at("2026-01-12T09:00Z"))).toEqual(["ana"]);
  });

  test("adding puts somebody beside whoever wins; in a layer that is hidden it is hidden too", () => {
    expect(users(with_([change("o", { kind: "add", user: "bo" })], [base, top]))).toEqual(["dee", "bo"]);
    expect(users(with_([change("o", { kind: "add", user: "bo", layers: ["base"] })], [base, top]))).toEqual(["dee"]);
  });

  test("clearing leaves nobody, and the fallback is on call", () => {
    const clear = change("o", { kind: "clear" });
    expect(resolveAt(with_([clear], [base, top]), noon)).toMatchObject({ seats: [] });
    expect(users(with_([clear], [base, top], { fallback: ["eva"] }))).toEqual(["eva"]);
    // One layer's place is empty: the next one shows.
    expect(users(with_([change("o", { kind: "clear", layers: ["top"] })], [base, top]))).toEqual(["ana"]);
    // One person's place is empty, and stays so.
    expect(users(with_([change("o", { kind: "clear", replaces: "dee" })], [base, top]))).toEqual([]);
    const pair = layer("pair", { slots: [["ana", "bo"]] });
    expect(users(with_([change("o", { kind: "clear", replaces: "ana" })], [pair]))).toEqual(["bo"]);
  });

  test("begins and ends to the millisecond, and the rotation underneath has gone on", () => {
    const weekly = layer("w", { slots: [["ana"], ["bo"]] });
    const s = schedule([weekly], {
      overrides: [override("o", "2026-01-11T09:00Z", "2026-01-13T09:00Z", { kind: "take-over", user: "cy" })],
    });
    expect(shiftsBetween(s, at("2026-01-10T09:00Z"), at("2026-01-14T09:00Z"))).toMatchObject({
      shifts: [
        { users: ["ana"], to: at("2026-01-11T09:00Z"), override: null },
        { users: ["cy"], to: at("2026-01-13T09:00Z"), override: "o", layer: null },
        { users: ["bo"], to: at("2026-01-14T09:00Z"), layer: "w" },
      ],
      gaps: [],
    });
  });

  test("a shadow layer is left alone unless it is named", () => {
    const shadow = layer("shadow", { slots: [["sue"]], shadow: true });
    const s = with_([change("o", { kind: "take-over", user: "bo" })], [base, shadow]);
    expect(users(s)).toEqual(["bo"]);
    expect(shiftsBetween(s, noon, noon + 1, { layers: true }).layers[1]).toMatchObject({
      shadow: true,
      shifts: [{ users: ["sue"] }],
    });
  });
});

describe("what cannot be saved", () => {
  const fine = change("new", { user: "bo", replaces: "ana" });
  const known = (user: string): boolean => ["ana", "bo", "cy"].includes(user);
  test.each<[Partial<Override>, string]>([
    [{ to: fine.from }, "to"],
    [{ to: fine.from + 500 * 86_400_000 }, "to"],
    [{ user: null }, "user"],
    [{ replaces: null }, "replaces"],
    [{ kind: "clear" }, "user"],
    [{ kind: "take-over" }, "replaces"],
    [{ user: "ana" }, "replaces"],
    [{ user: "zed" }, "user"],
    [{ replaces: "zed" }, "replaces"],
    [{ layers: ["nope"] }, "layers"],
  ])("%j", (more, field) => {
    expect(overrideProblem(fine, with_([]), known)).toBeNull();
    expect(overrideProblem({ ...fine, ...more }, with_([]), known)).toMatchObject({ field });
  });

  test("the same again for the same person at an overlapping time; another person's, or one that touches, is fine", () => {
    const s = with_([{ ...fine, id: "old" }]);
    expect(overrideProblem(fine, s, known)).toMatchObject({ field: "user", message: expect.stringContaining("old") });
    expect(overrideProblem({ ...fine, user: "cy" }, s, known)).toBeNull();
    expect(overrideProblem({ ...fine, from: fine.to, to: fine.to + 1 }, s, known)).toBeNull();
    expect(overrideProblem({ ...fine, id: "old" }, s, known)).toBeNull();
  });
});
