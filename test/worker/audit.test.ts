// The audit log over HTTP: the newest first, by who, what and when, page after page, and as lines.

import { beforeAll, describe, expect, test } from "vitest";
import { admin, api, ask, migrate, type Json } from "./hub.ts";

const t = "/api/v1/tenants/audit-list";
const list = async (query = ""): Promise<Json[]> => (await api("GET", `${t}/audit?${query}`)).body["items"];
const actions = (items: readonly Json[]): string[] => items.map((each) => each["action"]);
let key = "";

beforeAll(async () => {
  await migrate();
  await api("PUT", `${t}/config`, "tenant: audit-list\nusers: [ { id: ana }, { id: bo } ]\n");
  key = String((await api("POST", `${t}/api-keys`, { name: "Bot", role: "admin" })).body["key"]);
  await api("POST", `${t}/teams`, { id: "one", members: ["ana"] });
  const as = { method: "PATCH", headers: { authorization: `Bearer ${key}` }, body: JSON.stringify({ name: "One" }) };
  await ask(`${t}/teams/one`, as);
  await api("POST", `${t}/users/ana/feeds`, {});
  await api("DELETE", `${t}/teams/one`);
});

describe("the audit log", () => {
  test("comes oldest first, or newest first page after page, and neither loses an entry", async () => {
    const oldest = await list();
    expect(actions(oldest)).toEqual([
      "config.apply",
      "api-keys.create",
      "teams.create",
      "teams.patch",
      "feeds.create",
      "teams.delete",
    ]);
    const pages: Json[][] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const { body } = await api("GET", `${t}/audit?order=newest&limit=4${cursor === "" ? "" : `&cursor=${cursor}`}`);
      pages.push(body["items"]);
      cursor = body["next"];
    }
    expect(pages.map((page) => page.length)).toEqual([4, 2]);
    expect(pages.flat()).toEqual(oldest.toReversed());
  });

  test.each([
    ["actor=key:bot", ["teams.patch"]],
    ["actor=hub-owner&kind=teams", ["teams.create", "teams.delete"]],
    ["object=ana", ["config.apply"]],
    ["kind=users&object=bo", ["config.apply"]],
    ["kind=teams&object=one", ["teams.create", "teams.patch", "teams.delete"]],
    ["kind=apiKeys", ["api-keys.create"]],
    ["kind=user", ["feeds.create"]],
    ["action=teams", ["teams.create", "teams.patch", "teams.delete"]],
    ["action=teams.patch", ["teams.patch"]],
    ["actor=nobody", []],
    ["to=2020-01-01T00:00:00Z", []],
    ["from=2100-01-01T00:00:00Z", []],
  ])("by %s", async (query, expected) => {
    expect(actions(await list(query))).toEqual(expected);
  });

  test("by the time of an entry", async () => {
    const all = await list();
    const at = all[3]?.["at"];
    expect((await list(`from=${at}`)).at(-1)).toEqual(all.at(-1));
    expect((await list(`to=${at}`)).every((each) => each["at"] < at)).toBe(true);
  });

  test("as lines holds what the filter lets through", async () => {
    const response = await ask(`${t}/audit?kind=teams`, { headers: { ...admin, accept: "application/x-ndjson" } });
    const lines = (await response.text()).trim().split("\n");
    expect(actions(lines.map((line) => JSON.parse(line) as Json))).toEqual(["teams.create", "teams.patch", "teams.delete"]);
    const pressed = await ask(`${t}/audit?format=ndjson&action=teams.patch`, { headers: admin });
    expect(pressed.headers.get("content-disposition")).toContain("audit-audit-list.ndjson");
    expect((JSON.parse(await pressed.text()) as Json)["actor"]).toBe("key:bot");
  });
});
