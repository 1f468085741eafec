// Leaving a plugin alone that breaks its limits again and again, on a clock of its own.

import { expect, test } from "vitest";
import { limits } from "../../worker/core/limits.ts";
import { Breaker } from "../../worker/sandbox/breaker.ts";

const { strikesMax, strikesWithinMs, restFirstMs, restMaxMs, kept: breakersKept } = limits.sandbox.breaker;
const key = "acme/0123";

function struck(times: number, everyMs = 1_000): { breaker: Breaker; now: number } {
  const breaker = new Breaker();
  for (let i = 0; i < times; i++) breaker.strike(key, i * everyMs);
  return { breaker, now: (times - 1) * everyMs };
}

test("rests after the third broken limit, for a minute, and is tried again", () => {
  const { breaker, now } = struck(strikesMax - 1);
  expect(breaker.restsUntil(key, now)).toBeNull();
  breaker.strike(key, now + 1);
  expect(breaker.restsUntil(key, now + 1)).toBe(now + 1 + restFirstMs);
  expect(breaker.restsUntil(key, now + 1 + restFirstMs)).toBeNull();
});

test("limits broken long apart are no reason", () => {
  const { breaker, now } = struck(20, strikesWithinMs / 2);
  expect(breaker.restsUntil(key, now)).toBeNull();
});

test("rests twice as long each time, up to an hour, until it keeps to its limits once", () => {
  const { breaker, now } = struck(strikesMax);
  let at = now;
  const rests: number[] = [restFirstMs];
  for (let i = 0; i < 8; i++) {
    at = breaker.restsUntil(key, at) ?? at;
    breaker.strike(key, at);
    rests.push((breaker.restsUntil(key, at) ?? 0) - at);
  }
  expect(rests.slice(0, 4)).toEqual([1, 2, 4, 8].map((times) => times * restFirstMs));
  expect(rests.at(-1)).toBe(restMaxMs);
  at += restMaxMs;
  breaker.kept(key);
  breaker.strike(key, at);
  expect(breaker.restsUntil(key, at)).toBeNull();
});

test("one good body between two bad ones forgets nothing yet", () => {
  const { breaker, now } = struck(strikesMax - 1);
  breaker.kept(key);
  breaker.strike(key, now + 1);
  expect(breaker.restsUntil(key, now + 1)).not.toBeNull();
});

test("remembers a bounded number, and others are not struck with it", () => {
  const { breaker, now } = struck(strikesMax);
  expect(breaker.restsUntil("beta/0123", now)).toBeNull();
  for (let i = 0; i < breakersKept; i++) breaker.strike(`other/${i}`, now);
  expect(breaker.restsUntil(key, now)).toBeNull();
});
