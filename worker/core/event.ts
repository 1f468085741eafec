// Owns what can happen to an incident and what step() answers. One line per arm says who emits it.

import type { Alert } from "./alert.ts";
import type { Decision } from "./decision.ts";
import type { Actor, AlertRow, IncidentState, Status, TimelineEntry } from "./incident.ts";
import type { Inhibition } from "./inhibition.ts";
import type { Outcome } from "./page.ts";
import type { Roster } from "./roster.ts";
import type { Id } from "./snapshot.ts";

/** One alert with what the edge knows about its coming. */
export interface ReceivedAlert {
  readonly alert: Alert;
  readonly integration: Id | null;
  /** The sender's id of this HTTP delivery, the same on its retries; null when it sends none. */
  readonly deliveryId: string | null;
  /** A person who declared it by hand; null: the integration sent it. */
  readonly actor: Actor | null;
  /** What it mutes while it fires. */
  readonly inhibits?: readonly Inhibition[];
  /** Its firing is dated by when the problem began: that is no word on which came first, it or the source's own resolve. */
  readonly sinceStart?: true;
  /** Somebody let a kept body come in again: who, which, and when it first came, epoch ms. */
  readonly replay?: Replay;
}

export interface Replay {
  readonly by: Actor;
  readonly body: number;
  readonly at: number;
}

export type Command =
  /** `epoch`: of the wave that the person saw; refused when paging began anew since. Absent: no check. */
  | { readonly kind: "ack"; readonly epoch?: number }
  | { readonly kind: "unack"; readonly undo: boolean }
  | { readonly kind: "resolve"; readonly reason: string | null }
  /** `undo`: takes one's own resolve back; absent or false: a new wave from step 1. */
  | { readonly kind: "reopen"; readonly undo?: boolean }
  | { readonly kind: "snooze"; readonly until: number }
  /** `seenAt`: when the page was made that the button sits on; refused when the level has moved since. Null: no check. */
  | { readonly kind: "escalate"; readonly seenAt: number | null }
  | {
      readonly kind: "reassign";
      readonly to:
        | { readonly user: Id }
        | { readonly policy: Decision["policy"]; /** Those it can start. */ readonly policies?: Decision["policies"] };
    }
  | { readonly kind: "responders"; readonly users: readonly Id[]; readonly message: string }
  | { readonly kind: "severity"; readonly severity: string }
  | { readonly kind: "note"; readonly text: string }
  /** The source words its alert anew: what is given changes, a label that is null goes. Nobody is paged for it. */
  | {
      readonly kind: "amend";
      readonly title?: string;
      readonly body?: string;
      readonly labels?: Readonly<Record<string, string | null>>;
    }
  | { readonly kind: "merge"; readonly into: string }
  /** `alerts`: what the target gave back. */
  | { readonly kind: "unmerge"; readonly alerts: readonly MergedAlert[] }
  /** To the target of a merge, before the child is told. */
  | {
      readonly kind: "absorb";
      readonly child: string;
      readonly title: string;
      readonly severity: string;
      /** Held or suppressed: nobody waits for its page. */
      readonly quiet?: boolean;
      readonly alerts: readonly MergedAlert[];
    }
  /** To the target of a merge that is taken back, before the child is told. */
  | { readonly kind: "release"; readonly child: string };

/** An alert of one incident as another answers for it. */
export type MergedAlert = Omit<AlertRow, "seq" | "episode" | "seen" | "from">;

export type Event =
  /** The ingest Worker, or a person declaring an incident. */
  | { readonly type: "receive"; readonly alerts: readonly ReceivedAlert[]; readonly decision: Decision; readonly roster: Roster }
  /** API, responder's page, a provider's reply. `incident` guards against a link of an older episode. */
  | {
      readonly type: "command";
      readonly incident: string;
      readonly commandId: string | null;
      readonly actor: Actor;
      readonly command: Command;
      readonly roster: Roster | null;
    }
  /** The alarm, a poke, or the shell after a round of sends: do whatever is due. */
  | {
      readonly type: "wake";
      readonly roster: Roster | null;
      readonly stale: boolean;
      /** By route: whether the alert that mutes this one is still open, for those whose time to ask has come. "assumed": a forecast. */
      readonly inhibited?: Readonly<Record<Id, boolean>> | "assumed";
    }
  /** The shell, when a pointer said whose turn it is (null: it did not answer in time). */
  | {
      readonly type: "picked";
      readonly ladder: number;
      readonly team: Id;
      readonly user: Id | null;
      readonly roster: Roster | null;
    }
  /** The shell, when the receiver's object asks a claimed page to wait for a summary: the try has not begun. */
  | { readonly type: "deferred"; readonly delivery: string; readonly attempt: number; readonly until: number }
  /** A later object of the same group takes its new alerts: learnt from the way an alert went. */
  | { readonly type: "succeeded"; readonly groupKey: string }
  /** The shell, when a try of a claimed delivery ended. */
  | { readonly type: "result"; readonly delivery: string; readonly attempt: number; readonly outcome: Outcome }
  /** A provider's receipt, by callback. */
  | { readonly type: "receipt"; readonly delivery: string; readonly status: "delivered" | "failed"; readonly reason: string };

export interface AlertResult {
  readonly incident: string | null;
  readonly action:
    | "triggered"
    | "updated"
    | "joined"
    | "acknowledged"
    | "resolved"
    | "suppressed"
    | "held"
    | "orphan"
    | "unreadable"
    | "ignored"
    | "test";
  readonly reason: string;
  /** This incident was merged into that one, which must be told instead. Nothing was recorded here. */
  readonly redirect?: string;
  /** The group's window is closed: this is the group key of the object that takes the alert instead. Nothing was recorded here. */
  readonly successor?: string;
  /** The alert is over as far as this object goes: where it lives need not be remembered any more. */
  readonly released?: boolean;
}

export type Reply =
  | { readonly kind: "received"; readonly results: readonly AlertResult[] }
  | {
      readonly kind: "done";
      readonly incident: string;
      readonly status: Status;
      /** Nothing moved: it was so already. */ readonly already: boolean;
      readonly since: number | null;
      readonly by: string | null;
      /** What a `release` gives back. */
      readonly alerts?: readonly MergedAlert[];
    }
  | {
      readonly kind: "refused";
      readonly code: "not-found" | "closed" | "illegal" | "stale" | "invalid";
      readonly message: string;
      readonly legal: readonly Command["kind"][];
      readonly status: Status | null;
      readonly by: string | null;
      readonly since: number | null;
    }
  | { readonly kind: "none" };

/** A claim the shell must carry out now: call the notifier for this try. `lookup`: ask the provider first, an earlier try was lost. */
export interface SendEffect {
  readonly delivery: string;
  readonly attempt: number;
  readonly lookup: boolean;
}

/** A team paged in turn: the shell asks the pointer `key` which of `members` is due, and answers with `picked`. */
export interface PickEffect {
  readonly ladder: number;
  readonly team: Id;
  /** The pointer: one for each (policy, step, team). */
  readonly key: string;
  /** The same for a repeated question about the same step: it must not use up a second turn. */
  readonly turn: string;
  /** Who can be reached, in the team's order. */
  readonly members: readonly Id[];
}

export interface StepResult {
  readonly state: IncidentState;
  readonly entries: readonly TimelineEntry[];
  readonly sends: readonly SendEffect[];
  readonly picks: readonly PickEffect[];
  readonly reply: Reply;
}
