// Owns `pending`: everything that will happen to an incident if nobody acts. Derived by running step() forward, never stored.

import type { Id } from "./snapshot.ts";

export interface PendingItem {
  readonly at: number;
  readonly kind:
    | "page"
    | "escalate"
    | "repeat"
    | "exhausted"
    | "fallback"
    | "retry"
    | "unack"
    | "snooze-end"
    | "hold-end"
    | "auto-resolve"
    | "direct-timeout";
  readonly user: Id | null;
  readonly contact: Id | null;
  /** 1-based; null where no step is meant. */
  readonly step: number | null;
  readonly round: number | null;
  readonly reason: string;
}
