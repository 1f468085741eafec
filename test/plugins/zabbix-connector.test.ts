// The zabbix connector against a server that answers as Zabbix 6.0 and later do: what a live one said is in its errors.

import { describe, expect, it } from "vitest";
import { connectors } from "../../plugins/registry.gen.ts";
import { at, listOf, type ConnectorPlugin } from "../../plugins/sdk/index.ts";
import { closeAfterEach } from "./http-kit.ts";
import { acts, alert, markOfEvent, sender, told, type Answered, type Asked, type Sender } from "./written-back.ts";

closeAfterEach();

const plugin = connectors["zabbix"] as ConnectorPlugin;
const token = "zabbix-token-0001";

interface Problem {
  readonly trigger: string;
  readonly manualClose: boolean;
  acknowledged: boolean;
  open: boolean;
  readonly said: string[];
}

const permissions = "No permissions to referred object or it does not exist!";

/** Zabbix with problems by event id. `forbidden`: methods that the user's role does not allow. */
async function zabbix(
  problems: Record<string, Problem>,
  options: { readonly inBody?: boolean; readonly forbidden?: string[] } = {},
) {
  const error = (code: number, message: string, data: string): Answered => ({
    status: 200,
    body: { jsonrpc: "2.0", error: { code, message, data }, id: 1 },
  });
  const result = (value: unknown): Answered => ({ status: 200, body: { jsonrpc: "2.0", result: value, id: 1 } });
  return sender(({ path, headers, body }) => {
    if (path !== "/zabbix/api_jsonrpc.php") return { status: 404, body: "<html>404</html>" };
    if (headers["content-type"] !== "application/json-rpc") return { status: 412 };
    const method = String(at(body, "method"));
    const proof = options.inBody ? at(body, "auth") : headers["authorization"];
    if (proof !== (options.inBody ? token : `Bearer ${token}`)) return error(-32_602, "Invalid params.", "Not authorized.");
    if (options.forbidden?.includes(method)) return error(-32_602, "Invalid params.", `No permissions to call "${method}".`);
    const ids = listOf(at(body, "params", "eventids")).map(String);
    if (method === "problem.get") {
      const triggers = new Set(listOf(at(body, "params", "objectids")).map(String));
      const found = Object.entries(problems)
        .filter(([id, each]) => each.open && (ids.includes(id) || triggers.has(each.trigger)))
        .toSorted(([a], [b]) => Number(b) - Number(a));
      return result(
        found.slice(0, 1).map(([eventid, { said }]) => ({ eventid, acknowledges: said.map((message) => ({ message })) })),
      );
    }
    const found = ids.map((id) => problems[id]);
    const action = Number(at(body, "params", "action"));
    if (found.some((each) => each === undefined)) return error(-32_500, "Application error.", permissions);
    if (action & 1 && found.some((each) => !each?.manualClose))
      return error(-32_500, "Application error.", "Cannot close problem: trigger does not allow manual closing.");
    for (const problem of found) {
      if (problem === undefined) continue;
      if (action & 1) problem.open = false;
      if (action & 2) problem.acknowledged = true;
      if (action & 16) problem.acknowledged = false;
      if (action & 4) problem.said.push(String(at(body, "params", "message")));
    }
    return result({ eventids: ids.map(Number) });
  });
}

const problem = (trigger: string, manualClose = true): Problem => ({
  trigger,
  manualClose,
  acknowledged: false,
  open: true,
  said: [],
});
const disk = alert("zabbix", "25066", { event_id: "23", host: "db1" });
const swap = alert("zabbix", "25070", { event_id: "24", host: "db1" });
const setUp = (at: Sender, more: object = {}) => ({
  config: { baseUrl: `${at.address}/zabbix/`, ...more },
  secrets: { apiToken: token },
});
const methods = (of: Sender): unknown[] => of.asked.map(({ body }) => at(body, "method"));
const isWrite = ({ body }: Asked): boolean => at(body, "method") === "event.acknowledge";

describe("zabbix", () => {
  it("an acknowledgment, its withdrawal, a note and the end are one call each, whose message says who", async () => {
    const problems = { 23: problem("25066") };
    const server = await zabbix(problems);
    for (const [seq, what] of (["acknowledged", "note", "unacknowledged", "resolved"] as const).entries())
      expect(await acts(plugin, { ...setUp(server), event: told(what, [disk], seq) })).toMatchObject({ status: "accepted" });
    expect(server.asked.map(({ body }) => at(body, "params", "action"))).toEqual([6, 4, 20, 5]);
    expect(problems[23]).toMatchObject({ acknowledged: false, open: false });
    expect(problems[23].said).toEqual([
      `Acknowledged: ana has it ${markOfEvent(0)}`,
      `Note by ana: the disk is <b>really</b> full ${markOfEvent(1)}`,
      `No longer acknowledged: ana gave it back ${markOfEvent(2)}`,
      `Resolved: resolved by ana ${markOfEvent(3)}`,
    ]);
  });

  it("Zabbix 6.0 takes its token in the body", async () => {
    const problems = { 23: problem("25066") };
    const server = await zabbix(problems, { inBody: true });
    const old = await acts(plugin, { ...setUp(server, { tokenIn: "body" }), event: told("acknowledged", [disk]) });
    expect(old.status).toBe("accepted");
    expect(server.asked[0]?.headers["authorization"]).toBeUndefined();
  });

  it("several problems are one call; where one of them is refused the others are written all the same", async () => {
    const problems: Record<string, Problem> = { 23: problem("25066"), 24: problem("25070") };
    const server = await zabbix(problems);
    await acts(plugin, { ...setUp(server), event: told("acknowledged", [disk, swap]) });
    expect(server.asked).toHaveLength(1);
    expect([problems["23"]?.acknowledged, problems["24"]?.acknowledged]).toEqual([true, true]);
    const gone = alert("zabbix", "25099", { event_id: "99" });
    const outcome = await acts(plugin, { ...setUp(server), event: told("resolved", [gone, disk], 8) });
    expect(outcome).toMatchObject({ status: "failed", reason: `25099: Zabbix says: ${permissions}` });
    expect(problems["23"]).toMatchObject({ open: false });
    expect(problems["23"]?.said).toHaveLength(2);
  });

  it("what was written and whose answer was lost is not written twice", async () => {
    const problems = { 23: problem("25066"), 24: problem("25070") };
    const server = await zabbix(problems);
    for (const alerts of [[disk], [disk, swap]]) {
      const event = told("acknowledged", alerts, alerts.length);
      server.fault(isWrite, "lost");
      expect(await acts(plugin, { ...setUp(server), event })).toMatchObject({ status: "unknown" });
      expect(await acts(plugin, { ...setUp(server), event, attempt: 2 })).toMatchObject({
        status: "accepted",
        detail: "was written by an earlier try",
      });
    }
    expect(problems[23].said).toHaveLength(2);
    expect(problems[24].said).toHaveLength(1);
  });

  it("a second try writes what the first one did not; a problem that is over meanwhile is left alone", async () => {
    const problems = { 23: problem("25066") };
    const server = await zabbix(problems);
    server.fault(isWrite, { status: 502, body: "bad gateway" });
    const event = told("acknowledged", [disk]);
    expect(await acts(plugin, { ...setUp(server), event })).toMatchObject({ status: "retry", reason: "HTTP 502" });
    expect((await acts(plugin, { ...setUp(server), event, attempt: 2 })).status).toBe("accepted");
    expect(problems[23].said).toHaveLength(1);
    problems[23].open = false;
    expect(await acts(plugin, { ...setUp(server), event: told("unacknowledged", [disk], 8), attempt: 2 })).toMatchObject({
      status: "accepted",
      detail: "it is no problem in Zabbix any more",
    });
    expect(problems[23].acknowledged).toBe(true);
  });

  it("an alert of an older media type, without event_id, goes to the newest problem of its trigger", async () => {
    const problems = { 20: { ...problem("25066"), open: false }, 23: problem("25066") };
    const server = await zabbix(problems);
    const event = told("acknowledged", [alert("zabbix", "25066")]);
    expect((await acts(plugin, { ...setUp(server), event })).status).toBe("accepted");
    expect(methods(server)).toEqual(["problem.get", "event.acknowledge"]);
    expect([problems[20].acknowledged, problems[23].acknowledged]).toEqual([false, true]);
    const nameless = told("acknowledged", [alert("zabbix", "no-number")]);
    expect(await acts(plugin, { ...setUp(server), event: nameless })).toMatchObject({ status: "failed" });
  });

  it("a trigger that must not be closed by hand gets the message, and the record says so", async () => {
    const problems = { 23: problem("25066", false), 24: problem("25070") };
    const server = await zabbix(problems);
    const outcome = await acts(plugin, { ...setUp(server), event: told("resolved", [disk, swap]) });
    expect(outcome).toMatchObject({ status: "accepted", detail: expect.stringContaining("does not allow manual close") });
    expect([problems[23].open, problems[24].open]).toEqual([true, false]);
    expect([problems[23].said, problems[24].said].map((said) => said.length)).toEqual([1, 1]);
    const only = await acts(plugin, { ...setUp(server, { onResolve: "message" }), event: told("resolved", [disk], 8) });
    expect(only.status).toBe("accepted");
    expect(server.asked.at(-1)?.body).toMatchObject({ params: { action: 4 } });
  });

  it("a wrong token, a role without the right and a wrong address are failures that say what to mend", async () => {
    const server = await zabbix({ 23: problem("25066") }, { forbidden: ["event.acknowledge"] });
    const event = told("acknowledged", [disk]);
    const wrong = { ...setUp(server), secrets: { apiToken: "another-token-0002" } };
    expect(await acts(plugin, { ...wrong, event })).toMatchObject({ status: "failed", reason: "Zabbix says: Not authorized." });
    expect(await acts(plugin, { ...setUp(server), event })).toMatchObject({
      status: "failed",
      reason: 'Zabbix says: No permissions to call "event.acknowledge".',
    });
    const elsewhere = { ...setUp(server), config: { baseUrl: server.address } };
    expect(await acts(plugin, { ...elsewhere, event })).toMatchObject({ status: "failed", reason: "HTTP 404" });
    server.fault(() => true, { status: 200, body: "<html>sign in</html>" });
    expect(await acts(plugin, { ...setUp(server), event })).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("baseUrl"),
    });
  });

  it("Zabbix in trouble, or too busy, is asked again", async () => {
    const server = await zabbix({ 23: problem("25066") });
    const event = told("acknowledged", [disk]);
    server.fault(() => true, { status: 429, headers: { "retry-after": "17" } });
    expect(await acts(plugin, { ...setUp(server), event })).toMatchObject({ status: "retry", afterMs: 17_000 });
    const down = { code: -32_400, message: "System error.", data: `Error connecting to database with ${token}` };
    server.fault(() => true, { status: 200, body: { jsonrpc: "2.0", error: down, id: 1 } });
    const outcome = await acts(plugin, { ...setUp(server), event });
    expect(outcome).toMatchObject({ status: "retry", reason: "Zabbix says: Error connecting to database with ***" });
  });

  it("alerts that are over there already are not written to, and nothing is asked", async () => {
    const server = await zabbix({});
    const over = alert("zabbix", "25066", { event_id: "23" }, false);
    for (const what of ["acknowledged", "resolved", "reopened"] as const)
      expect((await acts(plugin, { ...setUp(server), event: told(what, [over]) })).status).toBe("accepted");
    expect(server.asked).toHaveLength(0);
  });
});
