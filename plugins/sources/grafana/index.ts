// Owns Grafana: the webhook contact point (Alertmanager's body and more), and the one of legacy dashboard alerts.

import * as z from "zod";
import {
  actionBy,
  alertmanagerAlerts,
  alertOf,
  commonSeverities,
  firstOf,
  ignored,
  isRecord,
  joined,
  labelsOf,
  linksOf,
  listOf,
  present,
  recordOf,
  severityOf,
  verifySigned,
  type Alert,
  type AlertAction,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const header = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/, "a header name")
  .toLowerCase();
const config = z.strictObject({
  severityLabel: z.string().default("severity").describe("The label that holds the severity"),
  signatureHeader: header.default("x-grafana-alerting-signature").describe("The contact point's HMAC header"),
  timestampHeader: header
    .optional()
    .describe("The contact point's timestamp header, when it has one: it is then part of what is signed"),
});
type Config = z.infer<typeof config>;

const legacyStates: Readonly<Record<string, AlertAction>> = {
  alerting: "trigger",
  alert: "trigger",
  no_data: "trigger",
  ok: "resolve",
  pending: "ignore",
  paused: "ignore",
};

export const plugin: SourcePlugin<Config> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, credentials) => {
    const { signatureHeader, timestampHeader } = credentials.config;
    const timestamp =
      timestampHeader === undefined ? {} : { timestamp: { header: timestampHeader, between: ":", toleranceMs: 300_000 } };
    return verifySigned(request, credentials, { header: signatureHeader, encoding: "hex", orShared: true, ...timestamp });
  },
  normalize({ payload, config: { severityLabel } }) {
    if (isRecord(payload) && !Array.isArray(payload["alerts"]) && firstOf(payload["ruleId"], payload["ruleName"]) !== null)
      return [legacy(payload)];
    return alertmanagerAlerts(payload, {
      source: "grafana",
      expected: "expected Grafana's webhook body: an object with a list `alerts`, or with ruleId and state",
      severityLabels: [severityLabel, "priority"],
      links: (alert) => [
        ["Panel", alert["panelURL"]],
        ["Dashboard", alert["dashboardURL"]],
        ["Silence", alert["silenceURL"]],
        ["Picture", alert["imageURL"]],
      ],
      details: (alert) => present(alert["valueString"]),
      // The contact point's Test button.
      isTest: (labels, annotations) =>
        (labels["alertname"] === "TestAlert" && labels["instance"] === "Grafana") ||
        annotations["summary"] === "Notification test",
    });
  },
};

function legacy(body: Readonly<Record<string, unknown>>): Alert {
  const name = firstOf(body["ruleName"], body["title"]);
  const id = present(body["ruleId"]);
  const key = id === null ? (name ?? "rule") : `${firstOf(body["orgId"]) ?? "1"}/${id.replace(/\.0+$/, "")}`;
  const title =
    present(firstOf(body["title"])?.replace(/^\[(Alerting|OK|No Data|Pending|Paused)\]\s*/i, "")) ?? name ?? "Grafana alert";
  const { action, notes } = actionBy(body["state"], legacyStates, "state");
  if (action === "ignore") return ignored("grafana", key, title, `the rule is ${present(body["state"]) ?? ""}`);
  const matches = listOf(body["evalMatches"]).slice(0, 50).map(recordOf);
  const labels = {
    ...Object.assign({}, ...matches.map((match) => labelsOf(match["tags"]))),
    ...labelsOf(body["tags"]),
  } as Record<string, string>;
  const severity = severityOf(firstOf(labels["severity"]), commonSeverities);
  const noData = firstOf(body["state"])?.toLowerCase() === "no_data";
  return alertOf({
    dedupKey: key,
    action,
    severity: labels["severity"] === undefined ? "warning" : severity.severity,
    title,
    body: joined(
      [
        firstOf(body["message"]),
        ...matches.map((match) => `${firstOf(match["metric"]) ?? "value"}: ${firstOf(match["value"]) ?? "none"}`),
      ],
      "\n",
    ),
    labels: { ...labels, ...labelsOf({ rule: name }) },
    links: linksOf([
      ["Rule", body["ruleUrl"]],
      ["Picture", body["imageUrl"]],
    ]),
    source: "grafana",
    // Grafana's own Test button sends rule 0.
    test: id === "0" && name === "Test notification",
    notes: [...notes, ...severity.notes, ...(noData ? ["the rule has no data"] : [])],
  });
}
