// Owns changing a schedule's overrides at run time: made, changed and ended one by one, beside what the document says. What is
// over is not rewritten: a running override is shortened, never taken back.

import { limits } from "../core/limits.ts";
import { overrideProblem } from "../core/oncall/override-check.ts";
import type { Override, Schedule } from "../core/oncall/schedule.ts";
import { timeText } from "../core/ids.ts";
import type { Id } from "../core/snapshot.ts";
import { wallAt, wallText, zoneOf } from "../core/zone.ts";
import { changeTenant, type Plan } from "./apply.ts";
import { schedulesOf } from "./compile-schedules.ts";
import type { DefinitionOf, Definitions } from "./definitions.ts";

type ScheduleDefinition = DefinitionOf<"schedules">;

/** What may be said of one; times are epoch ms. */
export type OverrideWords = Partial<Omit<Override, "createdAt" | "createdBy">>;

export type OverrideEdit =
  | { readonly verb: "create"; readonly words: OverrideWords }
  | { readonly verb: "change"; readonly id: Id; readonly words: OverrideWords }
  | { readonly verb: "end"; readonly id: Id };

type Stop =
  | { readonly kind: "absent"; readonly message: string }
  | { readonly kind: "exists"; readonly message: string }
  /** It cannot be done to this one any more. */
  | { readonly kind: "over"; readonly message: string }
  | { readonly kind: "invalid"; readonly field: string; readonly message: string };

export type OverrideResult =
  | Stop
  | { readonly kind: "busy" }
  | {
      readonly kind: "done";
      readonly override: Override | null;
      readonly origin: "document" | "runtime";
      readonly inForce: boolean;
      readonly version: number;
    };

export interface OverrideInput {
  readonly tenant: Id;
  readonly schedule: Id;
  readonly edit: OverrideEdit;
  readonly actor: string;
}

export async function changeOverride(env: Env, input: OverrideInput, now: number): Promise<OverrideResult> {
  const { tenant, schedule, edit, actor } = input;
  let made: Override | null = null;
  let origin: "document" | "runtime" = "runtime";
  const plan = async (present: Definitions | null): Promise<Plan<Stop>> => {
    const compiled = present && schedulesOf(present).find((each) => each.id === schedule);
    if (present === null || !compiled) return { stop: { kind: "absent", message: `there is no schedule ${schedule}` } };
    const knows = (user: Id): boolean => present.users.some((each) => each.id === user);
    const planned = planEdit(compiled, edit, actor, now);
    if ("kind" in planned) return { stop: planned };
    made = planned.after;
    if (planned.after !== null) {
      // What ends now is as it was saved: nothing about it is judged anew.
      const problem = edit.verb === "end" ? null : overrideProblem(planned.after, compiled, knows);
      if (problem !== null) return { stop: { kind: "invalid", ...problem } };
    }
    const words = present.schedules.find((each) => each.id === schedule)?.overrides ?? [];
    origin = words.some((each) => each.id === planned.before?.id) ? "document" : "runtime";
    return { next: placed(present, compiled, planned, origin, now), issued: [], errors: [] };
  };
  const action = `overrides.${edit.verb}`;
  const result = await changeTenant(env, { tenant, actor, action, dryRun: false, again: true, tolerant: true, plan }, now);
  switch (result.kind) {
    case "stopped":
      return result.stop;
    case "moved":
      return { kind: "busy" };
    case "invalid":
      return { kind: "invalid", field: "", message: result.findings[0]?.message ?? "not valid" };
    case "changed":
      return { kind: "done", override: made, origin, inForce: result.inForce, version: result.version };
  }
}

interface Planned {
  readonly before: Override | null;
  /** Null: it goes. */
  readonly after: Override | null;
}

function planEdit(schedule: Schedule, edit: OverrideEdit, actor: string, now: number): Planned | Stop {
  if (edit.verb === "create") {
    const made = freshOverride(edit.words, actor, now);
    const twin = schedule.overrides.some((each) => each.id === made.id);
    return twin
      ? { kind: "exists", message: `there is an override ${made.id}: choose another id` }
      : { before: null, after: made };
  }
  const before = schedule.overrides.find((each) => each.id === edit.id);
  if (before === undefined) return { kind: "absent", message: `schedule ${schedule.id} has no override ${edit.id}` };
  if (before.to <= now) return { kind: "over", message: "it is over: what was does not change" };
  const running = before.from <= now;
  if (edit.verb === "end") return { before, after: running ? { ...before, to: now } : null };
  const after: Override = { ...before, ...edit.words, id: before.id };
  const { to: _to, ...rest } = edit.words;
  const touched = Object.entries(rest).filter(([key, value]) => before[key as keyof Override] !== value && key !== "id");
  if (running && touched.length > 0)
    return {
      kind: "over",
      message: `it has begun: only its end can be changed (not ${touched.map(([key]) => key).join(", ")}); end it and make another`,
    };
  if (running) return { before, after: { ...after, to: Math.max(after.to, now) } };
  // Saved anew, it is the newest; nothing of the past is touched.
  return { before, after: { ...after, from: Math.max(after.from, now), createdAt: now, createdBy: actor } };
}

/** From now, where nothing else is said: nobody was on call for an override before it was saved. */
function freshOverride(words: OverrideWords, actor: string, now: number): Override {
  const random = crypto.getRandomValues(new Uint8Array(5));
  return {
    id: words.id ?? `ovr_${timeText(now)}${[...random].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`,
    kind: words.kind ?? "replace",
    user: words.user ?? null,
    replaces: words.replaces ?? null,
    layers: words.layers ?? null,
    from: Math.max(words.from ?? now, now),
    to: words.to ?? now,
    createdAt: now,
    createdBy: actor,
  };
}

/** The definitions with the override where it belongs: among what was made at run time, or in the document's own words. */
function placed(
  all: Definitions,
  schedule: Schedule,
  { before, after }: Planned,
  origin: "document" | "runtime",
  now: number,
): Definitions {
  if (origin === "document" && before !== null) {
    const rewrite = (each: ScheduleDefinition): ScheduleDefinition =>
      each.id === schedule.id ? { ...each, overrides: rewritten(each, schedule, before, after) } : each;
    return { ...all, schedules: all.schedules.map(rewrite) };
  }
  const id = `${schedule.id}/${(after ?? before)?.id ?? ""}`;
  const others = all.overrides.filter((each) => each.id !== id && each.override.to > now - limits.oncall.rangeMsMax);
  const past = others.filter((each) => each.schedule === schedule.id && each.override.to <= now);
  const tooOld = new Set(past.toSorted((a, b) => a.override.to - b.override.to).slice(0, -limits.oncall.overridesMax));
  const kept = others.filter((each) => !tooOld.has(each));
  const overrides = after === null ? kept : [...kept, { id, schedule: schedule.id, override: after }];
  return { ...all, overrides, runtime: { ...all.runtime, overrides: overrides.map((each) => each.id) } };
}

function rewritten(
  words: ScheduleDefinition,
  { timeZone }: Schedule,
  before: Override,
  after: Override | null,
): ScheduleDefinition["overrides"] {
  const wall = (at: number): string => wallText(Math.ceil(wallAt(zoneOf(timeZone), at) / 1_000) * 1_000);
  return words.overrides.flatMap((each) => {
    if (each.id !== before.id) return [each];
    if (after === null) return [];
    const { user, replaces, layers, ...rest } = each;
    return [
      {
        ...rest,
        kind: after.kind,
        ...(after.user === null ? {} : { user: after.user }),
        ...(after.replaces === null ? {} : { replaces: after.replaces }),
        ...(after.layers === null ? {} : { layers: [...after.layers] }),
        from: after.from === before.from ? each.from : wall(after.from),
        to: after.to === before.to ? each.to : wall(after.to),
      },
    ];
  });
}
