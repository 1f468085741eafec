// Owns the isolate's copy of a tenant's configuration: fresh for seconds, stale rather than silent when the Directory is
// out of reach.

import { limits } from "../core/limits.ts";
import type { Id, Snapshot } from "../core/snapshot.ts";
import { callObject } from "./call.ts";
import { directoryStub } from "./places.ts";

const tenantsKept = 500;
const coldLimitMs = 5_000;

interface Copy {
  readonly snapshot: Snapshot;
  readonly askedAt: number;
}

const copies = new Map<string, Copy>();

/** The tenant's configuration; null when it has none. Throws only where there is no copy at all and the Directory does not answer. */
export async function loadSnapshot(
  env: Env,
  tenant: Id,
  jurisdiction: string | null,
): Promise<{ snapshot: Snapshot; stale: boolean } | null> {
  const place = `${jurisdiction ?? "-"}:${tenant}`;
  const copy = copies.get(place);
  if (copy && Date.now() - copy.askedAt < limits.directory.isolateCacheMs) return { snapshot: copy.snapshot, stale: false };
  try {
    const ask = () => directoryStub(env, tenant, jurisdiction).snapshot(copy?.snapshot.version ?? null);
    const answer = await callObject(ask, copy ? limits.directory.askMs : coldLimitMs);
    if (answer.kind === "none") return null;
    const snapshot = answer.kind === "snapshot" ? answer.snapshot : copy?.snapshot;
    if (!snapshot) return null;
    keep(place, { snapshot, askedAt: Date.now() });
    return { snapshot, stale: false };
  } catch (error) {
    if (!copy) throw error;
    return { snapshot: copy.snapshot, stale: true };
  }
}

/** Makes the next load ask: whoever has just written a configuration wants to see it. */
export function forgetSnapshot(tenant: Id, jurisdiction: string | null): void {
  copies.delete(`${jurisdiction ?? "-"}:${tenant}`);
}

function keep(place: string, copy: Copy): void {
  copies.delete(place);
  copies.set(place, copy);
  const oldest = copies.keys().next().value;
  if (copies.size > tenantsKept && oldest !== undefined) copies.delete(oldest);
}
