// Owns answering PagerDuty while teams move: an incident that came from there is acknowledged and resolved there as it is here, by
// the REST API. PagerDuty has no way back from an acknowledgment by this API; a note says so.

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

const config = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default("https://api.pagerduty.com")
    .describe("https://api.eu.pagerduty.com for accounts in the EU region"),
  from: z.email().describe("Mail address of the PagerDuty user in whose name it is written"),
  onUnacknowledge: z
    .enum(["note", "nothing"])
    .default("note")
    .describe("PagerDuty takes no acknowledgment back by this API: a note on its incident says that nobody has it here any more"),
});
const secrets = z.strictObject({
  apiToken: z.string().min(1).max(512).describe("A REST API key that may write, or a token of that user"),
});
type Input = ActInput<z.infer<typeof config>, z.infer<typeof secrets>>;
type Alert = OutgoingPost["incident"]["alerts"][number];

export const plugin: ConnectorPlugin<z.infer<typeof config>, z.infer<typeof secrets>> = {
  manifest: manifest as ConnectorManifest,
  config,
  secrets,
  async act(input, io) {
    if (isTestOnly(input.event)) {
      const answer = await ask(input, io, "GET", "/incidents?limit=1");
      return isSuccess(answer) && at(jsonOf(answer), "incidents") !== undefined
        ? done("its incidents can be read")
        : refused(answer, input, io);
    }
    const what = writtenBackOf(input.event);
    if (what === null || what === "reopened")
      return done(`PagerDuty has nothing to be told of ${input.event.type.slice("incident.".length)}`);
    if (what === "unacknowledged" && input.config.onUnacknowledge === "nothing")
      return done("PagerDuty takes no acknowledgment back: left as it is");
    const alerts = input.event.incident.alerts.filter(({ firing }) => firing || what === "note");
    if (alerts.length === 0) return done("no incident of PagerDuty is open in this one");
    return writeToEach(
      alerts,
      ({ dedupKey }) => `incident ${dedupKey}`,
      ({ dedupKey }) =>
        what === "acknowledged" || what === "resolved" ? setStatus(input, io, dedupKey, what) : note(input, io, dedupKey, what),
    );
  },
};

async function setStatus(
  input: Input,
  io: ConnectorIo,
  id: Alert["dedupKey"],
  status: "acknowledged" | "resolved",
): Promise<Outcome> {
  const path = `/incidents/${encodeURIComponent(id)}`;
  const answer = await ask(input, io, "PUT", path, { incident: { type: "incident_reference", status } });
  if (isSuccess(answer) && at(jsonOf(answer), "incident") !== undefined) return done(`${status} in PagerDuty`, id);
  if (answer.status !== 400 || at(jsonOf(answer), "error") === undefined) return refused(answer, input, io);
  // One that is resolved already takes no further status: what was wanted is so, or more.
  const shown = await ask(input, io, "GET", path);
  if (!isSuccess(shown)) return refused(answer, input, io);
  return firstOf(at(jsonOf(shown), "incident", "status")) === "resolved"
    ? done("is resolved in PagerDuty already", id)
    : refused(answer, input, io);
}

async function note(input: Input, io: ConnectorIo, id: string, what: WrittenBack): Promise<Outcome> {
  const path = `/incidents/${encodeURIComponent(id)}/notes`;
  if (input.attempt > 1) {
    const there = await ask(input, io, "GET", path);
    if (!isSuccess(there)) return refused(there, input, io);
    if (there.body.includes(markOf(input.event))) return done("a note, written by an earlier try", id);
  }
  const answer = await ask(input, io, "POST", path, { note: { content: sentenceOf(what, input.event) } });
  return isSuccess(answer) && at(jsonOf(answer), "note") !== undefined
    ? done("a note in PagerDuty", id)
    : refused(answer, input, io);
}

/** {"error": {"message", "code", "errors": […]}} */
function refused(answer: HttpAnswer, { secrets: { apiToken } }: Input, io: ConnectorIo): Outcome {
  if (isSuccess(answer))
    return { status: "failed", reason: `HTTP ${answer.status}, but not PagerDuty's API: see baseUrl`, fix: "address" };
  const error = at(jsonOf(answer), "error");
  const said = [firstOf(at(error, "message")), ...listOf(at(error, "errors")).map((each) => firstOf(each))].filter(
    (each) => each !== null,
  );
  return refusalOf(answer, said.length === 0 ? null : said.join(": "), [apiToken], io.now());
}

function done(detail: string, ref: string | null = null): Outcome {
  return { status: "accepted", ref, detail };
}

function ask(
  { config: { baseUrl, from }, secrets: { apiToken } }: Input,
  io: ConnectorIo,
  method: HttpRequest["method"],
  path: string,
  body?: unknown,
) {
  return io.http({
    method,
    url: `${baseUrl.replace(/\/+$/, "")}${path}`,
    headers: {
      accept: "application/vnd.pagerduty+json;version=2",
      authorization: `Token token=${apiToken}`,
      from,
      "user-agent": "Tocsin",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
}
