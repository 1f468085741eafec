import { describe, expect, test } from "vitest";
import { compileExpression, evaluate, type Scope } from "../../worker/core/expression.ts";

const scope: Scope = {
  alert: {
    dedupKey: "k",
    action: "trigger",
    severity: "critical",
    title: "DB is down",
    body: "",
    labels: { service: "payment", load: "9.5" },
    links: [],
    source: "prometheus",
    sourceAt: null,
    test: false,
  },
  integration: { id: "am", name: "AM", source: "prometheus" },
  service: "",
  now: Date.UTC(2026, 10, 24, 2, 47),
};

function run(text: string): unknown {
  const compiled = compileExpression(text);
  if (!compiled.ok) return `refused: ${compiled.message}`;
  const result = evaluate(compiled.program, scope);
  return result.ok ? result.value : `failed: ${result.reason}`;
}

describe("the rule language", () => {
  test.each([
    ['alert.labels.service == "payment"', true],
    ['alert.labels.nowhere == ""', true],
    ['alert.labels["not there"] == "x"', false],
    ["num(alert.labels.load) > 9.0", true],
    ['alert.severity == "critical" && integration.source == "prometheus"', true],
    ['alert.title.matches("^DB .*down$")', true],
    ['["DB"].exists(p, alert.title.matches(p))', true],
    ['now.getHours("Europe/Madrid") == 3', true],
    ['"service" in alert.labels && !("nowhere" in alert.labels)', true],
    ["has(alert.labels.service) && !has(alert.labels.nowhere)", true],
    ['alert.labels.exists(key, key == "load")', true],
  ])("%s is %s", (text, expected) => expect(run(text)).toBe(expected));

  test("an error at run time is a reason, not a throw", () => {
    expect(run("num(alert.labels.service) > 1.0")).toMatch(/^failed: .*is no number/);
  });

  test("a bad expression is refused with its place", () => {
    expect(compileExpression('alert.title ==\n  && "x"')).toMatchObject({ ok: false, line: 2, column: 3 });
    expect(compileExpression("nobody.title == 1")).toMatchObject({ ok: false });
    expect(compileExpression('alert.title.matches("(")')).toMatchObject({ ok: false });
  });

  test("a pattern that would hold the native engine for hours is done at once", () => {
    const evil = `${"a".repeat(60)}!`;
    const hostile = { ...scope, alert: { ...scope.alert, title: evil, labels: { p: "(a+)+$" } } };
    for (const text of ['alert.title.matches("(a+)+$")', "alert.title.matches(alert.labels.p)"]) {
      const compiled = compileExpression(text);
      if (!compiled.ok) throw new Error(compiled.message);
      // Native backtracking needs about 2^60 steps here; finishing at all within the test's time limit is the proof.
      expect(evaluate(compiled.program, hostile)).toEqual({ ok: true, value: false });
    }
  });
});
