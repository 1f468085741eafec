// Merging, as the core sees each side of it.

import { expect, test } from "vitest";
import { carried } from "../../worker/core/merge.ts";
import { decision, night, person, policy, roster, user } from "./story.ts";

const people = roster([person("ana"), person("bo")]);
const ladder = policy([
  [[user("ana")], 5],
  [[user("bo")], 5],
]);
const target = `inc_0000000000${"1".repeat(26)}`;
const child = `inc_0000000000${"2".repeat(26)}`;

test("a merged incident stops paging, and says where its alerts are told now", () => {
  const n = night(people, decision(ladder));
  n.alert("trigger");
  expect(n.act("ana", { kind: "merge", into: target })).toMatchObject({ kind: "done", status: "merged" });
  n.pass(60);
  expect(n.told()).toEqual(["03:00:00 sms ana"]);
  for (const action of ["trigger", "resolve", "acknowledge"] as const)
    expect(n.alert(action)).toMatchObject({ results: [{ redirect: target }] });
  expect(n.state().episode?.status).toBe("merged");
});

test("its target holds its alerts, takes the worse severity, pages nobody for it, and closes when all of them are over", () => {
  const other = night(people, decision(ladder));
  other.alert("trigger", { dedupKey: "theirs" });
  const alerts = Object.values(other.state().alerts).map(carried);
  const n = night(people, decision(ladder));
  n.alert("trigger", { dedupKey: "mine", severity: "warning" });
  n.act("ana", { kind: "ack" });
  n.told();
  expect(n.act("ana", { kind: "absorb", child, title: "Theirs", severity: "P1", alerts })).toMatchObject({ kind: "done" });
  expect(n.told()).toEqual([]);
  expect(n.state().episode).toMatchObject({ severity: "P1", status: "acknowledged", absorbed: [child] });
  n.alert("resolve", { dedupKey: "mine" });
  expect(n.state().episode?.status).toBe("acknowledged");
  n.alert("resolve", { dedupKey: "theirs" });
  expect(n.state().episode?.status).toBe("resolved");
});

test.each([
  ["suppressed", { suppress: "route noise" }],
  ["held", { threshold: { count: 3, withinMs: 60_000 } }],
] as const)("one that is %s does not take in an incident that pages, nor its silence with it", (status, quiet) => {
  const other = night(people, decision(ladder));
  other.alert("trigger", { dedupKey: "theirs" });
  const alerts = Object.values(other.state().alerts).map(carried);
  const n = night(people, decision(ladder, quiet));
  n.alert("trigger", { dedupKey: "mine" });
  const taken = { kind: "absorb", child, title: "Theirs", severity: "P1", alerts } as const;
  expect(n.act("ana", { ...taken, quiet: false })).toMatchObject({ kind: "refused", message: expect.stringContaining(status) });
  expect(n.state().episode?.absorbed ?? []).toEqual([]);
  expect(n.act("ana", { ...taken, quiet: true })).toMatchObject({ kind: "done" });
  n.act("ana", { kind: "release", child });
  n.act("ana", { kind: "escalate", seenAt: null });
  expect(n.act("ana", { ...taken, quiet: false })).toMatchObject({ kind: "done" });
});

test("taken out again it pages from the start, or is over if its alerts are", () => {
  for (const firing of [true, false]) {
    const n = night(people, decision(ladder));
    n.alert("trigger");
    n.pass(6);
    n.act("ana", { kind: "merge", into: target });
    n.told();
    const alerts = Object.values(n.state().alerts).map((row) => ({ ...carried(row), firing }));
    n.act("ana", { kind: "unmerge", alerts });
    expect(n.told()).toEqual(firing ? ["03:06:00 sms ana"] : ["03:06:00 resolved"]);
  }
});

test("what the target gives back is what it has heard meanwhile", () => {
  const other = night(people, decision(ladder));
  other.alert("trigger", { dedupKey: "theirs" });
  const n = night(people, decision(ladder));
  n.alert("trigger", { dedupKey: "mine" });
  const alerts = Object.values(other.state().alerts).map(carried);
  n.act("ana", { kind: "absorb", child, title: "Theirs", severity: "P2", alerts });
  n.alert("resolve", { dedupKey: "theirs" });
  expect(n.act("ana", { kind: "release", child })).toMatchObject({ alerts: [{ dedupKey: "theirs", firing: false }] });
  expect(Object.values(n.state().alerts).map((row) => row.dedupKey)).toEqual(["mine"]);
  expect(n.act("ana", { kind: "release", child })).toMatchObject({ alerts: [] });
});
