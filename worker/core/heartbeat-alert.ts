// Owns what a heartbeat's alert looks like to routes and incidents: an integration of its own that no document can name.

import { severities, type Alert, type Severity } from "./alert.ts";
import type { HeartbeatState, Report } from "./heartbeat.ts";
import type { Heartbeat, Id, Integration, Snapshot } from "./snapshot.ts";

/** A colon is in no id that a document may write. */
export const heartbeatIntegrationId: Id = "tocsin:heartbeat";
const source = "heartbeat";

export function heartbeatIntegration(spec: Heartbeat, snapshot: Pick<Snapshot, "severityMap">): Integration {
  const canonical = canonicalOf(spec, snapshot);
  return {
    id: heartbeatIntegrationId,
    name: spec.name,
    source,
    keyHash: "",
    secret: null,
    service: spec.service,
    config: {},
    severityMap: spec.severity === null ? {} : { [canonical]: spec.severity },
  };
}

export function heartbeatAlert(state: HeartbeatState, report: Report, snapshot: Pick<Snapshot, "severityMap">): Alert {
  const { spec } = state;
  return {
    dedupKey: spec.id,
    action: report.action,
    severity: canonicalOf(spec, snapshot),
    title: report.title,
    body: report.body,
    labels: { heartbeat: spec.id, ...(spec.service === null ? {} : { service: spec.service }) },
    links: [],
    source,
    sourceAt: report.at,
    test: false,
  };
}

/** The first canonical severity that the tenant's map carries to the heartbeat's own; a missing job is an error by itself. */
function canonicalOf(spec: Heartbeat, { severityMap }: Pick<Snapshot, "severityMap">): Severity {
  return severities.find((severity) => severityMap[severity] === spec.severity) ?? "error";
}
