// Owns FireHydrant's outgoing webhooks: incidents by their current milestone, and Signals alerts by their status.

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
  recordOf,
  severityOf,
  tagsOf,
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
type Fields = Readonly<Record<string, unknown>>;

const milestones: Readonly<Record<string, AlertAction>> = {
  started: "trigger",
  detected: "trigger",
  acknowledged: "trigger",
  investigating: "trigger",
  identified: "trigger",
  mitigated: "trigger",
  resolved: "resolve",
  retrospective_started: "resolve",
  retrospective_completed: "resolve",
  closed: "resolve",
};
const statuses: Readonly<Record<string, AlertAction>> = {
  opened: "trigger",
  open: "trigger",
  acknowledged: "acknowledge",
  resolved: "resolve",
  ignored: "ignore",
  // Nobody answered in time: the problem is not over.
  expired: "trigger",
};
const severities: Readonly<Record<string, Severity>> = {
  sev1: "critical",
  sev2: "error",
  sev3: "warning",
  sev4: "info",
  sev5: "info",
  p1: "critical",
  p2: "error",
  p3: "warning",
  p4: "info",
  p5: "info",
};

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, credentials) => verifySigned(request, credentials, { header: "fh-signature", encoding: "hex" }),
  normalize({ payload }) {
    const [incident, alert] = [at(payload, "data", "incident"), at(payload, "data", "alert")];
    if (isRecord(alert)) return [fromAlert(alert)];
    const signal = at(payload, "signal");
    if (isRecord(signal)) return [fromTarget(recordOf(payload), signal)];
    const kind = wordOf(at(payload, "event", "resource_type"));
    if (isRecord(incident) && (kind === null || kind === "incident"))
      return [fromIncident(incident, wordOf(at(payload, "event", "operation")))];
    if (kind !== null)
      return [ignored("firehydrant", null, `FireHydrant ${cut(kind, 64)}`, `${cut(kind, 64)} changes nothing here`)];
    throw new UnreadableError("expected a FireHydrant webhook: data.incident or data.alert, and event.resource_type");
  },
};

function fromIncident(incident: Fields, operation: string | null): Alert {
  const id = firstOf(incident["id"]);
  if (id === null) throw new UnreadableError("a FireHydrant incident without data.incident.id");
  const milestone = wordOf(incident["current_milestone"]);
  const told = actionBy(milestone, milestones, "current_milestone");
  const deleted = operation === "deleted" || operation === "archived";
  const action = deleted ? "resolve" : told.action;
  const severity = severityOf(graded(at(incident, "severity", "slug"), at(incident, "priority", "slug")), severities);
  // FireHydrant lists a milestone's time once for each milestone; the present one's is the time of this event.
  const reached = listOf(incident["milestones"])
    .slice(0, 200)
    .findLast((each) => wordOf(at(each, "type")) === milestone);
  return alertOf({
    dedupKey: id,
    action,
    severity: severity.severity,
    title: firstOf(incident["name"]) ?? "FireHydrant incident",
    body: joined(
      [firstOf(incident["summary"]), firstOf(incident["description"]), firstOf(incident["customer_impact_summary"])],
      "\n",
    ),
    labels: labelsOf({
      number: incident["number"],
      milestone,
      severity: at(incident, "severity", "slug"),
      priority: at(incident, "priority", "slug"),
      services: listOf(incident["services"])
        .slice(0, 50)
        .flatMap((each) => firstOf(at(each, "name")) ?? [])
        .join(","),
    }),
    links: linksOf([["Incident", firstOf(incident["incident_url"], incident["private_status_page_url"])]]),
    source: "firehydrant",
    sourceAt: timeOf(at(reached, "occurred_at")) ?? (action === "resolve" ? null : timeOf(incident["created_at"])),
    notes: [...(deleted ? [`the incident was ${operation}`] : told.notes), ...severity.notes],
  });
}

/** UNSET is FireHydrant's word for none. */
function graded(...slugs: readonly unknown[]): string | null {
  return slugs.map((slug) => firstOf(slug)).find((slug) => slug !== null && slug.toLowerCase() !== "unset") ?? null;
}

function fromAlert(alert: Fields): Alert {
  const id = firstOf(alert["id"]);
  if (id === null) throw new UnreadableError("a FireHydrant alert without data.alert.id");
  const { action, notes } = actionBy(alert["status"], statuses, "status");
  const title = firstOf(alert["summary"]) ?? "FireHydrant alert";
  const key = `alert/${id}`;
  if (action === "ignore") return ignored("firehydrant", key, title, "FireHydrant ignored the alert");
  const priority = severityOf(graded(alert["priority"]), severities);
  return alertOf({
    dedupKey: key,
    action,
    severity: priority.severity,
    title,
    body: firstOf(alert["body"], alert["description"]) ?? "",
    labels: labelsOf({ status: alert["status"], tags: alert["tags"] }),
    links: linksOf([["Alert", firstOf(alert["remote_url"], alert["url"])]]),
    source: "firehydrant",
    sourceAt: action === "resolve" ? timeOf(alert["resolved_at"]) : timeOf(alert["started_at"]),
    notes: [...notes, ...priority.notes],
  });
}

const notificationPriorities: Readonly<Record<string, Severity>> = { high: "error", medium: "warning", low: "info" };

/** What a webhook target of an escalation policy is sent: the alert's beginning only, under the same id as its other webhooks. */
function fromTarget(payload: Fields, signal: Fields): Alert {
  const id = firstOf(payload["id"], signal["id"]);
  if (id === null) throw new UnreadableError("a FireHydrant alert target without id");
  const { severity, notes } = severityOf(payload["notificationPriority"], notificationPriorities);
  return alertOf({
    dedupKey: `alert/${id}`,
    action: "trigger",
    severity,
    title: firstOf(signal["summary"]) ?? "FireHydrant alert",
    body: firstOf(signal["body"]) ?? "",
    labels: { ...tagsOf(signal["tags"]), ...labelsOf({ priority: payload["notificationPriority"], level: signal["level"] }) },
    links: linksOf(
      listOf(signal["links"])
        .slice(0, 8)
        .map((link) => [firstOf(at(link, "text")) ?? "Source", at(link, "href")] as const),
    ),
    source: "firehydrant",
    notes: [...notes, "sent to a target of an escalation policy: its end comes only by the Signals webhook"],
  });
}
