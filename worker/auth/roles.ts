// Owns what each role may do. One scale: whoever may more may all that is below it.

import type { Id, Role } from "../core/snapshot.ts";
import type { Principal } from "./principal.ts";

/**
 * The least role an endpoint asks for. `public`: nobody is asked (signing in); `anyone`: whoever is signed in; `hub-owner`: no
 * role of any tenant is enough.
 */
export type Permission = Role | "public" | "anyone" | "hub-owner";

const scale: readonly Role[] = ["stakeholder", "responder", "manager", "admin", "owner"];

function rank(role: Role): number {
  return scale.indexOf(role);
}

export function mayEnterTenant(principal: Principal, tenant: Id): boolean {
  return principal.kind === "hub-owner" || principal.tenant === tenant;
}

export interface Guarded {
  readonly may: Permission;
  /** The path's parameter that names a person: that person may call it whatever their role. */
  readonly self?: string;
}

/** Null: it may be called. A tenant one may not enter looks like one that does not exist. */
export function refusalFor(
  principal: Principal,
  { may, self }: Guarded,
  params: Readonly<Record<string, string>>,
): "not-found" | "forbidden" | null {
  const { tenant } = params;
  if (tenant !== undefined && !mayEnterTenant(principal, tenant)) return "not-found";
  if (principal.kind === "hub-owner" || may === "anyone" || may === "public") return null;
  if (self !== undefined && principal.kind === "user" && params[self] === principal.user) return null;
  return may !== "hub-owner" && rank(principal.role) >= rank(may) ? null : "forbidden";
}

/** Nobody gives away more than they have. */
export function mayGrant(principal: Principal, role: Role): boolean {
  return principal.kind === "hub-owner" || rank(role) <= rank(principal.role);
}
