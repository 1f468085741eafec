// A storm on the real runtime: the first pages at once, one summary for the others, all of it true on the timelines; and a person
// object that hangs, which costs a limit and holds nothing up.

import { afterEach, describe, expect, test, vi } from "vitest";
import { identityOfId, objectName } from "../../worker/core/ids.ts";
import { PersonObject } from "../../worker/objects/person.ts";
import { api, tenant, until, type Json, type TestTenant } from "./hub.ts";
import { env, runDurableObjectAlarm } from "./runtime.ts";

const minute = 60_000;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function objectOf(t: TestTenant, incident: string) {
  const identity = identityOfId(t.id, null, incident);
  if (identity === null) throw new Error(`no id: ${incident}`);
  return env.INCIDENT.getByName(objectName(identity));
}

const inbox = async (t: TestTenant): Promise<Json[]> =>
  (await api("GET", `/api/v1/tenants/${t.id}/inbox`)).body["items"] as Json[];

async function storm(t: TestTenant, count: number, severity = "error"): Promise<string[]> {
  const incidents: string[] = [];
  for (let n = 1; n <= count; n++) {
    const { results } = await t.fire({ dedupKey: `k${n}`, title: `Incident ${n}`, severity });
    incidents.push(results[0]?.incident ?? "");
    if (n <= 3) await until("the page", async () => (await inbox(t)).length >= n);
  }
  return incidents;
}

describe("a storm", () => {
  test("three pages at once, then one summary that names the others, with a link to each", async () => {
    const now = Date.now();
    const t = await tenant("bundle");
    const incidents = await storm(t, 7);
    await until("the last four to wait", async () => {
      const kinds = await Promise.all(
        incidents.slice(3).map(async (each) => (await t.timeline(each)).some((entry) => entry.kind === "bundled")),
      );
      return kinds.every(Boolean);
    });
    expect((await inbox(t)).length).toBe(3);
    const acked = incidents[6] ?? "";
    await api("POST", `/api/v1/tenants/bundle/incidents/${acked}/ack`, { as: "bo" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    vi.setSystemTime(now + 2 * minute + 5_000);
    const carrier = incidents[3] ?? "";
    await runDurableObjectAlarm(objectOf(t, carrier));
    const summary = await until("the summary", async () => (await inbox(t)).find((message) => message["summary"] !== undefined));
    expect(summary["title"]).toBe("Incident 4");
    expect(summary["summary"]).toMatchObject({
      count: 2,
      items: [{ title: "Incident 5" }, { title: "Incident 6" }],
      list: "http://localhost:8787/t/bundle/incidents",
    });
    for (const item of summary["summary"].items) expect(item.link).toMatch(/^http:\/\/localhost:8787\/r\//);
    vi.setSystemTime(now + 2 * minute + 15_000);
    for (const each of incidents.slice(4, 6)) {
      await runDurableObjectAlarm(objectOf(t, each));
      const sent = await until("the word of it", async () => (await t.timeline(each)).find((entry) => entry.kind === "sent"));
      expect(sent.reason).toBe(`ana by phone: in the summary ${summary["delivery"]}`);
    }
    expect((await inbox(t)).length).toBe(4);
  });

  test("the worst severity never waits", async () => {
    const t = await tenant("bundle-worst");
    const incidents = await storm(t, 6, "critical");
    await until("every page", async () => (await inbox(t)).length === 6);
    expect((await inbox(t)).map((message) => String(message["incident"])).toSorted()).toEqual(incidents.toSorted());
  });

  test("a tenant that wants none has none", async () => {
    const t = await tenant("bundle-off", "defaults: { bundle: null }");
    const incidents = await storm(t, 6);
    await until("every page", async () => (await inbox(t)).length === 6);
    expect((await inbox(t)).map((message) => String(message["incident"])).toSorted()).toEqual(incidents.toSorted());
  });

  test("a person object that hangs holds nothing up", async () => {
    const hangs = vi.spyOn(PersonObject.prototype, "ask").mockReturnValue(new Promise(() => undefined));
    const t = await tenant("bundle-dark");
    await storm(t, 5);
    await until("every page", async () => (await inbox(t)).length === 5);
    expect(hangs).toHaveBeenCalled();
  });
});
