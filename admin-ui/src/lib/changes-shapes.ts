// Owns the shapes of changes: what was deployed or altered. Instants are RFC 3339 texts.

import type { Page } from "./shapes.ts";

export interface Change {
  readonly id: string;
  readonly summary: string;
  readonly body: string;
  readonly at: string;
  readonly updatedAt: string;
  readonly service: string | null;
  readonly integration: string;
  readonly source: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly links: readonly { readonly href: string; readonly text: string }[];
}

export interface ChangeAround extends Change {
  /** Before the incident began; negative: after. */
  readonly beforeMs: number;
}

export interface ChangesAnswers {
  readonly listChanges: Page<Change>;
  readonly getChange: Change;
  readonly getIncidentChanges: Page<ChangeAround> & { readonly from: string; readonly until: string; readonly others: number };
}
