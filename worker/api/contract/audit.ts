// Owns the contract of the audit log.

import * as z from "zod";
import { t, list, type Endpoint } from "./endpoint.ts";

export const audit = {
  listAudit: {
    method: "get",
    path: `${t}/audit`,
    summary:
      "The audit log, oldest first, each change with what was before and after; the whole of it as NDJSON by Accept: application/x-ndjson",
    tenant: true,
    may: "admin",
    query: z.strictObject({ ...list, after: z.coerce.number().int().min(0).default(0) }),
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
