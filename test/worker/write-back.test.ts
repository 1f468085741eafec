// State flows back on the real runtime: a Zabbix that keeps problems and says every change of them to the hub again, as its update
// operations do. One write for each change, none for what it did itself, no loop, and an echo that comes late acknowledges nothing.

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { api, ask, migrate, until, type Json } from "./hub.ts";

interface Problem {
  acknowledged: boolean;
  open: boolean;
}

/** What it was told, in order, as "action eventids"; the bits of action are event.acknowledge's own. */
interface Zabbix {
  readonly problems: Map<string, Problem>;
  readonly written: string[];
  /** Bodies that its update operations have still to post; null: they are posted at once. */
  held: Json[] | null;
  key: string;
  readonly answers: string[];
}

const systems = new Map<string, Zabbix>();

async function answer(request: Request): Promise<Response> {
  const zabbix = systems.get(new URL(request.url).host);
  if (zabbix === undefined) return new Response("", { status: 404 });
  const { method, params } = JSON.parse(await request.text()) as Json;
  if (method !== "event.acknowledge") throw new Error(`not asked in this test: ${method}`);
  const ids = params["eventids"] as string[];
  const action = Number(params["action"]);
  zabbix.written.push(`${action} ${ids.join(",")}`);
  for (const id of ids) await carryOut(zabbix, id, action, String(params["message"]));
  return Response.json({ jsonrpc: "2.0", result: { eventids: ids }, id: 1 });
}

/** Changes a problem and says so to the hub, whoever asked for it: a person in Zabbix, or the hub itself. */
async function carryOut(zabbix: Zabbix, id: string, action: number, message: string): Promise<void> {
  const problem = zabbix.problems.get(id);
  if (problem === undefined) throw new Error(`no problem ${id}`);
  const did = [
    ...(action & 2 ? ["acknowledged"] : []),
    ...(action & 16 ? ["unacknowledged"] : []),
    ...(action & 4 ? ["commented"] : []),
    ...(action & 1 ? ["closed"] : []),
  ];
  if (action & 2) problem.acknowledged = true;
  if (action & 16) problem.acknowledged = false;
  const update = { event_update_status: "1", event_update_action: did.join(" and "), event_update_message: message };
  await tell(zabbix, { ...bodyOf(id, problem), ...update });
  if (action & 1) await recover(zabbix, id);
}

async function recover(zabbix: Zabbix, id: string): Promise<void> {
  const problem = zabbix.problems.get(id);
  if (problem === undefined || !problem.open) return;
  problem.open = false;
  await tell(zabbix, bodyOf(id, problem));
}

async function begin(zabbix: Zabbix, id: string): Promise<void> {
  const problem = { acknowledged: false, open: true };
  zabbix.problems.set(id, problem);
  await tell(zabbix, bodyOf(id, problem));
}

function bodyOf(id: string, { acknowledged, open }: Problem): Json {
  return {
    event_id: id,
    event_value: open ? "1" : "0",
    event_update_status: "0",
    event_ack_status: acknowledged ? "Yes" : "No",
    event_nseverity: "5",
    event_name: "Disk of db1 is full",
    event_update_action: "{EVENT.UPDATE.ACTION}",
    event_update_message: "{EVENT.UPDATE.MESSAGE}",
    trigger_id: "25066",
    host: "db1",
  };
}

async function tell(zabbix: Zabbix, body: Json): Promise<void> {
  if (zabbix.held !== null) return void zabbix.held.push(body);
  await post(zabbix, body);
}

async function post(zabbix: Zabbix, body: Json): Promise<void> {
  const response = await ask(`/v1/ingest/${zabbix.key}`, { method: "POST", body: JSON.stringify(body) });
  const { results } = await response.json<{ results: { action: string; reason: string }[] }>();
  zabbix.answers.push(...results.map(({ action, reason }) => `${action}: ${reason}`));
}

async function connected(id: string) {
  await migrate();
  const host = `${id}.zabbix.test`;
  const zabbix: Zabbix = { problems: new Map(), written: [], held: null, key: "", answers: [] };
  systems.set(host, zabbix);
  const applied = await api(
    "PUT",
    `/api/v1/tenants/${id}/config`,
    `
tenant: ${id}
users: [ { id: ana, contacts: [ { id: phone, via: inbox } ] } ]
policies: [ { id: p, steps: [ { notify: [ { user: ana } ], escalateAfter: 5m } ] } ]
services: [ { id: svc, policy: p } ]
integrations: [ { id: zbx, source: zabbix, service: svc, config: { key: trigger } } ]
connectors: [ { id: back, plugin: zabbix, on: [acknowledged, unacknowledged, resolved, note], config: { baseUrl: "https://${host}" }, secrets: { apiToken: { value: zabbix-token-0001 } } } ]
`,
  );
  expect(applied.status).toBe(200);
  zabbix.key = String(applied.body["issued"][0].key);
  const incidents = `/api/v1/tenants/${id}/incidents`;
  const status = async (incident: string): Promise<string> => (await api("GET", `${incidents}/${incident}`)).body["status"];
  return {
    zabbix,
    status,
    opened: async () =>
      (await until("the incident", async () => (await api("GET", incidents)).body["items"]?.[0]))["id"] as string,
    act: (incident: string, command: string, more: object = {}) =>
      api("POST", `${incidents}/${incident}/${command}`, { as: "ana", ...more }),
    timeline: async (incident: string) =>
      (await api("GET", `${incidents}/${incident}/timeline`)).body["items"] as { kind: string; reason: string }[],
  };
}

/** As many writes as these, and no more after a while in which any loop would show. */
async function settles(zabbix: Zabbix, written: readonly string[]): Promise<void> {
  await until(`${written.length} writes`, async () => zabbix.written.length >= written.length);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(zabbix.written).toEqual(written);
}

beforeAll(() => void vi.stubGlobal("fetch", answer));
afterAll(() => void vi.unstubAllGlobals());

describe("a sender that says everything again", () => {
  test("hears each change that a person makes here once, over acknowledge, give back, acknowledge and resolve", async () => {
    const { zabbix, opened, act, status, timeline } = await connected("wb-once");
    await begin(zabbix, "23");
    const incident = await opened();
    const expected: string[] = [];
    for (const [command, write] of [
      ["ack", "6 23"],
      ["unack", "20 23"],
      ["ack", "6 23"],
      ["resolve", "5 23"],
    ] as const) {
      await act(incident, command);
      expected.push(write);
      await settles(zabbix, expected);
      expect(await status(incident)).toBe(command === "unack" ? "triggered" : command === "ack" ? "acknowledged" : "resolved");
    }
    expect(zabbix.problems.get("23")).toEqual({ acknowledged: true, open: false });
    const kinds = (await timeline(incident)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "acknowledged")).toHaveLength(2);
    expect(kinds.filter((kind) => kind === "resolved")).toHaveLength(1);
    expect(kinds.filter((kind) => kind === "posted")).toHaveLength(4);
    // Our own updates came back four times and were known; the recovery that closing made is Zabbix's own word.
    expect(zabbix.answers.filter((each) => each === "ignored: this hub's own update of the problem")).toHaveLength(4);
  });

  test("is written nothing of what it did itself, and its next problem is written to under its own id", async () => {
    const { zabbix, opened, act, status } = await connected("wb-itself");
    await begin(zabbix, "23");
    const incident = await opened();
    await carryOut(zabbix, "23", 2, "");
    expect(await status(incident)).toBe("acknowledged");
    await recover(zabbix, "23");
    expect(await status(incident)).toBe("resolved");
    await settles(zabbix, []);
    await begin(zabbix, "31");
    expect(await status(incident)).toBe("triggered");
    await act(incident, "ack");
    await settles(zabbix, ["6 31"]);
  });

  test("whose echo of our acknowledgment comes after it was given back acknowledges nothing; a person's own does", async () => {
    const { zabbix, opened, act, status } = await connected("wb-late");
    await begin(zabbix, "23");
    const incident = await opened();
    zabbix.held = [];
    await act(incident, "ack");
    await settles(zabbix, ["6 23"]);
    await act(incident, "unack");
    await settles(zabbix, ["6 23", "20 23"]);
    const late = zabbix.held;
    zabbix.held = null;
    expect(late).toHaveLength(2);
    for (const body of late) await post(zabbix, body);
    expect(await status(incident)).toBe("triggered");
    await carryOut(zabbix, "23", 6, "I have it");
    expect(await status(incident)).toBe("acknowledged");
    await settles(zabbix, ["6 23", "20 23"]);
  });

  test("whose recovery of a problem that we closed comes after the incident was re-opened ends nothing", async () => {
    const { zabbix, opened, act, status } = await connected("wb-reopen");
    await begin(zabbix, "23");
    const incident = await opened();
    zabbix.held = [];
    await act(incident, "resolve");
    await settles(zabbix, ["5 23"]);
    await act(incident, "reopen");
    const late = zabbix.held;
    zabbix.held = null;
    expect(late.map((body) => body["event_value"])).toEqual(["1", "0"]);
    for (const body of late) await post(zabbix, body);
    expect(await status(incident)).toBe("triggered");
    await begin(zabbix, "31");
    await recover(zabbix, "31");
    expect(await status(incident)).toBe("resolved");
    await settles(zabbix, ["5 23"]);
  });

  test("gets notes as messages, which come back as nothing", async () => {
    const { zabbix, opened, act, status } = await connected("wb-note");
    await begin(zabbix, "23");
    const incident = await opened();
    await act(incident, "note", { text: "looking at the volume" });
    await settles(zabbix, ["4 23"]);
    expect(await status(incident)).toBe("triggered");
  });
});

describe("a connector that writes back", () => {
  const apply = (id: string, connector: string) =>
    api("PUT", `/api/v1/tenants/${id}/config`, `tenant: ${id}\nconnectors: [ ${connector} ]\n`);
  const zabbix = (more: string) =>
    `{ id: back, plugin: zabbix, on: [acknowledged], config: { baseUrl: "https://z.test" }, secrets: { apiToken: { value: t } }${more} }`;

  test("takes integrations of its own kind of source, and says which others are not", async () => {
    await connected("wb-named");
    expect((await apply("wb-named", zabbix(", integrations: [zbx]"))).status).toBe(200);
    const wrong = await apply("wb-named", zabbix(", integrations: [zbxx]"));
    expect([wrong.status, JSON.stringify(wrong.body["errors"])]).toEqual([422, expect.stringContaining("did you mean zbx?")]);
    const hook = `{ id: hook, plugin: webhook, on: [opened], config: { url: "https://a.test/" }, integrations: [zbx] }`;
    expect(JSON.stringify((await apply("wb-named", hook)).body["errors"])).toContain("does not write back");
    const jira = `{ id: j, plugin: jira, on: [resolved], config: { baseUrl: "https://j.test" }, secrets: { apiToken: { value: t } }, integrations: [zbx] }`;
    expect(JSON.stringify((await apply("wb-named", jira)).body["errors"])).toContain(
      "jira writes back to jira, and zbx is zabbix",
    );
  });
});
