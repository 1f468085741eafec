// Owns Sentry: the webhooks of an internal integration, told apart by their resource, and the legacy plugin's body.

import * as z from "zod";
import {
  actionBy,
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
  tagsOf,
  timeOf,
  UnreadableError,
  verifySigned,
  wordOf,
  type Alert,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  acknowledgeOnAssignment: z
    .boolean()
    .default(false)
    .describe("An issue's assignment acknowledges. Leave it off where ownership rules assign by themselves"),
});
type Config = z.infer<typeof config>;
type Fields = Readonly<Record<string, unknown>>;

const levels: Readonly<Record<string, Severity>> = {
  fatal: "critical",
  critical: "critical",
  error: "error",
  warning: "warning",
  info: "info",
  debug: "info",
};

export const plugin: SourcePlugin<Config> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, credentials) =>
    verifySigned(request, credentials, { header: "sentry-hook-signature", encoding: "hex", orShared: true }),
  normalize({ payload, headers, config: settings }) {
    if (!isRecord(payload)) throw new UnreadableError("expected the JSON object of a Sentry webhook");
    const data = recordOf(payload["data"]);
    const resource = headers["sentry-hook-resource"] ?? kindOf(data);
    // What Sentry's bodies date is the error, not what became of the issue: the hook's own time is when it happened.
    const sourceAt = timeOf(headers["sentry-hook-timestamp"]);
    switch (resource) {
      case "issue":
        return [issue(payload, recordOf(data["issue"]), sourceAt, settings)];
      case "event_alert":
        return [error(recordOf(data["event"]), firstOf(data["triggered_rule"]), sourceAt)];
      case "error":
        return [error(recordOf(data["error"]), null, sourceAt)];
      case "metric_alert":
        return [metricAlert(payload, data, sourceAt)];
      case "comment":
        return [ignored("sentry", firstOf(data["issue_id"]), "Sentry comment", "a comment changes nothing here")];
      case null:
        return [legacy(payload)];
      default:
        return [ignored("sentry", null, `Sentry ${cut(resource, 64)}`, `${cut(resource, 64)} changes nothing here`)];
    }
  },
};

function kindOf(data: Fields): string | null {
  if ("comment_id" in data) return "comment";
  if (isRecord(data["issue"])) return "issue";
  if (isRecord(data["event"])) return "event_alert";
  if (isRecord(data["error"])) return "error";
  if (isRecord(data["metric_alert"])) return "metric_alert";
  return isRecord(data["installation"]) ? "installation" : null;
}

function issue(payload: Fields, about: Fields, sourceAt: number | null, { acknowledgeOnAssignment }: Config): Alert {
  const id = firstOf(about["id"]);
  if (id === null) throw new UnreadableError("a Sentry issue without data.issue.id");
  const title = firstOf(about["title"], about["shortId"]) ?? `Sentry issue ${id}`;
  const word = wordOf(payload["action"]);
  if (word === "assigned" && !acknowledgeOnAssignment)
    return ignored("sentry", id, title, "assigned (config.acknowledgeOnAssignment would acknowledge)");
  const { action, notes } = actionBy(
    word,
    {
      created: "trigger",
      unresolved: "trigger",
      assigned: "acknowledge",
      resolved: "resolve",
      ignored: "resolve",
      archived: "resolve",
    },
    "action",
  );
  const severity = severityOf(about["level"], levels);
  return alertOf({
    dedupKey: id,
    action,
    severity: severity.severity,
    title,
    body: firstOf(about["culprit"]) ?? "",
    labels: labelsOf({
      project: firstOf(at(about, "project", "slug"), at(about, "project", "name")),
      platform: about["platform"],
      issue: about["shortId"],
      level: about["level"],
    }),
    links: linksOf([["Issue", firstOf(about["web_url"], about["permalink"])]]),
    source: "sentry",
    sourceAt,
    notes: [...notes, ...severity.notes],
  });
}

/** An event of an issue: an issue alert, or an error. A later issue.resolved closes it, since both have the issue's id. */
function error(event: Fields, rule: string | null, sourceAt: number | null): Alert {
  // Older bodies name the issue in its address only: .../issues/1170820242/.
  const inUrl = /\/issues\/(\d{1,30})\/?$/.exec(firstOf(event["issue_url"]) ?? "")?.[1];
  const id = firstOf(event["issue_id"], inUrl, event["event_id"]);
  if (id === null) throw new UnreadableError("a Sentry event without issue_id and event_id");
  const severity = severityOf(event["level"], levels);
  return alertOf({
    dedupKey: id,
    action: "trigger",
    severity: severity.severity,
    title: firstOf(event["title"], event["message"]) ?? `Sentry issue ${id}`,
    body: firstOf(event["culprit"], at(event, "metadata", "value")) ?? "",
    labels: {
      ...tagsOf(event["tags"]),
      ...labelsOf({
        rule,
        environment: event["environment"],
        release: event["release"],
        platform: event["platform"],
        project: event["project"],
      }),
    },
    links: linksOf([["Event", event["web_url"]]]),
    source: "sentry",
    sourceAt: sourceAt ?? timeOf(event["datetime"]) ?? timeOf(event["timestamp"]),
    notes: severity.notes,
  });
}

function metricAlert(payload: Fields, data: Fields, sourceAt: number | null): Alert {
  const about = recordOf(data["metric_alert"]);
  const id = firstOf(about["id"]);
  if (id === null) throw new UnreadableError("a Sentry metric alert without data.metric_alert.id");
  const organization = firstOf(at(payload, "installation", "organization", "slug"), at(about, "organization_id"));
  const word = wordOf(payload["action"]);
  const { action, notes } = actionBy(
    word,
    { critical: "trigger", warning: "trigger", open: "trigger", resolved: "resolve" },
    "action",
  );
  return alertOf({
    dedupKey: joined(["metric_alert", organization, id], "/"),
    action,
    severity: word === "critical" ? "critical" : word === "warning" ? "warning" : "unknown",
    title: firstOf(data["description_title"], about["title"], at(about, "alert_rule", "name")) ?? `Sentry metric alert ${id}`,
    body: firstOf(data["description_text"]) ?? "",
    labels: labelsOf({
      rule: at(about, "alert_rule", "name"),
      projects: listOf(about["projects"])
        .flatMap((each) => present(each) ?? [])
        .join(","),
      environment: at(about, "alert_rule", "environment"),
    }),
    links: linksOf([["Alert", data["web_url"]]]),
    source: "sentry",
    sourceAt,
    notes,
  });
}

/** The legacy plugin tells of new events only; nothing of it ever says that the issue is over. */
function legacy(body: Fields): Alert {
  const id = firstOf(body["id"]);
  const event = recordOf(body["event"]);
  const title = firstOf(event["title"], body["message"], body["culprit"]);
  if (id === null || title === null)
    throw new UnreadableError(
      "expected a Sentry webhook: data.issue, data.event, data.metric_alert, or the legacy plugin's id and message",
    );
  const severity = severityOf(firstOf(body["level"], event["level"]), levels);
  return alertOf({
    dedupKey: id,
    action: "trigger",
    severity: severity.severity,
    title,
    body: [firstOf(body["message"]), firstOf(body["culprit"])].filter((line) => line !== null && line !== title).join("\n"),
    labels: {
      ...tagsOf(event["tags"]),
      ...labelsOf({
        project: firstOf(body["project_slug"], body["project"]),
        environment: event["environment"],
        release: event["release"],
        logger: body["logger"],
      }),
    },
    links: linksOf([["Issue", body["url"]]]),
    source: "sentry",
    sourceAt: timeOf(event["timestamp"]) ?? timeOf(event["received"]),
    notes: severity.notes,
  });
}
