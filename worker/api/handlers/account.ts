// Owns whose account a request is about: place, person, name, role; and what a session looks like to its owner.

import { hub, type Place } from "../../auth/place.ts";
import type { Principal } from "../../auth/principal.ts";
import type { Role, Snapshot } from "../../core/snapshot.ts";
import type { SessionRow } from "../../objects/rpc.ts";
import { loadSnapshot } from "../../objects/snapshot-cache.ts";
import { ApiError } from "../error.ts";
import { iso } from "../shapes.ts";

/** The hub's owner has no person in any tenant. */
export const ownerId = "hub-owner";

export interface AccountOf {
  readonly place: Place;
  readonly user: string;
  readonly name: string;
  readonly role: Role | "hub-owner";
  readonly timeZone: string | null;
  readonly tenantName: string | null;
}

/** Null: nobody active is called that. */
export async function accountAt(env: Env, place: Place, user: string): Promise<AccountOf | null> {
  if (place.kind === "hub")
    return { place, user: ownerId, name: "Hub owner", role: "hub-owner", timeZone: null, tenantName: null };
  const loaded = await loadSnapshot(env, place.tenant, place.jurisdiction).catch(() => {
    throw new ApiError("unavailable", "the tenant's configuration is out of reach for a moment; try again");
  });
  return loaded === null ? null : personOf(loaded.snapshot, user);
}

export function personOf(snapshot: Snapshot, user: string): AccountOf | null {
  const person = snapshot.users[user];
  if (!person?.active) return null;
  const place: Place = { kind: "tenant", tenant: snapshot.tenant, jurisdiction: snapshot.jurisdiction };
  return { place, user, name: person.name, role: person.role, timeZone: person.timeZone, tenantName: snapshot.name };
}

/** Who asks, with where they are at home. A tenant's jurisdiction is what its configuration says. */
export async function accountOf(
  env: Env,
  principal: Exclude<Principal, { kind: "key" }>,
  jurisdiction: string | null,
): Promise<AccountOf> {
  const place: Place = principal.kind === "hub-owner" ? hub : { kind: "tenant", tenant: principal.tenant, jurisdiction };
  const account = await accountAt(env, place, principal.kind === "hub-owner" ? ownerId : principal.user);
  if (account === null) throw new ApiError("unauthorized", "sign in again");
  return account;
}

export function accountJson(account: AccountOf, row: SessionRow): Record<string, unknown> {
  const { place, user, name, role, timeZone, tenantName } = account;
  return {
    id: row.id,
    user,
    name,
    role,
    tenant: place.kind === "hub" ? null : place.tenant,
    tenantName,
    timeZone,
    expiresAt: iso(row.expiresAt),
  };
}
