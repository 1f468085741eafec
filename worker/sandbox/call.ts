// Owns what the hub and a sandbox tell each other: one body and one plugin in, alerts or a reason out.

export interface SandboxCall {
  readonly tenant: string;
  /** SHA-256 of `code`, hex. */
  readonly hash: string;
  /** One ES module, plain JavaScript: `export const plugin = { normalize(input) … }`. It may import "tocsin/sdk". */
  readonly code: string;
  /** Somebody looks what would become of a body: after the alerts of all, and what it breaks is not held against the version. */
  readonly trial: boolean;
  readonly input: {
    readonly payload: unknown;
    readonly headers: Readonly<Record<string, string>>;
    /** What the integration gives the plugin: its `config.settings`. */
    readonly config: unknown;
  };
}

/**
 * threw: the plugin said that it cannot read this, or broke, or does not start · deadline: it took longer than it may · memory: it
 * took more than it may · too-large: it returned more than is taken · bad-return: what it returned is no list of alerts as JSON ·
 * resting: it broke its limits several times and is left alone for a while · unavailable: this hub cannot run it now.
 */
export type SandboxFailure = "threw" | "deadline" | "memory" | "too-large" | "bad-return" | "resting" | "unavailable";

/** `alerts` are what a stranger wrote: parsed, and nothing more. `reason` is for people. */
export type SandboxResult =
  | { readonly ok: true; readonly alerts: readonly unknown[] }
  | { readonly ok: false; readonly kind: SandboxFailure; readonly reason: string };
