// Owns the canonical alert: what every source plugin returns and every rule reads. Holds no behaviour.

/** The vendor-neutral severity of an alert. A tenant's own scale (P1…P4) is mapped from it by `Decision`. */
export type Severity = "critical" | "error" | "warning" | "info" | "unknown";

export const severities: readonly Severity[] = ["critical", "error", "warning", "info", "unknown"];

/**
 * What the sender says happened. `responded` is the sender's own first answer to its customer
 * (it stops a response clock, it owns nothing); `ignore` is recorded as ignored and does nothing.
 */
export type AlertAction = "trigger" | "acknowledge" | "resolve" | "responded" | "ignore";

export interface Link {
  readonly href: string;
  readonly text: string;
}

/** One alert as its source means it. `dedupKey` is the same for trigger, acknowledge and resolve of one problem. */
export interface Alert {
  readonly dedupKey: string;
  readonly action: AlertAction;
  readonly severity: Severity;
  readonly title: string;
  readonly body: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly links: readonly Link[];
  /** The source plugin's id. */
  readonly source: string;
  /** Epoch ms of the sender's own event time (a trigger's start, a resolve's end); null when it says none. */
  readonly sourceAt: number | null;
  /**
   * A firing that its source renews: epoch ms until when it holds; without a renewal by then it is over. Null or absent: until
   * the source says so.
   */
  readonly expiresAt?: number | null;
  /** The vendor's own test message: a visible incident that pages nobody. */
  readonly test: boolean;
  /** It stands for a body that nobody could read: each of its firings may tell of another problem. */
  readonly unreadable?: true;
  /** What the plugin could not map and took a default for; shown on the timeline. */
  readonly notes?: readonly string[];
}
