// Owns who waits for the sandbox, and in which order they are asked: alerts before what is only tried, then the tenant that used least
// of it lately, then of its versions the one that did. One tenant's slow bodies wait behind each other, not before others. Bounded:
// where it is full, the newest of whoever has most there goes.

import { limits } from "../core/limits.ts";

const { waiting: bound } = limits.sandbox.cells;
const halfLifeMs = 10_000;

/**
 * alert: on its way in · suspect: the same, by a version that broke a limit lately · trial: somebody looks what would become of it
 * @typedef {"alert" | "suspect" | "trial"} Kind
 *
 * @typedef {object} Call
 * @property {string} tenant
 * @property {string} key of the tenant and its version
 * @property {Kind} kind
 * @property {number} bytes
 * @property {number} since ms, when it came
 */

const rank = { alert: 0, suspect: 1, trial: 2 };

/** @template {Call} T */
export class SandboxQueue {
  /** @type {Map<string, { tenant: string, key: string, kind: Kind, waiting: T[] }>} */
  #lines = new Map();
  /** By tenant and by version. @type {Map<string, { usedMs: number, at: number }>} */
  #used = new Map();

  get size() {
    return this.#held().count;
  }

  /** @param {T} call @returns {T[]} those that cannot wait, of which it may be one */
  add(call) {
    const id = `${call.kind} ${call.key}`;
    const line = this.#lines.get(id) ?? { tenant: call.tenant, key: call.key, kind: call.kind, waiting: [] };
    line.waiting.push(call);
    this.#lines.set(id, line);
    const refused = [];
    const over = (held, count, bytes) => held.count > count || held.bytes > bytes;
    while (over(this.#held(call.tenant), bound.perTenant, bound.perTenantBytes)) refused.push(this.#newestOf(call.tenant));
    while (over(this.#held(), bound.all, bound.allBytes)) refused.push(this.#newestOf(this.#fullest()));
    return refused;
  }

  /** Those whose turn may be next, the best first; of each line its oldest. @returns {T[]} */
  heads(now) {
    for (const [id, line] of this.#lines) if (line.waiting.length === 0) this.#lines.delete(id);
    for (const [id, used] of this.#used) if (this.#usedMs(id, now) < 1 && now - used.at > halfLifeMs) this.#used.delete(id);
    const of = (line) => [rank[line.kind], this.#usedMs(line.tenant, now), this.#usedMs(line.key, now), line.waiting[0].since];
    return [...this.#lines.values()]
      .map((line) => ({ line, order: of(line) }))
      .toSorted((a, b) => a.order.map((each, i) => each - b.order[i]).find((each) => each !== 0) ?? 0)
      .map(({ line }) => line.waiting[0]);
  }

  /** @param {T} call one of `heads` */
  take(call) {
    this.#lines.get(`${call.kind} ${call.key}`)?.waiting.shift();
  }

  /** Whether another body of this version waits. */
  waits({ kind, key }) {
    return (this.#lines.get(`${kind} ${key}`)?.waiting.length ?? 0) > 0;
  }

  /** Those that came before `then`, taken out. @returns {T[]} */
  expired(then) {
    const late = [];
    for (const line of this.#lines.values())
      while (line.waiting.length > 0 && line.waiting[0].since < then) late.push(line.waiting.shift());
    return late;
  }

  /** What a turn took; a new process that it made necessary is part of it. */
  used({ tenant, key }, ms, now) {
    for (const id of [tenant, key]) this.#used.set(id, { usedMs: this.#usedMs(id, now) + ms, at: now });
  }

  #usedMs(id, now) {
    const used = this.#used.get(id);
    return used === undefined ? 0 : used.usedMs * 0.5 ** ((now - used.at) / halfLifeMs);
  }

  #of(tenant) {
    return [...this.#lines.values()].filter((line) => tenant === undefined || line.tenant === tenant);
  }

  #held(tenant) {
    const all = this.#of(tenant).flatMap((line) => line.waiting);
    return { count: all.length, bytes: all.reduce((sum, each) => sum + each.bytes, 0) };
  }

  #fullest() {
    const tenants = new Set(this.#of().map((line) => line.tenant));
    const size = (tenant) => this.#held(tenant).count / bound.perTenant + this.#held(tenant).bytes / bound.perTenantBytes;
    return [...tenants].toSorted((a, b) => size(b) - size(a))[0];
  }

  /** What is only tried goes first, then the longest line. */
  #newestOf(tenant) {
    const lines = this.#of(tenant).filter((line) => line.waiting.length > 0);
    const [line] = lines.toSorted(
      (a, b) => Number(b.kind === "trial") - Number(a.kind === "trial") || b.waiting.length - a.waiting.length,
    );
    return line.waiting.pop();
  }
}
