// Owns the step-by-step answer to "why is this person on call?": the clock, each layer, each override, how they combine.

import type { Id } from "../snapshot.ts";
import { wallAt, wallText, zoneOf } from "../zone.ts";
import { dutyAt, dutySourceOf, type Duty } from "./duty.ts";
import { onCallAt } from "./on-call.ts";
import { oldestFirst } from "./overrides.ts";
import { calendarLayer, prepare, resolveAt, type PreparedLayer } from "./resolve.ts";
import type { Layer, Override, Schedule } from "./schedule.ts";
import { ruleText } from "./summary.ts";
import { weekdayOf } from "./windows.ts";

export interface ExplainStep {
  readonly kind: "clock" | "layer" | "override" | "combine" | "fallback" | "result";
  readonly layer: Id | null;
  readonly override: Id | null;
  readonly users: readonly Id[];
  readonly text: string;
}

const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

type NameOf = (user: Id) => string;

/** Reads like the answer of a colleague; the last step is the result. `nameOf`: what people call somebody; the id by default. */
export function explain(schedule: Schedule, at: number, nameOf: NameOf = (user) => user): ExplainStep[] {
  const steps: ExplainStep[] = [step("clock", [], `It is ${clockText(schedule.timeZone, at)}.`)];
  const { layers } = prepare(schedule);
  for (const layer of layers) {
    const duty = dutyAt(layer.source, at);
    const rules = schedule.layers.find((each) => each.id === layer.id);
    steps.push({ ...step("layer", duty.users, layerText(layer, rules, duty, { schedule, at, nameOf })), layer: layer.id });
  }
  for (const override of oldestFirst(schedule.overrides).filter((each) => each.from <= at && at < each.to))
    steps.push({
      ...step("override", override.user === null ? [] : [override.user], overrideText(override, schedule, nameOf)),
      override: override.id,
    });
  const found = resolveAt(schedule, at);
  const users = found.seats.map((seat) => seat.user);
  if (layers.filter((layer) => !layer.shadow).length > 1)
    steps.push(
      step(
        "combine",
        found.fallback ? [] : users,
        schedule.combine === "union"
          ? "Everybody on call in any layer is on call."
          : "The last layer of the list that has anybody on call wins.",
      ),
    );
  if (found.fallback)
    steps.push(step("fallback", users, `Nobody else is on call, so the fallback is: ${listed(users, nameOf)}.`));
  const { from, to } = onCallAt(schedule, at);
  const bounds = `${from === null ? "" : ` since ${wallIn(schedule, from)}`}${to === null ? ", with no end in sight" : ` until ${wallIn(schedule, to)}`}`;
  steps.push(
    step("result", users, `${users.length === 0 ? "Nobody is on call" : `On call: ${listed(users, nameOf)}`}${bounds}.`),
  );
  return steps;
}

function step(kind: ExplainStep["kind"], users: readonly Id[], text: string): ExplainStep {
  return { kind, layer: null, override: null, users, text };
}

function listed(users: readonly Id[], nameOf: NameOf): string {
  return users.map(nameOf).join(", ");
}

function layerText(
  layer: PreparedLayer,
  rules: Layer | undefined,
  duty: Duty,
  { schedule, at, nameOf }: { readonly schedule: Schedule; readonly at: number; readonly nameOf: NameOf },
): string {
  const shadow = layer.shadow ? " It is a shadow layer: shown, never paged." : "";
  if (layer.id === calendarLayer || rules === undefined)
    return duty.state === "on" ? `The calendar has ${listed(duty.users, nameOf)}.` : "The calendar has no event for anybody now.";
  const head = `Layer ${rules.name}`;
  const former = rules.was.find(({ until }) => at < until);
  const note = former ? ` These are its former rules, in force until ${wallIn(schedule, former.until)}.` : "";
  const rule = ruleText(former?.rules ?? rules);
  if (duty.state === "off") {
    const next = nextOn(rules, at);
    return `${head} (${rule}) is off duty${next === null ? "" : ` until ${wallIn(schedule, next)}`}.${note}${shadow}`;
  }
  const slots = (former?.rules ?? rules).slots;
  const turn = slots.length > 1 ? `, slot ${(duty.slot ?? 0) + 1} of ${slots.length}` : "";
  const who = duty.state === "nobody" ? "nobody, on purpose" : listed(duty.users, nameOf);
  return `${head} (${rule})${turn}: ${who}, ${spanText(schedule, duty)}.${note}${shadow}`;
}

/** When the layer is next on duty; null: not within a year. */
function nextOn(layer: Layer, at: number): number | null {
  const source = dutySourceOf(layer);
  for (let duty = dutyAt(source, at); duty.to < at + 366 * 86_400_000; duty = dutyAt(source, duty.to))
    if (duty.state !== "off") return duty.from;
  return null;
}

function overrideText(override: Override, schedule: Schedule, nameOf: NameOf): string {
  const user = nameOf(override.user ?? "");
  const replaced = nameOf(override.replaces ?? "");
  const where = override.layers === null ? "" : ` in ${override.layers.join(" and ")}`;
  const until = ` until ${wallIn(schedule, override.to)} (by ${nameOf(override.createdBy)})`;
  switch (override.kind) {
    case "replace":
      return `Override ${override.id}: ${user} stands in for ${replaced}${where}, only while ${replaced} would be on call,${until}.`;
    case "add":
      return `Override ${override.id}: ${user} is on call as well${where},${until}.`;
    case "take-over":
      return `Override ${override.id}: ${user} takes over${where === "" ? " alone, gaps too" : `${where}, inside its hours`},${until}.`;
    case "clear":
      return `Override ${override.id}: ${override.replaces === null ? "nobody is on call" : `${replaced}'s place is empty`}${where},${until}.`;
  }
}

function spanText(schedule: Schedule, { from, to }: Duty): string {
  const since = Number.isFinite(from) ? `since ${wallIn(schedule, from)}` : "from the beginning";
  return `${since}${Number.isFinite(to) ? ` until ${wallIn(schedule, to)}` : ""}`;
}

function wallIn(schedule: Schedule, at: number): string {
  return wallText(wallAt(zoneOf(schedule.timeZone), at)).replace("T", " ");
}

function clockText(timeZone: string, at: number): string {
  const wall = wallAt(zoneOf(timeZone), at);
  return `${dayNames[weekdayOf(wall)]} ${wallText(wall).replace("T", " ")} in ${timeZone}`;
}
