// Owns who is on call at one instant: the layers' answers, the overrides, how they combine, the fallback. Everything else asks here.

import type { Id } from "../snapshot.ts";
import { dutyAt, dutySourceOf, type Duty, type DutySource } from "./duty.ts";
import { oldestFirst, seatOverrides, type LayerSeats, type Seat } from "./overrides.ts";
import type { Override, Schedule } from "./schedule.ts";

/** The name under which a calendar's shifts are shown. */
export const calendarLayer = "calendar";

/** Who is on call over [from, to): everything they rest on stays the same there. */
export interface Resolution {
  readonly from: number;
  readonly to: number;
  /** Each person once, in the layers' order. */
  readonly seats: readonly (Seat & { readonly user: Id })[];
  /** Nobody else is on call: the schedule's fallback is. */
  readonly fallback: boolean;
  /** A slot was left empty on purpose, or an override emptied it. */
  readonly onPurpose: boolean;
}

export interface PreparedLayer {
  readonly id: Id;
  readonly shadow: boolean;
  readonly priority: number;
  readonly source: DutySource;
}

export interface Prepared {
  readonly layers: readonly PreparedLayer[];
  /** The paging layers by priority, the highest first; those in one list are on call together. */
  readonly ranks: readonly (readonly number[])[];
  /** Where an override begins or ends, in order. */
  readonly edges: readonly number[];
  /** The overrides in force after the edge of the same place, oldest first; [0]: before the first edge. */
  readonly active: readonly (readonly Override[])[];
}

const prepared = new WeakMap<Schedule, Prepared>();

export function prepare(schedule: Schedule): Prepared {
  const known = prepared.get(schedule);
  if (known) return known;
  const layers: PreparedLayer[] = schedule.layers.map((layer) => ({
    id: layer.id,
    shadow: layer.shadow,
    priority: layer.priority,
    source: dutySourceOf(layer),
  }));
  if (schedule.ical !== null)
    layers.unshift({
      id: calendarLayer,
      shadow: false,
      priority: Number.NEGATIVE_INFINITY,
      source: dutySourceOf(schedule.ical),
    });
  const overrides = oldestFirst(schedule.overrides);
  const edges = [...new Set(overrides.flatMap((each) => [each.from, each.to]))].sort((a, b) => a - b);
  const made: Prepared = {
    layers,
    ranks: ranksOf(layers, schedule.combine),
    edges,
    active: [[], ...edges.map((edge) => overrides.filter((each) => each.from <= edge && edge < each.to))],
  };
  prepared.set(schedule, made);
  return made;
}

function ranksOf(layers: readonly PreparedLayer[], combine: Schedule["combine"]): number[][] {
  const paging = layers.map((_, i) => i).filter((i) => layers[i]?.shadow === false);
  if (combine === "union") return [paging];
  const priorities = [...new Set(paging.map((i) => layers[i]?.priority ?? 0))].sort((a, b) => b - a);
  return priorities.map((priority) => paging.filter((i) => layers[i]?.priority === priority));
}

export function resolveAt(schedule: Schedule, at: number): Resolution {
  const { layers, ranks, edges, active } = prepare(schedule);
  const cell = cellOf(edges, at);
  let from = cell === 0 ? Number.NEGATIVE_INFINITY : (edges[cell - 1] ?? Number.NEGATIVE_INFINITY);
  let to = edges[cell] ?? Number.POSITIVE_INFINITY;
  const seated: LayerSeats[] = [];
  for (const layer of layers) {
    const duty = dutyAt(layer.source, at);
    if (duty.from > from) from = duty.from;
    if (duty.to < to) to = duty.to;
    seated.push(seatsOf(layer, duty));
  }
  const { extra } = seatOverrides(seated, active[cell] ?? []);
  const found = combined(ranks, seated);
  const { seats, emptied } = eachOnce([...found, ...extra]);
  const onPurpose = emptied || seated.some((each) => each.state === "nobody" && !each.shadow);
  if (seats.length > 0 || schedule.fallback.length === 0) return { from, to, seats, fallback: false, onPurpose };
  const rest = schedule.fallback.map((user) => ({ scheduled: user, user, layer: null, override: null }));
  return { from, to, seats: rest, fallback: true, onPurpose };
}

export function seatsOf(layer: PreparedLayer, duty: Duty): LayerSeats {
  const seats = duty.users.map((user): Seat => ({ scheduled: user, user, layer: layer.id, override: null }));
  return { layer: layer.id, shadow: layer.shadow, state: duty.state, seats };
}

/** The highest rank that has anybody, a place emptied by an override included. */
function combined(ranks: readonly (readonly number[])[], seated: readonly LayerSeats[]): readonly Seat[] {
  for (const rank of ranks) {
    const seats = rank.flatMap((i) => seated[i]?.seats ?? []);
    if (seats.length > 0) return seats;
  }
  return [];
}

function eachOnce(seats: readonly Seat[]): { seats: (Seat & { user: Id })[]; emptied: boolean } {
  const found: (Seat & { user: Id })[] = [];
  let emptied = false;
  for (const each of seats) {
    if (each.user === null) emptied = true;
    else if (!found.some((other) => other.user === each.user)) found.push({ ...each, user: each.user });
  }
  return { seats: found, emptied };
}

/** Which stretch between edges an instant lies in: the number of edges at or before it. */
export function cellOf(edges: readonly number[], at: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
