// Owns API keys over HTTP. The key is in the answer that makes it and nowhere else: not in a list, not in the audit log, not in
// a line of ours. Taking one back needs no database; the audit log is told as soon as there is one.

import { apiKeyPrefix, newSecret, type Place } from "../../auth/place.ts";
import { principalName } from "../../auth/principal.ts";
import { mayGrant } from "../../auth/roles.ts";
import { limits } from "../../core/limits.ts";
import type { Role } from "../../core/snapshot.ts";
import { callObject } from "../../objects/call.ts";
import { withLimit } from "../../objects/limit.ts";
import { accountsStub } from "../../objects/places.ts";
import type { AccountsCalls, ApiKeyRow } from "../../objects/rpc.ts";
import { recordEntry } from "../../store/audit.ts";
import { dbFor } from "../../store/db.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { iso, isoOrNull } from "../shapes.ts";
import { snapshotOf } from "./tenant.ts";

const auditMs = limits.api.askMs;

async function placeOf(call: Call): Promise<Place> {
  const { tenant, jurisdiction } = await snapshotOf(call);
  return { kind: "tenant", tenant, jurisdiction };
}

function ask<T>({ env }: Call, place: Place, run: (accounts: AccountsCalls) => Promise<T>): Promise<T> {
  return callObject(() => run(accountsStub(env, place)), limits.session.askMs).catch(() => {
    throw new ApiError("unavailable", "API keys are out of reach for a moment; try again");
  });
}

function stateOf(row: ApiKeyRow, now: number): "active" | "expired" | "revoked" {
  if (row.revokedAt !== null) return "revoked";
  return row.expiresAt !== null && row.expiresAt <= now ? "expired" : "active";
}

function rowJson(row: ApiKeyRow, now: number): Record<string, unknown> {
  return {
    ...row,
    createdAt: iso(row.createdAt),
    expiresAt: isoOrNull(row.expiresAt),
    usedAt: isoOrNull(row.usedAt),
    revokedAt: isoOrNull(row.revokedAt),
    state: stateOf(row, now),
  };
}

/** As the audit log keeps it. */
function wordsOf({ id, name, role, expiresAt }: ApiKeyRow): Record<string, unknown> {
  return { id, name, role, expiresAt: isoOrNull(expiresAt) };
}

async function record(call: Call, action: string, change: Record<string, unknown>): Promise<void> {
  const tenant = call.params["tenant"] ?? "";
  const entry = { tenant, at: call.now, actor: principalName(call.principal), action, body: { changes: [change] } };
  await withLimit(recordEntry(dbFor(call.env, tenant), entry), auditMs);
}

export const listApiKeys: Handler = async (call) => {
  const rows = await ask(call, await placeOf(call), (accounts) => accounts.apiKeys(call.now));
  return call.c.json({ items: rows.map((row) => rowJson(row, call.now)), next: null });
};

function idOf(name: string): string {
  const slug = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 64)
    .replaceAll(/^-+|-+$/g, "");
  return slug === "" ? "key" : slug;
}

export const createApiKey: Handler = async (call) => {
  const { body, now, principal } = call;
  if (principal.kind === "key") throw new ApiError("forbidden", "a key makes no keys: sign in, so that one sees who made it");
  const place = await placeOf(call);
  const { name, role, expiresAt, id = idOf(name) } = body as { id?: string; name: string; role: Role; expiresAt: number | null };
  if (!mayGrant(principal, role))
    throw new ApiError("forbidden", `the role ${role} is above your own: you cannot give it`, {
      errors: [{ in: "body", path: "role", message: `${role} is above your own role` }],
    });
  if (expiresAt !== null && expiresAt <= now)
    throw new ApiError("invalid", "expiresAt: a time to come", {
      errors: [{ in: "body", path: "expiresAt", message: "a time to come" }],
    });
  const secret = await newSecret(place);
  const row: ApiKeyRow = {
    id,
    name,
    role,
    createdAt: now,
    createdBy: principalName(principal),
    expiresAt,
    usedAt: null,
    revokedAt: null,
    revokedBy: null,
  };
  const key = `${apiKeyPrefix}${secret.text}`;
  const added = await ask(call, place, (accounts) => accounts.addApiKey(row, secret.hash));
  if (added === "known")
    throw new ApiError("conflict", `there is or was a key called ${id}: choose another name`, {
      errors: [{ in: "body", path: "name", message: `there is or was a key called ${id}: choose another name` }],
    });
  if (added === "full")
    throw new ApiError("conflict", `a tenant has at most ${limits.apiKeys.perTenantMax} keys, with those that are over`);
  try {
    await record(call, "api-keys.create", { op: "add", kind: "apiKeys", id, before: null, after: wordsOf(row) });
  } catch (error) {
    // Nobody has seen it yet: no key without a line in the log.
    await ask(call, place, (accounts) => accounts.dropApiKey(id));
    console.error("the audit log was not told of a key", String(error));
    throw new ApiError("unavailable", "the audit log is out of reach; no key was made, try again");
  }
  return call.c.json({ ...rowJson(row, now), key }, 201, { "cache-control": "no-store" });
};

export const revokeApiKey: Handler = async (call) => {
  const { now, principal } = call;
  const id = call.params["id"] ?? "";
  const place = await placeOf(call);
  const present = (await ask(call, place, (accounts) => accounts.apiKeys(now))).find((row) => row.id === id);
  if (present === undefined) throw new ApiError("not-found", "there is no such key");
  if (!mayGrant(principal, present.role)) throw new ApiError("forbidden", "this key has a higher role than yours");
  const revoked = await ask(call, place, (accounts) => accounts.revokeApiKey(id, principalName(principal), now));
  if (revoked === null) throw new ApiError("not-found", "there is no such key");
  if (!revoked.recorded) {
    try {
      await record(call, "api-keys.revoke", { op: "remove", kind: "apiKeys", id, before: wordsOf(revoked.row), after: null });
      await ask(call, place, (accounts) => accounts.recordedApiKey(id));
    } catch (error) {
      console.error("the audit log was not told that a key was revoked", String(error));
      throw new ApiError("unavailable", "the key is revoked; the audit log is out of reach: revoke it again to have it written");
    }
  }
  return call.c.body(null, 204);
};
