// Owns New Relic: issues of a workflow's webhook, and incidents of the legacy webhook channel.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
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
  verifyShared,
  wordOf,
  type Alert,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
type Fields = Readonly<Record<string, unknown>>;

const severities: Readonly<Record<string, Severity>> = {
  critical: "critical",
  high: "error",
  medium: "warning",
  low: "info",
  warn: "warning",
  warning: "warning",
  info: "info",
};
const states: Readonly<Record<string, AlertAction>> = {
  created: "trigger",
  activated: "trigger",
  // `stateText` says it so.
  active: "trigger",
  acknowledged: "acknowledge",
  // Its alert events are over, and it may be taken up again before it is closed.
  deactivated: "ignore",
  closed: "resolve",
  resolved: "resolve",
};
const legacyStates: Readonly<Record<string, AlertAction>> = {
  open: "trigger",
  acknowledged: "acknowledge",
  closed: "resolve",
  incident_open: "trigger",
  incident_acknowledged: "acknowledge",
  incident_resolved: "resolve",
};

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    if (!isRecord(payload)) throw new UnreadableError("expected the JSON object of a New Relic webhook");
    if (isRecord(payload["incident"])) return [legacy({ ...payload["incident"], ...nested(payload) })];
    return [
      firstOf(payload["incident_id"], payload["current_state"]) !== null || "event_type" in payload
        ? legacy(payload)
        : issue(payload),
    ];
  },
};

/** By `state`: `trigger` only says what made New Relic send, and a closed issue comes with INCIDENT_ADDED too. */
function issue(body: Fields): Alert {
  const id = firstOf(body["id"], body["issueId"]);
  if (id === null) throw new UnreadableError('no id: the template must hold "id": {{ json issueId }}');
  const title =
    firstOf(
      body["title"],
      at(body, "title", 0),
      body["issueTitle"],
      at(body, "alertConditionNames", 0),
      body["condition_name"],
    ) ?? `New Relic issue ${id}`;
  const said = actionBy(firstOf(body["state"], body["stateText"]), states, "state");
  if (said.action === "ignore")
    return ignored(
      "newrelic",
      id,
      title,
      "deactivated: its alert events are over, and it may be taken up again before it is closed",
    );
  const taken = said.action === "trigger" ? taking(body) : "no";
  const action = taken === "yes" ? "acknowledge" : said.action;
  const notes = taken === "yes" ? [] : said.notes;
  if (taken === "perhaps")
    notes.push('somebody did something in New Relic: "isAcknowledged" in the template would say whether they acknowledged');
  const severity = severityOf(body["priority"], severities);
  const names = (field: string): string =>
    listOf(body[field])
      .flatMap((each) => present(each) ?? [])
      .join(", ");
  const lines = [names("alertConditionNames"), names("impactedEntities"), firstOf(at(body, "annotations", "description", 0))];
  return alertOf({
    dedupKey: id,
    action,
    severity: severity.severity,
    title,
    body: lines.filter((line) => line !== null && line !== "").join("\n"),
    labels: labelsOf({
      policy: names("alertPolicyNames"),
      condition: names("alertConditionNames"),
      entity: names("impactedEntities"),
      workflow: body["workflowName"],
      source: names("sources"),
      priority: body["priority"],
    }),
    links: linksOf([
      ["Issue", firstOf(body["issueUrl"], body["issuePageUrl"])],
      ["Runbook", firstOf(body["runbook"], at(body, "annotations", "runbookUrl", 0))],
    ]),
    source: "newrelic",
    sourceAt: timeOf(body["updatedAt"]) ?? timeOf(body["createdAt"]),
    notes: [...notes, ...severity.notes],
  });
}

/**
 * Whether this is a person's acknowledgment. An issue's state never says so, and what is sent of an issue later (another alert
 * event joined it) still says that it is acknowledged: so only what a person's action made New Relic send counts.
 */
function taking(body: Fields): "yes" | "no" | "perhaps" {
  const event = wordOf(body["trigger"]) ?? wordOf(body["triggerEvent"]);
  if (event === "issue_acknowledged") return "yes";
  if (event !== null && event !== "user_action") return "no";
  const flag = wordOf(body["isAcknowledged"]);
  const by = firstOf(body["acknowledgedBy"], body["acknowledgedAt"], body["issueAcknowledgedAt"]);
  if (flag === "true" || (flag === null && by !== null && by.toLowerCase() !== "n/a")) return "yes";
  const told = ["isAcknowledged", "acknowledgedBy", "acknowledgedAt", "issueAcknowledgedAt"].some((name) => name in body);
  return event === "user_action" && !told ? "perhaps" : "no";
}

function legacy(body: Fields): Alert {
  const id = present(body["incident_id"]);
  if (id === null) throw new UnreadableError("no incident_id, or a variable nobody filled in: use New Relic's default payload");
  const account = present(body["account_id"]);
  const state = firstOf(body["current_state"], body["event_type"]);
  const { action, notes } = actionBy(state, legacyStates, "current_state");
  const severity = severityOf(body["severity"], severities);
  const targets = listOf(body["targets"]).map(recordOf);
  const condition = firstOf(body["condition_name"]);
  return alertOf({
    dedupKey: account === null ? id : `${account}/${id}`,
    action,
    severity: severity.severity,
    title: joined([condition, firstOf(targets[0]?.["name"])], ": ") || `New Relic incident ${id}`,
    body: firstOf(body["details"]) ?? "",
    labels: {
      ...(Object.assign({}, ...targets.slice(0, 20).map((target) => labelsOf(target["labels"]))) as Record<string, string>),
      ...labelsOf({
        policy: body["policy_name"],
        condition,
        entity: targets[0]?.["name"],
        account: body["account_name"],
        owner: body["owner"],
      }),
    },
    links: linksOf([
      ["Incident", body["incident_url"]],
      ["Runbook", body["runbook_url"]],
      ["Policy", body["policy_url"]],
      ["Violation", body["violation_callback_url"]],
    ]),
    source: "newrelic",
    sourceAt: timeOf(body["timestamp"]),
    // New Relic's test notification is incident 0.
    test: id === "0",
    notes: [...notes, ...severity.notes],
  });
}

/** A shape that others document: everything under `incident` and `details`. */
function nested({ incident, details, targets }: Fields): Fields {
  return {
    incident_id: at(incident, "id") ?? at(incident, "incident_id"),
    current_state: at(incident, "state") ?? at(incident, "current_state"),
    incident_url: at(incident, "url") ?? at(incident, "incident_url"),
    details: at(details, "message"),
    targets,
  };
}
