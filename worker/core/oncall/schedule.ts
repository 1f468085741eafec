// Owns what an on-call schedule is: layers, rotations, restrictions, overrides, as plain data of the snapshot. Who is on call
// is always computed from this and an instant; nothing here is a list of shifts.
//
// Wall-clock times are ISO text without a zone (`2026-01-05T09:00`), read in the nearest `timeZone`. Instants are epoch ms.

import type { Weekday } from "../calendar.ts";
import type { Id } from "../snapshot.ts";

/** `2026-01-05T09:00` or with seconds: a reading of a clock on a wall, not an instant. */
export type WallTime = string;

/**
 * When the turn passes on. `every`: every n units from the layer's start, or from `handoff` where that is set: one after the
 * start is the first handoff, one before it sets the grid. Days, weeks and months keep to the clock, and so do hours that
 * divide a day; other hours count what elapsed. A month that is too short hands over on its last day. `rrule`: at every
 * occurrence after the layer's start.
 */
export type Rotation =
  | {
      readonly kind: "every";
      readonly n: number;
      readonly unit: "hour" | "day" | "week" | "month";
      readonly handoff: WallTime | null;
    }
  | { readonly kind: "rrule"; readonly rrule: string };

/**
 * On call only inside: from `from` to `to` ("HH:MM", `to` may be "24:00") on the days it starts on. `to` at or before `from`
 * is the next day's; equal ones are 24 h. Several are joined; none at all is always.
 */
export interface Restriction {
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
}

/** The rules of one layer. */
export interface LayerRules {
  /** Of this layer where it is not the schedule's: follow the sun. */
  readonly timeZone: string;
  readonly start: WallTime;
  /** Nobody of this layer is on call from here on. */
  readonly end: WallTime | null;
  readonly rotation: Rotation;
  /** Whose turn it is, in order; several people in one slot are on call together; an empty slot is nobody, on purpose. */
  readonly slots: readonly (readonly Id[])[];
  readonly restrictions: readonly Restriction[];
  /** A turn that lies wholly outside the restrictions is not used up: the same slot has the next one. */
  readonly skipEmptyTurns: boolean;
  /** Which slot has the turn that holds `at`; null: the first slot has the first turn. Keeps people on call through edits. */
  readonly position: { readonly at: number; readonly slot: number } | null;
}

export interface Layer extends LayerRules {
  readonly id: Id;
  readonly name: string;
  /** Higher wins where the schedule combines by priority; equal ones are on call together. Default: the place in the list. */
  readonly priority: number;
  /** Shown, never paged. */
  readonly shadow: boolean;
  /** The rules before the last edits, oldest first, each in force until `until`: the past does not change, an edit can be dated. */
  readonly was: readonly { readonly until: number; readonly rules: LayerRules }[];
}

export type OverrideKind = "replace" | "add" | "take-over" | "clear";

/**
 * A change for a while; the newest wins.
 * `replace`: `user` for `replaces`, only while that person would be on call; replacements do not chain.
 * `add`: `user` as well. `take-over`: `user` alone, in place of everybody, gaps too (of named layers: inside their hours).
 * `clear`: nobody; with `replaces` only that person's place is emptied.
 */
export interface Override {
  readonly id: Id;
  readonly kind: OverrideKind;
  readonly user: Id | null;
  readonly replaces: Id | null;
  /** Only these layers; null: the whole schedule. */
  readonly layers: readonly Id[] | null;
  readonly from: number;
  readonly to: number;
  readonly createdAt: number;
  readonly createdBy: string;
}

/** One event of an imported calendar, people already matched. Times are wall-clock in `timeZone`. */
export interface CalendarEvent {
  readonly uid: string;
  readonly summary: string;
  readonly users: readonly Id[];
  readonly timeZone: string;
  readonly start: WallTime;
  readonly end: WallTime;
  readonly rrule: string | null;
  /** Starts of occurrences that do not take place or were moved, in `timeZone`. */
  readonly exdates: readonly WallTime[];
}

/** Shifts that come from a calendar: the last good copy. The lowest layer of its schedule. */
export interface CalendarSource {
  readonly url: string;
  readonly events: readonly CalendarEvent[];
  /** When this copy was fetched; null: never yet. */
  readonly fetchedAt: number | null;
}

export interface Schedule {
  readonly id: Id;
  readonly name: string;
  /** Whose schedule it is. */
  readonly team?: Id | null;
  readonly timeZone: string;
  readonly combine: "priority" | "union";
  readonly layers: readonly Layer[];
  readonly overrides: readonly Override[];
  /** On call when nobody else is. */
  readonly fallback: readonly Id[];
  readonly ical: CalendarSource | null;
}

export { nextOnCallAt, onCallAt, type OnCall, type Why } from "./on-call.ts";
export { everyoneOf } from "./everyone.ts";
