// A body of many alerts of which some cannot be read, through the Worker's own door: those that can go their own way, and the rest
// pages by its own incident.

import { expect, test } from "vitest";
import { api, ask, tenant, until, type Json } from "./hub.ts";

const element = (n: number): object => ({
  status: "firing",
  labels: { alertname: `Disk${n}`, severity: "critical" },
  annotations: {},
});
const envelope = (alerts: readonly unknown[]): string =>
  JSON.stringify({ version: "4", status: "firing", groupKey: "g", alerts });

test.each([
  [
    "prometheus",
    envelope([element(1), element(2), "not an alert", element(3)]),
    envelope([element(1), element(2), element(4), element(3)]),
    2,
  ],
  [
    "alertmanager",
    JSON.stringify([element(1), element(2), 7, element(3)]),
    JSON.stringify([element(1), element(2), element(4), element(3)]),
    2,
  ],
  [
    "generic",
    JSON.stringify([{ title: "One" }, { title: "Two" }, { body: "nothing says what" }, { title: "Three" }]),
    JSON.stringify([{ title: "One" }, { title: "Two" }, { title: "Four" }, { title: "Three" }]),
    2,
  ],
])("%s: three alerts open incidents of their own, the fourth opens one that says why", async (source, body, mended, place) => {
  const id = `partly-${source}`;
  const t = await tenant(id);
  const applied = await api(
    "PUT",
    `/api/v1/tenants/${id}/config`,
    `tenant: ${id}\nintegrations: [ { id: in, source: generic, service: svc }, { id: many, source: ${source}, service: svc } ]`,
  );
  const [{ key }] = applied.body["issued"] as [{ key: string }];
  const post = async (text: string): Promise<Json> => {
    const response = await ask(`/v1/ingest/${key}`, { method: "POST", body: text });
    expect(response.status).toBe(202);
    return await response.json<Json>();
  };

  const { accepted, results } = (await post(body)) as { accepted: number; results: Record<string, string>[] };
  expect(accepted).toBe(4);
  expect(results.map(({ action }) => action)).toEqual(["triggered", "triggered", "triggered", "unreadable"]);
  expect(results[3]?.["reason"]).toMatch(new RegExp(`\\[${place}\\]|alert ${place + 1}`));
  expect(new Set(results.map(({ incident }) => incident)).size).toBe(4);

  const about = await api("GET", `/api/v1/tenants/${t.id}/incidents/${results[3]?.["incident"]}`);
  expect(about.body).toMatchObject({ title: expect.stringContaining("Unreadable alert"), status: "triggered" });
  // Kept whole, and found among what could not be read.
  const listed = await until("the kept body", async () => {
    const page = await api("GET", `/api/v1/tenants/${id}/integrations/many/received?outcome=unreadable`);
    const items = page.body["items"] as { alerts: unknown[] }[];
    return items.length === 1 && items;
  });
  expect(listed[0]?.alerts).toHaveLength(4);

  // Acknowledged, and then all of the next body can be read: the incident about the other is over.
  await api("POST", `/api/v1/tenants/${id}/incidents/${results[3]?.["incident"]}/ack`, { as: "ana" });
  const again = (await post(mended)) as { results: Record<string, string>[] };
  expect(again.results.map(({ action }) => action).filter((action) => action === "unreadable")).toEqual([]);
  await until("the end of the incident about what could not be read", async () => {
    const incident = await api("GET", `/api/v1/tenants/${id}/incidents/${results[3]?.["incident"]}`);
    return incident.body["status"] === "resolved";
  });
});
