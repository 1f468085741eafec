// The servicenow connector against a server that keeps records as the Table API does: values as texts, fields a user may not write
// left out without a word, a data policy that wants close fields.

import { describe, expect, it } from "vitest";
import { connectors } from "../../plugins/registry.gen.ts";
import { at, type ConnectorPlugin } from "../../plugins/sdk/index.ts";
import { closeAfterEach } from "./http-kit.ts";
import { acts, alert, lines, markOfEvent, sender, told, writes, type Answered, type Sender } from "./written-back.ts";

closeAfterEach();

const plugin = connectors["servicenow"] as ConnectorPlugin;
const id = "a9e30c7dc61122760116894de7bcc7bd";
const proof = `Basic ${Buffer.from("svc-tocsin:p4ss-wörd").toString("base64")}`;

interface Options {
  /** A data policy: a resolved record has both close fields. */
  readonly closeFields?: boolean;
  readonly readOnlyState?: boolean;
}

async function servicenow(record: Record<string, string>, { closeFields = true, readOnlyState = false }: Options = {}) {
  const journal: string[] = [];
  const refusal = (status: number, message: string, detail: string): Answered => ({
    status,
    body: { error: { message, detail }, status: "failure" },
  });
  const server = await sender(({ method, path, query, headers, body }) => {
    if (headers["authorization"] !== proof && headers["x-sn-apikey"] !== "key-0001")
      return refusal(401, "User is not authenticated", "Required to provide Auth information");
    const byNumber = path === "/api/now/table/incident" && query.get("sysparm_query") === `number=${record["number"]}`;
    if (path === "/api/now/table/incident" && !byNumber) return { status: 200, body: { result: [] } };
    if (path !== `/api/now/table/incident/${record["sys_id"]}` && !byNumber)
      return refusal(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval");
    if (method === "PATCH") {
      const changes = { ...(body as Record<string, string>) };
      if (closeFields && changes["state"] === "6" && !(changes["close_code"] && changes["close_notes"]))
        return refusal(403, "Operation Failed", "Data Policy Exception: The following fields are mandatory: Resolution code");
      if (readOnlyState) delete changes["state"];
      if (changes["work_notes"]) journal.unshift(`2026-11-23 03:14:00 - svc-tocsin (Work notes)\n${changes["work_notes"]}\n\n`);
      delete changes["work_notes"];
      Object.assign(record, changes);
    }
    const fields = (query.get("sysparm_fields") ?? "").split(",");
    const all = query.get("sysparm_display_value") === "all";
    const shown = Object.fromEntries(
      fields.map((name) => {
        const value = name === "work_notes" ? (all ? journal.join("") : "") : (record[name] ?? "");
        return [
          name,
          all ? { display_value: name === "state" ? `(${value})` : value, value: name === "work_notes" ? "" : value } : value,
        ];
      }),
    );
    return { status: 200, body: { result: byNumber ? [shown] : shown } };
  });
  return { server, journal };
}

const fresh = (): Record<string, string> => ({ sys_id: id, number: "INC0010042", state: "1" });
const incident = alert("servicenow", id, { sys_id: id, number: "INC0010042", table: "incident" });
const setUp = (of: Sender, more: object = {}) => ({
  config: { baseUrl: of.address, closeCode: "Resolved by caller", ...more },
  secrets: { user: "svc-tocsin", password: "p4ss-wörd" },
});

describe("servicenow", () => {
  it("an acknowledged record is In Progress with a work note, a resolved one Resolved with its close fields: a look and a write each", async () => {
    const record = fresh();
    const { server, journal } = await servicenow(record);
    expect(await acts(plugin, { ...setUp(server), event: told("acknowledged", [incident]) })).toMatchObject({
      status: "accepted",
      ref: id,
      detail: "state 2",
    });
    expect(record).toMatchObject({ state: "2" });
    expect((await acts(plugin, { ...setUp(server), event: told("resolved", [incident], 8) })).status).toBe("accepted");
    expect(record).toMatchObject({
      state: "6",
      close_code: "Resolved by caller",
      close_notes: `Resolved: resolved by ana ${markOfEvent(8)}`,
    });
    expect(journal).toHaveLength(2);
    expect(lines(server)).toEqual(["GET", "PATCH", "GET", "PATCH"].map((method) => `${method} /api/now/table/incident/${id}`));
  });

  it("an acknowledgment never takes a record out of a state in which it is over, nor one on hold back without being told to", async () => {
    const record = { ...fresh(), state: "6" };
    const { server, journal } = await servicenow(record);
    for (const what of ["acknowledged", "unacknowledged"] as const)
      expect(await acts(plugin, { ...setUp(server), event: told(what, [incident]) })).toMatchObject({ status: "accepted" });
    expect([record.state, journal.length]).toEqual(["6", 0]);
    // Resolved there as well: a note says by whom here, the state and its code stay.
    expect((await acts(plugin, { ...setUp(server), event: told("resolved", [incident]) })).status).toBe("accepted");
    expect(writes(server).map(({ body }) => at(body, "state"))).toEqual([undefined]);
  });

  it("gives a record back, and re-opens it, only into states that the configuration names", async () => {
    const record = { ...fresh(), state: "2" };
    const { server } = await servicenow(record);
    await acts(plugin, { ...setUp(server), event: told("unacknowledged", [incident]) });
    expect(record.state).toBe("2");
    const states = { unacknowledged: "1", reopened: "2" };
    await acts(plugin, { ...setUp(server, { states }), event: told("unacknowledged", [incident], 8) });
    expect(record.state).toBe("1");
    record.state = "6";
    await acts(plugin, { ...setUp(server, { states }), event: told("reopened", [{ ...incident, firing: false }], 9) });
    expect(record.state).toBe("2");
  });

  it("what was written and whose answer was lost is not written twice, however the record stands now", async () => {
    const record = fresh();
    const { server, journal } = await servicenow(record);
    for (const [seq, what] of (["acknowledged", "note", "resolved"] as const).entries()) {
      const event = told(what, [incident], seq);
      server.fault(({ method }) => method === "PATCH", "lost");
      expect((await acts(plugin, { ...setUp(server), event })).status).toBe("unknown");
      expect(await acts(plugin, { ...setUp(server), event, attempt: 2 })).toMatchObject({
        detail: "was written by an earlier try",
      });
    }
    expect(journal).toHaveLength(3);
    server.fault(({ method }) => method === "PATCH", { status: 503 });
    const event = told("note", [incident], 20);
    expect((await acts(plugin, { ...setUp(server), event })).status).toBe("retry");
    expect((await acts(plugin, { ...setUp(server), event, attempt: 2 })).status).toBe("accepted");
    expect(journal).toHaveLength(4);
  });

  it("a data policy that wants a close code, and a state that the user may not write, are failures that say so", async () => {
    const record = fresh();
    const wanting = await servicenow(record);
    const without = setUp(wanting.server, { closeCode: undefined });
    expect(await acts(plugin, { ...without, event: told("resolved", [incident]) })).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("Resolution code"),
    });
    expect(record.state).toBe("1");
    wanting.server.fault(({ method }) => method === "PATCH", { status: 200, body: { result: { sys_id: id, state: "1" } } });
    expect(await acts(plugin, { ...setUp(wanting.server), event: told("acknowledged", [incident], 8) })).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("kept state 1"),
    });
  });

  it("an alert that knows only the record's number finds it by that", async () => {
    const record = fresh();
    const { server } = await servicenow(record);
    const byNumber = alert("servicenow", "INC0010042", { number: "INC0010042" });
    expect((await acts(plugin, { ...setUp(server), event: told("acknowledged", [byNumber]) })).status).toBe("accepted");
    expect(record.state).toBe("2");
    const unknown = alert("servicenow", "INC0099999", {});
    expect(await acts(plugin, { ...setUp(server), event: told("acknowledged", [unknown]) })).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("no such record"),
    });
    const nameless = alert("servicenow", "no-record", {});
    expect(await acts(plugin, { ...setUp(server), event: told("acknowledged", [nameless]) })).toMatchObject({ status: "failed" });
  });

  it("takes an API key; a wrong password, a record that is gone and an instance asleep say what they are", async () => {
    const { server } = await servicenow(fresh());
    const event = told("note", [incident]);
    expect((await acts(plugin, { ...setUp(server), secrets: { apiKey: "key-0001" }, event })).status).toBe("accepted");
    const wrong = { ...setUp(server), secrets: { user: "svc-tocsin", password: "another" } };
    expect(await acts(plugin, { ...wrong, event })).toMatchObject({
      status: "failed",
      reason: "HTTP 401: User is not authenticated: Required to provide Auth information",
    });
    const gone = alert("servicenow", "b".repeat(32), {});
    expect(await acts(plugin, { ...setUp(server), event: told("note", [gone]) })).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("No Record found"),
    });
    server.fault(() => true, { status: 200, body: "<html>Your instance is hibernating</html>" });
    expect(await acts(plugin, { ...setUp(server), event })).toMatchObject({ status: "retry" });
    server.fault(() => true, { status: 429, headers: { "retry-after": "60" } });
    expect(await acts(plugin, { ...setUp(server), event })).toMatchObject({ status: "retry", afterMs: 60_000 });
  });
});
