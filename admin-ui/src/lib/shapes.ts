// Owns the shapes of the API's answers as the pages read them (contract §5). Instants are RFC 3339 texts.

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export type Role = "owner" | "admin" | "manager" | "responder" | "stakeholder";

export interface Session {
  readonly id: string;
  readonly user: string;
  readonly name: string;
  readonly role: Role | "hub-owner";
  /** Null: the hub's owner, at home in every tenant. */
  readonly tenant: string | null;
  readonly tenantName: string | null;
  readonly timeZone: string | null;
  readonly expiresAt: string;
}

export interface SessionAnswer {
  readonly session: Session | null;
  /** Passkeys exist at this address. */
  readonly passkeys: boolean;
}

export interface OwnSession {
  readonly id: string;
  readonly how: "link" | "invitation" | "token" | "passkey";
  readonly device: string;
  readonly createdAt: string;
  readonly seenAt: string;
  readonly expiresAt: string;
  readonly present: boolean;
}

export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly usedAt: string | null;
}

export interface Link {
  readonly url: string | null;
  readonly expiresAt: string | null;
}

export interface Ticket {
  readonly kind: "owner-link" | "invitation";
  readonly user: string;
  readonly name: string;
  readonly tenant: string | null;
  readonly tenantName: string | null;
  readonly expiresAt: string;
}

export interface Tenant {
  readonly id: string;
  readonly name: string;
}

export type IncidentStatus = "held" | "suppressed" | "triggered" | "acknowledged" | "resolved" | "merged";

export interface Pending {
  readonly at: string;
  readonly kind: string;
  readonly user: string | null;
  readonly contact: string | null;
  readonly step: number | null;
  readonly round: number | null;
  readonly reason: string;
  /** What the record would hold. Absent in lists. */
  readonly told?: { readonly kind: string; readonly data: Readonly<Record<string, unknown>> };
}

/** One incident in a list. */
export interface IncidentRow {
  readonly id: string;
  readonly title: string;
  readonly status: IncidentStatus;
  readonly snoozedUntil: string | null;
  readonly severity: string;
  readonly urgency: "high" | "low";
  readonly service: string | null;
  readonly policy: string | null;
  readonly source: string;
  readonly openedAt: string;
  readonly updatedAt: string;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: string | null;
  readonly resolvedAt: string | null;
  readonly assignees: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly test: boolean;
  /** The next thing that happens if nobody acts, as far as the list knows. */
  readonly next?: Pending | null;
}

export type Move =
  | "ack"
  | "unack"
  | "resolve"
  | "reopen"
  | "snooze"
  | "escalate"
  | "reassign"
  | "responders"
  | "severity"
  | "note"
  | "merge"
  | "unmerge";

export interface SlaClock {
  readonly id: string;
  readonly name: string;
  readonly kind: "respond" | "resolve";
  readonly state: string;
  /** The deadline; null while it stands still. */
  readonly at: string | null;
  readonly breachedAt?: string | null;
  readonly met?: boolean | null;
}

export interface Actor {
  readonly type: "user" | "integration" | "system" | "link" | "provider";
  readonly id: string;
}

/** One incident in whole. */
export interface Incident extends IncidentRow {
  readonly body: string;
  readonly integration?: string | null;
  readonly resolvedBy?: Actor | null;
  /** Bodies that nobody could read: how many, those since somebody last looked, and when they page again. */
  readonly unreadable?: { readonly bodies: number; readonly sinceSeen: number; readonly pagesAgainAt: string | null } | null;
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  readonly runbook?: string | null;
  readonly alerts?: number;
  readonly occurrences?: number;
  readonly suppressedBy?: string | null;
  readonly route?: string | null;
  readonly step?: number;
  readonly round?: number;
  readonly team?: string | null;
  readonly mergedInto?: string | null;
  readonly acks?: readonly string[];
  /** What may be done now. Absent: it is over, and only its record is left. */
  readonly moves?: readonly Move[];
  /** An acknowledgment or a resolve may be taken back as if it had not been, until then. */
  readonly undoUntil?: string | null;
  /** Of a resolve: the only person who may. */
  readonly undoBy?: string | null;
  readonly pending: readonly Pending[];
  readonly sla: readonly SlaClock[];
  readonly already?: boolean;
}

/** An incident that one person was paged for, or owns. */
export interface OwnPage extends Incident {
  /** Rises when paging begins anew. */
  readonly epoch: number;
  /** The newest page of theirs; null: none, they own it by another way. */
  readonly page: {
    readonly at: string;
    readonly delivery: string;
    readonly contact: string;
    readonly via: string;
    readonly status: string;
    readonly reason: { readonly text: string; readonly step: number; readonly round: number };
  } | null;
}

export interface TimelineEntry {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly actor: Actor;
  readonly reason: string;
  readonly data: Readonly<Record<string, unknown>> | null;
}

/** A page to a person, or a post to a connector. */
export interface Delivery {
  readonly kind?: "page" | "connector";
  readonly id: string;
  readonly incident: string;
  readonly user?: string;
  readonly contact?: string;
  readonly via?: string;
  readonly to?: string;
  readonly connector?: string;
  readonly status: string;
  readonly dueAt: string;
  readonly sentAt: string;
  readonly nextAt: string | null;
  readonly attempt: number;
  readonly attempts: readonly {
    readonly n?: number;
    readonly at: string;
    readonly status: string;
    readonly reason?: string | null;
    readonly detail?: string | null;
  }[];
  readonly ref: string | null;
  readonly reason?: { readonly text: string; readonly step: number; readonly round: number };
}

export interface Alert {
  readonly key: string;
  readonly dedupKey: string;
  readonly title: string;
  readonly severity: string;
  readonly firing: boolean;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly integration: string | null;
  readonly raw: string | null;
  /** Of the request that brought it in, credentials masked. */
  readonly headers?: Readonly<Record<string, string>> | null;
  /** "prometheus@1": what read it. */
  readonly plugin?: string | null;
}

/** Names behind ids, from the configuration in force. */
export interface DirectoryAnswer {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly timeZone: string;
  /** Worst first. */
  readonly severities: readonly string[];
  readonly users: readonly {
    readonly id: string;
    readonly name: string;
    readonly timeZone: string;
    readonly role: Role;
    readonly active: boolean;
    /** Why no page can reach them. Absent in a copy kept from before it was said. */
    readonly outOfReach?: "deactivated" | "no-contact" | null;
  }[];
  readonly teams: readonly {
    readonly id: string;
    readonly name: string;
    readonly members: readonly string[];
    readonly managers: readonly string[];
  }[];
  readonly services: readonly {
    readonly id: string;
    readonly name: string;
    readonly team: string | null;
    readonly policy: string | null;
  }[];
  readonly policies: readonly { readonly id: string; readonly name: string }[];
  readonly schedules: readonly {
    readonly id: string;
    readonly name: string;
    readonly team: string | null;
    readonly timeZone: string;
  }[];
  readonly notifiers: readonly { readonly id: string; readonly plugin: string }[];
  readonly businessHours: readonly { readonly id: string; readonly name?: string }[];
  readonly integrations: readonly {
    readonly id: string;
    readonly name: string;
    readonly source: string;
    /** The plugin's own name. Absent in a copy kept from before it was said. */
    readonly sourceName?: string;
  }[];
}
