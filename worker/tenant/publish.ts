// Owns putting a saved tenant in force: its ingest keys, then its snapshot. Whoever saved tells 2xx only when this says true.

import { notifiers } from "../../plugins/registry.gen.ts";
import { limits } from "../core/limits.ts";
import { callObject } from "../objects/call.ts";
import { forgetKeys } from "../objects/key-cache.ts";
import { directoryStub, indexShardCount, indexShardOf, indexStubAt } from "../objects/places.ts";
import type { KeyEntry } from "../objects/rpc.ts";
import { forgetSnapshot } from "../objects/snapshot-cache.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { dbFor } from "../store/db.ts";
import { loadTenant, markInForce, type StoredTenant } from "../store/tenant.ts";
import { compile } from "./compile.ts";

const { publishMs } = limits.directory;

/** Puts a saved tenant in force: keys first, then the snapshot. False: saved, and the sweep will try again. */
export async function publish(env: Env, stored: StoredTenant): Promise<boolean> {
  try {
    const snapshot = compile(stored, notifiers);
    await putKeys(env, snapshot);
    const answer = await callObject(
      () => directoryStub(env, snapshot.tenant, snapshot.jurisdiction).publish(snapshot),
      publishMs,
    );
    forgetSnapshot(snapshot.tenant, snapshot.jurisdiction);
    forgetKeys();
    if (answer.version < stored.version) return false;
    await markInForce(dbFor(env, stored.tenant), stored.tenant, stored.version);
    return true;
  } catch (error) {
    console.error("configuration is saved and not yet in force", stored.tenant, String(error));
    return false;
  }
}

async function putKeys(env: Env, snapshot: Snapshot): Promise<void> {
  const entries = Object.values(snapshot.integrations).flatMap(({ id, keyHash, retiredKey }) => {
    const entry = { tenant: snapshot.tenant, integration: id, jurisdiction: snapshot.jurisdiction };
    const retired = retiredKey === undefined ? [] : [{ hash: retiredKey.hash, entry: { ...entry, until: retiredKey.until } }];
    return [{ hash: keyHash, entry }, ...retired];
  });
  const beats = Object.values(snapshot.heartbeats ?? {}).map(({ id, keyHash }) => ({
    hash: keyHash,
    entry: { tenant: snapshot.tenant, integration: "", jurisdiction: snapshot.jurisdiction, heartbeat: id },
  }));
  await writeKeys(env, snapshot.tenant, [...entries, ...beats], snapshot.version);
}

async function writeKeys(
  env: Env,
  tenant: string,
  entries: readonly { readonly hash: string; readonly entry: KeyEntry }[],
  version: number,
): Promise<void> {
  const shards = Array.from({ length: indexShardCount }, (_, shard) =>
    entries.filter((each) => indexShardOf(each.hash) === shard),
  );
  await Promise.all(
    shards.map((mine, shard) => callObject(() => indexStubAt(env, shard).putKeys(tenant, mine, version), publishMs)),
  );
}

/**
 * Takes the ways into a tenant away, for its deletion: its senders are strangers from now on, its heartbeats are told to
 * watch no more. False: some heartbeat has not heard of it yet. What is saved is left; publishing it brings all of it back.
 */
export async function closeDoors(env: Env, stored: StoredTenant): Promise<boolean> {
  const { tenant, version } = stored;
  await writeKeys(env, tenant, [], version + 1);
  forgetKeys();
  const snapshot = { ...compile(stored, notifiers), integrations: {}, heartbeats: {} };
  const directory = () => directoryStub(env, tenant, snapshot.jurisdiction);
  await callObject(() => directory().publish(snapshot), publishMs);
  forgetSnapshot(tenant, snapshot.jurisdiction);
  for (const end = Date.now() + publishMs; Date.now() < end;) {
    if ((await callObject(() => directory().untold(), publishMs)) === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** For the sweep: whatever was saved and not confirmed is put in force now. */
export async function republish(env: Env, tenant: string): Promise<boolean> {
  const stored = await loadTenant(dbFor(env, tenant), tenant);
  return stored === null ? true : publish(env, stored);
}
