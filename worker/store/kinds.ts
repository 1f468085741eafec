// Owns the list of kinds of definitions and the D1 table each lies in. Holds nothing else, so that anybody may read it.

/** In the order of the tenant document. */
export const kinds = [
  "users",
  "devices",
  "teams",
  "schedules",
  "overrides",
  "calendars",
  "policies",
  "businessHours",
  "slas",
  "services",
  "ownPlugins",
  "integrations",
  "routes",
  "notifiers",
  "connectors",
  "heartbeats",
  "maintenance",
  "silences",
  "lookups",
] as const;
export type Kind = (typeof kinds)[number];

/** No document has a section of these: they are made at run time alone, and have endpoints of their own. */
export const runtimeKinds = ["devices", "overrides", "calendars", "ownPlugins"] as const;
export type DocumentKind = Exclude<Kind, (typeof runtimeKinds)[number]>;

export const tableOf: Readonly<Record<Kind, string>> = {
  users: "users",
  devices: "devices",
  teams: "teams",
  schedules: "schedules",
  overrides: "overrides",
  calendars: "calendars",
  policies: "policies",
  businessHours: "business_hours",
  slas: "slas",
  services: "services",
  ownPlugins: "own_plugins",
  integrations: "integrations",
  routes: "routes",
  notifiers: "notifiers",
  connectors: "connectors",
  heartbeats: "heartbeats",
  maintenance: "maintenance",
  silences: "silences",
  lookups: "lookups",
};

/** Who made an object: `runtime` ones are kept whatever a document says, unless `?prune` names their kind (contract §2). */
export type Origin = "document" | "runtime";
