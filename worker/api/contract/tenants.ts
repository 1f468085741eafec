// Owns the contract of tenants and their document.

import * as z from "zod";
import { t, commas, type Endpoint } from "./endpoint.ts";

export const tenants = {
  listTenants: {
    method: "get",
    path: "/api/v1/tenants",
    summary: "Tenants of this hub",
    tenant: false,
    may: "anyone",
    answers: { 200: "{items, next}" },
  },
  createTenant: {
    method: "post",
    path: "/api/v1/tenants",
    summary: "Make a tenant: a tenant document as JSON, of which only `tenant` is needed",
    tenant: false,
    may: "hub-owner",
    describes: z.looseObject({ tenant: z.string(), name: z.string().optional() }),
    answers: {
      201: "{id, name, version, changes, issued, warnings}",
      202: "Saved, not yet in force",
      409: "There is one of this id",
      422: "Errors with their path and nearest known key",
    },
  },
  getTenant: {
    method: "get",
    path: t,
    summary: "One tenant: name, version, the version in force",
    tenant: true,
    may: "stakeholder",
    answers: { 200: "{id, name, version, inForce, jurisdiction}", 404: "No such tenant" },
  },
  deleteTenant: {
    method: "delete",
    path: t,
    summary: "Delete a tenant: its keys stop, its definitions and projected lists go; the audit log stays",
    tenant: true,
    may: "hub-owner",
    query: z.strictObject({
      force: z.stringbool().default(false).describe("Resolve its open incidents first, instead of refusing"),
    }),
    answers: { 204: "Gone", 404: "No such tenant", 409: "It has open incidents" },
  },
  getConfig: {
    method: "get",
    path: `${t}/config`,
    summary: "The tenant document (YAML, or JSON by Accept)",
    tenant: true,
    may: "admin",
    raw: "application/yaml",
    answers: { 200: "The document; ETag is its version", 404: "No such tenant" },
  },
  putConfig: {
    method: "put",
    path: `${t}/config`,
    summary: "Apply a tenant document (YAML or JSON)",
    tenant: false,
    may: "admin",
    raw: "application/yaml",
    query: z.strictObject({ dryRun: z.stringbool().default(false), prune: commas.optional() }),
    answers: {
      200: "{applied, version, changes: [{op, kind, id}], issued, warnings}; a dry run adds {before, after, secretsChanged, moved} to each change",
      202: "Saved, not yet in force",
      412: "If-Match names another version",
      422: "Errors with path, line and nearest known key",
    },
  },
} as const satisfies Record<string, Endpoint>;
