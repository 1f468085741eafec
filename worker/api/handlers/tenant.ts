// Owns what every tenant handler begins with: the tenant's configuration in force.

import type { Snapshot } from "../../core/snapshot.ts";
import { loadSnapshot } from "../../objects/snapshot-cache.ts";
import { dbFor } from "../../store/db.ts";
import { ApiError } from "../error.ts";
import type { Call } from "../mount.ts";

/** The snapshot; 404 when there is no such tenant, 503 when nobody can say. */
export async function snapshotOf({ env, params }: Call): Promise<Snapshot> {
  const tenant = params["tenant"] ?? "";
  const loaded = await loadSnapshot(env, tenant, null).catch(() => "dark" as const);
  if (loaded === "dark") throw new ApiError("unavailable", "the tenant's configuration is out of reach for a moment; try again");
  if (loaded !== null) return loaded.snapshot;
  // A tenant bound to a jurisdiction keeps its objects there; the database knows which.
  const jurisdiction = await jurisdictionOf(env, tenant);
  const elsewhere = jurisdiction === null ? null : await loadSnapshot(env, tenant, jurisdiction);
  if (elsewhere === null) throw new ApiError("not-found", "there is nothing at this address");
  return elsewhere.snapshot;
}

async function jurisdictionOf(env: Env, tenant: string): Promise<string | null> {
  const row = await dbFor(env, tenant)
    .prepare("SELECT jurisdiction FROM tenants WHERE id = ?")
    .bind(tenant)
    .first<{ jurisdiction: string | null }>()
    .catch(() => null);
  return row?.jurisdiction ?? null;
}
