// Owns Datadog's webhook: one alert by monitor and group. The body is the user's own template; the usual names are understood.

import * as z from "zod";
import {
  alertOf,
  cut,
  digestOf,
  firstOf,
  ignored,
  labelsOf,
  linksOf,
  listOf,
  present,
  recordOf,
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
    return [one(fieldsOf(payload))];
  },
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * Templates name the variables as they like: letter case and separators are passed over, and what stands one level below `alert`, `event`
 * or `metadata` counts too. In `alert` the names are short.
 */
function fieldsOf(payload: Fields): Fields {
  const top = folded(payload);
  const below = folded(recordOf(top["alert"]));
  const short = Object.fromEntries(Object.entries(below).map(([name, value]) => [`alert${name}`, value]));
  return { ...folded(recordOf(top["event"])), ...folded(recordOf(top["metadata"])), ...short, ...below, ...top };
}

function folded(record: Fields): Fields {
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(record)) {
    const key = name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
    if (!(key in fields)) fields[key] = value;
  }
  return fields;
}

function one(body: Fields): Alert {
  const given = firstOf(body["alerttitle"], body["title"], body["eventtitle"], body["summary"]);
  const told = titleOf(given ?? "");
  const monitor = monitorOf(body);
  // A group that the template does not say stands in the title, unless its monitor leaves it out there.
  const scope = scopeOf(body["alertscope"] ?? body["scopes"] ?? body["scope"]) ?? told.scope;
  const host = firstOf(body["hostname"], body["host"]);
  const title = present(told.text);
  const aggregate = firstOf(body["aggregkey"], body["aggregationkey"]);
  if (aggregate === null && monitor === null && title === null)
    throw new UnreadableError("no $AGGREG_KEY, $ALERT_ID or $EVENT_TITLE in the body: paste the payload template of the README");
  // The host of a monitor's alert may be any of its group's: it tells apart only what names no monitor.
  const group = scope ?? (host === null || monitor !== null ? null : `host:${host}`);
  const key = aggregate ?? (monitor === null ? `title-${digestOf(title ?? "", group ?? "")}` : joined(monitor, group));
  const { action, warn, notes } = actionOf(body, given ?? "");
  const name = title ?? `Datadog monitor ${monitor ?? key}`;
  if (action === "ignore") return ignored("datadog", key, name, "the monitor was muted");
  const severity = severityOf(body, warn);
  const text =
    firstOf(body["textonlymsg"], body["body"], body["message"], body["eventmsg"], body["eventmessage"], body["msg"]) ?? "";
  return alertOf({
    dedupKey: key,
    action,
    severity,
    title: name,
    body: textOf(text),
    labels: {
      ...tagsOf(body["tags"]),
      ...tagsOf(scope),
      ...labelsOf({
        monitor_id: monitor,
        alert_scope: scope,
        alert_type: body["alerttype"],
        metric: body["alertmetric"],
        host,
        org: orgOf(body),
        priority: firstOf(body["alertpriority"], body["severity"], body["priority"]),
      }),
    },
    links: linksOf([
      ["Datadog", firstOf(body["link"], body["url"], body["eventurl"], body["alerturl"])],
      ["Snapshot", firstOf(body["snapshot"], body["snapshoturl"])],
    ]),
    source: "datadog",
    sourceAt: timeOf(body["date"]) ?? timeOf(body["dateposix"]) ?? timeOf(body["lastupdated"]),
    // "Test notifications" marks both; a monitor that only has the word in its name pages like any other.
    test: name.startsWith("[TEST]") && text.includes("Test notification triggered by "),
    notes,
  });
}

/** `$ID` is the event's, of 18 or 19 digits; some templates put the monitor's short one there. */
function monitorOf(body: Fields): string | null {
  const own = firstOf(body["alertid"], body["monitorid"]);
  const id = present(body["id"]);
  return own ?? (id !== null && /^\d{1,12}$/.test(id) ? id : null);
}

/** By the transition, else the alert type, else the title's own bracket. Nothing known counts as firing, and says so. */
function actionOf(
  body: Fields,
  title: string,
): { readonly action: AlertAction; readonly warn: boolean; readonly notes: string[] } {
  const transition = wordOf(firstOf(body["alerttransition"], body["transition"]));
  const known = transition !== null && Object.hasOwn(transitions, transition) ? transitions[transition] : undefined;
  if (known !== undefined) return { action: known, warn: transition === "warn" || transition === "re-warn", notes: [] };
  if (wordOf(body["alerttype"]) === "success" || /^\s*(\[P\d\]\s*)?\[Recovered/i.test(title))
    return { action: "resolve", warn: false, notes: [] };
  const what = transition === null ? "$ALERT_TRANSITION is missing" : `transition "${cut(transition, 64)}" is unknown`;
  return { action: "trigger", warn: false, notes: [`${what}: taken as triggered`] };
}

/** The monitor's priority, else the alert type. A warning threshold is never more than a warning. */
function severityOf(body: Fields, warn: boolean): Severity {
  const priority = [body["alertpriority"], body["severity"], body["priority"]]
    .map(wordOf)
    .find((word) => word !== null && Object.hasOwn(priorities, word));
  const type = wordOf(body["alerttype"]);
  const found =
    (priority === undefined || priority === null ? undefined : priorities[priority]) ??
    (type !== null && Object.hasOwn(alertTypes, type) ? alertTypes[type] : undefined) ??
    "unknown";
  return warn && found !== "info" ? "warning" : found;
}

const prefix =
  /^\s*(?:\[P\d\]\s*)?\[(?:Re-)?(?:Triggered|Recovered|Warn|No Data|Renotify|Muted)\b(?: on \{([^}]{1,2000})\})?[^\]]{0,2000}\]\s*/i;

/** "[P2] [Triggered on {host:web-1}] High CPU": the group and the name that is the same to the end. */
function titleOf(title: string): { readonly scope: string | null; readonly text: string } {
  const found = prefix.exec(title);
  const text = found === null ? title : title.slice(found[0].length);
  return { scope: present(found?.[1]), text: present(text) === null ? title : text };
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

function orgOf(body: Fields): string | null {
  const org = body["org"];
  return isRecord(org) ? firstOf(org["name"], org["id"]) : firstOf(body["orgname"], body["orgid"]);
}

function joined(monitor: string, scope: string | null): string {
  return scope === null ? monitor : `${monitor}:${scope}`;
}
