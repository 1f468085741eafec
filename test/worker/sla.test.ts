// Service levels and business hours through the whole: the document, an alert, the object's alarms, the lists.

import { afterEach, describe, expect, test, vi } from "vitest";
import { identityOfId } from "../../worker/core/ids.ts";
import { refreshCalendars } from "../../worker/tenant/calendars.ts";
import { api, tenant, until, type TestTenant } from "./hub.ts";
import { env, evictDurableObject, runDurableObjectAlarm } from "./runtime.ts";

const minute = 60_000;
/** A Tuesday: 10:00 in Madrid. */
const morning = Date.UTC(2026, 10, 24, 9);

const more = `
timeZone: Europe/Madrid
businessHours: [ { id: office, hours: [ { days: [MO, TU, WE, TH, FR], from: "09:00", to: "18:00" } ], holidays: [2026-12-25] } ]
slas:
  - id: gold
    name: Gold
    when: 'alert.labels.tier == "gold"'
    respondWithin: 1h
    resolveWithin: 8h
    hours: office
    pauseIn: [snoozed]
    warn: [ { before: 30m, flag: at-risk, notify: [ { user: bo } ], clock: respond }, { at: 50%, policy: managers, clock: resolve } ]
`;
const policies = `policies: [ { id: p, steps: [ { notify: [ { user: ana } ], escalateAfter: 7d } ] }, { id: managers, steps: [ { notify: [ { user: eva } ] } ] } ]`;

async function applied(id: string, extra = ""): Promise<TestTenant> {
  const t = await tenant(id, more.replace("policy: managers", "flag: half"));
  const again = await api("PUT", `/api/v1/tenants/${id}/config`, `tenant: ${id}\n${policies}\n${more}${extra}`);
  if (again.status !== 200) throw new Error(JSON.stringify(again.body));
  return t;
}

function objectOf(t: TestTenant, incident: string) {
  const identity = identityOfId(t.id, null, incident);
  if (identity === null) throw new Error(`no id: ${incident}`);
  return env.INCIDENT.getByName(`v1:-:${t.id}:${identity.hash}`);
}

afterEach(() => void vi.useRealTimers());

describe("a service level", () => {
  test("runs from the document to the warning's page, the policy beside, the breach and the list", async () => {
    vi.setSystemTime(morning);
    const t = await applied("sla-run");
    const { results } = await t.fire({ dedupKey: "a", title: "Down", labels: { tier: "gold" } });
    const incident = results[0]?.incident ?? "";
    await until("ana's page", async () => (await t.inbox())[0]);
    const opened = await t.incident(incident);
    expect(opened["sla"]).toMatchObject([
      {
        id: "gold",
        name: "Gold",
        kind: "respond",
        state: "running",
        at: "2026-11-24T10:00:00.000Z",
        remainingMs: 60 * minute,
        flag: null,
      },
      {
        id: "gold",
        kind: "resolve",
        state: "running",
        deadline: "2026-11-24T17:00:00.000Z",
        hours: "office",
        warnAt: ["2026-11-24T13:00:00.000Z"],
      },
    ]);
    expect(opened["pending"].filter((item: { kind: string }) => item.kind === "sla")).toMatchObject([
      { at: "2026-11-24T09:30:00.000Z" },
      { at: "2026-11-24T10:00:00.000Z" },
      { at: "2026-11-24T13:00:00.000Z" },
      { at: "2026-11-24T17:00:00.000Z" },
    ]);
    await evictDurableObject(objectOf(t, incident));
    vi.setSystemTime(morning + 30 * minute);
    await runDurableObjectAlarm(objectOf(t, incident));
    const page = await until("bo's page", async () => (await t.inbox()).find(({ user }) => user === "bo"));
    expect(page.reason).toContain("SLA Gold: 30 min left to answer");
    expect(await t.incident(incident)).toMatchObject({ flags: ["at-risk"], sla: [{ state: "at-risk", flag: "at-risk" }, {}] });
    vi.setSystemTime(morning + 61 * minute);
    await runDurableObjectAlarm(objectOf(t, incident));
    expect((await t.timeline(incident)).map(({ kind }) => kind)).toContain("sla-breached");
    const acked = await api("POST", `/api/v1/tenants/sla-run/incidents/${incident}/ack`, { as: "ana" });
    expect(acked.body["sla"]).toMatchObject([
      { kind: "respond", state: "breached", met: false, flag: "sla-breached" },
      { state: "running" },
    ]);
    vi.setSystemTime(morning + 4 * 60 * minute);
    await runDurableObjectAlarm(objectOf(t, incident));
    await until("eva's page, by the managers' policy", async () => (await t.inbox()).find(({ user }) => user === "eva"));
    const list = await until("the list", async () => {
      const { body } = await api("GET", "/api/v1/tenants/sla-run/sla");
      return body["items"].length === 2 && body;
    });
    expect(list["items"]).toMatchObject([
      {
        incident,
        kind: "respond",
        state: "breached",
        at: "2026-11-24T10:00:00.000Z",
        remainingMs: -180 * minute,
        severity: "P3",
      },
      { incident, kind: "resolve", state: "at-risk", at: "2026-11-24T17:00:00.000Z", remainingMs: 240 * minute },
    ]);
  });

  test("the list is filtered and paged without a repeat, and works with the database dark", async () => {
    const t = await applied("sla-list");
    const ids: string[] = [];
    for (const dedupKey of ["a", "b", "c"])
      ids.push((await t.fire({ dedupKey, title: dedupKey, labels: { tier: "gold" } })).results[0]?.incident ?? "");
    await t.fire({ dedupKey: "d", title: "d" });
    const list = async (query: string) => (await api("GET", `/api/v1/tenants/sla-list/sla?${query}`)).body;
    await until("all of them", async () => (await list("state=running,paused"))["items"].length === 6);
    expect((await list(""))["items"]).toEqual([]);
    expect((await list("state=running,paused&kind=respond"))["items"].map((each: { incident: string }) => each.incident)).toEqual(
      ids.toSorted(),
    );
    expect((await list("state=running,paused&sla=silver"))["items"]).toEqual([]);
    const seen: string[] = [];
    for (let cursor = ""; ;) {
      const page = await list(`state=running,paused&limit=4${cursor}`);
      seen.push(...page["items"].map((each: { incident: string; kind: string }) => `${each.incident} ${each.kind}`));
      if (page["next"] === null) break;
      cursor = `&cursor=${encodeURIComponent(page["next"])}`;
    }
    expect(new Set(seen).size).toBe(6);
    expect(seen.length).toBe(6);
    const newest = await list("state=running,paused&kind=respond&order=newest");
    expect(newest["items"].map((each: { incident: string }) => each.incident)).toEqual(ids.toSorted().toReversed());
    const page = await list("state=running,paused&order=newest&limit=4");
    const rest = await list(`state=running,paused&order=newest&limit=4&cursor=${encodeURIComponent(page["next"])}`);
    expect([page["items"].length, rest["items"].length, rest["next"]]).toEqual([4, 2, null]);
    await api("POST", "/api/v1/tenants/sla-list/teams", { id: "one", members: ["ana"] });
    await api("POST", "/api/v1/tenants/sla-list/teams", { id: "two", members: ["ana"] });
    await api("PATCH", "/api/v1/tenants/sla-list/services/svc", { team: "one" });
    expect((await list("state=running,paused&team=one"))["items"].length).toBe(6);
    expect((await list("state=running,paused&team=two"))["items"]).toEqual([]);
    expect((await list("state=running,paused&team=one&service=other"))["items"]).toEqual([]);
    expect(await api("GET", "/api/v1/tenants/sla-list/sla?state=late")).toMatchObject({ status: 422 });
    vi.spyOn(env.DB, "prepare").mockImplementation(() => {
      throw new Error("dark");
    });
    try {
      const dark = await list("state=running,paused&kind=resolve");
      expect(dark).toMatchObject({ degraded: true, next: null });
      expect(dark["items"].length).toBe(3);
    } finally {
      vi.restoreAllMocks();
    }
  });

  test("a snooze stops the clock, and incidents can be listed by flag", async () => {
    vi.setSystemTime(morning);
    const t = await applied("sla-flag");
    const incident = (await t.fire({ dedupKey: "a", title: "Down", labels: { tier: "gold" } })).results[0]?.incident ?? "";
    vi.setSystemTime(morning + 40 * minute);
    await runDurableObjectAlarm(objectOf(t, incident));
    const flagged = async (flag: string) => (await api("GET", `/api/v1/tenants/sla-flag/incidents?flag=${flag}`)).body["items"];
    await until("the flag in the list", async () => (await flagged("at-risk")).length === 1);
    expect(await flagged("sla-breached")).toEqual([]);
    const snoozed = await api("POST", `/api/v1/tenants/sla-flag/incidents/${incident}/snooze`, { for: "2h", as: "ana" });
    expect(snoozed.body["sla"]).toMatchObject([
      { kind: "respond", state: "met", remainingMs: 20 * minute },
      { kind: "resolve", state: "paused", deadline: null, remainingMs: 8 * 60 * minute - 40 * minute },
    ]);
  });
});

test("a simulation tells the clocks and whom their warnings page", async () => {
  await applied("sla-sim");
  const alert = { title: "Down", labels: { tier: "gold" } };
  const { body } = await api("POST", "/api/v1/tenants/sla-sim/simulate", {
    integration: "in",
    alert,
    at: "2026-11-24T09:00:00Z",
  });
  expect(body["alerts"][0]["sla"]).toEqual([
    { id: "gold", kind: "respond", at: "2026-11-24T10:00:00.000Z", warnAt: ["2026-11-24T09:30:00.000Z"] },
    { id: "gold", kind: "resolve", at: "2026-11-24T17:00:00.000Z", warnAt: ["2026-11-24T13:00:00.000Z"] },
  ]);
  const plan = body["alerts"][0]["plan"] as { readonly at: string; readonly user: string }[];
  expect(plan.map(({ at, user }) => `${at.slice(11, 16)} ${user}`)).toEqual(["09:00 ana", "09:30 bo", "13:00 eva"]);
});

describe("business hours in the document", () => {
  test("given back and applied again, they change nothing; an edited calendar reaches a running clock", async () => {
    vi.setSystemTime(morning);
    const t = await applied("sla-doc");
    const incident = (await t.fire({ dedupKey: "a", title: "Down", labels: { tier: "gold" } })).results[0]?.incident ?? "";
    const config = await api("GET", "/api/v1/tenants/sla-doc/config");
    const again = await api("PUT", "/api/v1/tenants/sla-doc/config?dryRun=true", config.body["text"] ?? config.body);
    expect(again.body).toMatchObject({ changes: [] });
    const holiday = more.replace("2026-12-25", "2026-11-24");
    await api("PUT", "/api/v1/tenants/sla-doc/config", `tenant: sla-doc\n${holiday}`);
    vi.setSystemTime(morning + 30 * minute);
    await runDurableObjectAlarm(objectOf(t, incident));
    // Closed today: an hour of tomorrow, which begins at 09:00 in Madrid.
    expect((await t.incident(incident))["sla"][0]).toMatchObject({
      kind: "respond",
      state: "running",
      at: "2026-11-25T09:00:00.000Z",
    });
    expect(
      (await t.timeline(incident)).find(({ kind, reason }) => kind === "sla" && reason.includes("office was edited")),
    ).toBeDefined();
  });

  test("holidays come from a calendar too: kept when it fails, asked how it fares, and gone with its address", async () => {
    const t = await applied("sla-ical");
    const url = "https://calendar.test/holidays.ics";
    const office = (ical: string): string =>
      `tenant: sla-ical\nbusinessHours: [ { id: office, hours: [ { days: [TU], from: "09:00", to: "18:00" } ], holidays: [2026-12-01]${ical} } ]\n`;
    await api("PUT", `/api/v1/tenants/${t.id}/config`, office(`, ical: { url: "${url}" }`));
    const state = async () =>
      (await api("GET", `/api/v1/tenants/${t.id}/business-hours/office/state?at=2026-11-24T10:00:00Z`)).body;
    expect(await state()).toMatchObject({
      open: true,
      nextClosing: "2026-11-24T17:00:00.000Z",
      nextOpening: "2026-12-08T08:00:00.000Z",
      holidays: ["2026-12-01"],
      calendar: null,
    });
    const feed = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Day off\r\nDTSTART;VALUE=DATE:20261124\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
    const round = async (minutes: number, answer: () => Response): Promise<void> => {
      vi.stubGlobal("fetch", async () => answer());
      await refreshCalendars(env, Date.now() + minutes * minute);
      vi.unstubAllGlobals();
    };
    await round(10, () => new Response(feed));
    expect(await state()).toMatchObject({
      open: false,
      holidays: ["2026-11-24", "2026-12-01"],
      calendar: { error: null, notes: [] },
    });
    await round(20, () => new Response("no", { status: 503 }));
    expect(await state()).toMatchObject({ open: false, calendar: { error: "the answer was 503" } });
    await api("PUT", `/api/v1/tenants/${t.id}/config`, office(""));
    expect(await state()).toMatchObject({ open: true, holidays: ["2026-12-01"] });
  });

  test("a service's urgency by the hour: low at night, high when the office opens", async () => {
    const night = Date.UTC(2026, 10, 24, 2);
    vi.setSystemTime(night);
    const t = await applied(
      "sla-hour",
      "services: [ { id: svc, policy: p, urgency: { inHours: high, outOfHours: low, hours: office } } ]\n",
    );
    const incident = (await t.fire({ dedupKey: "a", title: "Down" })).results[0]?.incident ?? "";
    expect(await t.incident(incident)).toMatchObject({ urgency: "low", urgencyRisesAt: "2026-11-24T08:00:00.000Z" });
    await until("ana's page", async () => (await t.inbox())[0]);
    vi.setSystemTime(Date.UTC(2026, 10, 24, 8));
    await runDurableObjectAlarm(objectOf(t, incident));
    await until("ana's page again", async () => (await t.inbox()).length === 2);
    expect(await t.incident(incident)).toMatchObject({ urgency: "high", urgencyRisesAt: null });
  });
});
