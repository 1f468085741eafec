// Owns which alerts a connector writes back to: those of its sources, as their senders know them, and never those of the integration
// that made the event happen. That is half of what keeps two systems from answering each other for ever; the other half is that an
// echo changes nothing, because things already are as it says.

import type { Alert } from "./alert.ts";
import type { AlertRow, AlertSender, TimelineEntry } from "./incident.ts";
import { limits } from "./limits.ts";
import type { PostAlert } from "./post.ts";
import type { Connector, Id, WritesBack } from "./snapshot.ts";
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
  let bytes = 0;
  for (const [name, value] of Object.entries(labels)) {
    if (value.length > 256 || bytes + name.length + value.length > limits.post.senderLabelBytesMax) continue;
    bytes += name.length + value.length;
    kept[name] = value;
  }
  return { source, labels: kept, links: links.slice(0, 8) };
}

/** In groups of one post each; empty: the event is nothing to this connector. */
export function alertsFor(turn: Turn, { writesBack }: Connector, entry: TimelineEntry): readonly (readonly PostAlert[])[] {
  if (writesBack === undefined) return [[]];
  const { n } = episodeOf(turn);
  const found = Object.values(turn.alerts)
    .filter((row) => row.episode === n && isTold(row, writesBack, entry))
    .map(({ integration, dedupKey, firing, sender }): PostAlert => {
      const { source = "", labels = {}, links = [] } = sender ?? {};
      return { integration, source, dedupKey, firing, labels, links };
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
