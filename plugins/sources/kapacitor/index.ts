// Owns Kapacitor's post handler: one alert id and its level.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  firstOf,
  ignored,
  isRecord,
  labelsOf,
  listOf,
  plainText,
  severityOf,
  timeOf,
  UnreadableError,
  verifyShared,
  wordOf,
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
  warning: "trigger",
  warn: "trigger",
  critical: "trigger",
  crit: "trigger",
};
const severities: Readonly<Record<string, Severity>> = {
  ok: "info",
  info: "info",
  warning: "warning",
  warn: "warning",
  critical: "critical",
  crit: "critical",
};

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    const id = firstOf(at(payload, "id"));
    if (!isRecord(payload) || id === null)
      throw new UnreadableError("expected Kapacitor's alert data: an object with id and level");
    const title = firstOf(payload["message"]) ?? id;
    const { action, notes } = actionBy(payload["level"], levels, "level");
    if (action === "resolve" && wordOf(payload["previousLevel"]) === "ok")
      return [ignored("kapacitor", id, title, "it was OK before, and still is")];
    const severity = severityOf(payload["level"], severities);
    const series = listOf(at(payload, "data", "series")).slice(0, 20);
    return [
      alertOf({
        dedupKey: id,
        action,
        severity: severity.severity,
        title,
        body: plainText(firstOf(payload["details"]) ?? ""),
        labels: {
          ...(Object.assign({}, ...series.map((each) => labelsOf(at(each, "tags")))) as Record<string, string>),
          ...labelsOf(payload["tags"]),
          ...labelsOf({ measurement: at(series[0], "name"), level: payload["level"] }),
        },
        source: "kapacitor",
        sourceAt: timeOf(payload["time"]),
        notes: [...notes, ...(notes.length > 0 ? [] : severity.notes)],
      }),
    ];
  },
};
