// Every kind of object as a resource: the whole cycle, tags, names that lead nowhere, deletion of what is in use, edits at the
// same time, secrets that stay, keys that turn over, what people keep as their own.

import { describe, expect, test } from "vitest";
import { admin, api, ask, migrate, tenant, until, type Json } from "./hub.ts";
import { availableKinds, resourceKinds } from "../../worker/api/contract/resources.ts";
import type { DocumentKind as Kind } from "../../worker/store/kinds.ts";

interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly body: Json;
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const init = { method, headers: { ...admin, ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await ask(`/api/v1/tenants/${path}`, init);
  const text = await response.text();
  return {
    status: response.status,
    etag: response.headers.get("etag"),
    body: text === "" ? {} : (JSON.parse(text) as Json),
  };
}

async function fresh(id: string, more = ""): Promise<void> {
  await migrate();
  const document = `tenant: ${id}\nusers: [ { id: ana, contacts: [ { id: phone, via: inbox } ] }, { id: bo } ]\n${more}`;
  const applied = await api("PUT", `/api/v1/tenants/${id}/config`, document);
  if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
}

interface Sample {
  /** As one would write it, without its id. */
  readonly object: Json;
  readonly patch: Json;
  /** Something that is refused, and where. */
  readonly wrong: Json;
  readonly path: string;
}

/** One of each kind: a kind that the table of resources has and this list has not fails below. */
const samples: Partial<Record<Kind, Sample>> = {
  users: {
    object: { name: "Cy", contacts: [{ id: "phone", via: "inbox", to: "cy" }] },
    patch: { name: "Cyrus" },
    wrong: { contacts: [{ id: "phone", via: "inbxo" }] },
    path: "contacts[0].via",
  },
  teams: { object: { members: ["ana"] }, patch: { name: "Team" }, wrong: { members: ["ana", "an"] }, path: "members[1]" },
  schedules: {
    object: { layers: [{ id: "l", start: "2026-01-05T09:00", users: ["ana", null, ["ana", "bo"]] }] },
    patch: { name: "Nights" },
    wrong: { layers: [{ id: "l", start: "2026-01-05T09:00", users: ["ana", "boo"] }] },
    path: "layers[0].users[1]",
  },
  policies: {
    object: { steps: [{ notify: [{ user: "ana" }], escalateAfter: "5m" }] },
    patch: { name: "Policy" },
    wrong: { steps: [{ notify: [{ user: "anna" }], escalateAfter: "5m" }] },
    path: "steps[0].notify[0].user",
  },
  businessHours: {
    object: { hours: [{ days: ["MO"], from: "09:00", to: "18:00" }] },
    patch: { holidays: ["2026-12-25"] },
    wrong: { hours: [{ days: ["MO"], from: "9:00", to: "18:00" }] },
    path: "hours[0].from",
  },
  slas: {
    object: { respondWithin: "2h" },
    patch: { resolveWithin: "8h" },
    wrong: { hours: "nope" },
    path: "hours",
  },
  services: {
    object: { tags: { tier: "1" } },
    patch: { tags: { tier: null, zone: "eu" } },
    wrong: { policy: "nope" },
    path: "policy",
  },
  integrations: {
    object: { source: "generic" },
    patch: { name: "Door" },
    wrong: { source: "generik" },
    path: "source",
  },
  routes: { object: { when: 'alert.title == "x"' }, patch: { suppress: true }, wrong: { when: "alert.title ==" }, path: "when" },
  notifiers: {
    object: { plugin: "webhook", config: { url: "https://a.test/" }, secrets: { signingKey: { value: "s".repeat(32) } } },
    patch: { config: { url: "https://b.test/" } },
    wrong: { plugin: "webhok" },
    path: "plugin",
  },
  heartbeats: { object: { every: "1h" }, patch: { grace: "10m" }, wrong: { service: "nope" }, path: "service" },
  connectors: {
    object: {
      plugin: "webhook",
      on: ["acknowledged"],
      config: { url: "https://a.test/" },
      secrets: { signingKey: { value: "s".repeat(32) } },
    },
    patch: { on: ["*"] },
    wrong: { on: ["acknowleged"] },
    path: "on[0]",
  },
  maintenance: {
    object: { from: "2099-12-01T22:00", to: "2099-12-02T02:00" },
    patch: { atEnd: "resolve" },
    wrong: { when: "alert.title ==" },
    path: "when",
  },
  silences: {
    object: { when: 'alert.title == "x"', until: "2099-12-01T22:00" },
    patch: { reason: "known" },
    wrong: { owner: "nobody" },
    path: "owner",
  },
  lookups: {
    object: { key: "alert.labels.host", rows: { db1: { team: "data" } } },
    patch: { rows: { db2: { team: "data" } } },
    wrong: { key: "alert.labels." },
    path: "key",
  },
};

const sampled = Object.entries(samples) as [Kind, Sample][];

describe("each kind", () => {
  test("has its sample here", () => {
    expect(availableKinds.filter((kind) => !(kind in samples))).toEqual([]);
  });

  test.each(sampled)("%s: made, read, listed, replaced, patched, deleted", async (kind, { object, patch }) => {
    const id = `cycle-${kind.toLowerCase()}`;
    await fresh(id);
    const place = `${id}/${resourceKinds[kind].path}`;
    const made = await call("POST", place, { id: "x1", ...object });
    expect(made).toMatchObject({ status: 201, body: { id: "x1", meta: { version: 2, inForce: true } } });
    expect(await call("POST", place, { id: "x1", ...object })).toMatchObject({ status: 409 });
    const got = await call("GET", `${place}/x1`);
    expect(got).toMatchObject({ status: 200, etag: made.etag, body: { id: "x1" } });
    expect((await call("GET", place)).body["items"].map((each: Json) => each["id"])).toContain("x1");
    expect((await call("GET", `${place}?q=X1`)).body["items"]).toMatchObject([{ id: "x1" }]);
    expect((await call("GET", `${place}?q=nothing-is-called-that`)).body["items"]).toEqual([]);
    // What GET gives, put back, changes nothing: no version, no tag.
    expect(await call("PUT", `${place}/x1`, got.body)).toMatchObject({
      status: 200,
      etag: made.etag,
      body: { meta: { version: 2 } },
    });
    const patched = await call("PATCH", `${place}/x1`, patch);
    expect(patched).toMatchObject({ status: 200, body: { meta: { version: 3 } } });
    expect(patched.etag).not.toBe(made.etag);
    expect(await call("PUT", `${place}/x1`, object, { "if-match": made.etag ?? "" })).toMatchObject({ status: 412 });
    const replaced = await call("PUT", `${place}/x1`, object, { "if-match": patched.etag ?? "" });
    expect(replaced).toMatchObject({ status: 200, etag: made.etag });
    expect(await call("DELETE", `${place}/x1`, undefined, { "if-match": '"other"' })).toMatchObject({ status: 412 });
    expect(await call("DELETE", `${place}/x1`)).toMatchObject({ status: 204 });
    for (const method of ["GET", "PUT", "PATCH", "DELETE"])
      expect((await call(method, `${place}/x1`, method === "GET" ? undefined : object)).status).toBe(404);
  });

  test.each(sampled)("%s: a name that leads nowhere is refused with its place", async (kind, { object, wrong, path }) => {
    const id = `wrong-${kind.toLowerCase()}`;
    await fresh(id);
    const place = `${id}/${resourceKinds[kind].path}`;
    const refused = await call("POST", place, { id: "x1", ...object, ...wrong });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ in: "body", path }] } });
    expect(await call("POST", place, { id: "x1", ...object, surprise: 1 })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "surprise" }] },
    });
    expect(await call("POST", place, object)).toMatchObject({ status: 422, body: { errors: [{ path: "id" }] } });
    expect((await call("GET", place)).body["items"].some((each: Json) => each["id"] === "x1")).toBe(false);
    await call("POST", place, { id: "x1", ...object });
    expect(await call("PUT", `${place}/x1`, { id: "x2", ...object })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "id" }] },
    });
    expect(await call("PATCH", `${place}/x1`, wrong)).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });

  test.each(sampled)("%s of a tenant that is not there are not found", async (kind, { object }) => {
    await migrate();
    const place = `never-was/${resourceKinds[kind].path}`;
    for (const [method, path] of [
      ["GET", place],
      ["POST", place],
      ["GET", `${place}/x1`],
      ["DELETE", `${place}/x1`],
    ] as const)
      expect((await call(method, path, method === "POST" ? { id: "x1", ...object } : undefined)).status).toBe(404);
  });
});

describe("names", () => {
  test("the nearest known one is told", async () => {
    await fresh("nearest");
    expect(await call("POST", "nearest/teams", { id: "t", members: ["anna"] })).toMatchObject({
      body: { errors: [{ path: "members[0]", nearest: "ana" }] },
    });
    expect(await call("POST", "nearest/teams", { id: "t", membres: [] })).toMatchObject({
      body: { errors: [{ path: "membres", nearest: "members" }] },
    });
  });

  test("what is named cannot be deleted, and the answer says by whom; deactivated, it pages nobody and stays", async () => {
    await tenant("in-use", "teams: [ { id: t, members: [ana, bo], managers: [ana] } ]");
    const refused = await call("DELETE", "in-use/users/ana");
    expect(refused).toMatchObject({ status: 409 });
    expect(refused.body["usedBy"]).toMatchObject([
      { kind: "teams", id: "t", path: "members[0]" },
      { kind: "teams", id: "t", path: "managers[0]" },
      { kind: "policies", id: "p", path: "steps[0].notify[0].user" },
    ]);
    expect(await call("DELETE", "in-use/users/eva")).toMatchObject({
      status: 409,
      body: { usedBy: [{ kind: "tenant", id: "fallback", path: "fallback.notify[0].user" }] },
    });
    expect(await call("DELETE", "in-use/policies/p")).toMatchObject({
      status: 409,
      body: { usedBy: [{ kind: "services", id: "svc" }] },
    });
    expect(await call("PATCH", "in-use/users/ana", { active: false })).toMatchObject({ status: 200, body: { active: false } });
    expect((await call("GET", "in-use/policies/p")).status).toBe(200);
    await call("PATCH", "in-use/teams/t", { members: ["bo"], managers: [] });
    await call("PUT", "in-use/policies/p", { steps: [{ notify: [{ user: "bo" }] }] });
    expect(await call("DELETE", "in-use/users/ana")).toMatchObject({ status: 204 });
  });

  test("a change that would break something else says what", async () => {
    await fresh("elsewhere", "policies: [ { id: p, steps: [ { notify: [ { user: ana, contact: phone } ] } ] } ]");
    expect(await call("PATCH", "elsewhere/users/ana", { contacts: [] })).toMatchObject({
      status: 409,
      body: { usedBy: [{ kind: "policies", id: "p", path: "steps[0].notify[0].contact" }] },
    });
    expect((await call("GET", "elsewhere/users/ana")).body["contacts"].length).toBe(1);
  });
});

describe("at the same time", () => {
  test("edits of different objects all stand, with a version and an entry of the log each", async () => {
    await fresh("at-once");
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, i) => call("POST", "at-once/teams", { id: `t${i}`, members: ["ana"] })),
    );
    expect(made.map((each) => each.status)).toEqual(Array(8).fill(201));
    expect(new Set(made.map((each) => each.body["meta"].version)).size).toBe(8);
    expect((await call("GET", "at-once/teams")).body["items"].length).toBe(8);
    expect((await call("GET", "at-once/audit/verify")).body).toEqual({ whole: true, firstBad: null });
    expect((await call("GET", "at-once/audit?limit=100")).body["items"].length).toBe(9);
  });

  test("of two who saw the same object one wins and the other is told", async () => {
    await fresh("same-object", "teams: [ { id: t } ]");
    const { etag } = await call("GET", "same-object/teams/t");
    const answers = await Promise.all(
      ["Left", "Right"].map((name) => call("PATCH", "same-object/teams/t", { name }, { "if-match": etag ?? "" })),
    );
    expect(answers.map((each) => each.status).toSorted((a, b) => a - b)).toEqual([200, 412]);
    const winner = answers.find((each) => each.status === 200)?.body["name"];
    expect((await call("GET", "same-object/teams/t")).body["name"]).toBe(winner);
  });

  test("patches of different parts of one object both stand", async () => {
    await fresh("parts-of-one", "services: [ { id: s } ]");
    await Promise.all([
      call("PATCH", "parts-of-one/services/s", { name: "S" }),
      call("PATCH", "parts-of-one/services/s", { tags: { tier: "1" } }),
      call("PATCH", "parts-of-one/services/s", { tags: { zone: "eu" } }),
    ]);
    expect((await call("GET", "parts-of-one/services/s")).body).toMatchObject({ name: "S", tags: { tier: "1", zone: "eu" } });
  });
});

describe("routes", () => {
  test("are listed and paged as they are tried, and put into another order as a whole", async () => {
    await fresh("ordered", "routes: [ { id: b, when: 'true' }, { id: a, when: 'true' } ]");
    await call("POST", "ordered/routes", { id: "c", when: "true" });
    const order = async (query = ""): Promise<string[]> =>
      (await call("GET", `ordered/routes${query}`)).body["items"].map((each: Json) => each["id"]);
    expect(await order()).toEqual(["b", "a", "c"]);
    expect(await call("PUT", "ordered/routes/order", { ids: ["c", "a", "b"] })).toMatchObject({ status: 200 });
    expect(await order()).toEqual(["c", "a", "b"]);
    const first = await call("GET", "ordered/routes?limit=2");
    expect(await order(`?limit=2&cursor=${first.body["next"]}`)).toEqual(["b"]);
    for (const ids of [
      ["c", "a"],
      ["c", "a", "b", "d"],
      ["c", "a", "a", "b"],
    ])
      expect((await call("PUT", "ordered/routes/order", { ids })).status).toBe(422);
    await call("DELETE", "ordered/routes/a");
    expect(await order()).toEqual(["c", "b"]);
    const log = (await call("GET", "ordered/audit")).body["items"];
    expect(log[2]).toMatchObject({
      action: "routes.order",
      body: {
        changes: expect.arrayContaining([
          {
            id: "c",
            kind: "routes",
            op: "change",
            before: expect.anything(),
            after: expect.anything(),
            moved: { from: 2, to: 0 },
          },
        ]),
      },
    });
    expect(log[3].body.changes.length).toBe(1);
  });
});

describe("keys and secrets", () => {
  test("a new integration's key is shown once; rotated, both keys work for the overlap and the old one not after", async () => {
    await fresh("turn");
    const made = await call("POST", "turn/integrations", { id: "in", source: "generic" });
    const old = made.body["issued"][0];
    expect(old).toMatchObject({ kind: "integrations", id: "in", url: `http://localhost:8787/v1/ingest/${old.key}` });
    const got = await call("GET", "turn/integrations/in");
    expect(JSON.stringify(got.body)).not.toContain(old.key);
    const fire = (key: string) => api("POST", `/v1/ingest/${key}`, { dedupKey: "a", title: "A" });
    expect((await fire(old.key)).status).toBe(202);
    const turned = await call("POST", "turn/integrations/in/rotate", { overlap: "1h" });
    const next = turned.body["issued"][0];
    expect(turned.body["meta"]["oldKeyUntil"]).toMatch(/Z$/);
    expect([(await fire(old.key)).status, (await fire(next.key)).status]).toEqual([202, 202]);
    // The document knows nothing of the overlap, and does not end it.
    const { text } = (await api("GET", "/api/v1/tenants/turn/config")).body as { text: string };
    expect(await api("PUT", "/api/v1/tenants/turn/config", text)).toMatchObject({ status: 200, body: { changes: [] } });
    await call("PATCH", "turn/integrations/in", { name: "In" });
    expect([(await fire(old.key)).status, (await fire(next.key)).status]).toEqual([202, 202]);
    const last = (await call("POST", "turn/integrations/in/rotate", { overlap: "0s" })).body["issued"][0];
    expect([(await fire(old.key)).status, (await fire(next.key)).status, (await fire(last.key)).status]).toEqual([401, 401, 202]);
    const short = (await call("POST", "turn/integrations/in/rotate", { overlap: "1s" })).body["issued"][0];
    expect((await fire(last.key)).status).toBe(202);
    await until("the overlap's end", async () => (await fire(last.key)).status === 401);
    expect((await fire(short.key)).status).toBe(202);
    expect((await call("POST", "turn/integrations/in/rotate", { overlap: "31d" })).status).toBe(422);
    expect((await call("POST", "turn/integrations/nope/rotate", {})).status).toBe(404);
  });

  test("a secret left out stays, another one shows in the tag, null takes it away, and none ever comes back", async () => {
    await fresh("hold");
    const config = { url: "https://a.test/" };
    const secret = (letter: string) => ({ secrets: { signingKey: { value: letter.repeat(32) } } });
    const made = await call("POST", "hold/notifiers", { id: "h", plugin: "webhook", config, ...secret("s") });
    expect(made.body["secrets"]).toEqual({ signingKey: { sealed: true } });
    expect((await call("PUT", "hold/notifiers/h", { plugin: "webhook", config })).etag).toBe(made.etag);
    expect((await call("PUT", "hold/notifiers/h", { plugin: "webhook", config, ...secret("s") })).etag).toBe(made.etag);
    const other = await call("PATCH", "hold/notifiers/h", secret("t"));
    expect([other.status, other.etag === made.etag]).toEqual([200, false]);
    expect(await call("PATCH", "hold/notifiers/h", { secrets: { signingKey: null } })).toMatchObject({ status: 422 });
    await call("POST", "hold/integrations", { id: "in", source: "generic", secret: { value: "sender-signs-with-this" } });
    expect((await call("PUT", "hold/integrations/in", { source: "generic" })).body["secret"]).toEqual({ sealed: true });
    expect((await call("PUT", "hold/integrations/in", { source: "generic", secret: null })).body["secret"]).toBeUndefined();
    const everything = JSON.stringify([
      (await call("GET", "hold/notifiers")).body,
      (await call("GET", "hold/integrations")).body,
      (await call("GET", "hold/audit")).body,
    ]);
    for (const word of ["ssssssss", "tttttttt", "sender-signs", "keyHash", "print"]) expect(everything).not.toContain(word);
    const log = (await call("GET", "hold/audit")).body["items"] as Json[];
    expect(log.find((row) => row["action"] === "notifiers.patch")?.["body"].changes[0].secretsChanged).toEqual([
      "secrets.signingKey",
    ]);
  });

  test("another tenant's key is refused, in words that tell nothing of whose it is", async () => {
    const t = await tenant("key-holder");
    await fresh("key-taker");
    expect(await call("POST", "key-taker/integrations", { id: "in", source: "generic", key: { value: t.key } })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "key", message: expect.not.stringContaining("holder") }] },
    });
  });
});

describe("people's own", () => {
  const config = (id: string, contacts: string) =>
    `tenant: ${id}\nusers: [ { id: ana, contacts: [ ${contacts} ], notify: { high: [ { after: 0s, contact: phone } ] } } ]\n`;
  const put = (id: string, text: string, query = "") => api("PUT", `/api/v1/tenants/${id}/config${query}`, text);
  const phone = "{ id: phone, via: inbox, to: work }";

  test("contacts and rules made at run time outlive every document, unless it prunes them", async () => {
    await migrate();
    await put("own", config("own", phone));
    const ana = "own/users/ana";
    expect(await call("POST", `${ana}/contacts`, { id: "home", via: "inbox", to: "home" })).toMatchObject({
      status: 201,
      body: { id: "home", to: "home" },
    });
    expect(await call("PUT", `${ana}/contacts/phone`, { via: "inbox", to: "new work" })).toMatchObject({ status: 200 });
    expect(await call("PUT", `${ana}/notify`, { high: [{ after: "0s", contact: "home" }] })).toMatchObject({ status: 200 });
    expect((await call("GET", ana)).body["meta"]["own"]).toEqual({ contacts: ["phone", "home"], rules: true });
    const before = await call("GET", `${ana}/contacts`);
    expect(await put("own", config("own", phone))).toMatchObject({ status: 200, body: { changes: [] } });
    await put("own", config("own", `${phone}, { id: pager, via: inbox, to: pager }`));
    const names = async (): Promise<string[]> =>
      (await call("GET", `${ana}/contacts`)).body["items"].map((each: Json) => `${each["id"]}:${each["to"]}`);
    expect(before.body["items"].length).toBe(2);
    expect(await names()).toEqual(["phone:new work", "pager:pager", "home:home"]);
    expect((await call("GET", `${ana}/notify`)).body).toEqual({ high: [{ after: "0s", contact: "home" }] });
    // The document gives back its own words only, and applied again changes nothing.
    const { text } = (await api("GET", "/api/v1/tenants/own/config")).body as { text: string };
    expect(text).not.toContain("home");
    expect(await put("own", text)).toMatchObject({ body: { changes: [] } });
    expect(await put("own", "tenant: own\n", "?prune=rules&dryRun=true")).toMatchObject({
      body: { changes: [{ op: "change", kind: "users", id: "ana" }] },
    });
    await put("own", "tenant: own\n", "?prune=contacts,rules");
    expect(await names()).toEqual(["phone:work", "pager:pager"]);
    expect((await call("GET", `${ana}/notify`)).body).toEqual({ high: [{ after: "0s", contact: "phone" }] });
    expect((await call("GET", ana)).body["meta"]["own"]).toBeUndefined();
  });

  test("a document's contact that a person took away stays away, and their rules that named it go with it", async () => {
    await migrate();
    await put("own-away", config("own-away", `${phone}, { id: pager, via: inbox }`));
    expect((await call("DELETE", "own-away/users/ana/contacts/phone")).status).toBe(204);
    await put("own-away", config("own-away", `${phone}, { id: pager, via: inbox }`));
    expect((await call("GET", "own-away/users/ana/contacts")).body["items"]).toMatchObject([{ id: "pager" }]);
    expect((await call("GET", "own-away/users/ana/notify")).body).toEqual({ high: [] });
    expect((await call("DELETE", "own-away/users/ana/contacts/phone")).status).toBe(404);
  });

  test("errors are in the words of what was sent", async () => {
    await migrate();
    await put("own-errors", config("own-errors", phone));
    const ana = "own-errors/users/ana";
    expect(await call("POST", `${ana}/contacts`, { id: "x", via: "inbx" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "via", nearest: "inbox" }] },
    });
    expect(await call("POST", `${ana}/contacts`, { id: "phone", via: "inbox" })).toMatchObject({ status: 409 });
    expect(await call("PUT", `${ana}/contacts`, { items: [{ id: "x", via: "nope" }] })).toMatchObject({
      status: 422,
      body: { errors: expect.arrayContaining([expect.objectContaining({ path: "items[0].via" })]) },
    });
    expect(await call("PUT", `${ana}/notify`, { high: [{ after: "soon", contact: "phone" }] })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "high[0].after" }] },
    });
    expect(await call("PUT", `${ana}/notify`, { high: [{ after: "0s", contact: "fone" }] })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "high[0].contact", nearest: "phone" }] },
    });
  });

  test("a test page goes through the real notifier, says it is one, is recorded, and not at once again", async () => {
    const t = await tenant("tested");
    const sent = await call("POST", "tested/users/ana/contacts/phone/test", {});
    expect(sent).toMatchObject({
      status: 200,
      body: { status: "delivered", outcome: "delivered", user: "ana", contact: "phone" },
    });
    const [message] = (await t.inbox()) as unknown as Json[];
    expect(message).toMatchObject({ user: "ana", delivery: sent.body["delivery"], title: expect.stringContaining("TEST") });
    expect((await call("GET", "tested/deliveries?user=ana")).body["items"]).toMatchObject([
      { id: sent.body["delivery"], status: "delivered", reason: { via: "test" } },
    ]);
    const page = await ask(new URL(message?.["link"]).pathname);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("test page works")]);
    const again = await ask("/api/v1/tenants/tested/users/ana/contacts/phone/test", { method: "POST", headers: admin });
    expect([again.status, Number(again.headers.get("retry-after")) > 0]).toEqual([429, true]);
    expect((await call("POST", "tested/users/ana/contacts/nope/test", {})).status).toBe(404);
    expect((await call("GET", "tested/incidents")).body["items"]).toEqual([]);
  });

  test("a test by a contact whose provider does not answer says so", async () => {
    await fresh(
      "tested-dark",
      'notifiers: [ { id: hook, plugin: webhook, config: { url: "http://127.0.0.1:9/" }, secrets: { signingKey: { value: ssssssssssssssssssssssssssssssss } } } ]',
    );
    await call("POST", "tested-dark/users/ana/contacts", { id: "hook", via: "hook", to: "x" });
    const sent = await call("POST", "tested-dark/users/ana/contacts/hook/test", {});
    expect(sent.status).toBe(200);
    expect(["failed", "unknown"]).toContain(sent.body["status"]);
    expect(sent.body["detail"]).not.toBe("");
  });
});

describe("tenants", () => {
  const hub = (method: string, path: string, body?: unknown) => api(method, `/api/v1/tenants${path}`, body);

  test("are made once, shown, and deleted; made anew under the same name they begin empty", async () => {
    await migrate();
    expect(await hub("POST", "", { id: "born", name: "Born", users: [{ id: "ana" }] })).toMatchObject({
      status: 201,
      body: { id: "born", version: 1 },
    });
    expect((await hub("POST", "", { tenant: "born" })).status).toBe(409);
    expect((await hub("POST", "", { name: "nameless" })).status).toBe(422);
    expect((await hub("POST", "", { tenant: "Not A Name" })).status).toBe(422);
    expect(await hub("GET", "/born")).toMatchObject({ status: 200, body: { id: "born", name: "Born", version: 1, inForce: 1 } });
    expect((await hub("DELETE", "/born")).status).toBe(204);
    for (const path of ["/born", "/born/config", "/born/users", "/born/incidents"])
      expect((await hub("GET", path)).status).toBe(404);
    expect((await hub("DELETE", "/born")).status).toBe(404);
    expect(await hub("POST", "", { tenant: "born" })).toMatchObject({ status: 201, body: { version: 3 } });
    expect((await hub("GET", "/born/users")).body["items"]).toEqual([]);
    expect((await hub("GET", "/born/audit")).body["items"].map((row: Json) => row["action"])).toEqual([
      "tenant.create",
      "tenant.delete",
      "tenant.create",
    ]);
    expect((await hub("GET", "/born/audit/verify")).body).toEqual({ whole: true, firstBad: null });
  });

  test("with open incidents stay, unless forced; then those are closed, the keys stop and nothing of it is left", async () => {
    const t = await tenant("doomed", "heartbeats: [ { id: nightly, every: 1h } ]");
    const id = (await t.fire({ dedupKey: "a", title: "Down" })).results[0]?.incident ?? "";
    await until("the page", async () => (await t.inbox())[0]);
    expect(await hub("DELETE", "/doomed")).toMatchObject({ status: 409, body: { open: 1 } });
    expect((await t.fire({ dedupKey: "b", title: "Still taken in" })).status).toBe(202);
    expect(await hub("DELETE", "/doomed?force=true")).toMatchObject({ status: 204 });
    expect((await t.fire({ dedupKey: "a", title: "Down" })).status).toBe(401);
    expect((await hub("GET", `/doomed/incidents/${id}`)).status).toBe(404);
    await hub("POST", "", { tenant: "doomed" });
    expect((await hub("GET", "/doomed/incidents")).body["items"]).toEqual([]);
    expect((await hub("GET", "/doomed/inbox")).body["items"]).toEqual([]);
  });
});

describe("the audit log", () => {
  test("holds who changed what from what to what, by document and by object, and exports it", async () => {
    await fresh("logged");
    await call("POST", "logged/teams", { id: "t", members: ["ana"] });
    await call("PATCH", "logged/teams/t", { members: [] });
    await call("DELETE", "logged/teams/t");
    await api("PUT", "/api/v1/tenants/logged/config", "tenant: logged\nname: Logged\n");
    const log = (await call("GET", "logged/audit")).body["items"] as Json[];
    const team = (members: string[]) => ({ id: "t", members, managers: [] });
    expect(log.map((row) => [row["action"], row["actor"]])).toEqual([
      ["config.apply", "hub-owner"],
      ["teams.create", "hub-owner"],
      ["teams.patch", "hub-owner"],
      ["teams.delete", "hub-owner"],
      ["config.apply", "hub-owner"],
    ]);
    expect(log.slice(1).map((row) => row["body"].changes)).toEqual([
      [{ op: "add", kind: "teams", id: "t", before: null, after: team(["ana"]) }],
      [{ op: "change", kind: "teams", id: "t", before: team(["ana"]), after: team([]) }],
      [{ op: "remove", kind: "teams", id: "t", before: team([]), after: null }],
      [{ op: "change", kind: "tenant", id: "logged", before: {}, after: { name: "Logged" } }],
    ]);
    const lines = await ask("/api/v1/tenants/logged/audit", { headers: { ...admin, accept: "application/x-ndjson" } });
    expect(lines.headers.get("content-type")).toBe("application/x-ndjson");
    expect(
      (await lines.text())
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as Json)["seq"]),
    ).toEqual([1, 2, 3, 4, 5]);
    expect((await call("GET", "logged/audit/verify")).body).toEqual({ whole: true, firstBad: null });
    const { seq, hash } = log.at(-1) as { seq: number; hash: string };
    expect((await call("GET", `logged/audit/verify?seq=${seq}&hash=${hash}`)).body["whole"]).toBe(true);
    expect((await call("GET", `logged/audit/verify?seq=${seq + 1}&hash=${hash}`)).body).toMatchObject({
      whole: false,
      firstBad: { seq: seq + 1, reason: "an entry is missing" },
    });
    const first = await call("GET", "logged/audit?limit=2");
    expect((await call("GET", `logged/audit?cursor=${first.body["next"]}`)).body["items"].length).toBe(3);
  });
});
