// Owns what a connector is given: one event of an incident, frozen when it happened. Shared by core and the plugin SDK; holds no
// behaviour.

import type { Link } from "./alert.ts";
import type { Actor, Attempt, Status } from "./incident.ts";
import type { Id, Urgency } from "./snapshot.ts";

/** What `on` of a connector may name. */
export const incidentEvents = [
  "opened",
  "reopened",
  "held",
  "suppressed",
  "promoted",
  "acknowledged",
  "unacknowledged",
  "escalated",
  "reassigned",
  "responders",
  "responded",
  "severity",
  "urgency",
  "snoozed",
  "snooze-ended",
  "note",
  "sla-warning",
  "sla-breached",
  "exhausted",
  "fallback",
  "coverage-gap",
  "merged",
  "unmerged",
  "resolved",
] as const;
export type IncidentEvent = (typeof incidentEvents)[number];

/** `on` of a connector that writes back and says nothing else. */
export const writtenBackByDefault = ["acknowledged", "unacknowledged", "resolved"] as const satisfies readonly IncidentEvent[];

/** The frozen content of one post, the same on every try. */
export interface PostContent {
  readonly post: string;
  /** "incident.acknowledged" */
  readonly type: `incident.${IncidentEvent}`;
  /** Epoch ms of the intent. */
  readonly sentAt: number;
  readonly tenant: { readonly id: Id; readonly name: string };
  /** The line of the timeline it comes from; `seq` rises within the incident, as its posts do. */
  readonly event: {
    readonly seq: number;
    readonly at: number;
    readonly kind: string;
    readonly actor: Actor;
    readonly reason: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
  /** As it stood after the event. */
  readonly incident: {
    readonly id: string;
    readonly title: string;
    readonly body: string;
    readonly status: Status;
    readonly severity: string;
    readonly urgency: Urgency;
    readonly source: Id;
    readonly policy: Id | null;
    readonly labels: Readonly<Record<string, string>>;
    readonly links: readonly Link[];
    readonly openedAt: number;
    readonly acknowledgedBy: string | null;
    readonly acknowledgedAt: number | null;
    readonly snoozedUntil: number | null;
    readonly resolvedAt: number | null;
    readonly assignees: readonly Id[];
    /** 1-based. */
    readonly step: number;
    readonly round: number;
    readonly test: boolean;
    /** For a connector that writes back: those it may write to, never those of the integration that made the event happen. Else none. */
    readonly alerts: readonly PostAlert[];
  };
  readonly service: { readonly id: Id; readonly name: string; readonly runbook: string | null } | null;
}

/** One alert as the system that sent it knows it. */
export interface PostAlert {
  readonly integration: Id | null;
  readonly source: Id;
  readonly dedupKey: string;
  /** False: its source said that it is over. */
  readonly firing: boolean;
  /** As the source's plugin read them, the newest. */
  readonly labels: Readonly<Record<string, string>>;
  readonly links: readonly Link[];
  /** Labels were left out for their length: what the others name may be more than this alert. */
  readonly cut?: boolean;
}

/** On its way out: with the links made for this try. */
export interface OutgoingPost extends PostContent {
  readonly links: { /** The incident in this hub's API. */ readonly incident: string };
}

export type PostStatus =
  /** waits for its time, for the one before it, or for a free place */
  | "pending"
  | "sending"
  | "accepted"
  | "delivered"
  /** outcome lost, and no further copy allowed */
  | "unknown"
  | "failed"
  | "expired"
  /** a state that another one overtook before it was written */
  | "cancelled";

/** One event for one connector. */
export interface Post {
  readonly kind: "connector";
  readonly id: string;
  readonly seq: number;
  readonly incident: string;
  readonly connector: Id;
  readonly status: PostStatus;
  readonly dueAt: number;
  readonly nextAt: number | null;
  readonly leaseUntil: number | null;
  readonly attempt: number;
  readonly lost: number;
  readonly ref: string | null;
  readonly attempts: readonly Attempt[];
  readonly content: PostContent;
}
