// Owns the contract of the audit log.

import * as z from "zod";
import { t, list, type Endpoint } from "./endpoint.ts";

export const audit = {
  listAudit: {
    method: "get",
    path: `${t}/audit`,
    summary: "The audit log, oldest first; NDJSON by Accept: application/x-ndjson",
    tenant: true,
    may: "admin",
    query: z.strictObject({ limit: list.limit, after: z.coerce.number().int().min(0).default(0) }),
    answers: { 200: "{items, next}" },
  },
  verifyAudit: {
    method: "get",
    path: `${t}/audit/verify`,
    summary: "Walk the audit log's hash chain",
    tenant: true,
    may: "admin",
    answers: { 200: "{whole, firstBad}" },
  },
} as const satisfies Record<string, Endpoint>;
