// Owns the messages between the Worker and the objects. Additive only: Worker and object may run different versions for a while.

import type { AlertResult, Command, ReceivedAlert, Reply } from "../core/event.ts";
import type { Decision } from "../core/decision.ts";
import type { Actor, Delivery, Episode, Identity, AlertRow, TimelineEntry } from "../core/incident.ts";
import type { PageSummary, Told } from "../core/page.ts";
import type { PendingItem } from "../core/forecast.ts";
import type { Post } from "../core/post.ts";
import type { Answer, Ask } from "../core/bundle.ts";
import type { Inhibition } from "../core/inhibition.ts";
import type { Rate } from "../core/rate.ts";
import type { Roster, RosterQuery } from "../core/roster.ts";
import type { Beat, HeartbeatIdentity, HeartbeatState, Outage } from "../core/heartbeat.ts";
import type { Heartbeat, Id, Role, Snapshot } from "../core/snapshot.ts";
import type { RawAbout, RawBody } from "./rpc-received.ts";

export interface ReceiveInput {
  readonly v: 1;
  readonly identity: Identity;
  readonly alerts: readonly ReceivedAlert[];
  readonly decision: Decision;
  readonly roster: Roster;
  /** The body as it came, kept with a new incident (cut at limits.ingest.rawKeptBytesMax). */
  readonly raw: string | null;
  readonly about?: RawAbout;
}
export interface ReceiveAnswer {
  readonly results: readonly AlertResult[];
}

export interface CommandInput {
  readonly v: 1;
  readonly identity: Identity;
  readonly incident: string;
  readonly commandId: string | null;
  readonly actor: Actor;
  readonly command: Command;
  readonly roster: Roster | null;
}
export type CommandAnswer = Extract<Reply, { kind: "done" } | { kind: "refused" }>;

/** Everything about the present (or last) episode, as it stands in the object: the truth that D1 lists project. */
export interface IncidentView {
  readonly episode: Episode;
  readonly alerts: readonly AlertRow[];
  readonly deliveries: readonly Delivery[];
  /** Absent from an object that runs an older version. */
  readonly posts?: readonly Post[];
  readonly pending: readonly PendingItem[];
  /** Who would be "current" for the responder's page: names by user id. */
  readonly names: Readonly<Record<Id, string>>;
}

export interface TimelineQuery {
  readonly incident: string;
  readonly after: number;
  readonly limit: number;
}
export interface TimelinePage {
  readonly items: readonly TimelineEntry[];
  readonly more: boolean;
}

/** What a poke found: when the watch should look again (null: nothing open), how late the oldest due work was. */
export interface PokeAnswer {
  readonly checkAfter: number | null;
  readonly overdueMs: number;
  readonly healed: boolean;
  readonly unflushed: number;
}

export interface SweepReport {
  readonly shard: string;
  readonly open: number;
  readonly poked: number;
  readonly overdue: number;
  readonly healed: number;
  readonly unreachable: number;
}

/** One message of the simulated phone. */
export interface InboxMessage {
  readonly at: number;
  readonly delivery: string;
  readonly user: Id;
  readonly contact: Id;
  readonly incident: string;
  readonly title: string;
  readonly severity: string;
  readonly service: Id | null;
  readonly reason: string;
  /** The reason as data. Absent in what older versions wrote. */
  readonly why?: Told;
  readonly cause?: Told;
  readonly step: number;
  readonly round: number;
  readonly link: string;
  readonly summary?: PageSummary;
}

/** Where an ingest key leads. */
export interface KeyEntry {
  readonly tenant: Id;
  readonly integration: Id;
  readonly jurisdiction: string | null;
  /** Epoch ms from which the key leads nowhere: it was rotated out. */
  readonly until?: number;
  /** A heartbeat's key: it beats, and sends no alerts (`integration` is then ""). */
  readonly heartbeat?: Id;
}

/** What the watch looks after: an incident, or a heartbeat. */
export interface Watched extends Identity {
  readonly kind?: "heartbeat";
}

export interface BeatInput {
  readonly v: 1;
  readonly identity: HeartbeatIdentity;
  /** From the configuration the Worker has at hand; null: it has none, the object goes by its own. */
  readonly known: { readonly spec: Heartbeat; readonly version: number } | null;
  readonly beat: Beat;
}
/** `unknown`: there is no such heartbeat, or nobody can say what it is. */
export type BeatAnswer = "ok" | "unknown";

export interface ConfigureInput {
  readonly identity: HeartbeatIdentity;
  /** Null: it was taken out of the configuration. */
  readonly spec: Heartbeat | null;
  readonly version: number;
}

export interface HeartbeatView {
  readonly status: "new" | "up" | "late" | "down" | "paused";
  readonly state: HeartbeatState;
  readonly expectedAt: number | null;
  readonly fallsAt: number | null;
}

// What each object answers to, as plain promises of plain data: the runtime's own stub types turn unions of answers into
// unions of promises, which nothing can await.

export type SnapshotAnswer =
  | { readonly kind: "unchanged" }
  | { readonly kind: "none" }
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot };
export type RosterAnswer =
  | { readonly kind: "unchanged" }
  | { readonly kind: "none" }
  | { readonly kind: "roster"; readonly roster: Roster };

export interface WatchStats {
  readonly open: number;
  readonly byTenant: Readonly<Record<string, number>>;
  readonly healed: number;
}

export interface IncidentCalls {
  receive(input: ReceiveInput): Promise<ReceiveAnswer>;
  command(input: CommandInput): Promise<CommandAnswer>;
  receipt(delivery: string, status: "delivered" | "failed", reason: string): Promise<void>;
  /** A later object of the same group takes its new alerts. */
  succeed(groupKey: string): Promise<void>;
  /** What may mute it has changed: it looks now. */
  reconsider(): Promise<void>;
  /** The incident that mutes by this rule and these values, if this object's does at this moment. */
  inhibits(rule: Id, key: string): Promise<string | null>;
  view(incident: string): Promise<IncidentView | null>;
  current(): Promise<IncidentView | null>;
  /** The present or the last episode. */
  latest(): Promise<IncidentView | null>;
  timeline(query: TimelineQuery): Promise<TimelinePage>;
  raw(incident: string): Promise<RawBody[]>;
  poke(): Promise<PokeAnswer>;
  written(): Promise<{ rows: number; alarms: number; bytes: number }>;
}

export interface DirectoryCalls {
  publish(snapshot: Snapshot): Promise<{ version: number }>;
  forget(version: number): Promise<void>;
  untold(): Promise<number>;
  /** Code of a plugin that the tenant wrote, by its hash; null: it does not have it. */
  ownCode(hash: string): Promise<string | null>;
  putOwnCode(hash: string, code: string): Promise<void>;
  snapshot(known: number | null): Promise<SnapshotAnswer>;
  roster(known: number | null, query: RosterQuery): Promise<RosterAnswer>;
}

export interface IndexCalls {
  putKeys(tenant: Id, entries: readonly { hash: string; entry: KeyEntry }[], version?: number): Promise<void>;
  lookup(hash: string): Promise<KeyEntry | null>;
  openGroup(alertHash: string): Promise<{ hash: string } | null>;
  setGroup(alertHash: string, hash: string | null): Promise<void>;
}

export interface HeartbeatCalls {
  beat(input: BeatInput): Promise<BeatAnswer>;
  configure(input: ConfigureInput): Promise<void>;
  /** Null: it has not heard of its configuration yet. */
  pause(until: number | null, by: string): Promise<HeartbeatView | null>;
  resume(by: string): Promise<HeartbeatView | null>;
  view(): Promise<HeartbeatView | null>;
  poke(): Promise<PokeAnswer>;
}

export interface WatchCalls {
  /** When the hub itself was down since then, as far as the minute's ticks show. Asked of `aliveShard` only. */
  outages(since: number): Promise<Outage[]>;
  register(identity: Watched, checkAfter: number): Promise<void>;
  done(identity: Watched): Promise<void>;
  list(tenant: Id, limit: number): Promise<Identity[]>;
  stats(): Promise<WatchStats>;
  sweep(shard: string): Promise<SweepReport>;
}

/** `granted`: how many of those asked for. `until`: when more can be had. `calm`: refusals are over, and nobody was told yet. */
export interface RateAnswer {
  readonly granted: number;
  readonly until: number;
  readonly refused: number;
  readonly calm: boolean;
}

export interface RateView {
  readonly from: number | null;
  readonly used: number;
  readonly refused: number;
  readonly lastRefusedAt: number | null;
}

export interface GateCalls {
  opened(by: Identity, inhibition: Inhibition): Promise<void>;
  closed(by: Identity, inhibition: Pick<Inhibition, "key">): Promise<void>;
  inhibitor(asker: Identity, inhibition: Inhibition): Promise<string | null>;
  takeRate(rate: Rate, want: number, refused: number): Promise<RateAnswer>;
  calmed(): Promise<void>;
  rate(): Promise<RateView>;
}

export interface PersonCalls {
  ask(asked: Ask): Promise<Answer>;
  report(lane: string, delivery: string, accepted: boolean): Promise<void>;
  forget(deliveries: readonly string[]): Promise<void>;
}

export interface PointerCalls {
  take(pointer: string, turn: string, members: readonly Id[]): Promise<Id | null>;
  standing(): Promise<{ pointer: string; member: Id; n: number }[]>;
}

export interface InboxCalls {
  put(message: InboxMessage): Promise<void>;
  clear(): Promise<void>;
  list(query: { user?: string; limit: number; before?: number }): Promise<InboxMessage[]>;
}

/** What browsers are told of: which incident, or that the configuration is another. */
export type LiveChange =
  | { readonly kind: "incident"; readonly incident: string }
  | { readonly kind: "config"; readonly version: number };

export interface LiveCalls {
  changed(change: LiveChange): Promise<void>;
  fetch(url: string, init: RequestInit): Promise<Response>;
}

export interface SessionRow {
  /** For its owner to name it; the secret itself is kept nowhere. */
  readonly id: string;
  readonly user: string;
  readonly how: "link" | "invitation" | "token" | "passkey";
  readonly device: string;
  readonly createdAt: number;
  readonly seenAt: number;
  readonly idleMs: number;
  readonly expiresAt: number;
}
export interface NewSession extends Pick<SessionRow, "id" | "user" | "how" | "device" | "idleMs"> {
  readonly hash: string;
  readonly absoluteMs: number;
}
export interface TicketRow {
  readonly kind: "owner-link" | "invitation";
  readonly user: string;
  readonly madeBy: string;
  readonly expiresAt: number;
}
export interface PasskeyRow {
  /** The credential's id, base64url. */
  readonly id: string;
  readonly user: string;
  readonly name: string;
  /** COSE, base64url. */
  readonly publicKey: string;
  readonly counter: number;
  /** Comma-separated. */
  readonly transports: string;
  readonly createdAt: number;
  readonly usedAt: number | null;
}

/** An API key of a tenant. The key itself is kept nowhere. */
export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: number;
  readonly createdBy: string;
  /** Null: it does not end by itself. */
  readonly expiresAt: number | null;
  /** Coarse (limits.apiKeys.touchMs). */
  readonly usedAt: number | null;
  readonly revokedAt: number | null;
  readonly revokedBy: string | null;
}

export interface AccountsCalls {
  apiKey(hash: string, now: number): Promise<ApiKeyRow | null>;
  apiKeys(now: number): Promise<ApiKeyRow[]>;
  addApiKey(row: ApiKeyRow, hash: string): Promise<"added" | "known" | "full">;
  dropApiKey(id: string): Promise<void>;
  revokeApiKey(id: string, by: string, now: number): Promise<{ readonly row: ApiKeyRow; readonly recorded: boolean } | null>;
  recordedApiKey(id: string): Promise<void>;
  forget(): Promise<void>;
  session(hash: string, now: number): Promise<SessionRow | null>;
  begin(session: NewSession, now: number): Promise<SessionRow>;
  sessions(user: string, now: number): Promise<SessionRow[]>;
  end(user: string, which: { readonly id: string } | { readonly except: string | null }): Promise<number>;
  issue(hash: string, ticket: TicketRow, now: number): Promise<void>;
  ticket(hash: string, now: number): Promise<TicketRow | null>;
  redeem(hash: string, session: NewSession, now: number): Promise<SessionRow | null>;
  claimed(): Promise<boolean>;
  passkeys(user: string): Promise<PasskeyRow[]>;
  passkey(id: string): Promise<PasskeyRow | null>;
  addPasskey(row: PasskeyRow, challenge: string, now: number): Promise<"added" | "spent" | "known" | "full">;
  removePasskey(user: string, id: string): Promise<boolean>;
  enter(
    passkey: { id: string; counter: number; challenge: string },
    session: NewSession,
    now: number,
  ): Promise<SessionRow | null>;
  claimHome(passkey: string, place: string): Promise<boolean>;
  leaveHome(passkey: string, place: string): Promise<void>;
  homeOf(passkey: string): Promise<string | null>;
}
