// Owns the session's cookie: its name, its flags, reading and setting it. Whose session it is, the accounts object knows.

import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { limits } from "../core/limits.ts";
import type { Role } from "../core/snapshot.ts";
import { originOf } from "./origin.ts";
import { readSecret, type PlacedSecret } from "./place.ts";

type Asked = Context<{ Bindings: Env }>;

/**
 * `__Host-` where there is TLS. Plain http has no Secure cookies; and cookies do not tell ports apart, so two hubs on one machine
 * would sign each other out but for the port in the name.
 */
function cookieName(c: Asked): string {
  const { protocol, port } = new URL(originOf(c));
  return protocol === "https:" ? "__Host-tocsin" : port === "" ? "tocsin" : `tocsin-${port}`;
}

export async function readSession(c: Asked): Promise<PlacedSecret | null> {
  const text = getCookie(c, cookieName(c));
  return text === undefined ? null : readSecret(text);
}

/** `maxAgeMs` 0 takes it away. */
export function sessionCookie(c: Asked, text: string, maxAgeMs: number): string {
  const secure = new URL(originOf(c)).protocol === "https:" ? "; Secure" : "";
  return `${cookieName(c)}=${text}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.floor(maxAgeMs / 1_000)}${secure}`;
}

/** How long a session lasts: shorter where more can be broken. */
export function lifeOf(role: Role | "hub-owner"): { readonly idleMs: number; readonly absoluteMs: number } {
  return role === "responder" || role === "stakeholder" ? limits.session.people : limits.session.admins;
}

/** Where a session began, for its owner to tell one from another: "Firefox on Linux". Never parsed for anything else. */
export function deviceOf(userAgent: string): string {
  const browser =
    [
      ["Edg/", "Edge"],
      ["OPR/", "Opera"],
      ["Firefox/", "Firefox"],
      ["Chrome/", "Chrome"],
      ["Safari/", "Safari"],
    ].find(([mark]) => mark !== undefined && userAgent.includes(mark))?.[1] ?? "Browser";
  const system =
    [
      ["iPhone", "iPhone"],
      ["iPad", "iPad"],
      ["Android", "Android"],
      ["Mac OS", "macOS"],
      ["Windows", "Windows"],
      ["Linux", "Linux"],
    ].find(([mark]) => mark !== undefined && userAgent.includes(mark))?.[1] ?? "an unknown system";
  return `${browser} on ${system}`;
}
