// Owns the body that Alertmanager posts, and every product that took it over: every element of `alerts` is one alert of its
// own, whatever group it came in.

import type { Alert, Severity } from "../../worker/core/alert.ts";
import { readEach } from "./each.ts";
import { labelsDigest } from "./key.ts";
import { at, numberOf, wordOf } from "./read.ts";
import { alertOf, commonSeverities, cut, firstOf, isRecord, labelsOf, linksOf, present, severityOf } from "./text.ts";
import { timeOf } from "./time.ts";
import { UnreadableError } from "./unreadable.ts";

export interface AlertmanagerReading {
  readonly source: string;
  /** What to say when a body is none of the kind. */
  readonly expected: string;
  /** Labels that may hold the severity, the first that is there counts. */
  readonly severityLabels: readonly string[];
  readonly severities?: Readonly<Record<string, Severity>>;
  readonly links?: (alert: Readonly<Record<string, unknown>>) => readonly (readonly [text: string, href: unknown])[];
  readonly isTest?: (labels: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>>) => boolean;
  /** More lines for the body, below the description. */
  readonly details?: (alert: Readonly<Record<string, unknown>>) => string | null;
}

/** Throws UnreadableError for a body without a list `alerts`, and for one of which no element can be read. */
export function alertmanagerAlerts(payload: unknown, reading: AlertmanagerReading): Alert[] {
  const alerts = at(payload, "alerts");
  if (!isRecord(payload) || !Array.isArray(alerts)) throw new UnreadableError(reading.expected);
  const envelope = payload;
  return readEach(alerts, (alert: unknown, i) => one(alert, i, envelope, reading));
}

function one(alert: unknown, i: number, envelope: Readonly<Record<string, unknown>>, reading: AlertmanagerReading): Alert {
  if (!isRecord(alert)) throw new UnreadableError(`alerts[${i}] is not an object`);
  const own = exactLabels(alert["labels"]);
  const labels = { ...exactLabels(envelope["commonLabels"]), ...own };
  const annotations = { ...labelsOf(envelope["commonAnnotations"]), ...labelsOf(alert["annotations"]) };
  const read = (from: Readonly<Record<string, string>>, ...names: string[]): string | null =>
    firstOf(...names.map((name) => at(from, name)));
  const { severity, notes } = severityOf(read(labels, ...reading.severityLabels), { ...commonSeverities, ...reading.severities });
  const { resolved, note } = statusOf(alert, envelope);
  if (note !== null) notes.push(note);
  const truncated = numberOf(envelope["truncatedAlerts"]) ?? 0;
  if (truncated > 0) notes.push(`${truncated} more alerts of this group were left out by the sender (max_alerts)`);
  const identity = Object.keys(own).length > 0 ? own : labels;
  return alertOf({
    dedupKey: present(alert["fingerprint"]) ?? `labels-${labelsDigest(identity)}`,
    action: resolved ? "resolve" : "trigger",
    severity,
    title: read(annotations, "summary", "title") ?? nameOf(read(labels, "alertname"), read(labels, "rulename")),
    body: [read(annotations, "description", "message"), reading.details?.(alert) ?? null]
      .filter((text) => text !== null)
      .join("\n\n"),
    labels,
    links: linksOf([
      ["Runbook", read(annotations, "runbook_url", "runbook", "runbookURL")],
      ["Dashboard", read(annotations, "dashboard_url", "dashboard", "dashboardURL")],
      ...(reading.links?.(alert) ?? []),
      ["Source", alert["generatorURL"]],
      ["Alertmanager", envelope["externalURL"]],
    ]),
    source: reading.source,
    sourceAt: (resolved ? timeOf(alert["endsAt"]) : null) ?? timeOf(alert["startsAt"]),
    test: reading.isTest?.(labels, annotations) ?? false,
    notes,
  });
}

/** Grafana calls a rule without data DatasourceNoData and keeps its own name beside. */
function nameOf(alert: string | null, rule: string | null): string {
  return [...new Set([alert, rule])].filter((part) => part !== null).join(": ") || "An alert without a name";
}

/** As the sender has them, to the letter: a silence written back by them must fit this alert, and no other one. */
function exactLabels(value: unknown): Record<string, string> {
  const labels = labelsOf(value);
  for (const [name, text] of Object.entries(isRecord(value) ? value : {}))
    if (typeof text === "string" && text !== "" && text.length <= 1_024 && name.length <= 128 && name !== "__proto__")
      labels[name] = text.toWellFormed();
  return labels;
}

/**
 * The alert's own status, else the group's. A group is resolved only when all of it is, so that word settles it even where a
 * hand-made body left the alerts as they were. A word that is neither counts as firing, and says so.
 */
function statusOf(
  alert: Readonly<Record<string, unknown>>,
  envelope: Readonly<Record<string, unknown>>,
): { readonly resolved: boolean; readonly note: string | null } {
  const [own, group] = [wordOf(alert["status"]), wordOf(envelope["status"])];
  if (own === "firing" && group === "resolved")
    return { resolved: true, note: "the group is resolved: so is this alert, whatever it says" };
  const status = own ?? group;
  const known = status === "firing" || status === "resolved";
  return {
    resolved: status === "resolved",
    note: known ? null : `status ${status === null ? "is missing" : `"${cut(status, 64)}" is unknown`}: taken as firing`,
  };
}
