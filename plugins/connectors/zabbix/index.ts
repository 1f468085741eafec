// Owns writing back to Zabbix by JSON-RPC's event.acknowledge: who has a problem, that nobody has it any more, that it is over, notes.

import * as z from "zod";
import {
  at,
  firstOf,
  isSuccess,
  isTestOnly,
  jsonOf,
  listOf,
  markOf,
  refusalOf,
  sentenceOf,
  withoutSecrets,
  writeToEach,
  writtenBackOf,
  type ActInput,
  type ConnectorIo,
  type ConnectorManifest,
  type ConnectorPlugin,
  type HttpAnswer,
  type OutgoingPost,
  type Outcome,
  type WrittenBack,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .describe("The address of Zabbix's frontend as in your browser, without a page: https://zabbix.example.com or …/zabbix"),
  tokenIn: z
    .enum(["header", "body"])
    .default("header")
    .describe("Where Zabbix expects the API token: header since 6.4, body in 6.0 and 6.2"),
  onResolve: z
    .enum(["close", "message"])
    .default("close")
    .describe("A resolved incident closes the problem, where its trigger allows manual close, or only says so in a message"),
});
const secrets = z.strictObject({
  apiToken: z.string().min(1).max(1_024).describe("An API token of a Zabbix user who may acknowledge and close problems"),
});
type Config = z.infer<typeof config>;
type Secrets = z.infer<typeof secrets>;
type Alert = OutgoingPost["incident"]["alerts"][number];

/** The bits of event.acknowledge's `action`. */
const close = 1;
const acknowledge = 2;
const message = 4;
const unacknowledge = 16;
/** What was asked cannot be done: no such event, no right to it, no manual close. */
const applicationError = -32_500;

export const plugin: ConnectorPlugin<Config, Secrets> = {
  manifest: manifest as ConnectorManifest,
  config,
  secrets,
  async act(input, io) {
    const { event } = input;
    const what = writtenBackOf(event);
    if (isTestOnly(event)) return outcomeOf(await call(input, io, "problem.get", { output: ["eventid"], limit: 1 }), input, io);
    if (what === null || what === "reopened")
      return done(`Zabbix has nothing to be told of ${event.type.slice("incident.".length)}`);
    // A problem that is over takes no acknowledgment; a note is of use there too.
    const alerts = event.incident.alerts.filter((alert) => alert.firing || what === "note");
    if (alerts.length === 0) return done("no problem of Zabbix is open in this incident");
    const known = alerts.flatMap((alert) => alert.labels["event_id"] ?? []);
    if (input.attempt === 1 && known.length === alerts.length && known.length > 1) {
      // One call for all. It is all or nothing: where one is refused, each is tried by itself.
      const { action, text } = wordsOf(input, what);
      const answer = await call(input, io, "event.acknowledge", { eventids: known, action, message: text });
      if (at(jsonOf(answer), "error", "code") !== applicationError) return outcomeOf(answer, input, io);
    }
    return writeToEach(
      alerts,
      (alert) => alert.dedupKey,
      (alert) => one(input, io, alert, what),
    );
  },
};

async function one(input: Input, io: ConnectorIo, alert: Alert, what: WrittenBack): Promise<Outcome> {
  const event = alert.labels["event_id"];
  if (event !== undefined && input.attempt === 1) return write(input, io, event, what);
  const found = await look(input, io, alert);
  if ("status" in found) return found;
  if (found.event === null) return done("it is no problem in Zabbix any more");
  if (found.marked) return done("was written by an earlier try");
  return write(input, io, found.event, what);
}

type Input = ActInput<Config, Secrets>;

function wordsOf({ event, config: { onResolve } }: Input, what: WrittenBack): { readonly action: number; readonly text: string } {
  const bits: Partial<Record<WrittenBack, number>> = {
    acknowledged: acknowledge,
    unacknowledged: unacknowledge,
    resolved: onResolve === "close" ? close : 0,
  };
  return { action: message + (bits[what] ?? 0), text: sentenceOf(what, event, 2_048) };
}

async function write(input: Input, io: ConnectorIo, eventid: string, what: WrittenBack): Promise<Outcome> {
  const { action, text } = wordsOf(input, what);
  const answer = await call(input, io, "event.acknowledge", { eventids: [eventid], action, message: text });
  if ((action & close) === 0 || !/manual(ly)? clos/i.test(errorOf(answer) ?? "")) return outcomeOf(answer, input, io);
  const said = await call(input, io, "event.acknowledge", { eventids: [eventid], action: message, message: text });
  const outcome = outcomeOf(said, input, io);
  return outcome.status === "accepted"
    ? { ...outcome, detail: "said in a message, but not closed: its trigger does not allow manual close" }
    : outcome;
}

type Found = { readonly event: string | null; readonly marked: boolean };

/** The problem's event, and whether an earlier try has written. Without an event id: the newest problem of the trigger. */
async function look(input: Input, io: ConnectorIo, alert: Alert): Promise<Found | Outcome> {
  const event = alert.labels["event_id"];
  if (event === undefined && !/^\d{1,20}$/.test(alert.dedupKey))
    return {
      status: "failed",
      reason: `no event_id, and "${alert.dedupKey.slice(0, 80)}" is no trigger's id: use the media type of the README`,
    };
  const answer = await call(input, io, "problem.get", {
    ...(event === undefined ? { objectids: [alert.dedupKey] } : { eventids: [event] }),
    output: ["eventid"],
    selectAcknowledges: ["message"],
    recent: true,
    sortfield: "eventid",
    sortorder: "DESC",
    limit: 1,
  });
  const outcome = outcomeOf(answer, input, io);
  if (outcome.status !== "accepted") return outcome;
  const problem = listOf(at(jsonOf(answer), "result"))[0];
  const mark = markOf(input.event);
  const said = listOf(at(problem, "acknowledges")).map((each) => firstOf(at(each, "message")) ?? "");
  return { event: firstOf(at(problem, "eventid")), marked: said.some((text) => text.includes(mark)) };
}

function call({ config: { baseUrl, tokenIn }, secrets: { apiToken } }: Input, io: ConnectorIo, method: string, params: unknown) {
  const inBody = tokenIn === "body";
  return io.http({
    method: "POST",
    url: `${baseUrl.replace(/\/+$/, "").replace(/\/api_jsonrpc\.php$/, "")}/api_jsonrpc.php`,
    headers: {
      "content-type": "application/json-rpc",
      "user-agent": "Tocsin",
      ...(inBody ? {} : { authorization: `Bearer ${apiToken}` }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", method, params, ...(inBody ? { auth: apiToken } : {}), id: 1 }),
  });
}

/** Zabbix answers 200 to what it refuses too: the body says which. */
function outcomeOf(answer: HttpAnswer, { secrets: { apiToken } }: Input, io: ConnectorIo): Outcome {
  if (!isSuccess(answer)) {
    if (answer.status === 412)
      return { status: "failed", reason: "HTTP 412: this is not Zabbix's API, see baseUrl", fix: "address" };
    return refusalOf(answer, null, [], io.now());
  }
  const body = jsonOf(answer);
  if (body !== null && "result" in body) return done(`HTTP ${answer.status}`);
  const said = errorOf(answer);
  if (said === null)
    return {
      status: "failed",
      reason: "the answer is not Zabbix's: baseUrl must be the address of its frontend",
      fix: "address",
    };
  const code = at(body, "error", "code");
  // -32400 and -32603: Zabbix itself is in trouble (its database, say). The rest is about what was asked, or who asked.
  const reason = `Zabbix says: ${withoutSecrets(said, [apiToken])}`;
  return code === -32_400 || code === -32_603 ? { status: "retry", reason, afterMs: null } : { status: "failed", reason };
}

/** What a JSON-RPC error says; null: it is none. */
function errorOf(answer: HttpAnswer): string | null {
  const error = at(jsonOf(answer), "error");
  return error === undefined || error === null
    ? null
    : (firstOf(at(error, "data"), at(error, "message")) ?? "an error without a text");
}

function done(detail: string): Outcome {
  return { status: "accepted", ref: null, detail };
}
