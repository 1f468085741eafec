// Owns Amazon SNS over HTTPS: the envelope and its signature, the subscription's confirmation, and what AWS services put inside.

import * as z from "zod";
import {
  actionBy,
  alarmLink,
  alarmSeries,
  alertOf,
  at,
  awsEventAlerts,
  digestOf,
  firstOf,
  ignored,
  isAwsEvent,
  isRecord,
  labelsOf,
  linksOf,
  listOf,
  present,
  recordOf,
  severityOf,
  timeOf,
  UnreadableError,
  verifyRsa,
  verifyShared,
  wordOf,
  type Alert,
  type SourceManifest,
  type SourcePlugin,
  type Verdict,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  topicArn: z.string().startsWith("arn:").max(300).optional().describe("Only this topic is taken"),
  severity: z
    .enum(["critical", "error", "warning", "info"])
    .optional()
    .describe("CloudWatch alarms carry no severity: theirs is this"),
  insufficientData: z.enum(["ignore", "trigger"]).default("ignore").describe("What an alarm without enough data does"),
});
type Config = z.infer<typeof config>;
type Fields = Readonly<Record<string, unknown>>;

/** SNS tries for an hour; what is older is no retry. */
const ageMsMax = 65 * 60_000;
const fieldsOfNotification = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
const fieldsOfConfirmation = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

export const plugin: SourcePlugin<Config> = {
  manifest: manifest as SourceManifest,
  config,
  async verify(request, { secret, config: { topicArn }, now, keys }) {
    const envelope = envelopeOf(new TextDecoder().decode(request.body));
    // Raw delivery and relays carry no signature: what is left is a secret in the address (https://user:secret@…), if there is one.
    if (envelope === null)
      return topicArn === undefined || request.headers["x-amz-sns-topic-arn"] === topicArn
        ? verifyShared(request, secret)
        : refused;
    if (topicArn !== undefined && envelope["TopicArn"] !== topicArn) return refused;
    const [signature, url, sentAt] = [
      firstOf(envelope["Signature"]),
      firstOf(envelope["SigningCertURL"]),
      timeOf(envelope["Timestamp"]),
    ];
    if (signature === null || url === null || sentAt === null || Math.abs(now - sentAt) > ageMsMax) return refused;
    if (!pinned(url)) return refused;
    const hash = envelope["SignatureVersion"] === "2" ? "SHA-256" : "SHA-1";
    return (await verifyRsa(await keys.get(url), hash, signature, signedText(envelope))) ? { ok: true } : refused;
  },
  handshake({ payload }) {
    const type = at(payload, "Type");
    if (type === "UnsubscribeConfirmation")
      return { reason: "the topic was unsubscribed: nothing more will come from it", confirm: null };
    if (type !== "SubscriptionConfirmation") return null;
    return {
      reason: `subscribed to ${firstOf(at(payload, "TopicArn")) ?? "the topic"}`,
      confirm: firstOf(at(payload, "SubscribeURL")) ?? "",
    };
  },
  normalize({ payload, config: settings }) {
    const records = listOf(at(payload, "Records"));
    if (records.length > 0) return records.flatMap((record) => notification(recordOf(at(record, "Sns")), settings));
    const type = at(payload, "Type");
    if (type === "SubscriptionConfirmation" || type === "UnsubscribeConfirmation")
      return [ignored("aws-sns", null, `SNS ${type}`, "about the subscription itself")];
    if (type === "Notification") return notification(recordOf(payload), settings);
    if (isRecord(payload)) return inner(payload, {}, settings);
    const text = present(payload);
    if (text === null) throw new UnreadableError("expected an SNS notification, or with raw delivery its message");
    return [plain(text, {})];
  },
};

const refused: Verdict = { ok: false, reason: "the SNS signature is missing, wrong, too old, or of another topic" };

function pinned(url: string): boolean {
  return (
    URL.canParse(url) &&
    new URL(url).pathname.endsWith(".pem") &&
    new RegExp(`^${manifest.keyHosts[0]}$`).test(new URL(url).hostname)
  );
}

function envelopeOf(text: string): Fields | null {
  try {
    const body = JSON.parse(text) as unknown;
    return isRecord(body) && typeof body["Type"] === "string" && "TopicArn" in body ? body : null;
  } catch {
    return null;
  }
}

/** "Key\nvalue\n" of each field that is there, in AWS's order. */
function signedText(envelope: Fields): string {
  const fields = envelope["Type"] === "Notification" ? fieldsOfNotification : fieldsOfConfirmation;
  return fields.flatMap((name) => (typeof envelope[name] === "string" ? [`${name}\n${envelope[name]}\n`] : [])).join("");
}

function notification(envelope: Fields, settings: Config): readonly Alert[] {
  const message = envelope["Message"];
  const text = firstOf(message);
  if (isRecord(message)) return inner(message, envelope, settings);
  if (text === null) throw new UnreadableError("an SNS notification without a Message");
  try {
    const parsed = JSON.parse(text) as unknown;
    if (isRecord(parsed)) return inner(parsed, envelope, settings);
  } catch {
    // Not JSON: a message for people.
  }
  return [plain(text, envelope)];
}

function inner(message: Fields, envelope: Fields, settings: Config): readonly Alert[] {
  if ("AlarmName" in message && "NewStateValue" in message) return [alarm(message, settings)];
  if (isAwsEvent(message))
    return awsEventAlerts(message, {
      source: "aws-sns",
      severity: settings.severity ?? "unknown",
      insufficientData: settings.insufficientData,
    });
  const sort = firstOf(message["Event"], message["notificationType"]);
  if (sort !== null && /^(autoscaling:TEST_NOTIFICATION|s3:TestEvent|AmazonSnsSubscriptionSucceeded)$/.test(sort))
    return [ignored("aws-sns", null, sort, "what AWS sends to see whether the topic is there")];
  if (firstOf(message["Event Message"]) !== null) return [serviceEvent(message, envelope)];
  return [plain(firstOf(message["default"]) ?? JSON.stringify(message), envelope, message)];
}

/** RDS, Redshift, DMS and their relatives: each kind of event of each thing by itself, since all come under the same subject. */
function serviceEvent(message: Fields, envelope: Fields): Alert {
  const [thing, text] = [firstOf(message["Source ID"], message["SourceId"]), firstOf(message["Event Message"]) ?? ""];
  const topic = firstOf(envelope["TopicArn"]);
  const [, , , region, account] = (firstOf(message["Source ARN"]) ?? topic ?? "").split(":");
  return alertOf({
    dedupKey: `event-${digestOf(firstOf(message["Source ARN"], topic) ?? "", thing ?? "", firstOf(message["Event ID"]) ?? text)}`,
    action: "trigger",
    title: [thing, text].filter((part) => part !== null).join(": "),
    body: text,
    labels: labelsOf({ topic: topic?.split(":").at(-1), account, region, kind: message["Event Source"], resource: thing }),
    links: linksOf([["AWS console", message["Identifier Link"]]]),
    source: "aws-sns",
    sourceAt: timeOf(message["Event Time"]) ?? timeOf(envelope["Timestamp"]),
    notes: ["an event without an end: nothing of it says when it is over"],
  });
}

function alarm(message: Fields, settings: Config): Alert {
  const name = firstOf(message["AlarmName"]) ?? "CloudWatch alarm";
  const arn = firstOf(message["AlarmArn"]);
  const [account, region] = [firstOf(message["AWSAccountId"]), arn?.split(":")[3] ?? firstOf(message["Region"])];
  const series = alarmSeries(
    arn ?? [account, firstOf(message["Region"]), name].filter((part) => part !== null).join("/"),
    name,
    message["AlarmContributorId"],
    message["AlarmContributorAttributes"],
  );
  const { action, notes } = actionBy(
    message["NewStateValue"],
    { alarm: "trigger", ok: "resolve", insufficient_data: settings.insufficientData },
    "NewStateValue",
  );
  if (action === "ignore") return ignored("aws-sns", series.key, series.title, "the alarm has not enough data");
  const trigger = message["Trigger"];
  const dimensions = [
    ...listOf(at(trigger, "Dimensions")),
    ...listOf(at(trigger, "Metrics")).flatMap((metric) => listOf(at(metric, "MetricStat", "Metric", "Dimensions"))),
  ];
  return alertOf({
    dedupKey: series.key,
    action,
    severity: settings.severity ?? "unknown",
    title: series.title,
    body: [firstOf(message["AlarmDescription"]), firstOf(message["NewStateReason"])].filter((line) => line !== null).join("\n\n"),
    labels: {
      ...labelsOf(
        Object.fromEntries(
          dimensions.slice(0, 64).flatMap((each) => {
            const dimension = firstOf(at(each, "name"), at(each, "Name"));
            return dimension === null ? [] : [[dimension, at(each, "value") ?? at(each, "Value")] as const];
          }),
        ),
      ),
      ...series.labels,
      ...labelsOf({
        account,
        region,
        namespace: firstOf(at(trigger, "Namespace"), at(trigger, "Metrics", 0, "MetricStat", "Metric", "Namespace")),
        metric: firstOf(at(trigger, "MetricName"), at(trigger, "Metrics", 0, "MetricStat", "Metric", "MetricName")),
      }),
    },
    links: linksOf([["Alarm", alarmLink(arn)]]),
    source: "aws-sns",
    sourceAt: timeOf(message["StateChangeTime"]),
    notes,
  });
}

/** A message for people: the subject is its identity, since there is no other. AWS Backup says its state in an attribute. */
function plain(text: string, envelope: Fields, message: Fields = {}): Alert {
  const subject = firstOf(envelope["Subject"]) ?? text.slice(0, 200);
  const state = wordOf(at(envelope, "MessageAttributes", "State", "Value"));
  const topic = firstOf(envelope["TopicArn"]);
  const job = firstOf(at(envelope, "MessageAttributes", "Id", "Value"));
  const key = `text-${digestOf(topic ?? "", job ?? subject)}`;
  if (state === "completed") return ignored("aws-sns", key, subject, "a job that completed");
  const severity = severityOf(message["severity"], {
    critical: "critical",
    error: "error",
    high: "error",
    warning: "warning",
    medium: "warning",
    low: "info",
    info: "info",
  });
  return alertOf({
    dedupKey: key,
    action: "trigger",
    severity: severity.severity,
    title: subject,
    body: text,
    labels: labelsOf({ topic: topic?.split(":").at(-1), account: topic?.split(":")[4], region: topic?.split(":")[3], state }),
    source: "aws-sns",
    sourceAt: timeOf(envelope["Timestamp"]),
    notes: ["a plain message: nothing of it says when it is over"],
  });
}
