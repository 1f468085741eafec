// Owns what a shape cannot say of schedules: that people and layers exist, that times are in order, and what is allowed but
// unwise.

import { limits } from "../core/limits.ts";
import { overrideProblem } from "../core/oncall/override-check.ts";
import { occurrencesBetween } from "../core/oncall/recurrence.ts";
import { parseWall, zoneOf } from "../core/zone.ts";
import { fail, refer, warn, type Context } from "./check.ts";
import { scheduleOf } from "./compile-schedules.ts";
import type { DefinitionOf } from "./definitions.ts";
import { nearestOf } from "../lib/nearest.ts";

type ScheduleDefinition = DefinitionOf<"schedules">;
type Path = readonly (string | number)[];

export function checkSchedules(context: Context): void {
  context.all.schedules.forEach((schedule, i) => checkSchedule(context, schedule, ["schedules", i]));
}

function checkSchedule(context: Context, schedule: ScheduleDefinition, path: Path): void {
  refer(context, "teams", schedule.team, [...path, "team"]);
  unique(context, schedule.layers, [...path, "layers"], "layers");
  unique(context, schedule.overrides, [...path, "overrides"], "overrides");
  schedule.layers.forEach((layer, j) => checkLayer(context, layer, [...path, "layers", j]));
  const fallback =
    schedule.fallback === null ? [] : "user" in schedule.fallback ? [schedule.fallback.user] : schedule.fallback.users;
  fallback.forEach((user) => checkPerson(context, user, [...path, "fallback"]));
  if (schedule.layers.every((layer) => layer.shadow) && schedule.ical === null && fallback.length === 0)
    warn(context, path, `schedule ${schedule.id} has no layers: nobody is ever on call`, {
      code: "schedule-empty",
      id: schedule.id,
    });
  const compiled = scheduleOf(schedule, context.all.settings);
  compiled.overrides.forEach((override, j) => {
    const at = [...path, "overrides", j];
    for (const field of ["user", "replaces"] as const)
      if (override[field] !== null) refer(context, "users", override[field], [...at, field]);
    (override.layers ?? []).forEach((layer, k) => {
      const known = schedule.layers.map((each) => each.id);
      if (known.includes(layer)) return;
      const nearest = nearestOf(layer, known);
      const hint = nearest === null ? "" : `, did you mean ${nearest}?`;
      fail(context, [...at, "layers", k], `schedule ${schedule.id} has no layer ${layer}${hint}`, nearest);
    });
    // What names lead to was said above; here it is the override itself.
    const problem = overrideProblem({ ...override, layers: null }, compiled, () => true);
    if (problem !== null) fail(context, [...at, problem.field], problem.message);
  });
}

function checkLayer(context: Context, layer: ScheduleDefinition["layers"][number], path: Path): void {
  layer.users.forEach((slot, j) => {
    const people = slot === null ? [] : typeof slot === "string" ? [slot] : slot;
    people.forEach((user, k) => checkPerson(context, user, [...path, "users", j, ...(typeof slot === "string" ? [] : [k])]));
    if (new Set(people).size !== people.length) fail(context, [...path, "users", j], "somebody is named twice in one turn");
  });
  if (layer.users.length === 0)
    warn(context, [...path, "users"], `layer ${layer.id} has nobody: it is never on call`, { code: "layer-empty", id: layer.id });
  const [start, end] = [parseWall(layer.start) ?? 0, layer.end === null ? null : (parseWall(layer.end) ?? 0)];
  if (end !== null && end <= start) fail(context, [...path, "end"], "a layer ends after it starts");
  if (start < earliest || start > latest) fail(context, [...path, "start"], "a layer starts between 1970 and 2100");
  if ("rrule" in layer.rotation) checkRule(context, layer.rotation.rrule, start, [...path, "rotation", "rrule"]);
  const handoff = "rrule" in layer.rotation ? undefined : layer.rotation.handoff;
  const at = handoff === undefined ? start : (parseWall(handoff) ?? 0);
  if (Math.abs(at - start) > limits.oncall.rangeMsMax)
    fail(context, [...path, "rotation", "handoff"], "the first handoff is within a year of the start");
}

/** A rule's handoffs are counted one by one from the start: it must last longer than anybody looks. */
function checkRule(context: Context, rrule: string, start: number, path: Path): void {
  const perYear = occurrencesBetween({ rrule, start, zone: zoneOf("UTC") }, start + 1, start + 366 * 86_400_000).length;
  if (perYear > limits.oncall.occurrencesPerYearMax)
    fail(context, path, `the rule hands over ${perYear} times a year: use \`every\` for turns as short as that`);
  if (start < earliestRule) fail(context, path, "a layer with a rule starts in 2000 or later");
}

const earliestRule = Date.UTC(2000, 0, 1);
const earliest = Date.UTC(1970, 0, 2);
const latest = Date.UTC(2100, 0, 1);

function checkPerson(context: Context, id: string, path: Path): void {
  refer(context, "users", id, path);
  const user = context.all.users.find((each) => each.id === id);
  if (user && !user.active)
    warn(context, path, `${id} is deactivated: in their turns only the schedule's fallback is paged, where it has one`, {
      code: "turns-deactivated",
      user: id,
    });
}

function unique(context: Context, list: readonly { readonly id: string }[], path: Path, what: string): void {
  list.forEach(({ id }, i) => {
    if (list.findIndex((each) => each.id === id) !== i) fail(context, [...path, i, "id"], `two ${what} are called ${id}`);
  });
}
