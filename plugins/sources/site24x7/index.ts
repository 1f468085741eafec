// Owns Site24x7's webhook: one monitor goes down, into trouble, and up.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  anyCase,
  firstOf,
  labelsOf,
  linksOf,
  severityOf,
  tagsOf,
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
const states: Readonly<Record<string, AlertAction>> = { down: "trigger", trouble: "trigger", critical: "trigger", up: "resolve" };
const severities: Readonly<Record<string, Severity>> = { down: "critical", critical: "critical", trouble: "warning" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    const body = anyCase(payload);
    const id = firstOf(body["monitor_id"], body["monitorid"], body["monitorname"]);
    if (id === null) throw new UnreadableError("expected Site24x7's webhook: MONITOR_ID (or MONITORNAME) and STATUS");
    const { action, notes } = actionBy(body["status"], states, "STATUS");
    const severity = severityOf(body["status"], { ...severities, up: "unknown" });
    return [
      alertOf({
        dedupKey: id,
        action,
        severity: severity.severity,
        title: firstOf(body["monitorname"]) ?? `Monitor ${id}`,
        body: [firstOf(body["incident_reason"]), firstOf(body["failed_locations"])].filter((line) => line !== null).join("\n"),
        labels: {
          ...tagsOf(body["tags"]),
          ...labelsOf({ type: body["monitortype"], group: body["monitor_groupname"], status: body["status"] }),
        },
        links: linksOf([
          ["Monitor", body["monitor_dashboard_link"]],
          ["Root cause", body["rca_link"]],
          ["Checked address", body["monitorurl"]],
        ]),
        source: "site24x7",
        sourceAt: timeOf(body["incident_time_iso"]) ?? timeOf(body["outage_time_unix_format"]),
        notes: [...notes, ...(notes.length > 0 ? [] : severity.notes)],
      }),
    ];
  },
};
