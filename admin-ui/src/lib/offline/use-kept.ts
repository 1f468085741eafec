// Owns reading with a copy behind it: the hub's answer when it comes in time, else what this person last saw, and since when.

import { Problem } from "../api.ts";
import { adjust, useRead, type Read } from "../query.ts";
import { session, whoOf } from "../session.ts";
import { copyOf, keepCopy } from "./copies.ts";

export interface Shown<T> {
  readonly data: T;
  /** Epoch ms: when the hub said so. */
  readonly at: number;
  /** It is a copy: the hub did not answer, or not in time. */
  readonly copy: boolean;
}

const patienceMs = 2_500;

/** `key` as in useRead; with it the copy is kept, for the person who is signed in and nobody else. */
export function useKept<T>(key: string, read: () => Promise<T>, options: { readonly everyMs?: number } = {}): Read<Shown<T>> {
  return useRead(key, () => readOrCopy(key, read), options);
}

async function readOrCopy<T>(key: string, read: () => Promise<T>): Promise<Shown<T>> {
  const who = whoOf(session.peek());
  const asked = read().then((data): Shown<T> => {
    const at = Date.now();
    // Whoever signed out meanwhile leaves nothing behind.
    if (whoOf(session.peek()) === who) void keepCopy(who, key, data, at);
    return { data, at, copy: false };
  });
  // It may fail before the copy is found.
  asked.catch(() => undefined);
  const copy = await copyOf<T>(who, key, Date.now());
  if (copy === null) return asked;
  const kept: Shown<T> = { ...copy, copy: true };
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), patienceMs));
  try {
    const first = await Promise.race([asked, late]);
    if (first !== null) return first;
  } catch (error) {
    if (error instanceof Problem && (error.status === 0 || error.status >= 500)) return kept;
    throw error;
  }
  asked.then(
    (shown) => adjust<Shown<T>>(key, () => shown),
    () => undefined,
  );
  return kept;
}
