// Two incidents become one and two again, through the API and the public door.

import { expect, test } from "vitest";
import { api, tenant, until } from "./hub.ts";

test("an alert of a merged incident is told to the one that speaks for it; taken out again it pages anew", async () => {
  const t = await tenant("merge");
  const at = (incident: string, action: string) => `/api/v1/tenants/merge/incidents/${incident}/${action}`;
  const child = (await t.fire({ dedupKey: "a", title: "A" })).results[0]?.incident ?? "";
  const target = (await t.fire({ dedupKey: "b", title: "B", severity: "warning" })).results[0]?.incident ?? "";
  await until("both pages", async () => (await t.inbox()).length === 2);
  expect((await api("POST", at(child, "merge"), { into: child })).status).toBe(422);
  expect((await api("POST", at(child, "merge"), { into: "inc_nothing" })).status).toBe(422);
  const merged = await api("POST", at(child, "merge"), { into: target, as: "ana" });
  expect(merged).toMatchObject({ status: 200, body: { status: "merged", mergedInto: target, already: false, pending: [] } });
  expect((await api("POST", at(child, "merge"), { into: target })).body).toMatchObject({ already: true });
  expect((await api("POST", at(target, "merge"), { into: child })).status).toBe(409);
  expect((await api("POST", at(child, "ack"), {})).status).toBe(409);
  expect(await t.incident(target)).toMatchObject({ absorbed: [child], alerts: 2 });

  expect((await t.fire({ dedupKey: "a", title: "A" })).results[0]).toMatchObject({ incident: target, action: "updated" });
  await t.fire({ dedupKey: "b", title: "B", status: "resolved" });
  expect((await t.incident(target))["status"]).toBe("triggered");

  const back = await api("POST", at(child, "unmerge"), { as: "ana" });
  expect(back).toMatchObject({ status: 200, body: { status: "triggered", mergedInto: null } });
  await until("ana's page again", async () => (await t.inbox()).length === 3);
  expect((await t.fire({ dedupKey: "a", title: "A", status: "resolved" })).results[0]).toMatchObject({
    incident: child,
    action: "resolved",
  });
});

test("merged, its target over: the next firing opens the target's object again, and is never lost", async () => {
  const t = await tenant("mergeover");
  const child = (await t.fire({ dedupKey: "a", title: "A" })).results[0]?.incident ?? "";
  const target = (await t.fire({ dedupKey: "b", title: "B" })).results[0]?.incident ?? "";
  await api("POST", `/api/v1/tenants/mergeover/incidents/${child}/merge`, { into: target });
  await api("POST", `/api/v1/tenants/mergeover/incidents/${target}/resolve`, {});
  const again = (await t.fire({ dedupKey: "a", title: "A" })).results[0];
  expect(again?.action).toMatch(/triggered|updated/);
  expect(await t.incident(again?.incident ?? "")).toMatchObject({ status: "triggered" });
});
