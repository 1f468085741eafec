// A tenant's own plugin on the real runtime, as its author and its sender meet it: refused by the kit, mended, in use, rolled back,
// switched off; two tenants with plugins of one name; what the log keeps.

import { describe, expect, test } from "vitest";
import { api, ask, tenant, until, type Json } from "./hub.ts";

const door = (text: string) => `
import { alertOf, firstOf, isRecord, UnreadableError, type Alert } from "tocsin/sdk";

export const plugin = {
  normalize({ payload }: { payload: unknown }): Alert[] {
    const name = isRecord(payload) ? firstOf(payload["door"]) : null;
    if (!isRecord(payload) || name === null) throw new UnreadableError("an event of a door names it");
    const shut = payload["state"] === "shut";
    return [alertOf({
      source: "acme-door", dedupKey: name, action: shut ? "resolve" : "trigger", severity: "error",
      title: "${text} " + name, labels: { site: firstOf(payload["site"]) ?? "" },
    })];
  },
};
`;
const fixtures = [
  { name: "open", body: { door: "north", state: "open" }, golden: [{ action: "trigger", dedupKey: "north" }] },
  { name: "shut", body: { door: "north", state: "shut" } },
  { name: "nameless", body: { state: "open" }, golden: "unreadable" },
];
const pairs = [["open", "shut"]];

const at = (of: string, rest = "") => `/api/v1/tenants/${of}/own-plugins${rest}`;

function upload(of: string, id: string, more: Json = {}): ReturnType<typeof api> {
  return api("POST", at(of, `/${id}/versions`), { code: door("Door"), fixtures, pairs, ...more });
}

function checksOf(body: Json): string[] {
  return (body["report"].checks as Json[]).filter((each) => each["passed"] === false).map((each) => String(each["check"]));
}

/** An integration that this plugin reads for; answers its key. */
async function reads(of: string, plugin: string, more: Json = {}): Promise<string> {
  const body = { id: `by-${plugin}`, source: "sandboxed", service: "svc", config: { plugin, ...more } };
  const made = await api("POST", `/api/v1/tenants/${of}/integrations`, body);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return String(made.body["issued"][0].key);
}

async function send(key: string, body: Json): Promise<Json> {
  const answer = await ask(`/v1/ingest/${key}`, { method: "POST", body: JSON.stringify(body) });
  expect(answer.status).toBe(202);
  return (await answer.json<{ results: Json[] }>()).results[0] ?? {};
}

async function auditOf(of: string): Promise<string[]> {
  const { body } = await api("GET", `/api/v1/tenants/${of}/audit?kind=ownPlugins`);
  return (body["items"] as Json[]).map((each) => String(each["action"]));
}

describe("an upload", () => {
  test("that passes the kit is a version with its text, its fixtures and its report, and nothing runs it yet", async () => {
    await tenant("own-passes");
    const made = await upload("own-passes", "acme-door", { name: "Doors of Acme", note: "the first" });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect(made.body["version"]).toBe(1);
    expect(made.body["report"]).toMatchObject({ passed: true });
    expect((made.body["report"].checks as Json[]).map((each) => [each["check"], each["passed"]])).toEqual([
      ["readable", true],
      ["alerts", true],
      ["fires", true],
      ["same-twice", true],
      ["pairs", true],
      ["golden", true],
      ["garbage", true],
      ["mangled", true],
    ]);
    expect(made.body["plugin"]).toMatchObject({ id: "acme-door", name: "Doors of Acme", active: null, off: false, usedBy: [] });
    const version = await api("GET", at("own-passes", "/acme-door/versions/1"));
    expect(version.body).toMatchObject({ code: door("Door"), fixtures, pairs, note: "the first", language: "typescript" });
    expect((await api("GET", at("own-passes"))).body).toMatchObject({ items: [{ id: "acme-door" }], unavailable: null });
  });

  test("with a mistake in its syntax is told the line, and one that imports more than the SDK which", async () => {
    await tenant("own-syntax");
    const broken = await upload("own-syntax", "x", { code: "export const plugin = {\n  normalize( { return }\n};\n" });
    expect(broken.status).toBe(422);
    expect(broken.body["errors"][0]).toMatchObject({ in: "body", path: "code", line: 3 });
    const importing = await upload("own-syntax", "x", { code: `\nimport _ from "lodash";\nexport const plugin = _;\n` });
    expect(importing.status).toBe(422);
    expect(importing.body["errors"][0]).toMatchObject({ path: "code", line: 2, message: expect.stringContaining("lodash") });
    expect((await upload("own-syntax", "x", { fixtures: [] })).body["errors"][0]).toMatchObject({ path: "fixtures" });
    expect((await upload("own-syntax", "Not-An-Id")).status).toBe(422);
    expect((await api("GET", at("own-syntax"))).body["items"]).toEqual([]);
  });

  test.each([
    ["throws", ["readable", "fires"], `throw new Error("no")`],
    [
      "fires never",
      ["fires"],
      `return [{ dedupKey: "a", action: "resolve", title: "t", severity: "info", body: "", labels: {}, links: [], source: "x", sourceAt: null, test: false }]`,
    ],
    ["returns what is no alert", ["readable", "fires"], `return [{ title: "x" }]`],
    [
      "counts",
      ["same-twice"],
      `n += 1; return [{ dedupKey: "a" + n, action: "trigger", title: "t", severity: "info", body: "", labels: {}, links: [], source: "x", sourceAt: null, test: false }]`,
    ],
    ["changes its input", ["readable", "fires"], `input.payload.door = 1; return []`],
    [
      "ends problems on garbage",
      ["garbage"],
      `return [{ dedupKey: "a", action: input.payload?.state === "open" ? "trigger" : "resolve", title: "t", severity: "info", body: "", labels: {}, links: [], source: "x", sourceAt: null, test: false }]`,
    ],
  ])("of a plugin that %s is refused with the check that says so", async (what, failed, code) => {
    const id = `own-bad-${what.replaceAll(" ", "-")}`;
    await tenant(id);
    const text = `let n = 0;\nexport const plugin = { normalize(input) { ${code} } };\n`;
    const only = [{ name: "open", body: { door: "north", state: "open" } }];
    const refused = await upload(id, "x", { code: text, language: "javascript", fixtures: only, pairs: [], activate: true });
    expect(refused.status, JSON.stringify(refused.body)).toBe(422);
    expect(checksOf(refused.body)).toEqual(failed);
    expect(refused.body["errors"][0].message).toMatch(/\S{3,}/);
    expect((await api("GET", at(id))).body["items"]).toEqual([]);
    expect(await auditOf(id)).toEqual([]);
  });

  test("whose firing and end have two dedup keys, or whose golden alert is another, is refused", async () => {
    await tenant("own-pairs");
    const apart = await upload("own-pairs", "x", {
      code: door("Door").replace("dedupKey: name", `dedupKey: JSON.stringify(payload)`),
      fixtures: fixtures.slice(0, 2).map(({ name, body }) => ({ name, body })),
    });
    expect([apart.status, checksOf(apart.body)]).toEqual([422, ["pairs"]]);
    const golden = [{ name: "open", body: fixtures[0]?.body, golden: [{ severity: "critical" }] }];
    const other = await upload("own-pairs", "x", { fixtures: golden, pairs: [] });
    expect([other.status, checksOf(other.body)]).toEqual([422, ["golden"]]);
  });

  test("that breaks on a fixture is told the line of its code, and so is whoever tries a body", async () => {
    await tenant("own-line");
    const broken = door("Door").replace("return [alertOf({", "payload['a'].b;\n    return [alertOf({");
    const refused = await upload("own-line", "acme-door", { code: broken });
    const line = broken.slice(0, broken.indexOf("payload['a'].b")).split("\n").length;
    expect((refused.body["report"].checks as Json[])[0]).toMatchObject({ check: "readable", fixture: "open", line });
    expect(refused.body["errors"][0]).toMatchObject({ path: "fixtures[0]", line });
    const careful = door("Door").replace("return [alertOf({", "if (payload['a'] === 1) payload['b'].c;\n    return [alertOf({");
    expect((await upload("own-line", "acme-door", { code: careful })).status).toBe(201);
    const tried = await api("POST", at("own-line", "/acme-door/versions/1/try"), { body: '{"door":"west","a":1}' });
    expect(tried.body).toMatchObject({ unreadable: expect.stringContaining("Cannot read"), line });
  });

  test("as a dry run keeps nothing, and a body can be tried against a version", async () => {
    await tenant("own-dry");
    const dry = await upload("own-dry", "acme-door", { dryRun: true });
    expect([dry.status, dry.body["version"], dry.body["report"].passed]).toEqual([200, null, true]);
    expect((await api("GET", at("own-dry", "/acme-door"))).status).toBe(404);
    expect((await upload("own-dry", "acme-door")).status).toBe(201);
    const read = (body: string) => api("POST", at("own-dry", "/acme-door/versions/1/try"), { body });
    expect((await read(`{"door":"west"}`)).body).toMatchObject({ unreadable: null, alerts: [{ title: "Door west" }] });
    expect((await read(`{}`)).body).toMatchObject({ unreadable: "an event of a door names it", alerts: [] });
    expect((await api("POST", at("own-dry", "/acme-door/versions/7/try"), { body: "" })).status).toBe(404);
  });
});

describe("a plugin in use", () => {
  test("from its refusal to its end: mended, in use, its alert is in, rolled back, switched off and said so, deleted when nothing uses it", async () => {
    const hub = await tenant("own-life");
    const bad = await upload("own-life", "acme-door", { code: door("Door").replace('"trigger"', '"explode" as never') });
    expect(bad.status).toBe(422);
    expect((await upload("own-life", "acme-door")).status).toBe(201);
    // No version is in use: nothing could read for it.
    const early = await api("POST", "/api/v1/tenants/own-life/integrations", {
      id: "early",
      source: "sandboxed",
      config: { plugin: "acme-door" },
    });
    expect([early.status, early.body["errors"][0].path]).toEqual([422, "config.plugin"]);
    expect((await api("PUT", at("own-life", "/acme-door/active"), { version: 1 })).status).toBe(200);
    const key = await reads("own-life", "acme-door");
    const first = await send(key, { door: "north", state: "open" });
    expect(first["action"]).toBe("triggered");
    expect(await hub.incident(String(first["incident"]))).toMatchObject({ title: "Door north" });
    expect((await send(key, { door: "north", state: "shut" }))["action"]).toBe("resolved");

    const second = await upload("own-life", "acme-door", { code: door("Gate"), note: "gates", activate: true });
    expect([second.status, second.body["version"]]).toEqual([201, 2]);
    const gate = await send(key, { door: "west", state: "open" });
    expect(await hub.incident(String(gate["incident"]))).toMatchObject({ title: "Gate west" });
    expect((await api("PUT", at("own-life", "/acme-door/active"), { version: 1 })).body).toMatchObject({ active: 1 });
    const back = await send(key, { door: "east", state: "open" });
    expect(await hub.incident(String(back["incident"]))).toMatchObject({ title: "Door east" });
    expect((await api("PUT", at("own-life", "/acme-door/active"), { version: 9 })).status).toBe(422);

    expect((await api("PATCH", at("own-life", "/acme-door"), { off: true })).body).toMatchObject({ off: true });
    const off = await send(key, { door: "south", state: "open" });
    expect(off["action"]).toBe("unreadable");
    const said = await hub.incident(String(off["incident"]));
    expect(said["title"]).toContain("Unreadable alert");
    expect(JSON.stringify(await hub.timeline(String(off["incident"])))).toContain("by-acme-door");
    expect(off["reason"]).toContain("switched off");
    expect((await api("PATCH", at("own-life", "/acme-door"), { off: false })).body).toMatchObject({ off: false });
    expect((await send(key, { door: "south", state: "open" }))["action"]).toBe("triggered");

    const used = await api("DELETE", at("own-life", "/acme-door"));
    expect([used.status, used.body["usedBy"][0].id]).toEqual([409, "by-acme-door"]);
    expect((await api("DELETE", "/api/v1/tenants/own-life/integrations/by-acme-door")).status).toBe(204);
    expect((await api("DELETE", at("own-life", "/acme-door"))).status).toBe(204);
    expect((await api("GET", at("own-life", "/acme-door"))).status).toBe(404);
    expect(await auditOf("own-life")).toEqual([
      "ownPlugins.upload",
      "ownPlugins.activate",
      "ownPlugins.upload",
      "ownPlugins.activate",
      "ownPlugins.switchOff",
      "ownPlugins.switchOn",
      "ownPlugins.delete",
    ]);
  });

  test("is kept to a version that an integration pins, and one that is not there is an error on that field", async () => {
    const hub = await tenant("own-pin");
    await upload("own-pin", "acme-door", { activate: true });
    await upload("own-pin", "acme-door", { code: door("Gate"), activate: true });
    const key = await reads("own-pin", "acme-door", { version: 1 });
    const made = await send(key, { door: "north", state: "open" });
    expect(await hub.incident(String(made["incident"]))).toMatchObject({ title: "Door north" });
    const make = (config: Json) =>
      api("POST", "/api/v1/tenants/own-pin/integrations", { id: "other", source: "sandboxed", config });
    const wrong = await make({ plugin: "acme-door", version: 3 });
    expect([wrong.status, wrong.body["errors"][0].path]).toEqual([422, "config.version"]);
    const near = await make({ plugin: "acme-dor" });
    expect(near.body["errors"][0]).toMatchObject({ path: "config.plugin", nearest: "acme-door" });
  });

  test("reads on with the database dark: its code is the Directory's", async () => {
    const { loadPlugin } = await import("../../worker/objects/own-code.ts");
    const { env } = await import("./runtime.ts");
    await tenant("own-dark");
    const made = await upload("own-dark", "acme-door", { activate: true });
    const hash = String(made.body["plugin"].versions[0].hash);
    const dark = {
      ...env,
      DB: {
        prepare: () => {
          throw new Error("D1 is dark");
        },
      },
    } as unknown as Env;
    const snapshot = {
      tenant: "own-dark",
      jurisdiction: null,
      ownPlugins: { "acme-door": { id: "acme-door", off: false, active: 1, versions: { 1: hash } } },
    };
    expect(await loadPlugin(dark, snapshot, "acme-door", null)).toMatchObject({ hash, version: 1 });
  });

  test("of one name belongs to each of two tenants alone", async () => {
    const [one, two] = [await tenant("own-one"), await tenant("own-two")];
    await upload("own-one", "acme-door", { activate: true });
    await upload("own-two", "acme-door", { code: door("Gate"), activate: true });
    const [first, second] = [await reads("own-one", "acme-door"), await reads("own-two", "acme-door")];
    const body = { door: "north", state: "open" };
    const [a, b] = [await send(first, body), await send(second, body)];
    expect(await one.incident(String(a["incident"]))).toMatchObject({ title: "Door north" });
    expect(await two.incident(String(b["incident"]))).toMatchObject({ title: "Gate north" });
    await api("PATCH", at("own-two", "/acme-door"), { off: true });
    expect((await send(first, { door: "east", state: "open" }))["action"]).toBe("triggered");
    await until("the other's is off", async () => (await send(second, { door: "east" }))["action"] === "unreadable");
    await tenant("own-none");
    expect((await api("GET", at("own-none"))).body["items"]).toEqual([]);
    expect((await api("GET", at("own-none", "/acme-door/versions/1"))).status).toBe(404);
  });
});
