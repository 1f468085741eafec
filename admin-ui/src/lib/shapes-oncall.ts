// Owns the shapes of who is on call and of the definitions behind it, as the API answers them. Instants are RFC 3339 texts,
// wall times (`2026-01-05T09:00`) those of the schedule's zone.

import type { Inputs } from "./operations.gen.ts";
import type { Role } from "./shapes.ts";

export interface Span {
  readonly from: string;
  readonly to: string;
}

export interface Gap extends Span {
  readonly onPurpose: boolean;
  /** On call, but no page can reach them. Absent: nobody is on call. */
  readonly outOfReach?: readonly string[];
}

/** Why somebody falls away, as data. */
export type Trouble = Readonly<Record<string, unknown>>;

export interface Why {
  readonly layer: string | null;
  readonly override: string | null;
  readonly fallback: boolean;
  readonly rule: string;
}

export interface OnCallNow {
  readonly schedule: string;
  /** Empty: nobody. */
  readonly users: readonly string[];
  /** Null: no end in sight. */
  readonly from: string | null;
  readonly to: string | null;
  readonly why: Why & { readonly layerName: string | null };
  readonly next: { readonly users: readonly string[]; readonly from: string; readonly to: string | null } | null;
  readonly shadow?: readonly string[];
  readonly calendar?: { readonly fetchedAt: string | null };
  /** Where they were asked for. */
  readonly gaps?: readonly Gap[];
}

export interface OnCallAnswer {
  readonly at: string;
  readonly items: readonly OnCallNow[];
  /** Whom each policy would page first: the first step that reaches somebody. */
  readonly policies: readonly {
    readonly policy: string;
    readonly users: readonly string[];
    /** Null: its end, or nobody. */
    readonly step: number | null;
    /** The incident decides: the service's team, or another policy beside. */
    readonly depends: boolean;
    readonly problems: readonly string[];
    readonly troubles: readonly Trouble[];
  }[];
}

export interface Shift extends Span {
  readonly users: readonly string[];
  readonly layer: string | null;
  readonly override: string | null;
  readonly fallback: boolean;
}

export interface LayerShifts {
  readonly layer: string;
  readonly shadow: boolean;
  readonly summary: string;
  readonly items: readonly (Span & { readonly users: readonly string[] })[];
}

export interface ShiftsAnswer extends Span {
  readonly items: readonly Shift[];
  readonly gaps: readonly Gap[];
  readonly layers?: readonly LayerShifts[];
  readonly nextHandoff: string | null;
  readonly calendar?: {
    readonly fetchedAt: string | null;
    readonly events: number;
    readonly error: string | null;
    readonly notes: readonly string[];
  };
}

export interface UserShift extends Shift {
  readonly schedule: string;
}

export type OverrideKind = "replace" | "add" | "take-over" | "clear";

export interface Override extends Span {
  readonly id: string;
  readonly kind: OverrideKind;
  readonly user: string | null;
  readonly replaces: string | null;
  readonly layers: readonly string[] | null;
  readonly createdAt: string | null;
  readonly createdBy: string;
  readonly state: "past" | "current" | "future";
  readonly origin: "runtime" | "document";
}

export interface ExplainStep {
  readonly kind: "clock" | "layer" | "override" | "combine" | "fallback" | "result";
  readonly layer: string | null;
  readonly override: string | null;
  readonly users: readonly string[];
  readonly text: string;
}

export interface Explanation {
  readonly at: string;
  readonly users: readonly string[];
  readonly from: string | null;
  readonly to: string | null;
  readonly why: Why;
  readonly steps: readonly ExplainStep[];
}

export interface PreviewSide {
  readonly items: readonly Shift[];
  readonly gaps: readonly Gap[];
  readonly handoffs: readonly { readonly at: string; readonly users: readonly string[] }[];
}

export interface SchedulePreview {
  readonly at: string;
  /** Null: a new schedule. */
  readonly before: PreviewSide | null;
  readonly after: PreviewSide;
  readonly changes: readonly (Span & { readonly before: readonly string[]; readonly after: readonly string[] })[];
  readonly warnings: readonly {
    readonly path: string;
    readonly message: string;
    readonly told?: Readonly<Record<string, unknown>>;
  }[];
}

export interface Feed {
  readonly id: string;
  readonly createdAt: string;
  readonly createdBy: string;
  /** Holds the key: there only when it was just made. */
  readonly url?: string;
}

/** What reading adds to an object and writing ignores. */
export interface Stored {
  readonly meta: {
    readonly etag: string;
    readonly origin?: "document" | "runtime";
    readonly inForce?: boolean;
    readonly own?: { readonly contacts: readonly string[]; readonly rules: boolean };
    /** Of the answer to a change alone. */
    readonly warnings?: readonly {
      readonly path: string;
      readonly message: string;
      readonly told?: Readonly<Record<string, unknown>>;
    }[];
  };
}

export type Day = "MO" | "TU" | "WE" | "TH" | "FR" | "SA" | "SU";

export interface Restriction {
  readonly days: readonly Day[];
  readonly from: string;
  readonly to: string;
}

export interface LayerWords {
  readonly id: string;
  readonly name?: string;
  readonly timeZone?: string;
  readonly start: string;
  readonly end: string | null;
  readonly rotation: { readonly every: string; readonly handoff?: string } | { readonly rrule: string };
  readonly users: readonly (string | readonly string[] | null)[];
  readonly restrictions: readonly Restriction[];
  readonly skipEmptyTurns: boolean;
  readonly shadow: boolean;
  readonly priority?: number;
}

export interface ScheduleWords {
  readonly id: string;
  readonly name?: string;
  readonly team?: string;
  readonly timeZone?: string;
  readonly combine: "priority" | "union";
  readonly layers: readonly LayerWords[];
  readonly overrides: NonNullable<Inputs["createSchedule"]["body"]["overrides"]>;
  readonly fallback: { readonly user: string } | { readonly users: readonly string[] } | null;
  readonly ical: { readonly url: string } | null;
  readonly rollout: "now" | "after-shift" | "after-round";
}

export type Target =
  | { readonly user: string; readonly contact?: string }
  | { readonly team: string; readonly strategy?: "all" | "round-robin" | "random" }
  | { readonly schedule: string; readonly who?: "current" | "next" | "everyone" }
  | { readonly policy: string }
  | { readonly owner: "service" };

export interface StepWords {
  readonly notify: readonly Target[];
  readonly escalateAfter: string;
  readonly until?: "acknowledged" | "resolved";
  readonly when?: string;
  readonly acksRequired?: number | "all";
  readonly waitFor?: string;
  readonly retry?: { readonly times: number; readonly every: string };
}

export interface PolicyWords {
  readonly id: string;
  readonly name?: string;
  readonly steps: readonly StepWords[];
  readonly repeat?: { readonly times: number; readonly from?: number; readonly wait?: string };
  readonly onExhausted?: { readonly notify: readonly Target[] };
  readonly ackTimeout?: string | null;
  readonly reopenAfter?: string | null;
  readonly lowUrgency: "first-step" | "escalate";
}

/** Whom one target would page now. */
export interface Reached {
  readonly users: readonly string[];
  /** One of them, in turn or drawn. */
  readonly oneOf: boolean;
  readonly policy: string | null;
  readonly owner: boolean;
  readonly problems: readonly string[];
  /** The same as data, in the same order. */
  readonly troubles: readonly Trouble[];
}

export interface PolicyPreview {
  readonly at: string;
  readonly steps: readonly { readonly targets: readonly Reached[] }[];
  readonly exhausted: readonly Reached[];
  readonly warnings: readonly {
    readonly path: string;
    readonly message: string;
    readonly told?: Readonly<Record<string, unknown>>;
  }[];
}

export interface ServiceWords {
  readonly id: string;
  readonly name?: string;
  readonly team?: string;
  readonly policy?: string;
  readonly runbook?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly urgency:
    | "high"
    | "low"
    | { readonly inHours?: "high" | "low"; readonly outOfHours?: "high" | "low"; readonly hours: string };
  readonly resolveOn: "all" | "any" | "manual";
  readonly autoResolve?: string | null;
  readonly ackTimeout?: string | null;
}

export interface TeamWords {
  readonly id: string;
  readonly name?: string;
  readonly members: readonly string[];
  readonly managers: readonly string[];
}

export interface Contact {
  readonly id: string;
  readonly via: string;
  readonly to: string;
}

export interface Rule {
  readonly after: string;
  readonly contact: string;
}

export interface Rules {
  readonly high?: readonly Rule[];
  readonly low?: readonly Rule[];
}

export interface UserWords {
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
  readonly timeZone?: string;
  readonly role: Role;
  readonly active: boolean;
  readonly contacts: readonly Contact[];
  readonly notify?: Rules;
}

export interface Tested {
  readonly delivery: string;
  readonly status: string;
  readonly outcome: string;
  readonly detail: string;
}
