// Owns the audit log over HTTP: pages of it, the whole of it as NDJSON, and the walk along its chain.

import { limits } from "../../core/limits.ts";
import { withLimit } from "../../objects/limit.ts";
import { listAudit as auditRows, verifyAudit as verifyChain, type AuditFilter, type AuditRow } from "../../store/audit.ts";
import { dbFor } from "../../store/db.ts";
import { ApiError } from "../error.ts";
import type { Handler } from "../mount.ts";
import { iso } from "../shapes.ts";

const { askMs } = limits.api;
const exportPage = limits.list.pageMax;

function rowJson(row: AuditRow): Record<string, unknown> {
  return { ...row, at: iso(row.at) };
}

export const listAudit: Handler = async ({ c, env, params, query }) => {
  const tenant = params["tenant"] ?? "";
  const {
    limit,
    cursor,
    after: since,
    format,
    ...filter
  } = query as unknown as AuditFilter & { limit: number; cursor?: string; after: number; format: "json" | "ndjson" };
  const after = cursor === undefined ? since : Number(cursor);
  if (!Number.isSafeInteger(after)) throw new ApiError("invalid", "cursor: take it from `next` of the page before");
  const db = dbFor(env, tenant);
  if (format === "ndjson" || (c.req.header("accept") ?? "").includes("application/x-ndjson"))
    return c.body(wholeLog(db, tenant, after, filter), 200, {
      "content-type": "application/x-ndjson",
      "content-disposition": `attachment; filename="audit-${tenant}.ndjson"`,
    });
  const rows = await withLimit(auditRows(db, tenant, after, limit, filter), askMs);
  return c.json({ items: rows.map(rowJson), next: rows.length === limit ? String(rows.at(-1)?.seq ?? "") : null });
};

/** Everything from there on, a page at a time, however long it is. */
function wholeLog(db: D1Database, tenant: string, from: number, filter: AuditFilter): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let after = from;
  return new ReadableStream({
    async pull(controller) {
      const rows = await withLimit(auditRows(db, tenant, after, exportPage, filter), askMs);
      if (rows.length > 0) controller.enqueue(encoder.encode(rows.map((row) => `${JSON.stringify(rowJson(row))}\n`).join("")));
      after = rows.at(-1)?.seq ?? after;
      if (rows.length < exportPage) controller.close();
    },
  });
}

export const verifyAudit: Handler = async ({ c, env, params, query }) => {
  const tenant = params["tenant"] ?? "";
  const { seq, hash } = query as { seq?: number; hash?: string };
  if ((seq === undefined) !== (hash === undefined))
    throw new ApiError("invalid", "seq: give `seq` and `hash` of an entry noted earlier, or neither");
  const kept = seq === undefined || hash === undefined ? null : { seq, hash };
  const bad = await verifyChain(dbFor(env, tenant), tenant, kept);
  return c.json({ whole: bad === null, firstBad: bad });
};
