import { describe, expect, test } from "vitest";
import { holidaysOf } from "../../worker/core/oncall/holidays.ts";
import { readCalendar } from "../../worker/core/oncall/ical-read.ts";

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

function dates(events: string, from = "2026-01-01", to = "2029-01-01") {
  const text = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${events.replaceAll("\n", "\r\n")}\r\nEND:VCALENDAR\r\n`;
  const reading = readCalendar(text, { people: [], timeZone: "Europe/Madrid" });
  if (reading === null) throw new Error("no calendar");
  return holidaysOf(reading.events, day(from), day(to));
}

const event = (lines: string): string => `BEGIN:VEVENT\nUID:${lines.length}\nSUMMARY:Holiday\n${lines}\nEND:VEVENT`;

describe("holidays of an imported calendar", () => {
  test("a day, several days, the end not among them", () => {
    expect(dates(event("DTSTART;VALUE=DATE:20261225")).dates).toEqual(["2026-12-25"]);
    expect(dates(event("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227")).dates).toEqual([
      "2026-12-24",
      "2026-12-25",
      "2026-12-26",
    ]);
  });

  test("every year, except where it says not", () => {
    const yearly = "DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20271225";
    expect(dates(event(yearly)).dates).toEqual(["2026-12-25", "2028-12-25"]);
    expect(dates(event("DTSTART;VALUE=DATE:20210101\nRRULE:FREQ=MONTHLY;BYDAY=1MO"), "2026-11-01", "2027-01-01").dates).toEqual([
      "2026-11-02",
      "2026-12-07",
    ]);
  });

  test("one that began before the range reaches into it; the same day twice is one", () => {
    const long = event("DTSTART;VALUE=DATE:20251230\nDTEND;VALUE=DATE:20260103");
    expect(dates(`${long}\n${event("DTSTART;VALUE=DATE:20260101")}`).dates).toEqual(["2026-01-01", "2026-01-02"]);
  });

  test("a meeting is no holiday, and is said", () => {
    const meeting = event("DTSTART;TZID=Europe/Madrid:20261124T090000\nDTEND;TZID=Europe/Madrid:20261124T100000");
    expect(dates(meeting)).toEqual({ dates: [], problems: ["Holiday: it is no whole day"] });
  });

  test("a rule without an end is bounded", () => {
    const daily = dates(event("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=DAILY"), "2026-01-01", "2036-01-01");
    expect(daily.dates.length).toBe(1_000);
    expect(daily.problems.join()).toContain("only the first 1000 days");
  });
});
