// Owns the shapes of routes, of expressions and of the tenant's document with its plan.

import type { Page } from "./shapes.ts";
import type { Meta } from "./setup-shapes.ts";

/** A text, or an expression whose value is one. */
export type Value = string | { readonly expr: string };

export interface RouteSet {
  readonly severity?: Value;
  readonly service?: Value;
  readonly policy?: Value;
  readonly policies?: readonly Value[];
  readonly urgency?: "high" | "low";
  readonly labels?: Readonly<Record<string, Value>>;
}

/** As the document writes it. */
export interface RouteWords {
  readonly id: string;
  readonly when: string;
  readonly set?: RouteSet;
  readonly group?: { readonly by: readonly string[]; readonly window: string; readonly kind: "rolling" | "fixed" };
  readonly suppress?: boolean;
  readonly hold?: string;
  readonly threshold?: { readonly count: number; readonly within: string };
  readonly inhibitedBy?: { readonly when: string; readonly equal: readonly string[] };
  readonly continue?: boolean;
}

export type StoredRoute = RouteWords & { readonly meta: Meta };

/** A place in an expression: characters from 0, line from 1. */
export interface ExpressionMark {
  readonly from: number;
  readonly to: number;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly nearest?: string;
}

export interface CheckedExpression {
  readonly ok: boolean;
  readonly errors: readonly ExpressionMark[];
  readonly warnings: readonly ExpressionMark[];
}

export interface ExpressionWords {
  readonly fields: readonly { readonly path: string; readonly type: string; readonly values: readonly string[] }[];
  readonly labels: readonly { readonly path: string; readonly seen: number; readonly values: readonly string[] }[];
  readonly functions: readonly { readonly name: string; readonly signatures: readonly string[] }[];
  readonly businessHours: readonly string[];
}

export interface PlannedChange {
  readonly op: "add" | "change" | "remove";
  readonly kind: string;
  readonly id: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly secretsChanged?: readonly string[];
  readonly moved?: { readonly from: number; readonly to: number };
}

export interface DocumentFinding {
  readonly path: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  /** The same as data. */
  readonly told?: Readonly<Record<string, unknown>>;
}

export interface ConfigAnswer {
  readonly applied: boolean;
  readonly version: number;
  readonly changes: readonly PlannedChange[];
  readonly issued: readonly { readonly kind: string; readonly id: string; readonly key: string; readonly url?: string }[];
  readonly warnings: readonly DocumentFinding[];
  readonly detail?: string;
}

/** What became of one alert under one configuration. */
export interface ReplayedOutcome {
  readonly action: string;
  readonly severity: string | null;
  readonly urgency: string | null;
  readonly service: string | null;
  readonly policy: string | null;
  readonly group: string | null;
  readonly plan: readonly { readonly user: string | null }[];
}

export interface Replayed {
  readonly replayed: number;
  readonly changed: number;
  readonly items: readonly {
    readonly incident: string;
    readonly title: string;
    readonly at: string;
    readonly changed: boolean;
    readonly alerts: readonly {
      readonly dedupKey: string;
      readonly before: ReplayedOutcome | null;
      readonly after: ReplayedOutcome | null;
      readonly changed: readonly string[];
    }[];
  }[];
}

export interface RoutesAnswers {
  readonly replay: Replayed;
  readonly listRoutes: Page<StoredRoute>;
  readonly createRoute: StoredRoute;
  readonly replaceRoute: StoredRoute;
  readonly checkExpression: CheckedExpression;
  readonly getExpressionWords: ExpressionWords;
  readonly putConfig: ConfigAnswer;
}
