// Owns how a maintenance window or a silence stands at an instant, as far as it can be said from its definition.

import type { Silence, Window } from "../../lib/setup-shapes.ts";
import { instantOfWall } from "../../lib/zones.ts";

export interface Standing {
  readonly state: "on" | "planned" | "over" | "repeats";
  readonly from: number | null;
  readonly to: number | null;
}

/** Epoch ms of a wall clock in the zone, or of an instant. */
export function momentMs(text: string, zone: string): number | null {
  if (!/(Z|[+-]\d\d:\d\d)$/.test(text)) return instantOfWall(text, zone);
  const read = Date.parse(text);
  return Number.isNaN(read) ? null : read;
}

function standing(from: number | null, to: number | null, now: number): Standing {
  const state = to !== null && to <= now ? "over" : from !== null && from > now ? "planned" : "on";
  return { state, from, to };
}

export function windowStanding(window: Window, tenantZone: string, now: number): Standing {
  const zone = window.timeZone ?? tenantZone;
  const from = window.from === undefined ? null : momentMs(window.from, zone);
  // Which occurrence is on is the hub's to reckon.
  if (window.rrule) return { state: "repeats", from, to: null };
  const end = window.endedAt ?? window.extended?.to ?? window.to;
  return standing(from, momentMs(end, zone), now);
}

export function silenceStanding(silence: Silence, zone: string, now: number): Standing {
  const from = silence.from === undefined ? null : momentMs(silence.from, zone);
  return standing(from, momentMs(silence.endedAt ?? silence.extendedTo ?? silence.until, zone), now);
}

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Of the lengths that the dialog offers. */
export function lengthMs(text: string): number {
  const found = /^(\d+)([mhd])$/.exec(text);
  return found === null ? unitMs.h : Number(found[1]) * unitMs[found[2] as keyof typeof unitMs];
}
