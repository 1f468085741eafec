// Owns who is on call over HTTP: now, over time, why, and how much falls to whom. Everything is computed from the snapshot.

import { limits } from "../../core/limits.ts";
import { dutyAt } from "../../core/oncall/duty.ts";
import { explain } from "../../core/oncall/explain.ts";
import { loadOf } from "../../core/oncall/load.ts";
import { prepare } from "../../core/oncall/resolve.ts";
import { nextOnCallAt, onCallAt, type CalendarSource, type Schedule } from "../../core/oncall/schedule.ts";
import { gapsBetween, nextHandoff, shiftsBetween, shiftsOf, type Gap, type Shifts } from "../../core/oncall/shifts.ts";
import { layerText } from "../../core/oncall/summary.ts";
import { outOfReach, reachedBy } from "../../core/people.ts";
import { rosterFor } from "../../core/roster.ts";
import type { Policy, Snapshot } from "../../core/snapshot.ts";
import { withLimit } from "../../objects/limit.ts";
import { checkOf } from "../../store/calendar-checks.ts";
import { dbFor } from "../../store/db.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { iso, isoOrNull } from "../shapes.ts";
import { snapshotOf } from "./tenant.ts";

const { askMs } = limits.oncall;
const hourMs = 3_600_000;
const fourWeeksMs = 28 * 24 * hourMs;

export const getOncall: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const at = instantOr(call, "at", call.now);
  const { schedule: only, team, gapsUntil } = call.query as { schedule?: string; team?: string; gapsUntil?: number };
  const gapsTo = gapsUntil === undefined ? null : Math.min(gapsUntil, at + fourWeeksMs);
  if (team !== undefined && !snapshot.teams[team]) throw nothing(`there is no team ${team}`);
  const reaches = (user: string): boolean => {
    const person = snapshot.users[user];
    return person !== undefined && outOfReach(person, snapshot) === null;
  };
  const schedules = only === undefined ? Object.values(snapshot.schedules ?? {}) : [scheduleOf(snapshot, only)];
  const items = schedules
    .filter((schedule) => team === undefined || schedule.team === team)
    .map((schedule) => ({
      ...onCallJson(schedule, at),
      ...(gapsTo === null ? {} : { gaps: gapsJson(gapsBetween(schedule, at, Math.max(at, gapsTo), reaches)) }),
    }));
  return call.c.json({ at: iso(at), items, policies: policiesJson(snapshot, at) });
};

function onCallJson(schedule: Schedule, at: number): Record<string, unknown> {
  const { users, from, to, why } = onCallAt(schedule, at);
  const next = nextOnCallAt(schedule, at);
  const shadow = prepare(schedule)
    .layers.filter((layer) => layer.shadow)
    .flatMap((layer) => dutyAt(layer.source, at).users);
  return {
    schedule: schedule.id,
    users,
    from: isoOrNull(from),
    to: isoOrNull(to),
    why: { ...why, layerName: schedule.layers.find((each) => each.id === why.layer)?.name ?? null },
    next: next && { users: next.users, from: iso(next.from), to: isoOrNull(next.to) },
    ...(shadow.length > 0 ? { shadow: [...new Set(shadow)] } : {}),
    ...(schedule.ical === null ? {} : { calendar: { fetchedAt: isoOrNull(schedule.ical.fetchedAt) } }),
  };
}

/** Whom each policy would page first now; of a team in turn, the first. */
function policiesJson(snapshot: Snapshot, at: number): Record<string, unknown>[] {
  return Object.values(snapshot.policies).map((policy) => ({ policy: policy.id, ...firstReached(policy, snapshot, at) }));
}

/**
 * The first step that reaches somebody: the ladder passes over those that do not, and its end comes last (`step` null).
 * `depends`: a step before names the service's team or another policy, so that an incident may find somebody there.
 */
function firstReached(policy: Policy, snapshot: Snapshot, at: number): Record<string, unknown> {
  const choose = (_team: unknown, _strategy: unknown, members: readonly string[]): string | undefined => members[0];
  const roster = rosterFor(snapshot, { policy, users: [] });
  const waves = [...policy.steps.map(({ notify }, i) => ({ notify, step: i + 1 })), { notify: policy.onExhausted, step: null }];
  const [problems, troubles]: [string[], unknown[]] = [[], []];
  let depends = false;
  for (const { notify, step } of waves) {
    const known = notify.filter((target) => target.kind !== "owner");
    const found = reachedBy(known, roster, { now: at, owner: null, choose });
    problems.push(...found.problems);
    troubles.push(...found.troubles);
    depends ||= known.length < notify.length || found.policies.length > 0;
    const users = found.recipients.map((each) => each.person.id);
    if (users.length > 0) return { users, step, depends, problems, troubles };
  }
  return { users: [], step: null, depends, problems, troubles };
}

export const getShifts: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const schedule = scheduleOf(snapshot, call.params["id"] ?? "");
  const { from, to } = rangeOf(call);
  const wanted = call.query["layers"] === true;
  const found = shiftsBetween(schedule, from, to, { layers: wanted });
  const handoff = nextHandoff(schedule, call.now, call.now + limits.oncall.rangeMsMax);
  return call.c.json({
    from: iso(from),
    to: iso(to),
    ...shiftsJson(found),
    ...(wanted ? { layers: layersJson(schedule, found, snapshot) } : {}),
    nextHandoff: isoOrNull(handoff),
    next: null,
    ...(schedule.ical === null ? {} : { calendar: await calendarJson(call, schedule.id, schedule.ical) }),
  });
};

/** The copy in force, and how the last look for a newer one went; without the database, what the copy itself says. */
async function calendarJson(
  { env, now, params }: Call,
  schedule: string,
  { fetchedAt, events }: CalendarSource,
): Promise<Record<string, unknown>> {
  const tenant = params["tenant"] ?? "";
  const check = await withLimit(checkOf(dbFor(env, tenant), tenant, schedule), askMs).catch(() => null);
  const goodAt = check?.goodAt ?? fetchedAt;
  return {
    fetchedAt: isoOrNull(fetchedAt),
    events: events.length,
    ageSeconds: goodAt === null ? null : Math.max(0, Math.round((now - goodAt) / 1_000)),
    checkedAt: isoOrNull(check?.checkedAt ?? null),
    error: check?.error ?? null,
    notes: check?.notes ?? [],
  };
}

export function shiftsJson({ shifts, gaps }: Shifts): { items: unknown[]; gaps: unknown[] } {
  return {
    items: shifts.map(({ from, to, ...rest }) => ({ from: iso(from), to: iso(to), ...rest })),
    gaps: gapsJson(gaps),
  };
}

function gapsJson(gaps: readonly Gap[]): unknown[] {
  return gaps.map(({ from, to, ...rest }) => ({ from: iso(from), to: iso(to), ...rest }));
}

function layersJson(schedule: Schedule, found: Shifts, snapshot: Snapshot): unknown[] {
  return found.layers.map(({ layer, shadow, shifts }) => ({
    layer,
    shadow,
    summary: summaryOf(schedule, layer, snapshot),
    items: shifts.map(({ from, to, users }) => ({ from: iso(from), to: iso(to), users })),
  }));
}

function summaryOf(schedule: Schedule, layer: string, snapshot: Snapshot): string {
  const rules = schedule.layers.find((each) => each.id === layer);
  return rules ? layerText(rules, (user) => snapshot.users[user]?.name ?? user) : "from the imported calendar";
}

export const explainOncall: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const schedule = scheduleOf(snapshot, call.params["id"] ?? "");
  const at = instantOr(call, "at", call.now);
  const { users, from, to, why } = onCallAt(schedule, at);
  const layers = schedule.layers.map(({ id }) => ({ layer: id, summary: summaryOf(schedule, id, snapshot) }));
  return call.c.json({
    at: iso(at),
    schedule: schedule.id,
    users,
    from: isoOrNull(from),
    to: isoOrNull(to),
    why,
    steps: explain(schedule, at, (user) => snapshot.users[user]?.name ?? user),
    layers,
  });
};

export const getUserShifts: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const user = call.params["id"] ?? "";
  if (!snapshot.users[user]) throw nothing();
  const { from, to } = rangeOf(call);
  const items = shiftsOf(user, Object.values(snapshot.schedules ?? {}), from, to);
  return call.c.json({ items: items.map((each) => ({ ...each, from: iso(each.from), to: iso(each.to) })), next: null });
};

export const getOncallLoad: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const { schedule: only, holidays } = call.query as { schedule?: string; holidays?: string };
  const { from, to } = rangeOf(call);
  const hours = Object.values(snapshot.businessHours ?? {}).filter((each) => holidays === undefined || each.id === holidays);
  if (holidays !== undefined && hours.length === 0) throw nothing(`there are no business hours ${holidays}`);
  const dates = new Set(hours.flatMap((each) => each.holidays));
  const items = loadOf({
    schedules: only === undefined ? Object.values(snapshot.schedules ?? {}) : [scheduleOf(snapshot, only)],
    from,
    to,
    zoneOfUser: (user) => snapshot.users[user]?.timeZone ?? snapshot.timeZone,
    isHoliday: (date) => dates.has(date),
  });
  const inHours = (ms: number): number => Math.round((ms / hourMs) * 100) / 100;
  return call.c.json({
    from: iso(from),
    to: iso(to),
    items: items.map(({ user, onCallMs, nightMs, weekendMs, holidayMs, shifts }) => ({
      user,
      hours: inHours(onCallMs),
      nightHours: inHours(nightMs),
      weekendHours: inHours(weekendMs),
      holidayHours: inHours(holidayMs),
      shifts,
    })),
    next: null,
  });
};

export function scheduleOf(snapshot: Snapshot, id: string): Schedule {
  const schedule = snapshot.schedules?.[id];
  if (schedule === undefined) throw nothing(`there is no schedule ${id}`);
  return schedule;
}

function nothing(what = "there is nothing at this address"): ApiError {
  return new ApiError("not-found", what);
}

function instantOr({ query }: Call, name: string, fallback: number): number {
  return typeof query[name] === "number" ? query[name] : fallback;
}

function rangeOf(call: Call): { from: number; to: number } {
  const from = instantOr(call, "from", call.now);
  const to = instantOr(call, "to", from + fourWeeksMs);
  const wrong = to <= from ? "the end is after the beginning" : to - from > limits.oncall.rangeMsMax ? "400 days at most" : null;
  if (wrong !== null) throw new ApiError("invalid", `to: ${wrong}`, { errors: [{ in: "query", path: "to", message: wrong }] });
  return { from, to };
}
