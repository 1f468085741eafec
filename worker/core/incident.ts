// Owns the state of one incident object: the types that step() reads and returns. Plain data, stored as JSON rows.
// The object outlives its incidents: an *episode* runs from open to resolved under one incident id.

import type { Link, Severity } from "./alert.ts";
import type { Decision } from "./decision.ts";
import type { Inhibition } from "./inhibition.ts";
import type { Mute } from "./mute.ts";
import type { Outcome, Page, PageReason, Told } from "./page.ts";
import type { Post } from "./post.ts";
import type { Roster } from "./roster.ts";
import type { SlaState } from "./sla-clock.ts";
import type { Id, Policy, Urgency } from "./snapshot.ts";

export type Status = "held" | "suppressed" | "triggered" | "acknowledged" | "resolved" | "merged";

export interface Actor {
  readonly type: "user" | "integration" | "system" | "link" | "provider";
  readonly id: string;
}

/** One line of the record. `seq` rises within the object and never repeats; `reason` is a sentence for a human. */
export interface TimelineEntry {
  readonly seq: number;
  readonly incident: string;
  readonly at: number;
  readonly kind: TimelineKind;
  readonly actor: Actor;
  readonly reason: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type TimelineKind =
  | "opened"
  | "reopened"
  | "alert"
  | "replayed"
  | "alert-resolved"
  | "stale"
  | "orphan"
  | "responded"
  | "rule-failed"
  | "held"
  | "suppressed"
  | "unmuted"
  | "flapping"
  | "promoted"
  | "step"
  | "step-empty"
  | "step-skipped"
  | "step-waits"
  | "step-retry"
  | "policy-started"
  | "repeat"
  | "exhausted"
  | "coverage-gap"
  | "fallback"
  | "direct-timeout"
  | "paged"
  | "paged-already"
  | "sent"
  | "bundled"
  | "delivered"
  | "send-failed"
  | "send-retry"
  | "send-unknown"
  | "send-expired"
  | "acknowledged"
  | "ack-partial"
  | "unacknowledged"
  | "ack-timeout"
  | "snoozed"
  | "snooze-ended"
  | "reassigned"
  | "responders"
  | "escalated"
  | "severity"
  | "urgency"
  | "sla"
  | "sla-warning"
  | "sla-breached"
  | "note"
  | "resolved"
  | "auto-resolved"
  | "merged"
  | "unmerged"
  | "absorbed"
  | "released"
  | "posted"
  | "post-retry"
  | "post-failed"
  | "post-expired"
  | "post-unknown"
  | "post-overtaken";

/** One alert inside the incident, by (integration, dedup key). Its own row: a repeat writes only this. */
export interface AlertRow {
  readonly key: string;
  readonly seq: number;
  readonly episode: number;
  readonly integration: Id | null;
  readonly dedupKey: string;
  readonly title: string;
  readonly severity: Severity;
  readonly firing: boolean;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** The source's own last word about this alert (trigger or resolve), for the out-of-order guard. */
  readonly sourceAt: number | null;
  /** Firing until then unless its source renews it. Absent: until the source says so. */
  readonly expiresAt?: number | null;
  readonly seen: readonly string[];
  /** The merged incident it came with. */
  readonly from?: string;
  /** What it mutes while it fires. */
  readonly inhibits?: readonly Inhibition[];
  /** It stands for bodies that nobody could read, `count` of them. */
  readonly unreadable?: true;
  /** As its source last told it; only where a connector writes back to that source. */
  readonly sender?: AlertSender;
}

export interface AlertSender {
  readonly source: Id;
  readonly labels: Readonly<Record<string, string>>;
  readonly links: readonly Link[];
  /** Labels were left out for their length. */
  readonly cut?: boolean;
}

/** Where the incident stands on its policy's ladder. */
export interface Ladder {
  /**
   * step: a step is out and its time runs · waiting: between two passes, or (with `entering`) for business hours ·
   * picking: the next step waits a moment to hear whose turn it is · exhausted: everybody was paged, somebody was reached · uncovered: nobody was reached at all, tried
   * again each minute · direct: assigned by hand, safety net runs · stopped: acknowledged, low urgency after step 1, or
   * not paging.
   */
  readonly phase: "step" | "waiting" | "picking" | "exhausted" | "uncovered" | "direct" | "stopped";
  /** 0-based index into policy.steps of the present (or last) step. */
  readonly step: number;
  /** 0-based pass. */
  readonly round: number;
  readonly enteredAt: number;
  /** When the phase ends by itself; null: it does not. */
  readonly dueAt: number | null;
  /** Index into Episode.runs from which this step's people are counted (reachability). */
  readonly firstRun: number;
  /** The present step's next repeat, and how many are left after it; absent: none. */
  readonly retry?: { readonly at: number; readonly left: number } | null;
  /** waiting, picking: the step that waits; and who has been drawn for it so far, by team. */
  readonly entering?: Entering | null;
}

/** A step on its way in. */
export interface Entering {
  readonly step: number;
  readonly round: number;
  /** People paged with the step whatever it says: the one who had acknowledged. */
  readonly also?: readonly Id[];
  /** A repeated try while nobody is reachable: says nothing about what is still empty. */
  readonly quiet?: boolean;
  /** Whose turn it is, by team, as the pointer said; null: it did not say, one is drawn. Absent: not asked. */
  readonly picks?: Readonly<Record<Id, Id | null>>;
}

/** A policy that runs beside the incident's own: started by a step, a route or a warning. */
export interface BesideLadder extends Ladder {
  /** 1, 2 …; 0 is the incident's own ladder. */
  readonly n: number;
  readonly policy: Policy;
  /** Why it runs, for the people it pages: "step 2 of payments", "SLA enterprise is at risk". */
  readonly cause: string;
  /** The same as data. Absent in what older versions wrote. */
  readonly told?: Told;
  /** Somebody already had the incident when it was started: that acknowledgment does not stop it, a newer one does. */
  readonly despiteAck: boolean;
}

/** One person's notification rules, started: who, why, and what is still to come. Rules already used are gone. */
export interface Run {
  readonly n: number;
  readonly epoch: number;
  /** The ladder it belongs to; absent: the incident's own. */
  readonly ladder?: number;
  readonly user: Id;
  readonly startedAt: number;
  /** ladder: part of the present step, counts for "was anybody reachable" · aside: a responder asked by hand. */
  readonly part: "ladder" | "aside";
  readonly reason: PageReason;
  readonly rules: readonly { readonly at: number; readonly contact: Id; readonly n: number }[];
}

export type DeliveryStatus =
  /** waits for its time or a free place */
  | "pending"
  /** claimed; the provider may be called until leaseUntil */
  | "sending"
  | "accepted"
  | "delivered"
  /** outcome lost, and no further copy allowed or needed */
  | "unknown"
  | "failed"
  | "expired"
  | "cancelled";

export interface Attempt {
  readonly n: number;
  readonly at: number;
  readonly status: Outcome["status"] | "lost";
  readonly reason: string;
}

export interface Delivery {
  readonly id: string;
  readonly seq: number;
  readonly incident: string;
  readonly epoch: number;
  readonly run: number;
  readonly rule: number;
  readonly user: Id;
  readonly contact: Id;
  readonly via: Id;
  readonly status: DeliveryStatus;
  readonly dueAt: number;
  /** pending: not before this time. sending: null. */
  readonly nextAt: number | null;
  readonly leaseUntil: number | null;
  /** Number of tries begun. */
  readonly attempt: number;
  /** Tries whose outcome was lost. */
  readonly lost: number;
  readonly ref: string | null;
  readonly attempts: readonly Attempt[];
  /** What an acknowledgment or an end interrupted, so that its undo can restore it. */
  readonly cancelledFrom: DeliveryStatus | null;
  /** Cancelled while it waited: when it would have been tried. */
  readonly resumeAt?: number;
  /** It has waited for a summary. */
  readonly bundled?: boolean;
  readonly page: Page;
}

/** What a person's acknowledgment or resolve put aside, for as long as it can be taken back. */
export type Undo = AckUndo | ResolveUndo;

export interface AckUndo {
  /** Absent: an acknowledgment. */
  readonly of?: "ack";
  readonly until: number;
  readonly status: Status;
  readonly assignees: readonly Id[];
  readonly holdUntil: number | null;
  readonly ladder: Ladder;
  readonly beside?: readonly BesideLadder[];
  readonly acks?: readonly Id[];
  readonly runs: readonly Run[];
  readonly deliveries: readonly string[];
}

export interface ResolveUndo {
  readonly of: "resolve";
  readonly until: number;
  /** Who resolved it, the only one who may take it back. */
  readonly by: string;
  /** Everything of the episode that its end changed, as it stood. */
  readonly was: BeforeResolve;
  /** Pages that the end interrupted. */
  readonly deliveries: readonly string[];
  /** The source has said since that it is over: it would be resolved without the person as well. */
  readonly over?: boolean;
}

export type BeforeResolve = Pick<
  Episode,
  | "status"
  | "assignees"
  | "acknowledgedBy"
  | "acknowledgedAt"
  | "ackTimeoutAt"
  | "snoozedUntil"
  | "holdUntil"
  | "autoResolveAt"
  | "ladder"
  | "beside"
  | "acks"
  | "runs"
  | "sla"
  | "flags"
  | "reopens"
  | "flapping"
  | "unread"
> & { readonly undo: AckUndo | null };

export interface Episode {
  readonly id: string;
  readonly n: number;
  readonly seq: number;
  readonly status: Status;
  readonly title: string;
  readonly body: string;
  readonly source: Id;
  readonly severity: string;
  readonly urgency: Urgency;
  readonly labels: Readonly<Record<string, string>>;
  readonly links: readonly Link[];
  readonly decision: Decision;
  readonly test: boolean;
  readonly openedAt: number;
  readonly updatedAt: number;
  /** Rises at every un-acknowledge, re-open, re-trigger and re-assignment. */
  readonly epoch: number;
  readonly ladder: Ladder;
  /** Policies that run beside the incident's own. Absent: none. */
  readonly beside?: readonly BesideLadder[];
  /** Who has acknowledged a step that asks for several, so far. Absent: nobody. */
  readonly acks?: readonly Id[];
  readonly runs: readonly Run[];
  /** Number of the next run; never reused within the episode. */
  readonly nextRun: number;
  readonly assignees: readonly Id[];
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: number | null;
  readonly ackTimeoutAt: number | null;
  readonly ackTimeouts: number;
  readonly snoozedUntil: number | null;
  readonly holdUntil: number | null;
  readonly autoResolveAt: number | null;
  /** When its calendar makes a low urgency high. Absent: never. */
  readonly urgencyRisesAt?: number | null;
  /** The first answer: an acknowledgment, or the source's own. Absent: none yet. */
  readonly respondedAt?: number | null;
  /** Service level clocks. Absent: no terms apply. */
  readonly sla?: SlaState | null;
  /** Set by service levels: a warning's own, and `sla-breached`. Absent: none. */
  readonly flags?: readonly string[];
  readonly resolvedAt: number | null;
  readonly resolvedBy: Actor | null;
  readonly suppressedBy: string | null;
  /** merged: the incident that speaks for this one. */
  readonly mergedInto?: string | null;
  /** Incidents merged into this one. */
  readonly absorbed?: readonly string[];
  /** What keeps it quiet and ends by itself; absent or empty: nothing does. */
  readonly mutes?: readonly Mute[];
  /** When it looks next whether what mutes it was ended early. Null: it does not (a forecast). */
  readonly mutesLookAt?: number | null;
  /** Quiet until it closes or gets worse: its maintenance ended and asked for nothing. */
  readonly lasting?: boolean;
  /** Held below a threshold: when it fired, within the threshold's time. */
  readonly firings?: readonly number[];
  /** A group's window: when an alert last joined it. Absent: none since it opened. */
  readonly joinedAt?: number;
  /** Re-opens by the source within the time that flapping looks back. */
  readonly reopens?: readonly number[];
  readonly flapping?: Flapping | null;
  /** Bodies that nobody can read, since somebody looked. Absent or null: nobody has, or all could be read. */
  readonly unread?: Unread | null;
  readonly undo: Undo | null;
  readonly commands: readonly string[];
}

/** `seen`: bodies when somebody last looked. They wait until `until`, epoch ms, and `pageAt` is when those that do are paged. */
export interface Unread {
  readonly seen: number;
  readonly until: number;
  readonly pageAt: number | null;
}

/** It goes off and on. `holding`: this re-open is held until it has fired for `steadyMs`. */
export interface Flapping {
  readonly holding: boolean;
  readonly steadyMs: number;
  /** When it last paged while flapping: the limit of its silence counts from there. */
  readonly pagedAt: number;
}

/** Which object this is; fixed at birth. `hash` is 26 base32 characters, the middle of every id. */
export interface Identity {
  readonly tenant: Id;
  readonly jurisdiction: string | null;
  readonly hash: string;
}

export interface IncidentState {
  readonly identity: Identity;
  /** Last used; derived on load as the largest seq of any row. */
  readonly seq: number;
  readonly roster: Roster | null;
  /** The present or the last episode. */
  readonly episode: Episode | null;
  readonly alerts: Readonly<Record<string, AlertRow>>;
  readonly deliveries: Readonly<Record<string, Delivery>>;
  /** What connectors are to be told, by id; those of an earlier episode until they are. */
  readonly posts: Readonly<Record<string, Post>>;
  /** Events for alerts that were not open: counted, never silently dropped. */
  readonly orphans: { readonly count: number; readonly lastAt: number } | null;
  /** The group key of the object that takes this group's new alerts, since this one's window closed. Absent: itself. */
  readonly successor?: string | null;
}
