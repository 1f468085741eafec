// Owns what a clock on a wall shows: instant to wall time and back, for a named zone. Offsets are Luxon's, kept by stretches
// between two changes. The only place that knows the rule of RFC 5545 §3.3.5: a wall time that does not exist is read with the
// offset before the gap, one that occurs twice is its first occurrence.
//
// A wall time is a number here: the epoch ms it would be if the zone were UTC.

import { IANAZone } from "luxon";
import { limits } from "./limits.ts";

const dayMs = 86_400_000;
const blockMs = 64 * dayMs;
/** No zone has ever moved its clock by more than a day (Pacific/Apia, 2011: 24 h). */
export const shiftMsMax = 25 * 3_600_000;

interface Block {
  /** Changes inside the block: from `at` on `after` applies. */
  readonly changes: readonly { readonly at: number; readonly before: number; readonly after: number }[];
  /** Offset at the block's first ms. */
  readonly offset: number;
}

export interface Zone {
  readonly name: string;
  readonly iana: IANAZone;
  readonly blocks: Map<number, Block>;
}

const zones = new Map<string, Zone>();

export function isZone(name: string): boolean {
  return IANAZone.isValidZone(name);
}

/** A zone by its IANA name. Throws on a name that is none: names are checked where they come in. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const iana = IANAZone.create(name);
  if (!iana.isValid) throw new Error(`${name} is not a time zone`);
  if (zones.size >= limits.zone.kept) zones.clear();
  const zone = { name, iana, blocks: new Map<number, Block>() };
  zones.set(name, zone);
  return zone;
}

function offsetByLuxon(zone: Zone, at: number): number {
  return Math.round(zone.iana.offset(at) * 60_000);
}

function blockOf(zone: Zone, number: number): Block {
  const known = zone.blocks.get(number);
  if (known) return known;
  const from = number * blockMs;
  const offset = offsetByLuxon(zone, from);
  const changes: { at: number; before: number; after: number }[] = [];
  let before = offset;
  // A day apart: no zone changes its clock twice within one.
  for (let day = from + dayMs; day <= from + blockMs; day += dayMs) {
    const after = offsetByLuxon(zone, day);
    if (after === before) continue;
    let [low, high] = [day - dayMs, day];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offsetByLuxon(zone, middle) === before) low = middle;
      else high = middle;
    }
    // One at the next block's first ms stands here, so that a walk from block to block meets it.
    changes.push({ at: high, before, after });
    before = after;
  }
  const block = { changes, offset };
  if (zone.blocks.size >= limits.zone.blocksKept) zone.blocks.clear();
  zone.blocks.set(number, block);
  return block;
}

/** What is added to UTC to read the wall clock, ms. */
export function offsetAt(zone: Zone, at: number): number {
  const block = blockOf(zone, Math.floor(at / blockMs));
  let offset = block.offset;
  for (const change of block.changes) {
    if (at < change.at) break;
    offset = change.after;
  }
  return offset;
}

/** The wall clock's reading at an instant. */
export function wallAt(zone: Zone, at: number): number {
  return at + offsetAt(zone, at);
}

/** The instant of a wall time, by RFC 5545 §3.3.5. */
export function instantOf(zone: Zone, wall: number): number {
  // The instant lies within a day of the reading taken as UTC; offsets reach from -12 h to +14 h.
  const first = Math.floor((wall - shiftMsMax) / blockMs);
  const last = Math.floor((wall + shiftMsMax) / blockMs);
  const block = blockOf(zone, first);
  let offset = block.offset;
  for (let number = first; number <= last; number++) {
    for (const change of (number === first ? block : blockOf(zone, number)).changes) {
      // Before the change by either reading: the first occurrence, or the missing time read with the offset before.
      if (wall < change.at + Math.max(change.before, change.after)) return wall - change.before;
      offset = change.after;
    }
  }
  return wall - offset;
}

/** Instants in (from, to] at which the zone's clock changes. */
export function changesBetween(zone: Zone, from: number, to: number): number[] {
  const found: number[] = [];
  for (let number = Math.floor(from / blockMs); number <= Math.floor(to / blockMs); number++)
    for (const change of blockOf(zone, number).changes) if (change.at > from && change.at <= to) found.push(change.at);
  return found;
}

const wallShape = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/;

/** A wall time from its text; null when it is none, or no date of the calendar. */
export function parseWall(text: string): number | null {
  const found = wallShape.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  return new Date(wall).getUTCDate() === day && new Date(wall).getUTCMonth() === month - 1 ? wall : null;
}

/** `2026-01-05T09:00`, with seconds only where there are any. */
export function wallText(wall: number): string {
  const text = new Date(wall).toISOString();
  return text.slice(17, 19) === "00" ? text.slice(0, 16) : text.slice(0, 19);
}
