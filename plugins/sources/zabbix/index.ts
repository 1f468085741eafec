// Owns Zabbix: what the README's media type posts, and the usual shapes of other media types.

import * as z from "zod";
import {
  alertOf,
  anySpelling,
  at,
  bearsMark,
  cut,
  digestOf,
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

const config = z.strictObject({
  key: z
    .enum(["event", "trigger"])
    .default("event")
    .describe(
      "What one problem is: each problem event of Zabbix, or whatever one trigger raises. A trigger that generates multiple problem events has several open at once, which only `event` keeps apart",
    ),
});
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
  normalize({ payload, config: settings }) {
    if (!isRecord(payload)) throw new UnreadableError("expected the JSON object of the README's media type");
    const body = payload;
    const read = reader(body);
    const link = linkIn(read("link", "url", "eventurl", "triggerurl"));
    // What a recovery has in common with its problem: Zabbix gives it the problem's own event id, and of course the trigger's.
    const event = firstOf(read("eventid"), at(body, "event", "id"), link.event);
    const trigger = firstOf(read("triggerid"), at(body, "trigger", "id"), link.trigger);
    const subject = firstOf(
      at(body, "event", "name"),
      read("eventname"),
      at(body, "trigger", "name"),
      read("triggername", "trigger"),
      read("alertsubject", "subject", "title"),
      read("description"),
    );
    const name = present(subject?.replace(/^(Problem|Resolved|Updated problem)[^:]{0,40}:\s*/i, ""));
    const host = firstOf(at(body, "host", "visible_name"), at(body, "host", "name"), read("host", "hostname"));
    const key =
      (settings.key === "event" ? firstOf(event, trigger) : firstOf(trigger, event)) ??
      read("incidentkey", "alertuid") ??
      (host === null || name === null ? null : `problem-${digestOf(host, name)}`);
    if (key === null)
      throw new UnreadableError("neither event_id nor trigger_id, or macros nobody filled in: use the README's media type");
    const title = name ?? (trigger === null ? `Zabbix event ${key}` : `Zabbix trigger ${trigger}`);
    const { action, reason, notes } = meaning(body, read);
    if (action === "ignore") return [ignored("zabbix", key, title, reason)];
    const severity = severityOf(
      firstOf(
        read("eventnseverity", "nseverity", "eventseverity", "severity"),
        at(body, "event", "severity"),
        at(body, "trigger", "severity"),
        read("triggernseverity", "triggerseverity"),
      ),
      severities,
    );
    const url = read("zabbixurl");
    const ids = labelsOf({ event_id: event });
    return [
      alertOf({
        dedupKey: key,
        action,
        severity: severity.severity,
        title,
        body: read("alertmessage", "message", "description")?.replaceAll("\r\n", "\n") ?? "",
        labels: {
          ...ids,
          ...tagsOf(tagList(body["event_tags"] ?? body["tags"] ?? body["eventtags"])),
          ...ids,
          ...labelsOf({
            host,
            host_group: read("hostgroup"),
            item: at(body, "item", "key") ?? body["item"],
            value: at(body, "item", "value") ?? body["value"],
            trigger_id: trigger,
          }),
        },
        links: linksOf([
          [
            "Event",
            url === null || event === null || trigger === null
              ? link.href
              : `${url.replace(/\/+$/, "")}/tr_events.php?triggerid=${encodeURIComponent(trigger)}&eventid=${encodeURIComponent(event)}`,
          ],
          ["Source", body["link_to_upstream_details"]],
        ]),
        source: "zabbix",
        sourceAt: timeOf(action === "resolve" ? read("eventrecoverytimestamp", "recoverytimestamp") : read("eventtimestamp")),
        notes: [...notes, ...severity.notes],
      }),
    ];
  },
};

type Reader = (...names: readonly string[]) => string | null;

/** Media types name their parameters as they like: `event_id`, `eventid`, `EventId`. */
function reader(body: Fields): Reader {
  const fields = anySpelling(body);
  return (...names) => firstOf(...names.map((name) => fields[name]));
}

/** What a link to a problem's page says of it: `tr_events.php?triggerid=…&eventid=…`. */
function linkIn(href: string | null): {
  readonly href: string | null;
  readonly event: string | null;
  readonly trigger: string | null;
} {
  const url = href !== null && URL.canParse(href) ? new URL(href) : null;
  const id = (name: string): string | null => {
    const value = url?.searchParams.get(name) ?? "";
    return /^\d{1,20}$/.test(value) ? value : null;
  };
  return { href: url?.href ?? null, event: id("eventid"), trigger: id("triggerid") };
}

/** An update of a problem (EVENT.UPDATE.STATUS 1) acknowledges, or changes nothing here. */
function meaning(
  body: Fields,
  read: Reader,
): { readonly action: AlertAction; readonly reason: string; readonly notes: readonly string[] } {
  const update = firstOf(read("eventupdatestatus", "eventupdate", "updatestatus"), at(body, "event", "update_status"));
  const word = wordOf(
    firstOf(
      read("eventvalue"),
      at(body, "event", "status"),
      at(body, "details", "status"),
      at(body, "trigger", "status"),
      read("eventtype", "state", "status", "eventstatus", "triggerstatus"),
    ),
  );
  const known = word !== null && Object.hasOwn(states, word) ? states[word] : undefined;
  if (update === "1" && known !== "resolve") {
    // What this hub wrote into Zabbix comes back with its own message: it must not acknowledge what somebody gave back meanwhile.
    if (bearsMark(firstOf(read("eventupdatemessage"), at(body, "event", "update_message"))))
      return { action: "ignore", reason: "this hub's own update of the problem", notes: [] };
    return acknowledges(body, read)
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
function acknowledges(body: Fields, read: Reader): boolean {
  const done = firstOf(read("eventupdateaction"), at(body, "event", "update_action"));
  // "acknowledged", "acknowledged and commented", "acknowledged, changed severity from … and closed"; but "unacknowledged".
  if (done !== null) return /(?:^|,|\band)\s*acknowledged\b/i.test(done.slice(0, 500));
  return wordOf(firstOf(read("eventackstatus", "eventack"), at(body, "event", "ack_status"))) === "yes";
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
