// Owns how notifiers and connectors fare, out of the deliveries that incidents projected. Reads a bounded piece of the newest:
// nothing on the way of a page waits for it.

/** One of them, by what it was asked to carry. */
export interface SendingHealth {
  readonly id: string;
  /** Deliveries of the last day by status. */
  readonly day: Readonly<Record<string, number>>;
  readonly lastGood: LastTry | null;
  readonly lastBad: LastTry | null;
}

export interface LastTry {
  readonly at: number;
  readonly status: string;
  readonly reason: string;
  readonly delivery: string;
  readonly incident: string;
}

interface CountRow {
  readonly id: string;
  readonly kind: "page" | "connector";
  readonly status: string;
  readonly n: number;
}

interface TryRow extends LastTry {
  readonly id: string;
  readonly kind: "page" | "connector";
  readonly good: number;
}

export interface HealthRange {
  /** Ids sort by time: only what comes after it. */
  readonly from: string;
  /** Where the last day begins. */
  readonly day: string;
  /** The newest so many. */
  readonly rows: number;
}

const recent =
  "WITH recent AS (SELECT id, incident, status, body FROM deliveries WHERE tenant = ?1 AND id > ?2 ORDER BY id DESC LIMIT ?3)";
const subject = "coalesce(recent.body ->> 'connector', recent.body ->> 'via')";
const kind = "iif(recent.body ->> 'connector' IS NULL, 'page', 'connector')";

export async function sendingHealth(
  db: D1Database,
  tenant: string,
  { from, day, rows }: HealthRange,
): Promise<{ readonly notifiers: SendingHealth[]; readonly connectors: SendingHealth[]; readonly truncated: boolean }> {
  const [counts, tries, total] = await db.batch<CountRow | TryRow | { n: number }>([
    db
      .prepare(
        `${recent} SELECT ${subject} AS id, ${kind} AS kind, recent.status AS status, count(*) AS n FROM recent WHERE recent.id > ?4 GROUP BY 1, 2, 3`,
      )
      .bind(tenant, from, rows, day),
    // With max() SQLite gives the other columns of the row that has it.
    db
      .prepare(
        `${recent} SELECT ${subject} AS id, ${kind} AS kind, try.value ->> 'status' IN ('accepted', 'delivered') AS good, max(try.value ->> 'at') AS at, ` +
          "try.value ->> 'status' AS status, try.value ->> 'reason' AS reason, recent.id AS delivery, recent.incident AS incident " +
          "FROM recent, json_each(recent.body, '$.attempts') AS try GROUP BY 1, 2, 3",
      )
      .bind(tenant, from, rows),
    db.prepare(`${recent} SELECT count(*) AS n FROM recent`).bind(tenant, from, rows),
  ]);
  const countRows = (counts?.results ?? []) as CountRow[];
  const tryRows = (tries?.results ?? []) as TryRow[];
  const of = (wanted: TryRow["kind"]): SendingHealth[] => {
    const ids = new Set([...countRows, ...tryRows].filter((row) => row.kind === wanted).map((row) => row.id));
    return [...ids].toSorted().map((id) => {
      const mine = <T extends CountRow | TryRow>(list: readonly T[]): T[] =>
        list.filter((row) => row.kind === wanted && row.id === id);
      return {
        id,
        day: Object.fromEntries(mine(countRows).map(({ status, n }) => [status, n])),
        lastGood: lastTry(mine(tryRows).find((row) => row.good === 1)),
        lastBad: lastTry(mine(tryRows).find((row) => row.good === 0)),
      };
    });
  };
  const read = ((total?.results ?? []) as { n: number }[])[0]?.n ?? 0;
  return { notifiers: of("page"), connectors: of("connector"), truncated: read >= rows };
}

function lastTry(row: TryRow | undefined): LastTry | null {
  return row === undefined
    ? null
    : { at: row.at, status: row.status, reason: row.reason, delivery: row.delivery, incident: row.incident };
}
