// Owns what an event of PagerDuty's Events API means: version 2, version 1 and change events, told apart by their fields.

import {
  actionBy,
  alertOf,
  at,
  changeOf,
  commonSeverities,
  cut,
  digestOf,
  firstOf,
  ignored,
  isRecord,
  labelsOf,
  linksOf,
  listOf,
  present,
  recordOf,
  severityOf,
  timeOf,
  UnreadableError,
  type Alert,
  type AlertAction,
  type Change,
  type Link,
} from "../../sdk/index.ts";

const source = "pagerduty-events-v2";
const actions: Readonly<Record<string, AlertAction>> = { trigger: "trigger", acknowledge: "acknowledge", resolve: "resolve" };

/** Whether the event tells of a change: by its fields, as its address is not always known. */
export function isChange(payload: Readonly<Record<string, unknown>>): boolean {
  return (
    payload["event_action"] === undefined &&
    payload["event_type"] === undefined &&
    payload["service_key"] === undefined &&
    at(payload, "payload", "summary") !== undefined &&
    at(payload, "payload", "severity") === undefined
  );
}

/** One event as one alert. Throws UnreadableError for what is none. */
export function eventOf(payload: unknown): Alert {
  if (!isRecord(payload)) throw new UnreadableError("expected an event of PagerDuty's Events API: a JSON object");
  if (payload["event_type"] !== undefined || payload["service_key"] !== undefined) return version1(payload);
  if (isChange(payload)) return noAlert(payload);
  if (payload["event_action"] === undefined && payload["payload"] === undefined)
    throw new UnreadableError("expected event_action and payload, as the Events API v2 has them");
  return version2(payload);
}

/** A change tells what was deployed, not that anything is broken. */
export function noAlert(payload: Readonly<Record<string, unknown>>): Alert {
  const body = recordOf(payload["payload"]);
  const title = firstOf(body["summary"]) ?? "A change";
  return ignored(
    source,
    `change-${digestOf(JSON.stringify(payload))}`,
    title,
    `a change event: it pages nobody (${cut(title, 120)})`,
  );
}

/** The change that such an event tells of. Two of the same words at the same time are one. */
export function changeIn(payload: Readonly<Record<string, unknown>>): Change {
  const body = recordOf(payload["payload"]);
  return changeOf({
    summary: firstOf(body["summary"]) ?? "A change",
    body: isRecord(body["custom_details"]) ? "" : detailsText(body["custom_details"]),
    labels: labelsOf({ source: body["source"], ...own(body["custom_details"]) }),
    links: eventLinks(payload),
    source,
    sourceAt: timeOf(body["timestamp"]),
  });
}

function version2(payload: Readonly<Record<string, unknown>>): Alert {
  const body = recordOf(payload["payload"]);
  const { action, notes } = actionBy(payload["event_action"], actions, "event_action");
  const level = severityOf(body["severity"], commonSeverities);
  const [summary, from] = [present(body["summary"]), present(body["source"])];
  return alertOf({
    dedupKey: keyText(payload["dedup_key"]) ?? `event-${digestOf(summary ?? "", from ?? "", present(body["component"]) ?? "")}`,
    action,
    severity: level.severity,
    title: summary ?? `${keyText(payload["dedup_key"]) ?? "An event"}: ${action}`,
    body: detailsText(body["custom_details"]),
    labels: {
      ...labelsOf(own(body["custom_details"])),
      ...labelsOf({
        source: body["source"],
        component: body["component"],
        group: body["group"],
        class: body["class"],
        client: payload["client"],
        severity: body["severity"],
      }),
    },
    links: eventLinks(payload),
    source,
    // An end counts when it comes, whatever time it gives, as it does there.
    sourceAt: action === "trigger" ? timeOf(body["timestamp"]) : null,
    notes: [...notes, ...level.notes],
  });
}

function eventLinks(payload: Readonly<Record<string, unknown>>): Link[] {
  return linksOf([
    ...listOf(payload["links"]).map((link) => [firstOf(at(link, "text"), at(link, "href")) ?? "Link", at(link, "href")] as const),
    ...listOf(payload["images"]).flatMap((image) => [
      [firstOf(at(image, "alt")) ?? "Image", firstOf(at(image, "href"), at(image, "src"))] as const,
    ]),
    [present(payload["client"]) ?? "Source", payload["client_url"]],
  ]);
}

function version1(payload: Readonly<Record<string, unknown>>): Alert {
  const { action, notes } = actionBy(payload["event_type"], actions, "event_type");
  const description = present(payload["description"]);
  const contexts = listOf(payload["contexts"]);
  return alertOf({
    dedupKey: keyText(payload["incident_key"]) ?? `event-${digestOf(description ?? "")}`,
    action,
    severity: severityOf(at(payload, "details", "severity"), commonSeverities).severity,
    title: description ?? `${keyText(payload["incident_key"]) ?? "An event"}: ${action}`,
    body: detailsText(payload["details"]),
    labels: labelsOf({ client: payload["client"], ...own(payload["details"]) }),
    links: linksOf([
      ...contexts.map(
        (each) =>
          [
            firstOf(at(each, "text"), at(each, "alt"), at(each, "type")) ?? "Link",
            firstOf(at(each, "href"), at(each, "src")),
          ] as const,
      ),
      [present(payload["client"]) ?? "Source", payload["client_url"]],
    ]),
    source,
    notes,
  });
}

/** Fields that the sender named itself; some send a text where the others send an object. */
function own(details: unknown): Readonly<Record<string, unknown>> {
  return isRecord(details) ? details : {};
}

function detailsText(details: unknown): string {
  if (!isRecord(details)) return present(details) ?? "";
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n");
}

/** A sender's own key, to the letter: also one that looks like a placeholder. Null: none, or a blank one. */
export function keyText(value: unknown): string | null {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" ? text : null;
}
