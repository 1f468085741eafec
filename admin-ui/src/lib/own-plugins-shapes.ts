// Owns the shapes of the plugins that a tenant wrote itself.

import type { Page } from "./shapes.ts";

export interface OwnVersion {
  readonly version: number;
  readonly hash: string;
  readonly language: "typescript" | "javascript";
  readonly note: string;
  readonly by: string;
  readonly at: string;
  readonly active: boolean;
}

export interface OwnPlugin {
  readonly id: string;
  readonly name: string;
  readonly off: boolean;
  readonly active: number | null;
  readonly usedBy: readonly string[];
  /** The newest first. */
  readonly versions: readonly OwnVersion[];
}

export type CheckName = "readable" | "fires" | "alerts" | "same-twice" | "pairs" | "golden" | "garbage" | "mangled";

export interface OwnReport {
  readonly passed: boolean;
  readonly checks: readonly {
    readonly check: CheckName;
    readonly passed: boolean | null;
    readonly reason: string;
    readonly fixture: string | null;
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
  readonly alerts: readonly unknown[];
}

export interface OwnAnswers {
  readonly listOwnPlugins: Page<OwnPlugin> & { readonly unavailable: string | null };
  readonly getOwnPlugin: OwnPlugin;
  readonly uploadOwnPlugin: { readonly version: number | null; readonly report: OwnReport };
  readonly getOwnPluginVersion: OwnText;
  readonly tryOwnPlugin: OwnTried;
  readonly activateOwnPlugin: OwnPlugin;
  readonly changeOwnPlugin: OwnPlugin;
}
