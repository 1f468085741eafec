// Owns the contract of a source plugin: verify who sent it, then turn the body into alerts. Both are told everything they need.

import type * as z from "zod";
import type { Alert } from "../../worker/core/alert.ts";
import type { Change } from "../../worker/core/change.ts";
import type { DropIn } from "./drop-in.ts";
import type { BodyKind, SourceManifest } from "./manifest.ts";

/** The HTTP request as it came: raw bytes, header names in lower case. */
export interface InboundRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What the integration holds to check the sender by. The key in the URL has already been checked. */
export interface SourceCredentials<Config = unknown> {
  readonly secret: string | null;
  readonly config: Config;
  /** Epoch ms. */
  readonly now: number;
  /** Public keys and certificates that the sender names by URL; only hosts of the manifest's `keyHosts`. */
  readonly keys: KeyStore;
}

/** Gets what a sender signs with from the sender's own server. */
export interface KeyStore {
  /** The text at the URL, kept for a while. Rejects when it cannot be had now: the sender is then asked to try again. */
  get(url: string): Promise<string>;
}

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly reason: string };

export interface NormalizeInput<Config = unknown> {
  /** Parsed by manifest.body; frozen. */
  readonly payload: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly config: Config;
}

export interface Handshake {
  readonly reason: string;
  readonly confirm: string | null;
}

export interface SourcePlugin<Config = unknown> {
  readonly manifest: SourceManifest;
  /** The integration's `config:`; the UI renders a form from it. */
  readonly config: z.ZodType<Config>;
  /** How a body is read where the configuration decides that; without it, by the manifest. */
  readsAs?(config: Config): BodyKind;
  /** Checks what the sender signs or presents, over the raw bytes. Called only when there is something to check or to demand. */
  verify(request: InboundRequest, credentials: SourceCredentials<Config>): Verdict | Promise<Verdict>;
  /** Pure and synchronous. Throws UnreadableError for what this source never sends; anything else thrown is treated the same. */
  normalize(input: NormalizeInput<Config>): readonly Alert[];
  /**
   * What the same body says was deployed, released or altered, beside the alerts in it; most bodies say nothing of the kind. Pure
   * and synchronous. Asked only of a body that `normalize` could read; what it throws costs the change and never an alert.
   */
  changes?(input: NormalizeInput<Config>): readonly Change[];
  /**
   * What a sender asks before it sends alerts (a subscription to confirm), after `verify`. Null: this is no such request. With
   * `confirm` the hub asks that URL once, only on a host of the manifest's `keyHosts`; a failure is answered 503.
   */
  handshake?(input: NormalizeInput<Config>): Handshake | null;
  /** Doors of another product's own API: a sender made for it changes its host and nothing else. */
  readonly dropIn?: DropIn<Config>;
  /** What the sender must hear instead of 202 with the results. */
  reply?(results: readonly { readonly incident: string | null; readonly action: string; readonly reason: string }[]): {
    readonly status: number;
    readonly contentType: string;
    readonly body: string;
  };
}
