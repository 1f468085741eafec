// Maintenance windows and silences on the real runtime: from the document and by hand, kept whatever a document says, told to
// the incidents they mute, and the reminder of a silence's owner.

import { afterEach, describe, expect, test, vi } from "vitest";
import { alertIdentity, identityOfId, objectName } from "../../worker/core/ids.ts";
import { api, tenant, until, type TestTenant } from "./hub.ts";
import { env, runDurableObjectAlarm } from "./runtime.ts";

const minute = 60_000;
const hour = 60 * minute;

afterEach(() => void vi.useRealTimers());

function objectOf(t: TestTenant, incident: string) {
  const identity = identityOfId(t.id, null, incident);
  if (identity === null) throw new Error(`no id: ${incident}`);
  return env.INCIDENT.getByName(objectName(identity));
}

const iso = (ms: number): string => new Date(ms).toISOString();
const paged = (t: TestTenant): Promise<unknown> => until("a page", async () => (await t.inbox())[0]);

describe("maintenance", () => {
  test("of the document mutes what it matches, says so on the incident, and pages at its end what still fires", async () => {
    const now = Date.now();
    const t = await tenant(
      "mw-doc",
      `maintenance: [ { id: db-upgrade, to: "${iso(now + hour)}", when: 'alert.labels.cluster == "db"' } ]`,
    );
    const other = await t.fire({ dedupKey: "a", title: "Other", labels: { cluster: "web" } });
    expect(other.results[0]?.action).toBe("triggered");
    await paged(t);
    const { results } = await t.fire({ dedupKey: "b", title: "DB", labels: { cluster: "db" } });
    expect(results[0]).toMatchObject({ action: "suppressed", reason: expect.stringMatching(/^maintenance db-upgrade until /) });
    const incident = results[0]?.incident ?? "";
    const shown = await t.incident(incident);
    expect(shown).toMatchObject({
      status: "suppressed",
      mutes: [{ kind: "maintenance", id: "db-upgrade", until: iso(now + hour), atEnd: "page" }],
    });
    expect((shown["pending"] as { kind: string; at: string; user: string }[]).slice(0, 4)).toMatchObject([
      { kind: "mute-end", at: iso(now + hour) },
      { kind: "hold-end" },
      { kind: "escalate" },
      { kind: "page", user: "ana" },
    ]);
    vi.setSystemTime(now + hour + 1_000);
    await runDurableObjectAlarm(objectOf(t, incident));
    await until("the second page", async () => (await t.inbox()).length === 2);
    expect((await t.timeline(incident)).map((entry) => entry.kind).slice(0, 5)).toEqual([
      "opened",
      "suppressed",
      "unmuted",
      "promoted",
      "step",
    ]);
  });

  test("made at run time it starts now; ended early the incidents it mutes page at once", async () => {
    const t = await tenant("mw-hand");
    const path = "/api/v1/tenants/mw-hand/maintenance";
    const made = await api("POST", path, { id: "now", to: iso(Date.now() + hour), when: 'alert.title == "Quiet"' });
    expect(made.status).toBe(201);
    const { results } = await t.fire({ dedupKey: "a", title: "Quiet" });
    expect(results[0]?.action).toBe("suppressed");
    const extended = await api("POST", `${path}/now/extend`, { for: "3h" });
    expect(extended).toMatchObject({ status: 200, body: { id: "now", extended: { to: expect.any(String) } } });
    await until("the incident to hear of it", async () => {
      const { mutes } = await t.incident(results[0]?.incident ?? "");
      return Date.parse(mutes[0]?.until) > Date.now() + 2 * hour;
    });
    expect((await t.inbox()).length).toBe(0);
    expect((await api("POST", `${path}/now/end`, {})).status).toBe(200);
    await paged(t);
    expect((await api("POST", `${path}/now/end`, {})).status).toBe(409);
    // Nothing of it mutes a new alert.
    expect((await t.fire({ dedupKey: "b", title: "Quiet" })).results[0]?.action).toBe("triggered");
  });

  test("what was made or ended by hand is kept by a document, unless it prunes it", async () => {
    const t = await tenant("mw-keep", `maintenance: [ { id: doc, to: "${iso(Date.now() + hour)}" } ]`);
    const path = "/api/v1/tenants/mw-keep";
    await api("POST", `${path}/maintenance`, { id: "hand", to: iso(Date.now() + hour), when: "false" });
    await api("POST", `${path}/maintenance/doc/end`, {});
    const list = async (): Promise<string[]> => {
      const { body } = await api("GET", `${path}/maintenance`);
      return (body["items"] as { id: string; endedAt?: string }[]).map((each) => `${each.id}${each.endedAt ? " ended" : ""}`);
    };
    const document = `tenant: mw-keep\nmaintenance: [ { id: doc, to: "${iso(Date.now() + hour)}" } ]\n`;
    expect((await api("PUT", `${path}/config`, document)).status).toBe(200);
    expect(await list()).toEqual(["doc ended", "hand"]);
    expect((await t.fire({ dedupKey: "a", title: "A" })).results[0]?.action).toBe("triggered");
    expect((await api("PUT", `${path}/config?prune=maintenance`, document)).status).toBe(200);
    expect(await list()).toEqual(["doc"]);
  });

  test("the document given back and applied again changes nothing", async () => {
    await tenant("mw-same", `maintenance: [ { id: w, from: "2026-12-06T02:00", to: "2026-12-06T05:00", rrule: "FREQ=WEEKLY" } ]`);
    const given = await api("GET", "/api/v1/tenants/mw-same/config");
    const again = await api("PUT", "/api/v1/tenants/mw-same/config?dryRun=true", String(given.body["text"]));
    expect(again.body).toMatchObject({ changes: [] });
  });

  test("what cannot be is refused with what to do", async () => {
    const refused = async (part: string): Promise<string> => {
      const answer = await api("PUT", "/api/v1/tenants/mw-bad/config", `tenant: mw-bad\nmaintenance: [ { id: w, ${part} } ]\n`);
      return `${answer.status} ${answer.body["errors"]?.[0]?.message}`;
    };
    expect(await refused(`from: 2026-12-02T02:00, to: 2026-12-01T22:00`)).toMatch(/^422 the end is not after/);
    expect(await refused(`from: 2026-13-01T02:00, to: 2026-12-01T22:00`)).toMatch(/^422 a time such as/);
    expect(await refused(`from: 2026-12-01T02:00, to: 2026-12-01T22:00, rrule: "EVERY DAY"`)).toMatch(
      /^422 a rule begins with FREQ=/,
    );
    expect(await refused(`to: 2026-12-01T22:00, rrule: "FREQ=DAILY"`)).toMatch(/^422 a window that recurs has a beginning/);
    expect(await refused(`to: 2026-12-01T22:00, when: 'alert.title ='`)).toMatch(/^422/);
  });
});

describe("silences", () => {
  test("expire by themselves, and what still fires pages", async () => {
    const now = Date.now();
    const t = await tenant(
      "sil",
      `silences: [ { id: s, when: 'alert.labels.host == "h1"', until: "${iso(now + hour)}", reason: known } ]`,
    );
    const { results } = await t.fire({ dedupKey: "a", title: "A", labels: { host: "h1" } });
    expect(results[0]).toMatchObject({ action: "suppressed", reason: expect.stringMatching(/^silence s until .* \(known\)$/) });
    vi.setSystemTime(now + hour + 1_000);
    await runDurableObjectAlarm(objectOf(t, results[0]?.incident ?? ""));
    await paged(t);
    expect((await t.fire({ dedupKey: "b", title: "B", labels: { host: "h1" } })).results[0]?.action).toBe("triggered");
  });

  test("the owner is reminded before the end, by a page of low urgency; a silence made longer has another reminder", async () => {
    const now = Date.now();
    const t = await tenant("sil-remind");
    const path = "/api/v1/tenants/sil-remind/silences";
    const end = now + 4 * hour;
    expect((await api("POST", path, { id: "s", when: "false", until: iso(end), owner: "bo" })).status).toBe(201);
    const reminder = (at: number) =>
      env.INCIDENT.getByName(objectName(alertIdentity("sil-remind", null, "tocsin", `tocsin:silence:s:${at}`)));
    const first = await until("the reminder", async () => reminder(end).current());
    expect(first).toMatchObject({ episode: { status: "suppressed", urgency: "low" } });
    const longer = end + 2 * hour;
    expect((await api("POST", `${path}/s/extend`, { until: iso(longer) })).status).toBe(200);
    await until("the second reminder", async () => reminder(longer).current());
    vi.setSystemTime(end - 29 * minute);
    await runDurableObjectAlarm(reminder(end));
    await until("the first to be over", async () => (await reminder(end).current()) === null);
    expect((await t.inbox()).length).toBe(0);
    vi.setSystemTime(longer - 29 * minute);
    await runDurableObjectAlarm(reminder(longer));
    const page = await until("bo's page", async () => (await t.inbox())[0]);
    expect(page).toMatchObject({ user: "bo", title: expect.stringMatching(/^Silence s ends at /) });
    vi.setSystemTime(longer + minute);
    await runDurableObjectAlarm(reminder(longer));
    await until("it to close with the silence", async () => (await reminder(longer).current()) === null);
  });
});
