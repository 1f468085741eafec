// Owns leaving a plugin alone that breaks its limits again and again: each time costs the others a moment. It fails safe: what
// it forgets (a new isolate, a restart) is tried again; while it rests its bodies are unreadable ones, never lost ones.

import { limits } from "../core/limits.ts";

const bound = limits.sandbox.breaker;

interface Conduct {
  /** Epoch ms of the limits it broke lately. */
  strikes: number[];
  restUntil: number;
  rests: number;
}

/** How a version that broke its limits stands. */
export interface Standing {
  /** Limits that it broke lately. */
  readonly broken: number;
  /** Epoch ms until when it is not tried; null: it is. */
  readonly restsUntil: number | null;
}

/** One isolate's memory of them, by `tenant/hash`. */
export class Breaker {
  readonly #kept = new Map<string, Conduct>();

  /** Until when it rests, epoch ms; null: it may run. */
  restsUntil(key: string, now: number): number | null {
    const until = this.#kept.get(key)?.restUntil ?? 0;
    return until > now ? until : null;
  }

  standing(key: string, now: number): Standing {
    const strikes = this.#kept.get(key)?.strikes ?? [];
    return {
      broken: strikes.filter((at) => now - at < bound.strikesWithinMs).length,
      restsUntil: this.restsUntil(key, now),
    };
  }

  /** Somebody puts it in use: it is tried at once. */
  forget(key: string): void {
    this.#kept.delete(key);
  }

  /** It broke its deadline or its memory. After a rest a single time is enough for the next, longer one. */
  strike(key: string, now: number): void {
    const record = this.#kept.get(key) ?? { strikes: [], restUntil: 0, rests: 0 };
    this.#kept.delete(key);
    if (this.#kept.size >= bound.kept)
      for (const oldest of this.#kept.keys()) {
        this.#kept.delete(oldest);
        break;
      }
    this.#kept.set(key, record);
    record.strikes = [...record.strikes.filter((at) => now - at < bound.strikesWithinMs), now];
    if (record.rests === 0 && record.strikes.length < bound.strikesMax) return;
    record.restUntil = now + Math.min(bound.restFirstMs * 2 ** record.rests, bound.restMaxMs);
    record.rests += 1;
  }

  /** It kept to its limits: after a rest that is forgotten. */
  kept(key: string): void {
    if (this.#kept.get(key)?.rests) this.#kept.delete(key);
  }
}
