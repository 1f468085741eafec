// Owns what business hours are at a time: open, until when, and their holidays, written and imported.

import { isOpenAt, nextClosing, nextOpening } from "../../core/calendar.ts";
import { limits } from "../../core/limits.ts";
import { wallAt, wallText, zoneOf } from "../../core/zone.ts";
import { withLimit } from "../../objects/limit.ts";
import { checkOf } from "../../store/calendar-checks.ts";
import { dbFor } from "../../store/db.ts";
import { holidayCopyId } from "../../tenant/imported-holidays.ts";
import { ApiError } from "../error.ts";
import type { Handler } from "../mount.ts";
import { iso, isoOrNull } from "../shapes.ts";
import { snapshotOf } from "./tenant.ts";

const { askMs } = limits.api;
const { holidaysShown } = limits.calendar;

export const getBusinessHoursState: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const id = call.params["id"] ?? "";
  const calendar = snapshot.businessHours?.[id];
  if (calendar === undefined) throw new ApiError("not-found", `there are no business hours ${id}`);
  const at = typeof call.query["at"] === "number" ? call.query["at"] : call.now;
  const today = wallText(wallAt(zoneOf(calendar.timeZone), at)).slice(0, 10);
  const db = dbFor(call.env, snapshot.tenant);
  // Without the database: what is in force is said, how old a copy is cannot be.
  const check = await withLimit(checkOf(db, snapshot.tenant, holidayCopyId(id)), askMs).catch(() => null);
  return call.c.json({
    at: iso(at),
    open: isOpenAt(calendar, at),
    nextOpening: isoOrNull(nextOpening(calendar, at)),
    nextClosing: isoOrNull(nextClosing(calendar, at)),
    holidays: calendar.holidays
      .filter((date) => date >= today)
      .toSorted()
      .slice(0, holidaysShown),
    calendar: check && {
      checkedAt: iso(check.checkedAt),
      goodAt: isoOrNull(check.goodAt),
      error: check.error,
      notes: check.notes,
    },
  });
};
