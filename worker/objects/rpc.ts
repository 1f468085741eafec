// Owns the messages between the Worker and the objects. Additive only: Worker and object may run different versions for a while.

import type { AlertResult, Command, ReceivedAlert, Reply } from "../core/event.ts";
import type { Decision } from "../core/decision.ts";
import type { Actor, Delivery, Episode, Identity, AlertRow, TimelineEntry } from "../core/incident.ts";
import type { PendingItem } from "../core/forecast.ts";
import type { Roster } from "../core/roster.ts";
import type { Id } from "../core/snapshot.ts";

export interface ReceiveInput {
  readonly v: 1;
  readonly identity: Identity;
  readonly alerts: readonly ReceivedAlert[];
  readonly decision: Decision;
  readonly roster: Roster;
  /** The body as it came, kept with a new incident (cut at limits.ingest.rawKeptBytesMax). */
  readonly raw: string | null;
}
export interface ReceiveAnswer {
  readonly results: readonly AlertResult[];
}

export interface CommandInput {
  readonly v: 1;
  readonly identity: Identity;
  readonly incident: string;
  readonly commandId: string | null;
  readonly actor: Actor;
  readonly command: Command;
  readonly roster: Roster | null;
}
export type CommandAnswer = Extract<Reply, { kind: "done" } | { kind: "refused" }>;

/** Everything about the present (or last) episode, as it stands in the object: the truth that D1 lists project. */
export interface IncidentView {
  readonly episode: Episode;
  readonly alerts: readonly AlertRow[];
  readonly deliveries: readonly Delivery[];
  readonly pending: readonly PendingItem[];
  /** Who would be "current" for the responder's page: names by user id. */
  readonly names: Readonly<Record<Id, string>>;
}

export interface TimelineQuery {
  readonly incident: string;
  readonly after: number;
  readonly limit: number;
}
export interface TimelinePage {
  readonly items: readonly TimelineEntry[];
  readonly more: boolean;
}

/** What a poke found: when the watch should look again (null: nothing open), how late the oldest due work was. */
export interface PokeAnswer {
  readonly checkAfter: number | null;
  readonly overdueMs: number;
  readonly healed: boolean;
  readonly unflushed: number;
}

export interface SweepReport {
  readonly shard: string;
  readonly open: number;
  readonly poked: number;
  readonly overdue: number;
  readonly healed: number;
  readonly unreachable: number;
}

/** One message of the simulated phone. */
export interface InboxMessage {
  readonly at: number;
  readonly delivery: string;
  readonly user: Id;
  readonly contact: Id;
  readonly incident: string;
  readonly title: string;
  readonly severity: string;
  readonly service: Id | null;
  readonly reason: string;
  readonly step: number;
  readonly round: number;
  readonly link: string;
}

/** Where an ingest key leads. */
export interface KeyEntry {
  readonly tenant: Id;
  readonly integration: Id;
  readonly jurisdiction: string | null;
}
