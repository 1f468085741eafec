// Owns what Elastic's users send: a Kibana webhook connector's JSON, a Watcher's, ElastAlert 2's. All three are templates of the
// user's; the README has ours, and the names that others use are read too.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  anyCase,
  at,
  commonSeverities,
  digestOf,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  severityOf,
  tagsOf,
  timeOf,
  UnreadableError,
  verifyShared,
  wordOf,
  type AlertAction,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
type Fields = Readonly<Record<string, unknown>>;

const words: Readonly<Record<string, AlertAction>> = {
  create: "trigger",
  trigger: "trigger",
  active: "trigger",
  alerting: "trigger",
  firing: "trigger",
  acknowledge: "acknowledge",
  resolve: "resolve",
  resolved: "resolve",
  recovered: "resolve",
  ok: "resolve",
};

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    if (!isRecord(payload)) throw new UnreadableError("expected a JSON object: the template of the README");
    const fields = anyCase(payload);
    const [rule, alert] = [fields["rule"], fields["alert"]];
    const key = keyOf(fields, rule, alert);
    if (key === null)
      throw new UnreadableError("nothing says which problem this is: rule.id and alert.id, watch_id, alert_uid, or id");
    const { action, notes } = actionOf(fields, alert);
    const severity = severityOf(
      firstOf(fields["severity"], at(fields["metadata"], "severity"), at(rule, "severity")),
      commonSeverities,
    );
    const name = firstOf(fields["title"], at(rule, "name"), fields["watch_id"], fields["event"], fields["message"]);
    return [
      alertOf({
        dedupKey: key,
        action,
        severity: severity.severity,
        title: name ?? "Elastic alert",
        body:
          firstOf(
            fields["description"],
            fields["message"],
            at(fields, "context", "message"),
            fields["text"],
            fields["rawdata"],
            fields["reason"],
          ) ?? "",
        labels: {
          ...tagsOf(at(rule, "tags")),
          ...tagsOf(fields["tags"]),
          ...labelsOf(fields["metadata"]),
          ...labelsOf({
            rule: at(rule, "name"),
            alert: at(alert, "id"),
            watch: fields["watch_id"],
            space: at(rule, "spaceId"),
            environment: fields["environment"],
            resource: fields["resource"],
          }),
        },
        links: linksOf([["Kibana", firstOf(fields["url"], at(rule, "url"), fields["link"])]]),
        source: "elastic",
        sourceAt:
          timeOf(fields["date"]) ??
          timeOf(fields["@timestamp"]) ??
          timeOf(fields["createtime"]) ??
          timeOf(fields["execution_time"]) ??
          timeOf(fields["timestamp"]),
        notes: [...notes, ...severity.notes],
      }),
    ];
  },
};

function keyOf(fields: Fields, rule: unknown, alert: unknown): string | null {
  const own = firstOf(fields["alert_uid"], fields["dedup_key"]);
  if (own !== null) return own;
  const [ruleId, alertId] = [firstOf(at(rule, "id")), firstOf(at(alert, "id"))];
  if (ruleId !== null) return alertId === null ? ruleId : `${ruleId}/${alertId}`;
  const given = firstOf(fields["id"], fields["watch_id"]);
  if (given !== null) return given;
  const named = [fields["origin"], fields["resource"], fields["event"], at(rule, "name")].flatMap((each) => firstOf(each) ?? []);
  return named.length === 0 ? null : `name-${digestOf(...named)}`;
}

/** The word the template says; of Kibana's action groups only "recovered" ends, all the others are rules' own names. */
function actionOf(fields: Fields, alert: unknown): { readonly action: AlertAction; readonly notes: readonly string[] } {
  const said = firstOf(fields["event_type"], fields["state"], fields["status"], at(alert, "status"));
  if (wordOf(at(alert, "actionGroup")) === "recovered") return { action: "resolve", notes: [] };
  return said === null ? { action: "trigger", notes: [] } : actionBy(said, words, "state");
}
