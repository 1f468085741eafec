// Owns Uptime Kuma's webhook: {heartbeat, monitor, msg} as JSON, as JSON in the field `data` of a form, or each of the three as a
// parameter of a GET; and its messages that hold only msg.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  digestOf,
  firstOf,
  ignored,
  isRecord,
  labelsOf,
  linksOf,
  tagsOf,
  timeOf,
  UnreadableError,
  verifyShared,
  wordOf,
  type Alert,
  type AlertAction,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
const statuses: Readonly<Record<string, AlertAction>> = { "0": "trigger", "1": "resolve", "2": "ignore", "3": "ignore" };
/** A custom body may say it in a word; it then outweighs the heartbeat it wraps. */
const events: Readonly<Record<string, AlertAction>> = { create: "trigger", trigger: "trigger", resolve: "resolve" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload: sent }) {
    const payload = unpacked(sent);
    if (!isRecord(payload)) throw new UnreadableError("expected the JSON object of Uptime Kuma's webhook");
    const [heartbeat, monitor] = [payload["heartbeat"], payload["monitor"]];
    const id = firstOf(at(monitor, "id"), at(heartbeat, "monitorID"));
    const message = firstOf(
      payload["msg"],
      at(heartbeat, "msg"),
      payload["title"],
      payload["message"],
      payload["body"],
      payload["Body"],
    );
    if (id === null) return [withoutMonitor(message)];
    const title = firstOf(at(monitor, "name")) ?? message ?? `Monitor ${id}`;
    const word = wordOf(payload["event_type"]);
    const said = word !== null && Object.hasOwn(events, word) ? events[word] : undefined;
    const { action, notes } =
      said === undefined ? actionBy(at(heartbeat, "status"), statuses, "heartbeat.status") : { action: said, notes: [] };
    if (action === "ignore")
      return [
        ignored(
          "uptime-kuma",
          id,
          title,
          firstOf(at(heartbeat, "status")) === "2" ? "pending: not down yet" : "under maintenance",
        ),
      ];
    return [
      alertOf({
        dedupKey: id,
        action,
        severity: "critical",
        title,
        body: firstOf(at(heartbeat, "msg"), payload["msg"]) ?? "",
        labels: { ...tagsOf(at(monitor, "tags")), ...labelsOf({ type: at(monitor, "type"), hostname: at(monitor, "hostname") }) },
        links: linksOf([["Monitor", at(monitor, "url") === "https://" ? null : at(monitor, "url")]]),
        source: "uptime-kuma",
        sourceAt: timeOf(at(heartbeat, "time")),
        notes,
      }),
    ];
  },
};

function unpacked(sent: unknown): unknown {
  if (!isRecord(sent)) return sent;
  if (typeof sent["data"] === "string") return jsonOf(sent["data"]);
  return { ...sent, heartbeat: jsonOf(sent["heartbeat"]), monitor: jsonOf(sent["monitor"]) };
}

/** A text that is JSON, as what it says; anything else as it is. */
function jsonOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** The Test button, messages about certificates, and a custom body with `msg` alone hold a text and nothing else. */
function withoutMonitor(message: string | null): Alert {
  if (message === null) throw new UnreadableError("expected Uptime Kuma's webhook: heartbeat, monitor and msg");
  const said = /^\[(.{1,300}?)\] \[[^\]]{0,8}\b(Up|Down)\] ?([\s\S]*)/.exec(message);
  if (said !== null) {
    const [, name = "", state = "", text = ""] = said;
    return alertOf({
      dedupKey: `name-${digestOf(name)}`,
      action: state === "Up" ? "resolve" : "trigger",
      severity: "critical",
      title: name,
      body: text,
      source: "uptime-kuma",
      notes: ["a message without a monitor: its name is what tells it from others"],
    });
  }
  const test = /\bTesting$/i.test(message);
  return alertOf({
    dedupKey: test ? "test" : `msg-${digestOf(message)}`,
    action: "trigger",
    severity: "warning",
    title: message,
    source: "uptime-kuma",
    test,
    notes: test ? [] : ["a message without a monitor: nothing of it says when it is over"],
  });
}
