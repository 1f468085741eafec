// Business hours and service levels as people write them: what is refused, with its place, and what is only advised against.

import { describe, expect, test } from "vitest";
import { checkDefinitions } from "../../worker/tenant/check.ts";
import { noDefinitions } from "../../worker/tenant/definitions.ts";
import { parseDocument } from "../../worker/tenant/parse.ts";

const office = `{ id: office, hours: [ { days: [MO], from: "09:00", to: "18:00" } ] }`;

function findings(text: string): { readonly errors: readonly string[]; readonly warnings: readonly string[] } {
  const parsed = parseDocument(`tenant: a\n${text}`, "application/yaml");
  if (!parsed.ok) return { errors: parsed.errors.map((error) => `${error.path}: ${error.message}`), warnings: [] };
  const { tenant: _tenant, ...lists } = parsed.document;
  const all = { ...noDefinitions, ...lists } as unknown as typeof noDefinitions;
  const { errors, warnings } = checkDefinitions(all, { sources: {}, notifiers: {} });
  const told = (each: { readonly path: readonly unknown[]; readonly message: string }): string =>
    `${each.path.join(".")}: ${each.message}`;
  const mine = (line: string): boolean => !line.startsWith("fallback:") && !line.includes("has no policy");
  return { errors: errors.map(told), warnings: warnings.map(told).filter(mine) };
}

describe("business hours", () => {
  test.each([
    [
      "a time of day",
      `businessHours: [ { id: o, hours: [ { days: [MO], from: "9:00", to: "18:00" } ] } ]`,
      /a time of day: 09:00/,
    ],
    ["24:00 is an end, no beginning", `businessHours: [ { id: o, hours: [ { from: "24:00", to: "10:00" } ] } ]`, /from/],
    ["a date that is none", `businessHours: [ { id: o, hours: [], holidays: [2026-02-30] } ]`, /a date: 2026-12-25/],
    ["a zone", `businessHours: [ { id: o, timeZone: Mars/Olympus, hours: [] } ]`, /time zone/],
    ["a day", `businessHours: [ { id: o, hours: [ { days: [Monday], from: "09:00", to: "10:00" } ] } ]`, /days/],
    ["the name always", `businessHours: [ { id: always, hours: [] } ]`, /give these hours another name/],
  ])("refuses %s", (_, text, message) => expect(findings(text).errors.join()).toMatch(message));

  test("advises of hours that never come", () => {
    expect(findings(`businessHours: [ { id: o, hours: [] } ]`).warnings).toEqual([
      "businessHours.0: o never opens: no clock that counts in it ever runs",
    ]);
    expect(findings(`businessHours: [ ${office}, { id: all, hours: [ { from: "00:00", to: "24:00" } ] } ]`).warnings).toEqual([]);
    expect(findings(`businessHours: [ { id: all, hours: [ { from: "08:00", to: "08:00" } ] } ]`).warnings).toEqual([]);
  });
});

describe("service levels", () => {
  test.each([
    ["no clock", `slas: [ { id: s } ]`, /slas.0: s promises nothing/],
    [
      "unknown hours",
      `businessHours: [ ${office} ]\nslas: [ { id: s, respondWithin: 1h, hours: ofice } ]`,
      /slas.0.hours: .*ofice, did you mean office/,
    ],
    [
      "an expression",
      `slas: [ { id: s, respondWithin: 1h, when: 'alert.labels.tier = 1' } ]`,
      /slas.0.when: .*line 1, column 19/,
    ],
    [
      "a condition that is none",
      `slas: [ { id: s, respondWithin: 1h, when: 'incident.severity + "x"' } ]`,
      /slas.0.when: a condition is true or false/,
    ],
    ["a name of neither alert nor incident", `slas: [ { id: s, respondWithin: 1h, when: 'tier == "x"' } ]`, /slas.0.when: /],
    ["neither at nor before", `slas: [ { id: s, respondWithin: 1h, warn: [ { flag: x } ] } ]`, /slas.0.warn.0: give either at/],
    ["both", `slas: [ { id: s, respondWithin: 1h, warn: [ { at: 50%, before: 5m } ] } ]`, /slas.0.warn.0: give either at/],
    ["a share over the whole", `slas: [ { id: s, respondWithin: 1h, warn: [ { at: 150% } ] } ]`, /a share of the time: 50%/],
    [
      "a clock it does not have",
      `slas: [ { id: s, respondWithin: 1h, warn: [ { at: 50%, clock: resolve } ] } ]`,
      /s has no resolveWithin/,
    ],
    [
      "a policy",
      `slas: [ { id: s, respondWithin: 1h, warn: [ { at: 50%, policy: p } ] } ]`,
      /slas.0.warn.0.policy: no policy is called p/,
    ],
    [
      "people",
      `slas: [ { id: s, respondWithin: 1h, warn: [ { at: 50%, notify: [ { user: u } ] } ] } ]`,
      /slas.0.warn.0.notify.0.user: no user/,
    ],
    ["a state to pause in", `slas: [ { id: s, respondWithin: 1h, pauseIn: [resolved] } ]`, /pauseIn/],
    [
      "a service's hours",
      `services: [ { id: s, urgency: { hours: nope } } ]`,
      /services.0.urgency.hours: no business hours is called nope/,
    ],
  ])("refuses %s", (_, text, message) => expect(findings(text).errors.join("\n")).toMatch(message));

  test("advises of a warning that could not come before the end", () => {
    const text = `slas: [ { id: s, respondWithin: 15m, resolveWithin: 8h, warn: [ { before: 30m }, { before: 30m, clock: resolve } ] } ]`;
    expect(findings(text)).toEqual({
      errors: [],
      warnings: ["slas.0.warn.0.before: 30m is not shorter than all of the time allowed: half of it is taken"],
    });
  });
});
