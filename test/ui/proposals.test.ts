// What the editors propose, and where in the text they take the cursor to be.

import { describe, expect, test } from "vitest";
import { celProposals } from "../../admin-ui/src/design/editor/cel-proposals.ts";
import { differences, inLine } from "../../admin-ui/src/pages/configuration/differences.ts";
import { yamlPlace } from "../../admin-ui/src/pages/configuration/yaml-place.ts";
import { yamlProposals, type SchemaNode } from "../../admin-ui/src/pages/configuration/yaml-proposals.ts";
import { tenantSchema } from "../../worker/tenant/json-schema.ts";

/** `|` is the cursor. */
function at(text: string): { readonly text: string; readonly pos: number } {
  const pos = text.indexOf("|");
  return { text: text.replace("|", ""), pos };
}

describe("expressions", () => {
  const words = {
    fields: [
      { path: "alert.severity", type: "string", values: ["critical", "error"] },
      { path: "alert.title", type: "string", values: [] },
      { path: "alert.labels", type: "labels", values: [] },
      { path: "now", type: "timestamp", values: [] },
    ],
    labels: [
      { path: "alert.labels.cluster", seen: 2, values: ["eu-1"] },
      { path: 'alert.labels["a.b"]', seen: 1, values: ["x"] },
    ],
    functions: [
      { name: "contains", signatures: ["string.contains(string): bool"] },
      { name: "within", signatures: ["within(string, google.protobuf.Timestamp): bool"] },
    ],
    businessHours: ["office"],
  };
  const proposed = (marked: string): string[] | null => {
    const { text, pos } = at(marked);
    return celProposals(words, text, pos, false)?.options.map((each) => each.label) ?? null;
  };
  test.each([
    ["alert.lab|", ["alert.labels.cluster", 'alert.labels["a.b"]', "alert.severity", "alert.title", "alert.labels", "now"]],
    ["alert.title.con|", ["contains"]],
    ["alert.labels.cluster.|", ["contains"]],
    ['alert.severity == "|', ["critical", "error"]],
    ['alert.labels["a.b"] == "|"', ["x"]],
    ['alert.severity in ["critical", "e|', ["critical", "error"]],
    ['!within("|', ["office"]],
    ['alert.title == "alert.|', []],
    ['"alert.la|"', null],
    ["|", null],
  ])("%s", (text, expected) => expect(proposed(text)).toEqual(expected));

  test("a text that is chosen is closed, once", () => {
    expect(celProposals(words, 'alert.severity == "', 19, false)?.options[0]).toEqual({ label: "critical", apply: 'critical"' });
    expect(celProposals(words, 'alert.severity == ""', 19, false)?.options[0]).toEqual({ label: "critical", apply: "critical" });
  });
});

describe("where one types in a document", () => {
  test.each([
    ["ten|", [], "key", "ten"],
    ["routes:\n  - id: a\n    wh|", ["routes", 0], "key", "wh"],
    ["routes:\n- id: a\n  set:\n    sev|", ["routes", 0, "set"], "key", "sev"],
    ["policies:\n  - id: p\n    steps:\n      - notify: [ { us|", ["policies", 0, "steps", 0, "notify", 0], "key", "us"],
    ["policies:\n  - { id: p, lowUrgency: |", ["policies", 0, "lowUrgency"], "value", ""],
    ["users:\n  - id: a\nservices:\n  - id: s\n    policy: cr|", ["services", 0, "policy"], "value", "cr"],
    ["teams:\n  - members: [ana, |", ["teams", 0, "members", 0], "value", ""],
    ["services:\n  - |", ["services", 0], "key", ""],
    ["a:\n  b: 1\nc|", [], "key", "c"],
  ])("%j", (marked, path, kind, typed) => {
    const { text, pos } = at(marked);
    expect(yamlPlace(text, pos)).toMatchObject({ path, at: kind, typed });
  });

  test("keys, values and ids are those of the schema and the tenant", () => {
    const schema = tenantSchema() as SchemaNode;
    const proposed = (marked: string): string[] => {
      const { text, pos } = at(marked);
      return (yamlProposals(schema, { policy: ["critical"] }, text, pos, true)?.options ?? []).map((each) => each.label);
    };
    expect(proposed("routes:\n  - id: a\n    |")).toEqual(
      expect.arrayContaining(["when", "set", "group", "suppress", "continue"]),
    );
    expect(proposed("routes:\n  - id: a\n    group: { kind: |")).toEqual(["rolling", "fixed"]);
    expect(proposed("services:\n  - id: s\n    policy: |")).toEqual(["critical"]);
    expect(proposed("policies:\n  - steps:\n      - notify: [ { |")).toEqual(
      expect.arrayContaining(["user", "team", "schedule"]),
    );
    expect(proposed("services:\n  - urgency: |")).toEqual(expect.arrayContaining(["high", "low"]));
  });
});

describe("what a change changes", () => {
  test("place by place, things by their id, secrets never", () => {
    const before = { name: "A", steps: [{ notify: 1, after: "5m" }], users: [{ id: "a", x: 1 }, { id: "b" }], tags: ["x"] };
    const after = { steps: [{ notify: 1, after: "4m" }], users: [{ id: "b" }, { id: "a", x: 2 }], tags: ["x", "y"], hold: null };
    expect(differences(before, after)).toEqual([
      { path: "name", before: "A", after: undefined },
      { path: "steps[1].after", before: "5m", after: "4m" },
      { path: "users a.x", before: 1, after: 2 },
      { path: "tags", before: ["x"], after: ["x", "y"] },
      { path: "hold", before: undefined, after: null },
    ]);
    expect(differences([{ id: "a" }, { id: "b" }], [{ id: "b" }, { id: "a" }], "layers")).toEqual([
      { path: "layers", before: ["a", "b"], after: ["b", "a"] },
    ]);
    expect(inLine({ key: { sealed: true }, list: ["a", 'b"c'] })).toBe('{ key: ••••••, list: [a, "b\\"c"] }');
  });
});
