// Owns the shape of manifest.json: the facts about a plugin that are data (the registry, the UI and the docs read them).

export interface SourceManifest {
  readonly kind: "source";
  /** The folder's name; also what `integrations[].source` says. */
  readonly id: string;
  readonly aliases?: readonly string[];
  /** Rises when it reads a body another way than before; kept with each body. "1" where it is left out. */
  readonly version?: string;
  readonly name: string;
  readonly description: string;
  /** The vendor's page that documents what it sends. */
  readonly docs: string;
  /** How `payload` is made from the body. */
  readonly body: BodyKind;
  /** Ways to prove the sender beside the key in the URL, for the UI and the set-up text. */
  readonly auth: readonly ("key" | "bearer" | "basic" | "hmac" | "header" | "query" | "body" | "certificate")[];
  /** Header that carries the sender's id of this delivery, the same on retries. */
  readonly deliveryIdHeader?: string;
  /** Fields of the body that are credentials: masked in what is kept of it. */
  readonly redact?: readonly string[];
  /** Hosts that `keys` may ask, as regular expressions over the whole host name. */
  readonly keyHosts?: readonly string[];
  /** What a made key looks like, for senders that check it: 32 hexadecimal digits, or a UUID. Absent: the hub's own form. */
  readonly keyForm?: "hex32" | "uuid";
  /** Where senders made for the product send to, beside `/v1/ingest/{key}`; `{key}` where the path holds the key. */
  readonly addresses?: readonly { readonly what: string; readonly path: string }[];
  /** The sender asks with OPTIONS and WebHook-Request-Origin (CloudEvents' webhook specification) before it sends. */
  readonly webhookHandshake?: boolean;
  /**
   * A firing's `sourceAt` is when the problem began, and stays so when the sender takes it up again after it had called it over: such a
   * firing is never taken for one that came late.
   */
  readonly firingTime?: "start";
  /** The sender may ask with GET and put a form's fields into the query. */
  readonly takesGet?: boolean;
  /** The integration has a mail address: `payload` is then the mail document of worker/ingest/mail-document.ts, as JSON. */
  readonly takesMail?: boolean;
  /** The tenant's own code reads the body: the plugin that `config.plugin` names, in the version of `config.version` or the one in use. */
  readonly ownCode?: boolean;
}

/**
 * A body that is JSON or a form is told apart by its first character; one that is JSON or text, by whether it parses; `any` also by
 * its content type. A form may be multipart. XML becomes objects (worker/ingest/xml.ts).
 */
export type BodyKind = "json" | "form" | "xml" | "text" | "json-or-form" | "json-or-text" | "any";

export interface NotifierManifest {
  readonly kind: "notifier";
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly docs: string;
  readonly channel: "push" | "sms" | "voice" | "chat" | "email" | "webhook" | "inbox";
  /** Longest one try may take, ms. The lease is this + 5 s. */
  readonly limitMs: number;
  /** The provider (or the receiver) drops a second copy with the same delivery id. */
  readonly idempotent: boolean;
  /** Tries of unknown outcome allowed where `idempotent` is false. */
  readonly copyCap: number;
  readonly receipts: boolean;
  /** How a person acknowledges from this channel. */
  readonly ackPath: "link" | "reply" | "button" | "keypress";
  /** What of `io` it gets, no more. */
  readonly needs: readonly ("http" | "tcp" | "store" | "vapid")[];
  /** What a contact's `to` is, in words, with an example. */
  readonly target: { readonly label: string; readonly example: string };
  /** It tells of `page.summary` as well: in a storm its pages may be bundled. */
  readonly summaries?: boolean;
  /** Its targets are devices that people register themselves: a contact has no `to` and pages each of them, or is of no use without one. */
  readonly devices?: boolean;
  /** Exists in every tenant without being declared. */
  readonly builtIn?: boolean;
}

export interface ConnectorManifest {
  readonly kind: "connector";
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly docs: string;
  /** Longest one try may take, ms. The lease is this + 5 s. */
  readonly limitMs: number;
  /** The other side drops a second copy with the same delivery id. */
  readonly idempotent: boolean;
  /** Tries of unknown outcome allowed where `idempotent` is false. */
  readonly copyCap: number;
  readonly needs: readonly ("http" | "tcp")[];
  /** Secrets that are made, and shown once, where a document gives none. */
  readonly generates?: Readonly<Record<string, "standard-webhooks">>;
  /** The sources whose alerts it answers to. */
  readonly writesBack?: readonly string[];
  /**
   * What is written to the sender and comes back as its own word, and nothing in that shows where it came from: for ten minutes after
   * a write, such a word does nothing to an incident that has moved on meanwhile. Sources that know the hub's own mark need none.
   */
  readonly echoes?: readonly ("acknowledged" | "resolved")[];
}
