// Changes through the real doors: from whoever tells of a deployment to the page of the incident that came after it. They page
// nobody, no alert waits for them or is lost with them, and no tenant sees another's.

import { afterEach, describe, expect, test, vi } from "vitest";
import { limits } from "../../worker/core/limits.ts";
import { putChanges, tidyChanges, type ChangeRow } from "../../worker/store/changes.ts";
import { changeId } from "../../worker/core/change.ts";
import { clampChanges } from "../../worker/ingest/clamp-change.ts";
import { chance, mutated } from "../../plugins/kit/mangle.ts";
import { api, ask, tenant, until, type Json, type TestTenant } from "./hub.ts";
import { env } from "./runtime.ts";

afterEach(() => void vi.restoreAllMocks());

const minute = 60_000;
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

async function tell(t: TestTenant, change: Record<string, unknown>): Promise<Response> {
  return ask(`/v1/ingest/${t.key}`, { method: "POST", body: JSON.stringify({ change }) });
}

/** It is written after the answer. */
async function listed(t: TestTenant, count: number, query = ""): Promise<Json[]> {
  return until("the changes", async () => {
    const items = await list(t, query);
    return items.length >= count ? items : false;
  });
}

/** The next one only when this is there. */
async function tellInTurn(t: TestTenant, change: Record<string, unknown>): Promise<void> {
  expect((await tell(t, change)).status).toBe(202);
  await until(String(change["summary"]), async () => summaries(await list(t)).includes(String(change["summary"])));
}

async function list(t: TestTenant, query = ""): Promise<Json[]> {
  const { status, body } = await api("GET", `/api/v1/tenants/${t.id}/changes${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body["items"] as Json[];
}

const summaries = (items: Json[]): string[] => items.map((each) => String(each["summary"]));
const twoServices =
  'services: [ { id: svc, policy: p }, { id: other, policy: p } ]\nroutes: [ { id: r, when: "alert.labels.repository == \\"acme/other\\"", set: { service: other } } ]';

async function withTwo(id: string): Promise<TestTenant> {
  const t = await tenant(id);
  const applied = await api("PUT", `/api/v1/tenants/${id}/config`, `tenant: ${id}\n${twoServices}`);
  expect(applied.status, JSON.stringify(applied.body)).toBe(200);
  return t;
}

describe("a change that is told", () => {
  test("by PagerDuty's door is listed with its links and details, pages nobody and opens nothing", async () => {
    const t = await tenant("chg-pd");
    const answer = await ask("/v2/change/enqueue", {
      method: "POST",
      body: JSON.stringify({
        routing_key: t.key,
        payload: {
          summary: "shop 4.2.0 deployed",
          source: "ci",
          // A change is a change by this door, whatever else it says.
          severity: "critical",
          timestamp: ago(10 * minute),
          custom_details: { build: 7 },
        },
        links: [
          { href: "https://ci.example/7", text: "Build" },
          { href: "javascript:alert(1)", text: "Bad" },
        ],
      }),
    });
    expect(answer.status).toBe(202);
    const [change, ...more] = await listed(t, 1);
    expect(more).toEqual([]);
    expect(change).toMatchObject({
      id: expect.stringMatching(/^chg_[0-9a-z]{36}$/),
      summary: "shop 4.2.0 deployed",
      service: "svc",
      integration: "in",
      source: "pagerduty-events-v2",
      labels: { source: "ci", build: "7" },
      links: [{ href: "https://ci.example/7", text: "Build" }],
    });
    expect(await api("GET", `/api/v1/tenants/${t.id}/changes/${change?.["id"]}`)).toMatchObject({
      status: 200,
      body: { summary: "shop 4.2.0 deployed" },
    });
    expect(await t.inbox()).toEqual([]);
    expect((await api("GET", `/api/v1/tenants/${t.id}/incidents`)).body["items"]).toEqual([]);
  });

  test("twice is one, with the first word's time and the last word's text; an earlier word that comes late changes nothing", async () => {
    const t = await tenant("chg-twice");
    await tellInTurn(t, { dedupKey: "d1", summary: "Deploying shop", at: ago(20 * minute) });
    await tellInTurn(t, { dedupKey: "d1", summary: "Deployed shop", at: ago(10 * minute) });
    await tell(t, { dedupKey: "d1", summary: "Deploying shop", at: ago(15 * minute) });
    await tellInTurn(t, { dedupKey: "d2", summary: "after it" });
    const [change, ...more] = (await list(t)).slice(1);
    expect(more).toEqual([]);
    expect(change?.["summary"]).toBe("Deployed shop");
    expect(Date.now() - Date.parse(change?.["at"])).toBeGreaterThan(19 * minute);
    // Without a key and without a time each is one of its own; with the same time of the sender's, the same.
    for (const at of [undefined, undefined, "2026-11-20T04:00:00Z", "2026-11-20T04:00:00Z"])
      await tell(t, { summary: "Flag on", at });
    await listed(t, 3, "?q=flag");
    expect(summaries(await list(t, "?q=flag"))).toHaveLength(3);
  });

  test("by its service's name, else by the routes, else by its integration, belongs to a service", async () => {
    const t = await withTwo("chg-svc");
    await tell(t, { summary: "named", service: "other" });
    await tell(t, { summary: "routed", labels: { repository: "acme/other" } });
    await tell(t, { summary: "misnamed", service: "nobody-knows" });
    expect(Object.fromEntries((await listed(t, 3)).map((each) => [each["summary"], each["service"]]))).toEqual({
      named: "other",
      routed: "other",
      misnamed: "svc",
    });
  });

  test("is found by service, integration, text and time, page by page, and only by its own tenant", async () => {
    const [t, stranger] = [await withTwo("chg-list"), await tenant("chg-stranger")];
    for (const [i, service] of ["svc", "other", "svc", "svc"].entries())
      await tellInTurn(t, { summary: `Release ${i} ÄRGER`, service, at: ago((10 - i) * minute) });
    expect(summaries(await list(t, "?service=svc"))).toEqual(["Release 3 ÄRGER", "Release 2 ÄRGER", "Release 0 ÄRGER"]);
    expect(summaries(await list(t, "?q=ärger&service=other,svc"))).toHaveLength(4);
    expect(await list(t, "?integration=none")).toEqual([]);
    expect(summaries(await list(t, `?since=${ago(8.5 * minute)}&until=${ago(7.5 * minute)}`))).toEqual(["Release 2 ÄRGER"]);
    const first = (await api("GET", `/api/v1/tenants/${t.id}/changes?limit=3`)).body;
    const second = (await api("GET", `/api/v1/tenants/${t.id}/changes?limit=3&cursor=${first["next"]}`)).body;
    expect([first["items"].length, second["items"].length, second["next"]]).toEqual([3, 1, null]);
    expect(await list(stranger)).toEqual([]);
    const id = String(first["items"][0]["id"]);
    expect((await api("GET", `/api/v1/tenants/${stranger.id}/changes/${id}`)).status).toBe(404);
    expect((await api("GET", `/api/v1/tenants/${t.id}/changes?since=yesterday`)).status).toBe(422);
  });

  test("stands beside the incident that came after it: its service's first, the others by asking", async () => {
    const t = await withTwo("chg-incident");
    await tell(t, { summary: "long before", at: ago(limits.changes.beforeMs + 60 * minute) });
    await tell(t, { summary: "an hour before", at: ago(60 * minute) });
    await tell(t, { summary: "just before", at: ago(4 * minute) });
    await tell(t, { summary: "elsewhere", service: "other", at: ago(minute) });
    await listed(t, 4);
    const { results } = await t.fire({ title: "Checkout fails", dedupKey: "checkout", severity: "critical" });
    const at = `/api/v1/tenants/${t.id}/incidents/${results[0]?.incident}/changes`;
    const { body: own } = await api("GET", at);
    expect(summaries(own["items"])).toEqual(["just before", "an hour before"]);
    expect(own).toMatchObject({ others: 1, next: null });
    expect(Math.round(own["items"][0]["beforeMs"] / minute)).toBe(4);
    expect(summaries((await api("GET", `${at}?of=others`)).body["items"])).toEqual(["elsewhere"]);
    expect((await api("GET", `/api/v1/tenants/${t.id}/incidents/inc_nothing/changes`)).status).toBe(404);
  });

  test("beside alerts of the same body is kept, and the alerts are answered for", async () => {
    const t = await tenant("chg-both");
    const answer = await ask(`/v1/ingest/${t.key}`, {
      method: "POST",
      body: JSON.stringify([
        { change: { summary: "Flag on" } },
        { title: "Checkout fails", dedupKey: "c", severity: "critical" },
      ]),
    });
    expect(await answer.json()).toMatchObject({ results: [{ action: "ignored" }, { action: "triggered" }] });
    await until("the change", async () => (await list(t)).length === 1);
  });
});

describe("with the database dark", () => {
  test("an alert is taken, and its change or a change alone is answered at once and tried again later", async () => {
    const t = await tenant("chg-dark");
    const dark = vi.spyOn(env.DB, "batch").mockRejectedValue(new Error("dark"));
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const alone = await tell(t, { summary: "Deployed" });
    expect(alone.status).toBe(202);
    const both = await ask(`/v1/ingest/${t.key}`, {
      method: "POST",
      body: JSON.stringify([{ change: { summary: "Flag on" } }, { title: "Down", dedupKey: "c", severity: "critical" }]),
    });
    expect(both.status).toBe(202);
    dark.mockRestore();
    await until("the change", async () => (await list(t)).length === 2);
    expect((await t.inbox()).map(({ title }) => title)).toEqual(["Down"]);
  });
});

describe("bounds", () => {
  test("what is over its time goes, and of a tenant's the newest stay", async () => {
    const t = await tenant("chg-bounds");
    const now = Date.now();
    const row = (at: number, n: number): ChangeRow => ({
      id: changeId(at, `${"0".repeat(20)}${String(n).padStart(6, "0")}`),
      key: `k${n}`,
      integration: "in",
      service: null,
      source: "generic",
      at,
      saidAt: at,
      updatedAt: at,
      summary: `n${n}`,
      body: "",
      labels: {},
      links: [],
      dedupKey: null,
    });
    const max = limits.changes.perTenantMax;
    await putChanges(env.DB, t.id, [
      row(now - limits.changes.keepMs - 1_000, 0),
      ...Array.from({ length: max + 5 }, (_, i) => row(now - minute - i, i + 1)),
    ]);
    expect(summaries(await list(t, "?limit=200"))).not.toContain("n0");
    const { tidy } = limits.changes;
    await putChanges(
      env.DB,
      t.id,
      Array.from({ length: tidy.rowsAtOnce }, (_, i) => row(now - limits.changes.keepMs - 2_000 - i, max + 10 + i)),
    );
    await tidyChanges(env.DB, t.id, now);
    const count = await env.DB.prepare("SELECT count(*) AS n FROM changes WHERE tenant = ?").bind(t.id).first<{ n: number }>();
    expect(count?.n).toBe(max);
    expect(summaries(await list(t, "?limit=1"))).toEqual(["n1"]);
  });

  test("of one tenant an isolate takes so many in a minute; the others are dropped, said, and answered as well", async () => {
    const [t, stranger] = [await tenant("chg-flood"), await tenant("chg-calm")];
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const { admit, perBodyMax } = limits.changes;
    const body = JSON.stringify(Array.from({ length: perBodyMax }, (_, i) => ({ change: { summary: `Flag ${i}` } })));
    for (let sent = 0; sent < admit.atOnce + perBodyMax; sent += perBodyMax)
      expect((await ask(`/v1/ingest/${t.key}`, { method: "POST", body })).status).toBe(202);
    await tellInTurn(stranger, { summary: "Deployed" });
    const count = async (): Promise<number> =>
      (await env.DB.prepare("SELECT count(*) AS n FROM changes WHERE tenant = ?").bind(t.id).first<{ n: number }>())?.n ?? 0;
    await until("those that are taken", async () => (await count()) === admit.atOnce);
    await tell(t, { summary: "one more" });
    await tellInTurn(stranger, { summary: "Deployed again" });
    expect(await count()).toBe(admit.atOnce);
    expect(warned.mock.calls.filter(([text]) => text === "more changes than are taken")).toHaveLength(1);
  });

  test("labels and links that are too much for a row are left out, and what has room stays", () => {
    const many = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`l${i}`, "ä".repeat(1_000)]));
    const change = {
      dedupKey: null,
      summary: "s",
      body: "",
      source: "x",
      service: null,
      sourceAt: null,
      labels: many,
      links: [],
    };
    const links = [
      { href: "https://a.example", text: "t".repeat(100_000) },
      { href: "https://b.example", text: "B" },
    ];
    const [clamped] = clampChanges([{ ...change, links }], "x");
    expect(clamped?.links).toEqual([links[1]]);
    const bytes = new TextEncoder().encode(JSON.stringify(clamped?.labels)).length;
    expect(bytes).toBeGreaterThan(limits.changes.partBytesMax / 2);
    expect(bytes).toBeLessThanOrEqual(limits.changes.partBytesMax);
  });

  test("whatever a body holds, it is no 5xx", async () => {
    const t = await tenant("chg-fuzz");
    const random = chance("changes");
    const event = {
      routing_key: t.key,
      payload: { summary: "Deployed", source: "ci", timestamp: "2026-11-20T04:00:00Z", custom_details: { a: { b: 1 } } },
      links: [{ href: "https://ci.example/7", text: "Build" }],
    };
    const change = {
      change: { summary: "Deployed", labels: { a: "b" }, links: [{ href: "https://x.example" }], at: 1, service: "svc" },
    };
    for (let i = 0; i < 25; i++) {
      for (const [path, body] of [
        ["/v2/change/enqueue", mutated(event, random)],
        [`/v1/ingest/${t.key}`, mutated(change, random)],
      ] as const) {
        const text = JSON.stringify(body);
        const answer = await ask(path, { method: "POST", body: text });
        expect(answer.status, text.slice(0, 300)).toBeLessThan(500);
      }
    }
    expect((await list(t, "?limit=200")).every((each) => String(each["summary"]).length <= limits.changes.summaryCharsMax)).toBe(
      true,
    );
  });
});
