// Owns the shapes of what the set-up pages read: plugins, integrations, simulations, quiet times, clocks.

import type { IncidentStatus, Page } from "./shapes.ts";

export type PluginKind = "source" | "notifier" | "connector";

/** One plugin in a list. */
export interface PluginRow {
  readonly kind: PluginKind;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly docs: string;
  readonly aliases?: readonly string[];
  /** Of a notifier. */
  readonly channel?: string;
  readonly target?: { readonly label: string; readonly example: string };
  readonly builtIn?: boolean;
  /** Of a connector: secrets that are made where none is given. */
  readonly generates?: readonly string[];
  /** Of a connector: the sources whose senders it answers; empty: it answers none. */
  readonly writesBack?: readonly string[];
}

/** What a list says of a notifier beside. */
export interface NotifierFacts extends PluginRow {
  readonly channel: string;
  /** What a contact's `to` is for it. */
  readonly target?: { readonly label: string; readonly example: string };
}

/** What of JSON Schema our plugins use. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Plugin extends PluginRow {
  readonly config: Schema;
  readonly secrets: Schema | null;
  readonly readme: string;
}

/** A key that is shown once. */
export interface Issued {
  readonly kind: string;
  readonly id: string;
  readonly key: string;
  readonly url?: string;
  /** Where mail to it goes, for sources that have an address of their own. */
  readonly mail?: string;
  /** Where senders made for another product send to. */
  readonly addresses?: readonly { readonly what: string; readonly url: string }[];
}

export interface Meta {
  readonly etag: string;
  readonly origin?: "document" | "runtime" | "api";
  readonly oldKeyUntil?: string;
  readonly oldSecretUntil?: string;
  readonly inForce?: boolean;
}

export interface Integration {
  readonly id: string;
  readonly name?: string;
  readonly source: string;
  readonly service?: string | null;
  readonly secret?: unknown;
  readonly config?: Readonly<Record<string, unknown>>;
  /** The tenant's severity for each of the sources' own, where it is another than the tenant says. */
  readonly severityMap?: Readonly<Record<string, string>>;
  readonly rateLimit?: { readonly count: number; readonly within: string };
  readonly keepBodies?: string;
  readonly meta: Meta;
  readonly issued?: readonly Issued[];
}

export interface AlertResult {
  readonly incident: string | null;
  readonly action: string;
  readonly reason: string;
}

export interface Planned {
  readonly at: string;
  readonly user: string;
  readonly contact: string | null;
  readonly step: number | null;
  readonly round: number;
  readonly reason: string;
  readonly told?: { readonly kind: string; readonly data: Readonly<Record<string, unknown>> };
}

export interface Simulated {
  readonly alert: { readonly title: string; readonly severity: string; readonly dedupKey: string };
  readonly action: string;
  readonly reason: string;
  readonly status: string | null;
  readonly severity: string | null;
  readonly urgency: string | null;
  readonly service: string | null;
  readonly policies: readonly string[];
  readonly suppressedBy: string | null;
  readonly heldUntil: string | null;
  readonly routes: readonly {
    readonly id: string;
    readonly matched: boolean;
    readonly set: Readonly<Record<string, unknown>>;
    readonly why: string;
    readonly failed?: unknown;
  }[];
  readonly notes: readonly string[];
  readonly plan: readonly Planned[];
  readonly trouble: readonly {
    readonly at: string;
    readonly kind: string;
    readonly reason: string;
    readonly data?: Readonly<Record<string, unknown>>;
  }[];
  readonly truncated: boolean;
  readonly sla: readonly { readonly id: string; readonly kind: "respond" | "resolve"; readonly at: string | null }[];
}

export interface Simulation {
  readonly at: string;
  readonly assumed: readonly string[];
  readonly alerts: readonly Simulated[];
}

export interface Window {
  readonly id: string;
  readonly name?: string;
  readonly from?: string;
  readonly to: string;
  readonly timeZone?: string;
  readonly when?: string | null;
  readonly rrule?: string | null;
  readonly atEnd: "page" | "resolve" | "nothing";
  readonly endedAt?: string | null;
  readonly extended?: { readonly of: string; readonly to: string } | null;
  readonly meta: Meta;
}

export interface Silence {
  readonly id: string;
  readonly when: string;
  readonly from?: string;
  readonly until: string;
  readonly owner?: string;
  readonly reason: string;
  readonly endedAt?: string | null;
  readonly extendedTo?: string | null;
  readonly meta: Meta;
}

export interface HeartbeatState {
  readonly id: string;
  readonly name: string;
  readonly service: string | null;
  readonly state: "new" | "up" | "down" | "paused" | "unknown";
  readonly lastBeatAt?: string | null;
  readonly expectedAt?: string | null;
  readonly missingAt?: string | null;
  readonly down?: { readonly since: string; readonly reason: string } | null;
  readonly paused?: { readonly at: string; readonly until: string | null; readonly by: string } | null;
  readonly incident?: string | null;
}

/** A service level's clock of one incident. */
export interface Clock {
  readonly incident: string;
  readonly title: string;
  readonly status: IncidentStatus;
  readonly snoozedUntil: string | null;
  readonly openedAt: string;
  readonly severity: string;
  readonly service: string | null;
  readonly acknowledgedBy: string | null;
  readonly id: string;
  readonly name: string;
  readonly kind: "respond" | "resolve";
  readonly state: "running" | "at-risk" | "paused" | "breached" | "met" | "stopped";
  readonly deadline: string | null;
  /** A calendar's id, or `always`. */
  readonly hours: string;
  /** Of its own hours, when it was asked; negative once it is over. */
  readonly remainingMs: number;
  readonly flag: string | null;
}

/** A page that arrived on a simulated phone. */
export interface InboxMessage {
  readonly at: string;
  readonly delivery: string;
  readonly user: string;
  readonly contact: string;
  readonly incident: string;
  readonly title: string;
  readonly severity: string;
  readonly service: string | null;
  readonly reason: string;
  /** The reason as data. */
  readonly why?: Readonly<Record<string, unknown>>;
  readonly cause?: Readonly<Record<string, unknown>>;
  readonly step: number;
  readonly round: number;
  readonly link: string;
  /** In a storm one message may stand for several. */
  readonly summary?: { readonly count: number };
}

export interface SetupAnswers {
  readonly listInbox: Page<InboxMessage>;
  readonly listUserInbox: Page<InboxMessage>;
  readonly listPlugins: Page<PluginRow>;
  readonly getPlugin: Plugin;
  readonly sendTestAlert: { readonly results: readonly AlertResult[] };
  readonly listIntegrations: Page<Integration>;
  readonly createIntegration: Integration;
  readonly rotateIntegration: Integration;
  readonly rotateIntegrationSecret: Integration & { readonly newSecret?: string };
  readonly revokeOldKeys: Integration;
  readonly getIntegration: Integration;
  readonly simulate: Simulation;
  readonly listMaintenance: Page<Window>;
  readonly listSilences: Page<Silence>;
  readonly listHeartbeatStates: Page<HeartbeatState>;
  readonly createHeartbeat: { readonly issued?: readonly Issued[] };
  readonly rotateHeartbeat: { readonly issued?: readonly Issued[] };
  readonly listSla: Page<Clock> & { readonly degraded?: boolean };
}
