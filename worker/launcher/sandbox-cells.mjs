// Owns the cells of tenants' own code on one machine: processes of one tenant each, started when a body needs one, kept while it is
// used, bounded in number and memory; which body has which next; and the end of one that breaks a limit. One body at a time in each,
// so that the culprit is certain. Two tenants never meet in one, so that nobody waits for another's loop to be ended.

import { availableMemory } from "./sandbox-memory.mjs";
import { failure, limitBroken, prepared, told } from "./sandbox-turn.mjs";
import { limits } from "../core/limits.ts";
import { SandboxQueue } from "./sandbox-queue.mjs";

const { breaker, cells } = limits.sandbox;
const { count, memory, times } = cells;
const lookEveryMs = 25;
const sweepEveryMs = 1_000;
/** As many as the process itself keeps (sandbox-cell.mjs). */
const knownMax = 100;

/**
 * @typedef {import("./sandbox-process.mjs").SandboxProcess} SandboxProcess
 * @typedef {import("./sandbox-turn.mjs").Answer} Answer
 *
 * @typedef {import("./sandbox-queue.mjs").Call & { body: Buffer, code: Buffer, cpuMs: number, wallMs: number, answer: (answer: Answer) => void, gone: () => boolean }} Call
 * `code`: of its version, held here as the door may forget it meanwhile; `gone`: whoever asked has left
 *
 * @typedef {object} Turn
 * @property {Call} call
 * @property {number} began of the reading itself, by performance.now(); 0: the process still starts
 * @property {number | null} cpuBefore
 * @property {import("./sandbox-turn.mjs").Broken | null} broken
 * @property {AbortController} abort
 *
 * @typedef {object} Cell a place for a process, and the one that is there
 * @property {number} slot
 * @property {string} tenant
 * @property {SandboxProcess | null} runtime
 * @property {Promise<SandboxProcess> | null} starting
 * @property {Set<string>} known which descriptions of isolates it has
 * @property {number} turns how many bodies it has read
 * @property {import("./sandbox-turn.mjs").Prepared | null} next
 * @property {Turn | null} turn
 * @property {string} lastKey
 * @property {number} usedAt ms
 * @property {number | null} idleCpuMs
 */

export class SandboxCells {
  #queue = new SandboxQueue();
  /** @type {Cell[]} */
  #cells = [];
  /** When each version broke a limit. @type {Map<string, number>} */
  #broke = new Map();
  #stopped = false;
  #timer = null;
  #sweep;

  /**
   * @param {{ start: (slot: number) => Promise<SandboxProcess>, log: (level: "info" | "warn" | "error", line: string) => void, memoryBytes?: number }} options
   */
  constructor({ start, log, memoryBytes = availableMemory() }) {
    this.start = start;
    this.log = log;
    const share = memoryBytes / memory.share;
    this.max = Math.min(count.max, Math.max(count.min, Math.floor(share / count.memoryBytesEach)));
    this.memoryBytes = Math.max(share, memory.bytesMin);
    this.suspectsMax = Math.floor(this.max / count.suspectShare);
    this.#sweep = setInterval(() => this.#tidy(Date.now()), sweepEveryMs);
    this.#sweep.unref();
  }

  /** @returns {{ tenant: string, pid: number }[]} of those that run */
  running() {
    return this.#cells.flatMap(({ tenant, runtime }) =>
      runtime === null || runtime.ended ? [] : [{ tenant, pid: runtime.pid }],
    );
  }

  /** @param {Omit<Call, "kind" | "since" | "bytes"> & { trial: boolean }} given */
  add({ trial, ...given }) {
    const now = Date.now();
    const suspect = now - (this.#broke.get(given.key) ?? -Infinity) < breaker.strikesWithinMs;
    const call = { ...given, kind: trial ? "trial" : suspect ? "suspect" : "alert", bytes: given.body.length, since: now };
    for (const refused of this.#queue.add(call)) refused.answer(failure("unavailable", "too many bodies wait for the sandbox"));
    this.#fill();
  }

  async stop() {
    this.#stopped = true;
    clearInterval(this.#sweep);
    clearInterval(this.#timer);
    await Promise.all(
      this.#cells.map(async (cell) => {
        // One that starts would outlive us, and the record of it.
        await cell.starting?.then(
          (runtime) => runtime.kill(),
          () => {},
        );
        await this.#end(cell);
      }),
    );
  }

  /** Gives each body that may run now the cell that it may run in. */
  #fill() {
    if (this.#stopped) return;
    for (let found = true; found;) {
      found = false;
      for (const call of this.#queue.heads(Date.now())) {
        const cell = call.gone() ? null : this.#placeFor(call);
        if (cell !== null || call.gone()) {
          this.#queue.take(call);
          found = true;
        }
        if (cell !== null) void this.#turn(cell, call);
      }
    }
    if (this.#timer === null && (this.#queue.size > 0 || this.#cells.some((cell) => cell.turn !== null)))
      this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  /** @param {Call} call @returns {Cell | null} null: it waits */
  #placeFor({ tenant, key, kind }) {
    const busy = this.#cells.filter((cell) => cell.turn?.call.kind === kind);
    const own = busy.filter((cell) => cell.tenant === tenant);
    if (kind === "alert") {
      if (own.length >= count.alertsPerTenant || (own.length > 0 && !own.some(isSlow))) return null;
    } else if (own.length > 0 || busy.length >= this.suspectsMax) return null;
    const idle = this.#cells.filter((cell) => cell.turn === null);
    const warm = idle.filter((cell) => cell.tenant === tenant && runs(cell));
    const near = warm.find((cell) => cell.next?.key === key) ?? warm.find((cell) => cell.known.has(key)) ?? warm[0];
    if (near !== undefined) return near;
    const empty = idle.find((cell) => !runs(cell));
    if (empty !== undefined) return empty;
    if (this.#cells.length < this.max) return this.#added();
    // What was not used for longest gives way, whosever it is.
    return idle.toSorted((a, b) => a.usedAt - b.usedAt)[0] ?? null;
  }

  #added() {
    const cell = {
      slot: this.#cells.length + 1,
      tenant: "",
      runtime: null,
      starting: null,
      known: new Set(),
      turns: 0,
      next: null,
      turn: null,
      lastKey: "",
      usedAt: 0,
      idleCpuMs: null,
    };
    this.#cells.push(cell);
    return cell;
  }

  /** @param {Cell} cell @param {Call} call */
  async #turn(cell, call) {
    const began = Date.now();
    const stranger = cell.tenant !== call.tenant;
    cell.tenant = call.tenant;
    cell.turn = { call, began: 0, cpuBefore: null, broken: null, abort: new AbortController() };
    let answer;
    try {
      if (stranger) await this.#end(cell);
      answer = await this.#read(cell, call);
    } catch (error) {
      await this.#end(cell);
      this.log("error", `the sandbox: ${error.message}`);
      answer = failure("unavailable", "the sandbox could not read it");
    }
    call.answer(answer);
    cell.usedAt = Date.now();
    cell.idleCpuMs = null;
    cell.lastKey = call.key;
    this.#queue.used(call, cell.usedAt - began, cell.usedAt);
    if ((cell.runtime?.rssBytes() ?? 0) > memory.rssBytesRenew) await this.#end(cell);
    cell.turn = null;
    if (runs(cell) && call.kind !== "trial" && !this.#queue.waits(call)) cell.next = prepared(cell.runtime, call.key);
    this.#fill();
  }

  /** @param {Cell} cell @param {Call} call @returns {Promise<Answer>} */
  async #read(cell, call) {
    for (let tries = 0; ; tries++) {
      const last = tries > 0;
      const { turn } = cell;
      try {
        await this.#ready(cell, call);
      } catch (error) {
        await this.#end(cell);
        if (!last && !this.#stopped) continue;
        this.log("error", `the sandbox: ${error.message}`);
        return failure("unavailable", "the runtime for plugins could not be started");
      }
      const used = cell.turns++ > 0;
      const next = cell.next?.key === call.key ? cell.next : null;
      if (next === null) cell.next?.drop();
      cell.next = null;
      // In a storm an isolate is used again, rather than that each body costs the making of one. The kit wants it so: what a plugin
      // keeps shows there.
      const again = call.kind === "trial" || this.#queue.waits(call);
      turn.cpuBefore = cell.runtime.cpuMs();
      turn.began = performance.now();
      turn.abort = new AbortController();
      try {
        return await told(cell.runtime, { call, next, again, signal: turn.abort.signal });
      } catch (error) {
        await this.#end(cell);
        const { broken } = turn;
        turn.began = 0;
        turn.broken = null;
        // What others left in memory is no fault of this one, and a process may be ended from outside: once more, alone.
        if (!last && !this.#stopped && (broken === null || (broken.kind === "memory" && used))) continue;
        this.#strike(call);
        this.log("warn", `a plugin of ${call.tenant} was ended: ${broken?.reason ?? error.message}`);
        return broken === null
          ? failure("memory", "the plugin ended its runtime, most likely by taking more memory than there is")
          : failure(broken.kind, broken.reason);
      }
    }
  }

  /** @param {Cell} cell @param {Call} call */
  async #ready(cell, { key, code }) {
    if (this.#stopped) throw new Error("the hub ends");
    if (cell.known.size >= knownMax && !cell.known.has(key)) await this.#end(cell);
    if (!runs(cell)) {
      cell.known.clear();
      cell.turns = 0;
      cell.starting = this.start(cell.slot);
      try {
        cell.runtime = await cell.starting;
      } finally {
        cell.starting = null;
      }
    }
    if (this.#stopped) throw new Error("the hub ends");
    if (cell.known.has(key)) return;
    const { status } = await cell.runtime.ask("/code", key, code, AbortSignal.timeout(limits.sandbox.wallMs));
    if (status !== 204) throw new Error(`the runtime for plugins did not take the code: ${status}`);
    cell.known.add(key);
  }

  /** @param {Cell} cell */
  async #end(cell) {
    const { runtime } = cell;
    cell.runtime = null;
    cell.next = null;
    await runtime?.kill();
  }

  #strike({ key, kind }) {
    if (kind === "trial") return;
    this.#broke.delete(key);
    if (this.#broke.size >= breaker.kept) this.#broke.delete(this.#broke.keys().next().value);
    this.#broke.set(key, Date.now());
  }

  /** While something runs or waits. */
  #look() {
    for (const cell of this.#cells) {
      const { turn, runtime } = cell;
      if (turn === null || turn.began === 0 || turn.broken !== null || runtime === null) continue;
      turn.broken = limitBroken(runtime, turn);
      if (turn.broken !== null) this.#breakOff(cell);
    }
    this.#keepToMemory();
    const seconds = Math.round(times.waitMs / 1_000);
    for (const late of this.#queue.expired(Date.now() - times.waitMs))
      late.answer(failure("unavailable", `the sandbox was busy with other bodies for ${seconds} s`));
    this.#fill();
    if (this.#queue.size > 0 || this.#cells.some((cell) => cell.turn !== null)) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /** @param {Cell} cell */
  #breakOff({ runtime, turn }) {
    // Killed first: a process in a loop does not notice that its caller has left.
    void runtime?.kill();
    turn?.abort.abort();
  }

  /** All of them together: idle ones go first, then whoever holds most. */
  #keepToMemory() {
    const held = this.#cells.filter(runs).map((cell) => ({ cell, bytes: cell.runtime.rssBytes() ?? 0 }));
    let over = held.reduce((sum, { bytes }) => sum + bytes, 0) - this.memoryBytes;
    const order = held.toSorted(
      (a, b) => Number(a.cell.turn !== null) - Number(b.cell.turn !== null) || b.bytes - a.bytes || a.cell.usedAt - b.cell.usedAt,
    );
    for (const { cell, bytes } of order) {
      if (over <= 0) return;
      over -= bytes;
      if (cell.turn === null) void this.#end(cell);
      else if (cell.turn.began > 0 && cell.turn.broken === null) {
        cell.turn.broken = { kind: "memory", reason: "the plugin took more memory than there is for all" };
        this.#breakOff(cell);
      }
    }
  }

  /** Each second: what nobody uses goes, and what is still at work after its answer. */
  #tidy(now) {
    for (const cell of this.#cells) {
      if (cell.turn !== null || !runs(cell)) continue;
      const cpu = cell.runtime.cpuMs();
      const restless = cpu !== null && cell.idleCpuMs !== null && cpu - cell.idleCpuMs > times.idleCpuMs;
      cell.idleCpuMs = cpu;
      if (restless) {
        this.log("warn", `a plugin of ${cell.tenant} went on after its answer and was ended`);
        this.#strike({ key: cell.lastKey, kind: "alert" });
      }
      if (restless || now - cell.usedAt > times.idleMs) void this.#end(cell);
    }
  }
}

/** @param {Cell} cell */
function runs({ runtime }) {
  return runtime !== null && !runtime.ended;
}

/** @param {Cell} cell */
function isSlow({ turn }) {
  return turn !== null && turn.began > 0 && performance.now() - turn.began >= times.slowMs;
}
