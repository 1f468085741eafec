// What is wrong with an expression, in a sentence with its place: the same at save and while somebody types.

import { describe, expect, test } from "vitest";
import { contextOf as incidentContext } from "../../worker/core/condition.ts";
import { contextOf, compileExpression, type SubjectKind } from "../../worker/core/expression.ts";
import { namesOf, namesUsed } from "../../worker/core/expression-names.ts";
import { expressionFindings } from "../../worker/tenant/check-expression.ts";

const names = {
  severities: ["P1", "P2"],
  businessHours: ["office"],
  services: ["payment-api"],
  policies: ["p"],
  integrations: ["am"],
};

function said(text: string, over: SubjectKind = "alert", as: "condition" | "value" = "condition") {
  const { errors, warnings } = expressionFindings(text, { over, as }, names);
  const line = ({ from, to, message }: { from: number; to: number; message: string }): string =>
    `${text.slice(from, to)} | ${message}`;
  return { errors: errors.map(line), warnings: warnings.map(line) };
}

describe("a field that there is none of", () => {
  test.each([
    ['alert.sevrity == "critical"', "sevrity | alert has no field sevrity, did you mean alert.severity?"],
    ['alert["titel"] == "x"', '"titel" | alert has no field titel, did you mean alert.title?'],
    ['integration.sorce == "x"', "sorce | integration has no field sorce, did you mean integration.source?"],
    [
      'alert.title == "a" || has(alert.hostname)',
      /^hostname \| alert has no field hostname: .*; a label is alert\.labels\.hostname$/,
    ],
    ["alert.raw.status == 1", /^raw \| rules do not see the body/],
    [
      'alert.labels.app.kubernetes == "x"',
      'kubernetes | a label is a text, and .kubernetes leads nowhere: a name with a dot in it is written alert.labels["app.kubernetes"]',
    ],
    ['alert.title.text == "x"', "text | alert.title is a text: there is nothing called text in it"],
  ])("%s", (text, expected) => {
    expect(compileExpression(text).ok).toBe(true);
    expect(said(text).errors).toEqual([typeof expected === "string" ? expected : expect.stringMatching(expected)]);
  });

  test("labels are free, and so is what a macro calls its own", () => {
    for (const text of [
      'alert.labels.anything == "x" && alert.labels["any thing"] != ""',
      'alert.labels[alert.source] == "x"',
      '["a"].exists(alert, alert.size() > 0)',
      "alert.links.exists(link, link.href.contains('wiki'))",
      "alert.sourceAt < now",
      "has(alert.labels.x) && alert.title.contains('x')",
    ])
      expect(said(text), text).toEqual({ errors: [], warnings: [] });
  });

  test("the fields named are those that a rule is given", () => {
    const alert = {
      dedupKey: "k",
      action: "trigger",
      severity: "critical",
      title: "t",
      body: "",
      labels: {},
      links: [],
      source: "s",
      sourceAt: null,
      test: false,
    } as const;
    const given = contextOf({ alert, integration: { id: "", name: "", source: "" }, service: "", now: 0 });
    expect(Object.keys(namesOf.alert["alert"] ?? {}).toSorted()).toEqual(Object.keys(given["alert"] as object).toSorted());
    expect(Object.keys(namesOf.alert["integration"] ?? {}).toSorted()).toEqual(
      Object.keys(given["integration"] as object).toSorted(),
    );
    expect(Object.keys(namesOf.alert).toSorted()).toEqual(Object.keys(given).toSorted());
    const incident = incidentContext(
      { id: "i", labels: {}, openedAt: 0, acknowledgedBy: null, decision: { service: null, policy: null } } as never,
      0,
    );
    expect(Object.keys(namesOf.incident["incident"] ?? {}).toSorted()).toEqual(
      Object.keys(incident["incident"] as object).toSorted(),
    );
    for (const over of ["alert", "incident", "opening"] as const)
      for (const root of Object.keys(namesOf[over])) expect(compileExpression(root, over).ok, `${over} ${root}`).toBe(true);
  });
});

describe("what does not compile says what to do", () => {
  test.each([
    ["alert.title ==", " | the expression ends too soon: something is missing at its end"],
    ['alert.title == "x', '"x | a text is left open: its closing quote is missing'],
    ['alert.title = "x"', "= | to compare, write two equal signs: =="],
    ['alert.test and alert.title == "x"', /\| and is written && in an expression$/],
    ["alret.test", "alret | there is nothing called alret, did you mean alert?"],
    ["alert.severity == critical", 'critical | there is nothing called critical: a text stands in quotes, "critical"'],
    ['labels.x == "y"', "labels | labels alone is nothing: write alert.labels"],
    ['(alert.title == "x"', " | a bracket is left open: ) is missing here"],
    ['alert.title.contians("x")', /there is no function contians, did you mean contains\?$/],
    ['within("office")', /within is not called so: it is within\(string, google\.protobuf\.Timestamp\): bool$/],
    ['incident.severity == "P1"', "incident | there is no incident yet when this is asked: it is about the alert"],
    ['alert.labels.a-b == "c"', 'b | there is nothing called b: a label\'s name with - in it is written alert.labels["a-b"]'],
    ["alert.title", /a condition is true or false|^$/],
  ])("%s", (text, expected) => {
    const { errors } = said(text);
    if (text === "alert.title") return expect(errors).toEqual([]); // Its type shows at run time only.
    expect(errors).toEqual([typeof expected === "string" ? expected : expect.stringMatching(expected)]);
  });

  test("a condition that is a number is no condition", () => {
    expect(said("1 + 2").errors[0]).toMatch(/^1 \+ 2 \| a condition is true or false, this is a int/);
  });
});

describe("what can never hold is a warning", () => {
  test.each([
    ['alert.severity == "P1"', "alert", /"P1" \| alert\.severity is what the source says .*P1 is your own scale/],
    ['alert.severity in ["critical", "eror"]', "alert", /"eror" \| alert\.severity is never "eror", did you mean error\?/],
    ['incident.severity == "P3"', "incident", /"P3" \| incident\.severity is never "P3"/],
    ['service == "payment-ap"', "alert", /did you mean payment-api\?/],
    ["hour > 9", "incident", /hour is not told of an incident/],
  ] as const)("%s", (text, over, expected) => {
    const { errors, warnings } = said(text, over);
    expect(errors).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(expected)]);
  });

  test("a calendar that is not there is an error, where it stands", () => {
    expect(said('!within("ofice", now)').errors).toEqual(['"ofice" | no business hours is called ofice, did you mean office?']);
  });
});

test("what an expression reads, as it is written", () => {
  expect(namesUsed('alert.labels["a b"] == "x" && (alert.severity == "info" || service == "")', "alert").reads).toEqual([
    'alert.labels["a b"]',
    "alert.severity",
    "service",
  ]);
});
