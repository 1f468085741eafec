// Owns what push services said of devices that are gone, over all tenants of a database, until it is part of the definitions.

export interface GoneDevice {
  readonly tenant: string;
  /** "user/device". */
  readonly device: string;
  /** Names the registration; a newer one under the same name is another. */
  readonly registration: string;
  /** Epoch ms. */
  readonly at: number;
  readonly reason: string;
}

export async function noteGone(db: D1Database, { tenant, device, registration, at, reason }: GoneDevice): Promise<void> {
  const sql = `INSERT INTO gone_devices (tenant, device, registration, at, reason) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (tenant, device) DO UPDATE SET registration = excluded.registration, at = excluded.at, reason = excluded.reason`;
  await db.prepare(sql).bind(tenant, device, registration, at, reason).run();
}

export async function listGone(db: D1Database, limit: number): Promise<GoneDevice[]> {
  const sql = "SELECT tenant, device, registration, at, reason FROM gone_devices LIMIT ?";
  return (await db.prepare(sql).bind(limit).all<GoneDevice>()).results;
}

/** Of one person. */
export async function goneOf(db: D1Database, tenant: string, user: string): Promise<GoneDevice[]> {
  const sql =
    "SELECT tenant, device, registration, at, reason FROM gone_devices WHERE tenant = ?1 AND substr(device, 1, ?3) = ?2";
  const owner = `${user}/`;
  return (await db.prepare(sql).bind(tenant, owner, owner.length).all<GoneDevice>()).results;
}

export async function forgetGone(db: D1Database, { tenant, device, registration }: GoneDevice): Promise<void> {
  const sql = "DELETE FROM gone_devices WHERE tenant = ? AND device = ? AND registration = ?";
  await db.prepare(sql).bind(tenant, device, registration).run();
}
