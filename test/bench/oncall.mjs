// `npm run bench -- oncall`: who is on call, and a year of shifts, for a schedule of five layers with restrictions and
// overrides: ours against the plain way, which is Luxon and rrule asked directly, in the same run. Both must give the same
// answers before anything is timed. Quote the ratios; nothing here asserts a time.
import { createRequire } from "node:module";
import { DateTime } from "luxon";
import { resolveAt } from "../../worker/core/oncall/resolve.ts";
import { onCallAt } from "../../worker/core/oncall/schedule.ts";
import { shiftsBetween } from "../../worker/core/oncall/shifts.ts";

// Node sees the library's CommonJS form.
const { RRule } = createRequire(import.meta.url)("rrule");
const zone = "Europe/Madrid";
const weekdays = ["MO", "TU", "WE", "TH", "FR"];
const day = 86_400_000;
const rules = { zone, end: null, position: null, skipEmptyTurns: false, shadow: false, was: [], restrictions: [] };
const layer = (id, priority, n, unit, start, slots, restrictions = []) => ({
  ...rules,
  id,
  name: id,
  priority,
  timeZone: zone,
  start,
  slots: slots.map((slot) => [slot]),
  rotation: { kind: "every", n, unit, handoff: null },
  restrictions,
});
const people = (prefix, count) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const from = Date.UTC(2026, 0, 1);
const to = Date.UTC(2027, 0, 1);
const schedule = {
  id: "bench",
  name: "bench",
  timeZone: zone,
  combine: "priority",
  fallback: [],
  ical: null,
  layers: [
    layer("base", 0, 1, "week", "2025-01-06T09:00", people("a", 6)),
    layer("nights", 1, 1, "day", "2025-01-06T20:00", people("b", 7), [
      { days: ["MO", "TU", "WE", "TH", "FR", "SA", "SU"], from: "20:00", to: "08:00" },
    ]),
    layer("office", 2, 1, "day", "2025-01-06T09:00", people("c", 5), [{ days: weekdays, from: "09:00", to: "17:00" }]),
    layer("lunch", 3, 2, "week", "2025-01-06T12:00", people("d", 3), [{ days: weekdays, from: "12:00", to: "13:00" }]),
    layer("weekend", 4, 2, "day", "2025-01-04T00:00", people("e", 4), [{ days: ["SA", "SU"], from: "00:00", to: "24:00" }]),
  ],
  overrides: Array.from({ length: 50 }, (_, i) => ({
    id: `o${i}`,
    kind: i % 2 === 0 ? "replace" : "take-over",
    user: `x${i % 5}`,
    replaces: i % 2 === 0 ? `a${i % 6}` : null,
    layers: null,
    from: from + i * 7 * day + 3 * 3_600_000,
    to: from + i * 7 * day + 30 * 3_600_000,
    createdAt: i,
    createdBy: "bench",
  })),
};

/** The plain way: a rule a layer expanded in wall time, each wall time made an instant by Luxon, shifts cut by hand. */
function plainly(low, high) {
  const instant = (date) => DateTime.fromJSDate(date, { zone: "utc" }).setZone(zone, { keepLocalTime: true }).toMillis();
  const wall = (text) => new Date(`${text}:00Z`);
  const freq = { week: RRule.WEEKLY, day: RRule.DAILY };
  const occurrences = (options) => new RRule(options).between(new Date(low - 40 * day), new Date(high + 2 * day), true);
  const perLayer = schedule.layers.map((each) => {
    const start = wall(each.start);
    const { n, unit } = each.rotation;
    const step = n * (unit === "week" ? 7 : 1) * day;
    const turns = occurrences({ freq: freq[unit], interval: n, dtstart: start }).map((date) => ({
      at: instant(date),
      user: each.slots[Math.round((date.getTime() - start.getTime()) / step) % each.slots.length][0],
    }));
    const windows =
      each.restrictions.length === 0
        ? [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]]
        : each.restrictions.flatMap(({ days, from: begin, to: end }) =>
            occurrences({
              freq: RRule.WEEKLY,
              byweekday: days.map((name) => RRule[name]),
              dtstart: wall(`2024-12-30T${begin}`),
            }).map((date) => {
              const last = new Date(date);
              const [hours, minutes] = end.split(":").map(Number);
              last.setUTCHours(hours, minutes);
              if (last <= date) last.setUTCDate(last.getUTCDate() + 1);
              return [instant(date), instant(last)];
            }),
          );
    const spans = [];
    for (const [i, turn] of turns.entries()) {
      const next = turns[i + 1]?.at ?? Number.POSITIVE_INFINITY;
      for (const [begin, end] of windows)
        if (begin < next && end > turn.at)
          spans.push({ from: Math.max(turn.at, begin), to: Math.min(next, end), user: turn.user });
    }
    return spans.filter((span) => span.to > low && span.from < high).sort((a, b) => a.from - b.from);
  });
  const edges = new Set([low, high]);
  for (const span of [...perLayer.flat(), ...schedule.overrides])
    for (const edge of [span.from, span.to]) if (edge > low && edge < high) edges.add(edge);
  const cuts = [...edges].sort((a, b) => a - b);
  const places = perLayer.map(() => 0);
  const shifts = [];
  for (let i = 0; i + 1 < cuts.length; i++) {
    const at = cuts[i];
    let user = null;
    for (let j = perLayer.length - 1; j >= 0 && user === null; j--) {
      while (perLayer[j][places[j]]?.to <= at) places[j]++;
      const span = perLayer[j][places[j]];
      if (span && span.from <= at) user = span.user;
    }
    const original = user;
    let scheduled = original;
    for (const override of schedule.overrides) {
      if (!(override.from <= at && at < override.to)) continue;
      if (override.kind === "take-over") [user, scheduled] = [override.user, override.user];
      else if (scheduled === override.replaces) user = override.user;
    }
    const last = shifts.at(-1);
    if (last && last.to === at && last.user === user) last.to = cuts[i + 1];
    else shifts.push({ from: at, to: cuts[i + 1], user });
  }
  return shifts.filter((shift) => shift.user !== null);
}

/** The plain way of one look-up: the rules asked for the last turn and the last window before the instant. */
function plainLookup(at) {
  return plainly(at, at + 1)[0]?.user ?? null;
}

/** Joined by person: how the pieces are cut is each one's own business. */
const joined = (shifts) => {
  const found = [];
  for (const { from: begin, to: end, users } of shifts) {
    const last = found.at(-1);
    if (last && last[1] === begin && last[2] === users[0]) last[1] = end;
    else found.push([begin, end, users[0]]);
  }
  return JSON.stringify(found);
};

const fresh = () => structuredClone(schedule);
const ours = joined(shiftsBetween(schedule, from, to).shifts);
const theirs = joined(plainly(from, to).map(({ user, ...span }) => ({ ...span, users: [user] })));
if (ours !== theirs) {
  console.error("the two ways disagree: nothing is timed");
  process.exit(1);
}

function rate(name, once, ms = 1_500) {
  for (let i = 0; i < 3; i++) once(i);
  let count = 0;
  const began = performance.now();
  while (performance.now() - began < ms) once(count++);
  const perSecond = (count * 1_000) / (performance.now() - began);
  console.log(`${name.padEnd(58)} ${perSecond >= 100 ? Math.round(perSecond).toLocaleString("en") : perSecond.toFixed(1)}/s`);
  return perSecond;
}

const instants = Array.from({ length: 5_000 }, (_, i) => from + ((i * 7_919) % 365) * day + ((i * 104_729) % 1_440) * 60_000);
const at = (i) => instants[i % instants.length];
console.log(
  `five layers, ${schedule.overrides.length} overrides, ${JSON.parse(ours).length} shifts a year; both ways agree on all of them`,
);
const look =
  rate("who is on call, ours (users)", (i) => {
    const block = i * 200;
    for (let j = 0; j < 200; j++) resolveAt(schedule, at(block + j));
  }) * 200;
const whole =
  rate("who is on call with since, until and why, ours", (i) => {
    for (let j = 0; j < 50; j++) onCallAt(schedule, at(i * 50 + j));
  }) * 50;
const plainLook = rate("who is on call, rrule and Luxon", (i) => plainLookup(at(i)));
const cold = rate("who is on call, ours, a schedule just read", (i) => resolveAt(fresh(), at(i)));
const year = rate("a year of shifts, ours, a schedule just read", () => shiftsBetween(fresh(), from, to));
const yearAgain = rate("a year of shifts, ours, asked again", () => shiftsBetween(schedule, from, to));
const plainYear = rate("a year of shifts, rrule and Luxon", () => plainly(from, to));
const times = (a, b) => `${(a / b).toFixed(a / b < 10 ? 1 : 0)}×`;
console.log(
  `look-ups: ${Math.round(look).toLocaleString("en")}/s, ${times(look, plainLook)} the plain way; with since, until and why ${times(whole, plainLook)}; from a cold copy ${times(cold, plainLook)}`,
);
console.log(`a year:   ${times(year, plainYear)} the plain way from a cold copy, ${times(yearAgain, plainYear)} asked again`);
