// Owns the messages about bodies as they came in: to the object that holds an integration's last ones, and those that stay with an
// alert. Additive only, as rpc.ts.

import type { AlertResult } from "../core/event.ts";
import type { Actor } from "../core/incident.ts";

/** What stays with a body that is kept with an alert, and for how long. */
export interface RawAbout {
  /** Credentials masked. */
  readonly headers: Readonly<Record<string, string>>;
  /** "prometheus@1" */
  readonly plugin: string;
  readonly keepMs: number;
}
export interface RawBody {
  readonly alert: string;
  readonly raw: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly plugin?: string;
}

/**
 * What became of one body: `readable`, at least one alert of it did something; `refused`, its sender was not proven, so that only
 * its headers are kept; `failed`, it was answered 503 and should have come again.
 */
export type BodyOutcome = "readable" | "ignored" | "unreadable" | "refused" | "failed";

/** What became of one alert of a body. */
export interface BodyAlert extends Pick<AlertResult, "incident" | "action" | "reason"> {
  readonly dedupKey: string;
  readonly title: string;
}

export interface BodyReplay {
  readonly at: number;
  readonly by: Actor;
  readonly outcome: BodyOutcome;
  readonly reason: string | null;
  readonly alerts: readonly BodyAlert[];
}

/** The door of another product that a body came by: what that door read beside the body, so that it can read it again. */
export interface BodyDoor {
  /** Id of the plugin whose door it is. */
  readonly plugin: string;
  /** As the plugin's routes have it: `/v2/alerts/:id/:part`. */
  readonly path: string;
  /** Of the address, without the integration's key. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** What the door made an identity of where the sender left that to it. */
  readonly unique: string;
}

/** One body of an integration, without its text. */
export interface BodyFacts {
  readonly at: number;
  readonly method: string;
  /** Names in lower case; what looks like a credential is masked. */
  readonly headers: Readonly<Record<string, string>>;
  readonly deliveryId: string | null;
  readonly outcome: BodyOutcome;
  /** Why nobody could read it, or who it was refused; null: nothing to say. */
  readonly reason: string | null;
  /** The first of them (limits.received.alertsMax). */
  readonly alerts: readonly BodyAlert[];
  /** Of the whole body, as it came. */
  readonly bytes: number;
  /** Only the first part of it is kept. */
  readonly cut: boolean;
  /** "prometheus@1": what read it. */
  readonly plugin: string;
  /** Absent: it came by `/v1/ingest` and the like. */
  readonly door?: BodyDoor;
  /** Version of the tenant's configuration that it was read by. */
  readonly version: number;
  /** Bodies that came right before it in a storm and were not kept. */
  readonly skipped: number;
}
export interface NewBody extends BodyFacts {
  readonly raw: string;
}
export interface KeptBody extends BodyFacts {
  readonly n: number;
  /** The first characters. */
  readonly start: string;
  /** The last ones. */
  readonly replays: readonly BodyReplay[];
  /** As it stands after the last replay. */
  readonly present: BodyOutcome;
}
export interface BodyQuery {
  /** Older than this number. */
  readonly before: number | null;
  readonly outcomes: readonly BodyOutcome[] | null;
  /** Whether `outcomes` are of the last replay, or of the first reading. */
  readonly present?: boolean;
  readonly since?: number;
  readonly limit: number;
  readonly keepMs: number;
}

export interface ReceivedCalls {
  put(bodies: readonly NewBody[], keepMs: number): Promise<void>;
  list(query: BodyQuery): Promise<{ readonly items: KeptBody[]; readonly more: boolean }>;
  get(n: number, keepMs: number): Promise<(KeptBody & { readonly raw: string }) | null>;
  replayed(n: number, replay: BodyReplay): Promise<void>;
  clear(): Promise<void>;
}
