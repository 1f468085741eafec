// Owns Datadog's webhook: one alert by monitor and group. The body is the user's own template; the usual names are understood.

import * as z from "zod";
import {
  alertOf,
  anyCase,
  cut,
  digestOf,
  firstOf,
  ignored,
  labelsOf,
  linksOf,
  listOf,
  present,
  tagsOf,
  timeOf,
  UnreadableError,
  verifyShared,
  wordOf,
  isRecord,
  type Alert,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});

const priorities: Readonly<Record<string, Severity>> = { p1: "critical", p2: "error", p3: "warning", p4: "info", p5: "info" };
const alertTypes: Readonly<Record<string, Severity>> = { error: "error", warning: "warning", info: "info", success: "info" };
const transitions: Readonly<Record<string, AlertAction>> = {
  triggered: "trigger",
  "re-triggered": "trigger",
  warn: "trigger",
  "re-warn": "trigger",
  "no data": "trigger",
  "re-no data": "trigger",
  renotify: "trigger",
  recovered: "resolve",
  muted: "ignore",
};

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config: config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    if (!isRecord(payload)) throw new UnreadableError("expected the JSON object of a Datadog webhook's payload");
    return [one(anyCase(payload))];
  },
};

function one(body: Readonly<Record<string, unknown>>): Alert {
  const monitor = firstOf(body["alert_id"], body["monitor_id"]);
  const scope = scopeOf(body["alert_scope"] ?? body["scopes"]);
  const given = firstOf(body["alert_title"], body["title"], body["event_title"]);
  const title = given === null ? null : withoutPrefix(given);
  const aggregate = present(body["aggreg_key"]);
  if (aggregate === null && monitor === null && title === null)
    throw new UnreadableError("no $AGGREG_KEY, $ALERT_ID or $EVENT_TITLE in the body: paste the payload template of the README");
  const key = aggregate ?? (monitor === null ? `title-${digestOf(title ?? "", scope ?? "")}` : joined(monitor, scope));
  const { action, warn, notes } = actionOf(body, given ?? "");
  const name = title ?? `Datadog monitor ${monitor ?? key}`;
  if (action === "ignore") return ignored("datadog", key, name, "the monitor was muted");
  const severity = severityOf(body, warn);
  return alertOf({
    dedupKey: key,
    action,
    severity,
    title: name,
    body: textOf(firstOf(body["text_only_msg"], body["body"], body["message"], body["event_msg"]) ?? ""),
    labels: {
      ...tagsOf(body["tags"]),
      ...tagsOf(body["alert_scope"] ?? body["scopes"]),
      ...labelsOf({
        monitor_id: monitor,
        alert_scope: scope,
        alert_type: body["alert_type"],
        metric: body["alert_metric"],
        host: firstOf(body["hostname"], body["host_name"]),
        org: orgOf(body),
        priority: firstOf(body["alert_priority"], body["severity"], body["priority"]),
      }),
    },
    links: linksOf([
      ["Datadog", firstOf(body["link"], body["url"], body["event_url"])],
      ["Snapshot", body["snapshot"]],
    ]),
    source: "datadog",
    sourceAt: timeOf(body["date"]) ?? timeOf(body["date_posix"]) ?? timeOf(body["last_updated"]),
    notes,
  });
}

/** By the transition, else the alert type, else the title's own bracket. Nothing known counts as firing, and says so. */
function actionOf(
  body: Readonly<Record<string, unknown>>,
  title: string,
): { readonly action: AlertAction; readonly warn: boolean; readonly notes: string[] } {
  const transition = wordOf(body["alert_transition"] ?? body["transition"]);
  const known = transition !== null && Object.hasOwn(transitions, transition) ? transitions[transition] : undefined;
  if (known !== undefined) return { action: known, warn: transition === "warn" || transition === "re-warn", notes: [] };
  if (wordOf(body["alert_type"]) === "success" || /^\s*(\[P\d\]\s*)?\[Recovered/i.test(title))
    return { action: "resolve", warn: false, notes: [] };
  const what = transition === null ? "$ALERT_TRANSITION is missing" : `transition "${cut(transition, 64)}" is unknown`;
  return { action: "trigger", warn: false, notes: [`${what}: taken as triggered`] };
}

/** The monitor's priority, else the alert type. A warning threshold is never more than a warning. */
function severityOf(body: Readonly<Record<string, unknown>>, warn: boolean): Severity {
  const priority = wordOf(firstOf(body["alert_priority"], body["severity"], body["priority"]));
  const type = wordOf(body["alert_type"]);
  const found =
    (priority !== null && Object.hasOwn(priorities, priority) ? priorities[priority] : undefined) ??
    (type !== null && Object.hasOwn(alertTypes, type) ? alertTypes[type] : undefined) ??
    "unknown";
  return warn && found !== "info" ? "warning" : found;
}

function withoutPrefix(title: string): string {
  return (
    present(
      title.replace(/^\s*(\[P\d\]\s*)?(\[(Re-)?(Triggered|Recovered|Warn|No Data|Renotify|Muted)\b[^\]]{0,2000}\]\s*)?/i, ""),
    ) ?? title
  );
}

function textOf(text: string): string {
  return text
    .slice(0, 65_536)
    .replaceAll("%%%", "")
    .replaceAll(/@(webhook|slack|pagerduty|opsgenie|teams|hipchat)-[\w.-]+/g, "")
    .replaceAll(/[ \t]{1,200}\n/g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

function scopeOf(scope: unknown): string | null {
  const list = listOf(scope);
  return list.length > 0 ? list.flatMap((each) => present(each) ?? []).join(",") : present(scope);
}

function orgOf(body: Readonly<Record<string, unknown>>): string | null {
  const org = body["org"];
  return isRecord(org) ? firstOf(org["name"], org["id"]) : firstOf(body["org_name"], body["org_id"]);
}

function joined(monitor: string, scope: string | null): string {
  return scope === null ? monitor : `${monitor}:${scope}`;
}
