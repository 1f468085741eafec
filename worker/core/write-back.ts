// Owns which alerts a connector writes back to: those of its sources, as their senders know them, and never those of the integration
// that made the event happen. That is half of what keeps two systems from answering each other for ever; the other half is that an
// echo changes nothing, because things already are as it says, and that one which comes late is known as an echo.

import type { Alert } from "./alert.ts";
import type { AlertRow, AlertSender, Status, TimelineEntry } from "./incident.ts";
import { limits } from "./limits.ts";
import type { IncidentEvent, Post, PostAlert } from "./post.ts";
import type { Connector, Echo, Id, WritesBack } from "./snapshot.ts";
import { episodeOf, type Turn } from "./turn.ts";

/** Whether any connector would write to an alert like this. */
export function isWrittenBack(turn: Turn, integration: Id | null, source: Id): boolean {
  return Object.values(turn.roster?.connectors ?? {}).some(
    ({ writesBack }) => writesBack !== undefined && reaches(writesBack, integration, source),
  );
}

/** What is kept of an alert for it; long labels, and those beyond the bound, are left out: it is ids that it is for. */
export function senderIn({ source, labels, links }: Alert): AlertSender {
  const kept: Record<string, string> = {};
  const all = Object.entries(labels);
  let bytes = 0;
  for (const [name, value] of all) {
    if (value.length > 256 || bytes + name.length + value.length > limits.post.senderLabelBytesMax) continue;
    bytes += name.length + value.length;
    kept[name] = value;
  }
  // At the bound of what is taken in nobody can tell whether there were more.
  const cut = all.length >= limits.alert.labelsMax || Object.keys(kept).length < all.length;
  return { source, labels: kept, links: links.slice(0, 8), ...(cut ? { cut } : {}) };
}

/** In groups of one post each; empty: the event is nothing to this connector. */
export function alertsFor(turn: Turn, { writesBack }: Connector, entry: TimelineEntry): readonly (readonly PostAlert[])[] {
  if (writesBack === undefined) return [[]];
  const { n } = episodeOf(turn);
  const found = Object.values(turn.alerts)
    .filter((row) => row.episode === n && isTold(row, writesBack, entry))
    .map(({ integration, dedupKey, firing, sender }): PostAlert => {
      const { source = "", labels = {}, links = [], cut = false } = sender ?? {};
      return { integration, source, dedupKey, firing, labels, links, ...(cut ? { cut } : {}) };
    });
  const groups: PostAlert[][] = [];
  for (let i = 0; i < found.length; i += limits.post.alertsMax) groups.push(found.slice(i, i + limits.post.alertsMax));
  return groups;
}

function isTold({ integration, sender }: AlertRow, writesBack: WritesBack, { actor }: TimelineEntry): boolean {
  if (sender === undefined || !reaches(writesBack, integration, sender.source)) return false;
  return !(actor.type === "integration" && actor.id === integration);
}

function reaches({ sources, integrations }: WritesBack, integration: Id | null, source: Id): boolean {
  if (!sources.includes(source)) return false;
  return integration !== null && (integrations === null || integrations.includes(integration));
}

const acknowledges = new Set<TimelineEntry["kind"]>(["acknowledged", "snoozed"]);
const triggers = new Set<TimelineEntry["kind"]>([
  "opened",
  "unacknowledged",
  "ack-timeout",
  "snooze-ended",
  "escalated",
  "reassigned",
  "promoted",
  "unmerged",
  "reopened",
]);

/** How the incident stands after a line of the record; several of one commit are walked in their order. `end`: after the last. */
export function statusAfter({ kind, data }: TimelineEntry, was: Status | null, end: Status): Status | null {
  if (data["undo"] === true) return end;
  if (acknowledges.has(kind)) return "acknowledged";
  if (triggers.has(kind)) return "triggered";
  return kind === "resolved" || kind === "auto-resolved" ? "resolved" : was;
}

/**
 * What a line of the record is to a sender: whether somebody has the incident, whatever brought it about (a snooze, the next level
 * asked for by hand, another assignee); not that a second person has seen it too. Null: nothing.
 */
export function standingOf(
  { kind }: TimelineEntry,
  { event, was, is }: { readonly event: IncidentEvent | null; readonly was: Status | null; readonly is: Status | null },
  on: readonly string[],
): IncidentEvent | null {
  if (kind === "reopened" && (is !== "acknowledged" || on.includes("reopened") || on.includes("*"))) return "reopened";
  // Its sender may still show it as taken, from before the merge.
  if (kind === "unmerged") return "unacknowledged";
  if (is === "acknowledged" && was !== "acknowledged") return "acknowledged";
  if (is === "triggered" && was === "acknowledged") return "unacknowledged";
  return event === "acknowledged" || event === "unacknowledged" ? null : event;
}

/**
 * Whether a sender's word is likely the echo of what a connector wrote to it: a try to tell it just that, of this alert, was begun a
 * moment ago. Asked only where the incident has moved on since, as an echo otherwise changes nothing.
 */
export function isEcho(turn: Turn, row: AlertRow, what: Echo): boolean {
  return Object.values(turn.posts).some((post) => {
    const { type, incident } = post.content;
    return (
      turn.roster?.connectors?.[post.connector]?.writesBack?.echoes?.includes(what) === true &&
      type === `incident.${what}` &&
      post.incident === turn.episode?.id &&
      turn.now - lastTryAt(post) <= limits.post.echoMs &&
      // It has fired again since: an end after that is a new one.
      !(what === "resolved" && row.firing && row.lastAt > lastTryAt(post)) &&
      incident.alerts?.some((alert) => alert.integration === row.integration && alert.dedupKey === row.dedupKey)
    );
  });
}

function lastTryAt({ status, attempt, dueAt, attempts }: Post): number {
  if (status === "sending") return Number.POSITIVE_INFINITY;
  return attempts.at(-1)?.at ?? (attempt > 0 ? dueAt : Number.NEGATIVE_INFINITY);
}
