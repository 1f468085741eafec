// Owns who is asking: the hub's owner by token or session, a tenant's person by session, a tenant's automation by API key.
// Another identity provider (OIDC) ends in the same session and changes nothing here.

import type { Context } from "hono";
import { sha256 } from "@noble/hashes/sha2.js";
import { ApiError } from "../api/error.ts";
import { limits } from "../core/limits.ts";
import type { Id, Role } from "../core/snapshot.ts";
import { callObject } from "../objects/call.ts";
import { accountsStub } from "../objects/places.ts";
import type { ApiKeyRow, SessionRow } from "../objects/rpc.ts";
import { loadSnapshot } from "../objects/snapshot-cache.ts";
import { requireOwnOrigin } from "./origin.ts";
import { apiKeyPrefix, readSecret } from "./place.ts";
import { readSession } from "./session.ts";

/** `session`: present when it was a cookie that proved it; its public id. */
export type Principal =
  | { readonly kind: "hub-owner"; readonly session?: string }
  | { readonly kind: "user"; readonly tenant: Id; readonly user: Id; readonly role: Role; readonly session?: string }
  /** Nobody: who acts is named by `as`, or it is the key itself. */
  | { readonly kind: "key"; readonly tenant: Id; readonly key: Id; readonly role: Role; readonly session?: undefined };

/** As records and the audit log name the asker. No person's id has a colon. */
export function principalName(principal: Principal): string {
  if (principal.kind === "user") return principal.user;
  return principal.kind === "key" ? `key:${principal.key}` : "hub-owner";
}

/** The principal, or ApiError 401 with no hint of what was wrong. */
export async function authenticate(c: Context<{ Bindings: Env }>): Promise<Principal> {
  const authorization = c.req.header("authorization") ?? "";
  // Another scheme is not ours: a proxy before the hub may ask for a password of its own.
  if (/^Bearer\b/i.test(authorization)) {
    const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
    if (token !== undefined && isOwnersToken(c.env, token)) return { kind: "hub-owner" };
    const holder = token === undefined ? null : await keyPrincipal(c.env, token);
    if (holder === null) throw refused();
    return holder;
  }
  const principal = await sessionPrincipal(c);
  if (principal === null) throw refused();
  requireOwnOrigin(c);
  return principal;
}

function refused(): ApiError {
  return new ApiError("unauthorized", "sign in, or send `Authorization: Bearer <API token>`");
}

/** Whose API key it is; null: nobody's, or it expired, or it was revoked. */
async function keyPrincipal(env: Env, token: string): Promise<Principal | null> {
  const secret = token.startsWith(apiKeyPrefix) ? await readSecret(token.slice(apiKeyPrefix.length)) : null;
  if (secret === null || secret.place.kind === "hub") return null;
  const { place, hash } = secret;
  let row: ApiKeyRow | null;
  try {
    row = await callObject(() => accountsStub(env, place).apiKey(hash, Date.now()), limits.session.askMs);
  } catch {
    throw new ApiError("unavailable", "API keys are out of reach for a moment; try again");
  }
  return row === null ? null : { kind: "key", tenant: place.tenant, key: row.id, role: row.role };
}

/** Whose session the cookie is; null: nobody's, or its person is not active any more. */
export async function sessionPrincipal(c: Context<{ Bindings: Env }>): Promise<Principal | null> {
  const secret = await readSession(c);
  if (secret === null) return null;
  const { place, hash } = secret;
  let row: SessionRow | null;
  try {
    row = await callObject(() => accountsStub(c.env, place).session(hash, Date.now()), limits.session.askMs);
  } catch {
    throw new ApiError("unavailable", "sessions are out of reach for a moment; try again");
  }
  if (row === null) return null;
  if (place.kind === "hub") return { kind: "hub-owner", session: row.id };
  const loaded = await loadSnapshot(c.env, place.tenant, place.jurisdiction).catch(() => {
    throw new ApiError("unavailable", "the tenant's configuration is out of reach for a moment; try again");
  });
  const person = loaded?.snapshot.users[row.user];
  if (!person?.active) return null;
  return { kind: "user", tenant: place.tenant, user: row.user, role: person.role, session: row.id };
}

export function isOwnersToken(env: Env, token: string): boolean {
  const owner = env.TOCSIN_ADMIN_TOKEN;
  return owner !== undefined && owner.length >= 16 && sameDigest(token, owner);
}

/** Compares digests of equal length, every byte: time tells nothing of where two tokens differ. */
export function sameDigest(a: string, b: string): boolean {
  const encoder = new TextEncoder();
  const [x, y] = [sha256(encoder.encode(a)), sha256(encoder.encode(b))];
  let difference = 0;
  for (let i = 0; i < x.length; i++) difference |= (x[i] ?? 0) ^ (y[i] ?? 0);
  return difference === 0;
}
