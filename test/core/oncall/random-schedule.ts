// Owns schedules nobody would write on purpose: every kind of rotation, restriction and override, begun and handed over where
// clocks jump. One seed, one schedule.

import type { Weekday } from "../../../worker/core/calendar.ts";
import type { Layer, LayerRules, Override, Restriction, Rotation, Schedule } from "../../../worker/core/oncall/schedule.ts";
import type { Chance } from "../../sim/prng.ts";
import { layer, schedule } from "./build.ts";

export const hostileZones = [
  "Europe/Madrid",
  "America/New_York",
  "Australia/Lord_Howe",
  "Africa/Casablanca",
  "Pacific/Apia",
  "America/Sao_Paulo",
  "Asia/Kathmandu",
] as const;

const people = ["ana", "bo", "cy", "dee", "eva", "flo", "gil"];
const clocks = [
  "00:00",
  "00:30",
  "01:00",
  "01:30",
  "02:00",
  "02:15",
  "02:30",
  "03:00",
  "08:00",
  "09:00",
  "17:00",
  "22:00",
  "23:30",
];
const allDays: readonly Weekday[] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const rules = [
  "FREQ=WEEKLY;BYDAY=MO,TH",
  "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU",
  "FREQ=DAILY;INTERVAL=3",
  "FREQ=MONTHLY;BYMONTHDAY=15",
];

/** Layers that begin within a few months before `near`; `zones` are drawn from. */
export function randomSchedule(chance: Chance, zones: readonly string[], near: number): Schedule {
  const layers = Array.from({ length: chance.int(1, 4) }, (_, i) => randomLayer(chance, `l${i}`, zones, near));
  return schedule(layers, {
    timeZone: chance.pick(zones),
    combine: chance.hit(0.5) ? "priority" : "union",
    overrides: Array.from({ length: chance.int(0, 5) }, (_, i) => randomOverride(chance, `o${i}`, layers, near)),
    fallback: chance.hit(0.2) ? ["zoe"] : [],
  });
}

function randomLayer(chance: Chance, id: string, zones: readonly string[], near: number): Layer {
  const made = randomRules(chance, zones, near);
  const was = chance.hit(0.2)
    ? [{ until: near + chance.int(-30, 30) * 3_600_000, rules: { ...randomRules(chance, zones, near), timeZone: made.timeZone } }]
    : [];
  return layer(id, { ...made, was, shadow: chance.hit(0.1), priority: chance.hit(0.2) ? 1 : 0 });
}

function randomRules(chance: Chance, zones: readonly string[], near: number): LayerRules {
  const start = wall(chance, near - chance.int(1, 100) * 86_400_000);
  const slots = Array.from({ length: chance.int(1, 5) }, () =>
    chance.hit(0.1) ? [] : chance.hit(0.3) ? [chance.pick(people), "together"] : [chance.pick(people)],
  );
  const timeZone = chance.pick(zones);
  return {
    timeZone,
    start,
    end: chance.hit(0.1) ? wall(chance, near + chance.int(-2, 2) * 86_400_000) : null,
    rotation: randomRotation(chance, near),
    slots,
    restrictions: chance.hit(0.5) ? Array.from({ length: chance.int(1, 3) }, () => randomRestriction(chance)) : [],
    skipEmptyTurns: chance.hit(0.7),
    position: chance.hit(0.3) ? { at: near - chance.int(0, 2_000) * 60_000, slot: chance.int(0, slots.length - 1) } : null,
  };
}

function randomRotation(chance: Chance, near: number): Rotation {
  if (chance.hit(0.15)) return { kind: "rrule", rrule: chance.pick(rules) };
  const unit = chance.pick(["hour", "hour", "day", "day", "week", "month"] as const);
  const n = unit === "hour" ? chance.pick([1, 2, 3, 4, 5, 6, 7, 8, 12, 24, 36]) : chance.int(1, 3);
  return { kind: "every", n, unit, handoff: chance.hit(0.2) ? wall(chance, near - chance.int(-1, 120) * 86_400_000) : null };
}

function randomRestriction(chance: Chance): Restriction {
  const days = allDays.filter(() => chance.hit(0.6));
  return {
    days: days.length === 0 ? [chance.pick(allDays)] : days,
    from: chance.pick(clocks),
    to: chance.pick([...clocks, "24:00"]),
  };
}

function randomOverride(chance: Chance, id: string, layers: readonly Layer[], near: number): Override {
  const from = near + chance.int(-48, 36) * 3_600_000;
  const kind = chance.pick(["replace", "replace", "add", "take-over", "clear"] as const);
  return {
    id,
    kind,
    user: kind === "clear" ? null : chance.pick(people),
    replaces: kind === "replace" || (kind === "clear" && chance.hit(0.5)) ? chance.pick(people) : null,
    layers: chance.hit(0.3) ? [chance.pick(layers).id] : null,
    from,
    to: from + chance.int(1, 48) * 1_800_000,
    createdAt: chance.int(1, 3),
    createdBy: "chance",
  };
}

/** That day, at a clock where clocks jump or at any minute. */
function wall(chance: Chance, at: number): string {
  const clock = chance.hit(0.7)
    ? chance.pick(clocks)
    : `${String(chance.int(0, 23)).padStart(2, "0")}:${String(chance.int(0, 59)).padStart(2, "0")}`;
  return `${new Date(at).toISOString().slice(0, 10)}T${clock}`;
}
