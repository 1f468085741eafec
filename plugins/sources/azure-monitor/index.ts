// Owns Azure Monitor: the common alert schema, the metric schema 2.0, classic alerts, and the older ones of logs. What the activity
// log tells is activity-log.ts's.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  digestOf,
  firstOf,
  isRecord,
  labelsDigest,
  labelsOf,
  linksOf,
  listOf,
  present,
  recordOf,
  severityOf,
  tagsOf,
  timeOf,
  utc,
  UnreadableError,
  verifyShared,
  wordOf,
  type Alert,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import { healthAlert, operationAlert } from "./activity-log.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
type Fields = Readonly<Record<string, unknown>>;

const severities: Readonly<Record<string, Severity>> = {
  sev0: "critical",
  sev1: "error",
  sev2: "warning",
  sev3: "info",
  sev4: "info",
  "0": "critical",
  "1": "error",
  "2": "warning",
  "3": "info",
  "4": "info",
};
const conditions: Readonly<Record<string, AlertAction>> = {
  fired: "trigger",
  activated: "trigger",
  resolved: "resolve",
  deactivated: "resolve",
};

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret, { query: "token" }),
  normalize({ payload }) {
    const essentials = at(payload, "data", "essentials");
    if (isRecord(essentials)) return [common(essentials, recordOf(at(payload, "data")))];
    const data = isRecord(at(payload, "data", "context")) ? recordOf(at(payload, "data")) : recordOf(payload);
    const log = at(data, "context", "activityLog");
    if (isRecord(log)) return [activity(log)];
    if (isRecord(data["context"])) return [older(data, data["context"])];
    const search = firstOf(data["AlertRuleName"]) === null ? recordOf(data["data"]) : data;
    if (firstOf(search["AlertRuleName"]) !== null) return [olderLog(search)];
    throw new UnreadableError("expected an Azure alert: data.essentials (common schema), data.context, or context with status");
  },
};

/** The schema of activity log alerts. */
function activity(log: Fields): Alert {
  const context = {
    subscription: firstOf(log["subscriptionId"]),
    resource: firstOf(log["resourceId"]),
    rule: null,
    resolved: false,
  };
  return healthAlert(log, context) ?? operationAlert(log, context);
}

function common(essentials: Fields, data: Fields): Alert {
  const key = firstOf(essentials["alertId"], essentials["originAlertId"]);
  if (key === null) throw new UnreadableError("an Azure alert without data.essentials.alertId");
  const context = recordOf(data["alertContext"]);
  const target = firstOf(at(essentials, "alertTargetIDs", 0));
  const health = healthAlert(context, {
    subscription: /^\/subscriptions\/([^/]{1,100})/i.exec(target ?? key)?.[1] ?? null,
    resource: target,
    rule: firstOf(essentials["alertRule"]),
    resolved: wordOf(essentials["monitorCondition"]) === "resolved",
  });
  if (health !== null) return health;
  const { action, notes } = actionBy(essentials["monitorCondition"], conditions, "monitorCondition");
  const severity = severityOf(essentials["severity"], severities);
  const budget = firstOf(at(context, "AlertData", "BudgetName"));
  const rule = firstOf(essentials["alertRule"]) ?? (budget === null ? "Azure alert" : `Budget ${budget}`);
  const criteria = criteriaOf(context);
  const annotations = recordOf(context["annotations"]);
  return alertOf({
    dedupKey: key,
    action,
    severity: severity.severity,
    title: rule,
    body: [
      firstOf(essentials["description"]),
      firstOf(annotations["summary"]),
      firstOf(annotations["description"], annotations["message"]),
      firstOf(context["DetectionSummary"]),
      [firstOf(context["operationName"]), firstOf(context["status"]), firstOf(context["caller"])]
        .filter((part) => part !== null)
        .join(", ") || null,
      ...criteria.lines,
    ]
      .filter((line) => line !== null)
      .join("\n"),
    labels: {
      ...criteria.labels,
      ...labelsOf(context["labels"]),
      // The rule's own, where it measures; of the activity log they are the event's.
      ...(firstOf(context["conditionType"]) === null ? {} : labelsOf(context["properties"])),
      ...labelsOf(data["customProperties"]),
      ...labelsOf({
        rule,
        signal: essentials["signalType"],
        service: essentials["monitoringService"],
        resource: firstOf(at(essentials, "configurationItems", 0), at(essentials, "alertTargetIDs", 0)),
      }),
    },
    links: linksOf([
      [
        "Search results",
        firstOf(
          at(context, "condition", "allOf", 0, "linkToFilteredSearchResultsUI"),
          at(context, "condition", "allOf", 0, "linkToSearchResultsUI"),
          context["LinkToFilteredSearchResultsUI"],
          context["LinkToSearchResults"],
        ),
      ],
      ["Runbook", annotations["runbook_url"]],
      ["Investigation", essentials["investigationLink"]],
      ["Alert", key.startsWith("/") ? `https://portal.azure.com/#resource${key}` : null],
    ]),
    source: "azure-monitor",
    sourceAt: (action === "resolve" ? timeOf(essentials["resolvedDateTime"]) : null) ?? timeOf(essentials["firedDateTime"]),
    notes: [...notes, ...severity.notes],
  });
}

/** Metric schema 2.0 and classic alerts: one rule and one resource are one problem. */
function older(data: Fields, context: Fields): Alert {
  const id = firstOf(context["id"]);
  if (id === null) throw new UnreadableError("an Azure alert without context.id");
  const { action, notes } = actionBy(data["status"], conditions, "status");
  const severity = severityOf(context["severity"], severities);
  const criteria = criteriaOf(context);
  return alertOf({
    dedupKey: [id, firstOf(context["resourceId"])].filter((part) => part !== null).join(" "),
    action,
    severity: severity.severity,
    title: firstOf(context["name"]) ?? "Azure alert",
    body: [firstOf(context["description"]), ...criteria.lines].filter((line) => line !== null).join("\n"),
    labels: {
      ...criteria.labels,
      ...labelsOf(data["properties"]),
      ...labelsOf({
        resource: context["resourceName"],
        resource_group: context["resourceGroupName"],
        resource_type: context["resourceType"],
        region: context["resourceRegion"],
      }),
    },
    links: linksOf([["Portal", context["portalLink"]]]),
    source: "azure-monitor",
    sourceAt: timeOf(context["timestamp"]) ?? american(context["timestamp"]),
    notes: [...notes, ...severity.notes],
  });
}

/** Log alerts before there was a common schema: told at each evaluation, and never over by themselves. */
function olderLog(search: Fields): Alert {
  const rule = firstOf(search["AlertRuleName"]) ?? "Azure log alert";
  const severity = severityOf(search["Severity"], severities);
  const dimensions = tagsOf(search["Dimensions"]);
  return alertOf({
    dedupKey: `log-${digestOf(
      firstOf(search["SubscriptionId"]) ?? "",
      firstOf(search["ResourceId"], search["WorkspaceId"], search["ApplicationId"]) ?? "",
      rule,
      labelsDigest(dimensions),
    )}`,
    action: "trigger",
    severity: severity.severity,
    title: rule,
    body: [
      firstOf(search["Description"]),
      firstOf(search["SearchQuery"]),
      firstOf(search["ResultCount"]) === null
        ? null
        : `${firstOf(search["ResultCount"])} results (${firstOf(search["AlertThresholdOperator"]) ?? ""} ${firstOf(search["AlertThresholdValue"]) ?? ""})`,
    ]
      .filter((line) => line !== null)
      .join("\n"),
    labels: {
      ...dimensions,
      ...labelsOf({ rule, signal: "Log", resource: firstOf(search["ResourceId"], search["WorkspaceId"]) }),
    },
    links: linksOf([["Search results", firstOf(search["LinkToFilteredSearchResultsUI"], search["LinkToSearchResults"])]]),
    source: "azure-monitor",
    sourceAt: timeOf(search["SearchIntervalEndtimeUtc"]) ?? american(search["SearchIntervalEndtimeUtc"]),
    notes: [...severity.notes, "an older log alert: nothing of it says when it is over"],
  });
}

/** What was measured: one line for each criterion, its dimensions as labels. */
function criteriaOf(context: Fields): { readonly lines: readonly string[]; readonly labels: Readonly<Record<string, string>> } {
  const condition = recordOf(context["condition"]);
  const list = listOf(condition["allOf"]).length > 0 ? listOf(condition["allOf"]) : [condition];
  const lines = list.slice(0, 20).flatMap((each) => {
    const [name, operator] = [
      firstOf(at(each, "metricName"), at(each, "metricMeasureColumn"), at(each, "webTestName")),
      firstOf(at(each, "operator")),
    ];
    return name === null
      ? []
      : [
          [name, operator, firstOf(at(each, "threshold")), `(${firstOf(at(each, "metricValue")) ?? "no value"})`]
            .filter((part) => part !== null)
            .join(" "),
        ];
  });
  const dimensions = [
    ...listOf(context["Dimensions"]).slice(0, 20),
    ...list.slice(0, 20).flatMap((each) => listOf(at(each, "dimensions")).slice(0, 20)),
  ];
  return { lines, labels: tagsOf(dimensions) };
}

/** "12/13/2017 20:53:57", "3/22/2019 1:36:31 PM", in UTC. */
function american(value: unknown): number | null {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2}):(\d{2})(?: ([AP])M)?$/.exec(present(value) ?? "");
  if (match === null) return null;
  const [month, day, year, hour = 0, minute, second] = match.slice(1, 7).map(Number);
  const half = match[7];
  const hours = half === undefined ? hour : (hour % 12) + (half === "P" ? 12 : 0);
  const time = utc([year ?? 0, month ?? 0, day ?? 0, hours, minute ?? 0, second ?? 0]);
  return Number.isFinite(time) ? time : null;
}
