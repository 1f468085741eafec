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
      200: "{applied, version, changes, issued, warnings}",
      202: "Saved, not yet in force",
      412: "If-Match names another version",
      422: "Errors with path, line and nearest known key",
    },
  },
} as const satisfies Record<string, Endpoint>;
