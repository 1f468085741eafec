// Owns what keeps an alert from paging for a time, and when that time is over: maintenance windows, silences, inhibition by
// another alert. Times only; what then becomes of the incident is quiet.ts's.

import { limits } from "./limits.ts";
import { occurrencesBetween } from "./oncall/recurrence.ts";
import type { Id } from "./snapshot.ts";
import { instantOf, wallAt, zoneOf } from "./zone.ts";

export type AtEnd = "page" | "resolve" | "nothing";

/** A planned time in which alerts are recorded and page nobody. Instants are epoch ms. */
export interface MaintenanceWindow {
  readonly id: Id;
  readonly name: string;
  readonly timeZone: string;
  /** The first (or only) occurrence. */
  readonly from: number;
  readonly to: number;
  /** RFC 5545, in wall time of the zone, beginning with `from`; null: once. */
  readonly rrule: string | null;
  /** CEL over the alert; null: every alert. */
  readonly when: string | null;
  readonly atEnd: AtEnd;
  /** Ended by hand: an occurrence that began before this instant ends at it. */
  readonly endedAt: number | null;
  /** Given another end by hand: the occurrence that began at `of` ends at `to`. */
  readonly extended: { readonly of: number; readonly to: number } | null;
}

export interface Silence {
  readonly id: Id;
  readonly when: string;
  readonly from: number | null;
  readonly until: number;
  readonly owner: Id | null;
  /** How long before the end the owner is reminded; null: not at all. */
  readonly remindMs: number | null;
  readonly reason: string;
}

/** One reason for an incident's silence, frozen in it; the window or silence behind it is looked up again by its id. */
export type Mute =
  | { readonly kind: "maintenance"; readonly id: Id; readonly until: number; readonly atEnd: AtEnd }
  | { readonly kind: "silence"; readonly id: Id; readonly until: number; readonly reason: string }
  /** A reminder waits for its time. `of`: the end it reminds of; a silence with another end has another reminder. */
  | { readonly kind: "reminder"; readonly id: Id; readonly until: number; readonly of: number }
  /** `until`: when it is asked again whether the other alert is still open. `key`: the equal values. */
  | {
      readonly kind: "inhibition";
      readonly id: Id;
      readonly key: string;
      readonly both?: boolean;
      readonly until: number;
      readonly by: string;
    };

export interface Occurrence {
  readonly from: number;
  readonly to: number;
}

/** What a window does from some instant on: the occurrence that lasts, or the time until which there is none. */
interface Stretch {
  readonly from: number;
  /** Until then the answer stays the same. */
  readonly until: number;
  readonly occurrence: Occurrence | null;
}

const stretches = new WeakMap<MaintenanceWindow, Stretch>();

/** The occurrence in which `now` lies; null: the window is not on. */
export function occurrenceAt(window: MaintenanceWindow, now: number): Occurrence | null {
  const known = stretches.get(window);
  if (known && known.from <= now && now < known.until) return known.occurrence;
  const stretch = stretchAt(window, now);
  stretches.set(window, stretch);
  return stretch.occurrence;
}

/** When the window is on next, from `now` on (the present occurrence counts); null: never again within two years. */
export function nextOccurrence(window: MaintenanceWindow, now: number): Occurrence | null {
  return occurrencesAround(window, now).find((each) => each.to > now) ?? null;
}

function stretchAt(window: MaintenanceWindow, now: number): Stretch {
  const all = occurrencesAround(window, now);
  const present = all.filter((each) => each.from <= now && now < each.to).toSorted((a, b) => b.to - a.to)[0];
  if (present) return { from: Math.max(present.from, now), until: present.to, occurrence: present };
  const next = all.find((each) => each.from > now);
  return { from: now, until: next?.from ?? now + limits.maintenance.lookAheadMs, occurrence: null };
}

function occurrencesAround(window: MaintenanceWindow, now: number): Occurrence[] {
  return plannedAround(window, now)
    .map((planned) => shaped(window, planned))
    .filter((each) => each.to > each.from);
}

/** What people did to an occurrence while it was on. */
function shaped(window: MaintenanceWindow, planned: Occurrence): Occurrence {
  const { endedAt, extended } = window;
  const to = extended !== null && extended.of === planned.from ? extended.to : planned.to;
  return { from: planned.from, to: endedAt !== null && planned.from < endedAt ? Math.min(to, endedAt) : to };
}

/** Wall clock at both ends: a window from 22:00 to 02:00 is that, whatever the clock does in between. */
function plannedAround(window: MaintenanceWindow, now: number): Occurrence[] {
  if (window.rrule === null) return [{ from: window.from, to: window.to }];
  const zone = zoneOf(window.timeZone);
  const start = wallAt(zone, window.from);
  const lengthMs = wallAt(zone, window.to) - start;
  const here = wallAt(zone, now);
  const longest = Math.max(lengthMs, (window.extended?.to ?? 0) - (window.extended?.of ?? 0));
  const rule = { rrule: window.rrule, start, zone };
  return occurrencesBetween(rule, here - longest - limits.maintenance.slackMs, here + limits.maintenance.lookAheadMs).map(
    (wall) => ({
      from: instantOf(zone, wall),
      to: instantOf(zone, wall + lengthMs),
    }),
  );
}

export function isOn(silence: Silence, now: number): boolean {
  return (silence.from === null || silence.from <= now) && now < silence.until;
}

/** For the incident and its timeline: "maintenance db-upgrade until 2026-12-02T02:00:00Z". */
export function wordsOf(mute: Mute): string {
  if (mute.kind === "inhibition") return `route ${mute.id}: ${mute.by}`;
  if (mute.kind === "reminder") return `a reminder that silence ${mute.id} ends, for its time`;
  const until = new Date(mute.until).toISOString().replace(".000Z", "Z");
  return `${mute.kind} ${mute.id} until ${until}${mute.kind === "silence" && mute.reason !== "" ? ` (${mute.reason})` : ""}`;
}
