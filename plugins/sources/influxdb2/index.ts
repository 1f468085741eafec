// Owns InfluxDB 2's HTTP endpoint: one status row of a check, by its series.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  firstOf,
  isRecord,
  labelsOf,
  severityOf,
  timeOf,
  UnreadableError,
  verifyShared,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
const levels: Readonly<Record<string, AlertAction>> = {
  ok: "resolve",
  info: "trigger",
  warn: "trigger",
  crit: "trigger",
  unknown: "trigger",
};
const severities: Readonly<Record<string, Severity>> = {
  ok: "info",
  info: "info",
  warn: "warning",
  crit: "critical",
  unknown: "unknown",
};

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    const check = firstOf(at(payload, "_check_id"), at(payload, "_check_name"), at(payload, "_source_measurement"));
    if (!isRecord(payload) || check === null)
      throw new UnreadableError("expected an InfluxDB status: an object with _check_id and _level");
    // Tags are texts that do not begin with an underscore; what was measured is a number. A level in a tag changes with the state.
    const tags = labelsOf(
      Object.fromEntries(
        Object.entries(payload).filter(
          ([name, value]) => !name.startsWith("_") && typeof value === "string" && !/^(severity|level)$/i.test(name),
        ),
      ),
    );
    const sorted = Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const { action, notes } = actionBy(payload["_level"], levels, "_level");
    const severity = severityOf(payload["_level"], severities);
    const name = firstOf(payload["_check_name"], payload["_source_measurement"]) ?? check;
    return [
      alertOf({
        dedupKey: [check, ...sorted.map(([tag, value]) => `${tag}=${value}`)].join(","),
        action,
        severity: severity.severity,
        title: firstOf(payload["_message"]) ?? `${name} is ${firstOf(payload["_level"]) ?? "in an unknown state"}`,
        labels: {
          ...tags,
          ...labelsOf({
            check: name,
            rule: payload["_notification_rule_name"],
            measurement: payload["_source_measurement"],
            type: payload["_type"],
          }),
        },
        source: "influxdb2",
        sourceAt: timeOf(payload["_status_timestamp"]) ?? timeOf(payload["_time"]) ?? timeOf(payload["_source_timestamp"]),
        notes: [...notes, ...(notes.length > 0 ? [] : severity.notes)],
      }),
    ];
  },
};
