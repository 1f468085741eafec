// Owns the canonical change: what somebody deployed, released or altered, told beside alerts. It pages nobody and moves no incident;
// whoever is paged is shown those from just before. Holds which time around an incident is looked through, and how changes are named.

import type { Alert, Link } from "./alert.ts";
import { hashOf, timeText } from "./ids.ts";
import { limits } from "./limits.ts";
import type { Id } from "./snapshot.ts";

/** One change as its source means it. */
export interface Change {
  /** The same when the sender tells of one change again (it began, it is done); null: each telling is a change of its own. */
  readonly dedupKey: string | null;
  readonly summary: string;
  readonly body: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly links: readonly Link[];
  /** The source plugin's id. */
  readonly source: string;
  /** A service of the tenant's, where the sender names one; otherwise the routes say, or the integration. */
  readonly service: string | null;
  /** Epoch ms of the sender's own time; null when it says none. */
  readonly sourceAt: number | null;
}

const tailChars = 26;

/** Which change it is, of all of a tenant's. `unique`: where nothing of the sender's tells it from another. */
export function changeKey(integration: Id, change: Change, unique: string): string {
  const { dedupKey, sourceAt, summary, labels, links } = change;
  if (dedupKey !== null) return hashOf(["change", integration, dedupKey], tailChars);
  // The same words with the same time of the sender's are the same telling, sent twice.
  const own = sourceAt === null ? [unique] : [sourceAt, summary, JSON.stringify(labels), JSON.stringify(links)];
  return hashOf(["change", integration, "", ...own], tailChars);
}

/** Sorts by when it was. */
export function changeId(at: number, key: string): string {
  return `chg_${timeText(at)}${key}`;
}

/** Ids from this instant on. */
export function changesFrom(at: number): string {
  return `chg_${timeText(Math.max(0, at))}`;
}

/** When it was. A clock that runs ahead puts nothing into the future, where no incident would find it. */
export function changedAt({ sourceAt }: Pick<Change, "sourceAt">, receivedAt: number): number {
  return sourceAt === null || sourceAt > receivedAt || sourceAt <= 0 ? receivedAt : sourceAt;
}

/** What the routes are asked with: a change has the words of an alert, and only its service is taken from the answer. */
export function asAlert({ summary, body, labels, links, source, sourceAt }: Change): Alert {
  return {
    dedupKey: "change",
    action: "trigger",
    severity: "info",
    title: summary,
    body,
    labels,
    links,
    source,
    sourceAt,
    test: false,
  };
}

/** The time around an incident's beginning in which a change may have to do with it, epoch ms; `to` is not part of it. */
export function around(openedAt: number): { readonly from: number; readonly to: number } {
  return { from: openedAt - limits.changes.beforeMs, to: openedAt + limits.changes.afterMs };
}
