// Cron: what can be written, and when it comes on a wall clock that is set forward and back.

import { describe, expect, test } from "vitest";
import { cronAfter, parseCron, type Cron } from "../../worker/core/cron.ts";

function read(text: string): Cron {
  const found = parseCron(text);
  if (!found.ok) throw new Error(found.message);
  return found.cron;
}

/** The next `count` times after an instant, in UTC. */
function times(text: string, zone: string, after: string, count: number): string[] {
  const cron = read(text);
  const found: string[] = [];
  let at = Date.parse(after);
  for (let i = 0; i < count; i++) {
    const next = cronAfter(cron, zone, at);
    if (next === null) break;
    expect(next).toBeGreaterThan(at);
    at = next;
    found.push(new Date(at).toISOString().replace(":00.000Z", "Z"));
  }
  return found;
}

describe("what can be written", () => {
  test.each([
    ["* * * *", "five fields"],
    ["", "five fields (minute hour day month weekday), this one has 0"],
    ["60 * * * *", 'minute: "60" is not from 0 to 59'],
    ["* 24 * * *", 'hour: "24"'],
    ["* * 0 * *", "day of the month"],
    ["* * * 13 *", "month"],
    ["* * * * 8", "day of the week"],
    ["*/0 * * * *", "a step is 1 or more"],
    ["5-1 * * * *", "ends before it begins"],
    ["L * * * *", 'minute: "l" is not from'],
    ["* * * * 5#2", 'day of the week: "5#2" is not understood'],
    ["1,,2 * * * *", 'minute: "" is not understood'],
    ["0 0 30 2 *", "never come"],
    ["0 0 31 4,6,9,11 *", "never come"],
    ["@reboot", "five fields"],
  ])("%s is refused: %s", (text, words) => {
    expect(parseCron(text)).toMatchObject({ ok: false, message: expect.stringContaining(words) });
  });

  test("names, lists, ranges, steps, Sunday as 0 and as 7, nicknames", () => {
    expect(read("*/15 8-18/5 1,15 JAN-mar mon,FRI")).toMatchObject({
      minutes: [0, 15, 30, 45],
      hours: [8, 13, 18],
      days: new Set([1, 15]),
      months: new Set([1, 2, 3]),
      weekdays: new Set([1, 5]),
      eitherDay: true,
    });
    expect(read("0 0 * * 7").weekdays).toEqual(new Set([0]));
    expect(read("0 0 * * 5-7").weekdays).toEqual(new Set([5, 6, 0]));
    expect(read("10/20 0 * * *").minutes).toEqual([10, 30, 50]);
    expect(read("@daily")).toEqual(read("0 0 * * *"));
  });
});

describe("when it comes", () => {
  test.each<[string, string, string, string[]]>([
    ["0 3 * * *", "UTC", "2026-01-01T03:00:00Z", ["2026-01-02T03:00Z", "2026-01-03T03:00Z"]],
    ["0 3 * * *", "UTC", "2026-01-01T02:59:59.999Z", ["2026-01-01T03:00Z"]],
    ["*/20 9-10 * * MON-FRI", "UTC", "2026-01-02T10:20:00Z", ["2026-01-02T10:40Z", "2026-01-05T09:00Z"]],
    ["0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", ["2028-02-29T00:00Z", "2032-02-29T00:00Z"]],
    ["0 0 29 2 mon", "UTC", "2026-01-30T00:00:00Z", ["2026-02-02T00:00Z", "2026-02-09T00:00Z"]],
    [
      "0 0 13 * fri",
      "UTC",
      "2026-02-06T00:00:00Z",
      ["2026-02-13T00:00Z", "2026-02-20T00:00Z", "2026-02-27T00:00Z", "2026-03-06T00:00Z"],
    ],
    ["0 0 */2 * mon", "UTC", "2026-06-01T00:00:00Z", ["2026-06-15T00:00Z", "2026-06-29T00:00Z"]],
    ["30 9 * * *", "Asia/Kolkata", "2026-01-01T00:00:00Z", ["2026-01-01T04:00Z"]],
    ["0 8 1 1 *", "Pacific/Auckland", "2026-06-01T00:00:00Z", ["2026-12-31T19:00Z"]],
  ])("%s in %s after %s", (text, zone, after, expected) => {
    expect(times(text, zone, after, expected.length)).toEqual(expected);
  });

  test("a daily time keeps to the clock through both changes", () => {
    expect(times("0 3 * * *", "Europe/Madrid", "2026-03-28T00:00:00Z", 3)).toEqual([
      "2026-03-28T02:00Z",
      "2026-03-29T01:00Z",
      "2026-03-30T01:00Z",
    ]);
    expect(times("0 3 * * *", "America/New_York", "2026-10-31T12:00:00Z", 2)).toEqual(["2026-11-01T08:00Z", "2026-11-02T08:00Z"]);
  });

  test("a time the clock leaves out is read with the offset before the gap", () => {
    expect(times("30 2 * * *", "Europe/Madrid", "2026-03-28T12:00:00Z", 2)).toEqual(["2026-03-29T01:30Z", "2026-03-30T00:30Z"]);
    // At half past two there is none: 03:30 by the new clock, behind the 03:00 of the same day.
    expect(times("30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", 1)).toEqual(["2026-03-08T07:30Z"]);
    expect(times("0,30 2,3 * * *", "Europe/Madrid", "2026-03-29T00:00:00Z", 3)).toEqual([
      "2026-03-29T01:00Z",
      "2026-03-29T01:30Z",
      "2026-03-30T00:00Z",
    ]);
  });

  test("a time that comes twice counts once, the first one", () => {
    expect(times("30 2 * * *", "Europe/Madrid", "2026-10-24T12:00:00Z", 2)).toEqual(["2026-10-25T00:30Z", "2026-10-26T01:30Z"]);
    expect(times("30 1 * * *", "America/New_York", "2026-11-01T05:30:00Z", 1)).toEqual(["2026-11-02T06:30Z"]);
  });

  test("what runs every hour follows time as it passes: no hour is passed over, none is left out", () => {
    expect(times("0 * * * *", "Europe/Madrid", "2026-10-24T23:30:00Z", 4)).toEqual([
      "2026-10-25T00:00Z",
      "2026-10-25T01:00Z",
      "2026-10-25T02:00Z",
      "2026-10-25T03:00Z",
    ]);
    expect(times("*/30 * * * *", "America/New_York", "2026-03-08T06:45:00Z", 3)).toEqual([
      "2026-03-08T07:00Z",
      "2026-03-08T07:30Z",
      "2026-03-08T08:00Z",
    ]);
    // Half an hour is what the clock of Lord Howe moves by.
    expect(times("15 * * * *", "Australia/Lord_Howe", "2026-04-04T14:00:00Z", 3)).toEqual([
      "2026-04-04T14:15Z",
      "2026-04-04T15:45Z",
      "2026-04-04T16:45Z",
    ]);
  });

  test("midnight that does not exist, and a day that does not", () => {
    // Beirut sets its clock forward at midnight.
    expect(times("0 0 * * *", "Asia/Beirut", "2026-03-27T22:00:00Z", 2)).toEqual(["2026-03-28T22:00Z", "2026-03-29T21:00Z"]);
    // Samoa left out 30 December 2011.
    expect(times("0 12 * * *", "Pacific/Apia", "2011-12-29T23:00:00Z", 2)).toEqual(["2011-12-30T22:00Z", "2011-12-31T22:00Z"]);
  });

  test("once a day and never twice, over four years of five zones", () => {
    for (const zone of ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo"]) {
      const cron = read("30 2 * * *");
      let at = Date.parse("2020-01-01T00:00:00Z");
      for (let day = 0; day < 1_460; day++) {
        const next = cronAfter(cron, zone, at) ?? 0;
        expect(next - at).toBeGreaterThanOrEqual(22 * 3_600_000 * (day === 0 ? 0 : 1));
        expect(next - at).toBeLessThanOrEqual(26 * 3_600_000);
        at = next;
      }
    }
  });
});
