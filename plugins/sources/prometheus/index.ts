// Owns Alertmanager's webhook: every element of `alerts` is one alert of its own, whatever group it came in.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import * as z from "zod";
import {
  alertOf,
  commonSeverities,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  present,
  severityOf,
  timeOf,
  UnreadableError,
  verifyShared,
  type Alert,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  severityLabel: z.string().default("severity").describe("The label that holds the severity"),
});
type Config = z.infer<typeof config>;

export const plugin: SourcePlugin<Config> = {
  manifest: manifest as SourceManifest,
  config: config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload, config: { severityLabel } }) {
    if (!isRecord(payload) || !Array.isArray(payload["alerts"])) {
      throw new UnreadableError("expected Alertmanager's webhook body: an object with a list `alerts`");
    }
    const envelope = payload;
    return payload["alerts"].map((alert: unknown, i) => one(alert, i, envelope, severityLabel));
  },
};

function one(alert: unknown, i: number, envelope: Record<string, unknown>, severityLabel: string): Alert {
  if (!isRecord(alert)) throw new UnreadableError(`alerts[${i}] is not an object`);
  const labels = { ...labelsOf(envelope["commonLabels"]), ...labelsOf(alert["labels"]) };
  const annotations = { ...labelsOf(envelope["commonAnnotations"]), ...labelsOf(alert["annotations"]) };
  const { severity, notes } = severityOf(firstOf(labels[severityLabel], labels["priority"], labels["level"]), commonSeverities);
  const status = statusOf(alert, envelope);
  const truncated = Number(envelope["truncatedAlerts"] ?? 0);
  if (truncated > 0) notes.push(`Alertmanager left out ${truncated} more alerts of this group (max_alerts)`);
  if (status.note !== null) notes.push(status.note);
  return alertOf({
    dedupKey: present(alert["fingerprint"]) ?? fingerprintOf(labels),
    action: status.resolved ? "resolve" : "trigger",
    severity,
    title: firstOf(annotations["summary"], annotations["title"], labels["alertname"]) ?? "Prometheus alert without a name",
    body: firstOf(annotations["description"], annotations["message"]) ?? "",
    labels,
    links: linksOf([
      ["Runbook", firstOf(annotations["runbook_url"], annotations["runbook"], annotations["runbookURL"])],
      ["Dashboard", firstOf(annotations["dashboard_url"], annotations["dashboard"], annotations["dashboardURL"])],
      ["Source", alert["generatorURL"]],
      ["Alertmanager", envelope["externalURL"]],
    ]),
    source: "prometheus",
    sourceAt: timeOf(status.resolved ? (alert["endsAt"] ?? alert["startsAt"]) : alert["startsAt"]),
    notes,
  });
}

/** The alert's own status, else the group's. A word that is neither counts as firing, and says so. */
function statusOf(
  alert: Record<string, unknown>,
  envelope: Record<string, unknown>,
): { readonly resolved: boolean; readonly note: string | null } {
  const status = firstOf(alert["status"], envelope["status"])?.toLowerCase() ?? null;
  const known = status === "firing" || status === "resolved";
  return {
    resolved: status === "resolved",
    note: known ? null : `status ${status === null ? "is missing" : `"${status}" is unknown`}: taken as firing`,
  };
}

/** For senders that leave the fingerprint out: the label set is the identity, as it is for Alertmanager. */
function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `labels-${bytesToHex(sha256(new TextEncoder().encode(JSON.stringify(sorted)))).slice(0, 32)}`;
}
