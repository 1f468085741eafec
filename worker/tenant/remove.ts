// Owns taking a tenant away, in an order that loses no alert: its senders become strangers first, its open incidents are closed
// or stop the removal, then what was projected goes, then the definitions, then the configuration in force. Each part may be
// done again.

import { limits } from "../core/limits.ts";
import { callObject } from "../objects/call.ts";
import { withLimit } from "../objects/limit.ts";
import {
  accountsStub,
  directoryStub,
  inboxStub,
  incidentStub,
  receivedStub,
  watchShardNames,
  watchStub,
} from "../objects/places.ts";
import { forgetSnapshot } from "../objects/snapshot-cache.ts";
import type { Identity } from "../core/incident.ts";
import { dbFor } from "../store/db.ts";
import { deleteDefinitions, purgeProjections } from "../store/remove.ts";
import { loadTenant, type StoredTenant } from "../store/tenant.ts";
import { closeDoors, publish } from "./publish.ts";

const { askMs, openMax, flushWaitMs } = limits.removal;

export interface RemoveInput {
  readonly tenant: string;
  /** Resolves what is open instead of refusing. */
  readonly force: boolean;
  readonly actor: string;
}

export type RemoveResult =
  | { readonly kind: "gone" }
  | { readonly kind: "absent" }
  | { readonly kind: "open"; readonly open: number }
  | { readonly kind: "unfinished"; readonly what: string };

export async function removeTenant(env: Env, input: RemoveInput, now: number): Promise<RemoveResult> {
  const { tenant, actor } = input;
  const db = dbFor(env, tenant);
  const stored = await loadTenant(db, tenant);
  if (stored === null) return { kind: "absent" };
  // Asked before anything is touched: a refusal changes nothing.
  const before = await openIncidents(env, tenant);
  if (before === null) return { kind: "unfinished", what: "what is open cannot be looked up at the moment" };
  if (before.length > 0 && !input.force) return { kind: "open", open: before.length };
  const jurisdiction = typeof stored.row["jurisdiction"] === "string" ? stored.row["jurisdiction"] : null;
  const tombstone = stored.version + 1;
  if (!(await closeDoors(env, stored))) return { kind: "unfinished", what: "not every heartbeat has been told yet" };
  const after = await closeAll(env, tenant, actor);
  if (after !== null) return { kind: "unfinished", what: after };
  if (!(await purgeProjections(db, tenant))) return { kind: "unfinished", what: "a part of its lists is deleted" };
  const deleted = await deleteDefinitions(db, { tenant, version: stored.version, actor, at: now });
  if (!deleted) return await somebodyChangedIt(env, tenant);
  await callObject(() => directoryStub(env, tenant, jurisdiction).forget(tombstone), askMs);
  forgetSnapshot(tenant, jurisdiction);
  await callObject(() => inboxStub(env, tenant).clear(), askMs);
  const place = { tenant, jurisdiction };
  const integrations = stored.objects.filter(({ kind }) => kind === "integrations");
  await Promise.all(integrations.map(({ id }) => callObject(() => receivedStub(env, place, id).clear(), askMs)));
  await callObject(() => accountsStub(env, { kind: "tenant", tenant, jurisdiction }).forget(), askMs);
  return { kind: "gone" };
}

/** What they saved is in force again, its keys too. */
async function somebodyChangedIt(env: Env, tenant: string): Promise<RemoveResult> {
  const present: StoredTenant | null = await loadTenant(dbFor(env, tenant), tenant);
  if (present === null) return { kind: "gone" };
  await publish(env, present);
  return { kind: "unfinished", what: "somebody changed the tenant meanwhile" };
}

/** Every shard's answer, or null when one did not answer: then nobody can say that nothing is open. */
async function openIncidents(env: Env, tenant: string): Promise<Identity[] | null> {
  try {
    return (
      await Promise.all(watchShardNames.map((name) => withLimit(watchStub(env, name).list(tenant, openMax), askMs)))
    ).flat();
  } catch {
    return null;
  }
}

/** Null: nothing is open, and all of it lies in the database. Else what is not done yet. */
async function closeAll(env: Env, tenant: string, actor: string): Promise<string | null> {
  const end = Date.now() + flushWaitMs;
  for (;;) {
    const open = await openIncidents(env, tenant);
    if (open === null) return "what is open cannot be looked up at the moment";
    if (open.length === 0) return null;
    if (Date.now() > end) return `${open.length} incidents are still being closed`;
    for (let i = 0; i < open.length; i += 20) await Promise.all(open.slice(i, i + 20).map((each) => close(env, each, actor)));
  }
}

async function close(env: Env, identity: Identity, actor: string): Promise<void> {
  const stub = incidentStub(env, identity);
  const view = await callObject(() => stub.current(), askMs);
  if (view !== null && view.episode.status !== "resolved" && view.episode.status !== "merged") {
    const command = { kind: "resolve" as const, reason: "the tenant is deleted" };
    const who = { type: "user" as const, id: actor };
    const input = { v: 1 as const, identity, incident: view.episode.id, commandId: null, actor: who, command, roster: null };
    await callObject(() => stub.command(input), askMs);
  }
  // Its last rows must not come into the lists after they were emptied.
  const end = Date.now() + flushWaitMs;
  while ((await callObject(() => stub.poke(), askMs)).unflushed > 0 && Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 250));
}
