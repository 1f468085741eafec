// `npm run sim -- --seeds 1000 --days 30` runs many seeds; `npm run sim -- --seed 17` replays one and prints its timeline;
// `npm run sim -- --shifts` compares on-call shifts with a slow second opinion (shifts.ts).
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { runSeed } from "./run.ts";
import { runShifts } from "./shifts.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    days: { type: "string", default: "30" },
    seed: { type: "string" },
    from: { type: "string", default: "1" },
    shifts: { type: "boolean", default: false },
    years: { type: "string", default: "2011-2021" },
  },
});
if (values.shifts) process.exit(runShifts(values.years, Number(values.seed ?? 1)) ? 0 : 1);
const days = Number(values.days);

if (values.seed !== undefined) {
  const verdict = runSeed({ seed: Number(values.seed), days, keepLines: true });
  console.log(verdict.lines.join("\n"));
  console.log(
    `seed ${verdict.seed}, ${days} days, ${verdict.steps} steps: ${verdict.violations.length === 0 ? "clean" : verdict.violations.join("\n  ")}`,
  );
  process.exit(verdict.violations.length === 0 ? 0 : 1);
}

const past = (
  JSON.parse(readFileSync(path.join(import.meta.dirname, "seeds.json"), "utf8")) as { seed: number; days: number }[]
).map((each) => each);
const began = performance.now();
let steps = 0;
let failed = 0;
const runs = [...past, ...Array.from({ length: Number(values.seeds) }, (_, i) => ({ seed: Number(values.from) + i, days }))];
for (const run of runs) {
  const verdict = runSeed(run);
  steps += verdict.steps;
  if (verdict.violations.length === 0) continue;
  failed++;
  if (failed > 5) continue;
  const replay = runSeed({ ...run, keepLines: true });
  const at = replay.lines.findIndex((line) => line.includes("✗"));
  console.log(`seed ${run.seed} (--days ${run.days}) failed:\n  ${verdict.violations.slice(0, 5).join("\n  ")}`);
  console.log(
    replay.lines
      .slice(Math.max(0, at - 25), at + 3)
      .map((line) => `    ${line}`)
      .join("\n"),
  );
}
const seconds = (performance.now() - began) / 1_000;
console.log(
  `${runs.length} seeds × ${days} days: ${failed} failed, ${steps} steps in ${seconds.toFixed(1)} s (${Math.round(steps / seconds)} steps/s)`,
);
process.exit(failed === 0 ? 0 : 1);
