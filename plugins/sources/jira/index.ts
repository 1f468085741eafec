// Owns Jira's webhooks: what happened to an issue, by its changelog and the category of its status.

import * as z from "zod";
import {
  alertOf,
  at,
  cut,
  firstOf,
  ignored,
  isRecord,
  joined,
  labelsOf,
  linksOf,
  listOf,
  present,
  recordOf,
  severityOf,
  timeOf,
  UnreadableError,
  verifySigned,
  wordOf,
  type Alert,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  integrationUser: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Account id (Cloud) or user name (Data Center) by which this hub writes to Jira: its own changes are ignored"),
});
type Fields = Readonly<Record<string, unknown>>;

const priorities: Readonly<Record<string, Severity>> = {
  highest: "critical",
  blocker: "critical",
  critical: "error",
  high: "error",
  major: "warning",
  medium: "warning",
  minor: "info",
  low: "info",
  lowest: "info",
  trivial: "info",
};
const ranks: readonly Severity[] = ["unknown", "info", "warning", "error", "critical"];

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, credentials) =>
    verifySigned(request, credentials, { header: "x-hub-signature", encoding: "hex", prefix: "sha256=", orShared: true }),
  normalize({ payload, config: { integrationUser } }) {
    const issue = at(payload, "issue");
    const event = wordOf(at(payload, "webhookEvent"));
    if (isRecord(payload) && event === null && isRecord(payload["fields"])) {
      const bare = firstOf(payload["id"]);
      if (bare !== null) return [one({}, "", bare, payload)];
    }
    if (!isRecord(payload) || event === null)
      throw new UnreadableError("expected a Jira webhook: an object with webhookEvent and issue");
    if (!event.startsWith("jira:issue_"))
      return [ignored("jira", firstOf(at(issue, "id")), titleOf(issue), `${cut(event, 64)} changes nothing here`)];
    const id = firstOf(at(issue, "id"));
    if (id === null) throw new UnreadableError("a Jira issue event without issue.id");
    const user = at(payload, "user");
    if (integrationUser !== undefined && [at(user, "accountId"), at(user, "name")].includes(integrationUser))
      return [ignored("jira", id, titleOf(issue), `written by ${integrationUser}, which is this hub`)];
    return [one(payload, event, id, recordOf(issue))];
  },
  // Jira counts 200 and 204 only.
  reply: (results) => ({
    status: 200,
    contentType: "application/json",
    body: JSON.stringify({ accepted: results.length, results }),
  }),
};

function one(payload: Fields, event: string, id: string, issue: Fields): Alert {
  const fields = recordOf(issue["fields"]);
  const { action, reason, notes } = meaning(payload, event, fields);
  if (action === "ignore") return ignored("jira", id, titleOf(issue), reason);
  const severity = severityOf(at(fields, "priority", "name"), priorities);
  const names = (field: string): string =>
    listOf(fields[field])
      .flatMap((each) => firstOf(at(each, "name"), each) ?? [])
      .join(",");
  return alertOf({
    dedupKey: id,
    action,
    severity: severity.severity,
    title: titleOf(issue),
    body: textOf(fields["description"]),
    labels: labelsOf({
      issue_id: id,
      key: issue["key"],
      project: at(fields, "project", "key"),
      type: at(fields, "issuetype", "name"),
      status: at(fields, "status", "name"),
      priority: at(fields, "priority", "name"),
      labels: names("labels"),
      components: names("components"),
      assignee: at(fields, "assignee", "displayName"),
    }),
    links: linksOf([["Issue", browseLink(issue)]]),
    source: "jira",
    sourceAt: timeOf(payload["timestamp"]) ?? timeOf(fields["updated"]),
    notes: [...notes, ...severity.notes],
  });
}

const doneWords = /^(?:done|closed|resolved|completed?|fixed|cancel+ed|declined|rejected|won'?t (?:do|fix))$/i;

interface Meaning {
  readonly action: AlertAction;
  readonly reason: string;
  readonly notes: readonly string[];
}

function meaning(payload: Fields, event: string, fields: Fields): Meaning {
  const is = (action: AlertAction, notes: readonly string[] = [], reason = ""): Meaning => ({ action, reason, notes });
  if (event === "jira:issue_deleted") return is("resolve", ["the issue was deleted"]);
  const done = wordOf(at(fields, "status", "statusCategory", "key")) === "done" || isRecord(fields["resolution"]);
  if (done) return is("resolve");
  if (event === "jira:issue_created") return is("trigger");
  // Automation's "Send web request" with the issue as body: no event is told, only how the issue stands.
  if (event === "") return is("trigger", ["only the issue was sent: as long as it is not done it fires"]);
  // The items' own keys are called fromString and toString: never to be looked for on a prototype.
  const items = listOf(at(payload, "changelog", "items"));
  const unresolved = items.some(
    (item) => at(item, "field") === "resolution" && present(at(item, "from")) !== null && present(at(item, "to")) === null,
  );
  // A workflow that sets no resolution: out of a status that is plainly one of done.
  const left = items.some(
    (item) => wordOf(at(item, "field")) === "status" && doneWords.test(firstOf(at(item, "fromString")) ?? ""),
  );
  if (unresolved || left || wordOf(payload["issue_event_type_name"]) === "issue_reopened")
    return is("trigger", ["the issue was re-opened"]);
  const priority = items.find((item) => wordOf(at(item, "field")) === "priority");
  const rank = (name: unknown): number => ranks.indexOf(severityOf(name, priorities).severity);
  if (priority !== undefined && rank(at(priority, "toString")) > rank(at(priority, "fromString")))
    return is("trigger", [`the priority rose from ${firstOf(at(priority, "fromString")) ?? "none"}`]);
  return is("ignore", [], "an update that neither re-opens the issue nor makes it more urgent");
}

function titleOf(issue: unknown): string {
  const [key, summary] = [firstOf(at(issue, "key")), firstOf(at(issue, "fields", "summary"))];
  return joined([key, summary], ": ") || "Jira issue";
}

function browseLink(issue: Fields): string | null {
  const [self, key] = [firstOf(issue["self"]), firstOf(issue["key"])];
  return self === null || key === null || !URL.canParse(self)
    ? null
    : new URL(`${new URL(self).pathname.split("/rest/")[0] ?? ""}/browse/${encodeURIComponent(key)}`, self).href;
}

/** Wiki markup as it is, or the texts of an Atlassian document. */
function textOf(description: unknown): string {
  return typeof description === "string" ? description : documentText(description, 0).trim();
}

function documentText(node: unknown, depth: number): string {
  if (!isRecord(node) || depth > 30) return "";
  if (typeof node["text"] === "string") return node["text"];
  const inside = listOf(node["content"])
    .slice(0, 500)
    .map((child) => documentText(child, depth + 1))
    .join("");
  return /^(paragraph|heading|listItem|codeBlock|blockquote)$/.test(String(present(node["type"]))) ? `${inside}\n` : inside;
}
