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
  recordOf,
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
  alert: "trigger",
  "no data": "trigger",
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
    const rule = {
      ...recordOf(fields["rule"]),
      ...labelsOf({
        id: firstOf(at(fields["rule"], "id"), fields["ruleid"], fields["rule_id"], fields["rule.id"]),
        name: firstOf(at(fields["rule"], "name"), fields["rulename"], fields["rule_name"], fields["rule.name"]),
        spaceId: firstOf(at(fields["rule"], "spaceId"), fields["rule.spaceid"]),
      }),
    };
    const alert = fields["alert"];
    const key = keyOf(fields, rule, alert);
    if (key === null)
      throw new UnreadableError("nothing says which problem this is: rule.id and alert.id, watch_id, alert_uid, or id");
    const { action, notes } = actionOf(fields, alert);
    const severity = severityOf(
      firstOf(fields["severity"], at(fields["metadata"], "severity"), at(rule, "severity")),
      commonSeverities,
    );
    const name = firstOf(
      fields["title"],
      at(rule, "name"),
      fields["name"],
      fields["watch_id"],
      fields["event"],
      fields["message"],
    );
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
            at(fields, "context", "reason"),
            fields["text"],
            fields["rawdata"],
            fields["reason"],
          ) ?? "",
        labels: {
          ...tagsOf(at(rule, "tags") ?? fields["ruletags"]),
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
        links: linksOf([
          [
            "Kibana",
            firstOf(fields["url"], at(fields, "context", "alertDetailsUrl"), fields["link"], at(rule, "url"), fields["ruleurl"]),
          ],
        ]),
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
  const ruleId = firstOf(at(rule, "id"));
  const alertId = firstOf(
    at(alert, "id"),
    fields["alertid"],
    fields["alert_id"],
    fields["alert.id"],
    // In a flat template the alert's; beside a nested rule nobody knows what it is.
    isRecord(fields["rule"]) ? null : fields["id"],
  );
  if (ruleId !== null) return alertId === null ? ruleId : `${ruleId}/${alertId}`;
  const given = firstOf(fields["id"], fields["watch_id"]);
  if (given !== null) return given;
  const named = [fields["origin"], fields["resource"], fields["event"], at(rule, "name")].flatMap((each) => firstOf(each) ?? []);
  return named.length === 0 ? null : `name-${digestOf(...named)}`;
}

/** The word the template says; of Kibana's action groups only "recovered" ends, all the others are rules' own names. */
function actionOf(fields: Fields, alert: unknown): { readonly action: AlertAction; readonly notes: readonly string[] } {
  const said = firstOf(fields["event_type"], fields["state"], fields["status"], at(alert, "status"));
  const groups = [
    ...["actionGroup", "action_group", "actionGroupName", "action_group_name"].map((name) => at(alert, name)),
    fields["actiongroup"],
    fields["actiongroupname"],
  ];
  if (groups.some((group) => wordOf(group) === "recovered")) return { action: "resolve", notes: [] };
  return said === null ? { action: "trigger", notes: [] } : actionBy(said, words, "state");
}
