// Owns PagerDuty's V3 webhooks: the incident's life; notes, responders and the like are recorded as ignored.

import * as z from "zod";
import {
  alertOf,
  at,
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
const priorities: Readonly<Record<string, Severity>> = { p1: "critical", p2: "error", p3: "warning", p4: "info", p5: "info" };
const urgencies: Readonly<Record<string, Severity>> = { high: "error", low: "info" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, credentials) =>
    verifySigned(request, credentials, { header: "x-pagerduty-signature", encoding: "hex", prefix: "v1=" }),
  normalize({ payload }) {
    const event = at(payload, "event");
    const type = wordOf(at(event, "event_type"));
    if (!isRecord(event) || type === null)
      throw new UnreadableError("expected PagerDuty's V3 webhook: an object with event.event_type");
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
  if (action === "trigger" && wordOf(data["status"]) === "resolved" && type === "incident.priority_updated")
    return ignored("pagerduty-webhook-v3", id, title, "the priority of a resolved incident changed");
  const priority = firstOf(at(data, "priority", "summary"), at(data, "priority", "name"));
  const severity = priority === null ? severityOf(data["urgency"], urgencies) : severityOf(priority, priorities);
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
