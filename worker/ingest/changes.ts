// Owns keeping the changes that a body told of: beside the way of an alert, never in it. They are written after the answer, whatever
// else the body said: a sender that is told of failures disables its webhook, and its alerts with it. So a change may be lost where
// the database is away for longer than a try lasts, or a tenant sends more than a flood's worth; both are said in the log.

import { asAlert, changedAt, changeId, changeKey, type Change } from "../core/change.ts";
import { limits } from "../core/limits.ts";
import { decide } from "../core/routing.ts";
import { withLimit } from "../objects/limit.ts";
import { putChanges, tidyChanges, type ChangeRow } from "../store/changes.ts";
import { dbFor } from "../store/db.ts";
import type { Way } from "./hand.ts";

const bound = limits.changes;

/** Never throws, and nobody waits for it. */
export function keepChanges(after: Pick<ExecutionContext, "waitUntil">, way: Way, changes: readonly Change[] = []): void {
  const now = Date.now();
  const admitted = changes.slice(0, admittedOf(way, changes.length, now));
  if (admitted.length === 0) return;
  after.waitUntil(storeInTheEnd(way, admitted, now));
  after.waitUntil(tidy(way, now));
}

interface Line {
  until: number;
  taken: number;
  dropped: number;
}

const lines = new Map<string, Line>();

/** How many of so many more may be kept now. */
function admittedOf({ entry, integration }: Way, count: number, now: number): number {
  if (count === 0) return 0;
  const { everyMs, atOnce, tenantsKept } = bound.admit;
  let line = lines.get(entry.tenant);
  if (line === undefined || now >= line.until) {
    if (line !== undefined && line.dropped > 0) console.warn("changes were dropped", entry.tenant, line.dropped);
    if (lines.size >= tenantsKept) lines.clear();
    line = { until: now + everyMs, taken: 0, dropped: 0 };
    lines.set(entry.tenant, line);
  }
  const admitted = Math.min(count, atOnce - line.taken);
  line.taken += admitted;
  // Said once when it begins, and how many they were when it is over: a flood must not fill the log as well.
  if (admitted < count && line.dropped === 0) console.warn("more changes than are taken", entry.tenant, integration.id);
  line.dropped += count - admitted;
  return admitted;
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

/** Never rejects: the sender has its answer. */
async function storeInTheEnd(way: Way, changes: readonly Change[], now: number): Promise<void> {
  const { env, entry, integration } = way;
  const { tryMs, pausesMs, withinMs } = bound.store;
  // Asking the routes of a hundred changes is work, too.
  await new Promise((resolve) => setTimeout(resolve, 0));
  try {
    const rows = changes.map((change) => rowOf(way, change, now));
    for (const pauseMs of [...pausesMs, Infinity]) {
      try {
        return await withLimit(putChanges(dbFor(env, entry.tenant), entry.tenant, rows), tryMs);
      } catch (error) {
        if (Date.now() + pauseMs + tryMs > now + withinMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  } catch (error) {
    console.error("changes could not be stored", entry.tenant, integration.id, changes.length, String(error));
  }
}

const tidied = new Map<string, number>();

async function tidy({ env, entry }: Way, now: number): Promise<void> {
  if (now - (tidied.get(entry.tenant) ?? 0) < bound.tidy.everyMs) return;
  if (tidied.size >= bound.tidy.tenantsKept) tidied.clear();
  tidied.set(entry.tenant, now);
  await withLimit(tidyChanges(dbFor(env, entry.tenant), entry.tenant, now), bound.tidy.limitMs).catch((error: unknown) =>
    console.warn("old changes could not be put away", entry.tenant, String(error)),
  );
}
