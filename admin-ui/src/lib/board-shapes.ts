// Owns the shapes of what the boards read: what sends, clocks, hours, the audit log, API keys. Instants are RFC 3339 texts.

import type { Issued, Meta } from "./setup-shapes.ts";
import type { Restriction, Target } from "./shapes-oncall.ts";
import type { Page, Role } from "./shapes.ts";

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string | null;
  readonly usedAt: string | null;
  readonly revokedAt: string | null;
  readonly revokedBy: string | null;
  readonly state: "active" | "expired" | "revoked";
}

export interface AuditChange {
  readonly op: "add" | "change" | "remove";
  readonly kind: string;
  readonly id: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly secretsChanged?: readonly string[];
  readonly moved?: { readonly from: number; readonly to: number };
}

export interface AuditEntry {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly hash: string;
  readonly body: {
    readonly version?: number;
    readonly changes?: readonly AuditChange[];
    readonly part?: number;
    readonly parts?: number;
  } & Readonly<Record<string, unknown>>;
}

export interface AuditVerdict {
  readonly whole: boolean;
  readonly firstBad: { readonly seq: number; readonly reason: string } | null;
}

export interface LastTry {
  readonly at: string;
  readonly status: string;
  readonly reason: string;
  readonly delivery: string;
  readonly incident: string;
}

/** One notifier or connector. */
export interface Health {
  readonly id: string;
  /** The last day's deliveries by status. */
  readonly day: Readonly<Record<string, number>>;
  readonly plugin: string;
  readonly lastGood: LastTry | null;
  readonly lastBad: LastTry | null;
}

export interface NotifierHealth extends Health {
  /** Who have a contact by it, and the first of them. */
  readonly people: number;
  readonly users: readonly string[];
  readonly fallbackOf: readonly string[];
}

export interface SendingHealth {
  readonly from: string;
  readonly truncated: boolean;
  readonly notifiers: readonly NotifierHealth[];
  readonly connectors: readonly Health[];
}

type Values = Readonly<Record<string, unknown>>;

/** One that stays as it is, or another. */
export type Secret = { readonly sealed: true } | { readonly value: string };
export type Secrets = Readonly<Record<string, Secret>>;

export interface SenderWords {
  readonly id: string;
  readonly plugin: string;
  readonly config: Values;
  readonly secrets: Secrets;
}
export interface NotifierWords extends SenderWords {
  readonly fallback?: string;
}
export interface ConnectorWords extends SenderWords {
  /** Left out where one writes back: acknowledged, unacknowledged, resolved. */
  readonly on?: readonly string[];
  readonly integrations?: readonly string[];
  readonly when?: string;
}
interface Stored {
  readonly meta: Meta;
  readonly issued?: readonly Issued[];
}

export interface Sent {
  readonly kind: "page" | "connector";
  readonly id: string;
  readonly incident: string;
  readonly status: string;
  readonly sentAt: string;
  readonly nextAt: string | null;
  readonly attempts: readonly { readonly n: number; readonly at: string; readonly status: string; readonly reason: string }[];
  /** Of a page. */
  readonly user?: string;
  readonly contact?: string;
  readonly to?: string;
  readonly reason?: { readonly via: string };
  /** Of a post. */
  readonly event?: { readonly type: string; readonly kind: string };
}

export interface SendTest {
  readonly delivery: string;
  readonly status: string;
  readonly outcome: string;
  readonly detail: string;
  /** What whoever set it up has to look at. */
  readonly fix: "credentials" | "rights" | "address" | null;
}

export interface SlaWarningWords {
  readonly at?: string;
  readonly before?: string;
  readonly clock?: "respond" | "resolve";
  readonly flag?: string;
  readonly policy?: string;
  readonly notify?: readonly Target[];
}
export interface SlaWords {
  readonly id: string;
  readonly name?: string;
  readonly when: string;
  readonly respondWithin?: string;
  readonly resolveWithin?: string;
  readonly hours: string;
  readonly pauseIn: readonly string[];
  readonly warn?: readonly SlaWarningWords[];
}

export interface HoursWords {
  readonly id: string;
  readonly name?: string;
  readonly timeZone?: string;
  readonly hours: readonly Restriction[];
  readonly holidays: readonly string[];
  readonly ical: { readonly url: string } | null;
}
export interface HoursState {
  readonly at: string;
  readonly open: boolean;
  readonly nextOpening: string | null;
  readonly nextClosing: string | null;
  readonly holidays: readonly string[];
  readonly calendar: {
    readonly checkedAt: string;
    readonly goodAt: string | null;
    readonly error: string | null;
    readonly notes: readonly string[];
  } | null;
}

export interface BoardAnswers {
  readonly listApiKeys: Page<ApiKey>;
  readonly createApiKey: ApiKey & { readonly key: string };
  readonly listAudit: Page<AuditEntry>;
  readonly verifyAudit: AuditVerdict;
  readonly getSendingHealth: SendingHealth;
  readonly listDeliveries: Page<Sent>;
  readonly testNotifier: SendTest;
  readonly testConnector: SendTest;
  readonly listNotifiers: Page<NotifierWords & Stored>;
  readonly getNotifier: NotifierWords & Stored;
  readonly createNotifier: NotifierWords & Stored;
  readonly replaceNotifier: NotifierWords & Stored;
  readonly listConnectors: Page<ConnectorWords & Stored>;
  readonly getConnector: ConnectorWords & Stored;
  readonly createConnector: ConnectorWords & Stored;
  readonly replaceConnector: ConnectorWords & Stored;
  readonly listSlas: Page<SlaWords & Stored>;
  readonly getSla: SlaWords & Stored;
  readonly listBusinessHours: Page<HoursWords & Stored>;
  readonly getCalendar: HoursWords & Stored;
  readonly getBusinessHoursState: HoursState;
}
