// Owns the definitions of a tenant in D1: loading and saving all of them at once, under a version that only one writer wins.

import { limits } from "../core/limits.ts";
import { sameJson } from "../lib/canonical-json.ts";
import { appendStatements, lastLink, type AuditEntry } from "./audit.ts";
import { jsonParts } from "./json-parts.ts";
import { kinds, tableOf, type Kind, type Origin } from "./kinds.ts";

/** Times the batch is built anew because an audit entry of something else came between. */
const { saveTries } = limits.store;

export interface StoredObject {
  readonly kind: Kind;
  readonly id: string;
  readonly position: number;
  readonly origin: Origin;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface StoredTenant {
  readonly tenant: string;
  readonly version: number;
  readonly row: Readonly<Record<string, unknown>>;
  readonly objects: readonly StoredObject[];
}

export async function loadTenant(db: D1Database, tenant: string): Promise<StoredTenant | null> {
  const statements = [
    db.prepare("SELECT version, body FROM tenants WHERE id = ?").bind(tenant),
    ...kinds.map((kind) =>
      db.prepare(`SELECT id, position, origin, body FROM ${tableOf[kind]} WHERE tenant = ? ORDER BY position`).bind(tenant),
    ),
  ];
  const [head, ...lists] = await db.batch<Record<string, unknown>>(statements);
  const row = head?.results[0];
  if (!row) return null;
  const objects = lists.flatMap((list, i) => list.results.map((each) => objectOf(kinds[i] ?? "users", each)));
  return { tenant, version: Number(row["version"]), row: JSON.parse(String(row["body"])) as Record<string, unknown>, objects };
}

function objectOf(kind: Kind, row: Record<string, unknown>): StoredObject {
  return {
    kind,
    id: String(row["id"]),
    position: Number(row["position"]),
    origin: row["origin"] === "runtime" ? "runtime" : "document",
    body: JSON.parse(String(row["body"])) as Record<string, unknown>,
  };
}

export interface SaveInput {
  /** What this change was planned on; null: the tenant is new. Only rows that differ from it are written. */
  readonly before: StoredTenant | null;
  readonly next: StoredTenant;
  readonly actor: string;
  /** What the audit log calls it, "config.apply" or "users.patch". */
  readonly action: string;
  /** What changed, as the audit log keeps it: holds no secret. */
  readonly changes: readonly unknown[];
  readonly at: number;
}

/**
 * Saves what differs in one batch whose first statement is the guard: it writes NULL where NOT NULL is declared when the
 * version is not the expected one, which rolls the whole batch back. "conflict": somebody else saved meanwhile.
 * Throws when D1 refuses for another reason; nothing was saved then.
 */
export async function saveTenant(db: D1Database, input: SaveInput): Promise<"saved" | "conflict"> {
  const { tenant } = input.next;
  for (let attempt = 1; ; attempt++) {
    try {
      await db.batch(await saveStatements(db, input));
      return "saved";
    } catch (error) {
      // Which row refused is asked, not read out of the message: the guard, the audit log's order, or a key of another tenant.
      const present = await db.prepare("SELECT version FROM tenants WHERE id = ?").bind(tenant).first<number>("version");
      if (present !== (input.before?.version ?? null)) return "conflict";
      // Another entry of the audit log may have come between; anything else will not pass the next time either.
      if (attempt >= saveTries || !String(error).includes("append-only")) throw error;
    }
  }
}

async function saveStatements(db: D1Database, input: SaveInput): Promise<D1PreparedStatement[]> {
  const { before, next } = input;
  const { tenant } = next;
  const old = new Map(before?.objects.map((object) => [nameOf(object), object]));
  const written = next.objects.filter((object) => !sameRow(old.get(nameOf(object)), object));
  const names = new Set(next.objects.map(nameOf));
  const gone = (before?.objects ?? []).filter((object) => !names.has(nameOf(object)));
  // A changed row goes and comes again: two that swap a unique value would else meet on the way.
  const emptied = before === null ? null : [...gone, ...written];
  return [
    guard(db, input),
    ...kinds.flatMap((kind) => deleteFrom(db, tableOf[kind], "id", tenant, emptied === null ? null : idsOf(emptied, kind))),
    ...deleteFrom(db, "contacts", "user", tenant, emptied === null ? null : idsOf(emptied, "users")),
    ...kinds.flatMap((kind) => insertAll(db, tenant, kind, written)),
    ...insertContacts(db, tenant, written),
    ...appendStatements(db, await lastLink(db, tenant), entriesOf(input)),
  ];
}

function nameOf(object: StoredObject): string {
  return `${object.kind}/${object.id}`;
}

function sameRow(a: StoredObject | undefined, b: StoredObject): boolean {
  return a !== undefined && a.position === b.position && a.origin === b.origin && sameJson(a.body, b.body);
}

function idsOf(objects: readonly StoredObject[], kind: Kind): string[] {
  return objects.filter((object) => object.kind === kind).map((object) => object.id);
}

/** These rows; null: all of the tenant's. */
function deleteFrom(
  db: D1Database,
  table: string,
  column: string,
  tenant: string,
  ids: readonly string[] | null,
): D1PreparedStatement[] {
  if (ids === null) return [db.prepare(`DELETE FROM ${table} WHERE tenant = ?`).bind(tenant)];
  const sql = `DELETE FROM ${table} WHERE tenant = ?1 AND ${column} IN (SELECT value FROM json_each(?2))`;
  return jsonParts(ids).map((part) => db.prepare(sql).bind(tenant, part));
}

/** One entry, or as many as a large change needs: a row holds 2 MB at most. */
function entriesOf({ next, actor, action, changes, at }: SaveInput): AuditEntry[] {
  const parts = jsonParts(changes).map((part) => JSON.parse(part) as unknown);
  const entry = (body: unknown): AuditEntry => ({ tenant: next.tenant, at, actor, action, body });
  if (parts.length <= 1) return [entry({ version: next.version, changes: parts[0] ?? [] })];
  return parts.map((part, i) => entry({ version: next.version, part: i + 1, parts: parts.length, changes: part }));
}

function guard(db: D1Database, { next, before, at }: SaveInput): D1PreparedStatement {
  const { tenant, version, row } = next;
  const name = typeof row["name"] === "string" ? row["name"] : tenant;
  const jurisdiction = typeof row["jurisdiction"] === "string" ? row["jurisdiction"] : null;
  return db
    .prepare(
      `INSERT INTO tenants (id, name, version, in_force, jurisdiction, body, updated_at)
       VALUES (?1, ?2, CASE WHEN (SELECT version FROM tenants WHERE id = ?1) IS ?7 THEN ?3 END, 0, ?4, ?5, ?6)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, version = excluded.version, jurisdiction = excluded.jurisdiction,
         body = excluded.body, updated_at = excluded.updated_at`,
    )
    .bind(tenant, name, version, jurisdiction, JSON.stringify(row), at, before?.version ?? null);
}

function insertAll(db: D1Database, tenant: string, kind: Kind, objects: readonly StoredObject[]): D1PreparedStatement[] {
  const keyed = kind === "integrations" || kind === "heartbeats";
  const extra = kind === "users" ? ", email" : keyed ? ", key_hash" : "";
  const pick = kind === "users" ? ", value -> 'body' ->> 'email'" : keyed ? ", value -> 'body' ->> 'keyHash'" : "";
  const sql = `INSERT INTO ${tableOf[kind]} (tenant, id, position, origin, body${extra}) SELECT ?1, value ->> 'id', value ->> 'position', value ->> 'origin', value -> 'body'${pick} FROM json_each(?2)`;
  return jsonParts(objects.filter((object) => object.kind === kind)).map((part) => db.prepare(sql).bind(tenant, part));
}

function insertContacts(db: D1Database, tenant: string, objects: readonly StoredObject[]): D1PreparedStatement[] {
  const rows = objects
    .filter((object) => object.kind === "users")
    .flatMap((user) =>
      (user.body["contacts"] as { id: string; via: string; to?: string }[]).map((contact) => ({
        user: user.id,
        id: contact.id,
        via: contact.via,
        to: contact.to ?? "",
      })),
    );
  const sql =
    "INSERT INTO contacts (tenant, user, id, via, target) SELECT ?1, value ->> 'user', value ->> 'id', value ->> 'via', value ->> 'to' FROM json_each(?2)";
  return jsonParts(rows).map((part) => db.prepare(sql).bind(tenant, part));
}

/** Of these hashes of keys those that other tenants' integrations and heartbeats hold. */
export async function takenKeys(db: D1Database, tenant: string, hashes: readonly string[]): Promise<string[]> {
  const sql = ["integrations", "heartbeats"]
    .map((table) => `SELECT key_hash AS hash FROM ${table} WHERE tenant <> ?1 AND key_hash IN (SELECT value FROM json_each(?2))`)
    .join(" UNION ");
  const { results } = await db.prepare(sql).bind(tenant, JSON.stringify(hashes)).all<{ hash: string }>();
  return results.map((row) => row.hash);
}

/** One kind of a tenant's objects; null: there is no such tenant. */
export async function loadKind(db: D1Database, tenant: string, kind: Kind): Promise<StoredObject[] | null> {
  const [head, list] = await db.batch<Record<string, unknown>>([
    db.prepare("SELECT version FROM tenants WHERE id = ?").bind(tenant),
    db.prepare(`SELECT id, position, origin, body FROM ${tableOf[kind]} WHERE tenant = ? ORDER BY position`).bind(tenant),
  ]);
  return head?.results[0] === undefined ? null : (list?.results ?? []).map((row) => objectOf(kind, row));
}

export async function markInForce(db: D1Database, tenant: string, version: number): Promise<void> {
  await db.prepare("UPDATE tenants SET in_force = ?2 WHERE id = ?1 AND in_force < ?2").bind(tenant, version).run();
}

/** Tenants whose last saved version the Directory has not confirmed. */
export async function notInForce(db: D1Database): Promise<string[]> {
  const { results } = await db.prepare("SELECT id FROM tenants WHERE in_force < version LIMIT 100").all<{ id: string }>();
  return results.map((row) => row.id);
}

export interface TenantRow {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly inForce: number;
  readonly jurisdiction: string | null;
}

export async function listTenants(db: D1Database): Promise<TenantRow[]> {
  const { results } = await db
    .prepare("SELECT id, name, version, in_force AS inForce, jurisdiction FROM tenants ORDER BY id LIMIT 1000")
    .all<TenantRow>();
  return results;
}
