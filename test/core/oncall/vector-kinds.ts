// Owns how each kind of shared case is asked of our code. Each function gives back what differs, or null.

import { isDeepStrictEqual } from "node:util";
import { nextOnCallAt } from "../../../worker/core/oncall/schedule.ts";
import { placeOf } from "../../../worker/core/oncall/edit.ts";
import { eventSpans } from "../../../worker/core/oncall/events.ts";
import { readCalendar } from "../../../worker/core/oncall/ical-read.ts";
import { overrideProblem } from "../../../worker/core/oncall/override-check.ts";
import type { CalendarSource, Layer, Override, Schedule } from "../../../worker/core/oncall/schedule.ts";
import { firstOccurrences, occurrencesBetween } from "../../../worker/core/oncall/recurrence.ts";
import { resolveAt } from "../../../worker/core/oncall/resolve.ts";
import { gapsBetween, nextHandoff, shiftsBetween } from "../../../worker/core/oncall/shifts.ts";
import { turnsOf } from "../../../worker/core/oncall/turns.ts";
import { windowOf, windowSpans } from "../../../worker/core/oncall/windows.ts";
import { instantOf, parseWall, zoneOf } from "../../../worker/core/zone.ts";
import { layer, schedule as plainSchedule } from "./build.ts";
import {
  NotOurs,
  overridesOf,
  plain,
  restrictionsOf,
  rotationOf,
  scheduleOf,
  stretchOf,
  wallIn,
  type Json,
  type Stretch,
} from "./vector-schedule.ts";

export type Ask = (input: Json, expect: Json) => string | null;

const iso = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z");
const day = 86_400_000;

function differs(what: string, expected: unknown, found: unknown): string | null {
  return isDeepStrictEqual(found, expected)
    ? null
    : `${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;
}

function first(...checks: (() => string | null)[]): string | null {
  for (const check of checks) {
    const found = check();
    if (found !== null) return found;
  }
  return null;
}

const sorted = (users: readonly string[]): string[] => users.toSorted();

function usersAt(schedule: Schedule, at: number): string[] {
  return sorted(resolveAt(schedule, at).seats.map((seat) => seat.user));
}

/** Each person's time on call, joined: the same however shifts are cut. */
function byPerson(
  shifts: readonly { readonly from: number; readonly to: number; readonly users: readonly string[] }[],
): Record<string, [string, string][]> {
  const spans: Record<string, [number, number][]> = {};
  for (const shift of shifts.toSorted((a, b) => a.from - b.from))
    for (const user of shift.users) {
      const own = (spans[user] ??= []);
      const last = own.at(-1);
      if (last && shift.from <= last[1]) last[1] = Math.max(last[1], shift.to);
      else own.push([shift.from, shift.to]);
    }
  return Object.fromEntries(
    Object.entries(spans)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([user, own]) => [user, own.map(([from, to]) => [iso(from), iso(to)] as [string, string])]),
  );
}

const toSpans = (list: readonly Json[], stretch: Stretch = plain) =>
  list.map((each) => ({ from: stretch.of(each.start), to: stretch.of(each.end), users: each.users ?? [each.user] }));

/** When the people on call change, from an instant on. */
function changeAfter(schedule: Schedule, at: number): number | null {
  return nextHandoff(schedule, at, at + 740 * day);
}

function onCall(schedule: Schedule, expect: Json, stretch: Stretch): string | null {
  for (const probe of expect.on_call ?? []) {
    const at = stretch.of(probe.at);
    const users = usersAt(schedule, at);
    if (probe.users) {
      const found = differs(`on call at ${probe.at}`, sorted(probe.users), users);
      if (found) return found;
    }
    if (probe.covered !== undefined) {
      const found = differs(`covered at ${probe.at}`, probe.covered, users.length > 0);
      if (found) return found;
    }
    if (probe.until) {
      const end = changeAfter(schedule, at);
      const found = differs(`until, at ${probe.at}`, iso(stretch.of(probe.until)), end === null ? null : iso(end));
      if (found) return found;
    }
  }
  return null;
}

const scheduleOnCall: Ask = (input, expect) => {
  const stretch = stretchOf(input.schedule);
  const schedule = scheduleOf(input.schedule, stretch);
  return first(
    () => onCall(schedule, expect, stretch),
    () => {
      if (!expect.recorded) return null;
      const [from, to] = [stretch.of(expect.recorded.from), stretch.of(expect.recorded.to)];
      return differs(
        "shifts",
        byPerson(toSpans(expect.recorded.shifts, stretch)),
        byPerson(shiftsBetween(schedule, from, to).shifts),
      );
    },
    () => {
      for (const probe of expect.next_shift ?? []) {
        const next = nextOnCallAt(schedule, stretch.of(probe.at));
        const found = differs(
          `next shift at ${probe.at}`,
          { from: probe.from === null ? null : iso(stretch.of(probe.from)), users: sorted(probe.users) },
          { from: next === null ? null : iso(next.from), users: sorted(next?.users ?? []) },
        );
        if (found) return found;
      }
      return null;
    },
    () => {
      // "First user of the next shift that ends after at": the present one where there is one.
      for (const probe of expect.next ?? []) {
        const at = stretch.of(probe.at);
        const [user] = usersAt(schedule, at).length > 0 ? usersAt(schedule, at) : (nextOnCallAt(schedule, at)?.users ?? []);
        const found = differs(`next at ${probe.at}`, probe.user, user);
        if (found) return found;
      }
      return null;
    },
    () => {
      if (!expect.handoffs) return null;
      const times: string[] = [];
      const until = Date.parse(expect.handoffs.at(-1)) + 1;
      for (let at: number | null = Date.parse(expect.handoffs[0]) - 1; at !== null;)
        if ((at = nextHandoff(schedule, at, until)) !== null) times.push(iso(at));
      return differs("handoffs", expect.handoffs, times);
    },
  );
};

const scheduleShifts: Ask = (input, expect) => {
  const stretch = stretchOf(input.schedule);
  const schedule = withHistory(scheduleOf(input.schedule, stretch), input);
  let [from, to] = [stretch.of(input.from), stretch.of(input.to)];
  const expected = toSpans(
    expect.shifts.filter((each: Json) => !each.gap && !each.empty),
    stretch,
  );
  if (expect.uncut || input.history) {
    // Shifts are given whole: asked over their own range.
    from = Math.min(from, ...expected.map((each) => each.from));
    to = Math.max(to, ...expected.map((each) => each.to));
  }
  const [low, high] = [iso(stretch.of(input.from)), iso(stretch.of(input.to))];
  const asked = Object.fromEntries(
    Object.entries(byPerson(shiftsBetween(schedule, from, to).shifts)).flatMap(([user, spans]) => {
      const touching = spans.filter(([since, till]) => till > low && since < high);
      return touching.length === 0 ? [] : [[user, touching]];
    }),
  );
  if (expect.match === "superset") {
    const have = asked;
    return first(
      ...Object.entries(byPerson(expected)).map(([user, spans]) => () => {
        const missing = spans.filter((span) => !(have[user] ?? []).some((own) => isDeepStrictEqual(own, span)));
        return missing.length === 0 ? null : `${user}: expected ${JSON.stringify(missing)} among ${JSON.stringify(have[user])}`;
      }),
    );
  }
  return first(
    () => differs("shifts", byPerson(expected), asked),
    () => {
      if (!expect.with_gaps) return null;
      const gaps = expect.shifts
        .filter((each: Json) => each.gap)
        .map((each: Json) => [iso(stretch.of(each.start)), iso(stretch.of(each.end))]);
      return differs("gaps", gaps, joinedGaps(schedule, from, to));
    },
  );
};

function joinedGaps(schedule: Schedule, from: number, to: number): [string, string][] {
  const gaps: [number, number][] = [];
  for (const gap of gapsBetween(schedule, from, to)) {
    const last = gaps.at(-1);
    if (last?.[1] === gap.from) last[1] = gap.to;
    else gaps.push([gap.from, gap.to]);
  }
  return gaps.map(([a, b]) => [iso(a), iso(b)]);
}

/** What was recorded before `now` stands in former rules: somebody on call who no longer would be, and the other way round. */
function withHistory(schedule: Schedule, input: Json): Schedule {
  if (!input.history) return schedule;
  const turning = Math.min(Date.parse(input.now) + 60_000, Date.parse(input.to));
  const none = { ...layer("none"), slots: [] };
  const silenced = schedule.layers.map((each): Layer => ({ ...each, was: [{ until: turning, rules: none }] }));
  const past = input.history.map((each: Json, i: number): Layer => {
    const minute = (at: number): string => wallIn("UTC", Math.floor(at / 60_000) * 60_000);
    const end = each.end ? Math.min(Date.parse(each.end), turning) : turning;
    return {
      ...layer(`past${i}`, { slots: [[each.user]], start: minute(Date.parse(each.start)), end: minute(end) }),
    };
  });
  return { ...schedule, combine: "union", layers: [...silenced, ...past] };
}

const many: Ask = (input, expect) => {
  const all = Object.values(input.schedules).map((each) => scheduleOf(each));
  for (const probe of expect.on_call) {
    const users = new Set(all.flatMap((each) => usersAt(each, Date.parse(probe.at))));
    const found = differs(`on call at ${probe.at}`, sorted(probe.users), sorted([...users]));
    if (found) return found;
  }
  return null;
};

const days: Ask = (input, expect) => {
  const schedule = scheduleOf(input.schedule);
  const [from, to] = [Date.parse(input.from), Date.parse(input.to)];
  const found: Record<string, string[]> = {};
  for (const shift of shiftsBetween(schedule, from, to, { layers: true }).layers.flatMap((each) => each.shifts)) {
    for (let at = shift.from; at < shift.to; at += day) (found[iso(at).slice(0, 10)] ??= []).push(...shift.users);
  }
  for (const users of Object.values(found)) users.sort();
  const expected = Object.fromEntries(Object.entries(expect.days).map(([date, users]) => [date, sorted(users as string[])]));
  return differs("days", expected, Object.fromEntries(Object.entries(found).toSorted(([a], [b]) => (a < b ? -1 : 1))));
};

/** A list of shifts as a schedule: a layer each, all of them together. */
function ofShifts(list: readonly Json[]): Schedule {
  return plainSchedule(
    list.map((each, i) =>
      layer(`shift${i}`, {
        slots: [each.users ?? [each.user]],
        start: wallIn("UTC", Date.parse(each.start)),
        end: wallIn("UTC", Date.parse(each.end)),
      }),
    ),
    { combine: "union" },
  );
}

const spans: Ask = (input, expect) => {
  const schedule = input.schedule ? scheduleOf(input.schedule) : ofShifts(input.spans);
  for (const { at, users } of expect.timeline) {
    // The last entry is the range's end, at which nobody is asked for any more.
    if (at === input.to) continue;
    const found = differs(`at ${at}`, sorted(users), usersAt(schedule, Date.parse(at)));
    if (found) return found;
  }
  const times: string[] = [];
  for (let at: number | null = Date.parse(input.from); at !== null;)
    if ((at = nextHandoff(schedule, at, Date.parse(input.to))) !== null) times.push(iso(at));
  const expected = expect.timeline.map((each: Json) => each.at).filter((at: string) => at > input.from && at < input.to);
  return differs("changes", expected, times);
};

const overrideApply: Ask = (input, expect) => {
  const scoped = (input.overrides ?? []).filter((each: Json) => each.policy);
  if (scoped.length > 0 || input.policy) throw new NotOurs("overrides of one policy");
  const schedule = {
    ...ofShifts(input.shifts),
    overrides: overridesOf(input.overrides.filter((each: Json) => each.user !== null)),
  };
  return first(
    () => onCall(schedule, expect, plain),
    () => {
      if (!expect.shifts) return null;
      const expected = toSpans(expect.shifts);
      const times = [...toSpans(input.shifts), ...expected];
      const [from, to] = [Math.min(...times.map((each) => each.from)), Math.max(...times.map((each) => each.to))];
      return differs("shifts", byPerson(expected), byPerson(shiftsBetween(schedule, from, to).shifts));
    },
  );
};

/** A hole no longer than the product's tolerance is not a gap there. */
function noSmallHoles(list: readonly Json[], seconds: number): void {
  const ends = list.map((each) => Date.parse(each.end));
  for (const { start } of list)
    for (const end of ends) {
      const hole = Date.parse(start) - end;
      if (hole > 0 && hole <= seconds * 1_000) throw new NotOurs("holes of seconds that are not gaps");
    }
}

const gaps: Ask = (input, expect) => {
  noSmallHoles(input.shifts, input.tolerance_seconds ?? 0);
  const last = Math.max(...input.shifts.map((each: Json) => Date.parse(each.end)));
  const to = input.shifts.length > 0 ? Math.min(Date.parse(input.to), last) : Date.parse(input.to);
  const expected = expect.gaps.map((each: Json) => [each.start, each.end]);
  return differs("gaps", expected, joinedGaps(ofShifts(input.shifts), Date.parse(input.from), to));
};

const group: Ask = (input, expect) => {
  if (input.merge_across_gaps) throw new NotOurs("shifts joined across gaps");
  noSmallHoles(input.events, input.tolerance_seconds ?? 0);
  if (input.events.length === 0) return differs("shifts", expect.shifts, []);
  const times = toSpans(input.events);
  const from = Math.min(...times.map((each) => each.from));
  const to = Math.max(...times.map((each) => each.to));
  return differs("shifts", byPerson(toSpans(expect.shifts)), byPerson(shiftsBetween(ofShifts(input.events), from, to).shifts));
};

const currentNext: Ask = (input, expect) => {
  const at = Date.parse(input.at);
  const one = (shifts: readonly Json[], current: Json, next: Json): string | null => {
    const schedule = ofShifts(shifts);
    const following = nextOnCallAt(schedule, at);
    return first(
      () => differs("current", sorted(current?.users ?? []), usersAt(schedule, at)),
      () =>
        differs(
          "next",
          next === null ? null : { at: next.start, users: next.users },
          following && { at: iso(following.from), users: following.users },
        ),
    );
  };
  if (!input.per) return one(input.shifts, expect.current, expect.next);
  // The next of a role may be the same person's: asked from the present shift's end on.
  return first(
    ...Object.keys(expect.current).map((role) => () => {
      const own = input.shifts.filter((each: Json) => each.role === role);
      const schedule = ofShifts(own);
      const end = nextHandoff(schedule, at, at + 30 * day) ?? at;
      const begin = usersAt(schedule, end).length > 0 ? end : (nextHandoff(schedule, end, end + 30 * day) ?? end);
      return first(
        () => differs(role, expect.current[role].users, usersAt(schedule, at)),
        () =>
          differs(`${role}, next`, [expect.next[role].start, expect.next[role].users], [iso(begin), usersAt(schedule, begin)]),
      );
    }),
  );
};

const handoffs: Ask = (input, expect) => {
  const turns = rotationTurns(input.rotation, Date.parse(input.from));
  return differs(
    "handoffs",
    expect.handoffs,
    turns.handoffs(Date.parse(input.from), Date.parse(input.to)).map((each) => iso(each.at)),
  );
};

const shiftAt: Ask = (input, expect) => {
  const at = Date.parse(input.at);
  const [present, next] = rotationTurns(input.rotation, at).handoffs(at, at + 1);
  return first(
    () => (expect.shift_start ? differs("start", expect.shift_start, iso(present?.at ?? 0)) : null),
    () => (expect.shift_end ? differs("end", expect.shift_end, iso(next?.at ?? 0)) : null),
    () =>
      expect.duration_hours ? differs("hours", expect.duration_hours, ((next?.at ?? 0) - (present?.at ?? 0)) / 3_600_000) : null,
  );
};

/** The turns of a bare rotation: two slots, so that it hands over at all; seconds of its anchor dropped. */
function rotationTurns(rotation: Json, _near: number): ReturnType<typeof turnsOf> {
  const rules = {
    ...layer("r"),
    timeZone: rotation.timezone,
    start: "1990-01-01T00:00",
    slots: rotation.slots ?? [["a"], ["b"]],
  };
  const anchor = `${rotation.anchor.slice(0, 16)}:00Z`;
  return turnsOf({ ...rules, ...rotationOf({ ...rotation, anchor }, rules, plain) });
}

const userAt: Ask = (input, expect) => {
  const rules = { ...layer("r"), timeZone: input.rotation.timezone, start: "1990-01-01T00:00", slots: input.rotation.slots };
  const anchor = `${input.rotation.anchor.slice(0, 16)}:00Z`;
  const schedule = plainSchedule([{ ...rules, ...rotationOf({ ...input.rotation, anchor }, rules, plain) }]);
  return differs("users", sorted(expect.users), usersAt(schedule, Date.parse(input.at)));
};

const windowActive: Ask = (input, expect) => {
  const spansNear = windowsNear(input);
  for (const { at, active } of expect.probes) {
    const time = Date.parse(at);
    const found = differs(
      `active at ${at}`,
      active,
      spansNear(time).some((span) => span.from <= time && time < span.to),
    );
    if (found) return found;
  }
  return null;
};

const windowNext: Ask = (input, expect) => {
  const spansNear = windowsNear(input);
  for (const probe of expect.probes) {
    const at = Date.parse(probe.at);
    const span = spansNear(at).find((each) => each.to > at);
    const found = first(
      () => (probe.shift_start ? differs(`start at ${probe.at}`, probe.shift_start, iso(span?.from ?? 0)) : null),
      () => (probe.shift_end ? differs(`end at ${probe.at}`, probe.shift_end, iso(span?.to ?? 0)) : null),
    );
    if (found) return found;
  }
  return null;
};

function windowsNear(input: Json) {
  const zone = zoneOf(input.timezone);
  const windows = restrictionsOf(input.window).map(windowOf);
  return (at: number) => windowSpans(windows, zone, at - 9 * day, at + 16 * day);
}

const windowInWeek: Ask = (input, expect) => {
  const at = Date.parse(input.week_of);
  const zone = zoneOf(input.timezone);
  const found = windowSpans(restrictionsOf(input.window).map(windowOf), zone, at - 7 * day, at).at(-1);
  const clock = (time: number): string => wallIn(input.timezone, time).slice(11, 16);
  return differs("window", [expect.local_start, expect.local_end], found && [clock(found.from), clock(found.to)]);
};

const expand: Ask = (input, expect) => {
  const zone = zoneOf(input.timezone);
  const without = new Set((input.exdates_local ?? []).map((text: string) => parseWall(text)));
  const recurrence = { rrule: input.rrule, start: parseWall(input.dtstart_local) ?? 0, zone };
  const found = firstOccurrences(recurrence, expect.starts.length + without.size + 1)
    .filter((wall) => !without.has(wall))
    .map((wall) => iso(instantOf(zone, wall)));
  return first(
    () => differs("starts", expect.starts, found.slice(0, expect.starts.length)),
    () => (expect.complete ? differs("complete", expect.starts.length, found.length) : null),
  );
};

const range: Ask = (input, expect) => {
  const zone = zoneOf(input.timezone);
  const start = parseWall(input.dtstart_local) ?? 0;
  const after = input.after ? Date.parse(input.after) + (input.inclusive ? 0 : 1) : Number.NEGATIVE_INFINITY;
  const before = input.before ? Date.parse(input.before) - (input.inclusive ? 0 : 1) : Number.POSITIVE_INFINITY;
  const to = input.before ? Date.parse(input.before) + 2 * day : Date.parse(input.after) + 1_500 * day;
  const found = occurrencesBetween({ rrule: input.rrule, start, zone }, start, to)
    .map((wall) => instantOf(zone, wall))
    .filter((at) => at >= after && at <= before)
    .map(iso);
  return first(
    () => (expect.starts ? differs("starts", expect.starts, found) : null),
    () => (expect.first === undefined ? null : differs("first", expect.first, found[0] ?? null)),
    () => (expect.last === undefined ? null : differs("last", expect.last, found.at(-1) ?? null)),
  );
};

/** Everybody a calendar's titles and attendees name is somebody. */
function calendar(input: Json): CalendarSource | null {
  const names = [...(input.ical as string).matchAll(/^SUMMARY:(.*?)\r?$/gm)].map((found) => (found[1] ?? "").replace(/^@/, ""));
  const people = [...new Set(names)].map((name) => ({ id: name, name, email: null }));
  const reading = readCalendar(input.ical, { people, timeZone: "UTC" });
  return reading && { url: "", events: reading.events, fetchedAt: 0 };
}

const icalEvents: Ask = (input, expect) => {
  const [from, to] = [Date.parse(input.from), Date.parse(input.to)];
  const found = (calendar(input)?.events ?? []).flatMap((event) => eventSpans(event)(from, to).map(() => event.summary));
  return differs("events", expect.summaries_any_order.toSorted(), found.toSorted());
};

const icalOnCall: Ask = (input, expect) => onCall({ ...plainSchedule([]), ical: calendar(input) }, expect, plain);

const icalValid: Ask = (input, expect) => {
  const reading = readCalendar(input.ical, { people: [], timeZone: "UTC" });
  return differs("accepted", expect.accepted, reading !== null && reading.events.length > 0 && reading.problems.length === 0);
};

const overrideCreate: Ask = (input, expect) => {
  const made: Override[] = [];
  const accepted = overridesOf(input.overrides).map((each) => {
    if (overrideProblem(each, { layers: [], overrides: made }, () => true) !== null) return false;
    made.push(each);
    return true;
  });
  return differs("accepted", expect.accepted, accepted);
};

const rotationEdit: Ask = (input, expect) =>
  differs("active", expect.active_index, placeOf(input.slots, input.active_index, expect.slots));

export const asks: Readonly<Record<string, Ask>> = {
  "schedule.oncall": scheduleOnCall,
  "schedule.shifts": scheduleShifts,
  "schedule.oncall_many": many,
  "rotation.days": days,
  "spans.timeline": spans,
  "override.apply": overrideApply,
  "coverage.gaps": gaps,
  "shifts.group": group,
  "shifts.current_next": currentNext,
  "rotation.handoffs": handoffs,
  "rotation.shift_at": shiftAt,
  "rotation.user_at": userAt,
  "window.active": windowActive,
  "window.next": windowNext,
  "window.in_week": windowInWeek,
  "recurrence.expand": expand,
  "recurrence.range": range,
  "ical.events": icalEvents,
  "ical.on_call": icalOnCall,
  "ical.valid": icalValid,
  "override.create": overrideCreate,
  "rotation.edit": rotationEdit,
};
