// Owns Azure Monitor: the common alert schema, the metric schema 2.0 and classic alerts.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  firstOf,
  isRecord,
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
    if (isRecord(data["context"])) return [older(data, data["context"])];
    throw new UnreadableError("expected an Azure alert: data.essentials (common schema), data.context, or context with status");
  },
};

function common(essentials: Fields, data: Fields): Alert {
  const key = firstOf(essentials["alertId"], essentials["originAlertId"]);
  if (key === null) throw new UnreadableError("an Azure alert without data.essentials.alertId");
  const { action, notes } = actionBy(essentials["monitorCondition"], conditions, "monitorCondition");
  const severity = severityOf(essentials["severity"], severities);
  const context = recordOf(data["alertContext"]);
  const rule = firstOf(essentials["alertRule"]) ?? "Azure alert";
  const criteria = criteriaOf(context);
  return alertOf({
    dedupKey: key,
    action,
    severity: severity.severity,
    title: rule,
    body: [firstOf(essentials["description"]), ...criteria.lines].filter((line) => line !== null).join("\n"),
    labels: {
      ...criteria.labels,
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
        ),
      ],
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
  const dimensions = list.slice(0, 20).flatMap((each) => listOf(at(each, "dimensions")).slice(0, 20));
  return { lines, labels: tagsOf(dimensions) };
}

/** "12/13/2017 20:53:57", in UTC. */
function american(value: unknown): number | null {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2}):(\d{2})$/.exec(present(value) ?? "");
  if (match === null) return null;
  const [month, day, year, hour, minute, second] = match.slice(1).map(Number);
  const time = utc([year ?? 0, month ?? 0, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0]);
  return Number.isFinite(time) ? time : null;
}
