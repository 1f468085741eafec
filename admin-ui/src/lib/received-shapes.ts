// Owns the shapes of what an integration received, of letting it in again, and of reading it by a draft.

import type { Page } from "./shapes.ts";

export type BodyOutcome = "readable" | "ignored" | "unreadable" | "refused" | "failed";

export interface BodyAlert {
  readonly dedupKey: string;
  readonly title: string;
  readonly incident: string | null;
  readonly action: string;
  readonly reason: string;
}

export interface BodyReplay {
  readonly at: string;
  readonly by: { readonly type: string; readonly id: string };
  readonly outcome: BodyOutcome;
  readonly reason: string | null;
  readonly alerts: readonly BodyAlert[];
}

export interface ReceivedRow {
  readonly n: number;
  readonly at: string;
  readonly method: string;
  readonly deliveryId: string | null;
  readonly outcome: BodyOutcome;
  /** After the last replay. */
  readonly present: BodyOutcome;
  readonly reason: string | null;
  readonly alerts: readonly BodyAlert[];
  readonly bytes: number;
  readonly cut: boolean;
  readonly plugin: string;
  /** Absent: it came to the integration's own address. */
  readonly door?: {
    readonly plugin: string;
    readonly path: string;
    readonly params: Readonly<Record<string, string>>;
    readonly query: Readonly<Record<string, string>>;
  };
  readonly version: number;
  readonly skipped: number;
  readonly start: string;
  readonly replays: readonly BodyReplay[];
}

export interface ReceivedBody extends ReceivedRow {
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: string;
}

export interface ReplayAlert extends BodyAlert {
  readonly severity?: string | null;
  readonly policy?: string | null;
  readonly suppressedBy?: string | null;
  readonly plan?: readonly { readonly user: string | null; readonly contact: string | null }[];
}

export interface ReplayAnswer {
  readonly dryRun: boolean;
  readonly items: readonly {
    readonly n: number;
    readonly at: string;
    readonly outcome: BodyOutcome;
    readonly reason: string | null;
    readonly alerts: readonly ReplayAlert[];
  }[];
  readonly skipped: readonly { readonly n: number; readonly reason: string }[];
  readonly more: boolean;
}

export interface PreviewAlert {
  readonly dedupKey: string;
  readonly action: string;
  readonly severity: string;
  readonly title: string;
  readonly body: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly links: readonly { readonly href: string; readonly text: string }[];
  readonly sourceAt: string | null;
  readonly test: boolean;
  readonly notes?: readonly string[];
  readonly routed: {
    readonly severity: string;
    readonly service: string | null;
    readonly policy: string | null;
    readonly suppress: string | null;
  };
}

export interface Preview {
  readonly items: readonly {
    readonly n: number | null;
    readonly at: string | null;
    readonly unreadable: string | null;
    /** What it asks for about an alert, in words, where it fires none. */
    readonly orders?: string;
    readonly alerts: readonly PreviewAlert[];
  }[];
  readonly errors: readonly {
    readonly path: string;
    readonly message: string;
    readonly line?: number;
    readonly column?: number;
  }[];
}

export interface ReceivedAnswers {
  readonly listReceived: Page<ReceivedRow>;
  readonly getReceived: ReceivedBody;
  readonly replayManyReceived: ReplayAnswer;
  readonly replayReceived: ReplayAnswer;
  readonly previewIntegration: Preview;
}
