// Owns the contract of a tenant's API keys: what its automation proves itself with.

import * as z from "zod";
import { instant, t, type Endpoint } from "./endpoint.ts";

export const grantedRoles = ["stakeholder", "responder", "manager", "admin", "owner"] as const;

export const apiKeys = {
  listApiKeys: {
    method: "get",
    path: `${t}/api-keys`,
    summary: "API keys of the tenant, the newest first; those that are over are listed for 90 days",
    tenant: true,
    may: "admin",
    answers: { 200: "{items, next}: {id, name, role, createdAt, createdBy, expiresAt, usedAt, revokedAt, revokedBy, state}" },
  },
  createApiKey: {
    method: "post",
    path: `${t}/api-keys`,
    summary: "Make an API key of one's own role or a lesser one; the key is in the answer, this once. A key makes no keys",
    tenant: true,
    may: "admin",
    body: z.strictObject({
      id: z
        .string()
        .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "1 to 64 of a-z, 0-9 and -")
        .optional()
        .describe("What records call it; made from the name by default"),
      name: z.string().trim().min(1, "a name, to tell it from others").max(80),
      role: z.enum(grantedRoles),
      expiresAt: instant.nullable().default(null).describe("null: it works until it is revoked"),
    }),
    answers: {
      201: "The key's row, with `key`",
      403: "The role is above one's own",
      409: "There is one of this id, or too many",
    },
  },
  revokeApiKey: {
    method: "delete",
    path: `${t}/api-keys/{id}`,
    summary: "Revoke an API key: it stops at once",
    tenant: true,
    may: "admin",
    answers: { 204: "Revoked", 403: "It has a higher role", 404: "There is none of this name" },
  },
} as const satisfies Record<string, Endpoint>;
