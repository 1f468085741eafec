import { describe, expect, test } from "vitest";
import { eventSpans } from "../../../worker/core/oncall/events.ts";
import { escapedText, foldedLine, readComponents } from "../../../worker/core/oncall/ical-lines.ts";
import { readCalendar } from "../../../worker/core/oncall/ical-read.ts";
import { writeFeed } from "../../../worker/core/oncall/ical-write.ts";
import { onCallAt } from "../../../worker/core/oncall/schedule.ts";
import { at, schedule } from "./build.ts";

const people = [
  { id: "ana", name: "Ana Ruiz", email: "ana@acme.test" },
  { id: "bo", name: "Bo", email: null },
];
const calendar = (...lines: string[]): string => ["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR", ""].join("\r\n");
const event = (...lines: string[]): string[] => ["BEGIN:VEVENT", "UID:one", ...lines, "END:VEVENT"];
const read = (text: string) => readCalendar(text, { people, timeZone: "Europe/Madrid" });
const users = (text: string, time: string): readonly string[] => {
  const reading = read(text);
  return onCallAt({ ...schedule([]), ical: { url: "", events: reading?.events ?? [], fetchedAt: 0 } }, at(time)).users;
};
const spans = (text: string, from: string, to: string): string[] =>
  (read(text)?.events ?? [])
    .flatMap((each) => eventSpans(each)(at(from), at(to)))
    .toSorted((a, b) => a.from - b.from)
    .map((span) => `${new Date(span.from).toISOString().slice(0, 16)}–${new Date(span.to).toISOString().slice(11, 16)}`);

describe("whom an event means", () => {
  const timed = ["DTSTART:20260105T080000Z", "DTEND:20260105T160000Z"];
  test.each([
    ["an attendee's address, whatever the title says", ["SUMMARY:Pager", "ATTENDEE;CN=Ana:mailto:ANA@acme.test"], ["ana"]],
    ["who declined does not come", ["SUMMARY:Bo", "ATTENDEE;PARTSTAT=DECLINED:mailto:ana@acme.test"], ["bo"]],
    ["an id", ["SUMMARY:@bo"], ["bo"]],
    ["a full name, in any case", ["SUMMARY:ana ruiz"], ["ana"]],
    ["an address", ["SUMMARY:ana@acme.test"], ["ana"]],
    ["several", ["SUMMARY:On call: Ana Ruiz\\, Bo"], ["ana", "bo"]],
    ["with an ampersand", ["SUMMARY:Bo & Ana Ruiz"], ["bo", "ana"]],
    ["nobody", ["SUMMARY:Somebody Else"], []],
    ["a part of a name is nobody", ["SUMMARY:Bob"], []],
  ])("%s", (_, lines, expected) => {
    expect(users(calendar(...event(...timed, ...lines)), "2026-01-05T12:00Z")).toEqual(expected);
  });

  test("titles that name nobody are told", () => {
    expect(read(calendar(...event(...timed, "SUMMARY:Zed")))).toMatchObject({ unmatched: ["Zed"], problems: [] });
  });
});

describe("when an event is", () => {
  test.each([
    ["UTC", "DTSTART:20260329T010000Z", "DTEND:20260329T030000Z", "2026-03-29T01:00–03:00"],
    [
      "a zone, over a clock change",
      "DTSTART;TZID=Europe/Madrid:20260329T010000",
      "DTEND;TZID=Europe/Madrid:20260329T040000",
      "2026-03-29T00:00–02:00",
    ],
    ["no zone: the schedule's", "DTSTART:20260105T090000", "DTEND:20260105T170000", "2026-01-05T08:00–16:00"],
    [
      "a zone inside a path",
      "DTSTART;TZID=/example.org/Olson_20260101/America/New_York:20260105T090000",
      "DURATION:PT2H30M",
      "2026-01-05T14:00–16:30",
    ],
    ["Microsoft's names", 'DTSTART;TZID="Romance Standard Time":20260105T090000', "DURATION:PT1H", "2026-01-05T08:00–09:00"],
    [
      "two zones",
      "DTSTART;TZID=Europe/Madrid:20260105T090000",
      "DTEND;TZID=Europe/London:20260105T090000",
      "2026-01-05T08:00–09:00",
    ],
    [
      "a whole day of the calendar's own zone",
      "DTSTART;VALUE=DATE:20260105",
      "DTEND;VALUE=DATE:20260106",
      "2026-01-04T23:00–23:00",
    ],
    ["a date alone is a day", "DTSTART;VALUE=DATE:20260105", "SEQUENCE:0", "2026-01-04T23:00–23:00"],
  ])("%s", (_, start, end, expected) => {
    expect(spans(calendar(...event(start, end, "SUMMARY:bo")), "2025-12-01T00:00Z", "2026-12-01T00:00Z")).toEqual([expected]);
  });

  test("a zone nobody knows is read as the calendar's, and said", () => {
    const text = calendar(
      "X-WR-TIMEZONE:Asia/Tokyo",
      ...event("DTSTART;TZID=Mars/Base:20260105T090000", "DURATION:PT1H", "SUMMARY:bo"),
    );
    expect(spans(text, "2026-01-01T00:00Z", "2026-02-01T00:00Z")).toEqual(["2026-01-05T00:00–01:00"]);
    expect(read(text)?.problems).toEqual(["time zone Mars/Base is not known: read as Asia/Tokyo"]);
  });

  const series = [
    "DTSTART;TZID=Europe/Madrid:20260105T090000",
    "DTEND;TZID=Europe/Madrid:20260105T100000",
    "RRULE:FREQ=WEEKLY;UNTIL=20260126T080000Z",
    "SUMMARY:bo",
  ];
  const month: [string, string] = ["2026-01-01T00:00Z", "2026-03-01T00:00Z"];

  test("a series up to its UNTIL, without its exceptions, with its extra dates", () => {
    const text = calendar(
      ...event(
        ...series,
        "EXDATE;TZID=Europe/Madrid:20260112T090000",
        "EXDATE:20260119T080000Z",
        "RDATE;TZID=Europe/Madrid:20260203T120000",
      ),
    );
    expect(spans(text, ...month)).toEqual(["2026-01-05T08:00–09:00", "2026-01-26T08:00–09:00", "2026-02-03T11:00–12:00"]);
  });

  test("an occurrence that was moved to somebody else, and one that was cancelled", () => {
    const moved = event(
      "RECURRENCE-ID;TZID=Europe/Madrid:20260112T090000",
      "DTSTART:20260112T180000Z",
      "DTEND:20260112T190000Z",
      "SUMMARY:ana",
    );
    const cancelled = event("RECURRENCE-ID:20260119T080000Z", "DTSTART:20260119T080000Z", "STATUS:CANCELLED", "SUMMARY:bo");
    const text = calendar(...moved, ...event(...series), ...cancelled);
    expect(spans(text, ...month)).toEqual(["2026-01-05T08:00–09:00", "2026-01-12T18:00–19:00", "2026-01-26T08:00–09:00"]);
    expect(users(text, "2026-01-12T18:30Z")).toEqual(["ana"]);
    expect(users(text, "2026-01-12T08:30Z")).toEqual([]);
  });

  test("a cancelled series is nothing; of two versions the later one counts", () => {
    expect(spans(calendar(...event(...series, "STATUS:CANCELLED")), ...month)).toEqual([]);
    const text = calendar(
      ...event("SEQUENCE:2", "DTSTART:20260106T080000Z", "DURATION:PT1H", "SUMMARY:bo"),
      ...event("SEQUENCE:1", "DTSTART:20260105T080000Z", "DURATION:PT1H", "SUMMARY:bo"),
    );
    expect(spans(text, ...month)).toEqual(["2026-01-06T08:00–09:00"]);
  });

  test("two at once are on call together; between events nobody is", () => {
    const text = calendar(
      ...event("DTSTART:20260105T080000Z", "DTEND:20260105T120000Z", "SUMMARY:bo"),
      "BEGIN:VEVENT",
      "UID:two",
      "DTSTART:20260105T100000Z",
      "DTEND:20260105T140000Z",
      "SUMMARY:ana",
      "END:VEVENT",
    );
    expect(["09", "11", "13", "15"].map((hour) => users(text, `2026-01-05T${hour}:00Z`))).toEqual([
      ["bo"],
      ["bo", "ana"],
      ["ana"],
      [],
    ]);
  });
});

describe("what cannot be read", () => {
  test.each([["<html></html>"], [""], ["BEGIN:VEVENT\nEND:VEVENT"]])("%j is no calendar", (text) =>
    expect(read(text)).toBeNull(),
  );
  test.each([
    [["DTSTART:tomorrow", "SUMMARY:bo"], "bo: its start cannot be read"],
    [["DTSTART:20260105T080000Z", "DTEND:20260105T080000Z", "SUMMARY:bo"], "bo: it lasts no time"],
    [["DTSTART:20260105T080000Z", "DTEND:soon", "SUMMARY:bo"], "bo: its end cannot be read"],
    [
      ["DTSTART:20260105T080000Z", "DURATION:PT1H", "RRULE:FREQ=SECONDLY", "SUMMARY:bo"],
      "bo: a rule finer than hours is not for people",
    ],
  ])("the rest is used, and it is said (%#)", (lines, problem) => {
    const good = ["BEGIN:VEVENT", "UID:two", "DTSTART:20260105T080000Z", "DURATION:PT1H", "SUMMARY:ana", "END:VEVENT"];
    const reading = read(calendar(...event(...lines), ...good));
    expect(reading).toMatchObject({ problems: [problem], events: [{ users: ["ana"] }] });
  });

  test("folded lines, quoted parameters, alarms inside events, line ends of any kind", () => {
    const text =
      'BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\nDTSTART:20260105T080000Z\nDURATION:PT\n 1H\nATTENDEE;CN="Ruiz, Ana: ops";ROLE=CHAIR:mailto:ana@\n\tacme.test\nBEGIN:VALARM\nSUMMARY:Zed\nTRIGGER:-PT15M\nEND:VALARM\nSUMMARY:On ca\n ll\nEND:VEVENT\nEND:VCALENDAR';
    expect(read(text)).toMatchObject({ events: [{ users: ["ana"], summary: "On call" }], problems: [], unmatched: [] });
  });

  test("garbage throws nothing", () => {
    for (const text of [
      "BEGIN:VCALENDAR\nBEGIN:VEVENT\nRRULE:FREQ=WEEKLY;BYDAY=XX\nDTSTART:20260101\nSUMMARY:bo",
      "BEGIN:VCALENDAR\n:::\nEND:X\nBEGIN:VEVENT",
      "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:99999999T999999Z\nEND:VEVENT",
    ])
      expect(read(text)).not.toBeNull();
  });
});

describe("a feed", () => {
  const shift = {
    schedule: "sre",
    users: ["ana"],
    from: at("2026-01-05T08:00Z"),
    to: at("2026-01-12T08:00Z"),
    summary: "On call: SRE; nights, \\ weekends",
    description: "Ana\nuntil Monday",
  };
  const text = writeFeed({ tenant: "acme", name: "On call: Ana", shifts: [shift] }, at("2026-01-01T00:00Z"));

  test("is lines of at most 75 octets ended by CRLF, with what people wrote escaped", () => {
    expect(text.endsWith("END:VCALENDAR\r\n")).toBe(true);
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(text).toContain("SUMMARY:On call: SRE\\; nights\\, \\\\ weekends\r\n");
    expect(text).toContain("DTSTART:20260105T080000Z\r\nDTEND:20260112T080000Z\r\n");
  });

  test("has one UID for one shift, even when its end moves", () => {
    const uid = (of: string): string => /UID:(.*)\r/.exec(of)?.[1] ?? "";
    const later = writeFeed({ tenant: "acme", name: "x", shifts: [{ ...shift, to: shift.to + 1_000 }] }, 0);
    expect(uid(later)).toBe(uid(text));
    expect(uid(writeFeed({ tenant: "other", name: "x", shifts: [shift] }, 0))).not.toBe(uid(text));
    expect(uid(writeFeed({ tenant: "acme", name: "x", shifts: [{ ...shift, users: ["bo"] }] }, 0))).not.toBe(uid(text));
  });

  test("folds inside no character", () => {
    const line = `SUMMARY:${"ñ🙂".repeat(60)}`;
    const folded = foldedLine(line);
    for (const part of folded.split("\r\n")) expect(new TextEncoder().encode(part).length).toBeLessThanOrEqual(75);
    expect(folded.replaceAll("\r\n ", "").trimEnd()).toBe(line);
    expect(folded).not.toContain("\uFFFD");
  });

  test("no line of somebody's text becomes a line of the calendar", () => {
    const hostile = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\u0007";
    expect(escapedText(hostile)).toBe("x\\nEND:VEVENT\\nBEGIN:VEVENT");
    const made = readComponents(
      writeFeed({ tenant: "a", name: hostile, shifts: [{ ...shift, summary: hostile, description: hostile }] }, 0),
    );
    expect(made[0]?.inside).toHaveLength(1);
  });

  test("is read back as what was written", () => {
    const again = readCalendar(text, { people: [{ id: "ana", name: shift.summary, email: null }], timeZone: "UTC" });
    expect(again).toMatchObject({
      events: [{ users: ["ana"], start: "2026-01-05T08:00", end: "2026-01-12T08:00", timeZone: "UTC" }],
    });
  });
});
