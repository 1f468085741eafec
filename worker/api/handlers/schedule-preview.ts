// Owns trying a draft of a schedule: the next weeks as they are and as they would be. Saves nothing.

import { notifiers, sources } from "../../../plugins/registry.gen.ts";
import { limits } from "../../core/limits.ts";
import { upcoming } from "../../core/oncall/edit.ts";
import type { Schedule } from "../../core/oncall/schedule.ts";
import { shiftsBetween } from "../../core/oncall/shifts.ts";
import { resolveAt } from "../../core/oncall/resolve.ts";
import { dbFor } from "../../store/db.ts";
import { loadTenant } from "../../store/tenant.ts";
import { checkDefinitions, type Finding } from "../../tenant/check.ts";
import { schedulesOf } from "../../tenant/compile-schedules.ts";
import { fromStored, type DefinitionOf, type Definitions } from "../../tenant/definitions.ts";
import { schedule as scheduleSchema } from "../../tenant/document-schedules.ts";
import { writtenOne } from "../../tenant/export.ts";
import { toldOfIssue } from "../../tenant/issue-told.ts";
import { pathText } from "../../tenant/parse.ts";
import { withHistory } from "../../tenant/schedule-history.ts";
import { ApiError } from "../error.ts";
import type { Handler } from "../mount.ts";
import { iso } from "../shapes.ts";
import { shiftsJson } from "./oncall.ts";

const weekMs = 7 * 86_400_000;
const { handoffsShown } = limits.oncall;

export const previewSchedule: Handler = async ({ c, env, params, body, now }) => {
  const tenant = params["tenant"] ?? "";
  const stored = await loadTenant(dbFor(env, tenant), tenant);
  if (stored === null) throw new ApiError("not-found", "there is nothing at this address");
  const present = fromStored(stored);
  const id = params["id"] ?? "";
  const { at = now, weeks, ...draft } = body as { at?: number; weeks: number };
  const [from, to] = [at, at + weeks * weekMs];
  const next = withHistory(present, drafted(present, id, draft), at);
  const [errors, warnings] = findingsOf(next, id);
  if (errors.length > 0) {
    const told = errors.map(({ path, message }) => ({ in: "body", path: pathText(path.slice(2)), message }));
    throw new ApiError("invalid", `${told[0]?.path ?? ""}: ${told[0]?.message ?? "not valid"}`, { errors: told });
  }
  const before = schedulesOf(present).find((each) => each.id === id) ?? null;
  const after = schedulesOf(next).find((each) => each.id === id);
  if (after === undefined) throw new ApiError("not-found", `there is no schedule ${id}`);
  return c.json({
    at: iso(at),
    before: before === null ? null : sideJson(before, from, to),
    after: sideJson(after, from, to),
    changes: before === null ? [] : changesJson(before, after, from, to),
    warnings: warnings.map(({ path, message, told }) => ({ path: pathText(path.slice(2)), message, told })),
  });
};

/** The tenant as it would be; a schedule that is not there yet is a new one. */
function drafted(present: Definitions, id: string, draft: object): Definitions {
  const old = present.schedules.find((each) => each.id === id);
  const words = { ...(old === undefined ? {} : writtenOne("schedules", old)), ...draft, id };
  const read = scheduleSchema.safeParse(words);
  if (!read.success) {
    const told = read.error.issues.map((issue) => ({
      in: "body",
      path: pathText(issue.path),
      message: issue.message,
      ...toldOfIssue(issue),
    }));
    throw new ApiError("invalid", `${told[0]?.path ?? ""}: ${told[0]?.message ?? "not valid"}`, { errors: told });
  }
  const made: DefinitionOf<"schedules"> = { ...read.data, ...(old?.history === undefined ? {} : { history: old.history }) };
  const schedules =
    old === undefined ? [...present.schedules, made] : present.schedules.map((each) => (each.id === id ? made : each));
  return { ...present, schedules };
}

function findingsOf(next: Definitions, id: string): [readonly Finding[], readonly Finding[]] {
  const index = next.schedules.findIndex((each) => each.id === id);
  const mine = ({ path }: Finding): boolean => path[0] === "schedules" && path[1] === index;
  const { errors, warnings } = checkDefinitions(next, { sources, notifiers });
  return [errors.filter(mine), warnings.filter(mine)];
}

function sideJson(schedule: Schedule, from: number, to: number): Record<string, unknown> {
  return {
    ...shiftsJson(shiftsBetween(schedule, from, to)),
    handoffs: upcoming(schedule, from, handoffsShown).map(({ at, users }) => ({ at: iso(at), users })),
  };
}

/** Where other people would be on call. */
function changesJson(before: Schedule, after: Schedule, from: number, to: number): unknown[] {
  const changes: { from: number; to: number; before: readonly string[]; after: readonly string[] }[] = [];
  for (let at = from; at < to && changes.length < limits.list.pageMax;) {
    const [was, is] = [resolveAt(before, at), resolveAt(after, at)];
    const end = Math.min(was.to, is.to, to);
    const [old, fresh] = [was.seats.map((seat) => seat.user), is.seats.map((seat) => seat.user)];
    const last = changes.at(-1);
    if (String(old.toSorted()) !== String(fresh.toSorted())) {
      if (last?.to === at && String(last.before) === String(old) && String(last.after) === String(fresh)) last.to = end;
      else changes.push({ from: at, to: end, before: old, after: fresh });
    }
    at = end;
  }
  return changes.map((each) => ({ ...each, from: iso(each.from), to: iso(each.to) }));
}
