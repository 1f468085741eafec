// Calling somebody in brings that person along, and nothing that the incident knew is forgotten for it.

import { expect, test } from "vitest";
import { api, tenant, until } from "./hub.ts";

test("after somebody was called in, the policy still knows its schedules: the next level is paged", async () => {
  const t = await tenant(
    "called-in",
    `
schedules: [ { id: sre, layers: [ { id: all, start: 2026-01-05T09:00, rotation: { every: 1w }, users: [bo] } ] } ]`,
  );
  const changed = await api("PUT", `/api/v1/tenants/${t.id}/policies/p`, {
    id: "p",
    steps: [
      { notify: [{ user: "ana" }], escalateAfter: "5m" },
      { notify: [{ schedule: "sre" }], escalateAfter: "10m" },
    ],
  });
  expect(changed.status).toBe(200);
  const incident = (await t.fire({ dedupKey: "a", title: "Down" })).results[0]?.incident ?? "";
  const act = (verb: string, body: Record<string, unknown>) =>
    api("POST", `/api/v1/tenants/${t.id}/incidents/${incident}/${verb}`, { as: "ana", ...body });
  const plan = async () =>
    ((await t.incident(incident))["pending"] as { kind: string; user: string }[]).map(({ kind, user }) =>
      `${kind} ${user ?? ""}`.trim(),
    );
  await until("the first page", async () => (await t.inbox()).length === 1 && !(await plan()).includes("retry ana"));
  const before = await plan();
  expect(before).toContain("page bo");
  expect((await act("responders", { users: ["eva"] })).status).toBe(200);
  await until("the same plan, once eva's page is out", async () => (await plan()).join() === before.join());
  await act("escalate", {});
  await until("bo to be paged", async () => (await t.inbox()).find((each: { user: string }) => each.user === "bo"));
});
