// Teams in turn on the real runtime: the pointer is fair, survives eviction, and its silence costs no page.

import { describe, expect, test } from "vitest";
import { pointerStub } from "../../worker/objects/places.ts";
import { api, tenant, until } from "./hub.ts";
import { env, evictDurableObject } from "./runtime.ts";

const inTurn = `
policies: [ { id: p, steps: [ { notify: [ { team: leads, strategy: round-robin } ], escalateAfter: 5m } ] } ]
teams: [ { id: leads, members: [ ana, bo, eva ] } ]`;

async function turns(id: string) {
  const t = await tenant(id);
  const applied = await api("PUT", `/api/v1/tenants/${id}/config`, `tenant: ${id}\n${inTurn}`);
  expect(applied.status).toBe(200);
  return t;
}

describe("a team in turn", () => {
  test("is paged one after the other over incidents, repeats using up no turn", async () => {
    const t = await turns("turns");
    for (const key of ["a", "b", "c", "d"]) {
      await t.fire({ dedupKey: key, title: key });
      await t.fire({ dedupKey: key, title: key });
      await until(`the page for ${key}`, async () => (await t.inbox()).some((message) => message.title === key));
    }
    const byTitle = Object.fromEntries((await t.inbox()).map((message) => [message.title, message.user]));
    expect(byTitle).toEqual({ a: "ana", b: "bo", c: "eva", d: "ana" });
    expect((await t.inbox())[0]?.reason).toContain("team leads, in turn");
  });

  test("takes who was passed over for longest, and the same turn is the same person", async () => {
    const pointer = pointerStub(env, "fair", null);
    expect(await pointer.take("p/0/leads", "i1", ["ana", "bo", "eva"])).toBe("ana");
    expect(await pointer.take("p/0/leads", "i2", ["ana", "eva"])).toBe("eva");
    expect(await pointer.take("p/0/leads", "i3", ["ana", "eva"])).toBe("ana");
    await evictDurableObject(env.POINTER.getByName("v1:-:fair"));
    expect(await pointer.take("p/0/leads", "i3", ["ana", "bo", "eva"])).toBe("ana");
    expect(await pointer.take("p/0/leads", "i4", ["ana", "bo", "eva"])).toBe("bo");
    expect(await pointer.take("p/0/leads", "i5", [])).toBeNull();
  });
});

test("a policy's conditions, counts and names are checked with their place", async () => {
  await tenant("checked");
  const bad = `tenant: checked
policies:
  - id: p
    steps:
      - notify: [ { schedule: sre }, { policy: q } ]
        when: 'incident.severity = "P1"'
        waitFor: office
`;
  const answer = await api("PUT", "/api/v1/tenants/checked/config", bad);
  expect(answer.status).toBe(422);
  const errors = answer.body["errors"] as { path: string; line: number; message: string }[];
  expect(errors.map(({ path, line }) => ({ path, line }))).toEqual(
    expect.arrayContaining([
      { path: "policies[0].steps[0].notify[0].schedule", line: 5 },
      { path: "policies[0].steps[0].notify[1].policy", line: 5 },
      { path: "policies[0].steps[0].waitFor", line: 7 },
      { path: "policies[0].steps[0].when", line: 6 },
    ]),
  );
});
