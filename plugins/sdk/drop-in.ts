// Owns the contract of a drop-in door: another product's own API, answered as that product answers, so that a sender changes its
// host and nothing else. A plugin tells where its doors are, reads what comes in and words the answers; the hub finds the
// integration by its key, keeps what must be durable and does what is asked. Both functions are pure: time and chance come in.

import type { Alert, Severity } from "../../worker/core/alert.ts";
import type { Change } from "../../worker/core/change.ts";
import type { BodyKind } from "./manifest.ts";
import type { InboundRequest } from "./source.ts";

export interface DropInRoute {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/am/:key/api/v2/alerts`; each `:name` is one of `params`. */
  readonly path: string;
  /** How the body is read; an empty one is `null`. */
  readonly body: BodyKind;
}

export interface DropInRequest extends InboundRequest {
  readonly route: DropInRoute;
  readonly params: Readonly<Record<string, string>>;
  /** `https://tocsin.example.com`: where this hub is, for addresses in answers. */
  readonly origin: string;
  readonly read: { readonly ok: true; readonly payload: unknown } | { readonly ok: false; readonly reason: string };
  /** 32 random hexadecimal digits, the same for the whole request: an identity where the sender leaves it to the product. */
  readonly unique: string;
  /** Epoch ms. */
  readonly now: number;
}

/** What the product would answer. `body` goes out as JSON, a text as it is, null as nothing. */
export interface ProductAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What became of one alert, as the hub tells it. */
export interface AlertOutcome {
  readonly incident: string | null;
  readonly action: string;
  readonly reason: string;
}

/** How a sender means one of its own alerts: by its dedup key, by our incident, or by the instant that incident opened. */
export type AlertName =
  | { readonly by: "key"; readonly dedupKey: string }
  | { readonly by: "incident"; readonly incident: string }
  | { readonly by: "opened"; readonly at: number };

/** What a sender may ask to be done about its alert, beside firing it. Names of people, teams and policies are as it knows them. */
export type Order =
  | { readonly kind: "acknowledge" }
  | { readonly kind: "resolve" }
  | { readonly kind: "unacknowledge" }
  | { readonly kind: "snooze"; readonly until: number }
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "escalate"; readonly policy: string | null }
  | { readonly kind: "assign"; readonly user: string }
  | { readonly kind: "call-in"; readonly users: readonly string[]; readonly teams: readonly string[] }
  | { readonly kind: "severity"; readonly severity: Severity }
  | {
      readonly kind: "amend";
      readonly title?: string;
      readonly body?: string;
      readonly labels?: Readonly<Record<string, string | null>>;
    };

/** One alert of the sender's, and the incident that speaks for it. Times are epoch ms. */
export interface SourceAlert {
  readonly incident: string;
  readonly dedupKey: string;
  readonly title: string;
  readonly body: string;
  readonly status: "open" | "acknowledged" | "closed";
  readonly severity: Severity;
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly lastAt: number;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: number | null;
  readonly resolvedBy: string | null;
  readonly resolvedAt: number | null;
  readonly snoozedUntil: number | null;
  readonly assignees: readonly string[];
  /** Who has been paged for it, in the order of their first page; `name`: a mail address, else as they are called. Times are epoch ms. */
  readonly paged: readonly { readonly id: string; readonly name: string; readonly at: number; readonly lastAt: number }[];
  readonly integration: { readonly id: string; readonly name: string };
}

/** One line of an incident's record. `place` rises; `by`: a person's mail address or name, an integration's name, or the hub. */
export interface SourceRecord {
  readonly place: number;
  /** Epoch ms. */
  readonly at: number;
  readonly kind: string;
  readonly by: string;
  readonly byPerson: boolean;
  readonly text: string;
}

/** `tookS`: how long the hub needed. */
type Wording<T> = (outcome: T, tookS: number) => ProductAnswer;

export type Asked =
  /** Nothing to do: asked whether it is there, asked for something that the product refuses without harm to any alert. */
  | { readonly kind: "answer"; readonly answer: ProductAnswer }
  /** The sender proved itself and cannot be understood: the hub opens its incident about that and keeps the body. */
  | { readonly kind: "unreadable"; readonly reason: string; readonly answer: ProductAnswer }
  | {
      readonly kind: "alerts";
      readonly alerts: readonly Alert[];
      readonly changes?: readonly Change[];
      /** Done about the first alert's incident afterwards, once: the same again changes nothing. */
      readonly afterwards?: readonly Order[];
      /** Some of the body is taken and the rest cannot be read: the hub opens its incident about that as well, and this is the answer. */
      readonly others?: { readonly reason: string; readonly answer: ProductAnswer };
      readonly answer: Wording<readonly AlertOutcome[]>;
    }
  /** `alert`: null when there is none by that name. `refused`: why those orders were not carried out that were not; null: all were. */
  | {
      readonly kind: "orders";
      readonly of: AlertName;
      readonly orders: readonly Order[];
      readonly answer: Wording<{ readonly alert: SourceAlert | null; readonly refused: string | null }>;
    }
  | { readonly kind: "look"; readonly of: AlertName; readonly answer: Wording<SourceAlert | null> }
  /** What happened to the alert's incident, the oldest first; null when there is no alert by that name. */
  | { readonly kind: "record"; readonly of: AlertName; readonly answer: Wording<readonly SourceRecord[] | null> }
  /** The sender's alerts, newest first, with how many there are in all. */
  | {
      readonly kind: "list";
      readonly filter: {
        readonly open?: boolean;
        readonly acknowledged?: boolean;
        readonly severity?: readonly Severity[];
        readonly text?: string;
      };
      readonly offset: number;
      /** 0: only counted. */
      readonly limit: number;
      readonly answer: Wording<{ readonly alerts: readonly SourceAlert[]; readonly count: number }>;
    };

export type Refusal =
  /** No key, a key that leads nowhere, or a proof that fails: one answer for all of them. */
  | "unauthorized"
  /** Over the integration's rate; the hub adds Retry-After, here and to the next one. */
  | "throttled"
  /** It could not be stored: the sender sends it again. */
  | "later"
  /** Too long, or nothing of the kind: the hub has opened its incident about it. */
  | "unreadable";

export interface DropIn<Config = unknown> {
  readonly routes: readonly DropInRoute[];
  /** The integration's key, wherever this product's senders put it, also in a body that cannot be parsed; null: there is none. */
  key(request: DropInRequest): string | null;
  read(request: DropInRequest, config: Config): Asked;
  refuse(why: Refusal, request: DropInRequest, reason: string): ProductAnswer;
}
