// Owns keeping imported calendars fresh, off the paging path: asked for by the minute's sweep, each every few minutes, through
// the egress guard, with limits. The last good copy stays in force whatever happens; what happened is noted beside it.

import { limits } from "../core/limits.ts";
import { readCalendar } from "../core/oncall/ical-read.ts";
import type { CalendarEvent } from "../core/oncall/schedule.ts";
import { parseWall } from "../core/zone.ts";
import { sameJson } from "../lib/canonical-json.ts";
import { fetchText } from "../objects/fetch-text.ts";
import { calendarsDue, noteCheck } from "../store/calendar-checks.ts";
import { dbFor } from "../store/db.ts";
import { changeTenant, type Plan } from "./apply.ts";
import type { Definitions } from "./definitions.ts";
import { holidayCopy, hoursOfCopy } from "./imported-holidays.ts";

interface Due {
  readonly tenant: string;
  /** The copy's id: a schedule's, or of business hours (imported-holidays.ts). */
  readonly schedule: string;
  readonly url: string;
  readonly etag: string | null;
}

const bound = limits.oncall.imported;

/** The minute's round. D1 being dark is no news here: the copies in force stay. */
export async function refreshCalendars(env: Env, now: number): Promise<void> {
  try {
    const due = await calendarsDue(env.DB, now - bound.everyMs, bound.atOnce);
    await Promise.all(due.map((each) => refresh(env, each, now)));
  } catch (error) {
    console.warn("could not look for calendars to refresh", String(error));
  }
}

async function refresh(env: Env, due: Due, now: number): Promise<void> {
  const { tenant, schedule, url } = due;
  const note = async (etag: string | null, error: string | null, notes: readonly string[]): Promise<void> =>
    noteCheck(dbFor(env, tenant), { tenant, schedule, url, checkedAt: now, etag, error, notes: notes.slice(0, 20) });
  try {
    const answer = await fetchText(env, url, {
      etag: due.etag,
      accept: "text/calendar",
      limitMs: bound.fetchMs,
      bytesMax: bound.bytesMax,
    });
    // Nothing new: not worth a version of the tenant.
    if (answer.kind === "same") return await note(due.etag, null, []);
    if (answer.kind === "failed") return await note(due.etag, answer.reason, []);
    const taken = await take(env, due, answer.text, now);
    await note(taken.error === null ? answer.etag : due.etag, taken.error, taken.notes);
  } catch (error) {
    console.warn("a calendar could not be refreshed", tenant, schedule, String(error));
    await note(due.etag, "it could not be stored", []).catch(() => undefined);
  }
}

const notACalendar = { error: "this is no calendar (no VCALENDAR in it)", notes: [] } as const;

/** Puts a text in force, where it says something else than the copy does. */
async function take(
  env: Env,
  { tenant, schedule, url }: Due,
  text: string,
  now: number,
): Promise<{ readonly error: string | null; readonly notes: readonly string[] }> {
  let outcome: { readonly error: string | null; readonly notes: readonly string[] } = { error: null, notes: [] };
  const holidays = async (present: Definitions | null): Promise<Plan<"nothing">> => {
    const written = present?.businessHours.find((each) => each.id === hoursOfCopy(schedule));
    if (present === null || written?.ical?.url !== url) return { stop: "nothing" };
    const made = holidayCopy(present, schedule, text, now);
    outcome = made === null ? notACalendar : { error: null, notes: made.notes };
    const known = present.calendars.find((each) => each.id === schedule);
    if (made === null || (known?.url === url && sameJson(known.holidays, made.copy.holidays))) return { stop: "nothing" };
    const calendars = [...present.calendars.filter((each) => each.id !== schedule), made.copy];
    return { next: { ...present, calendars }, issued: [], errors: [] };
  };
  const shifts = async (present: Definitions | null): Promise<Plan<"nothing">> => {
    const definition = present?.schedules.find((each) => each.id === schedule);
    if (present === null || definition?.ical?.url !== url) return { stop: "nothing" };
    const reading = readCalendar(text, {
      people: present.users.map(({ id, name, email }) => ({ id, name: name ?? id, email: email ?? null })),
      timeZone: definition.timeZone ?? present.settings.timeZone ?? "UTC",
    });
    if (reading === null) {
      outcome = notACalendar;
      return { stop: "nothing" };
    }
    const notes = [...reading.problems, ...reading.unmatched.map((title) => `nobody is called as in "${title}"`)];
    outcome = { error: null, notes };
    const events = stillUseful(reading.events, now);
    const copy = present.calendars.find((each) => each.id === schedule);
    if (copy !== undefined && copy.url === url && sameJson(copy.events, events)) return { stop: "nothing" };
    const calendars = [
      ...present.calendars.filter((each) => each.id !== schedule),
      { id: schedule, url, events, fetchedAt: now },
    ];
    return { next: { ...present, calendars }, issued: [], errors: [] };
  };
  const plan = hoursOfCopy(schedule) === null ? shifts : holidays;
  const how = { tenant, actor: "calendar", action: "calendars.refresh", dryRun: false, again: true, tolerant: true, plan };
  const result = await changeTenant(env, how, now);
  if (result.kind === "moved") return { error: "too many changes of this tenant at once", notes: [] };
  if (result.kind === "invalid") return { error: result.findings[0]?.message ?? "not valid", notes: [] };
  return outcome;
}

/** Single events that are long over say nothing any more; series may go on. */
function stillUseful(events: readonly CalendarEvent[], now: number): CalendarEvent[] {
  return events.filter(
    (event) => event.users.length > 0 && (event.rrule !== null || (parseWall(event.end) ?? 0) > now - limits.oncall.rangeMsMax),
  );
}
