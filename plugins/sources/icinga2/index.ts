// Owns Icinga 2: the README's notification command, events of /v1/events as a forwarder posts them, and Icinga Notifications.

import * as z from "zod";
import {
  alertOf,
  at,
  checkKey,
  cut,
  firstOf,
  ignored,
  isRecord,
  labelsOf,
  linksOf,
  readCheck,
  recordOf,
  severityOf,
  timeOf,
  UnreadableError,
  verifyShared,
  wordOf,
  type Alert,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({ softStates: z.boolean().default(false).describe("Soft states of the event stream fire too") });
type Config = z.infer<typeof config>;
type Fields = Readonly<Record<string, unknown>>;

const levels: Readonly<Record<string, Severity>> = {
  debug: "info",
  info: "info",
  notice: "info",
  warning: "warning",
  err: "error",
  crit: "critical",
  alert: "critical",
  emerg: "critical",
};

export const plugin: SourcePlugin<Config> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload, config: settings }) {
    if (!isRecord(payload))
      throw new UnreadableError("expected a JSON object: the README's notification, an event, or a process-event");
    if (isRecord(payload["tags"]) && typeof payload["type"] === "string") return [processEvent(payload, payload["tags"])];
    return [check(payload, settings)];
  },
};

/** A notification of the stream has only the plugin's exit code, which for a host may be 2 or 3 as well. */
const hostStates: Readonly<Record<string, string>> = { "0": "up", "1": "down", "2": "down", "3": "down" };
const serviceStates: Readonly<Record<string, string>> = { "0": "ok", "1": "warning", "2": "critical", "3": "unknown" };
const notificationTypes: Readonly<Record<string, string>> = {
  "8": "custom",
  "16": "acknowledgement",
  "32": "problem",
  "64": "recovery",
};

function check(body: Fields, settings: Config): Alert {
  const type = firstOf(body["type"]);
  const about = [body, recordOf(body["comment"]), recordOf(body["downtime"])];
  const host = firstOf(...about.flatMap((each) => [each["host"], each["host_name"]]));
  const service = firstOf(...about.flatMap((each) => [each["service"], each["service_name"]]));
  const key = checkKey(host, service, "!");
  if (type?.startsWith("Object") === true)
    return ignored("icinga2", key, `Icinga ${type}`, "configuration changes do nothing here");
  if (key === null) throw new UnreadableError("no host in the body: use the README's notification command");
  if (type !== null && /^(AcknowledgementCleared|Comment|Downtime|Flapping|CheckResult)/.test(type))
    return ignored("icinga2", key, key, `${cut(type, 64)} changes nothing here`);
  const states = service === null ? hostStates : serviceStates;
  const raw = firstOf(body["state"], at(body, "check_result", "state"));
  const state = raw !== null && Object.hasOwn(states, raw) ? (states[raw] ?? raw) : raw;
  const said = firstOf(body["notification_type"]);
  const kind =
    type === "AcknowledgementSet"
      ? "acknowledgement"
      : said !== null && Object.hasOwn(notificationTypes, said)
        ? notificationTypes[said]
        : said;
  const title = `${key} is ${state?.toUpperCase() ?? "in an unknown state"}`;
  if (type === "StateChange" && firstOf(body["state_type"]) === "0" && state !== "ok" && state !== "up" && !settings.softStates)
    return ignored("icinga2", key, title, "a soft state: Icinga still checks again (config.softStates would fire)");
  const { action, severity, notes, reason } = readCheck(kind, state);
  if (action === "ignore") return ignored("icinga2", key, title, reason);
  return alertOf({
    dedupKey: key,
    action,
    severity,
    title,
    body: firstOf(body["output"], at(body, "check_result", "output"), body["comment"]) ?? "",
    labels: labelsOf({ host, service, state, address: body["address"], author: body["author"] }),
    links: linksOf([["Icinga", body["url"]]]),
    source: "icinga2",
    sourceAt: timeOf(body["timestamp"]) ?? timeOf(body["last_state_change"]),
    notes,
  });
}

/** Icinga Notifications: the object is its tags, the severity "ok" is its end. */
function processEvent(body: Fields, tags: Fields): Alert {
  const sorted = Object.entries(labelsOf(tags)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (sorted.length === 0) throw new UnreadableError("a process-event without tags");
  const key = sorted.map(([name, value]) => `${name}=${value}`).join(",");
  const title = firstOf(body["name"]) ?? key;
  const type = wordOf(body["type"]);
  const level = wordOf(body["severity"]);
  const severity = level === "ok" ? { severity: "info" as const, notes: [] } : severityOf(level, levels);
  if (type !== "state" && type !== "acknowledgement-set")
    return ignored("icinga2", key, title, `${cut(type ?? "", 64)} changes nothing here`);
  return alertOf({
    dedupKey: key,
    action: type === "acknowledgement-set" ? "acknowledge" : level === "ok" ? "resolve" : "trigger",
    severity: severity.severity,
    title,
    body: firstOf(body["message"]) ?? "",
    labels: labelsOf(tags),
    links: linksOf([["Icinga", body["url"]]]),
    source: "icinga2",
    notes: severity.notes,
  });
}
