// Owns Sensu: events of Go (bare or wrapped as a resource) and of Core.

import * as z from "zod";
import {
  alertOf,
  at,
  firstOf,
  ignored,
  isRecord,
  joined,
  labelsOf,
  linksOf,
  listOf,
  numberOf,
  timeOf,
  UnreadableError,
  verifyShared,
  wordOf,
  type Alert,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
type Fields = Readonly<Record<string, unknown>>;
const severities: Readonly<Record<string, Severity>> = { "0": "info", "1": "warning", "2": "critical" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    if (!isRecord(payload)) throw new UnreadableError("expected a Sensu event as a JSON object");
    const event = isRecord(payload["spec"]) ? { ...payload["spec"], metadata: payload["metadata"] } : payload;
    return [one(event)];
  },
};

function one(event: Fields): Alert {
  const check = event["check"];
  const entity = firstOf(at(event, "entity", "metadata", "name"), at(event, "client", "name"));
  if (entity === null) throw new UnreadableError("no entity.metadata.name (or client.name) in the event");
  if (!isRecord(check)) return ignored("sensu", entity, `Metrics of ${entity}`, "an event without a check: metrics only");
  const name = firstOf(at(check, "metadata", "name"), check["name"]);
  if (name === null) throw new UnreadableError("no check.metadata.name (or check.name) in the event");
  const namespace = firstOf(
    at(check, "metadata", "namespace"),
    at(event, "entity", "metadata", "namespace"),
    at(event, "metadata", "namespace"),
  );
  const key = joined([namespace, entity, name], "/");
  const title = `${entity}/${name}`;
  const status = numberOf(check["status"]);
  const action: AlertAction =
    status === 0 || (status === null && wordOf(check["state"]) === "passing") || wordOf(event["action"]) === "resolve"
      ? "resolve"
      : "trigger";
  const silenced = check["is_silenced"] === true || listOf(check["silenced"]).length > 0 || event["silenced"] === true;
  if (silenced && action === "trigger") return ignored("sensu", key, title, "the check is silenced in Sensu");
  const severity: Severity = status === null ? "unknown" : (severities[String(status)] ?? "error");
  return alertOf({
    dedupKey: key,
    action,
    severity,
    title,
    body: firstOf(check["output"]) ?? "",
    labels: {
      ...labelsOf(at(event, "entity", "metadata", "labels")),
      ...labelsOf(at(check, "metadata", "labels")),
      ...labelsOf({
        namespace,
        entity,
        check: name,
        state: check["state"],
        class: at(event, "entity", "entity_class"),
        address: at(event, "client", "address"),
      }),
    },
    links: linksOf([
      ["Runbook", firstOf(at(check, "metadata", "annotations", "runbook"), at(check, "metadata", "annotations", "runbook_url"))],
    ]),
    source: "sensu",
    sourceAt: timeOf(event["timestamp"]) ?? timeOf(check["executed"]) ?? timeOf(check["issued"]),
    notes: status === null && action === "trigger" ? ["check.status is missing: taken as failing"] : [],
  });
}
