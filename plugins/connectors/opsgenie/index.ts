// Owns answering Opsgenie, and the Operations of Jira Service Management that took its API over, while teams move: an alert that came
// from there is acknowledged, given back and closed there as it is here. What it takes it does later, and says by request id.

import * as z from "zod";
import {
  at,
  firstOf,
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
  type HttpRequest,
  type Outcome,
  type WrittenBack,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default("https://api.opsgenie.com")
    .describe(
      "https://api.eu.opsgenie.com for accounts in the EU, https://api.atlassian.com/jsm/ops/integration for Jira Service Management",
    ),
});
const secrets = z.strictObject({
  apiKey: z.string().min(1).max(512).describe("Key of an API integration that may read, create and update alerts"),
});
type Input = ActInput<z.infer<typeof config>, z.infer<typeof secrets>>;

const paths: Readonly<Record<Exclude<WrittenBack, "reopened">, string>> = {
  acknowledged: "acknowledge",
  unacknowledged: "unacknowledge",
  resolved: "close",
  note: "notes",
};

export const plugin: ConnectorPlugin<z.infer<typeof config>, z.infer<typeof secrets>> = {
  manifest: manifest as ConnectorManifest,
  config,
  secrets,
  async act(input, io) {
    if (isTestOnly(input.event)) {
      const answer = await ask(input, io, "GET", "/v2/alerts?limit=1");
      return isSuccess(answer) && at(jsonOf(answer), "data") !== undefined
        ? done("its alerts can be read")
        : refused(answer, input, io);
    }
    const what = writtenBackOf(input.event);
    if (what === null || what === "reopened")
      return done(`Opsgenie has nothing to be told of ${input.event.type.slice("incident.".length)}`);
    const alerts = input.event.incident.alerts.filter(({ firing }) => firing || what === "note");
    if (alerts.length === 0) return done("no alert of Opsgenie is open in this incident");
    return writeToEach(
      alerts,
      ({ dedupKey }) => `alert ${dedupKey}`,
      ({ dedupKey }) => one(input, io, dedupKey, what),
    );
  },
};

async function one(input: Input, io: ConnectorIo, id: string, what: keyof typeof paths): Promise<Outcome> {
  const path = `/v2/alerts/${encodeURIComponent(id)}`;
  // A second note would be a second note; the rest may be said twice.
  if (what === "note" && input.attempt > 1) {
    const there = await ask(input, io, "GET", `${path}/notes?identifierType=id&limit=50&order=desc`);
    if (!isSuccess(there)) return refused(there, input, io);
    if (there.body.includes(markOf(input.event))) return done("a note, written by an earlier try");
  }
  const body = { user: "Tocsin", source: "Tocsin", note: sentenceOf(what, input.event) };
  const answer = await ask(input, io, "POST", `${path}/${paths[what]}?identifierType=id`, body);
  const request = firstOf(at(jsonOf(answer), "requestId"));
  if (!isSuccess(answer) || request === null) return refused(answer, input, io);
  return { status: "accepted", ref: request, detail: `${paths[what]} asked for` };
}

/** {"message", "errors"?: {field: text}, "took", "requestId"} */
function refused(answer: HttpAnswer, { secrets: { apiKey } }: Input, io: ConnectorIo): Outcome {
  if (isSuccess(answer))
    return { status: "failed", reason: `HTTP ${answer.status}, but not Opsgenie's API: see baseUrl`, fix: "address" };
  const outcome = refusalOf(answer, firstOf(at(jsonOf(answer), "message")), [apiKey], io.now());
  // Its limits are said in a header of its own where Retry-After is not there.
  const period = Number(answer.headers["x-ratelimit-period-in-sec"]);
  return outcome.status === "retry" && outcome.afterMs === null && answer.status === 429 && period > 0
    ? { ...outcome, afterMs: Math.min(period, 3_600) * 1_000 }
    : outcome;
}

function done(detail: string): Outcome {
  return { status: "accepted", ref: null, detail };
}

function ask(
  { config: { baseUrl }, secrets: { apiKey } }: Input,
  io: ConnectorIo,
  method: HttpRequest["method"],
  path: string,
  body?: unknown,
) {
  return io.http({
    method,
    url: `${baseUrl.replace(/\/+$/, "")}${path}`,
    headers: {
      accept: "application/json",
      authorization: `GenieKey ${apiKey}`,
      "user-agent": "Tocsin",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
}
