// An integration whose alerts no service and no route leads to a policy is named when the document is saved.

import { expect, test } from "vitest";
import { checkDefinitions } from "../../worker/tenant/check.ts";
import { noDefinitions } from "../../worker/tenant/definitions.ts";
import { parseDocument } from "../../worker/tenant/parse.ts";

const ground = `tenant: a
users: [ { id: ana, name: Ana, contacts: [ { id: phone, via: inbox, to: ana } ] } ]
policies: [ { id: p, steps: [ { notify: [ { user: ana } ] } ] } ]
services: [ { id: shop, name: Shop, policy: p } ]
`;
const one = "integrations: [ { id: in, name: In, source: generic } ]\n";
const fallback = "fallback: { notify: [ { user: ana } ] }\n";

function warningsOf(text: string): readonly string[] {
  const parsed = parseDocument(ground + text, "application/yaml");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const { document } = parsed;
  const all = {
    ...noDefinitions,
    users: (document.users ?? []).map((each) => ({ ...each, active: true })),
    policies: document.policies ?? [],
    services: document.services ?? [],
    routes: document.routes ?? [],
    integrations: document.integrations ?? [],
    settings: { ...noDefinitions.settings, fallback: document.fallback },
  } as unknown as typeof noDefinitions;
  return checkDefinitions(all, { sources: {}, notifiers: {} })
    .warnings.map(({ path, message }) => `${path.join(".")}: ${message}`)
    .filter((each) => each.startsWith("integrations"));
}

const routes = (...each: readonly string[]): string =>
  `routes: [ ${each.map((when, i) => `{ id: r${i}, ${when} }`).join(", ")} ]\n`;
const nobody = "integrations.0.service: integration in has no service, and no route may match: its alerts page nobody";

test("without a fallback its alerts page nobody, with one nobody but the fallback", () => {
  expect(warningsOf(one)).toEqual([nobody]);
  expect(warningsOf(one + fallback)).toEqual([`${nobody} but the fallback`]);
});

test.each([
  ["asks for another integration", `when: 'integration.id == "other"', set: { service: shop }`],
  ["asks for another source, and more", `when: 'integration.source == "grafana" && alert.title != ""', set: { policy: p }`],
  ["gives neither service nor policy", `when: 'true', continue: true, set: { urgency: low }`],
  ["never holds", `when: 'false', set: { service: shop }`],
])("a route that %s changes nothing of that", (_, route) => {
  expect(warningsOf(one + routes(route))).toEqual([nobody]);
});

test("nor does one that is never tried", () => {
  expect(warningsOf(one + routes("when: 'true'", "when: 'alert.test', set: { service: shop }"))).toEqual([nobody]);
});

test.each([
  ["a service", "integrations: [ { id: in, name: In, source: generic, service: shop } ]\n"],
  ["a route of its own", one + routes(`when: 'integration.id == "in"', set: { service: shop }`)],
  ["a route that may match", one + routes(`when: 'alert.labels.team == "x"', set: { policies: [p] }`)],
  ["a route that works its service out", one + routes(`when: 'true', set: { service: { expr: alert.labels.service } }`)],
])("with %s nothing is said", (_, text) => {
  expect(warningsOf(text)).toEqual([]);
});
