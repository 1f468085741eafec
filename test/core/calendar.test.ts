import { readFileSync } from "node:fs";
import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import {
  addOpenTime,
  isOpenAt,
  nextClosing,
  nextOpening,
  openTimeBetween,
  type BusinessHours,
  type OpenWindow,
  type Weekday,
} from "../../worker/core/calendar.ts";
import { shared } from "./vectors.ts";

const minute = 60_000;
const hour = 3_600_000;
const week: readonly Weekday[] = ["MO", "TU", "WE", "TH", "FR"];
const every: readonly Weekday[] = [...week, "SA", "SU"];

function hours(timeZone: string, windows: readonly OpenWindow[], holidays: readonly string[] = []): BusinessHours {
  return { id: "office", name: "Office", timeZone, hours: windows, holidays };
}

const office = hours("Europe/Madrid", [{ days: week, from: "09:00", to: "18:00" }], ["2026-12-25"]);
const night = (timeZone: string): BusinessHours => hours(timeZone, [{ days: week, from: "22:00", to: "06:00" }], ["2026-12-25"]);
const at = (text: string): number => {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new Error(`${text} is no instant`);
  return ms;
};
const text = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString().slice(0, 16));

describe("open or closed", () => {
  test.each([
    ["at the opening", office, "2026-11-24T08:00:00Z", true],
    ["a millisecond before it", office, "2026-11-24T07:59:59.999Z", false],
    ["at the closing", office, "2026-11-24T17:00:00Z", false],
    ["on a Saturday", office, "2026-11-28T10:00:00Z", false],
    ["on a holiday", office, "2026-12-25T10:00:00Z", false],
    ["in summer an hour of UTC earlier", office, "2026-07-01T07:00:00Z", true],
    ["past midnight, of the day before's window", night("Europe/Madrid"), "2026-11-25T03:00:00Z", true],
    ["Saturday morning belongs to Friday's night", night("Europe/Madrid"), "2026-11-28T04:59:00Z", true],
    ["Monday morning belongs to Sunday, which has none", night("Europe/Madrid"), "2026-11-30T03:00:00Z", false],
    ["the eve of a holiday, before midnight", night("Europe/Madrid"), "2026-12-24T22:59:00Z", true],
    ["the holiday begins at its own midnight", night("Europe/Madrid"), "2026-12-24T23:00:00Z", false],
    ["the holiday's own night is closed", night("Europe/Madrid"), "2026-12-25T22:30:00Z", false],
    ["and ends with the day: what reached past midnight is open", night("Europe/Madrid"), "2026-12-25T23:30:00Z", true],
    ["a holiday is a day of the zone, not of UTC", night("Asia/Tokyo"), "2026-12-24T15:30:00Z", false],
  ])("%s", (_, calendar, when, open) => expect(isOpenAt(calendar, at(when))).toBe(open));

  test("equal times are 24 hours, several windows are joined", () => {
    const round = hours("UTC", [{ days: ["MO"], from: "09:00", to: "09:00" }]);
    expect(openTimeBetween(round, at("2026-11-22T00:00:00Z"), at("2026-11-29T00:00:00Z"))).toBe(24 * hour);
    const split = hours("UTC", [
      { days: ["MO"], from: "09:00", to: "13:00" },
      { days: ["MO"], from: "14:00", to: "18:00" },
      { days: ["MO", "TU"], from: "12:00", to: "14:00" },
    ]);
    expect(openTimeBetween(split, at("2026-11-23T00:00:00Z"), at("2026-11-25T00:00:00Z"))).toBe(11 * hour);
    expect(text(nextClosing(split, at("2026-11-23T10:00:00Z")))).toBe("2026-11-23T18:00");
  });
});

describe("the next opening and closing", () => {
  test.each([
    ["over the weekend", office, "2026-11-27T17:00:00Z", "2026-11-30T08:00", "2026-11-30T17:00"],
    ["while open: the next morning's", office, "2026-11-24T10:00:00Z", "2026-11-25T08:00", "2026-11-24T17:00"],
    ["over a holiday and a weekend", office, "2026-12-24T18:00:00Z", "2026-12-28T08:00", "2026-12-28T17:00"],
    ["over the clock change", office, "2026-03-27T18:00:00Z", "2026-03-30T07:00", "2026-03-30T16:00"],
  ])("%s", (_, calendar, when, opening, closing) => {
    expect(text(nextOpening(calendar, at(when)))).toBe(opening);
    expect(text(nextClosing(calendar, at(when)))).toBe(closing);
  });

  test("never is an answer, and is given in bounded time", () => {
    const shut = hours("UTC", []);
    const always = hours("UTC", [{ days: every, from: "00:00", to: "00:00" }]);
    const yearly = Array.from({ length: 12 * 366 }, (_, i) => new Date(at("2026-01-01T00:00:00Z") + i * 24 * hour).toISOString());
    const onHoliday = hours(
      "UTC",
      [{ days: every, from: "09:00", to: "10:00" }],
      yearly.map((day) => day.slice(0, 10)),
    );
    const now = at("2026-11-24T10:00:00Z");
    for (const calendar of [shut, onHoliday]) {
      expect(nextOpening(calendar, now)).toBeNull();
      expect(nextClosing(calendar, now)).toBeNull();
      expect(addOpenTime(calendar, now, 1)).toBeNull();
      expect(openTimeBetween(calendar, now, now + 400 * 24 * hour)).toBe(0);
      expect(isOpenAt(calendar, now)).toBe(false);
    }
    expect(nextOpening(always, now)).toBeNull();
    expect(nextClosing(always, now)).toBeNull();
    expect(addOpenTime(always, now, 90 * minute)).toBe(now + 90 * minute);
    expect(addOpenTime("always", now, 90 * minute)).toBe(now + 90 * minute);
    expect(openTimeBetween("always", now, now - 5)).toBe(0);
  });
});

describe("time counted while open", () => {
  test.each([
    ["within one day", office, "2026-11-24T10:00:00Z", 2 * hour, "2026-11-24T12:00"],
    ["ends at the closing, not at the next opening", office, "2026-11-24T15:00:00Z", 2 * hour, "2026-11-24T17:00"],
    ["goes on next morning", office, "2026-11-24T16:30:00Z", 2 * hour, "2026-11-25T09:30"],
    ["begins at the opening when started at night", office, "2026-11-24T03:00:00Z", 2 * hour, "2026-11-24T10:00"],
    ["over Christmas and the weekend", office, "2026-12-24T16:00:00Z", 2 * hour, "2026-12-28T09:00"],
    [
      "eight hours through the night the clock goes forward",
      night("Europe/Madrid"),
      "2026-03-27T21:00:00Z",
      8 * hour,
      "2026-03-28T05:00",
    ],
    ["a zero is now, even at night", office, "2026-11-24T03:00:00Z", 0, "2026-11-24T03:00"],
  ])("%s", (_, calendar, from, ms, expected) => expect(text(addOpenTime(calendar, at(from), ms))).toBe(expected));

  const sunday = (zone: string, from: string, to: string): BusinessHours => hours(zone, [{ days: every, from, to }]);
  test.each([
    ["a night of 7 hours in spring", sunday("Europe/Madrid", "22:00", "06:00"), "2026-03-28T12:00:00Z", 7 * hour],
    ["a night of 9 hours in autumn", sunday("Europe/Madrid", "22:00", "06:00"), "2026-10-24T12:00:00Z", 9 * hour],
    ["New York, spring", sunday("America/New_York", "22:00", "06:00"), "2026-03-07T20:00:00Z", 7 * hour],
    ["New York, autumn", sunday("America/New_York", "22:00", "06:00"), "2026-10-31T20:00:00Z", 9 * hour],
    ["half an hour at Lord Howe, spring", sunday("Australia/Lord_Howe", "22:00", "06:00"), "2026-10-03T08:00:00Z", 7.5 * hour],
    ["half an hour at Lord Howe, autumn", sunday("Australia/Lord_Howe", "22:00", "06:00"), "2026-04-04T08:00:00Z", 8.5 * hour],
    ["a whole day of 23 hours", sunday("Africa/Cairo", "00:00", "00:00"), "2026-04-23T22:00:00Z", 23 * hour],
  ])("%s", (_, calendar, from, length) => {
    const day = calendar.hours[0]?.from === "00:00" ? length : 20 * hour;
    expect(openTimeBetween(calendar, at(from), at(from) + day)).toBe(length);
  });

  test("a window in the skipped hour is read with the offset before, one that this makes empty is empty", () => {
    const from = at("2026-03-28T12:00:00Z");
    const within = sunday("Europe/Madrid", "02:15", "02:45");
    expect([text(nextOpening(within, from)), text(nextClosing(within, from))]).toEqual(["2026-03-29T01:15", "2026-03-29T01:45"]);
    const emptied = sunday("Europe/Madrid", "02:30", "03:15");
    expect(text(nextOpening(emptied, from))).toBe("2026-03-30T00:30");
  });

  test("a window in the doubled hour is open once, one around it is open through both", () => {
    const from = at("2026-10-24T12:00:00Z");
    const to = at("2026-10-25T12:00:00Z");
    expect(openTimeBetween(sunday("Europe/Madrid", "02:15", "02:45"), from, to)).toBe(30 * minute);
    expect(openTimeBetween(sunday("Europe/Madrid", "02:00", "03:00"), from, to)).toBe(2 * hour);
  });

  test("the day Samoa left out is no working day", () => {
    const apia = hours("Pacific/Apia", [{ days: every, from: "08:00", to: "16:00" }]);
    const from = at("2011-12-29T10:00:00Z");
    // 29th, then 31st: the 30th never was, its hours fall onto the 31st's.
    expect(openTimeBetween(apia, from, from + 48 * hour)).toBe(16 * hour);
  });
});

/** The clock on the wall, minute by minute, by Luxon: slow, and shares nothing with the code under test. */
function openMinutes(calendar: BusinessHours, from: number, to: number): number {
  const clock = (value: string): number => Number(value.slice(0, 2)) * 60 + Number(value.slice(3));
  const name = (luxonDay: number): Weekday => every[(luxonDay + 6) % 7] ?? "MO";
  let count = 0;
  for (let t = from; t < to; t += minute) {
    const wall = DateTime.fromMillis(t, { zone: calendar.timeZone });
    if (calendar.holidays.includes(wall.toISODate() ?? "")) continue;
    const now = wall.hour * 60 + wall.minute;
    const open = calendar.hours.some((window) => {
      const [begin, end] = [clock(window.from), clock(window.to)];
      const today = window.days.includes(name(wall.weekday)) && now >= begin && (end <= begin || now < end);
      const yesterday = end <= begin && window.days.includes(name(wall.weekday - 1 || 7)) && now < end;
      return today || yesterday;
    });
    if (open) count++;
  }
  return count;
}

/** Park–Miller: enough to draw cases by, the same on every run. */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

describe.each<[string, string[]]>([
  ["Europe/Madrid", ["2026-03-29", "2026-10-25"]],
  ["America/New_York", ["2026-03-08", "2026-11-01"]],
  ["Australia/Lord_Howe", ["2026-04-05", "2026-10-04"]],
  ["Africa/Cairo", ["2026-04-24", "2026-10-30"]],
  ["Asia/Kolkata", ["2026-03-29", "2026-10-25"]],
])("in %s, against a minute counter", (zone, changes) => {
  const two = (n: number): string => String(n).padStart(2, "0");
  test.each(changes)("around %s", (change) => {
    const draw = draws(change.length * 7_919 + zone.length + changes.indexOf(change) * 31 + 17);
    for (let round = 0; round < 12; round++) {
      // Edges off the hours in which clocks change: there a reading of the wall cannot tell the first from the second.
      const edge = (): string => `${two(4 + draw(19))}:${two(5 * draw(12))}`;
      const windows = Array.from({ length: 1 + draw(3) }, () => ({
        days: every.filter(() => draw(3) > 0),
        from: edge(),
        to: edge(),
      }));
      const noon = at(`${change}T12:00:00Z`);
      const holidays = [noon - 24 * hour, noon, noon + 24 * hour]
        .filter(() => draw(4) === 0)
        .map((ms) => new Date(ms).toISOString().slice(0, 10));
      const calendar = hours(zone, windows, holidays);
      const from = noon - 48 * hour + draw(24 * 60) * minute;
      const to = from + (12 * 60 + draw(60 * 60)) * minute;
      const counted = openMinutes(calendar, from, to) * minute;
      const told = `${JSON.stringify(calendar)} from ${text(from)} to ${text(to)}`;
      expect({ told, open: openTimeBetween(calendar, from, to) }).toEqual({ told, open: counted });
      if (counted === 0) continue;
      const reached = addOpenTime(calendar, from, counted) ?? Infinity;
      const part = 1 + draw(counted - 1);
      const middle = addOpenTime(calendar, from, part) ?? 0;
      expect({
        told,
        inTime: reached <= to,
        back: openTimeBetween(calendar, from, reached),
        notEarlier: openTimeBetween(calendar, from, reached - 1),
        inTwoParts: addOpenTime(calendar, middle, counted - part),
      }).toEqual({ told, inTime: true, back: counted, notEarlier: counted - 1, inTwoParts: reached });
    }
  });
});

interface SupportHours {
  readonly id: string;
  readonly kind: string;
  readonly input: { readonly hours: { readonly days: readonly Weekday[]; readonly start: string; readonly end: string } };
  readonly expect: { readonly probes: readonly { readonly at: string; readonly timezone: string; readonly outside: boolean }[] };
}

const supportHours = shared("vectors/timeinterval-opsknight.json");
describe.skipIf(supportHours === null)("support hours of another product (vectors)", () => {
  const cases = supportHours === null ? [] : (JSON.parse(readFileSync(supportHours, "utf8")) as SupportHours[]);
  test.each(cases.filter((each) => each.kind === "support_hours.outside").map((each) => [each.id, each] as const))(
    "%s",
    (_, each) => {
      const { days, start, end } = each.input.hours;
      for (const probe of each.expect.probes) {
        const calendar = hours(probe.timezone, [{ days, from: start, to: end }]);
        expect([probe.at, isOpenAt(calendar, at(probe.at))]).toEqual([probe.at, !probe.outside]);
      }
    },
  );
});
