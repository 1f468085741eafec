// Owns answering Datadog, whose monitors cannot be acknowledged or resolved from outside: what somebody has here is in a downtime there,
// of that monitor and that group only and for a bounded time, and the downtime is cancelled when nobody has it any more or it is over.

import * as z from "zod";
import {
  at,
  cut,
  firstOf,
  isSuccess,
  isTestOnly,
  jsonOf,
  listOf,
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
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default("https://api.datadoghq.com")
    .describe("The API of your site: https://api.datadoghq.eu, https://api.us5.datadoghq.com"),
  hours: z.int().min(1).max(168).default(4).describe("How long an acknowledgment keeps the monitor quiet at most"),
});
const secrets = z.strictObject({
  apiKey: z.string().min(1).max(256).describe("API key"),
  applicationKey: z
    .string()
    .min(1)
    .max(256)
    .describe("Application key of a user or service account with monitors_downtime and monitors_read"),
});
type Input = ActInput<z.infer<typeof config>, z.infer<typeof secrets>>;
type Alert = OutgoingPost["incident"]["alerts"][number];

export const plugin: ConnectorPlugin<z.infer<typeof config>, z.infer<typeof secrets>> = {
  manifest: manifest as ConnectorManifest,
  config,
  secrets,
  async act(input, io) {
    const { event } = input;
    if (isTestOnly(event)) {
      const answer = await ask(input, io, "GET", pageOf(0));
      return downtimesIn(answer) === null ? refused(answer, input, io) : done("its downtimes can be read");
    }
    const what = writtenBackOf(event);
    if (what === "acknowledged") {
      const alerts = event.incident.alerts.filter(({ firing }) => firing);
      if (alerts.length === 0) return done("no alert of it fires any more: nothing to keep quiet");
      return writeToEach(alerts, nameOf, (alert) => begin(input, io, alert));
    }
    // One list tells of all of them.
    if (what === "unacknowledged" || what === "resolved") return end(input, io);
    return done(`Datadog has nothing to be told of ${event.type.slice("incident.".length)}`);
  },
};

function nameOf({ labels, dedupKey }: Alert): string {
  return `monitor ${cut(labels["monitor_id"] ?? dedupKey, 40)}`;
}

async function begin(input: Input, io: ConnectorIo, alert: Alert): Promise<Outcome> {
  const monitor = alert.labels["monitor_id"] ?? "";
  const scope = scopeOf(alert.labels["alert_scope"]);
  if (!/^\d{1,15}$/.test(monitor) || scope === null)
    return {
      status: "failed",
      reason: "no $ALERT_ID and $ALERT_SCOPE that a downtime could name: see the source's payload template",
    };
  if (input.attempt > 1) {
    const found = await ownOf(input, io);
    if ("status" in found) return found;
    if (found.some((each) => each.monitor === monitor && each.scope === scope)) return done("in a downtime by an earlier try");
  }
  const attributes = {
    monitor_identifier: { monitor_id: Number(monitor) },
    scope,
    schedule: { end: new Date(io.now() + input.config.hours * 3_600_000).toISOString() },
    message: messageOf(input.event),
    // Its end must reach this hub while it is quiet.
    mute_first_recovery_notification: false,
  };
  const answer = await ask(input, io, "POST", "/api/v2/downtime", { data: { type: "downtime", attributes } });
  const id = firstOf(at(jsonOf(answer), "data", "id"));
  if (!isSuccess(answer) || id === null) return refused(answer, input, io);
  return { status: "accepted", ref: id, detail: `in a downtime for ${input.config.hours} h` };
}

/** "host:db1,env:prod" → "host:db1 AND env:prod"; "*" of a monitor without groups. What is none of these could mean more. */
function scopeOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const parts = text.split(",").map((each) => each.trim());
  if (parts.length === 1 && parts[0] === "*") return "*";
  return parts.every((each) => /^[A-Za-z][\w./-]{0,199}:[\w./:-]{1,200}$/.test(each)) ? parts.join(" AND ") : null;
}

/** Datadog notifies whoever a message names with an at-sign. */
function messageOf(event: OutgoingPost): string {
  const page = event.links.incident.replace("/api/v1/tenants/", "/t/");
  return `${cut(event.incident.title, 200)} ${page} ${sentenceOf("acknowledged", event, 500)}`.replaceAll("@", "(at)");
}

async function end(input: Input, io: ConnectorIo): Promise<Outcome> {
  const found = await ownOf(input, io);
  if ("status" in found) return found;
  for (const { id } of found) {
    const answer = await ask(input, io, "DELETE", `/api/v2/downtime/${encodeURIComponent(id)}`);
    // Gone already: somebody cancelled it, or its time did.
    if (!isSuccess(answer) && answer.status !== 404) return refused(answer, input, io);
  }
  return done(found.length === 0 ? "no downtime of ours is left" : "its downtime is cancelled");
}

interface Downtime {
  readonly id: string;
  readonly monitor: string | null;
  readonly scope: string | null;
}

/** Those that this incident made and that still hold. */
async function ownOf(input: Input, io: ConnectorIo): Promise<readonly Downtime[] | Outcome> {
  const mark = `Tocsin ${input.event.incident.id}, event `;
  const found: Downtime[] = [];
  for (let page = 0; page < pagesMax; page++) {
    const answer = await ask(input, io, "GET", pageOf(page));
    const downtimes = downtimesIn(answer);
    if (downtimes === null) return refused(answer, input, io);
    for (const each of downtimes) {
      const id = firstOf(at(each, "id"));
      const attributes = at(each, "attributes");
      const over = ["canceled", "ended"].includes(firstOf(at(attributes, "status")) ?? "");
      if (id === null || over || !firstOf(at(attributes, "message"))?.includes(mark)) continue;
      const monitor = firstOf(at(attributes, "monitor_identifier", "monitor_id"));
      found.push({ id, monitor, scope: firstOf(at(attributes, "scope")) });
    }
    if (downtimes.length < perPage) return found;
  }
  return found.length > 0
    ? found
    : {
        status: "failed",
        reason: `ours is not among the first ${pagesMax * perPage} downtimes: cancel it by hand, or wait for its end`,
      };
}

/** So few that a page fits into what is read of an answer. */
const perPage = 25;
const pagesMax = 20;

function pageOf(page: number): string {
  return `/api/v2/downtime?current_only=true&page%5Boffset%5D=${page * perPage}&page%5Blimit%5D=${perPage}`;
}

function downtimesIn(answer: HttpAnswer): readonly unknown[] | null {
  const data = at(jsonOf(answer), "data");
  return isSuccess(answer) && Array.isArray(data) ? listOf(data) : null;
}

/** {"errors": [text]} */
function refused(answer: HttpAnswer, { secrets: { apiKey, applicationKey } }: Input, io: ConnectorIo): Outcome {
  if (isSuccess(answer))
    return { status: "failed", reason: `HTTP ${answer.status}, but not Datadog's API: see baseUrl`, fix: "address" };
  const said = listOf(at(jsonOf(answer), "errors")).flatMap((each) => firstOf(each) ?? firstOf(at(each, "detail")) ?? []);
  const outcome = refusalOf(answer, said.length === 0 ? null : said.join("; "), [apiKey, applicationKey], io.now());
  const reset = Number(answer.headers["x-ratelimit-reset"]);
  return outcome.status === "retry" && outcome.afterMs === null && answer.status === 429 && reset > 0
    ? { ...outcome, afterMs: Math.min(reset, 3_600) * 1_000 }
    : outcome;
}

function done(detail: string): Outcome {
  return { status: "accepted", ref: null, detail };
}

function ask(
  { config: { baseUrl }, secrets: { apiKey, applicationKey } }: Input,
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
      "dd-api-key": apiKey,
      "dd-application-key": applicationKey,
      "user-agent": "Tocsin",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
}
