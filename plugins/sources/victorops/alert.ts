// Owns what one alert of Splunk On-Call's REST endpoint means: flat fields, with dots in the names of annotations.

import {
  actionBy,
  alertOf,
  cut,
  digestOf,
  firstOf,
  ignored,
  isRecord,
  labelsOf,
  linksOf,
  present,
  timeOf,
  UnreadableError,
  wordOf,
  type Alert,
  type AlertAction,
  type Severity,
} from "../../sdk/index.ts";

const source = "victorops";
const actions: Readonly<Record<string, AlertAction>> = {
  critical: "trigger",
  warning: "trigger",
  info: "ignore",
  acknowledgement: "acknowledge",
  acknowledgment: "acknowledge",
  recovery: "resolve",
};
const severities: Readonly<Record<string, Severity>> = { critical: "critical", warning: "warning", info: "info" };
const ownFields = new Set(["message_type", "entity_id", "entity_display_name", "state_message", "state_start_time", "timestamp"]);
const annotation = /^vo_annotate\.([usi])\.(.+)$/;

/** Throws UnreadableError for a body without a message_type. */
export function alertFrom(payload: unknown): Alert {
  if (!isRecord(payload)) throw new UnreadableError("expected one alert as a JSON object");
  const word = wordOf(payload["message_type"]);
  if (word === null) throw new UnreadableError("Missing fields: message_type");
  if (/^\{\{.*\}\}$/.test(entityOf(payload)?.trim() ?? ""))
    throw new UnreadableError("entity_id is a template's variable that nobody filled in");
  const display = firstOf(payload["entity_display_name"], payload["entity_id"]);
  const message = present(payload["state_message"]) ?? "";
  const dedupKey = entityOf(payload) ?? `entity-${digestOf(display ?? "", display === null ? message : "")}`;
  const { action, notes } = actionBy(word, actions, "message_type");
  const title = display ?? (message === "" ? dedupKey : message);
  if (action === "ignore")
    return ignored(source, dedupKey, title, `an INFO is for the timeline and pages nobody (${cut(title, 120)})`);
  const annotations = Object.entries(payload).flatMap(([name, value]) => {
    const found = annotation.exec(name);
    return found === null ? [] : [{ kind: found[1] ?? "", name: found[2] ?? "", value }];
  });
  const texts = annotations.filter(({ kind }) => kind === "s").map(({ name, value }) => `${name}: ${present(value) ?? ""}`);
  const rest = Object.entries(payload).filter(([name]) => !ownFields.has(name) && !annotation.test(name));
  return alertOf({
    dedupKey,
    action,
    severity: severities[word] ?? "unknown",
    title,
    body: [message, ...texts].filter((text) => text !== "").join("\n\n"),
    labels: labelsOf(Object.fromEntries(rest)),
    links: linksOf([
      ...annotations.filter(({ kind }) => kind !== "s").map(({ name, value }) => [name, value] as const),
      ["Alert", payload["alert_url"]],
    ]),
    source,
    // An end counts when it comes, whatever time it gives.
    sourceAt: action === "trigger" ? (timeOf(payload["state_start_time"]) ?? timeOf(payload["timestamp"])) : null,
    notes,
  });
}

/** The sender's entity, to the letter; null: it leaves it to the product. */
export function entityOf(payload: Readonly<Record<string, unknown>>): string | null {
  const value = payload["entity_id"];
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" ? text : null;
}
