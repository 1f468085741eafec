// Owns how often a contact may be tested: a test page's row is its claim, and of two at once only one gets it.

import type { Delivery } from "../core/incident.ts";
import type { Post } from "../core/post.ts";

/** True: the row is ours and the page may go out. */
export async function claimTestDelivery(db: D1Database, tenant: string, delivery: Delivery | Post): Promise<boolean> {
  const sql =
    "INSERT INTO deliveries (tenant, id, incident, seq, person, status, body) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  const { id, incident, seq, status } = delivery;
  const user = "user" in delivery ? delivery.user : "";
  const { meta } = await db.prepare(sql).bind(tenant, id, incident, seq, user, status, JSON.stringify(delivery)).run();
  return meta.changes > 0;
}

/** Test pages of one person whose ids sort after `from`. */
export async function countTestDeliveries(db: D1Database, tenant: string, user: string, from: string): Promise<number> {
  const sql =
    "SELECT count(*) AS n FROM deliveries WHERE tenant = ?1 AND id > ?2 AND person = ?3 AND body -> 'page' -> 'reason' ->> 'via' = 'test'";
  return (await db.prepare(sql).bind(tenant, from, user).first<number>("n")) ?? 0;
}
