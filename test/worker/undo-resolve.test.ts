// A resolve taken back through the API: the same incident goes on, lists say so, and what it muted is muted again.

import { expect, test } from "vitest";
import { api, tenant, until } from "./hub.ts";

const at = (t: string, incident: string, action: string): string => `/api/v1/tenants/${t}/incidents/${incident}/${action}`;

test("whoever resolved it takes it back: same step and time, no new page, told on the timeline and in the list", async () => {
  const t = await tenant("undo-resolve");
  const id = (await t.fire({ dedupKey: "a", title: "A" })).results[0]?.incident ?? "";
  await until("the page", async () => (await t.inbox()).length === 1);
  const before = await t.incident(id);
  const resolved = await api("POST", at(t.id, id, "resolve"), { as: "ana" });
  expect(resolved).toMatchObject({ status: 200, body: { status: "resolved", undoBy: "ana", moves: ["reopen", "note"] } });
  expect(Date.parse(String(resolved.body["undoUntil"])) - Date.parse(String(resolved.body["resolvedAt"]))).toBe(30_000);

  const other = await api("POST", at(t.id, id, "reopen"), { as: "bo", undo: true });
  expect(other).toMatchObject({ status: 409, body: { legal: ["reopen", "note"], incidentStatus: "resolved" } });
  expect(String(other.body["detail"])).toContain("only ana can take that back");

  const undone = await api("POST", at(t.id, id, "reopen"), { as: "ana", undo: true });
  expect(undone).toMatchObject({ status: 200, body: { id, status: "triggered", epoch: 0, undoUntil: null, undoBy: null } });
  const after = await t.incident(id);
  for (const key of ["step", "round", "assignees", "pending", "resolvedAt"]) expect(after[key], key).toEqual(before[key]);
  expect((await t.inbox()).length).toBe(1);
  const last = (await t.timeline(id)).at(-1);
  expect(last).toMatchObject({ kind: "reopened", actor: { type: "user", id: "ana" }, data: { undo: true } });
  await until("the list", async () => {
    const { items } = (await api("GET", `/api/v1/tenants/${t.id}/incidents?status=triggered`)).body as {
      items: { id: string }[];
    };
    return items.some((row) => row.id === id);
  });
  expect((await api("POST", at(t.id, id, "reopen"), { as: "ana", undo: true })).status).toBe(409);
});

test("what its alert muted is muted again", async () => {
  const t = await tenant(
    "undo-mute",
    `
routes:
  - { id: mute, when: 'alert.labels.level == "pod"', inhibitedBy: { when: 'alert.labels.level == "node"', equal: [alert.labels.node] } }`,
  );
  const pod = (name: string) => ({ dedupKey: name, title: name, labels: { level: "pod", node: "n1" } });
  const node = (await t.fire({ dedupKey: "n1", title: "n1", labels: { level: "node", node: "n1" } })).results[0]?.incident ?? "";
  expect((await t.fire(pod("a"))).results[0]?.action).toBe("suppressed");
  await api("POST", at(t.id, node, "resolve"), { as: "ana" });
  // What was muted is paged as soon as nothing mutes it: that cannot be taken back.
  await until("both pages", async () => (await t.inbox()).length === 2);
  expect((await api("POST", at(t.id, node, "reopen"), { as: "ana", undo: true })).status).toBe(200);
  await until(
    "a further pod to be muted",
    async () => (await t.fire(pod(`b${Math.random()}`))).results[0]?.action === "suppressed",
  );
});
