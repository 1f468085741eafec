// Owns what a new definition does to a schedule that is running: who is on call stays on call, order goes on from there, the
// past stays what it was, and the change can wait for the end of the shift or of the round.

import { limits } from "../limits.ts";
import type { Id } from "../snapshot.ts";
import { slotFinder } from "./duty.ts";
import { nextHandoff } from "./shifts.ts";
import { resolveAt } from "./resolve.ts";
import type { Layer, LayerRules, Schedule } from "./schedule.ts";
import { turnsOf } from "./turns.ts";

/** When an edit of a layer takes effect: at once, at the next handoff, or when the first slot's turn comes again. */
export type Rollout = "now" | "after-shift" | "after-round";

type Former = Layer["was"];

/** The new definition carrying on from the present one. `after` comes from a definition: it has no position and no former rules. */
export function editSchedule(before: Schedule | null, after: Schedule, rollout: Rollout, now: number): Schedule {
  if (before === null) return after;
  return {
    ...after,
    layers: after.layers.map((layer) => {
      const present = before.layers.find((each) => each.id === layer.id);
      return present ? editLayer(present, layer, rollout, now) : layer;
    }),
  };
}

export function editLayer(before: Layer, after: Layer, rollout: Rollout, now: number): Layer {
  const present = rulesAt(before, Number.POSITIVE_INFINITY);
  if (sameRules(present, after)) return { ...after, position: before.position, was: before.was };
  const old = turnsOf(rulesAt(before, now));
  // Nobody has seen it yet: it is as if it had been written so.
  if (now < old.start && before.was.length === 0) return after;
  const fresh = turnsOf(after);
  const change = changeAt(before, rollout, now);
  // A start still to come is when the new rules begin; the old ones go on until then.
  if (fresh.start > change.at) return { ...after, was: formerUntil(before, fresh.start) };
  return { ...after, position: { at: change.at, slot: change.slotIn(after.slots) }, was: formerUntil(before, change.at) };
}

interface Change {
  readonly at: number;
  /** Which of the new slots has the turn at that instant. */
  readonly slotIn: (slots: LayerRules["slots"]) => number;
}

function changeAt(before: Layer, rollout: Rollout, now: number): Change {
  const rules = rulesAt(before, now);
  const turns = turnsOf(rules);
  const slotOf = slotFinder(rules, turns);
  const present = turns.handoffs(now, now)[0]?.number ?? 0;
  if (rollout === "now" || rules.slots.length <= 1)
    return { at: now, slotIn: (slots) => placeOf(rules.slots, slotOf(present), slots) };
  // A round is every slot once; turns that are not used up make it longer, and a year is the longest anybody waits.
  for (const handoff of turns.handoffs(now, now + limits.oncall.rangeMsMax)) {
    if (handoff.at <= now) continue;
    const slot = slotOf(handoff.number);
    if (rollout === "after-round" && (slot !== 0 || slotOf(handoff.number - 1) === 0)) continue;
    if (rollout === "after-round") return { at: handoff.at, slotIn: () => 0 };
    return { at: handoff.at, slotIn: (slots) => placeOf(rules.slots, slot, slots) };
  }
  return { at: now, slotIn: (slots) => placeOf(rules.slots, slotOf(present), slots) };
}

/**
 * Where a slot's turn goes on in a new list: the same people; else whoever of them is still there; else the next of the old
 * order who is; else the first.
 */
export function placeOf(old: LayerRules["slots"], slot: number, fresh: LayerRules["slots"]): number {
  for (let i = 0; i < old.length; i++) {
    const people = old[(slot + i) % old.length] ?? [];
    const same = fresh.findIndex((each) => each.length === people.length && people.every((user) => each.includes(user)));
    if (same !== -1) return same;
    const some = fresh.findIndex((each) => people.some((user) => each.includes(user)));
    if (some !== -1) return some;
  }
  return 0;
}

/** The rules in force at an instant. */
function rulesAt(layer: Layer, at: number): LayerRules {
  return layer.was.find(({ until }) => at < until)?.rules ?? bare(layer);
}

function formerUntil(layer: Layer, until: number): Former {
  const kept = layer.was.filter((each) => each.until < until);
  return [...kept, { until, rules: rulesAt(layer, until - 1) }].slice(-limits.oncall.formerRulesMax);
}

function bare({ timeZone, start, end, rotation, slots, restrictions, skipEmptyTurns, position }: LayerRules): LayerRules {
  return { timeZone, start, end, rotation, slots, restrictions, skipEmptyTurns, position };
}

/** Everything but the position, which no definition writes. */
function sameRules(a: LayerRules, b: LayerRules): boolean {
  const text = (rules: LayerRules): string =>
    JSON.stringify({ ...bare(rules), position: null, rotation: Object.entries(rules.rotation).toSorted(byName) });
  return text(a) === text(b);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

export interface UpcomingHandoff {
  readonly at: number;
  readonly users: readonly Id[];
}

/** Who is on call now, and the next handoffs; the first entry is the present. */
export function upcoming(schedule: Schedule, now: number, count: number): UpcomingHandoff[] {
  const found: UpcomingHandoff[] = [];
  for (let at: number | null = now; at !== null && found.length <= count;) {
    found.push({ at, users: resolveAt(schedule, at).seats.map((seat) => seat.user) });
    at = nextHandoff(schedule, at, now + limits.oncall.rangeMsMax);
  }
  return found;
}
