// Owns a layer in plain words: "Ana and Bo, weekly, handed over Mondays 09:00 Europe/Madrid".

import type { Weekday } from "../calendar.ts";
import type { Id } from "../snapshot.ts";
import type { LayerRules, Restriction } from "./schedule.ts";
import { weekdayOf, weekdays } from "./windows.ts";
import { parseWall } from "../zone.ts";

const dayNames = ["Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays"];
const shortNames: Readonly<Record<Weekday, string>> = {
  SU: "Sun",
  MO: "Mon",
  TU: "Tue",
  WE: "Wed",
  TH: "Thu",
  FR: "Fri",
  SA: "Sat",
};

/** The whole layer. `nameOf` turns an id into what people call that person. */
export function layerText(layer: LayerRules, nameOf: (user: Id) => string): string {
  const slots = layer.slots.map((slot) => (slot.length === 0 ? "nobody" : slot.map(nameOf).join(" with ")));
  return `${listText(slots)}, ${ruleText(layer)}`;
}

/** How the turn passes on, and when the layer is on call at all. */
export function ruleText(layer: LayerRules): string {
  const parts = layer.slots.length > 1 ? [rotationText(layer)] : ["always"];
  if (layer.restrictions.length > 0) parts.push(`only ${layer.restrictions.map(restrictionText).join(" and ")}`);
  if (layer.slots.length > 1 && layer.restrictions.length > 0 && !layer.skipEmptyTurns) parts.push("days off use up a turn");
  if (layer.slots.length <= 1) parts.push(layer.timeZone);
  if (layer.end !== null) parts.push(`until ${layer.end.replace("T", " ")}`);
  return parts.join(", ");
}

function rotationText(layer: LayerRules): string {
  const { rotation } = layer;
  if (rotation.kind === "rrule") return `handed over by ${rotation.rrule}, ${layer.timeZone}`;
  const grid = rotation.handoff ?? layer.start;
  const wall = parseWall(grid) ?? 0;
  const clock = grid.slice(11, 16);
  const { n, unit } = rotation;
  switch (unit) {
    case "hour":
      return `every ${n === 1 ? "hour" : `${n} hours`}, handed over from ${clock} ${layer.timeZone}`;
    case "day":
      return `${n === 1 ? "daily" : `every ${n} days`}, handed over at ${clock} ${layer.timeZone}`;
    case "week":
      return `${n === 1 ? "weekly" : `every ${n} weeks`}, handed over ${dayNames[weekdayOf(wall)]} ${clock} ${layer.timeZone}`;
    case "month":
      return `${n === 1 ? "monthly" : `every ${n} months`}, handed over on the ${ordinal(new Date(wall).getUTCDate())} at ${clock} ${layer.timeZone}`;
  }
}

function restrictionText({ days, from, to }: Restriction): string {
  const hours = from === to ? `from ${from} for 24 hours` : `${from} to ${to}`;
  return `${daysText(days)} ${hours}`;
}

/** A run of three or more days as a range; Monday first. */
function daysText(days: readonly Weekday[]): string {
  if (days.length === 7) return "every day";
  const order: readonly Weekday[] = [...weekdays.slice(1), ...weekdays.slice(0, 1)];
  const runs: Weekday[][] = [];
  for (const [i, day] of order.entries()) {
    if (!days.includes(day)) continue;
    const last = runs.at(-1);
    if (last && order[i - 1] === last.at(-1)) last.push(day);
    else runs.push([day]);
  }
  return runs
    .flatMap((run) => (run.length > 2 ? [`${name(run[0])}–${name(run.at(-1))}`] : run.map((day) => name(day))))
    .join(", ");
}

function name(day: Weekday | undefined): string {
  return day === undefined ? "" : shortNames[day];
}

function ordinal(n: number): string {
  const tail = n % 10 === 1 && n !== 11 ? "st" : n % 10 === 2 && n !== 12 ? "nd" : n % 10 === 3 && n !== 13 ? "rd" : "th";
  return `${n}${tail}`;
}

function listText(parts: readonly string[]): string {
  if (parts.length === 0) return "nobody";
  return parts.length === 1 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
