// Owns OpenSearch Alerting: messages that are JSON (the README's template), and the default message, which is text.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  cut,
  digestOf,
  firstOf,
  isRecord,
  joined,
  labelsOf,
  linksOf,
  listOf,
  present,
  severityOf,
  timeOf,
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
  "1": "critical",
  "2": "error",
  "3": "warning",
  "4": "info",
  "5": "info",
};
const states: Readonly<Record<string, AlertAction>> = {
  active: "trigger",
  error: "trigger",
  acknowledged: "acknowledge",
  completed: "resolve",
  resolved: "resolve",
};

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    if (isRecord(payload)) return [fromJson(payload)];
    const text = typeof payload === "string" ? present(payload) : null;
    if (text !== null && /severity|monitor|trigger/i.test(text.slice(0, 32_768))) return [fromText(text)];
    throw new UnreadableError("expected the README's JSON message, or the text of OpenSearch's default message");
  },
};

function fromJson(payload: Fields): Alert {
  const bucket = firstOf(
    payload["bucket_keys"],
    listOf(payload["bucket_keys"])
      .flatMap((each) => present(each) ?? [])
      .join(","),
  );
  const key = keyOf(
    firstOf(at(payload, "monitor", "id"), at(payload, "monitor", "name"), payload["monitor_name"]),
    firstOf(at(payload, "trigger", "id"), at(payload, "trigger", "name"), payload["trigger_name"]),
    bucket,
  );
  if (key === null)
    throw new UnreadableError("no monitor.name and no trigger.name: without them nobody knows which problem this is");
  const said = firstOf(payload["status"], payload["state"], at(payload, "alert", "state"));
  const { action, notes } = said === null ? { action: "trigger" as const, notes: [] } : actionBy(said, states, "status");
  const severity = severityOf(firstOf(at(payload, "trigger", "severity"), payload["severity"]), severities);
  const [monitor, trigger] = [firstOf(at(payload, "monitor", "name")), firstOf(at(payload, "trigger", "name"))];
  return alertOf({
    dedupKey: key,
    action,
    severity: severity.severity,
    title: joined([monitor, trigger, bucket], ": "),
    body: firstOf(payload["message"], payload["description"], payload["error"]) ?? "",
    labels: labelsOf({ monitor, trigger, bucket, hits: payload["hits"] }),
    links: linksOf([["OpenSearch", payload["url"]]]),
    source: "opensearch",
    sourceAt: timeOf(payload["period_end"]) ?? timeOf(payload["period_start"]),
    notes: [...notes, ...severity.notes],
  });
}

/** The default message names monitor and trigger. Any other text is one problem for each wording, whatever times stand in it. */
function fromText(text: string): Alert {
  const head = text.slice(0, 32_768);
  const line = (pattern: RegExp): string | null => firstOf(pattern.exec(head)?.[1]);
  const monitor = line(/Monitor ([^\r\n]{1,200}?) just entered alert status/);
  const trigger = line(/^- Trigger: ([^\r\n]{1,200})/m);
  const timeless = head.replaceAll(/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?Z?/g, "");
  const severity = severityOf(line(/severity[^\w\r\n]{1,10}(\d{1,3})\b/i), severities);
  const named = joined([monitor, trigger], ": ");
  return alertOf({
    dedupKey: keyOf(monitor, trigger, null) ?? `text-${digestOf(timeless)}`,
    action: "trigger",
    severity: severity.severity,
    title: named || cut(head, 255),
    body: text,
    labels: labelsOf({ monitor, trigger }),
    source: "opensearch",
    sourceAt: timeOf(line(/^- Period end: (\S{10,40})/m)),
    notes: severity.notes,
  });
}

function keyOf(...parts: readonly (string | null)[]): string | null {
  const found = parts.filter((part) => part !== null);
  return found.length === 0 ? null : found.join("/");
}
