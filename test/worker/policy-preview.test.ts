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
      exhausted: [{ users: ["eva"] }],
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
