// Owns bodies that no sender sends: a real one with something changed, left out or replaced by something odd, by a seed that makes
// the same ones each time; and plain garbage.

import { sha256 } from "@noble/hashes/sha2.js";

/** Small and repeatable: xorshift over a digest of the seed. */
export function chance(seed: string): () => number {
  let state = new DataView(sha256(new TextEncoder().encode(seed)).buffer).getUint32(0, true) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

const mebibyte = "x".repeat(1_048_576);
const odd: readonly (() => unknown)[] = [
  () => null,
  () => 0,
  () => -1.5e300,
  () => true,
  () => "",
  () => "null",
  () => "{{x}}",
  () => [],
  () => {
    // An own property of that name, as JSON.parse makes it.
    return JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as unknown;
  },
  () => nested(200),
  () => mebibyte,
  () => " ".repeat(300_000),
  () => "<".repeat(300_000),
  () => "\ud800lone\udfff",
  () => "\u0000\u202e\r\n",
  () => [[["a", "b"], { key: {} }, null, 1]],
  () => "9".repeat(400),
  () => "2026-13-45T99:99:99Z",
  () => ({ toString: null, hasOwnProperty: 1, valueOf: [] }),
];

function nested(depth: number): unknown {
  let value: unknown = "deep";
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? { d: value } : [value];
  return value;
}

/** One value of the payload changed, left out, or replaced by something odd. A text is cut, doubled, or mixed up. */
export function mutated(payload: unknown, random: () => number): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  if (typeof payload === "string") return mutatedText(payload, random, pick);
  const copy = structuredClone(payload);
  const places: { parent: Record<string, unknown>; key: string }[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const key of Object.keys(value)) {
      places.push({ parent: value as Record<string, unknown>, key });
      walk((value as Record<string, unknown>)[key]);
    }
  };
  walk(copy);
  if (places.length === 0 || random() < 0.05) return pick(odd)();
  for (let i = 0; i <= random() * 3; i++) {
    const { parent, key } = pick(places);
    if (random() < 0.25 && !Array.isArray(parent)) delete parent[key];
    else if (random() < 0.2 && typeof parent[key] === "string") parent[key] = parent[key].slice(0, Math.floor(random() * 8));
    else parent[key] = pick(odd)();
  }
  return copy;
}

function mutatedText(text: string, random: () => number, pick: <T>(list: readonly T[]) => T): string {
  const cutAt = Math.floor(random() * text.length);
  return pick([
    () => text.slice(0, cutAt),
    () => text.slice(cutAt),
    () => text + text,
    () => text.slice(0, cutAt) + mebibyte + text.slice(cutAt),
    () => text.slice(0, cutAt) + "\ud800\u0000" + text.slice(cutAt),
    () => text.slice(0, cutAt) + "<".repeat(100_000),
    () => text.split("").toReversed().join(""),
    () => "<a>".repeat(50_000),
    () => " ".repeat(300_000),
    () => "",
  ])();
}

export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
  return value;
}

/** What some other program might send by mistake. */
export const garbage: readonly unknown[] = [
  null,
  0,
  true,
  "",
  "x",
  [],
  [[]],
  [null],
  {},
  { a: 1 },
  { alerts: "x" },
  { status: {} },
  JSON.parse('{"__proto__":{"polluted":1}}'),
];
