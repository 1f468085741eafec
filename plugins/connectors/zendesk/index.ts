// Owns writing back to Zendesk: a look at the ticket, then one update of internal note and status together, refused by Zendesk where
// somebody else changed the ticket in between.

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

const status = z.enum(["open", "pending", "hold", "solved"]).nullable().default(null);
const config = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).describe("The account's address: https://acme.zendesk.com"),
  statuses: z
    .strictObject({
      acknowledged: status.describe("Status of an acknowledged ticket; null: only an internal note"),
      unacknowledged: status.describe("Status once nobody has it any more; null: only an internal note"),
      resolved: status.describe("solved solves the ticket, which its requester is told of; null: only an internal note"),
      reopened: status.describe("Status once somebody re-opened the incident here; null: only an internal note"),
    })
    .prefault({})
    .describe(
      'Statuses to set (open, pending, hold, solved): {"acknowledged":"open","resolved":"solved"}. What is not named gets only an internal note',
    ),
});
const secrets = z.strictObject({
  email: z
    .string()
    .min(1)
    .max(320)
    .optional()
    .describe("The agent whose API token it is. Left out: the token is an OAuth access token"),
  apiToken: z
    .string()
    .min(1)
    .max(2_048)
    .describe("API token, or an OAuth access token with the scopes tickets:read and tickets:write"),
});
type Input = ActInput<z.infer<typeof config>, z.infer<typeof secrets>>;
type Alert = OutgoingPost["incident"]["alerts"][number];

export const plugin: ConnectorPlugin<z.infer<typeof config>, z.infer<typeof secrets>> = {
  manifest: manifest as ConnectorManifest,
  config,
  secrets,
  async act(input, io) {
    if (isTestOnly(input.event)) return probe(input, io);
    const what = writtenBackOf(input.event);
    if (what === null) return done(`Zendesk has nothing to be told of ${input.event.type.slice("incident.".length)}`);
    const alerts = input.event.incident.alerts.filter(({ firing }) => firing || what === "note" || what === "reopened");
    if (alerts.length === 0) return done("no ticket of Zendesk is open in this incident");
    return writeToEach(
      alerts,
      (alert) => `ticket ${alert.dedupKey}`,
      (alert) => one(input, io, alert, what),
    );
  },
};

/** Who the token is: Zendesk answers 200 with nobody to a token that it does not know. */
async function probe(input: Input, io: ConnectorIo): Promise<Outcome> {
  const answer = await ask(input, io, "GET", "/users/me.json");
  const user = at(jsonOf(answer), "user");
  if (!isSuccess(answer) || user === undefined) return refused(answer, input, io);
  return firstOf(at(user, "id")) === null
    ? { status: "failed", reason: "Zendesk does not know this token", fix: "credentials" }
    : done(`signed in as agent ${firstOf(at(user, "id"))}`);
}

async function one(input: Input, io: ConnectorIo, alert: Alert, what: WrittenBack): Promise<Outcome> {
  const id = alert.labels["ticket"] ?? alert.dedupKey;
  if (!/^\d{1,20}$/.test(id)) return { status: "failed", reason: `"${id.slice(0, 80)}" is no ticket's number` };
  const path = `/tickets/${id}`;
  if (input.attempt > 1) {
    const written = await ask(input, io, "GET", `${path}/comments.json?sort=-created_at&page[size]=20`);
    if (!isSuccess(written)) return refused(written, input, io);
    if (written.body.includes(markOf(input.event))) return done("was written by an earlier try");
  }
  const shown = await ask(input, io, "GET", `${path}.json`);
  const ticket = at(jsonOf(shown), "ticket");
  const [present, stamp] = [firstOf(at(ticket, "status")), firstOf(at(ticket, "updated_at"))];
  if (!isSuccess(shown) || present === null) return refused(shown, input, io);
  if (present === "closed") return done("the ticket is closed, which Zendesk lets nobody write to");
  const over = present === "solved";
  const wanted = what === "note" ? null : input.config.statuses[what];
  // A solved ticket is left solved, and only a solved one is re-opened.
  const changes = wanted !== null && wanted !== present && over === (what === "reopened");
  const body = {
    ticket: {
      comment: { body: sentenceOf(what, input.event), public: false },
      ...(changes ? { status: wanted } : {}),
      ...(stamp === null ? {} : { safe_update: true, updated_stamp: stamp }),
    },
  };
  const answer = await ask(input, io, "PUT", `${path}.json`, body);
  if (answer.status === 409)
    return { status: "retry", reason: "HTTP 409: somebody else changed the ticket meanwhile", afterMs: null };
  if (!isSuccess(answer)) return refused(answer, input, io);
  if (jsonOf(answer) === null) return refused(answer, input, io);
  return { status: "accepted", ref: id, detail: changes ? `an internal note, status ${wanted}` : "an internal note" };
}

function refused(answer: HttpAnswer, { secrets: { apiToken } }: Input, io: ConnectorIo): Outcome {
  if (isSuccess(answer))
    return {
      status: "failed",
      reason: `HTTP ${answer.status}, but not Zendesk's API: baseUrl must be https://SUBDOMAIN.zendesk.com`,
      fix: "address",
    };
  return refusalOf(answer, saidOf(jsonOf(answer)), [apiToken], io.now());
}

/** {error, description, details: {field: [{description}]}}, or {error: {title, message}}. */
function saidOf(body: unknown): string | null {
  const details = at(body, "details");
  const fields = isRecord(details)
    ? Object.entries(details).flatMap(([field, all]) => {
        const text = firstOf(at(all, 0, "description"));
        return text === null ? [] : [`${field}: ${text}`];
      })
    : [];
  const whole = firstOf(at(body, "description"), at(body, "error", "message"), at(body, "error", "title"), at(body, "error"));
  return fields.length > 0 ? fields.join("; ") : whole;
}

function ask(
  { config: { baseUrl }, secrets: { email, apiToken } }: Input,
  io: ConnectorIo,
  method: "GET" | "PUT",
  path: string,
  body?: unknown,
) {
  return io.http({
    method,
    url: `${baseUrl.replace(/\/+$/, "")}/api/v2${path}`,
    headers: {
      accept: "application/json",
      authorization: email === undefined ? `Bearer ${apiToken}` : basicAuthorization(`${email}/token`, apiToken),
      "user-agent": "Tocsin",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
}

function done(detail: string): Outcome {
  return { status: "accepted", ref: null, detail };
}
