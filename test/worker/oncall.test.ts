// On call through the real doors: the document, who is on call, overrides in force when they are answered, drafts, calendars.

import { beforeAll, describe, expect, test, vi } from "vitest";
import { refreshCalendars } from "../../worker/tenant/calendars.ts";
import { api, ask, migrate, tenant, until, type Json } from "./hub.ts";
import { env } from "./runtime.ts";

const at = (path: string): string => `/api/v1/tenants/${path}`;
const hour = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();

/** Ana and Bo by the week, handed over Mondays 09:00 in Madrid; Eva is on call when nobody is. */
const sre = (more = ""): string => `
schedules:
  - id: sre
    name: SRE
    team: ops
    timeZone: Europe/Madrid
    layers:
      - { id: primary, start: 2026-01-05T09:00, rotation: { every: 1w }, users: [ana, bo] }
    ${more}
teams: [ { id: ops, members: [ana, bo] } ]
`;

async function put(id: string, text: string, query = ""): Promise<{ status: number; body: Json }> {
  await migrate();
  return api("PUT", at(`${id}/config${query}`), text);
}

const people =
  "users: [ { id: ana, name: Ana Ruiz, email: ana@acme.test, contacts: [ { id: phone, via: inbox } ] }, { id: bo, name: Bo, contacts: [ { id: phone, via: inbox } ] }, { id: eva } ]";

describe("who is on call", () => {
  beforeAll(async () => {
    await put("oc", `tenant: oc\n${people}\n${sre("fallback: { user: eva }")}`);
  });

  test("the shape others rely on, with the reason", async () => {
    const { body } = await api("GET", at("oc/oncall?at=2026-02-03T12:00:00Z&schedule=sre"));
    expect(body).toMatchObject({
      at: "2026-02-03T12:00:00.000Z",
      items: [
        {
          schedule: "sre",
          users: ["ana"],
          from: "2026-02-02T08:00:00.000Z",
          to: "2026-02-09T08:00:00.000Z",
          why: { layer: "primary", override: null, rule: "weekly, handed over Mondays 09:00 Europe/Madrid" },
          next: { users: ["bo"], from: "2026-02-09T08:00:00.000Z" },
        },
      ],
    });
    expect((await api("GET", at("oc/oncall?team=ops"))).body["items"]).toHaveLength(1);
    expect((await api("GET", at("oc/oncall?schedule=nope"))).status).toBe(404);
    expect((await api("GET", at("oc/oncall?team=nope"))).status).toBe(404);
  });

  test("shifts over a clock change, gaps, each layer's own in plain words", async () => {
    const { body } = await api(
      "GET",
      at("oc/schedules/sre/shifts?from=2026-03-23T08:00:00Z&to=2026-04-06T07:00:00Z&layers=true"),
    );
    expect(body).toMatchObject({
      items: [
        { from: "2026-03-23T08:00:00.000Z", to: "2026-03-30T07:00:00.000Z", users: ["bo"], layer: "primary", override: null },
        { from: "2026-03-30T07:00:00.000Z", to: "2026-04-06T07:00:00.000Z", users: ["ana"] },
      ],
      gaps: [],
      layers: [{ layer: "primary", shadow: false, summary: "Ana Ruiz and Bo, weekly, handed over Mondays 09:00 Europe/Madrid" }],
    });
    expect(
      (await api("GET", at("oc/schedules/sre/shifts?from=2026-03-23T08:00:00Z&to=2026-03-22T08:00:00Z"))).body,
    ).toMatchObject({
      status: 422,
      errors: [{ path: "to" }],
    });
    expect((await api("GET", at("oc/schedules/sre/shifts?from=2026-03-23T08:00:00Z&to=2028-03-23T08:00:00Z"))).status).toBe(422);
  });

  test("the fallback before it begins, said step by step", async () => {
    const { body } = await api("GET", at("oc/schedules/sre/explain?at=2026-01-01T12:00:00Z"));
    expect(body["users"]).toEqual(["eva"]);
    expect(body["steps"].map((step: Json) => step["text"])).toEqual([
      "It is Thursday 2026-01-01 13:00 in Europe/Madrid.",
      "Layer primary (weekly, handed over Mondays 09:00 Europe/Madrid) is off duty until 2026-01-05 09:00.",
      "Nobody else is on call, so the fallback is: eva.",
      "On call: eva until 2026-01-05 09:00.",
    ]);
  });

  test("one person's shifts, and how much falls to whom", async () => {
    const range = "from=2026-02-02T08:00:00Z&to=2026-02-16T08:00:00Z";
    expect((await api("GET", at(`oc/users/bo/shifts?${range}`))).body["items"]).toMatchObject([
      { schedule: "sre", from: "2026-02-09T08:00:00.000Z", to: "2026-02-16T08:00:00.000Z", users: ["bo"] },
    ]);
    expect((await api("GET", at("oc/users/nobody/shifts"))).status).toBe(404);
    // Ana's clock is UTC: a week holds seven nights of 8 h and a weekend of 48 h.
    expect((await api("GET", at(`oc/oncall/load?${range}`))).body["items"]).toMatchObject([
      { user: "ana", hours: 168, nightHours: 56, weekendHours: 48, holidayHours: 0, shifts: 1 },
      { user: "bo", hours: 168 },
    ]);
  });

  test("a document applied again changes nothing, in either form", async () => {
    const response = await ask(at("oc/config"), { headers: { authorization: "Bearer test-admin-token" } });
    expect((await put("oc", await response.text())).body).toMatchObject({ changes: [] });
  });
});

test.each([
  ["users: [ana, boo]", "schedules[0].layers[0].users[1]", "bo"],
  ["users: [ana], rotation: { every: 0w }", "schedules[0].layers[0].rotation.every", undefined],
  ["users: [ana], rotation: { rrule: FREQ=SECONDLY }", "schedules[0].layers[0].rotation.rrule", undefined],
  [
    "users: [ana], restrictions: [ { days: [MO], from: 9, to: '17:00' } ]",
    "schedules[0].layers[0].restrictions[0].from",
    undefined,
  ],
  ["users: [ana], rotation: { rrule: FREQ=HOURLY }", "schedules[0].layers[0].rotation.rrule", undefined],
  ["users: [ana], rotation: { rrule: 'FREQ=WEEKLY;BYDAY=MX' }", "schedules[0].layers[0].rotation.rrule", undefined],
  ["users: [ana], end: 2026-01-01T00:00", "schedules[0].layers[0].end", undefined],
  ["users: [ana], strt: 1", "schedules[0].layers[0].strt", "start"],
])("a schedule that cannot be is refused at its place (%#)", async (words, path, nearest) => {
  const layer = words.includes("start:") ? words : `start: 2026-01-05T09:00, ${words}`;
  const { status, body } = await put(
    "oc-errs",
    `tenant: oc-errs\n${people}\nschedules: [ { id: s, layers: [ { id: l, ${layer} } ] } ]\n`,
  );
  expect(status).toBe(422);
  expect(body["errors"][0]).toMatchObject({ path, ...(nearest === undefined ? {} : { nearest }), line: expect.any(Number) });
});

test.each([
  ["kind: replace, user: bo, from: 2026-01-01T00:00, to: 2026-01-02T00:00", "replaces"],
  ["kind: add, from: 2026-01-01T00:00, to: 2026-01-02T00:00", "user"],
  ["kind: add, user: bo, from: 2026-01-02T00:00, to: 2026-01-01T00:00", "to"],
  ["kind: add, user: bo, layers: [primry], from: 2026-01-01T00:00, to: 2026-01-02T00:00", "layers[0]"],
])("an override of the document that cannot be is refused (%#)", async (words, field) => {
  const { body } = await put("oc-errs2", `tenant: oc-errs2\n${people}\n${sre(`overrides: [ { id: o, ${words} } ]`)}`);
  expect(body["errors"]).toMatchObject([{ path: `schedules[0].overrides[0].${field}` }]);
});

test("whoever stands in is paged from the moment the override is answered", async () => {
  const started = iso(Date.now() - 24 * hour).slice(0, 16);
  const t = await tenant("oc-page", `schedules: [ { id: s, layers: [ { id: l, start: ${started}, users: [ana] } ] } ]`);
  const policies = "tenant: oc-page\npolicies: [ { id: p, steps: [ { notify: [ { schedule: s } ], escalateAfter: 5m } ] } ]\n";
  expect((await put("oc-page", policies)).status).toBe(200);
  await t.fire({ dedupKey: "a", title: "A" });
  await until("Ana's page", async () => (await t.inbox()).some((page) => page.user === "ana"));
  const to = iso(Date.now() + hour);
  const made = await api("POST", at("oc-page/schedules/s/overrides"), { kind: "replace", user: "bo", replaces: "ana", to });
  expect(made).toMatchObject({ status: 201, body: { kind: "replace", user: "bo", state: "current", meta: { inForce: true } } });
  await t.fire({ dedupKey: "b", title: "B" });
  const page = await until("Bo's page", async () => (await t.inbox()).find((each) => each.user === "bo"));
  expect(page.reason).toContain(made.body["id"]);
  expect((await t.inbox()).filter((each) => each.title === "B").map((each) => each.user)).toEqual(["bo"]);
  // Ended: the next page is Ana's again, and what was is still told.
  expect((await api("DELETE", at(`oc-page/schedules/s/overrides/${made.body["id"]}`))).status).toBe(204);
  await t.fire({ dedupKey: "c", title: "C" });
  await until("Ana's next page", async () => (await t.inbox()).some((each) => each.user === "ana" && each.title === "C"));
  const was = made.body["from"] as string;
  expect((await api("GET", at(`oc-page/oncall?schedule=s&at=${was}`))).body["items"]).toMatchObject([{ users: ["bo"] }]);
});

describe("overrides", () => {
  const place = at("oc-ovr/schedules/sre/overrides");
  beforeAll(async () => {
    await put(
      "oc-ovr",
      `tenant: oc-ovr\n${people}\n${sre("overrides: [ { id: vac, kind: take-over, user: bo, from: 2126-08-03T09:00, to: 2126-08-10T09:00 } ]")}`,
    );
  });

  test("those of the document and those made by hand are one list", async () => {
    const from = iso(Date.now() + 24 * hour);
    const to = iso(Date.now() + 48 * hour);
    expect(await api("POST", place, { id: "swap", kind: "add", user: "eva", from, to })).toMatchObject({
      status: 201,
      body: { from, to },
    });
    expect((await api("GET", place)).body["items"]).toMatchObject([
      { id: "swap", state: "future", origin: "runtime", createdBy: "hub-owner" },
      { id: "vac", origin: "document", from: "2126-08-03T07:00:00.000Z" },
    ]);
    expect((await api("GET", at(`oc-ovr/oncall?schedule=sre&at=${from}`))).body["items"][0].users).toContain("eva");
  });

  test("kept whatever the document says, unless it is told to prune them", async () => {
    await put("oc-ovr", `tenant: oc-ovr\n${people}\n${sre()}`);
    expect((await api("GET", place)).body["items"]).toMatchObject([{ id: "swap" }]);
    const planned = await put("oc-ovr", `tenant: oc-ovr\n${sre()}`, "?dryRun=true&prune=overrides");
    expect(planned.body["changes"]).toMatchObject([{ op: "remove", kind: "overrides", id: "sre/swap", after: null }]);
    expect(planned.body["changes"]).toHaveLength(1);
    await put("oc-ovr", `tenant: oc-ovr\n${sre()}`, "?prune=overrides");
    expect((await api("GET", place)).body["items"]).toEqual([]);
  });

  test.each([
    [{ kind: "replace", user: "bo" }, "replaces"],
    [{ kind: "replace", user: "nobody", replaces: "ana" }, "user"],
    [{ kind: "clear", user: "bo" }, "user"],
    [{ kind: "add", user: "bo", layers: ["nope"] }, "layers"],
    [{ kind: "add", user: "bo", to: "2020-01-01T00:00:00Z" }, "to"],
    [{ kind: "swap", user: "bo" }, "kind"],
  ])("one that cannot be is refused with its field (%#)", async (words, field) => {
    const refused = await api("POST", place, { to: iso(Date.now() + hour), ...words });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ in: "body", path: field }] } });
  });

  test("before it begins all of it can change, while it runs only its end, after that nothing", async () => {
    const future = { kind: "add", user: "eva", from: iso(Date.now() + hour), to: iso(Date.now() + 2 * hour) };
    const { id } = (await api("POST", place, future)).body;
    expect(await api("PATCH", `${place}/${id}`, { user: "bo" })).toMatchObject({ status: 200, body: { user: "bo" } });
    expect((await api("DELETE", `${place}/${id}`)).status).toBe(204);
    expect((await api("GET", `${place}?past=true`)).body["items"].map((each: Json) => each["id"])).not.toContain(id);
    const running = (await api("POST", place, { kind: "add", user: "eva", to: iso(Date.now() + hour) })).body["id"];
    expect(await api("PATCH", `${place}/${running}`, { user: "bo" })).toMatchObject({ status: 409 });
    const to = iso(Date.now() + 3 * hour);
    expect(await api("PATCH", `${place}/${running}`, { to })).toMatchObject({ status: 200, body: { to } });
    // The same again for the same person is a mistake.
    expect((await api("POST", place, { kind: "add", user: "eva", to })).status).toBe(422);
    expect((await api("DELETE", `${place}/${running}`)).status).toBe(204);
    expect((await api("DELETE", `${place}/${running}`)).status).toBe(409);
    expect((await api("DELETE", `${place}/never-was`)).status).toBe(404);
    expect((await api("GET", `${place}?past=true`)).body["items"]).toMatchObject([{ id: running, state: "past" }]);
  });

  test("many at once are all in force", async () => {
    const hours = [1, 2, 3, 4, 5, 6];
    const made = await Promise.all(
      hours.map((n) =>
        api("POST", place, {
          id: `n${n}`,
          kind: "add",
          user: "eva",
          from: iso(Date.now() + n * 24 * hour),
          to: iso(Date.now() + (n * 24 + 1) * hour),
        }),
      ),
    );
    expect(made.map((each) => each.status)).toEqual(hours.map(() => 201));
    expect((await api("GET", place)).body["items"].map((each: Json) => each["id"])).toEqual(hours.map((n) => `n${n}`));
  });

  test("one of the document is changed where it stands", async () => {
    await put(
      "oc-doc",
      `tenant: oc-doc\n${people}\n${sre("overrides: [ { id: vac, kind: take-over, user: bo, from: 2126-08-03T09:00, to: 2126-08-10T09:00 } ]")}`,
    );
    const one = at("oc-doc/schedules/sre/overrides/vac");
    expect(await api("PATCH", one, { to: "2126-08-05T07:00:00Z" })).toMatchObject({ status: 200, body: { origin: "document" } });
    const { body } = await api("GET", at("oc-doc/schedules/sre"));
    expect(body["overrides"]).toMatchObject([{ id: "vac", from: "2126-08-03T09:00", to: "2126-08-05T09:00" }]);
    expect((await api("DELETE", one)).status).toBe(204);
    expect((await api("GET", at("oc-doc/schedules/sre"))).body["overrides"]).toEqual([]);
  });
});

describe("an edit of the members", () => {
  const started = iso(Date.now() - 3 * 24 * hour).slice(0, 16);
  const document = (users: string, more = ""): string =>
    `tenant: oc-edit\n${people}\nschedules: [ { id: s, ${more} layers: [ { id: l, start: ${started}, rotation: { every: 1w }, users: ${users} } ] } ]\n`;
  const now = async (): Promise<Json> => (await api("GET", at("oc-edit/oncall?schedule=s"))).body["items"][0];

  test("keeps who is on call, and goes on from there; the past stays", async () => {
    await put("oc-edit", document("[ana, bo]"));
    const before = await now();
    expect(before).toMatchObject({ users: ["ana"], next: { users: ["bo"] } });
    expect((await put("oc-edit", document("[eva, bo, ana]"))).status).toBe(200);
    expect(await now()).toMatchObject({ users: ["ana"], next: { users: ["eva"], from: before["to"] } });
    expect((await put("oc-edit", document("[eva, bo, ana]"))).body).toMatchObject({ changes: [] });
    // Taken off the list: the next of the old order has the rest of the turn.
    await put("oc-edit", document("[eva, bo]"));
    expect(await now()).toMatchObject({ users: ["eva"], next: { users: ["bo"] } });
    expect((await api("GET", at(`oc-edit/oncall?schedule=s&at=${iso(Date.now() - 24 * hour)}`))).body["items"][0].users).toEqual([
      "ana",
    ]);
  });

  test("can wait for the end of the shift", async () => {
    const { to } = await now();
    await put("oc-edit", document("[ana]", "rollout: after-shift,"));
    expect(await now()).toMatchObject({ users: ["eva"], to });
    expect((await api("GET", at(`oc-edit/oncall?schedule=s&at=${to}`))).body["items"][0].users).toEqual(["ana"]);
  });

  test("a draft shows the next handoffs before and after, and saves nothing", async () => {
    await put("oc-draft", document("[ana, bo]").replace("oc-edit", "oc-draft"));
    const draft = { layers: [{ id: "l", start: started, rotation: { every: "1d" }, users: ["ana", "bo"] }], weeks: 2 };
    const { status, body } = await api("POST", at("oc-draft/schedules/s/preview"), draft);
    expect(status).toBe(200);
    expect(body["before"].handoffs.slice(0, 2).map((each: Json) => each["users"])).toEqual([["ana"], ["bo"]]);
    expect(body["after"].handoffs[0].users).toEqual(["ana"]);
    expect(body["after"].handoffs.length).toBe(9);
    expect(body["changes"].length).toBeGreaterThan(3);
    expect((await api("GET", at("oc-draft"))).body).toMatchObject({ version: 1 });
    const nothing = await api("POST", at("oc-draft/schedules/s/preview"), { weeks: 2 });
    expect(nothing.body).toMatchObject({ changes: [] });
    expect(nothing.body["after"].handoffs).toEqual(nothing.body["before"].handoffs);
    const wrong = { layers: [{ id: "l", start: started, users: ["nobody"] }] };
    expect(await api("POST", at("oc-draft/schedules/s/preview"), wrong)).toMatchObject({
      status: 422,
      body: { errors: [{ path: "layers[0].users[0]" }] },
    });
    const fresh = await api("POST", at("oc-draft/schedules/new-one/preview"), { layers: draft.layers });
    expect(fresh.body).toMatchObject({ before: null, after: { items: expect.any(Array) } });
  });
});

describe("calendar feeds", () => {
  test("a person's and a schedule's, by an address shown once; revoked, it is gone", async () => {
    await put("oc-feed", `tenant: oc-feed\n${people}\n${sre()}`);
    const made = await api("POST", at("oc-feed/users/ana/feeds"));
    expect(made.status).toBe(201);
    const path = new URL(made.body["url"]).pathname;
    const feed = await ask(path);
    expect(feed.headers.get("content-type")).toBe("text/calendar; charset=utf-8");
    const text = await feed.text();
    expect(text).toContain("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
    expect(text).toContain("SUMMARY:On call: SRE\r\n");
    for (const line of text.split("\r\n")) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    const uids = [...text.matchAll(/^UID:(.*)\r$/gm)].map((found) => found[1]);
    expect(new Set(uids).size).toBe(uids.length);
    expect([...(await (await ask(path)).text()).matchAll(/^UID:(.*)\r$/gm)].map((found) => found[1])).toEqual(uids);
    const whole = await api("POST", at("oc-feed/schedules/sre/feeds"));
    expect(await (await ask(new URL(whole.body["url"]).pathname)).text()).toContain("SUMMARY:Bo (SRE)");
    expect((await api("GET", at("oc-feed/users/ana/feeds"))).body["items"]).toMatchObject([{ id: made.body["id"] }]);
    expect(
      JSON.stringify((await env.DB.prepare("SELECT * FROM feed_keys WHERE tenant = 'oc-feed'").all()).results),
    ).not.toContain(path.slice(9, -4));
    expect((await api("DELETE", at(`oc-feed/users/ana/feeds/${made.body["id"]}`))).status).toBe(204);
    expect((await ask(path)).status).toBe(404);
    expect((await api("DELETE", at(`oc-feed/users/ana/feeds/${made.body["id"]}`))).status).toBe(404);
    expect((await ask("/v1/ical/oc-feed.tk_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.ics")).status).toBe(404);
    expect((await ask("/v1/ical/anything")).status).toBe(404);
    expect((await api("GET", at("oc-feed/audit"))).body["items"].map((each: Json) => each["action"])).toContain("feeds.revoke");
  });
});

describe("a calendar as the source of shifts", () => {
  const url = "https://calendar.test/on-call.ics";
  const event = (summary: string): string =>
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Europe/Madrid:20260105T090000\r\nDTEND;TZID=Europe/Madrid:20260105T170000\r\nRRULE:FREQ=WEEKLY\r\nSUMMARY:${summary}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
  const serve = (answer: () => Response): void => {
    vi.stubGlobal(
      "fetch",
      vi.fn<() => Promise<Response>>(async () => answer()),
    );
  };
  const users = async (time: string): Promise<unknown> =>
    (await api("GET", at(`oc-cal/oncall?schedule=s&at=${time}`))).body["items"][0].users;
  const state = async (): Promise<Json> => (await api("GET", at("oc-cal/schedules/s/shifts"))).body["calendar"];

  test("is fetched by the sweep, kept when it fails, and says how old it is", async () => {
    await put("oc-cal", `tenant: oc-cal\n${people}\nschedules: [ { id: s, ical: { url: "${url}" } } ]\n`);
    expect(await state()).toMatchObject({ fetchedAt: null, ageSeconds: null });
    let now = Date.now();
    const round = async (answer: () => Response): Promise<void> => {
      serve(answer);
      await refreshCalendars(env, (now += 6 * 60_000));
      vi.unstubAllGlobals();
    };
    await round(() => new Response(event("Ana Ruiz"), { headers: { etag: '"1"' } }));
    expect(await users("2026-02-02T10:00:00Z")).toEqual(["ana"]);
    expect(await users("2026-02-02T20:00:00Z")).toEqual([]);
    expect(await state()).toMatchObject({ events: 1, error: null, notes: [] });
    await round(() => new Response("no", { status: 503 }));
    expect(await users("2026-02-02T10:00:00Z")).toEqual(["ana"]);
    expect(await state()).toMatchObject({ error: "the answer was 503" });
    await round(() => new Response("<html>sign in</html>"));
    expect(await users("2026-02-02T10:00:00Z")).toEqual(["ana"]);
    expect(await state()).toMatchObject({ error: expect.stringContaining("no calendar") });
    const { version } = (await api("GET", at("oc-cal"))).body;
    await round(() => new Response(null, { status: 304 }));
    expect((await api("GET", at("oc-cal"))).body["version"]).toBe(version);
    await round(() => new Response(event("Somebody Else")));
    expect(await users("2026-02-02T10:00:00Z")).toEqual([]);
    expect(await state()).toMatchObject({ notes: ['nobody is called as in "Somebody Else"'] });
    await round(() => new Response(event("@bo"), { headers: { etag: '"9"' } }));
    expect(await users("2026-02-02T10:00:00Z")).toEqual(["bo"]);
    // A new address: the old copy is in force until the new one is read.
    const schedules = (words: string): string => `tenant: oc-cal\nschedules: [ { id: s ${words} } ]\n`;
    await put("oc-cal", schedules(`, ical: { url: "${url}?2" }`));
    expect(await users("2026-02-02T10:00:00Z")).toEqual(["bo"]);
    await round(() => new Response(event("@ana"), { headers: { etag: '"10"' } }));
    expect(await users("2026-02-02T10:00:00Z")).toEqual(["ana"]);
    // Taken out and put back: "unchanged" would be of no use, and is not asked for.
    await put("oc-cal", schedules(""));
    expect(await users("2026-02-02T10:00:00Z")).toEqual([]);
    await put("oc-cal", schedules(`, ical: { url: "${url}?2" }`));
    const asked = vi.fn<typeof fetch>(async () => new Response(event("@ana")));
    vi.stubGlobal("fetch", asked);
    await refreshCalendars(env, now + 6 * 60_000);
    vi.unstubAllGlobals();
    expect(new Headers(asked.mock.calls.at(-1)?.[1]?.headers).get("if-none-match")).toBeNull();
    expect(await users("2026-02-02T10:00:00Z")).toEqual(["ana"]);
  });

  test("is asked for at most every few minutes", async () => {
    const asked = vi.fn<() => Promise<Response>>(async () => new Response(event("@bo")));
    vi.stubGlobal("fetch", asked);
    const now = Date.now() + 24 * hour;
    for (const minute of [0, 1, 2, 3, 4]) await refreshCalendars(env, now + minute * 60_000);
    vi.unstubAllGlobals();
    expect(asked.mock.calls.length).toBe(1);
  });
});
