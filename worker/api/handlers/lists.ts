// Owns the plain lists: pages, the simulated phone.

import { withLimit } from "../../objects/limit.ts";
import { inboxStub } from "../../objects/places.ts";
import { dbFor } from "../../store/db.ts";
import { listDeliveries as deliveryRows } from "../../store/incidents.ts";
import { ApiError } from "../error.ts";
import type { Handler } from "../mount.ts";
import { deliveryJson, inboxJson } from "../shapes.ts";
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
