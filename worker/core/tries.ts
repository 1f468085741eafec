// Owns what one try at a provider is, the same for pages and for posts: the wait before the next, the note of the last. Decides
// nothing about what is tried.

import { hashOf } from "./ids.ts";
import type { Attempt } from "./incident.ts";
import { limits } from "./limits.ts";

/** The part of a delivery or a post that a try changes. */
export interface Tried {
  readonly id: string;
  /** Number of tries begun. */
  readonly attempt: number;
  readonly attempts: readonly Attempt[];
}

/** 5 s, doubled, at most `maxMs`, times 0.75…1.0 by a hash of id and attempt: spread, yet the same in every replay. */
export function backoffMs(tried: Pick<Tried, "id" | "attempt">, maxMs: number): number {
  const full = Math.min(limits.send.backoffFirstMs * 2 ** Math.min(tried.attempt - 1, 20), maxMs);
  const text = hashOf([tried.id, tried.attempt], 6);
  let spread = 0;
  for (let i = 0; i < text.length; i++) spread = (spread * 31 + text.charCodeAt(i)) % 1_000;
  return Math.round(full * (0.75 + (0.25 * spread) / 1_000));
}

/** What the provider asked for (Retry-After), within bounds; else the backoff. */
export function waitMs(
  tried: Pick<Tried, "id" | "attempt">,
  afterMs: number | null,
  bound: { readonly backoffMaxMs: number; readonly retryAfterMsMax: number },
): number {
  return afterMs === null ? backoffMs(tried, bound.backoffMaxMs) : Math.min(Math.max(afterMs, 1_000), bound.retryAfterMsMax);
}

/** With the last try's end written down. */
export function noted<T extends Tried>(tried: T, status: Attempt["status"], reason: string, now: number): T {
  const attempts = [...tried.attempts, { n: tried.attempt, at: now, status, reason: reason.slice(0, 300) }];
  return { ...tried, attempts: attempts.slice(-limits.send.attemptsKept) };
}
