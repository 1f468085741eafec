// Owns the second opinion: who is on call, worked out the slow way from the words of the settled rules, with Luxon alone. It
// shares nothing with worker/core/oncall but the types. Handoffs and windows are listed one by one from the layer's start.

import { DateTime, IANAZone } from "luxon";
import type { Layer, LayerRules, Override, Schedule } from "../../../worker/core/oncall/schedule.ts";

const days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

/** A date and a clock without a zone, carried in UTC so that Luxon can step it. */
type Wall = DateTime;

function wallOf(text: string): Wall {
  return DateTime.fromISO(text, { zone: "UTC" });
}

/**
 * RFC 5545 §3.3.5 from Luxon's offsets: of the instants that read so, the first; where none does, with the offset before the
 * gap, which is the smaller. (Luxon's own reading of a local time guesses from the zone's present offset, and is an hour off
 * where that is a day away: Apia, 2011-09-24T04:09.)
 */
function instant(wall: Wall, zone: string): number {
  const at = wall.toMillis();
  const offsets = [...offsetsNear(zone, Math.floor(at / dayMs))];
  const reading = offsets.map((offset) => at - offset).filter((each) => each + offsetAt(zone, each) === at);
  return reading.length > 0 ? Math.min(...reading) : at - Math.min(...offsets);
}

const dayMs = 86_400_000;
const known = new Map<string, Set<number>>();

/** Every offset the zone has on that day, and a day around it, looked at every two hours. */
function offsetsNear(zone: string, day: number): Set<number> {
  const key = `${zone} ${day}`;
  let found = known.get(key);
  if (!found) {
    found = new Set(Array.from({ length: 37 }, (_, i) => offsetAt(zone, (day - 1) * dayMs + i * 7_200_000)));
    known.set(key, found);
  }
  return found;
}

function offsetAt(zone: string, at: number): number {
  return IANAZone.create(zone).offset(at) * 60_000;
}

function clock(wall: Wall, text: string): Wall {
  const [hour = 0, minute = 0] = text.split(":").map(Number);
  return wall.startOf("day").plus({ hours: hour, minutes: minute });
}

interface Listed {
  readonly rules: LayerRules;
  readonly start: number;
  readonly end: number;
  /** By day of UTC, so that a year can be asked by the minute. */
  readonly windows: ReadonlyMap<number, readonly { readonly from: number; readonly to: number }[]> | null;
  readonly handoffs: readonly number[];
  /** The slot of each turn. */
  readonly slots: readonly number[];
}

/** Everything about some rules up to `to`. */
function list(rules: LayerRules, from: number, to: number): Listed {
  const zone = rules.timeZone;
  const startWall = wallOf(rules.start);
  const start = instant(startWall, zone);
  const end = rules.end === null ? Number.POSITIVE_INFINITY : instant(wallOf(rules.end), zone);
  const turns = walls(rules, startWall, to);
  const handoffs = [start, ...turns.slice(1).map((turn) => (typeof turn === "number" ? turn : instant(turn, zone)))];
  const meets = (i: number): boolean => {
    if (rules.restrictions.length === 0 || !rules.skipEmptyTurns) return true;
    const [begin, next] = [asWall(turns[i], zone), asWall(turns[i + 1], zone)];
    return begin !== null && (next === null || meetsWindows(rules, begin, next));
  };
  const count = rules.slots.length;
  const slots: number[] = [];
  let used = 0;
  for (let i = 0; i < handoffs.length; i++) {
    slots.push(used);
    if (meets(i)) used++;
  }
  let shift = 0;
  if (rules.position !== null) {
    const { at, slot } = rules.position;
    shift = slot - (slots[handoffs.findLastIndex((each) => each <= at)] ?? 0);
  }
  return {
    rules,
    start,
    end,
    windows: rules.restrictions.length === 0 ? null : byDay(windowsOf(rules, from, to)),
    handoffs,
    slots: slots.map((each) => (((each + shift) % count) + count) % count),
  };
}

function asWall(turn: Wall | number | undefined, zone: string): Wall | null {
  if (turn === undefined) return null;
  if (typeof turn !== "number") return turn;
  return DateTime.fromMillis(turn, { zone }).setZone("UTC", { keepLocalTime: true });
}

/** The turns' beginnings: wall times, or instants where hours are counted as they elapse. A few past `to`. */
function walls(rules: LayerRules, start: Wall, to: number): (Wall | number)[] {
  const { rotation } = rules;
  const stop = DateTime.fromMillis(to, { zone: "UTC" }).plus({ days: 40 });
  const found: (Wall | number)[] = [start];
  if (rules.slots.length <= 1) return found;
  if (rotation.kind === "rrule") return [start, ...occurrences(rotation.rrule, start, stop)];
  const { n, unit } = rotation;
  const first = rotation.handoff === null ? start : wallOf(rotation.handoff);
  const elapsed = unit === "hour" && 24 % n !== 0;
  if (elapsed) {
    const from = instant(start, rules.timeZone);
    for (let at = instant(first, rules.timeZone); at < stop.toMillis(); at += n * 3_600_000) if (at > from) found.push(at);
    return found;
  }
  for (let k = 0; ; k++) {
    const wall =
      unit === "hour"
        ? first.plus({ hours: k * n })
        : unit === "day"
          ? first.plus({ days: k * n })
          : unit === "week"
            ? first.plus({ weeks: k * n })
            : first.plus({ months: k * n });
    if (wall > stop) return found;
    if (instant(wall, rules.timeZone) > instant(start, rules.timeZone)) found.push(wall);
  }
}

/** The few rules the tests use, worked out by walking the days. */
function occurrences(rrule: string, start: Wall, stop: Wall): Wall[] {
  const parts = Object.fromEntries(rrule.split(";").map((part) => part.split("=") as [string, string]));
  const interval = Number(parts["INTERVAL"] ?? 1);
  const monday = start.startOf("week");
  const found: Wall[] = [];
  for (let day = start.plus({ days: 1 }); day <= stop; day = day.plus({ days: 1 })) {
    const fits =
      parts["FREQ"] === "DAILY"
        ? Math.round(day.diff(start, "days").days) % interval === 0
        : parts["FREQ"] === "WEEKLY"
          ? (parts["BYDAY"] ?? "").split(",").includes(days[day.weekday - 1] ?? "") &&
            Math.round(day.startOf("week").diff(monday, "weeks").weeks) % interval === 0
          : String(day.day) === parts["BYMONTHDAY"];
    if (fits) found.push(day);
  }
  return found;
}

function windowsOf(rules: LayerRules, from: number, to: number): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  const last = DateTime.fromMillis(to, { zone: "UTC" }).plus({ days: 3 });
  for (
    let day: Wall = DateTime.fromMillis(from, { zone: "UTC" }).startOf("day").minus({ days: 3 });
    day < last;
    day = day.plus({ days: 1 })
  )
    for (const each of rules.restrictions) {
      if (!each.days.includes(days[day.weekday - 1] ?? "MO")) continue;
      const [begin, end] = ends(day, each.from, each.to);
      const span = { from: instant(begin, rules.timeZone), to: instant(end, rules.timeZone) };
      if (span.from < span.to) found.push(span);
    }
  return found;
}

function byDay(spans: readonly { from: number; to: number }[]): Map<number, { from: number; to: number }[]> {
  const found = new Map<number, { from: number; to: number }[]>();
  for (const span of spans)
    for (let day = Math.floor(span.from / dayMs); day <= Math.floor(span.to / dayMs); day++)
      found.set(day, [...(found.get(day) ?? []), span]);
  return found;
}

function ends(day: Wall, from: string, to: string): [Wall, Wall] {
  const [begin, end] = [clock(day, from), clock(day, to)];
  return [begin, end > begin ? end : end.plus({ days: 1 })];
}

/** Judged on the calendar: no clock change makes a turn count or not. */
function meetsWindows(rules: LayerRules, begin: Wall, next: Wall): boolean {
  for (let day = begin.startOf("day").minus({ days: 2 }); day <= next; day = day.plus({ days: 1 }))
    for (const each of rules.restrictions) {
      if (!each.days.includes(days[day.weekday - 1] ?? "MO")) continue;
      const [from, to] = ends(day, each.from, each.to);
      if (from < next && begin < to) return true;
    }
  return false;
}

interface Place {
  readonly of: string;
  readonly has: string | null;
}

export interface Reference {
  usersAt(at: number): string[];
  /** One layer by itself; null: off duty. */
  layerAt(layer: string, at: number): string[] | null;
}

/** Good for instants in [from, to). */
export function referenceOf(schedule: Schedule, from: number, to: number): Reference {
  const eras = new Map(
    schedule.layers.map((layer) => [
      layer.id,
      [
        ...layer.was.map((each) => ({ until: each.until, listed: list(each.rules, from, to) })),
        { until: Number.POSITIVE_INFINITY, listed: list(layer, from, to) },
      ],
    ]),
  );
  const duty = (layer: Layer, at: number): string[] | null => {
    const era = (eras.get(layer.id) ?? []).find((each) => at < each.until);
    if (era === undefined) throw new Error(`there is no layer ${layer.id}`);
    const { rules, start, end, windows, handoffs, slots } = era.listed;
    if (at < start || at >= end) return null;
    if (windows !== null && !(windows.get(Math.floor(at / dayMs)) ?? []).some((span) => span.from <= at && at < span.to))
      return null;
    // The last handoff that has happened, whatever the clock did in between. (None is more than two days out of order.)
    const stop = handoffs.findIndex((each) => each > at + 2 * dayMs);
    let turn = stop === -1 ? handoffs.length - 1 : stop;
    while (turn > 0 && (handoffs[turn] ?? 0) > at) turn--;
    return [...(rules.slots[slots[turn] ?? 0] ?? [])];
  };
  const cached = new Map<string, string[]>();
  return {
    layerAt: (id, at) => duty(schedule.layers.find((each) => each.id === id) as Layer, at),
    usersAt(at) {
      const own = schedule.layers.filter((layer) => !layer.shadow).map((layer) => ({ layer, people: duty(layer, at) }));
      const active = schedule.overrides
        .filter((each) => each.from <= at && at < each.to)
        .toSorted((a, b) => a.createdAt - b.createdAt);
      const key = JSON.stringify([own.map((each) => each.people), active.map((each) => each.id)]);
      const known = cached.get(key);
      if (known) return known;
      const found = settle(schedule, own, active);
      cached.set(key, found);
      return found;
    },
  };
}

function settle(
  schedule: Schedule,
  own: readonly { readonly layer: Layer; readonly people: string[] | null }[],
  active: readonly Override[],
): string[] {
  // What a layer's places are once every override had its say, one after the other.
  const places = own.map(({ layer, people }) =>
    active.reduce<Place[]>(
      (before, override) =>
        change(before, override, override.layers === null || override.layers.includes(layer.id), people !== null, false),
      (people ?? []).map((user) => ({ of: user, has: user })),
    ),
  );
  const beside = active.reduce<Place[]>(
    (before, override) => change(before, override, override.layers === null, own.length === 0, true),
    [],
  );
  const ranks = [...new Set(own.map(({ layer }) => layer.priority))].toSorted((a, b) => b - a);
  const together = (rank: number): Place[] => own.flatMap(({ layer }, i) => (layer.priority === rank ? (places[i] ?? []) : []));
  const chosen = schedule.combine === "union" ? places.flat() : (ranks.map(together).find((each) => each.length > 0) ?? []);
  const users = new Set([...chosen, ...beside].flatMap((each) => each.has ?? []));
  return [...(users.size > 0 ? users : new Set(schedule.fallback))].toSorted();
}

/** One override on one list of places. `beside`: the list of people on call beside the layers. */
function change(before: Place[], override: Override, touches: boolean, onDuty: boolean, beside: boolean): Place[] {
  if (!touches) return before;
  const { kind, user, replaces } = override;
  const taken: Place[] = user === null ? [] : [{ of: user, has: user }];
  if (kind === "add") return (override.layers === null) === beside ? [...before, ...taken] : before;
  if (kind === "take-over") {
    if (beside) return onDuty ? taken : [];
    return override.layers === null || onDuty ? taken : before;
  }
  if (kind === "clear" && replaces === null) return [];
  return before.map((place) => (place.of === replaces ? { of: place.of, has: kind === "clear" ? null : user } : place));
}
