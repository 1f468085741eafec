// Owns what Azure's activity log tells: service health and resource health, which begin and end, and all other operations, which only happen.
// Azure calls each of these alerts fired, its end too, under an id of its own: only what the event says about itself pairs them.

import {
  alertOf,
  at,
  cut,
  digestOf,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  plainText,
  recordOf,
  severityOf,
  timeOf,
  wordOf,
  type Alert,
  type Severity,
} from "../../sdk/index.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What the envelope knows of an event, whichever schema it has. */
export interface ActivityContext {
  readonly subscription: string | null;
  readonly resource: string | null;
  readonly rule: string | null;
  /** The envelope calls it over. */
  readonly resolved: boolean;
}

const levels: Readonly<Record<string, Severity>> = {
  critical: "critical",
  error: "error",
  warning: "warning",
  informational: "info",
  "1": "critical",
  "2": "error",
  "3": "warning",
  "4": "info",
};
/** https://learn.microsoft.com/azure/service-health/service-health-notifications-properties; RCA is the report afterwards. */
const overStages = new Set(["resolved", "complete", "completed", "canceled", "cancelled", "rca"]);

/** Null: the event is of neither health. */
export function healthAlert(log: Fields, context: ActivityContext): Alert | null {
  const about = recordOf(log["properties"]);
  if (firstOf(about["trackingId"]) !== null) return serviceHealth(log, about, context);
  return firstOf(about["currentHealthStatus"]) !== null && context.resource !== null
    ? resourceHealth(log, about, context, context.resource)
    : null;
}

/** An incident or a maintenance of Azure's own: by its tracking id, whoever tells of it. */
function serviceHealth(log: Fields, about: Fields, { subscription, rule, resolved }: ActivityContext): Alert {
  const tracking = firstOf(about["trackingId"]) ?? "";
  const stage = firstOf(about["stage"], log["status"]);
  const severity = severityOf(log["level"], levels);
  return alertOf({
    dedupKey: ["servicehealth", subscription, tracking]
      .filter((part) => part !== null)
      .join("/")
      .toLowerCase(),
    action: resolved || overStages.has(wordOf(stage) ?? "") ? "resolve" : "trigger",
    severity: severity.severity,
    title: firstOf(about["defaultLanguageTitle"], about["title"]) ?? `Azure service health ${tracking}`,
    body: plainText(firstOf(about["defaultLanguageContent"], about["communication"]) ?? ""),
    labels: labelsOf({
      rule,
      tracking,
      stage,
      type: about["incidentType"],
      service: about["service"],
      region: about["region"],
      subscription,
    }),
    links: linksOf([["Service Health", serviceHealthLink(tracking, subscription)]]),
    source: "azure-monitor",
    sourceAt: timeOf(log["eventTimestamp"]),
    notes: severity.notes,
  });
}

/** As Azure documents it: the tracking id, and the first and last three characters of the subscription. */
function serviceHealthLink(tracking: string, subscription: string | null): string | null {
  if (subscription === null || !/^[A-Za-z0-9-]{4,40}$/.test(tracking)) return null;
  return `https://app.azure.com/h/${tracking}/${subscription.slice(0, 3)}${subscription.slice(-3)}`;
}

/** One resource is well or not. Azure calls every such event informational, so what its health is decides. */
function resourceHealth(log: Fields, about: Fields, { subscription, rule, resolved }: ActivityContext, resource: string): Alert {
  const now = wordOf(about["currentHealthStatus"]);
  const name = lastPart(resource);
  const what = firstOf(about["title"]);
  return alertOf({
    dedupKey: `resourcehealth${resource.toLowerCase()}`,
    action: resolved || now === "available" || wordOf(log["status"]) === "resolved" ? "resolve" : "trigger",
    severity: now === "unavailable" ? "error" : now === "available" ? "info" : "warning",
    title: `${name} is ${now ?? "of unknown health"}`,
    body: [what, firstOf(about["details"])].filter((line) => line !== null).join("\n"),
    labels: labelsOf({
      rule,
      resource: name,
      health: now,
      cause: about["cause"],
      type: about["type"],
      subscription,
    }),
    links: linksOf([["Resource", resource.startsWith("/") ? `https://portal.azure.com/#resource${resource}` : null]]),
    source: "azure-monitor",
    sourceAt: timeOf(log["eventTimestamp"]),
  });
}

/** Any other operation, in the schema of activity log alerts: what belongs to one action shares a correlation id. */
export function operationAlert(log: Fields, context: ActivityContext): Alert {
  const operation = firstOf(log["operationName"]) ?? "An operation";
  const own = severityOf(at(log, "properties", "severity"), {
    high: "error",
    medium: "warning",
    low: "info",
    informational: "info",
  });
  const level = severityOf(log["level"], levels);
  const on = context.resource === null ? "" : ` on ${lastPart(context.resource)}`;
  const id = firstOf(log["correlationId"], log["eventDataId"]) ?? digestOf(JSON.stringify(log));
  return alertOf({
    dedupKey: `activity/${id}/${operation}`,
    action: "trigger",
    severity: own.severity === "unknown" ? level.severity : own.severity,
    title: `${operation}${on}: ${firstOf(log["status"]) ?? "no status"}`,
    body: [firstOf(log["description"]), propertiesOf(log["properties"])].filter((line) => line !== null).join("\n\n"),
    labels: labelsOf({
      rule: context.rule,
      source: log["eventSource"],
      operation,
      status: log["status"],
      caller: log["caller"],
      resource: context.resource === null ? null : lastPart(context.resource),
      resource_group: log["resourceGroupName"],
      subscription: context.subscription,
    }),
    links: linksOf([
      ["Recommendation", at(log, "properties", "recommendationResourceLink")],
      ["Resource", context.resource?.startsWith("/") === true ? `https://portal.azure.com/#resource${context.resource}` : null],
    ]),
    source: "azure-monitor",
    sourceAt: timeOf(log["eventTimestamp"]),
    notes: ["an event of the activity log: nothing of it says when it is over", ...level.notes],
  });
}

function propertiesOf(properties: unknown): string | null {
  if (!isRecord(properties)) return null;
  const lines = Object.entries(labelsOf(properties))
    .slice(0, 20)
    .map(([name, value]) => `${name}: ${cut(value, 300)}`);
  return lines.length === 0 ? null : lines.join("\n");
}

function lastPart(resource: string): string {
  return resource.split("/").findLast((part) => part !== "") ?? resource;
}
