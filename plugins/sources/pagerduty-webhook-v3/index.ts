// Owns PagerDuty's webhooks, V3 and the retired V1 and V2: the incident's life; notes, responders and the like are recorded as ignored.

import * as z from "zod";
import {
  alertOf,
  at,
  commonSeverities,
  cut,
  firstOf,
  ignored,
  isRecord,
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

const config = z.strictObject({});
const events: Readonly<Record<string, AlertAction>> = {
  "incident.triggered": "trigger",
  "incident.reopened": "trigger",
  "incident.unacknowledged": "trigger",
  "incident.escalated": "trigger",
  "incident.delegated": "trigger",
  "incident.reassigned": "trigger",
  // The severity may have risen.
  "incident.priority_updated": "trigger",
  "incident.acknowledged": "acknowledge",
  "incident.resolved": "resolve",
};
const priorities: Readonly<Record<string, Severity>> = {
  p0: "critical",
  p1: "critical",
  p2: "error",
  p3: "warning",
  p4: "info",
  p5: "info",
};
const urgencies: Readonly<Record<string, Severity>> = { high: "error", low: "info" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, credentials) =>
    verifySigned(request, credentials, { header: "x-pagerduty-signature", encoding: "hex", prefix: "v1=" }),
  normalize({ payload }) {
    const messages = at(payload, "messages");
    if (Array.isArray(messages) && messages.length > 0) return messages.slice(0, 100).map((message) => legacy(recordOf(message)));
    const event = at(payload, "event");
    const type = wordOf(at(event, "event_type"));
    if (!isRecord(event) || type === null)
      throw new UnreadableError("expected PagerDuty's webhook: an object with event.event_type (V3) or messages (V1, V2)");
    return [one(event, type)];
  },
};

function one(event: Readonly<Record<string, unknown>>, type: string): Alert {
  const data = recordOf(event["data"]);
  if (type === "pagey.ping")
    return alertOf({
      dedupKey: "pagey.ping",
      action: "trigger",
      title: firstOf(data["message"]) ?? "PagerDuty test message",
      source: "pagerduty-webhook-v3",
      sourceAt: timeOf(event["occurred_at"]),
      test: true,
    });
  const id = firstOf(at(data, "incident", "id"), data["id"]);
  const title = firstOf(data["title"], at(data, "incident", "summary"), data["summary"]) ?? `PagerDuty incident ${id ?? ""}`;
  const action = Object.hasOwn(events, type) ? events[type] : undefined;
  if (action === undefined) return ignored("pagerduty-webhook-v3", id, title, `${cut(type, 80)} changes nothing here`);
  if (id === null) throw new UnreadableError("a PagerDuty incident without event.data.id");
  if (action === "trigger" && wordOf(data["status"]) === "resolved")
    return ignored("pagerduty-webhook-v3", id, title, `${cut(type, 80)} of an incident that is resolved`);
  const priority = firstOf(at(data, "priority", "summary"), at(data, "priority", "name"));
  const severity = gravityOf(priority, data["urgency"]);
  return alertOf({
    dedupKey: id,
    action,
    severity: severity.severity,
    title,
    labels: labelsOf({
      service: at(data, "service", "summary"),
      escalation_policy: at(data, "escalation_policy", "summary"),
      team: listOf(data["teams"])
        .flatMap((team) => present(at(team, "summary")) ?? [])
        .join(", "),
      incident_type: at(data, "incident_type", "name"),
      incident_key: data["incident_key"],
      number: data["number"],
      priority,
      urgency: data["urgency"],
    }),
    links: linksOf([["Incident", data["html_url"]]]),
    source: "pagerduty-webhook-v3",
    sourceAt: timeOf(event["occurred_at"]) ?? timeOf(data["created_at"]),
    notes: severity.notes,
  });
}

/**
 * An account names its priorities itself: P1 and SEV-1 are the first, with or without words after them ("SEV1 - Critical"). Of a
 * name without such a number the words most tools use are known; else the urgency is what is left.
 */
function gravityOf(priority: string | null, urgency: unknown): { readonly severity: Severity; readonly notes: string[] } {
  if (priority === null) return severityOf(urgency, urgencies);
  const number = /^(?:p|s|sev|severity|priority)?[\s-]{0,3}([0-5])(?!\d)/i.exec(priority)?.[1];
  if (number !== undefined) return { severity: priorities[`p${number}`] ?? "unknown", notes: [] };
  const named = severityOf(priority, commonSeverities);
  if (named.severity !== "unknown") return named;
  const { severity } = severityOf(urgency, urgencies);
  return { severity, notes: [`priority "${cut(priority, 64)}" is not known to this source: the urgency counts`] };
}

const legacyEvents: Readonly<Record<string, AlertAction>> = {
  "incident.trigger": "trigger",
  "incident.unacknowledge": "trigger",
  "incident.escalate": "trigger",
  "incident.assign": "trigger",
  "incident.delegate": "trigger",
  "incident.acknowledge": "acknowledge",
  "incident.resolve": "resolve",
};

/** One message of V2 (`event`, `incident`) or V1 (`type`, `data.incident`). The incident's id is the one that V3 gives as well. */
function legacy(message: Readonly<Record<string, unknown>>): Alert {
  const type = wordOf(message["event"]) ?? wordOf(message["type"]);
  const incident = recordOf(message["incident"] ?? at(message, "data", "incident"));
  const id = firstOf(incident["id"]);
  if (type === null || id === null)
    throw new UnreadableError("a message of PagerDuty's V1 or V2 webhook without its event or without incident.id");
  const title =
    firstOf(
      incident["title"],
      at(incident, "trigger_summary_data", "subject"),
      at(incident, "trigger_summary_data", "description"),
      incident["summary"],
    ) ?? `PagerDuty incident ${id}`;
  const action = Object.hasOwn(legacyEvents, type) ? legacyEvents[type] : undefined;
  if (action === undefined) return ignored("pagerduty-webhook-v3", id, title, `${cut(type, 80)} changes nothing here`);
  const state = wordOf(incident["status"]);
  if (action === "trigger" && (state === "acknowledged" || state === "resolved") && type !== "incident.trigger")
    return ignored("pagerduty-webhook-v3", id, title, `${cut(type, 80)} of an incident that is ${state}`);
  const priority = firstOf(at(incident, "priority", "summary"), at(incident, "priority", "name"));
  const severity = gravityOf(priority, incident["urgency"]);
  return alertOf({
    dedupKey: id,
    action,
    severity: severity.severity,
    title,
    labels: labelsOf({
      service: firstOf(at(incident, "service", "name"), at(incident, "service", "summary")),
      escalation_policy: firstOf(at(incident, "escalation_policy", "name"), at(incident, "escalation_policy", "summary")),
      team: listOf(incident["teams"])
        .flatMap((team) => firstOf(at(team, "name"), at(team, "summary")) ?? [])
        .join(", "),
      incident_key: incident["incident_key"],
      number: incident["incident_number"],
      priority,
      urgency: incident["urgency"],
    }),
    links: linksOf([["Incident", incident["html_url"]]]),
    source: "pagerduty-webhook-v3",
    sourceAt: timeOf(message["created_on"]) ?? timeOf(incident["last_status_change_at"]),
    notes: severity.notes,
  });
}
