// Owns turning a schedule as the shared cases write it into ours. Cases are translated by shape alone, never by id; what our
// model does not have is said, and the case then counts as not adopted.

import type { Layer, LayerRules, Override, Restriction, Schedule } from "../../../worker/core/oncall/schedule.ts";
import type { Weekday } from "../../../worker/core/calendar.ts";
import { wallAt, wallText, zoneOf } from "../../../worker/core/zone.ts";

/** What a case asks for and our model does not have. */
export class NotOurs extends Error {
  override readonly name = "NotOurs";
}

// oxlint-disable-next-line typescript/no-explicit-any -- shapes of somebody else's data; a wrong guess fails the case
export type Json = any;

const allDays: readonly Weekday[] = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const hour = 3_600_000;
const day = 24 * hour;

/** Seconds are hours in our model (no turn of a person is shorter): every instant of such a case is stretched from 1970. */
export interface Stretch {
  readonly of: (text: string) => number;
  readonly back: (at: number) => number;
}
export const plain: Stretch = { of: (text) => Date.parse(text), back: (at) => at };
export const stretched: Stretch = { of: (text) => Date.parse(text) * 3_600, back: (at) => at / 3_600 };

export function stretchOf(schedule: Json): Stretch {
  return schedule?.layers?.some((each: Json) => each.rotation?.unit === "second") ? stretched : plain;
}

export function scheduleOf(input: Json, stretch: Stretch = stretchOf(input)): Schedule {
  if (input.temporary_schedules) throw new NotOurs("temporary schedules");
  const gone = new Set<string>([...(input.ineligible_users ?? []), ...(input.deleted_users ?? [])]);
  const layers = input.layers.filter((each: Json) => !each.override);
  return {
    id: "s",
    name: "s",
    timeZone: input.timezone,
    combine: input.combine,
    layers: layers.flatMap((each: Json) => layersOf(each, input.timezone, stretch, gone)),
    overrides: [
      ...input.layers.filter((each: Json) => each.override).map((each: Json) => overrideLayer(each)),
      ...overridesOf(input.overrides ?? [], stretch),
      ...swapsOf(input.swap_requests ?? []),
    ],
    fallback: [],
    ical: null,
  };
}

const plainRules: LayerRules = {
  timeZone: "UTC",
  start: "1970-01-01T00:00",
  end: null,
  rotation: { kind: "every", n: 1, unit: "week", handoff: null },
  slots: [],
  restrictions: [],
  skipEmptyTurns: true,
  position: null,
};

function layersOf(input: Json, scheduleZone: string, stretch: Stretch, gone: ReadonlySet<string>): Layer[] {
  const head = { id: input.id, name: input.id, shadow: false, was: [] };
  const priority = input.precedence ?? input.recurring?.priority ?? 0;
  if (input.recurring) return recurringLayers(input.recurring, scheduleZone, { ...head, priority }, gone);
  // A layer of ours has one zone: with restrictions it is theirs, the schedule's.
  const restricted = (input.restrictions ?? []).length > 0;
  const timeZone = input.timezone ?? (restricted ? scheduleZone : (input.rotation?.timezone ?? scheduleZone));
  const slots = (input.users ? [input.users] : (input.rotation?.slots ?? [])).map((slot: string[]) =>
    slot.filter((user) => !gone.has(user)),
  );
  const rules: LayerRules = {
    ...plainRules,
    timeZone,
    slots,
    restrictions: (input.restrictions ?? []).filter((each: Json) => each.type !== "within_turn").flatMap(restrictionsOf),
    ...(input.start ? { start: wallIn(timeZone, stretch.of(input.start)) } : {}),
    ...(input.end ? { end: wallIn(timeZone, stretch.of(input.end)) } : {}),
  };
  if (!input.rotation) return [{ ...head, priority, ...rules }];
  const within = (input.restrictions ?? []).filter((each: Json) => each.type === "within_turn");
  return [{ ...head, priority, ...rules, ...rotationOf(input.rotation, rules, stretch, within) }];
}

/** The rotation's part of the rules. */
export function rotationOf(input: Json, rules: LayerRules, stretch: Stretch, within: readonly Json[] = []): Partial<LayerRules> {
  const { timeZone, slots } = rules;
  const wall = (at: number): string => wallIn(timeZone, at);
  const [n, unit] = stepOf(input);
  const anchorText: string = input.anchor ?? input.handoff;
  const anchor = stretch.of(anchorText);
  // A handoff's own grid: the first slot has the time from the layer's start to the first handoff after it.
  if (input.handoff) return { rotation: { kind: "every", n, unit, handoff: wall(anchor) } };
  // An anchor's grid reaches back before it: ours begins at the handoff, so that one is taken from long before.
  const handoff = backFrom(anchor, n, unit, timeZone);
  const state = input.state ? { at: stretch.of(input.state.at), slot: input.state.index } : { at: anchor, slot: 0 };
  const parts = input.shift_hours
    ? [{ from: 0, to: input.shift_hours }]
    : within.map((each) => ({ from: each.start_second, to: each.end_second }));
  if (parts.length === 0) return { rotation: { kind: "every", n, unit, handoff }, position: state };
  const whole = unit === "hour" ? n : unit === "day" ? n * 24 : Number.NaN;
  return { ...partsOfTurns(whole, parts, slots), start: wall(anchor) };
}

function backFrom(anchor: number, n: number, unit: "hour" | "day" | "week" | "month", timeZone: string): string {
  const wall = wallAt(zoneOf(timeZone), anchor);
  if (unit === "month") {
    const date = new Date(wall);
    date.setUTCFullYear(date.getUTCFullYear() - n * Math.ceil(30 / n));
    return wallText(date.getTime());
  }
  const step = { hour, day, week: 7 * day }[unit] * n;
  const back = step * Math.floor((30 * 365 * day) / step);
  return unit === "hour" && 24 % n !== 0 ? wallIn(timeZone, anchor - back) : wallText(wall - back);
}

/** A turn that is only partly a shift is several turns, some of them nobody's. */
function partsOfTurns(
  hours: number,
  parts: readonly { from: number; to: number }[],
  slots: readonly (readonly string[])[],
): Partial<LayerRules> & {
  readonly rotation: { readonly kind: "every"; readonly n: number; readonly unit: "hour"; readonly handoff: null };
} {
  if (!Number.isInteger(hours) || parts.some((part) => part.to > hours)) throw new NotOurs("shifts longer than their turn");
  const step = [...parts.flatMap((part) => [part.from, part.to]), hours].reduce((a, b) => gcd(a, b));
  if (!Number.isInteger(step)) throw new NotOurs("parts of an hour");
  const inside = (at: number): boolean => parts.some((part) => at >= part.from && at < part.to);
  const expanded = slots.flatMap((slot) => Array.from({ length: hours / step }, (_, i) => (inside(i * step) ? slot : [])));
  return { rotation: { kind: "every", n: step, unit: "hour", handoff: null }, slots: expanded };
}

function stepOf({ unit, length }: Json): [number, "hour" | "day" | "week" | "month"] {
  if (unit === "year") return [12 * length, "month"];
  if (unit === "second") return [length, "hour"];
  return [length, unit];
}

export function restrictionsOf(input: Json): Restriction[] {
  const { start, end } = input;
  if (input.type === "daily") return [{ days: allDays, from: start, to: end }];
  if (input.type === "weekdays" || input.days) return [{ days: input.days, from: start, to: end }];
  if (input.type !== "weekly") throw new NotOurs(`restriction ${input.type}`);
  const first = allDays.indexOf(input.start_day);
  const last = allDays.indexOf(input.end_day);
  if (first === last && end > start) return [{ days: [input.start_day], from: start, to: end }];
  const between: Weekday[] = [];
  for (let i = (first + 1) % 7; i !== last; i = (i + 1) % 7) {
    between.push(allDays[i] as Weekday);
    if (between.length > 6) break;
  }
  return [
    { days: [input.start_day], from: start, to: "24:00" },
    ...(between.length > 0 ? [{ days: between, from: "00:00", to: "24:00" }] : []),
    ...(end > "00:00" ? [{ days: [input.end_day as Weekday], from: "00:00", to: end }] : []),
  ];
}

/** Grafana's shifts: events of a length from a start, repeating; turn k is slot k. */
function recurringLayers(
  input: Json,
  timeZone: string,
  head: Pick<Layer, "id" | "name" | "shadow" | "was" | "priority">,
  gone: ReadonlySet<string>,
): Layer[] {
  const start = Date.parse(input.start);
  const length = input.duration_seconds * 1_000;
  const slots: string[][] = input.slots.map((slot: string[]) => slot.filter((user) => !gone.has(user)));
  const base: LayerRules = { ...plainRules, timeZone, start: wallIn(timeZone, start), slots };
  // Occurrences before it are not scheduled and still use up their turn: before it the layer's rules are nobody.
  const begin = Date.parse(input.rotation_start ?? input.start);
  const was = begin > start ? [{ until: begin, rules: { ...base, slots: [] } }] : [];
  const end = input.until ? { end: wallIn(timeZone, Date.parse(input.until)) } : {};
  const made = (rules: Partial<LayerRules>): Layer[] => [{ ...head, was, ...base, ...end, ...rules }];
  const n = input.interval ?? 1;
  if (input.type === "single" || slots.length === 0) return made({ end: wallIn(timeZone, start + length) });
  const hours = length / hour;
  const byDay = (input.by_day ?? []).length > 0;
  if (byDay && input.frequency === "daily" && length <= day) {
    if (n !== 1) throw new NotOurs("several selected days a turn");
    const from = base.start.slice(11, 16);
    const to = wallIn(timeZone, start + length).slice(11, 16);
    return made({
      rotation: { kind: "every", n: 1, unit: "day", handoff: null },
      restrictions: [{ days: input.by_day, from, to }],
    });
  }
  if (byDay || input.by_monthday || input.frequency === "monthly") throw new NotOurs("turns by selected days of longer periods");
  const period = { hourly: n, daily: n * 24, weekly: n * 168 }[input.frequency as "hourly" | "daily" | "weekly"];
  if (length === period * hour) {
    const unit = { hourly: "hour", daily: "day", weekly: "week" }[input.frequency as "hourly" | "daily" | "weekly"];
    return made({ rotation: { kind: "every", n, unit: unit as "hour", handoff: null } });
  }
  const parts = partsOfTurns(period, [{ from: 0, to: hours }], slots);
  if (24 % parts.rotation.n !== 0) throw new NotOurs("parts of turns that do not divide a day");
  return made(parts);
}

/** An event that beats every rotation: a take-over, the higher priority the newer. */
function overrideLayer({ id, override }: Json): Override {
  const from = Date.parse(override.rotation_start ?? override.start);
  const to = Math.min(
    Date.parse(override.start) + override.duration_seconds * 1_000,
    override.until ? Date.parse(override.until) : Number.POSITIVE_INFINITY,
  );
  if (override.slots.length !== 1 || override.slots[0].length !== 1) throw new NotOurs("an override for several people");
  return made(id, "take-over", override.slots[0][0], null, null, from, to, override.priority ?? 0);
}

export function overridesOf(list: readonly Json[], stretch: Stretch = plain): Override[] {
  const kinds = { add: "add", remove: "clear", replace: "replace", take_over: "take-over" } as const;
  return list.map((each, i) =>
    made(
      `o${i}`,
      kinds[each.kind as keyof typeof kinds],
      each.user ?? null,
      each.for_user ?? null,
      each.layers ?? null,
      stretch.of(each.start),
      stretch.of(each.end),
      each.created ? Date.parse(each.created) : i,
    ),
  );
}

/** A swap that was taken is a replacement inside the other's shifts; one that nobody took changes nothing. */
function swapsOf(list: readonly Json[]): Override[] {
  return list
    .filter((each) => each.benefactor)
    .map((each, i) =>
      made(`swap${i}`, "replace", each.benefactor, each.beneficiary, null, Date.parse(each.start), Date.parse(each.end), i),
    );
}

function made(
  id: string,
  kind: Override["kind"],
  user: string | null,
  replaces: string | null,
  layers: readonly string[] | null,
  from: number,
  to: number,
  createdAt: number,
): Override {
  return { id, kind, user, replaces, layers, from, to, createdAt, createdBy: "vectors" };
}

export function wallIn(timeZone: string, at: number): string {
  return wallText(wallAt(zoneOf(timeZone), at));
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
