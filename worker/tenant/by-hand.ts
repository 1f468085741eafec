// Owns what people did to maintenance windows and silences while they were on: ended them early, made them longer. It is kept
// whatever a document says next, unless it prunes them (contract §2).

import { occurrenceAt } from "../core/mute.ts";
import type { DefinitionOf, Definitions, Kind } from "./definitions.ts";
import { maintenanceOf, silenceOf } from "./compile-quiet.ts";

type Window = DefinitionOf<"maintenance">;
type Silence = DefinitionOf<"silences">;
type Named = { readonly id: string };

/** The list as a document writes it, with what was done by hand to those that are still the same. */
export function keepByHand(kind: Kind, written: readonly Named[], present: Definitions): readonly Named[] {
  if (kind === "maintenance")
    return (written as readonly Window[]).map((each) =>
      keepWindow(
        each,
        present.maintenance.find((was) => was.id === each.id),
      ),
    );
  if (kind === "silences")
    return (written as readonly Silence[]).map((each) =>
      keepSilence(
        each,
        present.silences.find((was) => was.id === each.id),
      ),
    );
  return written;
}

function keepWindow(written: Window, was: Window | undefined): Window {
  if (was === undefined) return written;
  return {
    ...written,
    ...(written.endedAt === undefined && was.endedAt ? { endedAt: was.endedAt } : {}),
    ...(written.extended === undefined && was.extended ? { extended: was.extended } : {}),
  };
}

/** A document that gives it another end means that one. */
function keepSilence(written: Silence, was: Silence | undefined): Silence {
  if (was === undefined || was.until !== written.until) return written;
  return {
    ...written,
    ...(written.endedAt === undefined && was.endedAt ? { endedAt: was.endedAt } : {}),
    ...(written.extendedTo === undefined && was.extendedTo ? { extendedTo: was.extendedTo } : {}),
  };
}

export type ByHand<T> = { readonly ok: true; readonly next: T } | { readonly ok: false; readonly message: string };

const iso = (ms: number): string => new Date(ms).toISOString();

/** The present occurrence ends now. A window still to come does not take place. */
export function endWindow(window: Window, zone: string, now: number): ByHand<Window> {
  const present = occurrenceAt(maintenanceOf(window, zone), now);
  if (present !== null) return { ok: true, next: { ...window, endedAt: iso(now), extended: null } };
  const compiled = maintenanceOf(window, zone);
  if (compiled.rrule === null && compiled.from > now) return { ok: false, message: "it has not begun: delete it instead" };
  return { ok: false, message: "it is not on at present" };
}

/** The present occurrence ends at `to`, which may be sooner or later than planned. */
export function extendWindow(window: Window, zone: string, to: number, now: number): ByHand<Window> {
  const present = occurrenceAt(maintenanceOf(window, zone), now);
  if (present === null) return { ok: false, message: "it is not on at present: change its times instead" };
  if (to <= now) return { ok: false, message: "the new end is in the past: end it instead" };
  const { endedAt: _, ...rest } = window;
  return { ok: true, next: { ...rest, endedAt: null, extended: { of: iso(present.from), to: iso(to) } } };
}

export function endSilence(silence: Silence, zone: string, now: number): ByHand<Silence> {
  if (silenceOf(silence, zone).until <= now) return { ok: false, message: "it is over already" };
  return { ok: true, next: { ...silence, endedAt: iso(now) } };
}

export function extendSilence(silence: Silence, zone: string, to: number, now: number): ByHand<Silence> {
  if (to <= now) return { ok: false, message: "the new end is in the past: end it instead" };
  if (to <= silenceOf({ ...silence, endedAt: null }, zone).until)
    return { ok: false, message: "that is not later than its end: end it then, or change `until`" };
  return { ok: true, next: { ...silence, endedAt: null, extendedTo: iso(to) } };
}
