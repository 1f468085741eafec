// Owns the plain JSON source: fields by simple dotted paths, with names most tools use as the default.

import * as z from "zod";
import {
  alertOf,
  anyCase,
  changeOf,
  commonSeverities,
  cut,
  digestOf,
  firstOf,
  ignored,
  isRecord,
  linksOf,
  present,
  severityOf,
  tagsOf,
  timeOf,
  UnreadableError,
  verifyHmac,
  verifyShared,
  verifyStandardWebhook,
  wordOf,
  type Alert,
  type AlertAction,
  type Change,
  type SourceManifest,
  type SourcePlugin,
  readEach,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const path = z.string().regex(/^[A-Za-z0-9_$-]+(\.[A-Za-z0-9_$-]+){0,15}$/, "a dotted path such as event.host.name");
const words = z.array(z.string().toLowerCase()).max(64);
const config = z.strictObject({
  alerts: path.optional().describe("Where the list of alerts stands; without it the body is one alert or a list"),
  fields: z
    .strictObject({ dedupKey: path, action: path, severity: path, title: path, body: path, labels: path, link: path, at: path })
    .partial()
    .default({})
    .describe("Where each field stands, by dotted path"),
  resolveWords: words.default([
    "resolve",
    "resolved",
    "ok",
    "recovered",
    "recovery",
    "close",
    "closed",
    "up",
    "online",
    "normal",
    "clear",
    "cleared",
    "inactive",
    "deactivated",
    "passing",
    "healthy",
    "success",
    "0",
  ]),
  acknowledgeWords: words.default(["acknowledge", "acknowledged", "ack"]),
  signatureHeader: z
    .string()
    .toLowerCase()
    .optional()
    .describe("Header that holds HMAC-SHA256 of the raw body, hex or base64, sha256= allowed before it; demands a secret"),
  standardWebhooks: z
    .boolean()
    .default(false)
    .describe("The sender signs by Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature)"),
});
type Config = z.infer<typeof config>;

/** In this order; the canonical names of ours first. In any letter case, at the top or one level below these. */
const names = {
  dedupKey: [
    "dedupkey",
    "dedup_key",
    "alias",
    "alert_uid",
    "incident_key",
    "fingerprint",
    "key",
    "id",
    "alert_id",
    "alertid",
    "event_id",
    "monitor_id",
  ],
  action: [
    "action",
    "status",
    "state",
    "event_type",
    "event_action",
    "monitor_status",
    "alert_status",
    "alertstatusstring",
    "alert_state",
    "current_state",
    "alert_type",
  ],
  severity: ["severity", "priority", "urgency", "level", "importance", "alert_severity", "alertseveritystring"],
  title: [
    "title",
    "summary",
    "alertname",
    "alert_name",
    "subject",
    "name",
    "monitor_name",
    "check_name",
    "rule_name",
    "message",
    "description",
    "text",
  ],
  body: ["body", "details", "description", "message", "text"],
  labels: ["labels", "tags", "custom_details"],
  link: ["link", "url", "html_url", "link_to_upstream_details", "source_url", "client_url"],
  at: ["at", "timestamp", "time", "created_at", "triggered_at", "started_at", "date"],
} as const;
const below = ["alert", "event", "incident", "data", "check", "monitor", "issue"];
const firing = new Set(
  "trigger triggered create created open opened new fire firing alert alerting active activated problem down offline critical error warning failed failing".split(
    " ",
  ),
);
/** As the last part of a dotted kind of event; "closed" only of what can be a problem. */
const dottedEnds = new Set(["resolved", "recovered", "recovery"]);
const closable = new Set(["incident", "alert", "problem", "issue"]);
/** Titles of the rule alone: each host that it looks at may have a problem of its own. */
const ruleNames = new Set(["monitor_name", "check_name", "rule_name"]);

export const plugin: SourcePlugin<Config> = {
  manifest: manifest as SourceManifest,
  config: config,
  verify(request, { secret, now, config: { signatureHeader, standardWebhooks } }) {
    if (signatureHeader === undefined && !standardWebhooks) return verifyShared(request, secret);
    if (secret === null) return { ok: false, reason: "the config demands a signature, yet the integration has no secret" };
    if (standardWebhooks) return verifyStandardWebhook(request, { secret, now });
    return verifyHmac(secret, request.headers[signatureHeader ?? ""], request.body);
  },
  normalize({ payload, config: settings }) {
    return readEach(itemsOf(payload, settings), (each, i) => one(each, i, settings));
  },
  changes({ payload, config: settings }) {
    return itemsOf(payload, settings).flatMap((each) => {
      const told = changeIn(each, settings);
      return told === null ? [] : [changeFrom(told)];
    });
  },
};

type Field = keyof typeof names;

function itemsOf(payload: unknown, { alerts }: Config): readonly unknown[] {
  const found = alerts === undefined ? payload : valueAt(payload, alerts);
  return Array.isArray(found) ? found : [found];
}

/** An item that is nothing but `change` is none of a sender's alerts, unless the integration says where their fields stand. */
function changeIn(each: unknown, { fields }: Config): Readonly<Record<string, unknown>> | null {
  if (Object.keys(fields).length > 0 || !isRecord(each) || Object.keys(each).length !== 1 || !isRecord(each["change"]))
    return null;
  const told = anyCase(each["change"]);
  return firstOf(told["summary"], told["title"]) === null ? null : told;
}

function changeFrom(told: Readonly<Record<string, unknown>>): Change {
  const links = Array.isArray(told["links"]) ? told["links"] : [];
  return changeOf({
    dedupKey: firstOf(told["dedupkey"], told["dedup_key"], told["id"]),
    summary: firstOf(told["summary"], told["title"]) ?? "",
    body: firstOf(told["body"], told["description"]) ?? "",
    labels: tagsOf(told["labels"] ?? told["details"] ?? told["custom_details"] ?? told["tags"]),
    links: linksOf([
      ...links.map((link: unknown) =>
        isRecord(link) ? ([firstOf(link["text"], link["href"]) ?? "Link", link["href"]] as const) : (["Link", link] as const),
      ),
      ["Link", told["link"] ?? told["url"]],
    ]),
    service: firstOf(told["service"]),
    source: "generic",
    sourceAt: timeOf(told["at"] ?? told["timestamp"] ?? told["time"]),
  });
}

function one(each: unknown, i: number, settings: Config): Alert {
  const { fields, resolveWords, acknowledgeWords } = settings;
  if (!isRecord(each)) throw new UnreadableError(`alert ${i + 1} is not a JSON object`);
  const told = changeIn(each, settings);
  if (told !== null) {
    const summary = firstOf(told["summary"], told["title"]) ?? "";
    return ignored("generic", null, summary, `a change: it pages nobody (${cut(summary, 120)})`);
  }
  const top = anyCase(each);
  const levels = [top, ...below.flatMap((name) => (isRecord(top[name]) ? [anyCase(top[name])] : []))];
  const read = (field: Field): unknown => {
    const mapped = fields[field];
    return mapped === undefined ? firstKnown(levels, names[field]) : valueAt(each, mapped);
  };
  const given = firstOf(read("dedupKey")) ?? hostAndService(top);
  const title = firstOf(read("title")) ?? given;
  if (title === null)
    throw new UnreadableError(`alert ${i + 1} has neither a title nor a dedupKey: map them in the integration's config.fields`);
  const { severity, notes } = severityOf(read("severity"), commonSeverities);
  const { action, note } = actionOf(
    wordOf(read("action")) ?? (fields.action === undefined ? lastOf(top["event"] ?? top["type"], settings) : null),
    resolveWords,
    acknowledgeWords,
  );
  const body = firstOf(read("body")) ?? "";
  return alertOf({
    // No key given: the title is the identity, so that a resolve with the same title closes it.
    dedupKey: given ?? `title-${digestOf(title, ...(fields.title === undefined ? hostOfCheck(levels) : []))}`,
    action,
    severity,
    title,
    body: body === title ? "" : body,
    labels: tagsOf(read("labels")),
    links: linksOf([["Source", read("link")]]),
    source: "generic",
    sourceAt: timeOf(read("at")),
    test: top["test"] === true,
    notes: note === null ? notes : [...notes, note],
  });
}

/**
 * "incident.resolved": of a dotted kind of event the last part says what became of it. A plain word there may mean anything, and so may most
 * words that end something: "connection.closed" is no end of a problem.
 */
function lastOf(kind: unknown, { resolveWords, acknowledgeWords }: Config): string | null {
  const [, before, last] = /^(?:[a-z0-9_-]+\.)*([a-z0-9_-]+)\.([a-z]+)$/.exec(wordOf(kind)?.slice(0, 200) ?? "") ?? [];
  if (before === undefined || last === undefined) return null;
  const ends = dottedEnds.has(last) || (last === "closed" && closable.has(before));
  return resolveWords.includes(last) && !ends && !acknowledgeWords.includes(last) ? null : last;
}

/** No word at all is a plain "something happened"; a word that nobody knows is taken as firing, and said so. */
function actionOf(
  word: string | null,
  resolveWords: readonly string[],
  acknowledgeWords: readonly string[],
): { readonly action: AlertAction; readonly note: string | null } {
  if (word === null) return { action: "trigger", note: null };
  if (resolveWords.includes(word)) return { action: "resolve", note: null };
  if (acknowledgeWords.includes(word)) return { action: "acknowledge", note: null };
  return { action: "trigger", note: firing.has(word) ? null : `status "${cut(word, 64)}" is unknown: taken as firing` };
}

type Levels = readonly Readonly<Record<string, unknown>>[];

/** What the first of the levels has under the first of the names; an object is no value unless it holds labels. */
function firstKnown(levels: Levels, wanted: readonly string[]): unknown {
  return foundIn(levels, wanted)?.value;
}

function foundIn(levels: Levels, wanted: readonly string[]): { readonly name: string; readonly value: unknown } | null {
  for (const level of levels)
    for (const name of wanted) {
      const value = level[name];
      if (present(value) !== null || (wanted === names.labels && typeof value === "object" && value !== null))
        return { name, value };
    }
  return null;
}

/** The host beside a title that is the name of a check, a rule or a monitor; none beside any other title. */
function hostOfCheck(levels: Levels): readonly string[] {
  if (!ruleNames.has(foundIn(levels, names.title)?.name ?? "")) return [];
  const host = firstOf(firstKnown(levels, ["host", "hostname", "instance"]));
  return host === null ? [] : [host];
}

/** Monitoring that knows only hosts and services (Riemann and others): together they are the identity. */
function hostAndService(top: Readonly<Record<string, unknown>>): string | null {
  const [host, service] = [present(top["host"]), present(top["service"])];
  return host === null || service === null ? null : `${host}/${service}`;
}

function valueAt(value: unknown, dotted: string): unknown {
  let found = value;
  for (const name of dotted.split(".")) {
    if (Array.isArray(found) && /^\d+$/.test(name)) found = found[Number(name)];
    else if (isRecord(found) && Object.hasOwn(found, name)) found = found[name];
    else return undefined;
  }
  return found;
}
