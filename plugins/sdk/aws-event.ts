// Owns what an EventBridge event means, by whichever way it comes (an API destination, or a rule's SNS topic): one event in, its alerts out.

import type { Alert, AlertAction, Severity } from "../../worker/core/alert.ts";
import { digestOf } from "./key.ts";
import { at, listOf, numberOf, recordOf, wordOf } from "./read.ts";
import { actionBy, alertOf, commonSeverities, firstOf, ignored, isRecord, labelsOf, linksOf, severityOf } from "./text.ts";
import { timeOf } from "./time.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface AwsEventReading {
  readonly source: string;
  /** Of what carries none of its own: CloudWatch alarms, Health, and events of every other kind. */
  readonly severity: Severity;
  /** What a CloudWatch alarm without enough data does. */
  readonly insufficientData: "ignore" | "trigger";
}

/** Whether this is an event as EventBridge delivers it. */
export function isAwsEvent(value: unknown): value is Fields {
  return isRecord(value) && firstOf(value["detail-type"]) !== null && isRecord(value["detail"]);
}

/** The alerts of one event. Only Security Hub tells of several things in one. */
export function awsEventAlerts(event: Fields, reading: AwsEventReading): readonly Alert[] {
  const detail = recordOf(event["detail"]);
  switch (firstOf(event["detail-type"])) {
    // It carries the alarm's state as well, which is not what it tells of: only a deletion ends anything.
    case "CloudWatch Alarm Configuration Change":
      return [alarmConfiguration(event, detail, reading)];
    case "Security Hub Findings - Imported":
    case "Security Hub Findings - Custom Action":
      return listOf(detail["findings"])
        .slice(0, 100)
        .map((finding) => securityFinding(event, recordOf(finding), reading));
    case "GuardDuty Finding":
      return [guardDuty(event, detail, reading)];
    default:
      if (firstOf(detail["alarmName"]) !== null && isRecord(detail["state"])) return [alarm(event, detail, reading)];
      return [firstOf(detail["eventArn"]) === null ? other(event, detail, reading) : health(event, detail, reading)];
  }
}

/** An alarm that is gone says OK no more: whatever it began is over with it. */
function alarmConfiguration(event: Fields, detail: Fields, reading: AwsEventReading): Alert {
  const [arn, title] = [alarmArn(event, detail), titleOf(event, detail)];
  if (wordOf(detail["operation"]) !== "delete") return ignored(reading.source, arn, title, "an alarm was changed, not its state");
  return alertOf({
    dedupKey: arn,
    action: "resolve",
    severity: reading.severity,
    title,
    labels: placeOf(event),
    source: reading.source,
    sourceAt: timeOf(event["time"]),
    notes: ["the alarm was deleted"],
  });
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
function alarm(event: Fields, detail: Fields, reading: AwsEventReading): Alert {
  const name = firstOf(detail["alarmName"]) ?? "";
  const arn = alarmArn(event, detail);
  const series = alarmSeries(arn, name, at(detail, "alarmContributor", "id"), at(detail, "alarmContributor", "attributes"));
  const state = at(detail, "state", "value");
  const { action, notes } = actionBy(
    state,
    { alarm: "trigger", ok: "resolve", insufficient_data: reading.insufficientData },
    "detail.state.value",
  );
  if (action === "ignore") return ignored(reading.source, series.key, series.title, "the alarm has not enough data");
  const metrics = listOf(at(detail, "configuration", "metrics")).slice(0, 64);
  const metric = metrics.map((each) => at(each, "metricStat", "metric")).find((each) => isRecord(each));
  return alertOf({
    dedupKey: series.key,
    action,
    severity: reading.severity,
    title: series.title,
    body: [firstOf(at(detail, "configuration", "description")), firstOf(at(detail, "state", "reason"))]
      .filter((line) => line !== null)
      .join("\n\n"),
    labels: {
      ...Object.assign({}, ...metrics.map((each) => labelsOf(at(each, "metricStat", "metric", "dimensions")))),
      ...series.labels,
      ...placeOf(event),
      ...labelsOf({
        namespace: at(metric, "namespace"),
        metric: at(metric, "name"),
        // What AWS would not have acted on just now: a route may suppress by these.
        muted_by: at(detail, "muteDetail", "mutedByArn"),
        suppressed_by: at(detail, "state", "actionsSuppressedBy"),
      }),
    },
    links: linksOf([["Alarm", alarmLink(arn)]]),
    source: reading.source,
    sourceAt: timeOf(at(detail, "state", "timestamp")) ?? timeOf(event["time"]),
    notes,
  });
}

/** An alarm over many time series has a state for each of them (a contributor): each fires and ends by itself. */
export function alarmSeries(
  alarmKey: string,
  name: string,
  contributor: unknown,
  attributes: unknown,
): { readonly key: string; readonly title: string; readonly labels: Readonly<Record<string, string>> } {
  const id = firstOf(contributor);
  const labels = labelsOf(attributes);
  if (id === null) return { key: alarmKey, title: name, labels };
  const which = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
  return { key: `${alarmKey} ${id}`, title: `${name}: ${which === "" ? id : which}`, labels };
}

/** The alarm's ARN: the same key as CloudWatch's own SNS action gives it, so that both ways are one incident. */
function alarmArn(event: Fields, detail: Fields): string {
  return (
    firstOf(at(event, "resources", 0)) ??
    [firstOf(event["account"]), firstOf(event["region"]), firstOf(detail["alarmName"])].filter((part) => part !== null).join("/")
  );
}

/** arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME */
export function alarmLink(arn: string | null): string | null {
  const [, partition, service, region, , , ...name] = arn?.split(":") ?? [];
  if (partition !== "aws" || service !== "cloudwatch" || region === undefined || !/^[a-z0-9-]+$/.test(region)) return null;
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#alarmsV2:alarm/${encodeURIComponent(name.join(":"))}`;
}

const healthStates: Readonly<Record<string, AlertAction>> = { open: "trigger", upcoming: "trigger", closed: "resolve" };

/** AWS Health: one event is open and closed by its ARN; in an organization each affected account has its own. */
function health(event: Fields, detail: Fields, reading: AwsEventReading): Alert {
  const status = firstOf(detail["statusCode"]);
  const { action, notes } =
    status === null ? { action: "trigger" as const, notes: [] } : actionBy(status, healthStates, "statusCode");
  return alertOf({
    dedupKey: [firstOf(detail["eventArn"]), firstOf(detail["affectedAccount"])].filter((part) => part !== null).join(" "),
    action,
    severity: reading.severity,
    title: titleOf(event, detail),
    body: firstOf(at(detail, "eventDescription", 0, "latestDescription")) ?? "",
    labels: { ...placeOf(event), ...labelsOf({ service: detail["service"], category: detail["eventTypeCategory"] }) },
    source: reading.source,
    sourceAt: timeOf(event["time"]),
    notes,
  });
}

/** A finding is told anew while it is seen; nothing says that it is over. 7 and more is high, 4 and more medium. */
function guardDuty(event: Fields, detail: Fields, reading: AwsEventReading): Alert {
  const score = numberOf(detail["severity"]);
  return alertOf({
    dedupKey: firstOf(detail["id"]) ?? keyOf(event, detail),
    action: "trigger",
    severity: score === null ? reading.severity : score >= 7 ? "error" : score >= 4 ? "warning" : "info",
    title: titleOf(event, detail),
    body: firstOf(detail["description"]) ?? "",
    labels: { ...placeOf(event), ...labelsOf({ service: at(detail, "service", "serviceName"), finding: detail["type"] }) },
    source: reading.source,
    sourceAt: timeOf(event["time"]),
  });
}

/** https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html */
function securityFinding(event: Fields, finding: Fields, reading: AwsEventReading): Alert {
  const id = firstOf(finding["Id"]);
  const title = firstOf(finding["Title"]) ?? titleOf(event, finding);
  const workflow = wordOf(at(finding, "Workflow", "Status"));
  if (workflow === "suppressed") return ignored(reading.source, id, title, "the finding is suppressed in Security Hub");
  const over =
    workflow === "resolved" ||
    wordOf(finding["RecordState"]) === "archived" ||
    wordOf(at(finding, "Compliance", "Status")) === "passed";
  const severity = severityOf(at(finding, "Severity", "Label"), commonSeverities);
  return alertOf({
    dedupKey: id ?? keyOf(event, finding),
    action: over ? "resolve" : "trigger",
    severity: severity.severity === "unknown" ? reading.severity : severity.severity,
    title,
    body: firstOf(finding["Description"]) ?? "",
    labels: {
      ...placeOf(event),
      ...labelsOf({
        account: firstOf(finding["AwsAccountId"], event["account"]),
        region: firstOf(finding["Region"], event["region"]),
        product: finding["ProductName"],
        resource: at(finding, "Resources", 0, "Id"),
      }),
    },
    links: linksOf([["Remediation", at(finding, "Remediation", "Recommendation", "Url")]]),
    source: reading.source,
    sourceAt: timeOf(finding["UpdatedAt"]) ?? timeOf(event["time"]),
    notes: severity.notes,
  });
}

/** Every other kind is told once: what it is about ends where its sender says so, and no field common to all of them does. */
function other(event: Fields, detail: Fields, reading: AwsEventReading): Alert {
  const word = severityOf(detail["severity"], commonSeverities);
  return alertOf({
    dedupKey: keyOf(event, detail),
    action: "trigger",
    severity: word.severity === "unknown" ? reading.severity : word.severity,
    title: titleOf(event, detail),
    body: firstOf(detail["description"], detail["message"], detail["reason"], detail["stoppedReason"]) ?? "",
    labels: { ...placeOf(event), ...labelsOf({ state: firstOf(detail["state"], detail["status"], detail["lastStatus"]) }) },
    source: reading.source,
    sourceAt: timeOf(event["time"]),
    notes: ["an event without an end: nothing of it says when it is over"],
  });
}

/**
 * What an event of no known kind is about: its resources, under its own kind. Without any, each event is a thing of its own: EventBridge
 * gives the id again when it sends one a second time.
 */
function keyOf(event: Fields, detail: Fields): string {
  const resources = listOf(event["resources"]).flatMap((each) => firstOf(each) ?? []);
  const kind = [event["account"], event["region"], event["source"], event["detail-type"]].map((each) => firstOf(each) ?? "");
  if (resources.length > 0) return `event-${digestOf(...kind, ...resources.toSorted())}`;
  return firstOf(event["id"]) ?? `event-${digestOf(...kind, JSON.stringify(detail))}`;
}

function titleOf(event: Fields, detail: Fields): string {
  const kind = firstOf(event["detail-type"]) ?? "";
  return (
    firstOf(detail["title"], detail["eventTypeCode"], detail["alarmName"]) ?? about(kind, firstOf(at(event, "resources", 0)))
  );
}

/** The last part of an ARN is what people call the thing. */
function about(kind: string, resource: string | null): string {
  return resource === null ? kind : `${kind}: ${resource.split(/[:/]/).at(-1) ?? resource}`;
}

function placeOf(event: Fields): Record<string, string> {
  return labelsOf({
    account: event["account"],
    region: event["region"],
    from: event["source"],
    kind: event["detail-type"],
    resource: at(event, "resources", 0),
  });
}
