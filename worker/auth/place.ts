// Owns where an account lives: the hub itself (its owner) or a tenant (its people). Session ids and one-time tickets begin
// with it, so that they find their object without a database.

import type { Id } from "../core/snapshot.ts";

export type Place =
  | { readonly kind: "hub" }
  | { readonly kind: "tenant"; readonly tenant: Id; readonly jurisdiction: string | null };

export const hub: Place = { kind: "hub" };

export function placeText(place: Place): string {
  return place.kind === "hub" ? "h" : `t.${place.jurisdiction ?? "-"}.${place.tenant}`;
}

export function readPlace(text: string): Place | null {
  if (text === "h") return hub;
  const [, jurisdiction, tenant] = /^t\.(-|[a-z]{2,12})\.([a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?)$/.exec(text) ?? [];
  if (jurisdiction === undefined || tenant === undefined) return null;
  return { kind: "tenant", tenant, jurisdiction: jurisdiction === "-" ? null : jurisdiction };
}

/** A secret that knows its place: `t.-.acme.{43 characters}`, 256 random bits. Only `hash` is ever stored. */
export interface PlacedSecret {
  readonly place: Place;
  readonly text: string;
  readonly hash: string;
}

export async function newSecret(place: Place): Promise<PlacedSecret> {
  const text = `${placeText(place)}.${base64url(crypto.getRandomValues(new Uint8Array(32)))}`;
  return { place, text, hash: await digestOf(text) };
}

/** In front of an API key, so that people and secret scanners know it when they see one. */
export const apiKeyPrefix = "tocsin_";

/** Null: no such thing was ever made here. */
export async function readSecret(text: string): Promise<PlacedSecret | null> {
  const cut = text.lastIndexOf(".");
  const place = cut < 0 ? null : readPlace(text.slice(0, cut));
  if (place === null || !/^[\w-]{43}$/.test(text.slice(cut + 1))) return null;
  return { place, text, hash: await digestOf(text) };
}

/** SHA-256, hex. */
export async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

/** Null: not base64url. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]*$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
