// Owns incident.io: {event_type: T, T: body} for incidents and alerts, whatever the version at the end of T.

import * as z from "zod";
import {
  alertOf,
  at,
  commonSeverities,
  cut,
  firstOf,
  ignored,
  isRecord,
  joined,
  labelsOf,
  linksOf,
  listOf,
  recordOf,
  severityOf,
  timeOf,
  UnreadableError,
  verifyStandardWebhook,
  wordOf,
  type Alert,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
type Fields = Readonly<Record<string, unknown>>;

const over = new Set(["closed", "declined", "merged", "canceled", "cancelled"]);
const severities = { ...commonSeverities, urgent: "critical" } as const;

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, credentials) => verifyStandardWebhook(request, credentials),
  normalize({ payload }) {
    const type = firstOf(at(payload, "event_type"));
    if (!isRecord(payload) || type === null)
      throw new UnreadableError("expected incident.io's webhook: an object with event_type");
    const name = type.toLowerCase();
    const body = recordOf(at(payload, type) ?? payload["event"]);
    if (/_alert\.alert_(created|resolved|updated)/.test(name))
      return [alert(name, isRecord(body["alert"]) ? body["alert"] : body)];
    if (/_incident\.incident_(created|updated|status_updated)/.test(name)) return [incident(name, body)];
    return [ignored("incidentio", firstOf(body["id"]), `incident.io ${cut(name, 64)}`, `${cut(name, 64)} changes nothing here`)];
  },
};

function incident(name: string, body: Fields): Alert {
  const about = isRecord(body["incident"]) ? body["incident"] : body;
  const id = firstOf(about["id"]);
  if (id === null) throw new UnreadableError("an incident.io event without the incident's id");
  const title = firstOf(about["name"], about["reference"]) ?? `incident.io incident ${id}`;
  const category = wordOf(firstOf(at(body, "new_status", "category"), at(about, "incident_status", "category")));
  const before = wordOf(at(body, "previous_status", "category"));
  const ended = category !== null && over.has(category);
  const updated = name.includes("status_updated");
  // Private incidents say their id and nothing else: whether one is over cannot be known from here.
  if (!ended && updated && !(before !== null && over.has(before)))
    return ignored("incidentio", id, title, `the status is now ${category ?? "not said"}: nothing changes here`);
  const severity = severityOf(at(about, "severity", "name"), severities);
  return alertOf({
    dedupKey: id,
    action: ended ? "resolve" : "trigger",
    severity: severity.severity,
    title,
    body: firstOf(about["summary"], body["message"]) ?? "",
    labels: labelsOf({
      reference: about["reference"],
      severity: at(about, "severity", "name"),
      status: at(about, "incident_status", "name"),
      type: at(about, "incident_type", "name"),
      mode: about["mode"],
      channel: about["slack_channel_name"],
    }),
    links: linksOf([["Incident", about["permalink"]]]),
    source: "incidentio",
    sourceAt: timeOf(about["updated_at"]) ?? timeOf(about["created_at"]),
    notes: [
      ...severity.notes,
      ...(firstOf(about["name"]) === null ? ["a private incident: only its id is sent, and its end will not be"] : []),
    ],
  });
}

function alert(name: string, about: Fields): Alert {
  const id = firstOf(about["id"]);
  const key = firstOf(about["deduplication_key"]);
  const source = firstOf(about["alert_source_id"]);
  const dedupKey = key === null ? id : joined([source, key], "/");
  if (dedupKey === null) throw new UnreadableError("an incident.io alert without id and deduplication_key");
  const priority = listOf(about["attributes"]).find((each) => at(each, "attribute", "type") === "AlertPriority");
  const word = firstOf(at(priority, "value", "label"), at(about, "metadata", "severity"), at(about, "metadata", "priority"));
  const severity = severityOf(word, severities);
  const ended = name.includes("alert_resolved") || wordOf(about["status"]) === "resolved";
  return alertOf({
    dedupKey,
    action: ended ? "resolve" : "trigger",
    severity: severity.severity,
    title: firstOf(about["title"]) ?? `incident.io alert ${dedupKey}`,
    body: firstOf(about["description"]) ?? "",
    labels: labelsOf(
      Object.fromEntries(
        listOf(about["attributes"])
          .slice(0, 64)
          .flatMap((each) => {
            const label = firstOf(at(each, "attribute", "name"));
            return label === null ? [] : [[label, firstOf(at(each, "value", "label"), at(each, "value", "literal"))] as const];
          }),
      ),
    ),
    links: linksOf([["Source", about["source_url"]]]),
    source: "incidentio",
    sourceAt: timeOf(about["updated_at"]) ?? timeOf(about["created_at"]),
    notes: severity.notes,
  });
}
