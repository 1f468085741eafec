// Owns who is signed in here, and the way in and out. With no network it is who was here last, as long as their session lasts.

import { signal } from "@preact/signals";
import { advice } from "./advice.ts";
import { call, hush, Problem, quietly, reachable, signedOut, type Operation } from "./api.ts";
import { keep, kept, onKept } from "./kept.ts";
import { forgetCopies, forgetOthers, type Who } from "./offline/copies.ts";
import { operations } from "./operations.gen.ts";
import { forgetAll } from "./query.ts";
import { roles } from "./roles.ts";
import type { Role, Session, SessionAnswer } from "./shapes.ts";

/** Undefined: not asked yet. */
export const session = signal<Session | null | undefined>(undefined);
/** Passkeys exist at this address: https, or the name localhost. */
export const passkeysHere = signal(false);

/** A hub that has not answered by then is out of reach for whoever was woken. */
const patienceMs = 3_000;
const againMs = 8_000;

export async function loadSession(): Promise<void> {
  const asked = call("getSession");
  const late = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), patienceMs));
  try {
    const first = await Promise.race([asked, late]);
    await take(first === "late" ? (fromMemory(), await asked) : first);
  } catch (error) {
    if (!(error instanceof Problem) || (error.status !== 0 && error.status < 500)) throw error;
    fromMemory();
    // Somebody comes back into a network: whether the session still stands is asked then.
    setTimeout(() => void loadSession().catch(() => undefined), againMs);
    throw error;
  }
}

async function take(answer: SessionAnswer): Promise<void> {
  passkeysHere.value = answer.passkeys;
  if (answer.session === null) leave();
  else if (kept(unheard) !== null) await signOut();
  else settle(answer.session);
}

function fromMemory(): void {
  reachable.value = false;
  const last = JSON.parse(kept("session") ?? "null") as Session | null;
  if (session.value === undefined && last !== null && Date.parse(last.expiresAt) > Date.now()) session.value = last;
}

function settle(next: Session): void {
  if (session.peek() !== undefined && whoOf(session.peek()) !== whoOf(next)) forgetAll();
  keep("session", JSON.stringify(next));
  session.value = next;
  void forgetOthers(whoOf(next));
}

export function enter(next: Session): void {
  forgetAll();
  signedOut.value = false;
  keep(unheard, null);
  settle(next);
}

/** Kept where the hub did not hear that somebody signed out: told it the next time it is there. */
const unheard = "unheard-sign-out";

/** Signs out, here and in the other tabs. False: the hub did not hear it yet. */
export async function signOut(): Promise<boolean> {
  keep("session", null);
  const heard = await quietly("signOut").then(
    () => true,
    (error: unknown) => error instanceof Problem && error.status === 401,
  );
  keep(unheard, heard ? null : "yes");
  leave();
  return heard;
}

// Another tab signed out, or somebody else in: the cookie is the browser's, so this tab does what that one did.
onKept("session", (text) => {
  if (text === null) leave();
  else if (whoOf(JSON.parse(text) as Session) !== whoOf(session.peek())) void loadSession().catch(() => undefined);
});

/** Nothing of what they saw stays in the browser. */
export function leave(): void {
  hush();
  forgetAll();
  advice.value = [];
  keep("session", null);
  session.value = null;
  void forgetCopies();
}

/** Whose copies are whose. */
export function whoOf(of: Session | null | undefined): Who {
  return of === null || of === undefined ? "" : `${of.tenant ?? ""}/${of.user}`;
}

/** Whether the person signed in has this role or a higher one: nobody gives away more than they have. */
export function may(least: Role): boolean {
  const role = session.value?.role;
  if (role === undefined) return false;
  return role === "hub-owner" || roles.indexOf(role) >= roles.indexOf(least);
}

/**
 * Whether the hub would let them do this: the one rule by which something is offered, or only read. `params`: of the path, where
 * what is about oneself is allowed whatever one's role.
 */
export function allowed(operation: Operation, params: Readonly<Record<string, string>> = {}): boolean {
  const [, , least, self] = operations[operation] as Guarded;
  const who = session.value;
  if (!who) return least === "public";
  if (who.role === "hub-owner" || least === "public" || least === "anyone") return true;
  if (self !== undefined && who.tenant !== null && params[self] === who.user) return true;
  return least !== "hub-owner" && may(least);
}

/** The least role that does it; null: none of a tenant. */
export function leastFor(operation: Operation): Role | null {
  const [, , least] = operations[operation] as Guarded;
  return roles.find((role) => role === least) ?? null;
}

type Guarded = readonly [string, string, Role | "public" | "anyone" | "hub-owner", string?];

interface Guards {
  readonly asks: Operation;
  readonly own?: boolean;
}

/** A page of the navigation is for them: by role, and where it is about a person, for a person of a tenant. */
export function offered({ asks, own }: Guards): boolean {
  return opens({ asks }, {}) && (own !== true || session.value?.tenant !== null);
}

/** The page's address may be opened: what it is about is the first parameter, else whoever looks. */
export function opens({ asks }: Guards, params: Readonly<Record<string, string>>): boolean {
  return allowed(asks, { id: Object.values(params)[0] ?? session.value?.user ?? "" });
}
