// `npm run sim -- --shifts`: every clock change of every hostile zone over the years, each minute of three days around it, and
// one year of each zone by the minute, against the slow second opinion. Takes long; `--years 2011-2021`, `--seed n`.

import { changesBetween, zoneOf } from "../../worker/core/zone.ts";
import { disagreement } from "../core/oncall/agree.ts";
import { hostileZones, randomSchedule } from "../core/oncall/random-schedule.ts";
import { chanceOf } from "./prng.ts";

const day = 86_400_000;

/** True: they agree everywhere. */
export function runShifts(years: string, seed: number): boolean {
  const [first = 2010, last = first] = years.split("-").map(Number);
  const chance = chanceOf(seed);
  const asked = { count: 0 };
  const began = performance.now();
  let schedules = 0;
  let failed = 0;
  const compare = (zones: readonly string[], near: number, from: number, to: number): void => {
    schedules++;
    const found = disagreement(randomSchedule(chance, zones, near), from, to, asked);
    if (found === null) return;
    failed++;
    if (failed <= 3) console.log(`seed ${seed}, schedule ${schedules}: ${found}`);
  };
  for (const zone of hostileZones) {
    for (const at of changesBetween(zoneOf(zone), Date.UTC(first, 0), Date.UTC(last + 1, 0)))
      for (let i = 0; i < 3; i++) compare([zone], at, at - 1.5 * day, at + 1.5 * day);
    for (let year = first; year <= last; year++) compare([zone], Date.UTC(year, 3), Date.UTC(year, 0), Date.UTC(year + 1, 0));
    console.log(`${zone}: ${schedules} schedules, ${asked.count} instants, ${failed} failed so far`);
  }
  for (let i = 0; i < 200; i++) {
    const at = Date.UTC(chance.int(first, last), chance.int(0, 11), chance.int(1, 28));
    compare(hostileZones, at, at - 1.5 * day, at + 1.5 * day);
  }
  const seconds = (performance.now() - began) / 1_000;
  console.log(`${schedules} schedules, ${asked.count} instants: ${failed} failed, ${seconds.toFixed(0)} s`);
  return failed === 0;
}
