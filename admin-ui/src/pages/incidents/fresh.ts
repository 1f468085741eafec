// Owns the latest word on single incidents: what an action answered, what was read after a change was told. Lists come from a
// projection that is seconds behind; whatever is newer here is shown instead.

import { signal } from "@preact/signals";
import { call, tenant } from "../../lib/api.ts";
import type { Incident, IncidentRow } from "../../lib/shapes.ts";

const keptMax = 300;

/** By tenant and id. */
export const fresh = signal<ReadonlyMap<string, IncidentRow>>(new Map());

export function freshKey(id: string): string {
  return `${tenant.value ?? ""}/${id}`;
}

export function note(incident: Incident): Incident {
  const next = incident.pending.find((item) => Date.parse(item.at) > Date.now() + 1_000) ?? null;
  const known = new Map(fresh.peek());
  known.delete(freshKey(incident.id));
  known.set(freshKey(incident.id), { ...incident, next });
  const oldest = known.keys().next().value;
  if (known.size > keptMax && oldest !== undefined) known.delete(oldest);
  fresh.value = known;
  return incident;
}

/** The newer of the list's row and ours. */
export function newer(row: IncidentRow): IncidentRow {
  const ours = fresh.value.get(freshKey(row.id));
  return ours !== undefined && ours.updatedAt >= row.updatedAt ? ours : row;
}

const waiting = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;
const togetherMs = 200;
const atOnceMax = 24;

/** Reads what changed, a moment later and together. `false`: too many to ask one by one; read the list instead. */
export function readChanged(ids: readonly string[]): boolean {
  for (const id of ids) waiting.add(id);
  if (waiting.size > atOnceMax) {
    waiting.clear();
    return false;
  }
  timer ??= setTimeout(() => {
    timer = undefined;
    const asked = [...waiting];
    waiting.clear();
    for (const incident of asked) void call("getIncident", { incident }).then(note, () => undefined);
  }, togetherMs);
  return true;
}
