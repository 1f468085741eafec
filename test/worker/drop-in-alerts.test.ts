// Opsgenie's Alert API through the Worker's own doors: create, what is asked about an alert, how it is read again, and how the
// status of a request can be asked for.

import { describe, expect, test } from "vitest";
import { api, ask, tenant, until, type Json, type TestTenant } from "./hub.ts";

interface Sender extends TestTenant {
  call(method: string, path: string, body?: unknown, key?: string): Promise<{ status: number; body: Json; headers: Headers }>;
  /** What the status of the request says. */
  went(answer: { readonly body: Json }): Promise<Json>;
  only(): Promise<Json>;
  keyOf(integration: string): string;
}

async function sender(id: string, more = ""): Promise<Sender> {
  const base = await tenant(
    id,
    `teams: [ { id: ops, name: Operations, members: [ bo, eva ] } ]
schedules: []`,
  );
  const document = `tenant: ${id}
policies: [ { id: p, steps: [ { notify: [ { user: ana } ], escalateAfter: 5m }, { notify: [ { user: bo } ], escalateAfter: 10m } ] }, { id: q, name: Second, steps: [ { notify: [ { user: eva } ], escalateAfter: 5m } ] } ]
integrations: [ { id: in, source: generic, service: svc }, { id: app, name: App, source: opsgenie-create, service: svc${more} }, { id: other, source: opsgenie, service: svc } ]
`;
  const applied = await api("PUT", `/api/v1/tenants/${id}/config`, document);
  expect(applied.status, JSON.stringify(applied.body)).toBe(200);
  const issued = applied.body["issued"] as { id: string; key: string }[];
  const keyOf = (name: string): string => issued.find((each) => each.id === name)?.key ?? name;
  const self: Sender = {
    ...base,
    keyOf,
    async call(method, path, body, key = "app") {
      const response = await ask(`/v2/alerts${path}`, {
        method,
        headers: { authorization: `GenieKey ${keyOf(key)}` },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json<Json>(), headers: response.headers };
    },
    went: async ({ body }) => (await self.call("GET", `/requests/${String(body["requestId"])}`)).body["data"] as Json,
    async only() {
      const found = await until("one incident", async () => {
        const { items } = (await api("GET", `/api/v1/tenants/${id}/incidents`)).body;
        return items.length > 0 && (items as Json[]);
      });
      expect(found).toHaveLength(1);
      return self.incident(String(found[0]?.["id"]));
    },
  };
  return self;
}

const alias = "?identifierType=alias";
const ship = {
  message: "Orders are not shipped",
  alias: "orders/ship",
  priority: "P2",
  tags: ["prod"],
  details: { queue: "ship" },
};
const at = `/${encodeURIComponent(ship.alias)}`;

describe("Opsgenie's Alert API", () => {
  test("creates, counts the same alias while it is open, closes, and opens anew after that", async () => {
    const t = await sender("og-story");
    const made = await t.call("POST", "", ship);
    expect(made).toMatchObject({
      status: 202,
      body: { result: "Request will be processed", took: expect.any(Number), requestId: expect.any(String) },
    });
    expect(made.headers.get("x-request-id")).toBe(made.body["requestId"]);
    const went = await t.went(made);
    expect(went).toMatchObject({
      success: true,
      isSuccess: true,
      action: "Create",
      status: "Created alert",
      alias: ship.alias,
      integrationId: "app",
    });
    expect(await t.only()).toMatchObject({
      id: went["alertId"],
      title: ship.message,
      severity: "P2",
      labels: { queue: "ship", "tag.prod": "true" },
    });
    await t.call("POST", "", ship);
    const seen = (await t.call("GET", `/${went["alertId"]}`)).body["data"];
    expect(seen).toMatchObject({
      id: went["alertId"],
      alias: ship.alias,
      status: "open",
      acknowledged: false,
      count: 2,
      priority: "P2",
      tags: ["prod"],
      details: { queue: "ship" },
    });
    expect(seen.details).toEqual({ queue: "ship" });
    expect(await t.inbox()).toHaveLength(1);
    const closed = await t.call("POST", `${at}/close${alias}`, { source: "App" });
    expect(await t.went(closed)).toMatchObject({ isSuccess: true, action: "Close", alertId: went["alertId"] });
    expect((await t.only())["status"]).toBe("resolved");
    expect((await t.call("GET", `${at}${alias}`)).body["data"]).toMatchObject({ status: "closed" });
  });

  test("lists an alert's notes and its log, newest first, by pages", async () => {
    const t = await sender("og-record");
    await t.call("POST", "", ship);
    for (const note of ["one", "two", "three"]) await t.call("POST", `${at}/notes${alias}`, { note });
    const first = await t.call("GET", `${at}/notes${alias}&limit=2`);
    expect(first.status).toBe(200);
    const notes = first.body["data"] as Json[];
    expect(notes.map((each) => each["note"])).toEqual([expect.stringContaining("three"), expect.stringContaining("two")]);
    expect(notes[0]).toMatchObject({
      owner: "App",
      createdAt: expect.stringMatching(/Z$/),
      offset: expect.stringMatching(/^\d+$/),
    });
    const next = new URL(String(first.body["paging"].next));
    const second = await t.call("GET", `${next.pathname.replace("/v2/alerts", "")}${next.search}`);
    expect((second.body["data"] as Json[]).map((each) => each["note"])).toEqual([expect.stringContaining("one")]);
    expect(second.body["paging"]).toEqual({});
    const log = (await t.call("GET", `${at}/logs${alias}&order=asc`)).body["data"] as Json[];
    expect(log.length).toBeGreaterThan(4);
    expect(log[0]).toMatchObject({ type: "system", log: expect.any(String) });
    expect((await t.call("GET", `${at}/logs${alias}&limit=0`)).status).toBe(422);
    expect((await t.call("GET", `/nope/notes${alias}`)).status).toBe(404);
    expect((await t.call("GET", `${at}/notes${alias}`, undefined, "other")).status).toBe(404);
  });

  test("acknowledges, gives back, snoozes, notes, escalates and assigns, each as the command of the integration", async () => {
    const t = await sender("og-acts");
    const { alertId } = await t.went(await t.call("POST", "", ship));
    const act = async (path: string, body: unknown = {}): Promise<Json> =>
      t.went(await t.call("POST", `${at}${path}${alias}`, body));
    expect(await act("/acknowledge", { user: "robot", note: "on it" })).toMatchObject({ isSuccess: true });
    expect(await t.only()).toMatchObject({ status: "acknowledged", acknowledgedBy: "app" });
    expect(await act("/unacknowledge")).toMatchObject({ isSuccess: true });
    expect((await t.only())["status"]).toBe("triggered");
    expect(await act("/unacknowledge")).toMatchObject({
      isSuccess: false,
      status: expect.stringContaining("cannot be un-acknowledged"),
    });
    const endTime = new Date(Date.now() + 3_600_000).toISOString();
    expect(await act("/snooze", { endTime })).toMatchObject({ isSuccess: true });
    expect((await t.only())["snoozedUntil"]).toBe(endTime);
    expect((await t.call("GET", `${at}${alias}`)).body["data"]).toMatchObject({ snoozed: true, snoozedUntil: endTime });
    expect(await act("/notes", { note: "looking", user: "robot" })).toMatchObject({ isSuccess: true });
    expect(await act("/escalate", { escalation: { name: "whatever" } })).toMatchObject({ isSuccess: true });
    await until("bo's page", async () => (await t.inbox()).some((page) => page.user === "bo"));
    expect(await act("/escalate", { escalation: { name: "second" } })).toMatchObject({ isSuccess: true });
    await until("eva's page", async () => (await t.inbox()).some((page) => page.user === "eva"));
    expect(await act("/assign", { owner: { username: "ana" } })).toMatchObject({ isSuccess: true });
    expect((await t.only())["assignees"]).toEqual(["ana"]);
    expect(await act("/assign", { owner: { username: "nobody@acme.test" } })).toMatchObject({ isSuccess: false });
    const told = await t.timeline(String(alertId));
    expect(told.filter(({ kind }) => kind === "note").map(({ reason }) => reason)).toEqual([
      "robot: on it",
      "robot: looking",
      expect.stringContaining("nobody@acme.test"),
    ]);
    expect(told.filter(({ kind }) => kind === "snoozed").map(({ actor }) => actor)).toEqual([{ type: "integration", id: "app" }]);
  });

  test("calls in people and teams, once however often the alert is created again", async () => {
    const t = await sender("og-people");
    const body = {
      ...ship,
      responders: [
        { type: "user", username: "bo" },
        { type: "team", name: "Sales" },
      ],
      note: "second time",
    };
    for (let i = 0; i < 3; i++) await t.call("POST", "", body);
    await until("bo's page", async () => (await t.inbox()).some((page) => page.user === "bo"));
    const { id, labels } = await t.only();
    expect(labels.responders).toBe("user:bo, team:Sales");
    const told = await t.timeline(String(id));
    expect(told.filter(({ kind }) => kind === "responders")).toHaveLength(1);
    expect(told.filter(({ kind }) => kind === "note")).toHaveLength(1);
    await t.call("POST", `/${id}/teams`, { team: { name: "operations" } });
    await until("eva's page", async () => (await t.inbox()).some((page) => page.user === "eva"));
    expect(
      await t.went(await t.call("POST", `/${id}/responders`, { responder: { type: "team", name: "strangers" } })),
    ).toMatchObject({ isSuccess: false });
  });

  test("rewords: message, description, priority, tags and details, without a page", async () => {
    const t = await sender("og-words");
    await t.call("POST", "", ship);
    const put = (path: string, body: unknown) => t.call("PUT", `${at}${path}${alias}`, body);
    for (let i = 0; i < 2; i++) await put("/message", { message: "[FIRING:2] Orders" });
    await put("/description", { description: "two queues" });
    await put("/priority", { priority: "P1" });
    await t.call("POST", `${at}/tags${alias}`, { tags: ["eu", "late"] });
    await t.call("DELETE", `${at}/tags${alias}&tags=prod,eu`);
    await t.call("POST", `${at}/details${alias}`, { details: { host: "q7" } });
    await t.call("DELETE", `${at}/details${alias}&keys=queue`);
    expect((await t.call("GET", `${at}${alias}`)).body["data"]).toMatchObject({
      message: "[FIRING:2] Orders",
      description: "two queues",
      priority: "P1",
      tags: ["late"],
      details: { host: "q7" },
    });
    const incident = await t.only();
    expect(incident).toMatchObject({ title: "[FIRING:2] Orders", severity: "P1", status: "triggered" });
    expect(await t.inbox()).toHaveLength(1);
    expect((await t.timeline(String(incident["id"]))).filter(({ reason }) => reason.includes("title: "))).toHaveLength(1);
  });

  test("what is not there is accepted and its status says so; reading it is 404", async () => {
    const t = await sender("og-none");
    for (const path of ["/close", "/acknowledge", "/notes"]) {
      const answer = await t.call("POST", `/nobody${path}${alias}`, { note: "x" });
      expect(answer.status).toBe(202);
      expect(await t.went(answer)).toMatchObject({ isSuccess: false, status: "Alert does not exist", alertId: "" });
    }
    expect(await t.call("GET", `/nobody${alias}`)).toMatchObject({
      status: 404,
      body: { message: "Alert with id [nobody] does not exist." },
    });
    expect((await t.call("GET", "/requests/43a29c5c-3dbf-4fa4-9c26-f4f71023e120")).status).toBe(404);
    expect((await api("GET", `/api/v1/tenants/${t.id}/incidents`)).body["items"]).toEqual([]);
  });

  test("by tiny id; lists and counts its own newest first, by query and page, and refuses what it does not understand", async () => {
    const t = await sender("og-list");
    for (const name of ["a", "b", "c"]) await t.call("POST", "", { ...ship, alias: name, message: `Queue ${name}` });
    await t.call("POST", "", { ...ship, alias: "theirs" }, "other");
    await t.call("POST", `/a/close${alias}`);
    await until("the projection", async () => (await t.call("GET", "/count?query=status%3Aopen")).body["data"].count === 2);
    await until("the close", async () => (await t.call("GET", "/count?query=status%3A%20closed")).body["data"].count === 1);
    const first = (await t.call("GET", "?limit=2")).body;
    expect(first["data"].map((each: Json) => each["alias"])).toEqual(["c", "b"]);
    const next = new URL(first["paging"].next);
    expect(next.origin).toBe("http://localhost:8787");
    expect((await t.call("GET", next.search)).body["data"].map((each: Json) => each["alias"])).toEqual(["a"]);
    expect((await t.call("GET", "?query=queue%20b%20AND%20status%3Dopen")).body["data"]).toHaveLength(1);
    expect((await t.call("GET", `/${first["data"][1].tinyId}?identifierType=tiny`)).body["data"].alias).toBe("b");
    for (const query of ["?query=createdAt%20%3E%201", "?query=a%20OR%20b", "?sort=updatedAt", "?limit=101", "?offset=20000"])
      expect((await t.call("GET", query)).status, query).toBe(422);
  });

  test("tells who was paged and who has it; files are offered in vain, and the incident says so", async () => {
    const t = await sender("og-recipients");
    const { alertId } = await t.went(await t.call("POST", "", ship));
    await until("ana's page", async () => (await t.inbox()).length === 1);
    const recipients = (): Promise<Json> => t.call("GET", `${at}/recipients${alias}`);
    const ana = { user: { id: "ana", username: "ana" }, state: "notactive", method: "" };
    expect(await recipients()).toMatchObject({ status: 200, body: { data: [ana], requestId: expect.any(String) } });
    await api("POST", `/api/v1/tenants/${t.id}/incidents/${alertId}/ack`, { as: "ana" });
    expect((await recipients())["body"].data).toMatchObject([{ ...ana, state: "action", method: "Acknowledge" }]);
    const form = new FormData();
    form.append("file", new File(["x".repeat(1_200_000)], "heap.dump"));
    const path = `/v2/alerts${at}/attachments?alertIdentifierType=alias`;
    const authorization = `GenieKey ${t.keyOf("app")}`;
    const offered = await ask(path, { method: "POST", headers: { authorization }, body: form });
    expect({ status: offered.status, body: await offered.json() }).toMatchObject({ status: 403, body: { code: 40_302 } });
    expect(await t.call("GET", `${at}/attachments${alias}`)).toMatchObject({ status: 200, body: { data: [] } });
    expect((await t.call("GET", `${at}/attachments/7${alias}`)).status).toBe(404);
    const told = await t.timeline(String(alertId));
    expect(told.filter(({ kind }) => kind === "note").map(({ reason }) => reason)).toEqual([
      expect.stringContaining("heap.dump"),
    ]);
    for (const what of ["recipients", "attachments"]) expect((await t.call("GET", `/nope/${what}${alias}`)).status).toBe(404);
    expect((await api("GET", `/api/v1/tenants/${t.id}/incidents`)).body["items"]).toHaveLength(1);
  });

  test("addresses that end with a slash are the same, as Opsgenie's client for Node writes them", async () => {
    const t = await sender("og-slash");
    expect((await t.call("POST", "/", ship)).status).toBe(202);
    expect((await t.call("GET", `${at}/${alias}`)).body["data"].alias).toBe(ship.alias);
    for (const path of ["/", `${at}/recipients/`, `${at}/logs/`])
      expect((await t.call("GET", `${path}${alias}`)).status, path).toBe(200);
    expect(await t.went(await t.call("POST", `${at}/close/${alias}`, {}))).toMatchObject({ isSuccess: true, action: "Close" });
  });

  test("what takes something away gives its note and its user in the address", async () => {
    const t = await sender("og-delete-note");
    await t.call("POST", "", ship);
    await t.call("DELETE", `${at}/tags${alias}&tags=prod&user=robot&note=moved`);
    await t.call("DELETE", `${at}/details${alias}&keys=queue&note=gone`);
    const { id, labels } = await t.only();
    expect(Object.keys(labels)).not.toContain("tag.prod");
    const told = await t.timeline(String(id));
    expect(told.filter(({ kind }) => kind === "note").map(({ reason }) => reason)).toEqual(["robot: moved", "gone"]);
  });

  test("another integration's key reaches none of these, by no name", async () => {
    const t = await sender("og-apart");
    const { alertId } = await t.went(await t.call("POST", "", ship));
    for (const path of [`/${alertId}`, `${at}${alias}`]) expect((await t.call("GET", path, undefined, "other")).status).toBe(404);
    const answer = await t.call("POST", `/${alertId}/close`, {}, "other");
    expect(answer.status).toBe(202);
    expect((await t.only())["status"]).toBe("triggered");
  });

  test("refuses in the product's words, and a create that is refused is heard of", async () => {
    const t = await sender("og-wrong", ", rateLimit: { count: 100, within: 1m }");
    expect(await t.call("POST", "", ship, "no-such-key")).toMatchObject({
      status: 401,
      body: { message: "Could not authenticate" },
    });
    expect((await ask("/v2/alerts", { method: "POST", body: JSON.stringify(ship) })).status).toBe(401);
    expect((await api("GET", `/api/v1/tenants/${t.id}/incidents`)).body["items"]).toEqual([]);
    expect(await t.call("POST", "", { alias: "x" })).toMatchObject({
      status: 422,
      body: { errors: { message: "Message can not be empty." } },
    });
    expect(await t.call("POST", "", "{")).toMatchObject({ status: 400, body: { message: "Invalid JSON body" } });
    expect((await t.only())["title"]).toBe("Unreadable alert from App");
    expect(await t.call("POST", `${at}/snooze${alias}`, {})).toMatchObject({
      status: 422,
      body: { errors: { endTime: expect.any(String) } },
    });
    expect((await t.call("POST", `${at}/dance${alias}`, {})).status).toBe(404);
    let last = 202;
    for (let i = 0; i < 120 && last !== 429; i++) last = (await t.call("POST", `${at}/tags${alias}`, {})).status;
    expect(last).toBe(429);
  });

  test("what was asked for in vain stands on the incident in plain words, once however often it is asked", async () => {
    const t = await sender("og-vain");
    const made = await t.went(await t.call("POST", "", ship));
    await t.call("POST", `${at}/close${alias}`);
    const asks = ["escalate", "assign", "escalate"];
    const bodies: Json = { escalate: { escalation: { name: "Second" } }, assign: { owner: { username: "bo" } } };
    for (const each of asks) {
      const went = await t.went(await t.call("POST", `${at}/${each}${alias}`, bodies[each]));
      expect(went).toMatchObject({ isSuccess: false, status: expect.stringContaining("resolved") });
    }
    const said = (await t.timeline(String(made["alertId"])))
      .map(({ reason }) => reason)
      .filter((each) => each.startsWith("asked to"));
    const why = "not done, the incident is resolved; re-open it to go on";
    expect(said).toEqual([`asked to escalate it: ${why}`, `asked to give it to somebody: ${why}`]);
  });

  test("closes only its own alert of a group, and deleting ends without erasing", async () => {
    const t = await sender("og-group");
    await api(
      "PUT",
      `/api/v1/tenants/${t.id}/config`,
      `tenant: og-group\nroutes: [ { id: g, when: 'alert.labels.queue == "ship"', group: { by: [ alert.labels.queue ], window: 30m, kind: rolling } } ]`,
    );
    await t.call("POST", "", { ...ship, alias: "one" });
    await t.call("POST", "", { ...ship, alias: "two" });
    await t.call("POST", `/one/close${alias}`);
    expect((await t.only())["status"]).toBe("triggered");
    expect((await t.call("GET", `/two${alias}`)).body["data"].status).toBe("open");
    await t.call("DELETE", `/two${alias}&user=robot`);
    const { id, status } = await t.only();
    expect(status).toBe("resolved");
    expect((await t.timeline(String(id))).map(({ reason }) => reason)).toContain("deleted in its source by robot");
  });
});
