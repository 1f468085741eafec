// Owns Google Cloud Monitoring's webhook channel.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  firstOf,
  isRecord,
  joined,
  labelsOf,
  linksOf,
  listOf,
  severityOf,
  timeOf,
  UnreadableError,
  verifyShared,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
const severities: Readonly<Record<string, Severity>> = {
  critical: "critical",
  error: "error",
  warning: "warning",
  "no severity": "unknown",
};
const states: Readonly<Record<string, AlertAction>> = { open: "trigger", acknowledged: "acknowledge", closed: "resolve" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret, { query: "auth_token" }),
  normalize({ payload }) {
    // A Pub/Sub channel's push subscription wraps the same body.
    const pushed = at(payload, "message", "data");
    const told = typeof pushed === "string" ? unwrapped(pushed) : payload;
    const incident = at(told, "incident");
    const id = firstOf(at(incident, "incident_id"));
    if (!isRecord(incident) || id === null)
      throw new UnreadableError("expected Google Cloud's webhook: an object with incident.incident_id");
    const { action, notes } = actionBy(incident["state"], states, "state");
    const severity = severityOf(firstOf(incident["severity"], at(incident, "policy_user_labels", "severity")), severities);
    const documentation = incident["documentation"];
    const [policy, condition] = [
      firstOf(incident["policy_name"]),
      firstOf(incident["condition_name"], at(incident, "condition", "displayName")),
    ];
    return [
      alertOf({
        dedupKey: id,
        action,
        severity: severity.severity,
        title: firstOf(at(documentation, "subject")) ?? (joined([policy, condition], ": ") || `Google Cloud incident ${id}`),
        body: joined([firstOf(incident["summary"]), firstOf(at(documentation, "content"), documentation)], "\n\n"),
        labels: {
          ...labelsOf(at(incident, "metadata", "user_labels")),
          ...labelsOf(at(incident, "resource", "labels")),
          ...labelsOf(at(incident, "metric", "labels")),
          ...labelsOf(incident["policy_user_labels"]),
          ...labelsOf({
            policy,
            condition,
            resource_type: at(incident, "resource", "type"),
            metric: at(incident, "metric", "type"),
            project: incident["scoping_project_id"],
          }),
        },
        links: linksOf([
          ["Incident", incident["url"]],
          ...listOf(at(documentation, "links"))
            .slice(0, 5)
            .map((link) => [firstOf(at(link, "displayName")) ?? "Runbook", at(link, "url")] as const),
        ]),
        source: "gcp-monitoring",
        sourceAt: (action === "resolve" ? timeOf(incident["ended_at"]) : null) ?? timeOf(incident["started_at"]),
        // "Send test notification".
        test: at(told, "version") === "test",
        notes: [...notes, ...severity.notes],
      }),
    ];
  },
};

/** https://cloud.google.com/pubsub/docs/push: the message's data is base64. */
function unwrapped(data: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(data), (char) => char.charCodeAt(0)))) as unknown;
  } catch {
    throw new UnreadableError("expected Google Cloud's webhook in message.data of a Pub/Sub push: it is no JSON in base64");
  }
}
