// When a maintenance window is on: by the wall clock of its zone, over clock changes, with what people did to it by hand.

import { describe, expect, test } from "vitest";
import { isOn, nextOccurrence, occurrenceAt, type MaintenanceWindow, type Silence } from "../../worker/core/mute.ts";
import { maintenanceOf, silenceOf } from "../../worker/tenant/compile-quiet.ts";

const words = (more: Record<string, unknown>) =>
  ({ id: "m", from: "2026-03-01T02:00", to: "2026-03-01T05:00", atEnd: "page", ...more }) as Parameters<typeof maintenanceOf>[0];
const at = (text: string): number => Date.parse(text);
const hours = (window: MaintenanceWindow, text: string): string | null => {
  const found = occurrenceAt(window, at(text));
  return found === null
    ? null
    : `${new Date(found.from).toISOString().slice(5, 16)}–${new Date(found.to).toISOString().slice(5, 16)}`;
};

describe("a window", () => {
  const once = maintenanceOf(words({}), "Europe/Madrid");
  test.each([
    ["2026-03-01T00:59:59Z", null],
    ["2026-03-01T01:00:00Z", "03-01T01:00–03-01T04:00"],
    ["2026-03-01T03:59:59Z", "03-01T01:00–03-01T04:00"],
    ["2026-03-01T04:00:00Z", null],
  ])("once, in the tenant's zone, at %s", (now, expected) => expect(hours(once, now)).toBe(expected));

  test("in its own zone, and by instants, it does not move", () => {
    expect(hours(maintenanceOf(words({ timeZone: "America/New_York" }), "Europe/Madrid"), "2026-03-01T08:00:00Z")).toBe(
      "03-01T07:00–03-01T10:00",
    );
    const instants = words({ from: "2026-03-01T02:00:00Z", to: "2026-03-01T05:00:00+01:00" });
    expect(hours(maintenanceOf(instants, "Asia/Tokyo"), "2026-03-01T03:00:00Z")).toBe("03-01T02:00–03-01T04:00");
  });

  test("without a beginning it is on since it was made", () => {
    const { from: _, ...rest } = words({});
    expect(
      occurrenceAt(maintenanceOf(rest as Parameters<typeof maintenanceOf>[0], "UTC"), at("2026-02-01T00:00:00Z")),
    ).not.toBeNull();
  });

  const weekly = maintenanceOf(words({ rrule: "FREQ=WEEKLY;BYDAY=SU" }), "Europe/Madrid");
  test.each([
    // The clock goes forward on 2026-03-29 at 02:00: 02:00 to 05:00 is two hours long, read with the offset before the gap.
    ["2026-03-22T01:30:00Z", "03-22T01:00–03-22T04:00"],
    ["2026-03-29T01:30:00Z", "03-29T01:00–03-29T03:00"],
    ["2026-03-29T03:00:00Z", null],
    // From then on in summer time.
    ["2026-04-05T00:30:00Z", "04-05T00:00–04-05T03:00"],
    // And back on 2026-10-25: 02:00 is its first occurrence, and the window an hour longer.
    ["2026-10-25T00:30:00Z", "10-25T00:00–10-25T04:00"],
    ["2026-04-06T01:30:00Z", null],
  ])("every Sunday by the wall clock, at %s", (now, expected) => expect(hours(weekly, now)).toBe(expected));

  test("a window over midnight and one longer than its own interval", () => {
    const nightly = maintenanceOf(words({ from: "2026-03-01T22:00", to: "2026-03-02T02:00", rrule: "FREQ=DAILY" }), "UTC");
    expect(hours(nightly, "2026-03-10T01:00:00Z")).toBe("03-09T22:00–03-10T02:00");
    expect(hours(nightly, "2026-03-10T03:00:00Z")).toBeNull();
    const always = maintenanceOf(words({ from: "2026-03-01T00:00", to: "2026-03-02T12:00", rrule: "FREQ=DAILY" }), "UTC");
    expect(hours(always, "2026-03-10T06:00:00Z")).toBe("03-10T00:00–03-11T12:00");
  });

  test("ended by hand the occurrence is over, the next one is not", () => {
    const ended = maintenanceOf(words({ rrule: "FREQ=WEEKLY;BYDAY=SU", endedAt: "2026-03-08T02:00:00Z" }), "Europe/Madrid");
    expect(hours(ended, "2026-03-08T01:59:00Z")).toBe("03-08T01:00–03-08T02:00");
    expect(hours(ended, "2026-03-08T02:00:00Z")).toBeNull();
    expect(hours(ended, "2026-03-15T02:00:00Z")).toBe("03-15T01:00–03-15T04:00");
  });

  test("made longer or shorter by hand only the occurrence that was on is", () => {
    const extended = (to: string) =>
      maintenanceOf(words({ rrule: "FREQ=WEEKLY;BYDAY=SU", extended: { of: "2026-03-08T01:00:00Z", to } }), "Europe/Madrid");
    expect(hours(extended("2026-03-08T09:00:00Z"), "2026-03-08T08:00:00Z")).toBe("03-08T01:00–03-08T09:00");
    expect(hours(extended("2026-03-08T09:00:00Z"), "2026-03-15T08:00:00Z")).toBeNull();
    expect(hours(extended("2026-03-08T02:00:00Z"), "2026-03-08T02:30:00Z")).toBeNull();
  });

  test("asked again and again it answers the same, forwards and backwards", () => {
    for (const now of [
      "2026-03-01T01:00:00Z",
      "2026-03-01T05:00:00Z",
      "2026-03-08T02:00:00Z",
      "2026-03-01T02:00:00Z",
      "2026-02-01T00:00:00Z",
    ])
      expect(hours(weekly, now)).toBe(hours({ ...weekly }, now));
  });

  test("says when it is on next", () => {
    expect(nextOccurrence(weekly, at("2026-03-03T00:00:00Z"))?.from).toBe(at("2026-03-08T01:00:00Z"));
    expect(nextOccurrence(once, at("2026-03-03T00:00:00Z"))).toBeNull();
  });
});

describe("a silence", () => {
  const silence = (more: Record<string, unknown>): Silence =>
    silenceOf({ id: "s", when: "true", until: "2026-03-01T12:00", remind: "30m", reason: "", ...more }, "UTC");
  test.each<[Record<string, unknown>, string, boolean]>([
    [{}, "2026-03-01T11:59:59Z", true],
    [{}, "2026-03-01T12:00:00Z", false],
    [{ from: "2026-03-01T11:00" }, "2026-03-01T10:00:00Z", false],
    [{ endedAt: "2026-03-01T10:00:00Z" }, "2026-03-01T10:00:00Z", false],
    [{ extendedTo: "2026-03-01T14:00:00Z" }, "2026-03-01T13:00:00Z", true],
    [{ extendedTo: "2026-03-01T14:00:00Z", endedAt: "2026-03-01T13:30:00Z" }, "2026-03-01T13:45:00Z", false],
  ])("%o at %s: on %s", (more, now, on) => expect(isOn(silence(more), at(now))).toBe(on));
});
