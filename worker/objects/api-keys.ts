// Owns a tenant's API keys in its accounts object: found by the hash of the key, over when they expire or are revoked. One that
// is over stays listed for a while, so that one sees who took it back.

import { limits } from "../core/limits.ts";
import type { ApiKeyRow } from "./rpc.ts";

export const apiKeyTable: readonly string[] = [
  "CREATE TABLE api_key (hash TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, created_at INTEGER NOT NULL, created_by TEXT NOT NULL, expires_at INTEGER, used_at INTEGER, revoked_at INTEGER, revoked_by TEXT, recorded INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID",
];

const columns =
  "id, name, role, created_at AS createdAt, created_by AS createdBy, expires_at AS expiresAt, used_at AS usedAt, revoked_at AS revokedAt, revoked_by AS revokedBy";

type Stored = ApiKeyRow & Record<string, SqlStorageValue>;

/** The key, if it is still good; its use is noted now and then. */
export function goodKey(sql: SqlStorage, hash: string, now: number): ApiKeyRow | null {
  const row = sql.exec<Stored>(`SELECT ${columns} FROM api_key WHERE hash = ?`, hash).toArray()[0];
  if (row === undefined || row.revokedAt !== null || (row.expiresAt !== null && row.expiresAt <= now)) return null;
  if (now - (row.usedAt ?? 0) < limits.apiKeys.touchMs) return row;
  sql.exec("UPDATE api_key SET used_at = ? WHERE hash = ?", now, hash);
  return { ...row, usedAt: now };
}

/** The newest first, and those that were over lately; older ones are forgotten. */
export function keysOf(sql: SqlStorage, now: number): ApiKeyRow[] {
  const before = now - limits.apiKeys.keptMs;
  sql.exec("DELETE FROM api_key WHERE revoked_at < ?1 OR expires_at < ?1", before);
  return sql.exec<Stored>(`SELECT ${columns} FROM api_key ORDER BY created_at DESC, id`).toArray();
}

export function addKey(sql: SqlStorage, row: ApiKeyRow, hash: string): "added" | "known" | "full" {
  if (sql.exec("SELECT 1 FROM api_key WHERE id = ?", row.id).toArray().length > 0) return "known";
  if (sql.exec<{ n: number }>("SELECT count(*) AS n FROM api_key").one().n >= limits.apiKeys.perTenantMax) return "full";
  const { id, name, role, createdAt, createdBy, expiresAt } = row;
  sql.exec(
    "INSERT INTO api_key (hash, id, name, role, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    hash,
    id,
    name,
    role,
    createdAt,
    createdBy,
    expiresAt,
  );
  return "added";
}

/** Over from now on; who was first stands. `recorded`: the audit log has it. Null: there is none of this id. */
export function revokeKey(
  sql: SqlStorage,
  id: string,
  by: string,
  now: number,
): { readonly row: ApiKeyRow; readonly recorded: boolean } | null {
  sql.exec("UPDATE api_key SET revoked_at = ?, revoked_by = ? WHERE id = ? AND revoked_at IS NULL", now, by, id);
  const found = sql.exec<Stored & { recorded: number }>(`SELECT ${columns}, recorded FROM api_key WHERE id = ?`, id).toArray()[0];
  if (found === undefined) return null;
  const { recorded, ...row } = found;
  return { row, recorded: recorded === 1 };
}
