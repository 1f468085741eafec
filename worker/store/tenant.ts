// Owns the definitions of a tenant in D1: loading and saving all of them at once, under a version that only one writer wins.

import { appendStatement, lastLink } from "./audit.ts";
import { jsonParts } from "./json-parts.ts";
import { kinds, tableOf, type Kind, type Origin } from "./kinds.ts";

/** Times the batch is built anew because an audit entry of something else came between. */
const saveTries = 3;

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
  /** The version this change was planned on; null: the tenant is new. */
  readonly expectVersion: number | null;
  readonly next: StoredTenant;
  readonly actor: string;
  readonly changes: readonly unknown[];
  readonly at: number;
}

/**
 * Saves everything in one batch whose first statement is the guard: it writes NULL where NOT NULL is declared when the
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
      if (present !== input.expectVersion) return "conflict";
      // Another entry of the audit log may have come between; anything else will not pass the next time either.
      if (attempt >= saveTries || !String(error).includes("append-only")) throw error;
    }
  }
}

async function saveStatements(db: D1Database, input: SaveInput): Promise<D1PreparedStatement[]> {
  const { next, at, actor, changes } = input;
  const { tenant } = next;
  const body = { version: next.version, changes };
  return [
    guard(db, input),
    ...kinds.map((kind) => db.prepare(`DELETE FROM ${tableOf[kind]} WHERE tenant = ?`).bind(tenant)),
    db.prepare("DELETE FROM contacts WHERE tenant = ?").bind(tenant),
    ...kinds.flatMap((kind) => insertAll(db, tenant, kind, next.objects)),
    ...insertContacts(db, tenant, next.objects),
    appendStatement(db, await lastLink(db, tenant), { tenant, at, actor, action: "config.apply", body }),
  ];
}

function guard(db: D1Database, { next, expectVersion, at }: SaveInput): D1PreparedStatement {
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
    .bind(tenant, name, version, jurisdiction, JSON.stringify(row), at, expectVersion);
}

function insertAll(db: D1Database, tenant: string, kind: Kind, objects: readonly StoredObject[]): D1PreparedStatement[] {
  const extra = kind === "users" ? ", email" : kind === "integrations" ? ", key_hash" : "";
  const pick =
    kind === "users" ? ", value -> 'body' ->> 'email'" : kind === "integrations" ? ", value -> 'body' ->> 'keyHash'" : "";
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
