// Owns AppDynamics' HTTP request template: one health rule violation is one problem, from POLICY_OPEN to POLICY_CLOSE.

import * as z from "zod";
import {
  alertOf,
  at,
  cut,
  digestOf,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  plainText,
  present,
  severityOf,
  timeOf,
  utc,
  UnreadableError,
  verifyShared,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
type Fields = Readonly<Record<string, unknown>>;

const severities: Readonly<Record<string, Severity>> = { error: "critical", warn: "warning", warning: "warning", info: "info" };
const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    if (!isRecord(payload)) throw new UnreadableError("expected a JSON object: the payload of the README's template");
    const event = isRecord(payload["event"]) ? payload["event"] : payload;
    const type = firstOf(event["event_type"], event["eventType"]);
    const key = keyOf(event);
    if (key === null) throw new UnreadableError("no incident_id, no health rule and no event_id: use the README's template");
    const { action, notes } = meaningOf(type);
    const severity = /_WARNING$/i.test(type ?? "")
      ? { severity: "warning" as const, notes: [] }
      : severityOf(event["severity"], severities);
    const time = firstOf(event["event_time"], event["eventTime"]);
    return [
      alertOf({
        dedupKey: key,
        action,
        severity: severity.severity,
        title:
          firstOf(event["health_rule_name"], event["event_name"], event["displayName"], event["name"]) ?? "AppDynamics event",
        body: plainText(
          firstOf(event["summary"], event["summaryMessage"], event["event_message"], event["eventMessage"], event["message"]) ??
            "",
        ),
        labels: labelsOf({
          application: firstOf(event["app_name"], at(event, "application", "name")),
          tier: event["tier_name"],
          node: firstOf(event["node_name"], at(event, "node", "name")),
          policy: event["policy"],
          event_type: type,
        }),
        links: linksOf([["AppDynamics", firstOf(event["event_deep_link"], event["deepLink"], event["url"])]]),
        source: "appdynamics",
        sourceAt: timeOf(time) ?? spelled(time),
        notes: [...notes, ...severity.notes],
      }),
    ];
  },
};

/** The violation's own id. Without it, the rule and what it looks at: an event's id is new with every event and ends nothing. */
function keyOf(event: Fields): string | null {
  const incident = firstOf(event["incident_id"]);
  if (incident !== null) return incident;
  const rule = firstOf(event["health_rule_id"], event["health_rule_name"]);
  if (rule !== null) {
    const on = [
      event["app_id"] ?? event["app_name"],
      event["tier_id"] ?? event["tier_name"],
      event["node_id"] ?? event["node_name"],
    ];
    return `rule-${digestOf(rule, ...on.map((each) => present(each) ?? ""))}`;
  }
  return firstOf(event["event_id"], event["id"], event["guid"]);
}

function meaningOf(type: string | null): { readonly action: AlertAction; readonly notes: readonly string[] } {
  if (type === null) return { action: "trigger", notes: ["event_type is missing: taken as firing"] };
  const word = type.toUpperCase();
  if (/^POLICY_(?:CLOSE|CANCELED)/.test(word)) return { action: "resolve", notes: [] };
  // A violation that goes on, or is less bad, is still one.
  if (/^POLICY_(?:OPEN|UPGRADED|DOWNGRADED|CONTINUES)/.test(word)) return { action: "trigger", notes: [] };
  return { action: "trigger", notes: [`${cut(type, 64)} is no health rule violation: nothing will end it`] };
}

/** "Mon Apr 03 02:04:55 UTC 2023". A zone by another abbreviation is no known time. */
function spelled(value: string | null): number | null {
  const match = /^[A-Za-z]{3} ([A-Za-z]{3}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) (?:UTC|GMT) (\d{4})$/.exec(value ?? "");
  if (match === null) return null;
  const [, month = "", day, hour, minute, second, year] = match;
  const numbers = [
    Number(year),
    months.indexOf(month.toLowerCase()) + 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  ];
  const time = utc(numbers as [number, number, number, number, number, number]);
  return Number.isFinite(time) ? time : null;
}
