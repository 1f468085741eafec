// Owns the plain lists: pages, the simulated phone, audit.

import { withLimit } from "../../objects/limit.ts";
import { inboxStub } from "../../objects/places.ts";
import { listAudit as auditRows, verifyAudit as verifyChain } from "../../store/audit.ts";
import { dbFor } from "../../store/db.ts";
import { listDeliveries as deliveryRows } from "../../store/incidents.ts";
import { ApiError } from "../error.ts";
import type { Handler } from "../mount.ts";
import { deliveryJson, inboxJson, iso } from "../shapes.ts";
import { snapshotOf } from "./tenant.ts";

const askMs = 5_000;

export const listDeliveries: Handler = async (call) => {
  const { tenant } = await snapshotOf(call);
  const { incident, user, status, cursor, limit } = call.query as {
    incident?: string;
    user?: string;
    status?: string;
    cursor?: string;
    limit: number;
  };
  const page = await withLimit(
    deliveryRows(dbFor(call.env, tenant), tenant, { incident, user, status }, cursor ?? null, limit),
    askMs,
  );
  return call.c.json({ items: page.items.map(deliveryJson), next: page.next });
};

export const listInbox: Handler = async (call) => {
  const { tenant } = await snapshotOf(call);
  const { user, cursor, limit } = call.query as { user?: string; cursor?: string; limit: number };
  const before = cursor === undefined ? undefined : Number(cursor);
  if (before !== undefined && !Number.isFinite(before))
    throw new ApiError("invalid", "cursor: take it from `next` of the page before");
  const items = await withLimit(
    inboxStub(call.env, tenant).list({
      limit,
      ...(user === undefined ? {} : { user }),
      ...(before === undefined ? {} : { before }),
    }),
    askMs,
  );
  return call.c.json({ items: items.map(inboxJson), next: items.length >= limit ? String(items.at(-1)?.at ?? "") : null });
};

export const listAudit: Handler = async (call) => {
  const tenant = call.params["tenant"] ?? "";
  const { limit, after } = call.query as { limit: number; after: number };
  const rows = (await withLimit(auditRows(dbFor(call.env, tenant), tenant, after, limit), askMs)).map((row) => ({
    ...row,
    at: iso(row.at),
  }));
  if ((call.c.req.header("accept") ?? "").includes("application/x-ndjson")) {
    return call.c.body(rows.map((row) => `${JSON.stringify(row)}\n`).join(""), 200, { "content-type": "application/x-ndjson" });
  }
  return call.c.json({ items: rows, next: rows.length === limit ? String(rows.at(-1)?.seq ?? "") : null });
};

export const verifyAudit: Handler = async (call) => {
  const tenant = call.params["tenant"] ?? "";
  const bad = await verifyChain(dbFor(call.env, tenant), tenant);
  return call.c.json({ whole: bad === null, firstBad: bad });
};
