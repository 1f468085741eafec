// Owns turning schedules, as written and checked, into what paging computes with: zones filled in, wall times of overrides as
// instants, what people did at run time and the last good copy of a calendar put in. Pure.

import type { CalendarEvent, Layer, LayerRules, Override, Rotation, Schedule } from "../core/oncall/schedule.ts";
import type { Id } from "../core/snapshot.ts";
import { instantOf, parseWall, zoneOf } from "../core/zone.ts";
import type { DefinitionOf, Definitions, Settings } from "./definitions.ts";
import { parseEvery } from "./document-schedules.ts";

type ScheduleDefinition = DefinitionOf<"schedules">;
type LayerWords = ScheduleDefinition["layers"][number];

/** Every schedule of the tenant. Overrides that name nobody any more, or a schedule that is gone, put nobody on call. */
export function schedulesOf(all: Definitions): Schedule[] {
  const users = new Set(all.users.map((user) => user.id));
  return all.schedules.map((definition) => {
    const schedule = scheduleOf(definition, all.settings);
    const calendar = all.calendars.find((each) => each.id === definition.id);
    const ical = definition.ical && {
      url: definition.ical.url,
      events: (calendar?.events ?? []).map((event) => known(event, users)),
      fetchedAt: calendar?.fetchedAt ?? null,
    };
    const made = all.overrides.filter((each) => each.schedule === definition.id).map((each) => each.override);
    const overrides = [...schedule.overrides, ...made].filter((each) => each.user === null || users.has(each.user));
    return { ...schedule, ical, overrides };
  });
}

function known(event: CalendarEvent, users: ReadonlySet<Id>): CalendarEvent {
  return event.users.every((user) => users.has(user))
    ? event
    : { ...event, users: event.users.filter((user) => users.has(user)) };
}

/** One schedule by itself: without what was made at run time. */
export function scheduleOf(definition: ScheduleDefinition, settings: Settings): Schedule {
  const timeZone = definition.timeZone ?? settings.timeZone ?? "UTC";
  const { fallback } = definition;
  return {
    id: definition.id,
    name: definition.name ?? definition.id,
    team: definition.team ?? null,
    timeZone,
    combine: definition.combine,
    layers: definition.layers.map((layer, place) => layerOf(layer, place, timeZone, definition.history?.layers[layer.id])),
    overrides: definition.overrides.map((override) => writtenOverride(override, definition, timeZone)),
    fallback: fallback === null ? [] : "user" in fallback ? [fallback.user] : fallback.users,
    ical: null,
  };
}

function layerOf(
  words: LayerWords,
  place: number,
  scheduleZone: string,
  history: { readonly position: Layer["position"]; readonly was: Layer["was"] } | undefined,
): Layer {
  return {
    id: words.id,
    name: words.name ?? words.id,
    priority: words.priority ?? place,
    shadow: words.shadow,
    ...rulesOf(words, scheduleZone),
    position: history?.position ?? null,
    was: history?.was ?? [],
  };
}

function rulesOf(words: LayerWords, scheduleZone: string): LayerRules {
  return {
    timeZone: words.timeZone ?? scheduleZone,
    start: words.start,
    end: words.end,
    rotation: rotationOf(words.rotation),
    slots: words.users.map((slot) => (slot === null ? [] : typeof slot === "string" ? [slot] : slot)),
    restrictions: words.restrictions,
    skipEmptyTurns: words.skipEmptyTurns,
    position: null,
  };
}

function rotationOf(words: LayerWords["rotation"]): Rotation {
  if ("rrule" in words) return { kind: "rrule", rrule: words.rrule };
  const every = parseEvery(words.every) ?? { n: 1, unit: "week" as const };
  return { kind: "every", ...every, handoff: words.handoff ?? null };
}

function writtenOverride(
  words: ScheduleDefinition["overrides"][number],
  { history }: ScheduleDefinition,
  timeZone: string,
): Override {
  const zone = zoneOf(timeZone);
  return {
    id: words.id,
    kind: words.kind,
    user: words.user ?? null,
    replaces: words.replaces ?? null,
    layers: words.layers ?? null,
    from: instantOf(zone, parseWall(words.from) ?? 0),
    to: instantOf(zone, parseWall(words.to) ?? 0),
    createdAt: history?.overrides[words.id]?.at ?? 0,
    createdBy: "the tenant document",
  };
}
