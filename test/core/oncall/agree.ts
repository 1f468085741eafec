// Owns the comparison of the product's answer with the second opinion, minute by minute.

import { resolveAt } from "../../../worker/core/oncall/resolve.ts";
import type { Schedule } from "../../../worker/core/oncall/schedule.ts";
import { shiftsBetween } from "../../../worker/core/oncall/shifts.ts";
import { referenceOf } from "./reference.ts";

const minute = 60_000;

/** The first disagreement over [from, to), by the minute; null: none. Instants asked are counted into `asked`. */
export function disagreement(schedule: Schedule, from: number, to: number, asked: { count: number }): string | null {
  const reference = referenceOf(schedule, from, to);
  const { shifts, gaps, layers } = shiftsBetween(schedule, from, to, { layers: true });
  const told = (what: string, at: number, expected: unknown, found: unknown): string =>
    `${what} at ${new Date(at).toISOString()}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)} in ${JSON.stringify(schedule)}`;

  // Shifts and gaps cover every instant once, and no two neighbours are the same shift.
  const pieces = [...shifts, ...gaps.map((gap) => ({ ...gap, users: [] as string[] }))].toSorted((a, b) => a.from - b.from);
  let end = from;
  for (const piece of pieces) {
    if (piece.from !== end || piece.to <= piece.from) return told("the next piece begins", end, end, piece);
    end = piece.to;
  }
  if (end !== to) return told("the last piece ends", end, to, end);

  const instants = new Set<number>();
  for (let at = from; at < to; at += minute) instants.add(at);
  for (const { from: edge } of pieces)
    for (const at of [edge - 2 * minute, edge - minute, edge - 1, edge, edge + 1, edge + minute, edge + 2 * minute])
      if (at >= from && at < to) instants.add(at);
  let place = 0;
  const places = layers.map(() => 0);
  for (const at of [...instants].toSorted((a, b) => a - b)) {
    asked.count++;
    const expected = reference.usersAt(at);
    const now = resolveAt(schedule, at)
      .seats.map((seat) => seat.user)
      .toSorted();
    if (String(now) !== String(expected)) return told("on call", at, expected, now);
    while ((pieces[place]?.to ?? to) <= at) place++;
    const inShifts = (pieces[place]?.users ?? []).toSorted();
    if (String(inShifts) !== String(expected)) return told("in the shifts", at, expected, inShifts);
    for (const [i, layer] of layers.entries()) {
      while ((layer.shifts[places[i] ?? 0]?.to ?? Number.POSITIVE_INFINITY) <= at) places[i] = (places[i] ?? 0) + 1;
      const shift = layer.shifts[places[i] ?? 0];
      const found = shift !== undefined && shift.from <= at ? shift.users : [];
      const own = reference.layerAt(layer.layer, at) ?? [];
      if (String(found.toSorted()) !== String(own.toSorted())) return told(`layer ${layer.layer}`, at, own, found);
    }
  }
  return null;
}
