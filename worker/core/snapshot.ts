// Owns the compiled configuration of one tenant: what the Directory hands out and an incident reads.
// Everything here is plain data (it crosses RPC and is stored as JSON). Durations are ms, times are epoch ms.

import type { Severity } from "./alert.ts";
import type { BundleRule } from "./bundle.ts";
import type { BusinessHours } from "./calendar.ts";
import type { Sla } from "./sla.ts";
import type { MaintenanceWindow, Silence } from "./mute.ts";
import type { Rate } from "./rate.ts";
import type { Schedule } from "./oncall/schedule.ts";

export type Id = string;
export type Urgency = "high" | "low";
export type Role = "owner" | "admin" | "manager" | "responder" | "stakeholder";

/** One way to reach a person. `via` names a notifier of the tenant, not a plugin. */
export interface Contact {
  readonly id: Id;
  readonly via: Id;
  readonly to: string;
  /**
   * One of the devices that a contact pages: `id` is CONTACT.DEVICE, `to` what its owner calls it, and what it is reached by is
   * sealed, opened only for the call.
   */
  readonly device?: { readonly contact: Id; readonly place: string; readonly sealed: string };
}

/** A personal notification rule: after this long from the person's own page, by this contact (`*`: by all). */
export interface NotifyRule {
  readonly afterMs: number;
  readonly contact: Id;
}

export interface Person {
  readonly id: Id;
  readonly name: string;
  readonly email: string | null;
  readonly timeZone: string;
  readonly role: Role;
  /** False: kept for the record, never paged, links refused. */
  readonly active: boolean;
  /** Rises when the person's links are revoked; a link signed under an older one is refused. */
  readonly linkEpoch: number;
  readonly contacts: readonly Contact[];
  readonly notify: Readonly<Record<Urgency, readonly NotifyRule[]>>;
}

/** How a team is paged: everybody, the one who was not paged for longest, or one drawn for this incident and step. */
export type Strategy = "all" | "round-robin" | "random";

/** Who a step pages. A user target may name one contact, which then takes the place of the person's own rules. */
export type Target =
  | { readonly kind: "user"; readonly user: Id; readonly contact: Id | null }
  | { readonly kind: "team"; readonly team: Id; readonly strategy?: Strategy }
  /** Who is on call now, who comes next, or everybody of the schedule. */
  | { readonly kind: "schedule"; readonly schedule: Id; readonly who: "current" | "next" | "everyone" }
  /** Another policy is started beside this one and runs by its own steps and times. */
  | { readonly kind: "policy"; readonly policy: Id }
  /** The team that the incident's service belongs to. */
  | { readonly kind: "owner" };

/** One level of a policy. Absent fields mean the plain level: paged once, for everybody, until somebody acknowledges. */
export interface Step {
  readonly notify: readonly Target[];
  /** From the commit that pages this step to the next one. */
  readonly escalateAfterMs: number;
  /** `resolved`: an acknowledgment does not stop the way to the next step, only the end of the incident does. */
  readonly until?: "acknowledged" | "resolved";
  /** CEL over the incident, asked when the step's turn comes; not true: passed over at once, and said. */
  readonly when?: string;
  /** Different people who must acknowledge before the incident counts as acknowledged; `all`: everybody this step paged. */
  readonly acksRequired?: number | "all";
  /** Business hours to wait for: the step's turn comes when they begin. */
  readonly waitFor?: Id;
  /** Pages the step's people again while its time runs, without moving on. */
  readonly retry?: { readonly times: number; readonly everyMs: number };
}

export interface Policy {
  readonly id: Id;
  readonly name: string;
  readonly steps: readonly Step[];
  /** `times` extra passes after the first, starting at step index `from` (0-based), after `waitMs`. */
  readonly repeat: { readonly times: number; readonly from: number; readonly waitMs: number };
  readonly onExhausted: readonly Target[];
  /** Page again when acknowledged but not resolved; null: off; undefined: the tenant's default. */
  readonly ackTimeoutMs?: number | null;
  readonly lowUrgency: "first-step" | "escalate";
}

/** What the outbox must know of a channel; comes from the notifier plugin's manifest and the tenant's entry. */
export interface Notifier {
  readonly id: Id;
  readonly plugin: Id;
  readonly config: Readonly<Record<string, unknown>>;
  /** Sealed secret values by field name (worker/security/seal.ts); opened only for the call that needs them. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Another notifier of the tenant, tried when this one fails for good. */
  readonly fallback: Id | null;
  /** Longest one send may take. */
  readonly limitMs: number;
  /** The provider itself drops a repeat of the same delivery id: ambiguous sends are repeated freely. */
  readonly idempotent: boolean;
  /** Sends of unknown outcome after which an unidempotent channel stops repeating (reliability.md §3.5). */
  readonly copyCap: number;
  /** Its pages can tell of several incidents. */
  readonly summaries?: boolean;
}

export interface Team {
  readonly id: Id;
  readonly name: string;
  readonly members: readonly Id[];
  readonly managers: readonly Id[];
}

export interface Service {
  readonly id: Id;
  readonly name: string;
  readonly team: Id | null;
  readonly policy: Id | null;
  readonly runbook: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly urgency: Urgency;
  /** In place of `urgency`, by a calendar. Low rises to high when its time comes. */
  readonly urgencyByHour?: { readonly inHours: Urgency; readonly outOfHours: Urgency; readonly hours: Id };
  readonly resolveOn: "all" | "any" | "manual";
  readonly autoResolveMs: number | null;
  readonly ackTimeoutMs?: number | null;
}

export interface Integration {
  readonly id: Id;
  readonly name: string;
  readonly source: Id;
  /** SHA-256 (hex) of the ingest key; the key itself is kept nowhere. */
  readonly keyHash: string;
  /** The key before the last rotation, accepted until then. */
  readonly retiredKey?: { readonly hash: string; readonly until: number };
  /** Sealed; what the sender signs with, null when it cannot. */
  readonly secret: string | null;
  /** Sealed; the secret before the last rotation: what it proves is taken until then. */
  readonly retiredSecret?: { readonly sealed: string; readonly until: number };
  readonly service: Id | null;
  readonly config: Readonly<Record<string, unknown>>;
  /** Overrides the source's canonical severity by name, before the tenant's own map. */
  readonly severityMap: Readonly<Partial<Record<Severity, string>>>;
  /** Requests let in; null: only the bound that holds for all. */
  readonly rateLimit?: Rate | null;
  /** Over the tenant's own. */
  readonly keepBodiesMs?: number;
}

/** What a route sets: the text itself, or what an expression over the alert yields. */
export type Value = string | { readonly expr: string };

/** A routing rule. First match wins unless `continue`. `when` is CEL (worker/core/expression.ts). */
export interface Route {
  readonly id: Id;
  readonly when: string;
  readonly set: {
    readonly severity?: Value;
    readonly service?: Value;
    /** Several start at the same moment, each with its own ladder; the first is the incident's own. */
    readonly policies?: readonly Value[];
    readonly urgency?: Urgency;
    readonly labels?: Readonly<Record<string, Value>>;
  };
  readonly group: { readonly by: readonly string[]; readonly windowMs: number; readonly kind: "rolling" | "fixed" } | null;
  readonly suppress: boolean;
  readonly holdMs: number | null;
  /** Recorded and held until it has fired so often within the time; without `group`, all alerts of the route count together. */
  readonly threshold?: { readonly count: number; readonly withinMs: number } | null;
  /** Muted while another alert that `when` matches is open with the same values of `equal`. */
  readonly inhibitedBy?: { readonly when: string; readonly equal: readonly string[] } | null;
  readonly continue: boolean;
}

/** Who is told what happens to incidents; comes from the connector plugin's manifest and the tenant's entry. */
export interface Connector {
  readonly id: Id;
  readonly plugin: Id;
  readonly config: Readonly<Record<string, unknown>>;
  /** Sealed, by field name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Names of events (core/post.ts), or "*". */
  readonly on: readonly string[];
  /** CEL over the incident; null: every one. */
  readonly when: string | null;
  readonly limitMs: number;
  readonly idempotent: boolean;
  readonly copyCap: number;
  /** It writes what happens back to where alerts came from: it hears only of incidents that hold such. Absent: it hears of all. */
  readonly writesBack?: WritesBack;
}

export type Echo = "acknowledged" | "resolved";

export interface WritesBack {
  /** Source plugins. */
  readonly sources: readonly Id[];
  /** Of these integrations only; null: of every one with such a source. */
  readonly integrations: readonly Id[] | null;
  /** What is written to the sender and comes back as its own word, and nothing in that shows where it came from. Absent: nothing. */
  readonly echoes?: readonly Echo[];
}

/** A job that says it is alive. `severity` is of the tenant's own scale, null: as for an error. */
export interface Heartbeat {
  readonly id: Id;
  readonly name: string;
  /** SHA-256 (hex) of the key in its URL; the key itself is kept nowhere. */
  readonly keyHash: string;
  readonly schedule:
    | { readonly kind: "every"; readonly everyMs: number }
    | { readonly kind: "cron"; readonly cron: string; readonly timeZone: string };
  readonly graceMs: number;
  readonly service: Id | null;
  readonly severity: string | null;
  /** The first beat is waited for from the creation on; else the watch begins with it. */
  readonly expectFirst: boolean;
}

/** A table that adds labels to an alert before the routes see it. */
export interface Lookup {
  readonly id: Id;
  /** CEL; its value, as text, names the row. */
  readonly key: string;
  readonly rows: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Defaults {
  readonly notify: Readonly<Record<Urgency, readonly NotifyRule[]>>;
  readonly ackTimeoutMs: number | null;
  readonly reopenWindowMs: number;
  readonly autoResolveMs: number | null;
  /** How long bodies are kept as they came; absent: limits.received.keepMs. */
  readonly keepBodiesMs?: number;
  /** Null: every page goes by itself; absent: limits.bundle. */
  readonly bundle?: BundleRule | null;
  /** Null: never flapping; absent: limits.flapping. */
  readonly flapping?: { readonly reopens: number; readonly withinMs: number; readonly steadyMs: number } | null;
}

/** A source that the tenant wrote itself, by the hashes of its code: the code is the Directory's (worker/objects/own-code.ts). */
export interface OwnPlugin {
  readonly id: Id;
  readonly off: boolean;
  /** The version that runs where an integration pins none. */
  readonly active: number | null;
  /** SHA-256 of the code, hex, by version. */
  readonly versions: Readonly<Record<string, string>>;
}

export interface Snapshot {
  readonly tenant: Id;
  readonly name: string;
  readonly version: number;
  readonly timeZone: string;
  readonly jurisdiction: string | null;
  /** The tenant's own scale, worst first. */
  readonly severities: readonly string[];
  readonly severityMap: Readonly<Record<Severity, string>>;
  readonly fallback: readonly Target[];
  readonly defaults: Defaults;
  readonly users: Readonly<Record<Id, Person>>;
  readonly teams: Readonly<Record<Id, Team>>;
  readonly policies: Readonly<Record<Id, Policy>>;
  readonly services: Readonly<Record<Id, Service>>;
  readonly integrations: Readonly<Record<Id, Integration>>;
  readonly notifiers: Readonly<Record<Id, Notifier>>;
  readonly routes: readonly Route[];
  /** Absent in a snapshot stored before there were any. */
  readonly businessHours?: Readonly<Record<Id, BusinessHours>>;
  readonly slas?: readonly Sla[];
  /** Absent in a snapshot stored before there were any. */
  readonly schedules?: Readonly<Record<Id, Schedule>>;
  readonly connectors?: Readonly<Record<Id, Connector>>;
  readonly heartbeats?: Readonly<Record<Id, Heartbeat>>;
  readonly ownPlugins?: Readonly<Record<Id, OwnPlugin>>;
  /** Tried in order, each sees the labels of those before it. */
  readonly lookups?: readonly Lookup[];
  /** By source plugin: what takes the place of `severityMap`; an integration's own map goes over it. */
  readonly sourceSeverities?: Readonly<Record<Id, Readonly<Partial<Record<Severity, string>>>>>;
  readonly maintenance?: readonly MaintenanceWindow[];
  readonly silences?: readonly Silence[];
  /** Grouping routes exist or once did: an open alert may live in a group's object whatever the routes say now. */
  readonly groups?: boolean;
}
