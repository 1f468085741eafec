// Owns keeping the changes that a body told of: beside the way of an alert, never in it. A body of alerts is answered first and its
// changes are written after; a body that tells of nothing else is answered when they are, and else asked for again.

import type { Alert } from "../core/alert.ts";
import { asAlert, changedAt, changeId, changeKey, type Change } from "../core/change.ts";
import { limits } from "../core/limits.ts";
import { decide } from "../core/routing.ts";
import { withLimit } from "../objects/limit.ts";
import { putChanges, tidyChanges, type ChangeRow } from "../store/changes.ts";
import { dbFor } from "../store/db.ts";
import type { Way } from "./hand.ts";

const bound = limits.changes;

/** Throws when they could not be stored and the sender had nothing else to say: it should say it again. */
export async function keepChanges(
  after: Pick<ExecutionContext, "waitUntil">,
  way: Way,
  alerts: readonly Alert[],
  changes: readonly Change[] = [],
): Promise<void> {
  if (changes.length === 0) return;
  const now = Date.now();
  const rows = changes.map((change) => rowOf(way, change, now));
  if (alerts.every((alert) => alert.action === "ignore")) await store(way, rows);
  else after.waitUntil(storeInTheEnd(way, rows));
  after.waitUntil(tidy(way, now));
}

function rowOf({ snapshot, integration }: Way, change: Change, now: number): ChangeRow {
  const at = changedAt(change, now);
  const key = changeKey(integration.id, change, crypto.randomUUID());
  const { summary, body, labels, links, source, dedupKey } = change;
  return {
    id: changeId(at, key),
    key,
    integration: integration.id,
    service: serviceOf({ snapshot, integration }, change, now),
    source,
    at,
    saidAt: at,
    updatedAt: now,
    summary,
    body,
    labels,
    links,
    dedupKey,
  };
}

/** The one that the sender names, when the tenant has it; else where an alert with the same words would go. */
function serviceOf({ snapshot, integration }: Pick<Way, "snapshot" | "integration">, change: Change, now: number): string | null {
  if (change.service !== null && snapshot.services[change.service]) return change.service;
  try {
    return decide(asAlert(change), { snapshot, integration }, now).service;
  } catch (error) {
    console.warn("a change could not be routed", snapshot.tenant, integration.id, String(error));
    return integration.service;
  }
}

async function store({ env, entry }: Way, rows: readonly ChangeRow[]): Promise<void> {
  await withLimit(putChanges(dbFor(env, entry.tenant), entry.tenant, rows), bound.storeMs);
}

/** Never rejects: the alerts of the same body are safe, and the sender has its answer. */
async function storeInTheEnd(way: Way, rows: readonly ChangeRow[]): Promise<void> {
  for (const pauseMs of [...bound.againMs, null]) {
    try {
      return await store(way, rows);
    } catch (error) {
      if (pauseMs === null)
        return console.error("changes could not be stored", way.entry.tenant, way.integration.id, String(error));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

const tidied = new Map<string, number>();

async function tidy({ env, entry }: Way, now: number): Promise<void> {
  if (now - (tidied.get(entry.tenant) ?? 0) < bound.tidyEveryMs) return;
  if (tidied.size >= bound.tidyKept) tidied.clear();
  tidied.set(entry.tenant, now);
  await withLimit(tidyChanges(dbFor(env, entry.tenant), entry.tenant, now), bound.storeMs).catch((error: unknown) =>
    console.warn("old changes could not be put away", entry.tenant, String(error)),
  );
}
