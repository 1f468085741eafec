// Owns the way out for calendars: the shifts of a person or a schedule as iCalendar, for whoever has the address.

import { Hono, type Context } from "hono";
import { limits } from "../core/limits.ts";
import { writeFeed, type FeedShift } from "../core/oncall/ical-write.ts";
import type { Schedule } from "../core/oncall/schedule.ts";
import { shiftsBetween, type Shift } from "../core/oncall/shifts.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { keyHash } from "../objects/key-cache.ts";
import { withLimit } from "../objects/limit.ts";
import { loadSnapshot } from "../objects/snapshot-cache.ts";
import { dbFor } from "../store/db.ts";
import { feedOf, type FeedKind, type FeedRow } from "../store/feeds.ts";
import { subjectExists } from "./handlers/feeds.ts";

const { askMs } = limits.api;
const dayMs = 86_400_000;

export const feedApp = new Hono<{ Bindings: Env }>();
feedApp.get("/v1/ical/:file", (c) => serve(c, c.req.param("file")));

async function serve(c: Context<{ Bindings: Env }>, file: string): Promise<Response> {
  const found = /^([a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?)\.(tk_[a-z2-7]{32})\.ics$/.exec(file);
  if (!found) return unknown(c);
  const tenant = found[1] ?? "";
  try {
    const row = await withLimit(feedOf(dbFor(c.env, tenant), tenant, keyHash(`${tenant}.${found[2] ?? ""}`)), askMs);
    const snapshot = row && (await snapshotBy(c.env, tenant));
    if (row === null || !snapshot || !subjectExists(snapshot, row.kind, row.subject)) return unknown(c);
    return c.body(feedText(snapshot, row, Date.now()), 200, {
      "content-type": "text/calendar; charset=utf-8",
      "cache-control": "private, max-age=300",
      "content-disposition": `inline; filename="${row.subject}.ics"`,
    });
  } catch {
    return c.text("The calendar is out of reach for a moment.\n", 503, { "retry-after": "60" });
  }
}

/** A revoked key, a person who left and a guess look the same. */
function unknown(c: Context): Response {
  return c.text("There is no calendar at this address.\n", 404);
}

async function snapshotBy(env: Env, tenant: string): Promise<Snapshot | null> {
  const jurisdiction = await dbFor(env, tenant)
    .prepare("SELECT jurisdiction FROM tenants WHERE id = ?")
    .bind(tenant)
    .first<string | null>("jurisdiction");
  return (await loadSnapshot(env, tenant, jurisdiction ?? null))?.snapshot ?? null;
}

function feedText(snapshot: Snapshot, { kind, subject }: FeedRow, now: number): string {
  // A shift that began earlier is cut there, and named by where it begins: the edge stands still from one asking to the next.
  const edge = 30 * dayMs;
  const [from, to] = [Math.floor((now - edge) / edge) * edge, now + 180 * dayMs];
  const schedules = Object.values(snapshot.schedules ?? {}).filter((each) => kind === "user" || each.id === subject);
  const shifts = schedules.flatMap((schedule) =>
    shiftsBetween(schedule, from, to)
      .shifts.filter((shift) => kind === "schedule" || shift.users.includes(subject))
      .map((shift) => feedShift(snapshot, schedule, shift, kind)),
  );
  const title = kind === "user" ? (snapshot.users[subject]?.name ?? subject) : (snapshot.schedules?.[subject]?.name ?? subject);
  const name = `On call: ${title} (${snapshot.name})`;
  return writeFeed({ tenant: snapshot.tenant, name, shifts: shifts.slice(0, limits.oncall.feed.eventsMax) }, now);
}

function feedShift(snapshot: Snapshot, schedule: Schedule, shift: Shift, kind: FeedKind): FeedShift {
  const names = shift.users.map((user) => snapshot.users[user]?.name ?? user).join(", ");
  const why = shift.override === null ? (shift.layer === null ? "" : `, layer ${shift.layer}`) : `, override ${shift.override}`;
  return {
    schedule: schedule.id,
    users: shift.users,
    from: shift.from,
    to: shift.to,
    summary: kind === "user" ? `On call: ${schedule.name}` : `${names} (${schedule.name})`,
    description: `${names}: on call for ${schedule.name}${why}`,
  };
}
