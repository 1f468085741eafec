// Owns copies of what a person last saw, for when there is no network: each belongs to one person of one tenant, and none
// outlives their session here.

import { eraseAll, read, readAll, erase, write } from "./store.ts";

/** `tenant/user`. */
export type Who = string;

interface Copy<T> {
  readonly key: string;
  readonly who: Who;
  /** Epoch ms: when the hub said so. */
  readonly at: number;
  readonly data: T;
}

export interface Kept<T> {
  readonly at: number;
  readonly data: T;
}

/** Older is of no use to anybody who is on call. */
const keptMs = 14 * 24 * 60 * 60_000;

function keyOf(who: Who, what: string): string {
  return `${who}|${what}`;
}

/** A browser that keeps nothing only costs the copy. */
export async function keepCopy(who: Who, what: string, data: unknown, at: number): Promise<void> {
  await write("kept", { key: keyOf(who, what), who, at, data } satisfies Copy<unknown>).catch(() => undefined);
}

export async function copyOf<T>(who: Who, what: string, now: number): Promise<Kept<T> | null> {
  const found = await read<Copy<T>>("kept", keyOf(who, what)).catch(() => undefined);
  // The key says whose it is, and so does the copy.
  return found === undefined || found.who !== who || now - found.at > keptMs ? null : { at: found.at, data: found.data };
}

export async function forgetCopies(): Promise<void> {
  await eraseAll("kept").catch(() => undefined);
}

/** Whoever is here now has no business with what others saw. */
export async function forgetOthers(who: Who): Promise<void> {
  const all = await readAll<Copy<unknown>>("kept").catch(() => []);
  await Promise.all(all.filter((each) => each.who !== who).map((each) => erase("kept", each.key).catch(() => undefined)));
}
