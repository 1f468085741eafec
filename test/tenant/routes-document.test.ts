// A route that cannot be right is refused when the document is saved, with the line and the column it stands at.

import { describe, expect, test } from "vitest";
import { checkDefinitions } from "../../worker/tenant/check.ts";
import { noDefinitions } from "../../worker/tenant/definitions.ts";
import { errorAt, parseDocument, type DocumentError } from "../../worker/tenant/parse.ts";

function errorsOf(text: string): readonly DocumentError[] {
  const parsed = parseDocument(text, "application/yaml");
  if (!parsed.ok) return parsed.errors;
  const { document, placeOf } = parsed;
  const all = {
    ...noDefinitions,
    settings: { severities: document.severities },
    services: document.services ?? [],
    policies: document.policies ?? [],
    routes: document.routes ?? [],
    lookups: document.lookups ?? [],
  };
  return checkDefinitions(all, { sources: {}, notifiers: {} }).errors.map((finding) =>
    errorAt(placeOf, finding.path, finding.message, finding.nearest, finding.inside),
  );
}

/** The document's own text at the place an error names. */
function at(text: string, { line, column }: DocumentError): string {
  return (text.split("\n")[(line ?? 0) - 1] ?? "").slice((column ?? 0) - 1);
}

describe("a bad expression is refused at its place in the document", () => {
  test.each([
    ["plain", "tenant: a\nroutes:\n  - id: r\n    when: alert.title == nobody\n", "nobody"],
    ["single quotes", "tenant: a\nroutes:\n  - { id: r, when: 'alert.labels[''x''] == nobody' }\n", "nobody' }"],
    ["double quotes", 'tenant: a\nroutes: [ { id: r, when: "alert.title == \\"x\\" || nobody" } ]\n', 'nobody" } ]'],
    ["JSON", '{"tenant":"a","routes":[{"id":"r","when":"alert.title == \\"x\\" || nobody"}]}', 'nobody"}]}'],
    ["a block", "tenant: a\nroutes:\n  - id: r\n    when: |\n      alert.title == 'x'\n        || nobody\n", "nobody"],
    ["a folded block", "tenant: a\nroutes:\n  - id: r\n    when: >-\n      alert.title == 'x'\n      || nobody\n", "nobody"],
    ["a folded plain text", "tenant: a\nroutes:\n  - id: r\n    when: alert.title == 'x'\n      || nobody\n", "nobody"],
    [
      "a label",
      "tenant: a\nroutes:\n  - { id: r, when: 'true', set: { labels: { x: { expr: 'nobody' } } } }\n",
      "nobody' } } } }",
    ],
    ["a group", "tenant: a\nroutes:\n  - { id: r, when: 'true', group: { by: [alert.title, nobody] } }\n", "nobody] } }"],
    ["a lookup", "tenant: a\nlookups: [ { id: l, key: nobody, rows: {} } ]\n", "nobody, rows: {} } ]"],
    ["a pattern", "tenant: a\nroutes:\n  - { id: r, when: 'alert.title.matches(\"(\")' }\n", '"(")\' }'],
  ])("in %s", (_, text, expected) => {
    const errors = errorsOf(text);
    expect(errors).toHaveLength(1);
    expect(errors[0] && at(text, errors[0])).toBe(expected);
  });

  test("what does not parse at all has a place too", () => {
    const text = "tenant: a\nroutes:\n  - id: r\n    when: 'alert.title == && true'\n";
    expect(errorsOf(text)[0]).toMatchObject({ path: "routes[0].when", line: 4, column: 27 });
  });

  test("a condition that is no condition", () => {
    expect(errorsOf("tenant: a\nroutes: [ { id: r, when: 'size(alert.title)' } ]\n")[0]?.message).toMatch(
      /true or false, this is a int/,
    );
  });
});

describe("names in routes", () => {
  test.each([
    ["a service", "set: { service: nope }", /no service is called nope/],
    ["one policy of several", "set: { policies: [p, nope] }", /no policy is called nope/],
    ["a calendar", `when: 'within("nope", now)'`, /no businessHour is called nope|no business hours/],
    ["a severity", "set: { severity: P9 }", /P9 is not one of P1, P2/],
    ["policy and policies", "set: { policy: p, policies: [p] }", /either policy or policies/],
  ])("%s that is not there is refused", (_, part, message) => {
    const when = part.startsWith("when") ? "" : "when: 'true', ";
    const errors = errorsOf(
      `tenant: a\nseverities: [P1, P2]\npolicies: [ { id: p, steps: [] } ]\nroutes: [ { id: r, ${when}${part} } ]\n`,
    );
    expect(errors.map((error) => error.message).join()).toMatch(message);
  });
});
