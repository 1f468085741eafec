// Owns writing back to ServiceNow by the Table API: one look at the record, then one write of state and work note together.

import * as z from "zod";
import {
  at,
  basicAuthorization,
  firstOf,
  isRecord,
  isSuccess,
  isTestOnly,
  jsonOf,
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
  type HttpRequest,
  type OutgoingPost,
  type Outcome,
  type WrittenBack,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const state = z
  .string()
  .regex(/^-?\d{1,6}$/, "the value of a state, a number: 2 is In Progress and 6 is Resolved on a stock instance")
  .nullable();
const config = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).describe("The instance's address: https://acme.service-now.com"),
  table: z
    .string()
    .regex(/^[a-z0-9_]{1,80}$/)
    .default("incident")
    .describe("The table of records whose alert does not name one"),
  states: z
    .strictObject({
      acknowledged: state.default("2").describe("State of an acknowledged record; null: only a work note"),
      unacknowledged: state.default(null).describe("State once nobody has it any more (1: New); null: only a work note"),
      resolved: state.default("6").describe("State of a resolved record; null: only a work note"),
      reopened: state
        .default(null)
        .describe("State once somebody re-opened the incident here (2: In Progress); null: only a work note"),
    })
    .prefault({})
    .describe(
      'Values of the field state, as this instance numbers them: {"acknowledged":"2","unacknowledged":null,"resolved":"6","reopened":null}. null writes only a work note',
    ),
  doneStates: z
    .array(z.string().regex(/^-?\d{1,6}$/))
    .min(1)
    .max(20)
    .default(["6", "7", "8"])
    .describe("States in which a record is over: an acknowledgment never takes one out of them"),
  closeCode: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      "close_code of a resolved record; most instances want one, with a value from their own list, such as Resolved by caller",
    ),
  closeNotes: z.boolean().default(true).describe("Fills in close_notes of a resolved record with who resolved it here"),
});
const secrets = z
  .strictObject({
    user: z.string().min(1).max(256).optional().describe("User name, with its password"),
    password: z.string().min(1).max(1_024).optional(),
    apiKey: z.string().min(1).max(1_024).optional().describe("Or a REST API key (x-sn-apikey)"),
  })
  .refine(
    ({ user, password, apiKey }) => apiKey !== undefined || (user !== undefined && password !== undefined),
    "ServiceNow wants user and password, or apiKey",
  );
type Input = ActInput<z.infer<typeof config>, z.infer<typeof secrets>>;
type Alert = OutgoingPost["incident"]["alerts"][number];

export const plugin: ConnectorPlugin<z.infer<typeof config>, z.infer<typeof secrets>> = {
  manifest: manifest as ConnectorManifest,
  config,
  secrets,
  async act(input, io) {
    if (isTestOnly(input.event)) return probe(input, io);
    const what = writtenBackOf(input.event);
    if (what === null) return done(`ServiceNow has nothing to be told of ${input.event.type.slice("incident.".length)}`);
    const alerts = input.event.incident.alerts.filter(({ firing }) => firing || what === "note" || what === "reopened");
    if (alerts.length === 0) return done("no record of ServiceNow is open in this incident");
    return writeToEach(alerts, nameOf, (alert) => one(input, io, alert, what));
  },
};

/** Whether the table can be read: nothing is written for a test. */
async function probe(input: Input, io: ConnectorIo): Promise<Outcome> {
  const { baseUrl, table } = input.config;
  const url = `${baseUrl.replace(/\/+$/, "")}/api/now/table/${table}?sysparm_limit=1&sysparm_fields=sys_id`;
  const answer = await ask(input, io, { method: "GET", url, body: null });
  return Array.isArray(at(jsonOf(answer), "result")) ? done(`the table ${table} can be read`) : refused(answer, input, io, false);
}

async function one(input: Input, io: ConnectorIo, alert: Alert, what: WrittenBack): Promise<Outcome> {
  const record = recordOf(input, alert);
  if (record === null) return { status: "failed", reason: "the alert names no record: its sys_id is missing" };
  // On another try also the journal: did the write of the one before arrive?
  const again = input.attempt > 1;
  const fields = `sys_id,state${again ? ",work_notes" : ""}`;
  const answer = await ask(input, io, {
    method: "GET",
    url: `${record}&sysparm_fields=${fields}${again ? "&sysparm_display_value=all" : ""}`,
    body: null,
  });
  // The journal of a long record is cut, and it begins with the newest: the mark is looked for in what is there.
  if (again && isSuccess(answer) && answer.body.includes(markOf(input.event))) return done("was written by an earlier try");
  const result = at(jsonOf(answer), "result");
  const found = Array.isArray(result) ? (result as unknown[])[0] : result;
  const present =
    valueOf(found, "state") ?? (again && isSuccess(answer) ? /"state":\{[^}]*"value":"(-?\d+)"/.exec(answer.body)?.[1] : null);
  if (!isSuccess(answer) || (present ?? null) === null) return refused(answer, input, io, Array.isArray(result));
  const id = valueOf(found, "sys_id") ?? sysIdOf(alert);
  if (id === null) return { status: "failed", reason: `no record is called ${nameOf(alert)} any more` };
  return write(input, io, { alert, what, id, present: present ?? "" });
}

interface Write {
  readonly alert: Alert;
  readonly what: WrittenBack;
  readonly id: string;
  /** The record's state now. */
  readonly present: string;
}

async function write(input: Input, io: ConnectorIo, { alert, what, id, present }: Write): Promise<Outcome> {
  const { config: settings, event } = input;
  const over = settings.doneStates.includes(present);
  if (over && (what === "acknowledged" || what === "unacknowledged"))
    return done("it is over in ServiceNow already: left as it is");
  const wanted = what === "note" ? null : settings.states[what];
  // Over already: it keeps its own state, code and notes.
  const changes = wanted !== null && wanted !== present && !(what === "resolved" && over) && !(what === "reopened" && !over);
  const sentence = sentenceOf(what, event);
  const resolves = changes && what === "resolved";
  const body = JSON.stringify({
    ...(changes ? { state: wanted } : {}),
    ...(resolves && settings.closeCode !== undefined ? { close_code: settings.closeCode } : {}),
    ...(resolves && settings.closeNotes ? { close_notes: sentence } : {}),
    work_notes: sentence,
  });
  const url = `${tableUrl(input, alert)}/${id}?sysparm_fields=sys_id,state&sysparm_exclude_reference_link=true`;
  const answer = await ask(input, io, { method: "PATCH", url, body });
  const now = valueOf(at(jsonOf(answer), "result"), "state");
  if (!isSuccess(answer) || now === null) return refused(answer, input, io, false);
  // What a user may not write is left out by ServiceNow without a word.
  if (changes && now !== wanted)
    return {
      status: "failed",
      reason: `ServiceNow kept state ${now} and did not take ${wanted}: the user's role or a rule of the table forbids it`,
    };
  return { status: "accepted", ref: id, detail: changes ? `state ${wanted}` : "a work note" };
}

function refused(answer: HttpAnswer, { secrets: { password, apiKey } }: Input, io: ConnectorIo, empty: boolean): Outcome {
  const body = jsonOf(answer);
  if (!isSuccess(answer)) {
    const said = [firstOf(at(body, "error", "message")), firstOf(at(body, "error", "detail"))].filter((each) => each !== null);
    return refusalOf(answer, said.length === 0 ? null : said.join(": "), [password, apiKey], io.now());
  }
  if (empty) return { status: "failed", reason: "ServiceNow has no such record, or does not show it to this user" };
  // A developer instance that sleeps, and some sign-in pages, answer 200 with a page.
  if (body === null)
    return {
      status: "retry",
      reason: `HTTP ${answer.status}, but not ServiceNow's API: asleep, or baseUrl is wrong`,
      fix: "address",
      afterMs: null,
    };
  return { status: "failed", reason: withoutSecrets(`HTTP ${answer.status}: the record's state cannot be read`, []) };
}

/** The address to look a record up at; null: the alert does not say which. */
function recordOf(input: Input, alert: Alert): string | null {
  const id = sysIdOf(alert);
  const common = "sysparm_exclude_reference_link=true";
  if (id !== null) return `${tableUrl(input, alert)}/${id}?${common}`;
  const number = alert.labels["number"] ?? alert.dedupKey;
  if (!/^[A-Za-z]{2,12}\d{3,20}$/.test(number)) return null;
  return `${tableUrl(input, alert)}?sysparm_query=number=${number}&sysparm_limit=1&${common}`;
}

function sysIdOf(alert: Alert): string | null {
  const id = alert.labels["sys_id"] ?? alert.dedupKey;
  return /^[0-9a-f]{32}$/i.test(id) ? id : null;
}

function nameOf(alert: Alert): string {
  return alert.labels["number"] ?? alert.dedupKey;
}

function tableUrl({ config: { baseUrl, table } }: Input, alert: Alert): string {
  const named = alert.labels["table"] ?? "";
  return `${baseUrl.replace(/\/+$/, "")}/api/now/table/${/^[a-z0-9_]{1,80}$/.test(named) ? named : table}`;
}

function ask(
  { secrets: { user, password, apiKey } }: Input,
  io: ConnectorIo,
  request: Pick<HttpRequest, "method" | "url" | "body">,
) {
  const proof: Readonly<Record<string, string>> =
    apiKey === undefined ? { authorization: basicAuthorization(user ?? "", password ?? "") } : { "x-sn-apikey": apiKey };
  return io.http({
    ...request,
    headers: {
      accept: "application/json",
      "user-agent": "Tocsin",
      ...proof,
      ...(request.body === null ? {} : { "content-type": "application/json" }),
    },
  });
}

/** A field is a text, or {display_value, value}. */
function valueOf(record: unknown, name: string): string | null {
  const field = at(record, name);
  return isRecord(field) ? firstOf(field["value"]) : firstOf(field);
}

function done(detail: string): Outcome {
  return { status: "accepted", ref: null, detail };
}
