// Owns the counts over all tenants that metrics show.

export interface StatusCount {
  readonly tenant: string;
  readonly status: string;
  readonly n: number;
}

export async function projectedCounts(db: D1Database): Promise<StatusCount[]> {
  return (await db.prepare("SELECT tenant, status, count(*) AS n FROM incidents GROUP BY tenant, status").all<StatusCount>())
    .results;
}

export async function deliveryCounts(db: D1Database): Promise<StatusCount[]> {
  return (await db.prepare("SELECT tenant, status, count(*) AS n FROM deliveries GROUP BY tenant, status").all<StatusCount>())
    .results;
}
