// Owns the D1 schema. Definitions are one table a kind (tenant + id, order, the whole definition as JSON, and the few
// columns somebody searches by); what happened is projected from the incident objects, keyed so that a repeat changes nothing.
// Every index costs a row a write: each one here says what it serves.

import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

export const tenants = sqliteTable("tenants", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  version: integer("version").notNull(),
  /** The version the Directory confirmed; lower than `version`: saved, not yet in force. */
  inForce: integer("in_force").notNull(),
  jurisdiction: text("jurisdiction"),
  body: text("body").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

const definition = {
  tenant: text("tenant").notNull(),
  id: text("id").notNull(),
  position: integer("position").notNull(),
  /** "document" or "runtime" (worker/store/kinds.ts). */
  origin: text("origin").notNull().default("document"),
  body: text("body").notNull(),
};

export const users = sqliteTable("users", { ...definition, email: text("email") }, (t) => [
  primaryKey({ columns: [t.tenant, t.id] }),
]);
export const contacts = sqliteTable(
  "contacts",
  {
    tenant: text("tenant").notNull(),
    user: text("user").notNull(),
    id: text("id").notNull(),
    via: text("via").notNull(),
    target: text("target").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.user, t.id] })],
);
/** What people register to be paged on; the id is "user/device". */
export const devices = sqliteTable("devices", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);
/** Devices that a push service knows no more, until the minute's sweep has made it part of the definitions. */
export const goneDevices = sqliteTable(
  "gone_devices",
  {
    tenant: text("tenant").notNull(),
    device: text("device").notNull(),
    /** Of the registration that is gone: a newer one of the same name is not. */
    registration: text("registration").notNull(),
    at: integer("at").notNull(),
    reason: text("reason").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.device] })],
);
export const teams = sqliteTable("teams", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);
export const services = sqliteTable("services", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);
export const policies = sqliteTable("policies", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);
/** What a tenant wrote itself: which versions there are, and which is in use. */
export const ownPlugins = sqliteTable("own_plugins", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);
/** Their texts, written once and never changed; small columns first, so that a look at them does not read the large ones. */
export const ownPluginUploads = sqliteTable(
  "own_plugin_uploads",
  {
    tenant: text("tenant").notNull(),
    plugin: text("plugin").notNull(),
    upload: text("upload").notNull(),
    /** SHA-256 of `code`, hex. */
    hash: text("hash").notNull(),
    at: integer("at").notNull(),
    /** As it was uploaded. */
    source: text("source").notNull(),
    /** Plain JavaScript, what runs. */
    code: text("code").notNull(),
    fixtures: text("fixtures").notNull(),
    report: text("report").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.plugin, t.upload] })],
);
export const integrations = sqliteTable("integrations", { ...definition, keyHash: text("key_hash").notNull() }, (t) => [
  primaryKey({ columns: [t.tenant, t.id] }),
  // No two integrations of any tenant may share a key.
  uniqueIndex("integrations_key").on(t.keyHash),
]);
export const routes = sqliteTable("routes", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);
export const notifiers = sqliteTable("notifiers", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);
export const schedules = sqliteTable("schedules", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);
/** Changes of a schedule for a while, made at run time. */
export const overrides = sqliteTable("overrides", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);
/** The last good copy of a calendar that a schedule takes its shifts from. */
export const calendars = sqliteTable("calendars", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);
/** When such a calendar was last asked for, and what went wrong: not part of the definitions, no version of them. */
export const calendarChecks = sqliteTable(
  "calendar_checks",
  {
    tenant: text("tenant").notNull(),
    schedule: text("schedule").notNull(),
    url: text("url").notNull(),
    checkedAt: integer("checked_at").notNull(),
    /** When it last answered well. */
    goodAt: integer("good_at"),
    etag: text("etag"),
    error: text("error"),
    notes: text("notes").notNull().default("[]"),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.schedule] })],
);
/** Who may read a calendar feed: the hash of its key, never the key. */
export const feedKeys = sqliteTable(
  "feed_keys",
  {
    tenant: text("tenant").notNull(),
    id: text("id").notNull(),
    hash: text("hash").notNull(),
    kind: text("kind").notNull(),
    subject: text("subject").notNull(),
    createdAt: integer("created_at").notNull(),
    createdBy: text("created_by").notNull(),
  },
  // By hash for every request of a feed.
  (t) => [primaryKey({ columns: [t.tenant, t.id] }), uniqueIndex("feed_keys_hash").on(t.tenant, t.hash)],
);
export const businessHours = sqliteTable("business_hours", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);
export const slas = sqliteTable("slas", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);
export const connectors = sqliteTable("connectors", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);
export const heartbeats = sqliteTable("heartbeats", { ...definition, keyHash: text("key_hash") }, (t) => [
  primaryKey({ columns: [t.tenant, t.id] }),
  // As for integrations: a beat must not reach another tenant's job.
  uniqueIndex("heartbeats_key").on(t.keyHash),
]);
export const maintenance = sqliteTable("maintenance", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);
export const silences = sqliteTable("silences", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);
export const lookups = sqliteTable("lookups", definition, (t) => [primaryKey({ columns: [t.tenant, t.id] })]);

export const incidents = sqliteTable(
  "incidents",
  {
    tenant: text("tenant").notNull(),
    id: text("id").notNull(),
    seq: integer("seq").notNull(),
    status: text("status").notNull(),
    severity: text("severity").notNull(),
    urgency: text("urgency").notNull(),
    service: text("service"),
    policy: text("policy"),
    source: text("source").notNull(),
    title: text("title").notNull(),
    /** The title in lower case, as JavaScript sees it: SQLite's own lower() knows ASCII only. */
    folded: text("folded").notNull().default(""),
    acknowledgedBy: text("acknowledged_by"),
    openedAt: integer("opened_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    resolvedAt: integer("resolved_at"),
    body: text("body").notNull(),
  },
  // Ids sort by opening time: the primary key serves "newest first". The index serves the list of a state with the usual filters
  // and the search, without a look at the rows.
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    index("incidents_found").on(t.tenant, t.status, t.id, t.severity, t.service, t.folded),
  ],
);

export const alerts = sqliteTable(
  "alerts",
  {
    tenant: text("tenant").notNull(),
    object: text("object").notNull(),
    key: text("key").notNull(),
    seq: integer("seq").notNull(),
    body: text("body").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.object, t.key] })],
);

export const timeline = sqliteTable(
  "timeline",
  {
    tenant: text("tenant").notNull(),
    incident: text("incident").notNull(),
    seq: integer("seq").notNull(),
    at: integer("at").notNull(),
    kind: text("kind").notNull(),
    body: text("body").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.incident, t.seq] })],
);

export const deliveries = sqliteTable(
  "deliveries",
  {
    tenant: text("tenant").notNull(),
    id: text("id").notNull(),
    incident: text("incident").notNull(),
    seq: integer("seq").notNull(),
    person: text("person").notNull(),
    status: text("status").notNull(),
    body: text("body").notNull(),
  },
  // By incident for its page; ids sort by time for the tenant's list.
  (t) => [primaryKey({ columns: [t.tenant, t.id] }), index("deliveries_incident").on(t.tenant, t.incident)],
);

/** What was deployed or altered, as senders told it: for looking at beside an incident. No page and no alert depends on it. */
export const changes = sqliteTable(
  "changes",
  {
    tenant: text("tenant").notNull(),
    id: text("id").notNull(),
    /** Which change it is: told again, the same row. */
    key: text("key").notNull(),
    integration: text("integration").notNull(),
    service: text("service"),
    source: text("source").notNull(),
    at: integer("at").notNull(),
    /** The sender's own time of what it said last: an earlier word that comes later changes nothing. */
    saidAt: integer("said_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    summary: text("summary").notNull(),
    /** What is searched: the summary and the labels' values, in lower case. */
    folded: text("folded").notNull(),
    body: text("body").notNull(),
  },
  // Ids sort by time: the primary key serves "newest first" and any stretch of time. By key when it is told again; by service for
  // the page of an incident.
  (t) => [
    primaryKey({ columns: [t.tenant, t.id] }),
    uniqueIndex("changes_key").on(t.tenant, t.key),
    index("changes_service").on(t.tenant, t.service, t.id),
  ],
);

/** Append-only, hash-chained per tenant; triggers refuse UPDATE and DELETE (see migrations). */
export const audit = sqliteTable(
  "audit",
  {
    tenant: text("tenant").notNull(),
    seq: integer("seq").notNull(),
    at: integer("at").notNull(),
    actor: text("actor").notNull(),
    action: text("action").notNull(),
    body: text("body").notNull(),
    previous: text("previous").notNull(),
    hash: text("hash").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.seq] })],
);
