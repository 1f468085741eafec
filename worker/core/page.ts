// Owns what a notifier is given and what it answers. Shared by core and the plugin SDK; holds no behaviour.

import type { Id, Urgency } from "./snapshot.ts";

/** Why this person gets this page. `text` is one line for a human: "on call for sre, step 1". */
export interface PageReason {
  readonly policy: Id | null;
  /** 1-based step of the policy; 0 outside of it (fallback, direct assignment, responder request). */
  readonly step: number;
  /** 1-based pass through the policy. */
  readonly round: number;
  /** "team payments", "user ana", "tenant fallback", "reassigned by eva". */
  readonly via: string;
  readonly text: string;
  /** What led to the person, as data, for whoever says it in another language. Absent in what older versions wrote. */
  readonly why?: Told;
  /** Why the policy runs, where it is not the incident's own. */
  readonly cause?: Told;
}

/** A sentence as data: `code` says which, the rest is what it speaks of. */
export interface Told {
  readonly code: string;
  readonly [name: string]: unknown;
}

/** The frozen content of one page, fixed when the intent is committed (the same on every try). */
export interface Page {
  readonly delivery: string;
  /** Epoch ms of the intent. */
  readonly sentAt: number;
  readonly tenant: { readonly id: Id; readonly name: string };
  readonly person: { readonly id: Id; readonly name: string; readonly timeZone: string };
  readonly contact: { readonly id: Id; readonly to: string };
  readonly incident: {
    readonly id: string;
    readonly title: string;
    readonly body: string;
    readonly severity: string;
    readonly urgency: Urgency;
    readonly status: string;
    readonly service: Id | null;
    readonly openedAt: number;
    readonly runbook: string | null;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly reason: PageReason;
}

/** A page on its way out: the frozen content and the signed links made for this try. */
export interface OutgoingPage extends Page {
  /** The wave that it belongs to: an acknowledgment that was kept offline counts for what was seen. */
  readonly epoch?: number;
  readonly links: { readonly respond: string };
  /** In a storm: the other incidents that this page tells of as well. */
  readonly summary?: PageSummary;
}

export interface PageSummary {
  /** How many others there are; `items` may be fewer. */
  readonly count: number;
  readonly items: readonly SummaryItem[];
  /** Where all of the person's incidents are listed. */
  readonly list: string;
}

export interface SummaryItem {
  readonly incident: string;
  readonly title: string;
  readonly severity: string;
  readonly service: Id | null;
  readonly link: string;
}

/** What whoever set it up has to look at: its credentials, what they may do, where it is. */
export type Fix = "credentials" | "rights" | "address";

/** What became of one try. Reasons are short, hold no secret, and say what the provider said. */
export type Outcome =
  | { readonly status: "accepted"; readonly ref: string | null; readonly detail?: string }
  | { readonly status: "delivered"; readonly ref: string | null; readonly detail?: string }
  /** Worth trying again; `afterMs` when the provider said when. */
  | { readonly status: "retry"; readonly reason: string; readonly afterMs: number | null; readonly fix?: Fix }
  /** For good: bad address, refused credentials. The next channel or person is due. `gone`: that address will never do again. */
  | { readonly status: "failed"; readonly reason: string; readonly gone?: true; readonly fix?: Fix }
  /** Sent, answer lost: the provider may have it. */
  | { readonly status: "unknown"; readonly reason: string };
