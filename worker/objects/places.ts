// Owns where every object is found: the names, the shards, the jurisdiction. Nothing else may call idFromName.
// The casts are to the same methods as plain promises (see rpc.ts).

import { placeText, type Place } from "../auth/place.ts";
import { objectName } from "../core/ids.ts";
import type { Identity } from "../core/incident.ts";
import { limits } from "../core/limits.ts";
import type { Id } from "../core/snapshot.ts";
import type {
  AccountsCalls,
  DirectoryCalls,
  HeartbeatCalls,
  InboxCalls,
  IncidentCalls,
  IndexCalls,
  LiveCalls,
  PointerCalls,
  WatchCalls,
  GateCalls,
  PersonCalls,
} from "./rpc.ts";
import type { ReceivedCalls } from "./rpc-received.ts";

const indexShards = 16;

/** The namespace inside a jurisdiction; the same name in two jurisdictions is two objects. */
function within<T extends Rpc.DurableObjectBranded | undefined>(
  namespace: DurableObjectNamespace<T>,
  jurisdiction: string | null,
): DurableObjectNamespace<T> {
  return jurisdiction === null ? namespace : namespace.jurisdiction(jurisdiction as DurableObjectJurisdiction);
}

export function incidentStub(env: Env, identity: Identity): IncidentCalls {
  return within(env.INCIDENT, identity.jurisdiction).getByName(objectName(identity));
}

export function directoryStub(env: Env, tenant: Id, jurisdiction: string | null): DirectoryCalls {
  return within(env.DIRECTORY, jurisdiction).getByName(`v1:${jurisdiction ?? "-"}:${tenant}`);
}

/** By the first characters of a hash (hex or base32): one of 16. */
export function indexStub(env: Env, hash: string): IndexCalls {
  return indexStubAt(env, indexShardOf(hash));
}

/** Every index shard, for writing one tenant's keys. */
export const indexShardCount = indexShards;

export function indexShardOf(hash: string): number {
  let sum = 0;
  for (let i = 0; i < Math.min(hash.length, 8); i++) sum = (sum * 33 + hash.charCodeAt(i)) % 65_521;
  return sum % indexShards;
}

export function indexStubAt(env: Env, shard: number): IndexCalls {
  return env.INDEX.getByName(`i:${shard}`);
}

/** Fixed names, so that a sweep can ask all of them without a list kept anywhere. */
export const watchShardNames: readonly string[] = Array.from(
  { length: limits.watch.shards },
  (_, i) => `w:${i.toString(16).padStart(2, "0")}`,
);

export function watchShardOf(identity: Identity): string {
  let sum = 0;
  for (let i = 0; i < identity.hash.length; i++) sum = (sum * 31 + identity.hash.charCodeAt(i)) % 65_521;
  return watchShardNames[sum % watchShardNames.length] ?? "w:00";
}

export function watchStub(env: Env, shard: string): WatchCalls {
  return env.WATCH.getByName(shard);
}

/** The shard that is asked when the hub itself was last seen alive. */
export const aliveShard = "w:00";

export function heartbeatStub(env: Env, identity: Identity): HeartbeatCalls {
  return within(env.HEARTBEAT, identity.jurisdiction).getByName(objectName(identity));
}

export function pointerStub(env: Env, tenant: Id, jurisdiction: string | null): PointerCalls {
  return within(env.POINTER, jurisdiction).getByName(`v1:${jurisdiction ?? "-"}:${tenant}`);
}

/** `of`: `inhibit:{route}` or `rate:{integration}`. */
export function gateStub(env: Env, tenant: Id, jurisdiction: string | null, of: string): GateCalls {
  return within(env.GATE, jurisdiction).getByName(`v1:${jurisdiction ?? "-"}:${tenant}:${of}`);
}

export function personStub(
  env: Env,
  { tenant, jurisdiction }: Pick<Identity, "tenant" | "jurisdiction">,
  person: Id,
): PersonCalls {
  return within(env.PERSON, jurisdiction).getByName(`v1:${jurisdiction ?? "-"}:${tenant}:${person}`);
}

/** The last bodies of one integration. */
export function receivedStub(
  env: Env,
  { tenant, jurisdiction }: { readonly tenant: Id; readonly jurisdiction: string | null },
  integration: Id,
): ReceivedCalls {
  return within(env.RECEIVED, jurisdiction).getByName(`v1:${jurisdiction ?? "-"}:${tenant}:${integration}`);
}

export function inboxStub(env: Env, tenant: Id): InboxCalls {
  return env.INBOX.getByName(`v1:${tenant}`);
}

export function liveStub(env: Env, tenant: Id, jurisdiction: string | null): LiveCalls {
  return within(env.LIVE, jurisdiction).getByName(`v1:${jurisdiction ?? "-"}:${tenant}`);
}

export function accountsStub(env: Env, place: Place): AccountsCalls {
  const jurisdiction = place.kind === "hub" ? null : place.jurisdiction;
  return within(env.ACCOUNTS, jurisdiction).getByName(`v1:${placeText(place)}`);
}
