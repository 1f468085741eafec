// Owns the arithmetic of the descriptor budget. `now` starts anew far from the other tests: the guard is one a process.

import { expect, test } from "vitest";
import { limits } from "../../worker/core/limits.ts";
import { admit } from "../../worker/objects/descriptor-guard.ts";

const { openMs, perObject, reserved, objectsMin } = limits.descriptors;
const names = (prefix: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${prefix}${i}`);
const withLimit = (objects: number) => ({ TOCSIN_FD_LIMIT: String(reserved + perObject * objects) });

test("without a limit everything is admitted", () => {
  expect(names("free", 10_000).every((name) => admit({}, name, 1))).toBe(true);
});

test("past the budget new objects wait until others have closed, open ones go on", () => {
  const env = withLimit(100);
  const at = 1_000_000;
  expect(names("a", 100).every((name, i) => admit(env, name, at + i))).toBe(true);
  expect(admit(env, "one more", at + 100)).toBe(false);
  expect(admit(env, "a0", at + 101)).toBe(true);
  expect(admit(env, "one more", at + openMs)).toBe(false); // a0 was touched again; a1 closes next
  expect(admit(env, "one more", at + openMs + 1)).toBe(true);
});

test("a limit below what is reserved still lets a few through", () => {
  const at = 2_000_000;
  const env = { TOCSIN_FD_LIMIT: "64" };
  expect(names("b", objectsMin).every((name) => admit(env, name, at))).toBe(true);
  expect(admit(env, "late", at)).toBe(false);
});

test("what can be done without leaves half of the budget to alerts", () => {
  const at = 3_000_000;
  const env = withLimit(100);
  expect(names("c", 49).every((name) => admit(env, name, at, 0.5))).toBe(true);
  expect(admit(env, "ring", at, 0.5)).toBe(true);
  expect(admit(env, "another ring", at, 0.5)).toBe(false);
  expect(admit(env, "ring", at, 0.5)).toBe(true);
  expect(names("d", 50).every((name) => admit(env, name, at))).toBe(true);
});
