// A source words its alert anew: the incident says so, nobody is paged, and the same words again change nothing.

import { expect, test } from "vitest";
import { decision, night, person, policy, roster, user } from "./story.ts";

const people = roster([person("ana")]);

test("title, text and labels change in any open state, are written down once, and page nobody", () => {
  const n = night(people, decision(policy([[[user("ana")], 5]])));
  n.alert("trigger", { labels: { queue: "ship", old: "x" } });
  n.told();
  const amend = { kind: "amend" as const, title: "Still down", body: "two queues", labels: { old: null, host: "q7" } };
  for (let i = 0; i < 2; i++) expect(n.act("app", amend)).toMatchObject({ kind: "done" });
  expect(n.state().episode).toMatchObject({ title: "Still down", body: "two queues", labels: { queue: "ship", host: "q7" } });
  expect(n.told()).toEqual([]);
  expect(n.written("alert")).toHaveLength(1);
  n.act("ana", { kind: "ack" });
  n.act("app", { kind: "amend", title: "Nearly up" });
  expect(n.state().episode).toMatchObject({ title: "Nearly up", status: "acknowledged", body: "two queues" });
});

test("what is closed is not worded anew", () => {
  const n = night(people, decision(policy([[[user("ana")], 5]])));
  n.alert("trigger");
  n.alert("resolve");
  expect(n.act("app", { kind: "amend", title: "late" })).toMatchObject({ kind: "refused", code: "closed" });
  expect(n.state().episode?.title).toBe("Down");
});
