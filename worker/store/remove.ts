// Owns deleting a tenant's rows. The audit log is not among them: nothing takes entries out of that.

import { appendStatements, lastLink } from "./audit.ts";
import { kinds, tableOf } from "./kinds.ts";
import { limits } from "../core/limits.ts";

const projected = [
  { table: "deliveries", key: "id" },
  { table: "timeline", key: "incident" },
  { table: "alerts", key: "object" },
  { table: "incidents", key: "id" },
  { table: "changes", key: "id" },
] as const;

const { keysAtOnce, purgeMs } = limits.removal;

/** In bites that D1 can chew. False: the time was up before the end. */
export async function purgeProjections(db: D1Database, tenant: string): Promise<boolean> {
  const end = Date.now() + purgeMs;
  for (const { table, key } of projected) {
    const sql = `DELETE FROM ${table} WHERE tenant = ?1 AND ${key} IN (SELECT DISTINCT ${key} FROM ${table} WHERE tenant = ?1 LIMIT ${keysAtOnce})`;
    for (;;) {
      if (Date.now() > end) return false;
      const { meta } = await db.prepare(sql).bind(tenant).run();
      if (meta.changes === 0) break;
    }
  }
  return true;
}

/** Definitions and the tenant's own row, with the entry that says so. False: it is not at this version any more. */
export async function deleteDefinitions(
  db: D1Database,
  {
    tenant,
    version,
    actor,
    at,
  }: { readonly tenant: string; readonly version: number; readonly actor: string; readonly at: number },
): Promise<boolean> {
  const body = { version: version + 1, changes: [{ op: "remove", kind: "tenant", id: tenant }] };
  try {
    await db.batch([
      // NULL where NOT NULL is declared rolls the whole batch back.
      db.prepare("UPDATE tenants SET version = CASE WHEN version = ?2 THEN version END WHERE id = ?1").bind(tenant, version),
      ...kinds.map((kind) => db.prepare(`DELETE FROM ${tableOf[kind]} WHERE tenant = ?`).bind(tenant)),
      ...["contacts", "calendar_checks", "feed_keys", "gone_devices", "own_plugin_uploads"].map((table) =>
        db.prepare(`DELETE FROM ${table} WHERE tenant = ?`).bind(tenant),
      ),
      db.prepare("DELETE FROM tenants WHERE id = ?").bind(tenant),
      ...appendStatements(db, await lastLink(db, tenant), [{ tenant, at, actor, action: "tenant.delete", body }]),
    ]);
    return true;
  } catch (error) {
    const present = await db.prepare("SELECT version FROM tenants WHERE id = ?").bind(tenant).first<number>("version");
    if (present === version) throw error;
    return false;
  }
}
