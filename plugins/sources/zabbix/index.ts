// Owns Zabbix: what the README's media type posts, and the usual shapes of other media types.

import * as z from "zod";
import {
  alertOf,
  at,
  bearsMark,
  cut,
  firstOf,
  ignored,
  isRecord,
  labelsOf,
  linksOf,
  present,
  severityOf,
  tagsOf,
  timeOf,
  UnreadableError,
  verifyShared,
  wordOf,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
type Fields = Readonly<Record<string, unknown>>;

/** Zabbix's six, by number and by name. Its "Warning" is the second lowest. */
const severities: Readonly<Record<string, Severity>> = {
  "5": "critical",
  "4": "error",
  "3": "warning",
  "2": "info",
  "1": "info",
  "0": "info",
  disaster: "critical",
  high: "error",
  average: "warning",
  warning: "info",
  information: "info",
  "not classified": "info",
};
const states: Readonly<Record<string, AlertAction>> = {
  "1": "trigger",
  problem: "trigger",
  trigger: "trigger",
  alerting: "trigger",
  "0": "resolve",
  ok: "resolve",
  resolved: "resolve",
  resolve: "resolve",
  acknowledge: "acknowledge",
};

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    if (!isRecord(payload)) throw new UnreadableError("expected the JSON object of the README's media type");
    const body = payload;
    // The trigger's id is what a problem and its recovery have in common; the event's is too, since a recovery carries the problem's.
    const key = firstOf(
      body["trigger_id"],
      at(body, "trigger", "id"),
      body["event_id"],
      at(body, "event", "id"),
      body["incident_key"],
      body["alert_uid"],
    );
    if (key === null)
      throw new UnreadableError("neither trigger_id nor event_id, or macros nobody filled in: use the README's media type");
    const subject = firstOf(at(body, "event", "name"), body["event_name"], body["subject"], body["title"], body["description"]);
    const title = present(subject?.replace(/^(Problem|Resolved|Updated problem)[^:]{0,40}:\s*/i, "")) ?? `Zabbix trigger ${key}`;
    const { action, reason, notes } = meaning(body);
    if (action === "ignore") return [ignored("zabbix", key, title, reason)];
    const severity = severityOf(
      firstOf(body["event_nseverity"], body["severity"], at(body, "event", "severity"), at(body, "trigger", "severity")),
      severities,
    );
    const [url, event, trigger] = [firstOf(body["zabbix_url"]), firstOf(body["event_id"]), firstOf(body["trigger_id"])];
    const ids = labelsOf({ event_id: firstOf(body["event_id"], at(body, "event", "id")) });
    return [
      alertOf({
        dedupKey: key,
        action,
        severity: severity.severity,
        title,
        body: firstOf(body["message"], body["description"])?.replaceAll("\r\n", "\n") ?? "",
        labels: {
          ...ids,
          ...tagsOf(tagList(body["event_tags"] ?? body["tags"])),
          ...ids,
          ...labelsOf({
            host: firstOf(at(body, "host", "visible_name"), at(body, "host", "name"), body["host"]),
            host_group: body["host_group"],
            item: at(body, "item", "key") ?? body["item"],
            value: at(body, "item", "value") ?? body["value"],
          }),
        },
        links: linksOf([
          [
            "Event",
            url === null || event === null || trigger === null
              ? null
              : `${url.replace(/\/+$/, "")}/tr_events.php?triggerid=${encodeURIComponent(trigger)}&eventid=${encodeURIComponent(event)}`,
          ],
          ["Source", body["link_to_upstream_details"]],
        ]),
        source: "zabbix",
        sourceAt: timeOf(body["event_timestamp"]),
        notes: [...notes, ...severity.notes],
      }),
    ];
  },
};

/** An update of a problem (EVENT.UPDATE.STATUS 1) acknowledges, or changes nothing here. */
function meaning(body: Fields): { readonly action: AlertAction; readonly reason: string; readonly notes: readonly string[] } {
  const update = firstOf(body["event_update_status"], at(body, "event", "update_status"));
  const word = wordOf(
    firstOf(
      body["event_value"],
      at(body, "event", "status"),
      at(body, "details", "status"),
      at(body, "trigger", "status"),
      body["event_type"],
      body["state"],
      body["status"],
    ),
  );
  const known = word !== null && Object.hasOwn(states, word) ? states[word] : undefined;
  if (update === "1" && known !== "resolve") {
    // What this hub wrote into Zabbix comes back with its own message: it must not acknowledge what somebody gave back meanwhile.
    if (bearsMark(firstOf(body["event_update_message"], at(body, "event", "update_message"))))
      return { action: "ignore", reason: "this hub's own update of the problem", notes: [] };
    return acknowledges(body)
      ? { action: "acknowledge", reason: "", notes: [] }
      : { action: "ignore", reason: "an update of the problem that does not acknowledge it", notes: [] };
  }
  if (known !== undefined) return { action: known, reason: "", notes: [] };
  return {
    action: "trigger",
    reason: "",
    notes: [`event_value ${word === null ? "is missing" : `"${cut(word, 64)}" is unknown`}: taken as a problem`],
  };
}

/** By what this update did, where the media type says it; else by whether the problem is acknowledged now. */
function acknowledges(body: Fields): boolean {
  const done = firstOf(body["event_update_action"], at(body, "event", "update_action"));
  // "acknowledged", "acknowledged and commented", "acknowledged, changed severity from … and closed"; but "unacknowledged".
  if (done !== null) return /(?:^|,|\band)\s*acknowledged\b/i.test(done.slice(0, 500));
  return wordOf(firstOf(body["event_ack_status"], at(body, "event", "ack_status"))) === "yes";
}

/** {EVENT.TAGS} is a comma list, {EVENT.TAGSJSON} a JSON list in a text. */
function tagList(value: unknown): unknown {
  if (typeof value !== "string" || !value.trimStart().startsWith("[") || value.length > 65_536) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
