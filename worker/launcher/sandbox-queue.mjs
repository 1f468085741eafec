// Owns whose turn it is in the sandbox. Its runtime is one thread, so one body at a time loses nothing, and whoever breaks a limit
// is known. The tenant that used least of it lately is next: one tenant's slow bodies wait behind each other, not before others.

/**
 * @template T
 * @typedef {object} Waiting
 * @property {string} tenant
 * @property {T} call
 * @property {number} since ms
 */

const halfLifeMs = 10_000;
const perTenantMax = 100;
const allMax = 1_000;

/** @template T */
export class SandboxQueue {
  /** @type {Map<string, { waiting: Waiting<T>[], usedMs: number, at: number }>} */
  #tenants = new Map();
  #size = 0;

  get size() {
    return this.#size;
  }

  /** @returns {boolean} false: so many wait already that it had better not */
  add(tenant, call, now) {
    const line = this.#tenants.get(tenant) ?? { waiting: [], usedMs: 0, at: now };
    if (line.waiting.length >= perTenantMax || this.#size >= allMax) return false;
    this.#tenants.set(tenant, line);
    line.waiting.push({ tenant, call, since: now });
    this.#size += 1;
    return true;
  }

  /** @returns {Waiting<T> | null} */
  next(now) {
    let best = null;
    let least = Infinity;
    for (const [tenant, line] of this.#tenants) {
      this.#decay(line, now);
      if (line.waiting.length === 0) {
        if (line.usedMs < 1) this.#tenants.delete(tenant);
      } else if (line.usedMs < least) {
        best = line;
        least = line.usedMs;
      }
    }
    if (best === null) return null;
    this.#size -= 1;
    return best.waiting.shift() ?? null;
  }

  /** What a turn took; a new runtime that it made necessary is part of it. */
  used(tenant, ms, now) {
    const line = this.#tenants.get(tenant) ?? { waiting: [], usedMs: 0, at: now };
    this.#decay(line, now);
    line.usedMs += ms;
    this.#tenants.set(tenant, line);
  }

  #decay(line, now) {
    line.usedMs *= 0.5 ** ((now - line.at) / halfLifeMs);
    line.at = now;
  }
}
