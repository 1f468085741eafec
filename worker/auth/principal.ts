// Owns who is asking. For now the hub's owner by token; sessions of people come beside it, and nothing else changes.

import type { Context } from "hono";
import { sha256 } from "@noble/hashes/sha2.js";
import { ApiError } from "../api/error.ts";
import type { Id, Role } from "../core/snapshot.ts";

export type Principal =
  | { readonly kind: "hub-owner" }
  | { readonly kind: "user"; readonly tenant: Id; readonly user: Id; readonly role: Role };

/** The principal, or ApiError 401 with no hint of what was wrong. */
export function authenticate(c: Context<{ Bindings: Env }>): Principal {
  const authorization = c.req.header("authorization") ?? "";
  const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
  const owner = c.env.TOCSIN_ADMIN_TOKEN;
  if (token !== undefined && owner !== undefined && owner.length >= 16 && sameDigest(token, owner)) return { kind: "hub-owner" };
  throw new ApiError("unauthorized", "send `Authorization: Bearer <API token>`");
}

/** Compares digests of equal length, every byte: time tells nothing of where two tokens differ. */
export function sameDigest(a: string, b: string): boolean {
  const encoder = new TextEncoder();
  const [x, y] = [sha256(encoder.encode(a)), sha256(encoder.encode(b))];
  let difference = 0;
  for (let i = 0; i < x.length; i++) difference |= (x[i] ?? 0) ^ (y[i] ?? 0);
  return difference === 0;
}

/** Browsers say where an unsafe request comes from; one from elsewhere is refused. Other clients say nothing. */
export function refuseForeignOrigin(c: Context): void {
  if (c.req.method === "GET" || c.req.method === "HEAD") return;
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none")
    throw new ApiError("forbidden", "requests from other sites are refused");
  const origin = c.req.header("origin");
  if (origin !== undefined && origin !== new URL(c.req.url).origin)
    throw new ApiError("forbidden", "requests from other origins are refused");
}
