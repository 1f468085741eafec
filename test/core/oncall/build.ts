// Owns how tests write a schedule: everything that is not said is the plain default.

import type { Layer, Override, Schedule } from "../../../worker/core/oncall/schedule.ts";

export const at = (text: string): number => Date.parse(text);

export function layer(id: string, more: Partial<Layer> = {}): Layer {
  return {
    id,
    name: id,
    timeZone: "UTC",
    start: "2026-01-05T09:00",
    end: null,
    rotation: { kind: "every", n: 1, unit: "week", handoff: null },
    slots: [],
    restrictions: [],
    skipEmptyTurns: true,
    position: null,
    priority: 0,
    shadow: false,
    was: [],
    ...more,
  };
}

/** The layers' priorities are their places. */
export function schedule(layers: readonly Layer[], more: Partial<Schedule> = {}): Schedule {
  return {
    id: "s",
    name: "s",
    timeZone: "UTC",
    combine: "priority",
    layers: layers.map((each, i) => ({ ...each, priority: each.priority === 0 ? i : each.priority })),
    overrides: [],
    fallback: [],
    ical: null,
    ...more,
  };
}

export function override(id: string, from: string, to: string, more: Partial<Override>): Override {
  return {
    id,
    kind: "replace",
    user: null,
    replaces: null,
    layers: null,
    from: at(from),
    to: at(to),
    createdAt: 0,
    createdBy: "test",
    ...more,
  };
}
