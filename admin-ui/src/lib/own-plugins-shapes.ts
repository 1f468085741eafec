// Owns the shapes of the plugins that a tenant wrote itself.

import type { PreviewAlert } from "./received-shapes.ts";
import type { Page } from "./shapes.ts";

/** An alert that nothing was routed by. */
export type WouldBe = Omit<PreviewAlert, "routed"> & Partial<Pick<PreviewAlert, "routed">>;

export interface OwnVersion {
  readonly version: number;
  readonly hash: string;
  readonly language: "typescript" | "javascript";
  readonly note: string;
  readonly by: string;
  readonly at: string;
  readonly active: boolean;
  /** Limits that it broke in the last ten minutes. */
  readonly broken: number;
  /** Until when it is not tried, and its alerts are unreadable; null: it runs. */
  readonly restsUntil: string | null;
}

export interface OwnPlugin {
  readonly id: string;
  readonly name: string;
  readonly off: boolean;
  readonly active: number | null;
  readonly usedBy: readonly string[];
  /** The newest first. */
  readonly versions: readonly OwnVersion[];
  /** Said where a change is saved and not yet in force. */
  readonly detail?: string;
}

export type CheckName = "readable" | "fires" | "alerts" | "same-twice" | "pairs" | "golden" | "garbage" | "mangled";

export interface OwnReport {
  readonly passed: boolean;
  readonly checks: readonly {
    readonly check: CheckName;
    readonly passed: boolean | null;
    readonly reason: string;
    readonly fixture: string | null;
    /** Of the code; a report from before has none. */
    readonly line?: number | null;
  }[];
}

export interface OwnText extends OwnVersion {
  readonly code: string;
  readonly fixtures: readonly unknown[];
  readonly pairs: readonly (readonly string[])[];
  readonly report: OwnReport;
}

export interface OwnTried {
  readonly unreadable: string | null;
  readonly line: number | null;
  readonly total: number;
  readonly alerts: readonly WouldBe[];
}

export interface OwnAnswers {
  readonly listOwnPlugins: Page<OwnPlugin> & { readonly unavailable: string | null };
  readonly getOwnPlugin: OwnPlugin;
  readonly uploadOwnPlugin: { readonly version: number | null; readonly report: OwnReport; readonly detail?: string };
  readonly getOwnPluginVersion: OwnText;
  readonly tryOwnPlugin: OwnTried;
  readonly activateOwnPlugin: OwnPlugin;
  readonly changeOwnPlugin: OwnPlugin;
}
