// A person's own pages: what is open and concerns them, each with why; and whose name a press is recorded under.

import { expect, test } from "vitest";
import { api, ask, tenant, until } from "./hub.ts";

const pagesOf = async (id: string, user: string, also = "") =>
  (await api("GET", `/api/v1/tenants/${id}/users/${user}/pages${also === "" ? "" : `?also=${also}`}`)).body;

test("what one was paged for, with why; who was not paged has none; what is over is none", async () => {
  const t = await tenant("own-pages");
  const incident = (await t.fire({ dedupKey: "a", title: "Down", severity: "critical" })).results[0]?.incident ?? "";
  await until("the page", async () => (await t.inbox())[0]);
  // The list is a moment behind; who knows of it asks for it.
  const mine = await pagesOf(t.id, "ana", incident);
  expect(mine["items"]).toMatchObject([
    {
      id: incident,
      epoch: 0,
      moves: expect.arrayContaining(["ack"]),
      page: { contact: "phone", reason: { policy: "p", step: 1 } },
    },
  ]);
  expect((await pagesOf(t.id, "bo", incident))["items"]).toEqual([]);
  await until("the list to have it", async () => (await pagesOf(t.id, "ana"))["items"].length === 1);
  await api("POST", `/api/v1/tenants/${t.id}/incidents/${incident}/reassign`, { as: "ana", user: "bo" });
  await until("it to be bo's as well", async () => (await pagesOf(t.id, "bo"))["items"].length === 1);
  // She was paged for it and did not acknowledge: it is still hers to see.
  expect((await pagesOf(t.id, "ana"))["items"].length).toBe(1);
  await api("POST", `/api/v1/tenants/${t.id}/incidents/${incident}/resolve`, { as: "bo" });
  expect((await pagesOf(t.id, "bo", incident))["items"]).toEqual([]);
});

test("another tenant's incident is not asked for by its id; nobody's pages are not there", async () => {
  const [mine, theirs] = [await tenant("own-mine"), await tenant("own-theirs")];
  const incident = (await theirs.fire({ dedupKey: "a", title: "Secret" })).results[0]?.incident ?? "";
  expect((await pagesOf(mine.id, "ana", incident))["items"]).toEqual([]);
  expect((await api("GET", `/api/v1/tenants/${mine.id}/users/nobody/pages`)).status).toBe(404);
});

test("a press kept for one person is not recorded under who signed in after them", async () => {
  const t = await tenant("own-names");
  const incident = (await t.fire({ dedupKey: "a", title: "Down" })).results[0]?.incident ?? "";
  const { body } = await api("POST", `/api/v1/tenants/${t.id}/users/bo/invitation`, {});
  const own = { "sec-fetch-site": "same-origin", "content-type": "application/json" };
  const signedIn = await ask("/api/v1/session", {
    method: "POST",
    headers: own,
    body: JSON.stringify({ ticket: String(body["url"]).split("#")[1] }),
  });
  const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
  const ack = (as: string) =>
    ask(`/api/v1/tenants/${t.id}/incidents/${incident}/ack`, {
      method: "POST",
      headers: { ...own, cookie },
      body: JSON.stringify({ as, commandId: `kept-for-${as}` }),
    });
  expect((await ack("ana")).status).toBe(422);
  expect((await t.incident(incident))["acknowledgedBy"]).toBeNull();
  expect((await ack("bo")).status).toBe(200);
  expect((await t.incident(incident))["acknowledgedBy"]).toBe("bo");
});
