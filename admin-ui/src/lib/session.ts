// Owns who is signed in here, and the way in and out.

import { signal } from "@preact/signals";
import { call, signedOut } from "./api.ts";
import { forgetAll } from "./query.ts";
import type { Role, Session } from "./shapes.ts";

/** Undefined: not asked yet. */
export const session = signal<Session | null | undefined>(undefined);
/** Passkeys exist at this address: https, or the name localhost. */
export const passkeysHere = signal(false);

export async function loadSession(): Promise<void> {
  const answer = await call("getSession");
  session.value = answer.session;
  passkeysHere.value = answer.passkeys;
}

export function enter(next: Session): void {
  forgetAll();
  signedOut.value = false;
  session.value = next;
}

export function leave(): void {
  forgetAll();
  session.value = null;
}

const scale: readonly Role[] = ["stakeholder", "responder", "manager", "admin", "owner"];

/** Whether the person signed in may do what takes this role. The API decides; this only hides what would be refused. */
export function may(least: Role): boolean {
  const role = session.value?.role;
  if (role === undefined) return false;
  return role === "hub-owner" || scale.indexOf(role) >= scale.indexOf(least);
}
