// Owns the plain lists: pages, the simulated phone.

import { timeText } from "../../core/ids.ts";
import { limits } from "../../core/limits.ts";
import { withLimit } from "../../objects/limit.ts";
import { inboxStub } from "../../objects/places.ts";
import { dbFor } from "../../store/db.ts";
import { listDeliveries as deliveryRows, type DeliveryFilter } from "../../store/incidents.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { deliveryJson, inboxJson } from "../shapes.ts";
import { snapshotOf } from "./tenant.ts";

const { askMs } = limits.api;
const { walkedMs } = limits.list;

export const listDeliveries: Handler = async (call) => {
  const { tenant } = await snapshotOf(call);
  const { cursor, limit, ...given } = call.query as unknown as DeliveryFilter & { cursor?: string; limit: number };
  const walks = given.via !== undefined || given.connector !== undefined;
  const filter = walks ? { ...given, from: `dlv_${timeText(call.now - walkedMs)}` } : given;
  const page = await withLimit(deliveryRows(dbFor(call.env, tenant), tenant, filter, cursor ?? null, limit), askMs);
  return call.c.json({ items: page.items.map(deliveryJson), next: page.next });
};

export const listInbox: Handler = (call) => inboxPage(call, call.query["user"] as string | undefined);

export const listUserInbox: Handler = async (call) => {
  const user = call.params["id"] ?? "";
  if (!(await snapshotOf(call)).users[user]) throw new ApiError("not-found", "there is nothing at this address");
  return inboxPage(call, user);
};

async function inboxPage(call: Call, user: string | undefined): Promise<Response> {
  const { tenant } = await snapshotOf(call);
  const { cursor, limit } = call.query as { cursor?: string; limit: number };
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
}
