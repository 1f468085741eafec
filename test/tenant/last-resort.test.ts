// The tenant's last resort as things stand: whoever deactivates the only one in it hears so.

import { expect, test } from "vitest";
import { checkDefinitions } from "../../worker/tenant/check.ts";
import { noDefinitions } from "../../worker/tenant/definitions.ts";

type Definitions = typeof noDefinitions;

function warningsOf(evaActive: boolean, more: readonly unknown[] = []): readonly string[] {
  const person = (id: string, active: boolean): unknown => ({ id, name: id, active, contacts: [{ id: "phone", via: "inbox" }] });
  const all = {
    ...noDefinitions,
    users: [person("eva", evaActive), person("bo", true)],
    settings: { ...noDefinitions.settings, fallback: { notify: [{ user: "eva" }, ...more] } },
  } as unknown as Definitions;
  return checkDefinitions(all, { sources: {}, notifiers: {} }).warnings.map(
    ({ path, message }) => `${path.join(".")}: ${message}`,
  );
}

test("the fallback's only person is deactivated: said of the fallback and of the person", () => {
  expect(warningsOf(false)).toEqual([
    "fallback: the fallback reaches nobody as things stand: an incident may page nobody at all",
    "users.0: eva is deactivated and the fallback reaches nobody else: an incident may page nobody at all",
  ]);
});

test("somebody else is left, or nothing is wrong: nothing is said", () => {
  expect(warningsOf(true)).toEqual([]);
  expect(warningsOf(false, [{ user: "bo" }])).toEqual([]);
});
