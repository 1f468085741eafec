// Owns the schedules of a run: drawn simple enough that who is on call can be told by arithmetic alone, which is what the
// checker holds the pages against.

import type { Override, Schedule } from "../../worker/core/oncall/schedule.ts";
import type { Chance } from "./prng.ts";

const hourMs = 3_600_000;
const start = "2026-01-01T00:00";

/** One hourly rotation in UTC, perhaps with an override somewhere in the run, perhaps with a fallback. */
export function drawSchedule(chance: Chance, id: string, people: readonly string[], from: number): Schedule {
  const slots = Array.from({ length: chance.int(1, 4) }, () =>
    chance.hit(0.15) ? [] : chance.hit(0.2) ? [chance.pick(people), chance.pick(people)] : [chance.pick(people)],
  ).map((slot) => [...new Set(slot)]);
  return {
    id,
    name: id,
    timeZone: "UTC",
    combine: "priority",
    layers: [
      {
        id: "only",
        name: "only",
        priority: 0,
        shadow: false,
        was: [],
        timeZone: "UTC",
        start,
        end: null,
        rotation: { kind: "every", n: chance.pick([1, 4, 8, 12, 24]), unit: "hour", handoff: null },
        slots,
        restrictions: [],
        skipEmptyTurns: true,
        position: null,
      },
    ],
    overrides: chance.hit(0.4) ? [drawOverride(chance, people, from)] : [],
    fallback: chance.hit(0.3) ? [chance.pick(people)] : [],
    ical: null,
  };
}

function drawOverride(chance: Chance, people: readonly string[], from: number): Override {
  const begins = from + chance.int(0, 240) * hourMs;
  return {
    id: "o",
    kind: chance.pick(["add", "take-over", "clear"] as const),
    user: chance.pick(people),
    replaces: null,
    layers: null,
    from: begins,
    to: begins + chance.int(1, 72) * hourMs,
    createdAt: from,
    createdBy: "eva",
  };
}

/** Who is on call at an instant, by arithmetic: the turn's number, then the override, then the fallback. */
export function onCallByHand(schedule: Schedule, at: number): readonly string[] {
  const [layer] = schedule.layers;
  const [override] = schedule.overrides;
  if (layer === undefined || layer.rotation.kind !== "every") return [];
  const turn = Math.floor((at - Date.parse(`${start}Z`)) / (layer.rotation.n * hourMs));
  let users = turn < 0 ? [] : [...(layer.slots[turn % layer.slots.length] ?? [])];
  if (override !== undefined && override.from <= at && at < override.to) {
    const mine = override.user === null ? [] : [override.user];
    if (override.kind === "clear") users = [];
    else users = override.kind === "take-over" ? mine : [...users, ...mine];
  }
  return users.length > 0 ? users : schedule.fallback;
}
