// Owns writing back to Jira (Cloud and Data Center, Service Management with them): a transition of the workflow, then a comment.

import * as z from "zod";
import {
  at,
  basicAuthorization,
  cut,
  firstOf,
  isRecord,
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
  type OutgoingPost,
  type Outcome,
  type WrittenBack,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const name = z.string().trim().min(1).max(255).nullable();
const config = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .describe("The site's address: https://acme.atlassian.net; with a scoped token https://api.atlassian.com/ex/jira/CLOUD-ID"),
  api: z.enum(["3", "2"]).default("3").describe("3 for Jira Cloud, 2 for Data Center"),
  transitions: z
    .strictObject({
      acknowledged: name.default("In Progress").describe("For an issue that is still to do; null: only a comment"),
      unacknowledged: name.default(null).describe("For an issue in progress that nobody has any more; null: only a comment"),
      resolved: name.default("Done").describe("For an issue that is over; null: only a comment"),
      reopened: name.default(null).describe("For an issue that is done and is open again here; null: only a comment"),
    })
    .prefault({})
    .describe(
      'Names of the workflow\'s transitions, or of the statuses they lead to: {"acknowledged":"In Progress","unacknowledged":null,"resolved":"Done","reopened":null}. null writes only a comment',
    ),
  resolution: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe("resolution that the transition sets, where its screen wants one: Done"),
  comments: z
    .enum(["internal", "public", "none"])
    .default("internal")
    .describe("internal hides comments from customers in Jira Service Management; in other projects it is an ordinary comment"),
});
const secrets = z.strictObject({
  email: z
    .string()
    .min(1)
    .max(320)
    .optional()
    .describe("Jira Cloud: the account of the API token. Left out: the token is sent as a bearer token"),
  apiToken: z.string().min(1).max(2_048).describe("API token of Jira Cloud, or a personal access token of Data Center"),
});
type Input = ActInput<z.infer<typeof config>, z.infer<typeof secrets>>;
type Alert = OutgoingPost["incident"]["alerts"][number];
type Category = "new" | "indeterminate" | "done";

/** The categories of statuses that a transition of each kind starts from: what has gone further is not moved back. */
const from: Readonly<Record<Exclude<WrittenBack, "note">, readonly Category[]>> = {
  acknowledged: ["new"],
  unacknowledged: ["indeterminate"],
  resolved: ["new", "indeterminate"],
  reopened: ["done"],
};

export const plugin: ConnectorPlugin<z.infer<typeof config>, z.infer<typeof secrets>> = {
  manifest: manifest as ConnectorManifest,
  config,
  secrets,
  async act(input, io) {
    if (isTestOnly(input.event)) {
      const answer = await ask(input, io, "GET", "/myself");
      const name = firstOf(at(jsonOf(answer), "displayName"));
      return isSuccess(answer) && name !== null ? done(`signed in as ${cut(name, 80)}`) : refused(answer, input, io);
    }
    const what = writtenBackOf(input.event);
    if (what === null) return done(`Jira has nothing to be told of ${input.event.type.slice("incident.".length)}`);
    const alerts = input.event.incident.alerts.filter(({ firing }) => firing || what === "note" || what === "reopened");
    if (alerts.length === 0) return done("no issue of Jira is open in this incident");
    return writeToEach(alerts, nameOf, (alert) => one(input, io, alert, what));
  },
};

async function one(input: Input, io: ConnectorIo, alert: Alert, what: WrittenBack): Promise<Outcome> {
  const issue = alert.labels["issue_id"] ?? alert.dedupKey;
  if (!/^(\d{1,20}|[A-Z][A-Z0-9_]{1,60}-\d{1,12})$/.test(issue))
    return { status: "failed", reason: `"${cut(issue, 80)}" is no issue's id` };
  const path = `/issue/${issue}`;
  const moved = what === "note" ? stays("a comment") : await move(input, io, path, what);
  if (!moved.comments || input.config.comments === "none") return moved.outcome;
  // A workflow that refuses takes the comment all the same: somebody reads there that it is over.
  const said = await comment(input, io, path, what);
  return said.status === "accepted" ? moved.outcome : said;
}

interface Moved {
  readonly outcome: Outcome;
  /** False: Jira did not let us in, or wants us to wait. */
  readonly comments: boolean;
}

const stays = (detail: string): Moved => ({ outcome: done(detail), comments: true });

async function move(input: Input, io: ConnectorIo, path: string, what: Exclude<WrittenBack, "note">): Promise<Moved> {
  const stopped = (answer: HttpAnswer): Moved => ({ outcome: refused(answer, input, io), comments: false });
  const refusal = (reason: string): Moved => ({ outcome: { status: "failed", reason }, comments: true });
  const wanted = input.config.transitions[what];
  if (wanted === null) return stays("a comment");
  const shown = await ask(input, io, "GET", `${path}?fields=status`);
  const status = at(jsonOf(shown), "fields", "status");
  const category = firstOf(at(status, "statusCategory", "key"));
  if (!isSuccess(shown) || category === null) return stopped(shown);
  const now = firstOf(at(status, "name")) ?? category;
  if (!from[what].some((each) => each === category)) return stays(`the issue is in ${now} already: left there`);
  const listed = await ask(input, io, "GET", `${path}/transitions`);
  if (!isSuccess(listed)) return stopped(listed);
  const all = listOf(at(jsonOf(listed), "transitions"));
  const found = transitionOf(all, wanted);
  if (found === null) {
    const names = all.flatMap((each) => firstOf(at(each, "name")) ?? []).join(", ") || "none that this user may take";
    return refusal(cut(`no transition "${wanted}" leads out of ${now}; there are: ${names}`, 280));
  }
  const { resolution } = input.config;
  const fields = what === "resolved" && resolution !== undefined ? { fields: { resolution: { name: resolution } } } : {};
  const answer = await ask(input, io, "POST", `${path}/transitions`, { transition: { id: found }, ...fields });
  if (isSuccess(answer)) return stays(wanted);
  // 409: somebody moves the issue just now.
  if (answer.status === 409) {
    const reason = "HTTP 409: the issue is being changed by somebody else";
    return { outcome: { status: "retry", reason, afterMs: null }, comments: false };
  }
  return answer.status === 400 ? { outcome: refused(answer, input, io), comments: true } : stopped(answer);
}

/** By the transition's own name first, else by that of the status it leads to. */
function transitionOf(all: readonly unknown[], wanted: string): string | null {
  const named = (value: unknown): boolean => firstOf(value)?.toLowerCase() === wanted.toLowerCase();
  const found = all.find((each) => named(at(each, "name"))) ?? all.find((each) => named(at(each, "to", "name")));
  return firstOf(at(found, "id"));
}

async function comment(input: Input, io: ConnectorIo, path: string, what: WrittenBack): Promise<Outcome> {
  const { config: settings, event } = input;
  if (input.attempt > 1) {
    const listed = await ask(input, io, "GET", `${path}/comment?orderBy=-created&maxResults=20`);
    if (!isSuccess(listed)) return refused(listed, input, io);
    if (listed.body.includes(markOf(event))) return done("was written by an earlier try");
  }
  const text = sentenceOf(what, event);
  const body = {
    body: settings.api === "2" ? text : documentOf(text),
    ...(settings.comments === "internal" ? { properties: [{ key: "sd.public.comment", value: { internal: true } }] } : {}),
  };
  const answer = await ask(input, io, "POST", `${path}/comment`, body);
  return isSuccess(answer) ? done("a comment") : refused(answer, input, io);
}

/** An Atlassian document; its text nodes must not be empty. */
function documentOf(text: string): unknown {
  const paragraphs = text.split("\n").filter((line) => line.trim() !== "");
  return {
    type: "doc",
    version: 1,
    content: paragraphs.map((line) => ({ type: "paragraph", content: [{ type: "text", text: line }] })),
  };
}

function refused(answer: HttpAnswer, { secrets: { apiToken } }: Input, io: ConnectorIo): Outcome {
  const body = jsonOf(answer);
  if (isSuccess(answer))
    return {
      status: "failed",
      reason: `HTTP ${answer.status}, but not Jira's API: baseUrl must be the site's address`,
      fix: "address",
    };
  const errors = at(body, "errors");
  const fields = isRecord(errors) ? Object.entries(errors).map(([field, each]) => `${field}: ${firstOf(each) ?? ""}`) : [];
  const said = [...listOf(at(body, "errorMessages")).flatMap((each) => firstOf(each) ?? []), ...fields].join("; ");
  return refusalOf(answer, said === "" ? null : said, [apiToken], io.now());
}

function ask(
  { config: { baseUrl, api }, secrets: { email, apiToken } }: Input,
  io: ConnectorIo,
  method: "GET" | "POST",
  path: string,
  body?: unknown,
) {
  return io.http({
    method,
    url: `${baseUrl.replace(/\/+$/, "")}/rest/api/${api}${path}`,
    headers: {
      accept: "application/json",
      // Names of transitions come in the language of the user otherwise.
      "accept-language": "en",
      authorization: email === undefined ? `Bearer ${apiToken}` : basicAuthorization(email, apiToken),
      "user-agent": "Tocsin",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
}

function nameOf(alert: Alert): string {
  return alert.labels["key"] ?? alert.dedupKey;
}

function done(detail: string): Outcome {
  return { status: "accepted", ref: null, detail };
}
