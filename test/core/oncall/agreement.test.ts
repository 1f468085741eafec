// The product's answer against one worked out the slow way, around every kind of clock change and around handoffs. Sampled here;
// `npm run sim -- --shifts` goes through all of it.

import { describe, expect, test } from "vitest";
import { changesBetween, zoneOf } from "../../../worker/core/zone.ts";
import { chanceOf } from "../../sim/prng.ts";
import { disagreement } from "./agree.ts";
import { layer, schedule } from "./build.ts";
import { hostileZones, randomSchedule } from "./random-schedule.ts";

const day = 86_400_000;

describe("the shifts are what a slow second opinion says", () => {
  // Ten years that hold Apia's missing day, Brazil's last summer time and Morocco's moves around Ramadan.
  test.each(hostileZones)("%s: each minute of three days around clock changes of ten years", (name) => {
    const changes = changesBetween(zoneOf(name), Date.UTC(2011, 5), Date.UTC(2021, 5));
    const always = name === "Pacific/Apia" ? changes.filter((at) => at > Date.UTC(2011, 11) && at < Date.UTC(2012, 0, 2)) : [];
    const chance = chanceOf(hostileZones.indexOf(name) + 1);
    const asked = { count: 0 };
    // A zone without changes is asked around its new years.
    const times = changes.length > 0 ? changes : [Date.UTC(2015, 0), Date.UTC(2016, 1, 29)];
    const picked = [...always, ...Array.from({ length: 4 }, () => chance.pick(times))];
    for (const at of picked)
      for (let i = 0; i < 2; i++)
        expect(disagreement(randomSchedule(chance, [name], at), at - 1.5 * day, at + 1.5 * day, asked)).toBeNull();
    expect(asked.count).toBeGreaterThan(picked.length * 2 * 4_000);
  });

  // The one place where instants of a grid run backwards: 24 hours of readings stand for no time at all.
  test.each([1, 2, 3, 4, 6, 8, 12])("Apia's missing day, handed over every %i h", (n) => {
    const at = Date.UTC(2011, 11, 30, 10);
    for (const start of ["2011-12-01T00:00", "2011-12-10T09:30"]) {
      const slots = [["ana"], ["bo"], ["cy"], ["dee"], ["eva"]];
      const one = layer("one", {
        timeZone: "Pacific/Apia",
        start,
        slots,
        rotation: { kind: "every", n, unit: "hour", handoff: null },
      });
      expect(disagreement(schedule([one]), at - 2 * day, at + 2 * day, { count: 0 })).toBeNull();
    }
  });

  test("zones mixed in one schedule", () => {
    const chance = chanceOf(99);
    for (let i = 0; i < 20; i++) {
      const at = Date.UTC(chance.int(2011, 2021), chance.int(0, 11), chance.int(1, 28));
      expect(disagreement(randomSchedule(chance, hostileZones, at), at - day / 2, at + day / 2, { count: 0 })).toBeNull();
    }
  });

  test("one whole year by the minute", () => {
    const asked = { count: 0 };
    const from = Date.UTC(2026, 0);
    const year = randomSchedule(chanceOf(7), ["Europe/Madrid"], from);
    expect(disagreement(year, from, Date.UTC(2027, 0), asked)).toBeNull();
    expect(asked.count).toBeGreaterThan(525_000);
  });
});
