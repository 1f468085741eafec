// Owns the types of the Worker's bindings, as wrangler.toml declares them. Vars not listed here (TOCSIN_ENV_*) are read by name.

interface TocsinEnv {
  readonly DB: D1Database;
  readonly INCIDENT: DurableObjectNamespace<import("./objects/incident.ts").IncidentObject>;
  readonly DIRECTORY: DurableObjectNamespace<import("./objects/directory.ts").DirectoryObject>;
  readonly INDEX: DurableObjectNamespace<import("./objects/index-shard.ts").IndexShard>;
  readonly WATCH: DurableObjectNamespace<import("./objects/watch.ts").WatchShard>;
  readonly HEARTBEAT: DurableObjectNamespace<import("./objects/heartbeat.ts").HeartbeatObject>;
  readonly PERSON: DurableObjectNamespace<import("./objects/person.ts").PersonObject>;
  readonly GATE: DurableObjectNamespace<import("./objects/gate.ts").GateObject>;
  readonly POINTER: DurableObjectNamespace<import("./objects/pointer.ts").PointerObject>;
  readonly INBOX: DurableObjectNamespace<import("./objects/inbox.ts").InboxObject>;
  readonly ACCOUNTS: DurableObjectNamespace<import("./objects/accounts.ts").AccountsObject>;
  readonly LIVE: DurableObjectNamespace<import("./objects/live.ts").LiveObject>;
  readonly RECEIVED: DurableObjectNamespace<import("./objects/received.ts").ReceivedObject>;
  /** The admin UI's files: Cloudflare's assets, or on one machine a folder. Absent: a hub without faces (tests). */
  readonly UI?: Fetcher;
  /** On one machine: the launcher's second runtime, the only place where tenants' own code runs. */
  readonly SANDBOX?: Fetcher;
  /** On Cloudflare: isolates for tenants' own code. Absent where the account has no Worker Loader. */
  readonly LOADER?: WorkerLoader;
  /** Root key: 32+ random characters. Everything sealed or signed derives from it. */
  readonly TOCSIN_SECRET: string;
  /** An older root key, still accepted for opening and verifying while it is being retired. */
  readonly TOCSIN_SECRET_PREVIOUS?: string;
  readonly TOCSIN_ADMIN_TOKEN?: string;
  /** What links point at, e.g. https://tocsin.example.com */
  readonly TOCSIN_PUBLIC_URL: string;
  readonly TOCSIN_ALLOW_PRIVATE_EGRESS?: string;
  /** Beaten each minute only when every watch shard answered and nothing is overdue. */
  readonly TOCSIN_DEADMAN_URL?: string;
  readonly TOCSIN_METRICS_TOKEN?: string;
  /** Whom a push service may write to about the pages that this hub sends: mailto: or https:. Absent: the public URL. */
  readonly TOCSIN_PUSH_CONTACT?: string;
  /** Set by the launcher on one machine: when this hub was started, epoch ms. */
  readonly TOCSIN_STARTED_AT?: string;
  /** Set by the launcher on one machine: the descriptor limit of the runtime. */
  readonly TOCSIN_FD_LIMIT?: string;
}

declare namespace Cloudflare {
  interface Env extends TocsinEnv {}
}
interface Env extends TocsinEnv {}
