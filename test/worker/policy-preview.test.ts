// Whom the steps of a policy, or of a draft, would page right now; and the gaps and names that the pages show.

import { beforeAll, describe, expect, test } from "vitest";
import { api, migrate } from "./hub.ts";

const at = (path: string): string => `/api/v1/tenants/pp/${path}`;

beforeAll(async () => {
  await migrate();
  const { status } = await api(
    "PUT",
    at("config"),
    `
tenant: pp
timeZone: Europe/Madrid
users:
  - { id: ana, name: Ana Ruiz, contacts: [{ id: phone, via: inbox }] }
  - { id: bo, contacts: [{ id: phone, via: inbox }] }
  - { id: eva, role: manager }
teams: [{ id: ops, members: [ana, bo] }]
schedules:
  - id: sre
    name: SRE
    team: ops
    layers:
      - id: days
        start: 2026-01-05T09:00
        users: [ana]
        restrictions: [{ days: [MO], from: "09:00", to: "17:00" }]
policies:
  - id: main
    steps:
      - { notify: [{ schedule: sre }], escalateAfter: 5m }
      - { notify: [{ team: ops, strategy: round-robin }, { owner: service }], escalateAfter: 5m }
    onExhausted: { notify: [{ user: eva }] }
`,
  );
  if (status !== 200) throw new Error(`the tenant was not applied: ${status}`);
});

describe("the preview of a policy", () => {
  const monday = "2026-02-02T12:00:00.000Z";

  test("says who each step would page, one of several where they take turns", async () => {
    const { status, body } = await api("POST", at("policies/main/preview"), { at: monday });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      at: monday,
      steps: [
        { targets: [{ users: ["ana"], oneOf: false, problems: [] }] },
        {
          targets: [
            { users: ["ana", "bo"], oneOf: true },
            { owner: true, users: [] },
          ],
        },
      ],
      exhausted: [{ users: [], problems: ["eva has no usable contact"], troubles: [{ code: "no-contact", user: "eva" }] }],
    });
  });

  test("says that nobody is on call", async () => {
    const { body } = await api("POST", at("policies/main/preview"), { at: "2026-02-03T12:00:00.000Z" });
    expect(body["steps"]).toMatchObject([{ targets: [{ users: [], problems: ["nobody is on call for sre"] }] }, {}]);
  });

  test("of a draft saves nothing, and names the field that is wrong", async () => {
    const draft = { steps: [{ notify: [{ user: "bo" }], escalateAfter: "2m" }] };
    const { body } = await api("POST", at("policies/main/preview"), draft);
    expect(body["steps"]).toMatchObject([{ targets: [{ users: ["bo"] }] }]);
    expect((await api("GET", at("policies/main"))).body["steps"]).toHaveLength(2);
    const wrong = await api("POST", at("policies/main/preview"), { steps: [{ notify: [{ user: "boo" }] }] });
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: expect.stringContaining("steps[0].notify[0]") }] } });
    const short = await api("POST", at("policies/main/preview"), {
      steps: [{ notify: [{ user: "bo" }], escalateAfter: "soon" }],
    });
    expect(short.body["errors"]).toMatchObject([{ path: "steps[0].escalateAfter" }]);
    const fresh = await api("POST", at("policies/fresh/preview"), draft);
    expect(fresh.status).toBe(200);
    expect((await api("POST", at("policies/fresh/preview"), {})).status).toBe(404);
  });
});

test("who is on call says when nobody will be, where it is asked", async () => {
  const asked = "oncall?at=2026-02-02T12:00:00Z&gapsUntil=2026-02-09T12:00:00Z";
  const { body } = await api("GET", at(asked));
  expect(body["items"]).toMatchObject([
    { schedule: "sre", gaps: [{ from: "2026-02-02T16:00:00.000Z", to: "2026-02-09T08:00:00.000Z", onPurpose: false }] },
  ]);
});

describe("people whom no page can reach", () => {
  const document = `
tenant: ppz
users:
  - { id: ana, contacts: [{ id: phone, via: inbox }] }
  - { id: zed, name: Zed Nobody }
  - { id: old, active: false, contacts: [{ id: phone, via: inbox }] }
schedules:
  - { id: hollow, layers: [{ id: l, start: 2026-01-05T09:00, users: [old] }] }
  - { id: rescued, fallback: { user: ana }, layers: [{ id: l, start: 2026-01-05T09:00, users: [zed] }] }
policies:
  - { id: nobody, steps: [{ notify: [{ user: zed }, { schedule: hollow }], escalateAfter: 5m }] }
  - { id: second, steps: [{ notify: [{ user: zed }], escalateAfter: 5m }, { notify: [{ user: ana }], escalateAfter: 5m }] }
  - { id: theirs, steps: [{ notify: [{ owner: service }], escalateAfter: 5m }] }
`;
  const ask = async (path: string) => (await api("GET", `/api/v1/tenants/ppz/${path}`)).body;

  test("are not whom a policy pages first: the first step that reaches somebody is, and none may", async () => {
    expect((await api("PUT", "/api/v1/tenants/ppz/config", document)).status).toBe(200);
    const { policies } = await ask("oncall");
    expect(policies).toMatchObject([
      {
        policy: "nobody",
        users: [],
        step: null,
        depends: false,
        troubles: [
          { code: "deactivated", user: "old" },
          { code: "no-contact", user: "zed" },
        ],
      },
      { policy: "second", users: ["ana"], step: 2, troubles: [{ code: "no-contact", user: "zed" }] },
      { policy: "theirs", users: [], depends: true },
    ]);
  });

  test("leave a gap while they are on call, unless the schedule's fallback can be paged", async () => {
    const { items } = await ask("oncall?at=2026-02-02T12:00:00Z&gapsUntil=2026-02-09T12:00:00Z");
    expect(items).toMatchObject([
      {
        schedule: "hollow",
        gaps: [{ from: "2026-02-02T12:00:00.000Z", to: "2026-02-09T12:00:00.000Z", onPurpose: false, outOfReach: ["old"] }],
      },
      { schedule: "rescued", gaps: [] },
    ]);
  });

  test("are named as such beside their names", async () => {
    const { users } = await ask("directory");
    expect(users.map((each: { id: string; outOfReach: string | null }) => [each.id, each.outOfReach])).toEqual([
      ["ana", null],
      ["zed", "no-contact"],
      ["old", "deactivated"],
    ]);
  });
});

test("an explanation calls people by their names", async () => {
  const { body } = await api("GET", at("schedules/sre/explain?at=2026-02-02T12:00:00Z"));
  expect(JSON.stringify(body["steps"])).toContain("On call: Ana Ruiz");
});

test("the directory names schedules, notifiers and business hours", async () => {
  const { body } = await api("GET", at("directory"));
  expect(body).toMatchObject({
    schedules: [{ id: "sre", name: "SRE", team: "ops", timeZone: "Europe/Madrid" }],
    notifiers: expect.arrayContaining([{ id: "inbox", plugin: "inbox" }]),
    businessHours: [],
  });
});
