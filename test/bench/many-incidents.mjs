// Owns filling a hub with as many listed incidents as asked for: rows of the projection as the hub itself wrote one, copied
// under other ids while the hub is down. Their objects know nothing of them, so only lists are real.
import { readdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { until } from "../e2e/hub.mjs";

const severities = ["P1", "P2", "P3", "P4"];

/** The file of D1 below a hub's data folder: the one that has the table. */
export function databaseOf(data) {
  for (const file of readdirSync(data, { recursive: true }).filter((name) => name.endsWith(".sqlite"))) {
    const at = path.join(data, file);
    const db = new DatabaseSync(at);
    const found = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'incidents'").get();
    db.close();
    if (found) return at;
  }
  throw new Error(`no database with incidents below ${data}`);
}

/**
 * Copies the tenant's newest listed incident `open` times as open and `closed` times as resolved ones, older than it. The hub
 * is stopped for it and started again. Services go round, one title in a hundred has "voucher" in it.
 */
export async function fillWithIncidents(hub, { tenant, open, closed = 0, services }) {
  await until("an incident in the list", 20_000, async () => {
    const { body } = await hub.api("GET", `/api/v1/tenants/${tenant}/incidents?limit=1`);
    return body.items?.length > 0;
  });
  await hub.kill("SIGTERM");
  const db = new DatabaseSync(databaseOf(hub.data));
  const like = db.prepare("SELECT * FROM incidents WHERE tenant = ? ORDER BY id DESC LIMIT 1").get(tenant);
  const columns = Object.keys(like);
  const insert = db.prepare(`INSERT INTO incidents (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`);
  const timeChars = 10;
  const stem = "inc_".length;
  db.exec("BEGIN");
  for (let n = 0; n < open + closed; n++) {
    const title = n % 100 === 7 ? `Carts with a voucher are lost ${n}` : `Queue ${n} is longer than its consumers can empty`;
    const at = like.opened_at - (n + 1) * 1_000;
    const row = {
      ...like,
      id: `inc_${String(9_999_999 - n).padStart(timeChars, "0")}${like.id.slice(stem + timeChars)}`,
      status: n >= open ? "resolved" : n % 5 === 0 ? "acknowledged" : "triggered",
      severity: severities[n % 4],
      service: services[n % services.length],
      title,
      folded: title.toLowerCase(),
      acknowledged_by: n < open && n % 5 === 0 ? "ana" : null,
      opened_at: at,
      updated_at: at,
      resolved_at: n >= open ? at + 60_000 : null,
    };
    insert.run(...columns.map((column) => row[column]));
  }
  db.exec("COMMIT");
  db.close();
  await hub.start();
}
