// Owns events of xMatters, in the JSON that the README's step posts: xMatters sends nothing of its own.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
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
const statuses: Readonly<Record<string, AlertAction>> = {
  active: "trigger",
  // Nobody is told any more, and nothing is over.
  suspended: "ignore",
  terminated: "resolve",
  terminated_external: "resolve",
};
const priorities: Readonly<Record<string, Severity>> = { high: "critical", medium: "warning", low: "info" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    if (!isRecord(payload)) throw new UnreadableError("expected a JSON object: the body of the README");
    const key = firstOf(payload["event_id"], payload["eventIdentifier"]);
    if (key === null) throw new UnreadableError("no event_id: use the body of the README");
    const { action, notes } = actionBy(payload["status"], statuses, "status");
    const priority = severityOf(payload["priority"], priorities);
    return [
      alertOf({
        dedupKey: key,
        action,
        severity: priority.severity,
        title: firstOf(payload["title"]) ?? `xMatters event ${key}`,
        body: firstOf(payload["description"]) ?? "",
        labels: labelsOf({ event: key, form: payload["form"], plan: payload["plan"], status: payload["status"] }),
        links: linksOf([["Event", payload["url"]]]),
        source: "xmatters",
        sourceAt: timeOf(payload["date"]),
        notes: [...(action === "ignore" ? ["the event is suspended in xMatters"] : notes), ...priority.notes],
      }),
    ];
  },
};
