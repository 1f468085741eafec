// What an integration received, on the real runtime: kept after the answer with what became of it, for a time the tenant sets, in a
// storm only some; read by a draft without a trace; let in again by the ordinary way, which says so on the timeline.

import generic from "../../plugins/sources/generic/manifest.json";
import { afterEach, describe, expect, test, vi } from "vitest";
import { limits } from "../../worker/core/limits.ts";
import { receivedStub } from "../../worker/objects/places.ts";
import { ReceivedObject } from "../../worker/objects/received.ts";
import { api, ask, tenant, until, type Json, type TestTenant } from "./hub.ts";
import { env, runDurableObjectAlarm } from "./runtime.ts";

const day = 86_400_000;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const at = (t: TestTenant, what: string, integration = "in"): string =>
  `/api/v1/tenants/${t.id}/integrations/${integration}/${what}`;
const post = (key: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  ask(`/v1/ingest/${key}`, { method: "POST", body, headers });

async function received(t: TestTenant, count: number, query = "", integration = "in"): Promise<Json[]> {
  return until(`${count} bodies`, async () => {
    const { body } = await api("GET", `${at(t, "received", integration)}${query}`);
    const items = body["items"] as Json[];
    return items.length >= count ? items : null;
  });
}

describe("what came in", () => {
  test("is kept with its headers, its outcome and its incidents; credentials are masked", async () => {
    const t = await tenant("kept");
    const fired = await t.fire({ dedupKey: "disk", title: "Disk full", severity: "critical" });
    await received(t, 1);
    await post(t.key, "{ this is no JSON", {
      authorization: "Bearer something-secret",
      "x-api-key": "also-secret",
      "x-github-event": "ping",
    });
    const [broken, fine] = await received(t, 2);
    expect(broken).toMatchObject({
      outcome: "unreadable",
      present: "unreadable",
      cut: false,
      method: "POST",
      plugin: `generic@${generic.version}`,
    });
    expect(broken?.["reason"]).toContain("not JSON");
    expect(broken?.["alerts"][0].incident).toMatch(/^inc_/);
    expect(fine).toMatchObject({
      outcome: "readable",
      reason: null,
      alerts: [{ dedupKey: "disk", title: "Disk full", action: "triggered", incident: fired.results[0]?.incident }],
    });
    const { body: whole } = await api("GET", at(t, `received/${broken?.["n"]}`));
    expect(whole["raw"]).toBe("{ this is no JSON");
    expect(whole["headers"]).toMatchObject({ authorization: "***", "x-api-key": "***", "x-github-event": "ping" });
    expect(JSON.stringify(whole)).not.toMatch(/something-secret|also-secret/);
    expect((await api("GET", `${at(t, "received")}?outcome=unreadable`)).body["items"]).toHaveLength(1);
    expect((await api("GET", `${at(t, "received")}?outcome=nonsense`)).status).toBe(422);
    const page = (await api("GET", `${at(t, "received")}?limit=1`)).body;
    expect(page["items"]).toHaveLength(1);
    const next = (await api("GET", `${at(t, "received")}?limit=1&cursor=${page["next"]}`)).body;
    expect(next["items"][0].n).toBe(fine?.["n"]);
    expect(next["next"]).toBeNull();
  });

  test("stays with the alert it brought in: body, headers and what read it", async () => {
    const t = await tenant("with-alert");
    const body = JSON.stringify({ dedupKey: "disk", title: "Disk full" });
    const response = await post(t.key, body, { "x-sender": "probe-7", authorization: "Bearer hidden" });
    const { results } = await response.json<{ results: { incident: string }[] }>();
    const path = `/api/v1/tenants/with-alert/incidents/${results[0]?.incident}/alerts`;
    expect((await api("GET", path)).body["items"][0]).toMatchObject({
      raw: body,
      plugin: `generic@${generic.version}`,
      headers: { "x-sender": "probe-7", authorization: "***" },
    });
  });

  test("without proof leaves a line with the reason and nothing of its body", async () => {
    const t = await tenant("unproven", "");
    await api("PATCH", `/api/v1/tenants/unproven/integrations/in`, { secret: { value: "the-shared-secret" } });
    const refused = await until("the secret to be in force", async () => {
      const response = await post(t.key, '{"title":"x"}', { authorization: "Bearer wrong" });
      return response.status === 401 ? response : null;
    });
    expect(await refused.json()).toEqual({ error: "unauthorized" });
    const [line] = await received(t, 1, "?outcome=refused");
    expect(line).toMatchObject({ outcome: "refused", bytes: 0, start: "" });
    expect(line?.["reason"]).not.toBe(null);
    expect((await api("POST", at(t, `received/${line?.["n"]}/replay`), {})).status).toBe(409);
  });

  test("too long is cut, and says so", async () => {
    const t = await tenant("cut");
    const body = JSON.stringify({ title: "Long", body: "x".repeat(limits.received.bodyBytesMax) });
    await post(t.key, body);
    const [line] = await received(t, 1);
    expect(line).toMatchObject({ cut: true, bytes: body.length, outcome: "readable" });
    expect((await api("GET", at(t, `received/${line?.["n"]}`))).body["raw"]).toHaveLength(limits.received.cutBytes);
  });

  test("another tenant's integration of the same name has its own, and each role sees what it may", async () => {
    const [a, b] = [await tenant("ring-a"), await tenant("ring-b")];
    await a.fire({ dedupKey: "a", title: "Only A's" });
    await received(a, 1);
    expect((await api("GET", at(b, "received"))).body["items"]).toEqual([]);
    expect((await api("GET", at(b, "received/1"))).status).toBe(404);
    expect((await api("GET", at(a, "received", "nowhere"))).status).toBe(404);
    expect((await ask(at(a, "received"), { headers: { authorization: "Bearer wrong-wrong-wrong" } })).status).toBe(401);
  });
});

describe("off the way of a page", () => {
  test("an object that hangs or breaks delays no answer and fails none", async () => {
    const t = await tenant("ring-dark");
    const hangs = vi.spyOn(ReceivedObject.prototype, "put").mockReturnValue(new Promise(() => undefined));
    const began = Date.now();
    const first = await t.fire({ dedupKey: "a", title: "A", severity: "critical" });
    expect(first).toMatchObject({ status: 202, results: [{ action: "triggered" }] });
    expect(Date.now() - began).toBeLessThan(limits.received.askMs / 2);
    await until("the page", async () => (await t.inbox()).length === 1);
    await until("the object to be asked", async () => hangs.mock.calls.length > 0);
    hangs.mockRejectedValue(new Error("the object is broken"));
    for (const key of ["b", "c"]) expect((await t.fire({ dedupKey: key, title: key })).status).toBe(202);
  });

  test("a storm writes a few bodies and counts the others; the one nobody can read is among them", async () => {
    const t = await tenant("ring-storm");
    await t.fire({ dedupKey: "first", title: "First" });
    await received(t, 1);
    const puts = vi.spyOn(ReceivedObject.prototype, "put");
    const sent = 120;
    await Promise.all(
      Array.from({ length: sent }, async (_, i) =>
        i === sent - 1 ? post(t.key, "{ broken") : t.fire({ dedupKey: "same", title: "Same" }),
      ),
    );
    const kept = await until("the count of the others", async () => {
      const { body } = await api("GET", `${at(t, "received")}?limit=200`);
      const items = body["items"] as Json[];
      const all = items.length - 1 + items.reduce((sum, each) => sum + Number(each["skipped"]), 0);
      return all >= sent ? items : null;
    });
    expect(puts.mock.calls.length).toBeLessThan(sent / 4);
    expect(kept.filter((each) => each["outcome"] === "unreadable")).toHaveLength(1);
  });
});

describe("retention", () => {
  test("bodies go when the tenant's time is over, by the object's own alarm and whoever asks before", async () => {
    const t = await tenant("ring-retention", "defaults: { keepBodies: 2d }");
    await t.fire({ dedupKey: "old", title: "Old" });
    await received(t, 1);
    const stub = receivedStub(env, { tenant: t.id, jurisdiction: null }, "in");
    vi.setSystemTime(Date.now() + 2 * day + 5_000);
    expect((await api("GET", at(t, "received"))).body["items"]).toEqual([]);
    expect((await api("GET", at(t, "received/1"))).status).toBe(404);
    await runDurableObjectAlarm(env.RECEIVED.getByName("v1:-:ring-retention:in"));
    expect((await stub.list({ before: null, outcomes: null, limit: 10, keepMs: 90 * day })).items).toEqual([]);
  });

  test("a body kept with an alert goes with it; the incident stays", async () => {
    const t = await tenant("alert-retention", "defaults: { keepBodies: 1h }");
    const { results } = await t.fire({ dedupKey: "old", title: "Old" });
    const path = `/api/v1/tenants/alert-retention/incidents/${results[0]?.incident}/alerts`;
    expect((await api("GET", path)).body["items"][0].raw).toContain("Old");
    vi.setSystemTime(Date.now() + 3_600_000 + 5_000);
    expect((await api("GET", path)).body["items"][0]).toMatchObject({ dedupKey: "old", raw: null, headers: null });
  });

  test("from an hour to ninety days, and an integration may have its own", async () => {
    await tenant("ring-bounds");
    const bad = await api("PUT", "/api/v1/tenants/ring-bounds/config", "tenant: ring-bounds\ndefaults: { keepBodies: 1m }");
    expect(bad.status).toBe(422);
    expect(JSON.stringify(bad.body)).toContain("keepBodies");
    const own = await api("PATCH", "/api/v1/tenants/ring-bounds/integrations/in", { keepBodies: "30d" });
    expect(own.body["keepBodies"]).toBe("30d");
  });

  test("a deleted tenant's bodies go with it", async () => {
    const t = await tenant("ring-deleted");
    await t.fire({ dedupKey: "mine", title: "Mine" });
    await received(t, 1);
    await until("the tenant to be gone", async () => {
      const { status } = await api("DELETE", "/api/v1/tenants/ring-deleted?force=true");
      return status === 204 || status === 404;
    });
    const anew = await tenant("ring-deleted");
    expect((await api("GET", at(anew, "received"))).body["items"]).toEqual([]);
  });

  test("the newest of each kind are kept, so that a flood hides no unreadable one", async () => {
    const stub = receivedStub(env, { tenant: "ring-shelves", jurisdiction: null }, "in");
    const body = (outcome: "readable" | "unreadable", at: number) => ({
      at,
      method: "POST",
      headers: {},
      deliveryId: null,
      outcome,
      reason: null,
      alerts: [],
      bytes: 2,
      cut: false,
      plugin: `generic@${generic.version}`,
      version: 1,
      skipped: 0,
      raw: "{}",
    });
    const now = Date.now();
    await stub.put([body("unreadable", now)], day);
    await stub.put(
      Array.from({ length: limits.received.kept.read + 40 }, (_, i) => body("readable", now + i)),
      day,
    );
    const { items } = await stub.list({ before: null, outcomes: null, limit: 1_000, keepMs: day });
    expect(items.filter((each) => each.outcome === "readable")).toHaveLength(limits.received.kept.read);
    expect(items.at(-1)).toMatchObject({ n: 1, outcome: "unreadable" });
  });
});

describe("a preview", () => {
  test("reads received bodies by a draft: alerts, errors by field, and nothing is sent", async () => {
    const t = await tenant("preview");
    await post(t.key, JSON.stringify({ check: { ref: "db1/disk", label: "Disk of db1" }, grade: "high" }));
    const [line] = await received(t, 1);
    expect(line?.["outcome"]).toBe("unreadable");
    const draft = { fields: { dedupKey: "check.ref", title: "check.label", severity: "grade" } };
    const { status, body } = await api("POST", at(t, "preview"), { config: draft, received: [line?.["n"]], body: "[]" });
    expect(status).toBe(200);
    expect(body["errors"]).toEqual([]);
    expect(body["items"]).toMatchObject([
      { n: null, unreadable: null, alerts: [] },
      {
        n: line?.["n"],
        alerts: [{ dedupKey: "db1/disk", title: "Disk of db1", severity: "error", routed: { service: "svc", policy: "p" } }],
      },
    ]);
    const wrong = await api("POST", at(t, "preview"), { config: { fields: { dedupKey: "a b" } }, last: 5 });
    expect(wrong.body["items"]).toEqual([]);
    expect(wrong.body["errors"]).toMatchObject([{ path: "config.fields.dedupKey" }]);
    expect((await received(t, 1)).length).toBe(1);
    expect(await t.inbox().then((inbox) => inbox.every((message) => message.title.startsWith("Unreadable")))).toBe(true);
  });
});

describe("a replay", () => {
  test("goes through the configuration of now, opens what it says, marks body and timeline, and closes the unreadable incident", async () => {
    const t = await tenant("replay");
    const answer = await post(t.key, JSON.stringify({ check: { ref: "db1/disk", label: "Disk of db1" } }));
    const { results } = await answer.json<{ results: { incident: string }[] }>();
    const unreadable = results[0]?.incident ?? "";
    const [line] = await received(t, 1);
    const config = { fields: { dedupKey: "check.ref", title: "check.label" } };
    await api("PATCH", "/api/v1/tenants/replay/integrations/in", { config });
    const plan = await until("the mapping to be in force", async () => {
      const { body } = await api("POST", at(t, `received/${line?.["n"]}/replay`), { dryRun: true });
      return body["items"][0].outcome === "readable" ? body : null;
    });
    expect(plan["items"][0].alerts[0]).toMatchObject({
      action: "triggered",
      dedupKey: "db1/disk",
      incident: null,
      policy: "p",
      plan: [{ user: "ana" }, { user: "bo" }],
    });
    expect((await received(t, 1))[0]?.["present"]).toBe("unreadable");
    const { body: done } = await api("POST", at(t, `received/${line?.["n"]}/replay`), { as: "bo" });
    const [item] = done["items"] as Json[];
    expect(item).toMatchObject({ outcome: "readable", alerts: [{ action: "triggered", dedupKey: "db1/disk" }] });
    const incident = String(item?.["alerts"][0].incident);
    const entry = await until("the mark", async () => (await t.timeline(incident)).find((each) => each.kind === "replayed"));
    expect(entry.actor.id).toBe("bo");
    expect(entry.reason).toContain(`body ${line?.["n"]} of in`);
    expect((await api("GET", at(t, "received"))).body["items"][0]).toMatchObject({
      outcome: "unreadable",
      present: "readable",
      replays: [{ outcome: "readable", by: { id: "bo" } }],
    });
    await until("the unreadable incident to close", async () => (await t.incident(unreadable))["status"] === "resolved");
    const again = await api("POST", at(t, `received/${line?.["n"]}/replay`), {});
    expect(again.body["items"][0].alerts[0]).toMatchObject({ action: "updated", incident });
  });

  test("is the body with the headers that it came with: a source that reads them finds the same problem", async () => {
    const t = await tenant("replay-headers");
    const applied = await api("POST", "/api/v1/tenants/replay-headers/integrations", {
      id: "hub",
      source: "github",
      service: "svc",
    });
    const key = String(applied.body["issued"][0].key);
    const run = {
      id: 7,
      name: "build",
      head_branch: "main",
      conclusion: "failure",
      status: "completed",
      html_url: "https://github.com/a/b",
    };
    const body = JSON.stringify({
      action: "completed",
      workflow_run: run,
      workflow: { id: 3, name: "build" },
      repository: { full_name: "a/b", default_branch: "main" },
    });
    const headers = { "x-github-event": "workflow_run", "x-github-delivery": "d-1", "content-type": "application/json" };
    const first = await (await post(key, body, headers)).json<Json>();
    expect(first["results"]).toMatchObject([{ action: "triggered" }]);
    const [line] = await received(t, 1, "", "hub");
    expect(line).toMatchObject({ deliveryId: "d-1", outcome: "readable" });
    const { body: again } = await api("POST", at(t, `received/${line?.["n"]}/replay`, "hub"), {});
    expect(again["items"][0].alerts).toMatchObject([{ action: "updated", incident: first["results"][0].incident }]);
  });

  test("of all that nobody could read: oldest first, each told by itself, those readable by now left alone", async () => {
    const t = await tenant("replay-bulk");
    const body = (ref: string, state: string) => JSON.stringify({ c: { ref, label: `Check ${ref}` }, s: { state } });
    for (const [i, each] of [body("a", "firing"), body("a", "resolved"), body("b", "firing"), "{ broken"].entries()) {
      await post(t.key, each);
      await received(t, i + 1);
    }
    await t.fire({ dedupKey: "fine", title: "Fine" });
    await received(t, 5);
    const config = { fields: { dedupKey: "c.ref", title: "c.label", action: "s.state" } };
    await api("PATCH", "/api/v1/tenants/replay-bulk/integrations/in", { config });
    const many = (more: object) => api("POST", at(t, "received/replay"), { outcome: "unreadable", ...more });
    const plan = await until("the mapping to be in force", async () => {
      const { body: planned } = await many({ dryRun: true });
      return planned["items"][0].outcome === "readable" ? planned : null;
    });
    const actions = (items: Json[]): string[] =>
      items.map((item) => `${item["n"]} ${item["outcome"]} ${(item["alerts"] as Json[]).map((each) => each["action"]).join()}`);
    expect(actions(plan["items"])).toEqual([
      "1 readable triggered",
      "2 readable resolved",
      "3 readable triggered",
      "4 unreadable ",
    ]);
    const { body: done } = await many({});
    expect(actions(done["items"])).toEqual(actions(plan["items"]));
    expect(done).toMatchObject({ dryRun: false, skipped: [], more: false });
    expect((await many({ dryRun: true })).body["items"]).toMatchObject([{ n: 4 }]);
    expect((await many({ ids: [1] })).status).toBe(422);
    const some = await api("POST", at(t, "received/replay"), { ids: [3, 99], dryRun: true });
    expect(some.body).toMatchObject({ items: [{ n: 3, alerts: [{ action: "updated" }] }], skipped: [{ n: 99 }] });
  });
});
