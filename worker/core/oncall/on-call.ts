// Owns the question a page asks: who is on call now, since when and until when, and why; and who comes next.

import { limits } from "../limits.ts";
import type { Id } from "../snapshot.ts";
import { calendarLayer, resolveAt, type Resolution } from "./resolve.ts";
import type { Schedule } from "./schedule.ts";
import { ruleText } from "./summary.ts";

export interface Why {
  /** The layer whose turn it is; null: several layers, an override of the whole schedule, the fallback, or nobody. */
  readonly layer: Id | null;
  readonly override: Id | null;
  readonly fallback: boolean;
  /** In plain words. */
  readonly rule: string;
}

export interface OnCall {
  /** Empty: nobody. */
  readonly users: readonly Id[];
  /** The present shift: the same people for the same reason. Null: no end in sight (`limits.oncall.horizonMs`). */
  readonly from: number | null;
  readonly to: number | null;
  readonly why: Why;
}

export function onCallAt(schedule: Schedule, at: number): OnCall {
  const found = resolveAt(schedule, at);
  const same = (other: Resolution): boolean => sameShift(found, other);
  return {
    users: found.seats.map((seat) => seat.user),
    from: edge(schedule, found, at, -1, same),
    to: edge(schedule, found, at, 1, same),
    why: whyOf(schedule, found),
  };
}

/** The next shift with other people, gaps left out; null: nobody else within the horizon. */
export function nextOnCallAt(schedule: Schedule, at: number): (OnCall & { readonly from: number }) | null {
  const now = resolveAt(schedule, at);
  const there = edge(schedule, now, at, 1, (other) => other.seats.length === 0 || samePeople(now, other));
  if (there === null) return null;
  return { ...onCallAt(schedule, there), from: there };
}

/** The first instant after (or the last before, exclusive) at which `same` no longer holds. */
function edge(
  schedule: Schedule,
  found: Resolution,
  at: number,
  direction: 1 | -1,
  same: (other: Resolution) => boolean,
): number | null {
  let present = found;
  for (;;) {
    const end = direction === 1 ? present.to : present.from;
    if (Math.abs(end - at) > limits.oncall.horizonMs) return null;
    const next = resolveAt(schedule, direction === 1 ? end : end - 1);
    if (!same(next)) return end;
    present = next;
  }
}

export function samePeople(a: Resolution, b: Resolution): boolean {
  return a.seats.length === b.seats.length && a.seats.every((seat) => b.seats.some((other) => other.user === seat.user));
}

/** The same people by the same layers and overrides: one shift. */
export function sameShift(a: Resolution, b: Resolution): boolean {
  return (
    a.fallback === b.fallback &&
    a.seats.length === b.seats.length &&
    a.seats.every((seat) =>
      b.seats.some((other) => other.user === seat.user && other.layer === seat.layer && other.override === seat.override),
    )
  );
}

/** What a shift rests on: one layer or several, the override that had the last word. */
export function groundsOf(found: Resolution): Omit<Why, "rule"> {
  const layer = only(found.seats.map((seat) => seat.layer));
  const override = lastOf(found.seats.map((seat) => seat.override));
  return { layer, override, fallback: found.fallback };
}

export function whyOf(schedule: Schedule, found: Resolution): Why {
  const grounds = groundsOf(found);
  return { ...grounds, rule: ruleOf(schedule, found, grounds.layer, grounds.override) };
}

function ruleOf(schedule: Schedule, found: Resolution, layer: Id | null, override: Id | null): string {
  if (found.fallback) return "nobody else is on call: the schedule's fallback";
  if (found.seats.length === 0) return found.onPurpose ? "nobody, on purpose" : "nobody is on call";
  const change = override === null ? null : schedule.overrides.find((each) => each.id === override);
  const seat = change && found.seats.find((each) => each.override === override);
  if (change && seat) {
    if (change.kind === "replace") return `override ${change.id}: ${seat.user} for ${seat.scheduled}`;
    return change.kind === "add"
      ? `override ${change.id}: ${seat.user} as well`
      : `override ${change.id}: ${seat.user} took over`;
  }
  if (layer === calendarLayer) return "an event of the imported calendar";
  const rules = schedule.layers.find((each) => each.id === layer);
  return rules ? ruleText(rules) : `layers ${[...new Set(found.seats.map((each) => each.layer))].join(" and ")} together`;
}

function only(values: readonly (Id | null)[]): Id | null {
  const [first, ...rest] = new Set(values);
  return rest.length === 0 ? (first ?? null) : null;
}

function lastOf(values: readonly (Id | null)[]): Id | null {
  return values.findLast((value) => value !== null) ?? null;
}
