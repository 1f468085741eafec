// The simulator itself: clean on sound code, the same on every replay, and able to see each planted bug.
import { describe, expect, test } from "vitest";
import { mutants } from "./mutants.ts";
import { runSeed } from "./run.ts";
import past from "./seeds.json" with { type: "json" };

const seeds = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe("the simulator", () => {
  test("finds nothing in the program as it is, over 60 seeds of 6 days", () => {
    for (const seed of seeds(60)) expect(runSeed({ seed, days: 6 }).violations, `seed ${seed}`).toEqual([]);
  });

  test("replays a seed exactly", () => {
    const [first, second] = [runSeed({ seed: 7, days: 5, keepLines: true }), runSeed({ seed: 7, days: 5, keepLines: true })];
    expect(first.steps).toBeGreaterThan(50);
    expect(second).toEqual(first);
  });

  test.each(past)("past failure, seed $seed over $days days", ({ seed, days }) => {
    expect(runSeed({ seed, days }).violations).toEqual([]);
  });

  test.each(Object.keys(mutants))("sees a program that %s", (name) => {
    const program = mutants[name];
    if (!program) throw new Error(`no mutant ${name}`);
    const caught = seeds(60).find((seed) => runSeed({ seed, days: 6, program }).violations.length > 0);
    expect(caught).toBeDefined();
  });
});
