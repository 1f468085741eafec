// Owns what overrides do to the people the layers name. Oldest first, so that the newest has the last word.

import type { Id } from "../snapshot.ts";
import type { Duty } from "./duty.ts";
import type { Override } from "./schedule.ts";

/** One place on call. `scheduled` is whose place it is, `user` who has it; null: emptied on purpose. */
export interface Seat {
  readonly scheduled: Id;
  readonly user: Id | null;
  readonly layer: Id | null;
  readonly override: Id | null;
}

/** A layer's seats, and whether the layer is inside its hours. */
export interface LayerSeats {
  readonly layer: Id;
  readonly shadow: boolean;
  readonly state: Duty["state"];
  seats: Seat[];
}

export interface Seated {
  readonly layers: readonly LayerSeats[];
  /** On call beside whatever the layers combine to. */
  readonly extra: readonly Seat[];
}

/** `active`: the overrides in force, oldest first. Changes `layers` in place. */
export function seatOverrides(layers: readonly LayerSeats[], active: readonly Override[]): Seated {
  let extra: Seat[] = [];
  for (const override of active) {
    const touched = layers.filter((each) => (override.layers === null ? !each.shadow : override.layers.includes(each.layer)));
    const whole = override.layers === null;
    switch (override.kind) {
      case "add":
        if (override.user === null) break;
        if (whole) extra = [...extra, seat(override.user, null, override.id)];
        else for (const each of touched) each.seats = [...each.seats, seat(override.user, each.layer, override.id)];
        break;
      case "take-over":
        if (override.user === null) break;
        // A whole schedule's gaps are filled too; a layer is taken over inside its own hours.
        for (const each of touched)
          if (whole || each.state !== "off") each.seats = [seat(override.user, whole ? null : each.layer, override.id)];
        if (whole) extra = touched.length === 0 ? [seat(override.user, null, override.id)] : [];
        break;
      case "replace":
      case "clear": {
        const change = changeOf(override);
        for (const each of touched) each.seats = change(each.seats);
        if (whole) extra = change(extra);
      }
    }
  }
  return { layers, extra };
}

function seat(user: Id, layer: Id | null, override: Id): Seat {
  return { scheduled: user, user, layer, override };
}

/** By whose place it is, not by who has it now: replacements do not chain. */
function changeOf(override: Override): (seats: readonly Seat[]) => Seat[] {
  const user = override.kind === "clear" ? null : override.user;
  if (override.replaces === null) return override.kind === "clear" ? () => [] : (seats) => [...seats];
  return (seats) => seats.map((each) => (each.scheduled === override.replaces ? { ...each, user, override: override.id } : each));
}

/** Oldest first; of the same moment the one later in the list is newer. */
export function oldestFirst(overrides: readonly Override[]): Override[] {
  return overrides.toSorted((a, b) => a.createdAt - b.createdAt);
}
