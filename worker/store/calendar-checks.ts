// Owns when imported calendars were last asked for, over all tenants of a database, and what came of it.

export interface CalendarCheck {
  readonly tenant: string;
  /** The schedule's id, or "hours/ID" of business hours. */
  readonly schedule: string;
  readonly url: string;
  readonly checkedAt: number;
  /** When it last answered well: our copy is as old as that. */
  readonly goodAt: number | null;
  /** Of the copy we have. */
  readonly etag: string | null;
  /** Null: it went well. */
  readonly error: string | null;
  /** What could not be read, and titles that name nobody. */
  readonly notes: readonly string[];
}

interface Row extends Omit<CalendarCheck, "notes"> {
  readonly notes: string;
}

/** Calendars not asked for since `before`, or whose address is another one now; the longest ago first. */
export async function calendarsDue(
  db: D1Database,
  before: number,
  limit: number,
): Promise<{ readonly tenant: string; readonly schedule: string; readonly url: string; readonly etag: string | null }[]> {
  const sql = `WITH sources AS (
      SELECT tenant, id, body FROM schedules
      UNION ALL SELECT tenant, 'hours/' || id, body FROM business_hours)
    SELECT s.tenant, s.id AS schedule, s.body ->> '$.ical.url' AS url,
      -- "Unchanged" is of use only beside a copy. What named nobody may name somebody by now: asked for whole.
      CASE WHEN c.url = s.body ->> '$.ical.url' AND c.notes = '[]' AND EXISTS (
        SELECT 1 FROM calendars k WHERE k.tenant = s.tenant AND k.id = s.id AND k.body ->> '$.url' = c.url) THEN c.etag END AS etag
    FROM sources s LEFT JOIN calendar_checks c ON c.tenant = s.tenant AND c.schedule = s.id
    WHERE s.body ->> '$.ical.url' IS NOT NULL
      AND (c.checked_at IS NULL OR c.checked_at <= ?1 OR c.url <> s.body ->> '$.ical.url')
    ORDER BY c.checked_at LIMIT ?2`;
  const { results } = await db.prepare(sql).bind(before, limit).all<{
    tenant: string;
    schedule: string;
    url: string;
    etag: string | null;
  }>();
  return results;
}

export async function noteCheck(db: D1Database, check: Omit<CalendarCheck, "goodAt">): Promise<void> {
  const { tenant, schedule, url, checkedAt, etag, error, notes } = check;
  const sql = `INSERT INTO calendar_checks (tenant, schedule, url, checked_at, etag, error, notes, good_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, CASE WHEN ?6 IS NULL THEN ?4 END)
    ON CONFLICT (tenant, schedule) DO UPDATE SET url = excluded.url, checked_at = excluded.checked_at, etag = excluded.etag,
      error = excluded.error, notes = excluded.notes,
      good_at = coalesce(excluded.good_at, CASE WHEN calendar_checks.url = excluded.url THEN calendar_checks.good_at END)`;
  await db.prepare(sql).bind(tenant, schedule, url, checkedAt, etag, error, JSON.stringify(notes)).run();
}

export async function checkOf(db: D1Database, tenant: string, schedule: string): Promise<CalendarCheck | null> {
  const sql = `SELECT tenant, schedule, url, checked_at AS checkedAt, good_at AS goodAt, etag, error, notes
    FROM calendar_checks WHERE tenant = ? AND schedule = ?`;
  const row = await db.prepare(sql).bind(tenant, schedule).first<Row>();
  return row && { ...row, notes: JSON.parse(row.notes) as string[] };
}
