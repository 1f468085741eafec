// Owns the contract of the audit log.

import * as z from "zod";
import { instant, t, list, type Endpoint } from "./endpoint.ts";

export const audit = {
  listAudit: {
    method: "get",
    path: `${t}/audit`,
    summary:
      "The audit log, oldest first unless asked otherwise, each change with what was before and after; all of it that fits as NDJSON by Accept: application/x-ndjson or format=ndjson",
    tenant: true,
    may: "admin",
    query: z.strictObject({
      ...list,
      after: z.coerce.number().int().min(0).default(0),
      order: z.enum(["oldest", "newest"]).default("oldest"),
      actor: z.string().max(80).optional().describe("A person's id, `hub-owner`, or `key:` and an API key's id"),
      action: z.string().max(64).optional().describe("`policies.patch`, or `policies` for all of theirs"),
      kind: z.string().max(32).optional().describe("Of an object that was changed: `users`, `policies` …"),
      object: z.string().max(64).optional().describe("Its id"),
      from: instant.optional(),
      to: instant.optional().describe("Before it"),
      format: z.enum(["json", "ndjson"]).default("json"),
    }),
    answers: { 200: "{items, next}" },
  },
  verifyAudit: {
    method: "get",
    path: `${t}/audit/verify`,
    summary: "Walk the audit log's hash chain; with an entry noted earlier, which it must still hold",
    tenant: true,
    may: "admin",
    query: z.strictObject({ seq: z.coerce.number().int().min(1).optional(), hash: z.string().length(64).optional() }),
    answers: { 200: "{whole, firstBad}" },
  },
} as const satisfies Record<string, Endpoint>;
