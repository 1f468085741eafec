import { IANAZone } from "luxon";
import { describe, expect, test } from "vitest";
import { instantOf, offsetAt, parseWall, wallText, zoneOf } from "../../worker/core/zone.ts";

const read = (zone: string, wall: string): string => {
  const parsed = parseWall(wall);
  return parsed === null ? "no wall time" : new Date(instantOf(zoneOf(zone), parsed)).toISOString();
};

describe("a wall time read in a zone (RFC 5545 §3.3.5)", () => {
  test.each([
    ["an ordinary morning", "Europe/Madrid", "2026-11-24T09:00", "2026-11-24T08:00:00.000Z"],
    ["the last minute before the gap", "Europe/Madrid", "2026-03-29T01:59", "2026-03-29T00:59:00.000Z"],
    ["in the gap: with the offset before it", "Europe/Madrid", "2026-03-29T02:30", "2026-03-29T01:30:00.000Z"],
    ["the first minute after the gap", "Europe/Madrid", "2026-03-29T03:00", "2026-03-29T01:00:00.000Z"],
    ["twice: the first", "Europe/Madrid", "2026-10-25T02:30", "2026-10-25T00:30:00.000Z"],
    ["the first minute after the doubled hour", "Europe/Madrid", "2026-10-25T03:00", "2026-10-25T02:00:00.000Z"],
    ["New York, gap", "America/New_York", "2026-03-08T02:30", "2026-03-08T07:30:00.000Z"],
    ["New York, twice", "America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00.000Z"],
    ["Lord Howe moves by half an hour: gap", "Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45:00.000Z"],
    ["Lord Howe, twice", "Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00.000Z"],
    ["midnight that does not exist", "Africa/Cairo", "2026-04-24T00:00", "2026-04-23T22:00:00.000Z"],
    ["midnight that comes twice", "America/Havana", "2026-11-01T00:15", "2026-11-01T04:15:00.000Z"],
    ["a day that does not exist", "Pacific/Apia", "2011-12-30T09:00", "2011-12-30T19:00:00.000Z"],
    ["no daylight saving", "Asia/Kolkata", "2026-03-29T02:30", "2026-03-28T21:00:00.000Z"],
  ])("%s", (_, zone, wall, expected) => expect(read(zone, wall)).toBe(expected));

  test("what is no date, or no clock, is refused", () => {
    for (const text of ["2026-02-30T09:00", "2026-13-01T09:00", "2026-01-01T24:00", "2026-01-01", "soon"])
      expect([text, parseWall(text)]).toEqual([text, null]);
    expect(wallText(parseWall("2026-01-05T09:00") ?? 0)).toBe("2026-01-05T09:00");
    expect(() => zoneOf("Mars/Olympus")).toThrow("Mars/Olympus is not a time zone");
  });

  test.each(["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Havana", "Asia/Tehran"])(
    "offsets of %s are Luxon's around every change of 2010 to 2040",
    (name) => {
      const iana = IANAZone.create(name);
      const zone = zoneOf(name);
      const hour = 3_600_000;
      let before = iana.offset(Date.UTC(2010, 0, 1));
      let changes = 0;
      for (let at = Date.UTC(2010, 0, 1); at < Date.UTC(2040, 0, 1); at += 12 * hour) {
        const offset = iana.offset(at);
        if (offset === before) continue;
        before = offset;
        changes++;
        for (let near = at - 12 * hour; near <= at; near += hour / 4)
          expect([near, offsetAt(zone, near)]).toEqual([near, iana.offset(near) * 60_000]);
      }
      expect(changes).toBeGreaterThan(20);
    },
  );
});
