// Owns whose turn it is: the handoffs of a rotation and how many turns were used up before one. Knows no people.

import type { Span } from "../calendar.ts";
import { limits } from "../limits.ts";
import { occurrencesBetween } from "./recurrence.ts";
import type { LayerRules } from "./schedule.ts";
import { dayMs, meetsPattern, weekMs, weekPattern, windowOf, type Window } from "./windows.ts";
import { changesBetween, instantOf, parseWall, shiftMsMax, wallAt, zoneOf, type Zone } from "../zone.ts";

const hourMs = 3_600_000;

/** A turn begins: `number` counts from 0, the turn that begins with the layer. */
export interface Handoff {
  readonly number: number;
  readonly at: number;
}

export interface Turns {
  readonly zone: Zone;
  readonly windows: readonly Window[];
  /** Instants: the layer's first and the one after its last. */
  readonly start: number;
  readonly end: number;
  /** The handoffs from the last one at or before `from` to the first one at or after `to`, within the layer. */
  handoffs(from: number, to: number): Handoff[];
  /** Turns used up before this one; the slot follows from it. */
  usedBefore(turn: number): number;
}

export function turnsOf(rules: LayerRules): Turns {
  const zone = zoneOf(rules.timeZone);
  const windows = rules.restrictions.map(windowOf);
  const startWall = parseWall(rules.start) ?? 0;
  const endWall = rules.end === null ? null : parseWall(rules.end);
  const start = instantOf(zone, startWall);
  const end = endWall === null ? Number.POSITIVE_INFINITY : Math.max(start, instantOf(zone, endWall));
  const grid = gridOf(rules, zone, startWall);
  const frame = { zone, windows, start, end };
  // One slot alone never hands over: its one turn is the layer's whole life.
  if (rules.slots.length <= 1) return { ...frame, handoffs: () => [{ number: 0, at: start }], usedBefore: () => 0 };
  // A handoff set after the start is the first one, however long that makes the first turn.
  const first = grid.instant(0) > start ? -1 : grid.lastAt(start);
  const pattern = rules.skipEmptyTurns && windows.length > 0 ? weekPattern(windows) : null;
  // The first turn begins with the layer, inside whatever turn of the grid that is.
  const firstUsed = pattern === null || meetsPattern(pattern, startWall, grid.wall(first + 1)) ? 1 : 0;
  const count = pattern === null ? null : grid.counter(pattern, first + 1);
  return {
    ...frame,
    handoffs(from, to) {
      const begin = Math.max(from, start);
      const present = Math.max(first, grid.lastAt(begin));
      const found = [{ number: present - first, at: present === first ? start : grid.instant(present) }];
      if (to <= begin) return found;
      for (const { number, at } of grid.between(begin, to))
        if (number > first && at < end) found.push({ number: number - first, at });
      return found;
    },
    usedBefore: (turn) => (turn <= 0 ? 0 : firstUsed + (count === null ? turn - 1 : count(first + turn))),
  };
}

/** Every handoff a rotation could have, before the layer's start too: numbered in order, not from the start. */
interface Grid {
  /** The number of the last one at or before an instant. */
  lastAt(at: number): number;
  /** Those after `from`, up to and with the first one at or after `to`. */
  between(from: number, to: number): Handoff[];
  instant(number: number): number;
  /** Wall time of a handoff. */
  wall(number: number): number;
  /** How many of the turns from `origin` to before `number` meet the pattern. */
  counter(pattern: readonly Span[], origin: number): (number: number) => number;
}

function gridOf(rules: LayerRules, zone: Zone, startWall: number): Grid {
  const { rotation } = rules;
  if (rotation.kind === "rrule") return listedGrid(rotation.rrule, zone, startWall);
  const anchor = rotation.handoff === null ? startWall : (parseWall(rotation.handoff) ?? startWall);
  const n = Math.max(1, rotation.n);
  switch (rotation.unit) {
    case "hour":
      return 24 % n === 0 ? clockGrid(zone, anchor, n * hourMs) : elapsedGrid(zone, anchor, n * hourMs);
    case "day":
      return clockGrid(zone, anchor, n * dayMs);
    case "week":
      return clockGrid(zone, anchor, n * weekMs);
    case "month":
      return monthGrid(zone, anchor, n);
  }
}

/** A grid of equal steps of the wall clock. */
function clockGrid(zone: Zone, anchor: number, step: number): Grid {
  const wall = (number: number): number => anchor + number * step;
  return {
    ...wallGrid(zone, wall, (at) => Math.floor((at - anchor) / step)),
    counter(pattern, origin) {
      // The week repeats: so does which turns meet the windows.
      const period = weekMs / gcd(step, weekMs);
      const met = [0];
      for (let number = 0; number < period; number++)
        met.push((met[number] ?? 0) + (meetsPattern(pattern, wall(number), wall(number + 1)) ? 1 : 0));
      const before = (number: number): number => {
        const whole = Math.floor(number / period);
        return whole * (met[period] ?? 0) + (met[number - whole * period] ?? 0);
      };
      return (number) => before(number) - before(origin);
    },
  };
}

function monthGrid(zone: Zone, anchor: number, n: number): Grid {
  const date = new Date(anchor);
  const [year, month, day, time] = [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    ((anchor % dayMs) + dayMs) % dayMs,
  ];
  const wall = (number: number): number => {
    const last = new Date(Date.UTC(year, month + number * n + 1, 0)).getUTCDate();
    return Date.UTC(year, month + number * n, Math.min(day, last)) + time;
  };
  const guess = (at: number): number => {
    const there = new Date(at);
    const months = (there.getUTCFullYear() - year) * 12 + there.getUTCMonth() - month;
    const number = Math.floor(months / n);
    return wall(number) <= at ? number : number - 1;
  };
  return {
    ...wallGrid(zone, wall, guess),
    counter(pattern, origin) {
      // A month holds a whole week: it meets every pattern.
      return (number) => (pattern.length === 0 ? 0 : number - origin);
    },
  };
}

/**
 * A grid given by wall times. In force is the last handoff whose instant has passed: where a clock that jumps makes instants
 * run backwards (a whole day was skipped in Apia), the later handoff wins.
 */
function wallGrid(
  zone: Zone,
  wall: (number: number) => number,
  /** The last number whose wall time is at or before this one. */
  lastWall: (at: number) => number,
): Omit<Grid, "counter"> {
  const instant = (number: number): number => {
    const own = instantOf(zone, wall(number));
    if (changesBetween(zone, own - shiftMsMax, own + shiftMsMax).length === 0) return own;
    let earliest = own;
    for (let later = number + 1; wall(later) - wall(number) <= shiftMsMax; later++)
      earliest = Math.min(earliest, instantOf(zone, wall(later)));
    return earliest;
  };
  const lastAt = (at: number): number => {
    let number = lastWall(wallAt(zone, at) + shiftMsMax);
    while (instantOf(zone, wall(number)) > at) number--;
    return number;
  };
  return {
    wall,
    instant,
    lastAt,
    between(from, to) {
      const found: Handoff[] = [];
      for (let number = lastAt(from) + 1; ; number++) {
        const at = instant(number);
        found.push({ number, at });
        if (at >= to) return found;
      }
    },
  };
}

/** Steps of time elapsed: the clock does not matter. */
function elapsedGrid(zone: Zone, anchorWall: number, step: number): Grid {
  const anchor = instantOf(zone, anchorWall);
  const instant = (number: number): number => anchor + number * step;
  const lastAt = (at: number): number => Math.floor((at - anchor) / step);
  const wall = (number: number): number => wallAt(zone, instant(number));
  return {
    wall,
    instant,
    lastAt,
    between(from, to) {
      const found: Handoff[] = [];
      for (let number = lastAt(from) + 1; ; number++) {
        found.push({ number, at: instant(number) });
        if (instant(number) >= to) return found;
      }
    },
    counter(pattern, origin) {
      return lazyCounter(origin, (number) => meetsPattern(pattern, wall(number), wall(number + 1)));
    },
  };
}

/** Counts turns that meet a pattern where nothing repeats: sums are kept as they are asked for. */
function lazyCounter(origin: number, meets: (number: number) => boolean): (number: number) => number {
  const sums = [0];
  return (number) => {
    for (let i = sums.length - 1; i < number - origin; i++) sums.push((sums[i] ?? 0) + (meets(origin + i) ? 1 : 0));
    return sums[Math.max(0, number - origin)] ?? 0;
  };
}

/** The layer's start, then every occurrence of a rule after it; where the rule ends, the last turn stays. */
function listedGrid(rrule: string, zone: Zone, startWall: number): Grid {
  const walls = [startWall];
  let readTo = startWall + 1;
  let whole = false;
  const read = (to: number): void => {
    while (readTo < to && !whole) {
      // A year at a time: the library begins at the beginning each time.
      const until = Math.max(to, readTo + 400 * dayMs);
      const found = occurrencesBetween({ rrule, start: startWall, zone }, readTo, until);
      walls.push(...found);
      readTo = until;
      whole = walls.length > limits.oncall.occurrencesMax;
    }
  };
  const wall = (number: number): number => (number < 0 ? Number.NEGATIVE_INFINITY : (walls[number] ?? Number.POSITIVE_INFINITY));
  const instant = (number: number): number => {
    const own = wall(number);
    if (!Number.isFinite(own)) return own;
    let earliest = instantOf(zone, own);
    for (let later = number + 1; later < walls.length && wall(later) - own <= shiftMsMax; later++)
      earliest = Math.min(earliest, instantOf(zone, wall(later)));
    return earliest;
  };
  const lastAt = (at: number): number => {
    read(wallAt(zone, at) + 2 * shiftMsMax);
    let [low, high] = [0, walls.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (instant(middle) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    wall: (number) => {
      if (number >= walls.length) read(readTo + 400 * dayMs);
      return wall(number);
    },
    instant,
    lastAt,
    between(from, to) {
      const found: Handoff[] = [];
      const begin = lastAt(from) + 1;
      read(to + 2 * shiftMsMax);
      for (let number = begin; number < walls.length; number++) {
        const at = instant(number);
        found.push({ number, at });
        if (at >= to) break;
      }
      return found;
    },
    counter(pattern, origin) {
      return lazyCounter(origin, (number) => meetsPattern(pattern, wall(number), wall(number + 1)));
    },
  };
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
