// Owns applying a document: parse, seal, merge, check, save, publish. All or nothing; 200 only when it is in force.

import { notifiers, sources } from "../../plugins/registry.gen.ts";
import { callObject } from "../objects/call.ts";
import { forgetKeys } from "../objects/key-cache.ts";
import { directoryStub, indexShardCount, indexShardOf, indexStubAt } from "../objects/places.ts";
import type { KeyEntry } from "../objects/rpc.ts";
import { forgetSnapshot } from "../objects/snapshot-cache.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { dbFor } from "../store/db.ts";
import { listTenants, loadTenant, markInForce, saveTenant, type StoredTenant } from "../store/tenant.ts";
import { checkDefinitions, type Finding } from "./check.ts";
import { compile } from "./compile.ts";
import { fromStored, noDefinitions, toStored } from "./definitions.ts";
import { errorAt, parseDocument, type DocumentError, type PlaceOf } from "./parse.ts";
import { changesBetween, merge, type PlannedChange } from "./plan.ts";
import { sealDocument, type Issued } from "./secrets.ts";

const publishMs = 10_000;

export interface ApplyInput {
  readonly tenant: string;
  readonly text: string;
  readonly contentType: string;
  /** The version the caller saw; null: does not care. */
  readonly ifMatch: number | null;
  readonly dryRun: boolean;
  /** Kinds whose objects made at run time go too when the document does not name them. */
  readonly prune?: readonly string[];
  readonly actor: string;
}

export type ApplyResult =
  | {
      readonly kind: "applied";
      readonly inForce: boolean;
      readonly dryRun: boolean;
      readonly version: number;
      readonly changes: readonly PlannedChange[];
      readonly issued: readonly Issued[];
      readonly warnings: readonly DocumentError[];
    }
  | { readonly kind: "invalid"; readonly errors: readonly DocumentError[] }
  | { readonly kind: "moved"; readonly version: number };

export async function applyDocument(env: Env, input: ApplyInput, now: number): Promise<ApplyResult> {
  const parsed = parseDocument(input.text, input.contentType);
  if (!parsed.ok) return { kind: "invalid", errors: parsed.errors };
  const { document, given, placeOf } = parsed;
  if (document.tenant !== input.tenant)
    return {
      kind: "invalid",
      errors: [errorAt(placeOf, ["tenant"], `the document is of tenant ${document.tenant}, the address is of ${input.tenant}`)],
    };
  const db = dbFor(env, input.tenant);
  const stored = await loadTenant(db, input.tenant);
  if (input.ifMatch !== null && input.ifMatch !== (stored?.version ?? 0)) return { kind: "moved", version: stored?.version ?? 0 };
  const present = stored === null ? null : fromStored(stored);
  const sealed = await sealDocument(env, document, present ?? noDefinitions, await otherTenants(env, input.tenant));
  const next = merge(present ?? noDefinitions, given, sealed.definitions, input.prune);
  const { errors, warnings } = checkDefinitions(next, { sources, notifiers });
  // A secret that could not be had is missing below too: its own error says more.
  const wrong = sealed.errors.length > 0 ? sealed.errors : errors;
  if (wrong.length > 0) return { kind: "invalid", errors: wrong.map((finding) => placed(finding, placeOf)) };
  const told = warnings.map((finding) => placed(finding, placeOf));
  const changes = changesBetween(input.tenant, present, next);
  const version = stored?.version ?? 0;
  if (input.dryRun) return { kind: "applied", inForce: false, dryRun: true, version, changes, issued: [], warnings: told };
  if (changes.length === 0 && stored !== null)
    return { kind: "applied", inForce: await publish(env, stored), dryRun: false, version, changes, issued: [], warnings: told };
  const saved: StoredTenant = toStored(input.tenant, version + 1, next);
  const outcome = await saveTenant(db, {
    expectVersion: stored === null ? null : version,
    next: saved,
    actor: input.actor,
    changes,
    at: now,
  });
  if (outcome === "conflict") return { kind: "moved", version: (await loadTenant(db, input.tenant))?.version ?? 0 };
  const inForce = await publish(env, saved);
  return { kind: "applied", inForce, dryRun: false, version: version + 1, changes, issued: sealed.issued, warnings: told };
}

async function otherTenants(env: Env, tenant: string): Promise<string[]> {
  return (await listTenants(env.DB)).map((row) => row.id).filter((id) => id !== tenant);
}

function placed(finding: Finding, placeOf: PlaceOf): DocumentError {
  return errorAt(placeOf, finding.path, finding.message, finding.nearest, finding.inside);
}

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
  const entries: { hash: string; entry: KeyEntry }[] = Object.values(snapshot.integrations).map((integration) => ({
    hash: integration.keyHash,
    entry: { tenant: snapshot.tenant, integration: integration.id, jurisdiction: snapshot.jurisdiction },
  }));
  for (const { id, keyHash } of Object.values(snapshot.heartbeats ?? {}))
    entries.push({
      hash: keyHash,
      entry: { tenant: snapshot.tenant, integration: "", jurisdiction: snapshot.jurisdiction, heartbeat: id },
    });
  const shards = Array.from({ length: indexShardCount }, (_, shard) =>
    entries.filter((each) => indexShardOf(each.hash) === shard),
  );
  await Promise.all(
    shards.map((mine, shard) =>
      callObject(() => indexStubAt(env, shard).putKeys(snapshot.tenant, mine, snapshot.version), publishMs),
    ),
  );
}

/** For the sweep: whatever was saved and not confirmed is put in force now. */
export async function republish(env: Env, tenant: string): Promise<boolean> {
  const stored = await loadTenant(dbFor(env, tenant), tenant);
  return stored === null ? true : publish(env, stored);
}
