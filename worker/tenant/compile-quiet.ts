// Owns turning maintenance windows and silences, as written and checked, into instants. Pure.

import { parseDuration } from "../core/duration.ts";
import type { MaintenanceWindow, Silence } from "../core/mute.ts";
import { instantOf, parseWall, zoneOf } from "../core/zone.ts";
import type { DefinitionOf } from "./definitions.ts";
import { isInstant } from "./document-quiet.ts";

export function maintenanceOf(window: DefinitionOf<"maintenance">, tenantZone: string): MaintenanceWindow {
  const timeZone = window.timeZone ?? tenantZone;
  const { extended } = window;
  return {
    id: window.id,
    name: window.name ?? window.id,
    timeZone,
    from: window.from === undefined ? 0 : momentOf(window.from, timeZone),
    to: momentOf(window.to, timeZone),
    rrule: window.rrule ?? null,
    when: window.when ?? null,
    atEnd: window.atEnd,
    endedAt: window.endedAt ? Date.parse(window.endedAt) : null,
    extended: extended ? { of: Date.parse(extended.of), to: Date.parse(extended.to) } : null,
  };
}

export function silenceOf(silence: DefinitionOf<"silences">, tenantZone: string): Silence {
  const planned = Math.max(momentOf(silence.until, tenantZone), silence.extendedTo ? Date.parse(silence.extendedTo) : 0);
  return {
    id: silence.id,
    when: silence.when,
    from: silence.from === undefined ? null : momentOf(silence.from, tenantZone),
    until: silence.endedAt ? Math.min(planned, Date.parse(silence.endedAt)) : planned,
    owner: silence.owner ?? null,
    remindMs: silence.remind === null ? null : parseDuration(silence.remind),
    reason: silence.reason,
  };
}

/** The instant of a moment as it is written; the text has been checked. */
export function momentOf(text: string, zone: string): number {
  const wall = isInstant(text) ? null : parseWall(text);
  return wall === null ? Date.parse(text) : instantOf(zoneOf(zone), wall);
}
