// Gates on the real runtime: an open alert that mutes others, the rate of an integration, and what happens when a gate hangs:
// pages, uninhibited and unthrottled.

import { afterEach, describe, expect, test, vi } from "vitest";
import { GateObject } from "../../worker/objects/gate.ts";
import { identityOfId, objectName } from "../../worker/core/ids.ts";
import { api, ask, tenant, until, type TestTenant } from "./hub.ts";
import { env, runDurableObjectAlarm } from "./runtime.ts";

const minute = 60_000;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const never = (): Promise<never> => new Promise(() => undefined);

function objectOf(t: TestTenant, incident: string) {
  const identity = identityOfId(t.id, null, incident);
  if (identity === null) throw new Error(`no id: ${incident}`);
  return env.INCIDENT.getByName(objectName(identity));
}

const pages = async (t: TestTenant): Promise<number> => (await t.inbox()).length;

const mute = `
routes:
  - { id: mute, when: 'alert.labels.level == "pod"', inhibitedBy: { when: 'alert.labels.level == "node"', equal: [alert.labels.node] } }`;
const node = (name: string, action = "trigger") => ({
  dedupKey: `node-${name}`,
  title: `Node ${name}`,
  action,
  labels: { level: "node", node: name },
});
const pod = (name: string, on: string) => ({ dedupKey: `pod-${name}`, title: `Pod ${name}`, labels: { level: "pod", node: on } });

describe("inhibition", () => {
  test("an open alert mutes those with the same values, and what still fires pages as soon as it closes", async () => {
    const t = await tenant("inhibit", mute);
    expect((await t.fire(node("n1"))).results[0]?.action).toBe("triggered");
    await until("the node's page", async () => (await pages(t)) === 1);
    const simulated = async () => {
      const body = { integration: "in", payload: pod("a", "n1") };
      return (await api("POST", "/api/v1/tenants/inhibit/simulate", body)).body["alerts"][0] as {
        action: string;
        plan: unknown[];
      };
    };
    expect(await simulated()).toMatchObject({ action: "suppressed", plan: [] });
    const muted = (await t.fire(pod("a", "n1"))).results[0];
    expect(muted).toMatchObject({ action: "suppressed", reason: expect.stringMatching(/^route mute: /) });
    expect((await t.fire(pod("b", "n2"))).results[0]?.action).toBe("triggered");
    await until("the other pod's page", async () => (await pages(t)) === 2);
    expect(await t.incident(muted?.incident ?? "")).toMatchObject({
      status: "suppressed",
      mutes: [{ kind: "inhibition", id: "mute" }],
    });
    await t.fire(node("n1", "resolve"));
    await until("the muted pod's page", async () => (await pages(t)) === 3);
    expect(await simulated()).toMatchObject({ action: "triggered" });
    const kinds = (await t.timeline(muted?.incident ?? "")).map((entry) => entry.kind);
    expect(kinds.slice(0, 4)).toEqual(["opened", "suppressed", "unmuted", "promoted"]);
  });

  test("both in one body: the order in it does not matter", async () => {
    const t = await tenant("inhibit-body", mute);
    const response = await ask(`/v1/ingest/${t.key}`, { method: "POST", body: JSON.stringify([pod("a", "n1"), node("n1")]) });
    const { results } = await response.json<{ results: { action: string }[] }>();
    expect(results.map((each) => each.action)).toEqual(["suppressed", "triggered"]);
  });

  test("a muted one asks each minute, and pages when the news of the end was lost", async () => {
    const now = Date.now();
    const t = await tenant("inhibit-lost", mute);
    const opened = (await t.fire(node("n1"))).results[0]?.incident ?? "";
    const muted = (await t.fire(pod("a", "n1"))).results[0]?.incident ?? "";
    await until("the node's page", async () => (await pages(t)) === 1);
    vi.setSystemTime(now + minute + 1_000);
    await runDurableObjectAlarm(objectOf(t, muted));
    expect((await t.incident(muted))["status"]).toBe("suppressed");
    const lost = vi.spyOn(GateObject.prototype, "closed").mockResolvedValue(undefined);
    await api("POST", `/api/v1/tenants/inhibit-lost/incidents/${opened}/resolve`, {});
    expect(await pages(t)).toBe(1);
    vi.setSystemTime(now + 3 * minute);
    await runDurableObjectAlarm(objectOf(t, muted));
    await until("the muted pod's page", async () => (await pages(t)) === 2);
    expect(lost).toHaveBeenCalled();
  });

  test("a gate that hangs mutes nobody, and costs no more than its limit", async () => {
    const t = await tenant("inhibit-dark", mute);
    await t.fire(node("n1"));
    const hangs = vi.spyOn(GateObject.prototype, "inhibitor").mockReturnValue(never());
    const began = performance.now();
    expect((await t.fire(pod("a", "n1"))).results[0]?.action).toBe("triggered");
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(hangs).toHaveBeenCalled();
    await until("both pages", async () => (await pages(t)) === 2);
  });
});

describe("an integration's rate", () => {
  const limited = async (id: string): Promise<TestTenant> => {
    const t = await tenant(id);
    const put = await api("PATCH", `/api/v1/tenants/${id}/integrations/in`, { rateLimit: { count: 3, within: "1m" } });
    expect(put.status).toBe(200);
    return t;
  };
  const send = (t: TestTenant, n: number) =>
    ask(`/v1/ingest/${t.key}`, { method: "POST", body: JSON.stringify({ dedupKey: `k${n}`, title: `Alert ${n}` }) });

  test("what is over it is answered 429 with Retry-After, counted, and said by one incident that closes by itself", async () => {
    const now = Date.now();
    const t = await limited("rate");
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) statuses.push((await send(t, n)).status);
    expect(statuses).toEqual([202, 202, 202, 429, 429, 429]);
    const refused = await send(t, 7);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(60);
    const incidents = async () =>
      (await api("GET", "/api/v1/tenants/rate/incidents?q=over+its+rate")).body["items"] as { id: string; status: string }[];
    const said = await until("the incident", async () => (await incidents())[0]);
    expect((await incidents()).length).toBe(1);
    vi.setSystemTime(now + 2 * minute);
    expect((await send(t, 8)).status).toBe(202);
    expect((await api("GET", "/api/v1/tenants/rate/integrations/in/rate")).body).toMatchObject({
      limit: { count: 3, withinMs: minute },
      refused: 4,
    });
    vi.setSystemTime(now + 9 * minute);
    expect((await send(t, 9)).status).toBe(202);
    await until("it to close", async () => (await t.incident(said.id))["status"] === "resolved");
  });

  test("a gate that hangs lets everything in", async () => {
    const t = await limited("rate-dark");
    const hangs = vi.spyOn(GateObject.prototype, "takeRate").mockReturnValue(never());
    const statuses: number[] = [];
    for (let n = 0; n < 5; n++) statuses.push((await send(t, n)).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202]);
    expect(hangs).toHaveBeenCalledTimes(5);
  });
});
