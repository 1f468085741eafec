// Owns the isolate's copy of a tenant's configuration: fresh for seconds, stale rather than silent when the Directory is
// out of reach.

import { limits } from "../core/limits.ts";
import type { Id, Snapshot } from "../core/snapshot.ts";
import { callObject } from "./call.ts";
import { directoryStub } from "./places.ts";

interface Copy {
  readonly snapshot: Snapshot;
  /** Used without asking until then, epoch ms. */
  readonly until: number;
  /** The Directory did not answer when it was last asked. */
  readonly stale: boolean;
}

const copies = new Map<string, Copy>();

/** The tenant's configuration; null when it has none. Throws only where there is no copy at all and the Directory does not answer. */
export async function loadSnapshot(
  env: Env,
  tenant: Id,
  jurisdiction: string | null,
): Promise<{ snapshot: Snapshot; stale: boolean } | null> {
  const place = `${jurisdiction ?? "-"}:${tenant}`;
  const { askMs, coldMs, darkMs, isolateCacheMs } = limits.directory;
  const now = Date.now();
  const copy = copies.get(place);
  if (copy && now < copy.until) return { snapshot: copy.snapshot, stale: copy.stale };
  // One request asks; those that come meanwhile go on with the copy.
  if (copy) keep(place, { ...copy, until: now + askMs });
  try {
    const ask = () => directoryStub(env, tenant, jurisdiction).snapshot(copy?.snapshot.version ?? null);
    const answer = await callObject(ask, copy ? askMs : coldMs);
    if (answer.kind === "none") {
      copies.delete(place);
      return null;
    }
    const snapshot = answer.kind === "snapshot" ? answer.snapshot : copy?.snapshot;
    if (!snapshot) return null;
    keep(place, { snapshot, until: Date.now() + isolateCacheMs, stale: false });
    return { snapshot, stale: false };
  } catch (error) {
    if (!copy) throw error;
    keep(place, { snapshot: copy.snapshot, until: Date.now() + darkMs, stale: true });
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
  if (copies.size > limits.directory.tenantsKept && oldest !== undefined) copies.delete(oldest);
}
