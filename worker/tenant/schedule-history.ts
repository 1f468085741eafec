// Owns what is remembered of a schedule beside what the document says: who has which turn, the rules before an edit, when an
// override was written. It goes along with every change of the definitions, whoever makes it. Pure.

import { editSchedule } from "../core/oncall/edit.ts";
import type { Layer } from "../core/oncall/schedule.ts";
import type { Id } from "../core/snapshot.ts";
import { sameJson } from "../lib/canonical-json.ts";
import { scheduleOf } from "./compile-schedules.ts";
import type { DefinitionOf, Definitions } from "./definitions.ts";
import { hoursOfCopy } from "./imported-holidays.ts";

type ScheduleDefinition = DefinitionOf<"schedules">;

export interface ScheduleHistory {
  /** By layer; one that was never edited has none. */
  readonly layers: Readonly<Record<Id, { readonly position: Layer["position"]; readonly was: Layer["was"] }>>;
  /** By override of the document: when it was written as it is, for "the newest wins". */
  readonly overrides: Readonly<Record<Id, { readonly at: number }>>;
}

/** The next definitions with the history of the present ones carried on. */
export function withHistory(present: Definitions | null, next: Definitions, now: number): Definitions {
  const hasCalendar = (id: Id): boolean => {
    const hours = hoursOfCopy(id);
    const owner = hours === null ? next.schedules : next.businessHours;
    return owner.some((each) => each.id === (hours ?? id) && Boolean(each.ical));
  };
  const exists = (id: Id): boolean => next.schedules.some((each) => each.id === id);
  // What was made for a schedule goes with it; a calendar's copy stays in force until one from a new address is read.
  const overrides = next.overrides.filter((each) => exists(each.schedule));
  const calendars = next.calendars.filter((each) => hasCalendar(each.id));
  return {
    ...next,
    overrides,
    calendars,
    runtime: { ...next.runtime, overrides: overrides.map((each) => each.id), calendars: calendars.map((each) => each.id) },
    schedules: next.schedules.map((schedule) => {
      const before = present?.schedules.find((each) => each.id === schedule.id);
      // Untouched: the very same, so that nothing looks changed.
      if (before !== undefined && sameJson(words(before), words(schedule)) && sameZone(present, next)) return before;
      return carried(before, schedule, { before: present, after: next }, now);
    }),
  };
}

function words({ history: _history, ...rest }: ScheduleDefinition): object {
  return rest;
}

/** Schedules without a zone of their own take the tenant's. */
function sameZone(present: Definitions | null, next: Definitions): boolean {
  return present?.settings.timeZone === next.settings.timeZone;
}

function carried(
  before: ScheduleDefinition | undefined,
  after: ScheduleDefinition,
  all: { readonly before: Definitions | null; readonly after: Definitions },
  now: number,
): ScheduleDefinition {
  const { history: _history, ...plain } = after;
  const old = before === undefined || all.before === null ? null : scheduleOf(before, all.before.settings);
  const edited = editSchedule(old, scheduleOf(plain, all.after.settings), after.rollout, now);
  const layers = edited.layers
    .filter((layer) => layer.position !== null || layer.was.length > 0)
    .map(({ id, position, was }) => [id, { position, was }] as const);
  const overrides = after.overrides.map((override) => {
    const same = before?.overrides.find((each) => each.id === override.id);
    const at = same !== undefined && sameJson(same, override) ? before?.history?.overrides[override.id]?.at : undefined;
    return [override.id, { at: at ?? now }] as const;
  });
  if (layers.length === 0 && overrides.length === 0) return plain;
  return { ...plain, history: { layers: Object.fromEntries(layers), overrides: Object.fromEntries(overrides) } };
}
