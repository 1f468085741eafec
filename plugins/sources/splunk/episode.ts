// Owns an ITSI episode as ITSI's webhook sends it: the newest row of its index of episodes, all of it texts.

import {
  actionBy,
  alertOf,
  firstOf,
  labelsOf,
  linksOf,
  severityOf,
  timeOf,
  type Alert,
  type AlertAction,
  type Severity,
} from "../../sdk/index.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface EpisodeReading {
  readonly resolveStatuses: readonly string[];
  readonly acknowledgeStatuses: readonly string[];
}

/** ITSI's own numbers and words; an organization may have others. */
const statuses: Readonly<Record<string, AlertAction>> = {
  "0": "trigger",
  unassigned: "trigger",
  unknown: "trigger",
  "1": "trigger",
  new: "trigger",
  "2": "trigger",
  "in progress": "trigger",
  "3": "trigger",
  pending: "trigger",
};

const severities: Readonly<Record<string, Severity>> = {
  "6": "critical",
  critical: "critical",
  "5": "error",
  high: "error",
  "4": "warning",
  medium: "warning",
  "3": "info",
  low: "info",
  "2": "info",
  normal: "info",
  "1": "info",
  info: "info",
};

/** A saved search's webhook has none of an episode's fields beside its `result`. */
export function isEpisode(payload: Fields): boolean {
  return firstOf(payload["itsi_group_id"]) !== null && payload["result"] === undefined;
}

/** Of the event that came last in it only what the episode does not say itself: an event's status is not the episode's. */
export function episodeAlert(row: Fields, reading: EpisodeReading): Alert {
  const id = firstOf(row["itsi_group_id"]) ?? "";
  const { action, notes } = actionBy(
    row["itsi_group_status"],
    {
      ...statuses,
      ...Object.fromEntries(reading.acknowledgeStatuses.map((each) => [each, "acknowledge" as const])),
      ...Object.fromEntries(reading.resolveStatuses.map((each) => [each, "resolve" as const])),
    },
    "itsi_group_status",
  );
  const severity = severityOf(firstOf(row["itsi_group_severity"], row["severity"]), severities);
  return alertOf({
    dedupKey: `episode/${id}`,
    action,
    severity: severity.severity,
    title: firstOf(row["itsi_group_title"], row["title"]) ?? `ITSI episode ${id}`,
    body: firstOf(row["itsi_group_description"], row["description"]) ?? "",
    labels: labelsOf({
      episode: id,
      status: firstOf(row["itsi_group_status"]),
      owner: firstOf(row["itsi_group_assignee"], row["owner"]),
      policy: firstOf(row["itsi_policy_id"]),
      services: firstOf(row["itsi_service_ids"], row["service_ids"]),
      event: firstOf(row["event_id"]),
      host: firstOf(row["host"]),
      source: firstOf(row["source"]),
      search: firstOf(row["search_name"]),
    }),
    links: linksOf([["Drilldown", row["drilldown_uri"]]]),
    source: "splunk",
    sourceAt: timeOf(row["_time"]),
    notes: [...notes, ...severity.notes],
  });
}
