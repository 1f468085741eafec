// Owns the keys of calendar feeds: made, listed, revoked. The feed itself is feed-door.ts's.

import { timeText } from "../../core/ids.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { limits } from "../../core/limits.ts";
import { keyHash } from "../../objects/key-cache.ts";
import { withLimit } from "../../objects/limit.ts";
import { dbFor } from "../../store/db.ts";
import { addFeed, listFeeds, removeFeed, type FeedKind, type FeedRow } from "../../store/feeds.ts";
import { newKey } from "../../tenant/secrets.ts";
import { principalName } from "../../auth/principal.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { iso } from "../shapes.ts";
import { snapshotOf } from "./tenant.ts";

const { askMs } = limits.api;

export const listUserFeeds: Handler = (call) => list(call, "user");
export const createUserFeed: Handler = (call) => create(call, "user");
export const revokeUserFeed: Handler = (call) => revoke(call, "user");
export const listScheduleFeeds: Handler = (call) => list(call, "schedule");
export const createScheduleFeed: Handler = (call) => create(call, "schedule");
export const revokeScheduleFeed: Handler = (call) => revoke(call, "schedule");

async function subjectOf(call: Call, kind: FeedKind): Promise<{ tenant: string; subject: string }> {
  const snapshot = await snapshotOf(call);
  const subject = call.params["id"] ?? "";
  if (!subjectExists(snapshot, kind, subject)) throw new ApiError("not-found", "there is nothing at this address");
  return { tenant: snapshot.tenant, subject };
}

export function subjectExists(snapshot: Snapshot, kind: FeedKind, subject: string): boolean {
  return kind === "user" ? snapshot.users[subject]?.active === true : snapshot.schedules?.[subject] !== undefined;
}

async function list(call: Call, kind: FeedKind): Promise<Response> {
  const { tenant, subject } = await subjectOf(call, kind);
  const rows = await withLimit(listFeeds(dbFor(call.env, tenant), tenant, kind, subject), askMs);
  return call.c.json({ items: rows.map((row) => ({ ...row, createdAt: iso(row.createdAt) })), next: null });
}

async function create(call: Call, kind: FeedKind): Promise<Response> {
  const { tenant, subject } = await subjectOf(call, kind);
  const { env, principal, now } = call;
  const db = dbFor(env, tenant);
  if ((await listFeeds(db, tenant, kind, subject)).length >= limits.oncall.feed.perOwnerMax)
    throw new ApiError("conflict", `there are ${limits.oncall.feed.perOwnerMax} feeds already: revoke one that nobody reads`);
  // The tenant stands in front: whoever asks with the key names the database it lies in.
  const key = `${tenant}.${newKey()}`;
  const createdBy = principalName(principal);
  const row: FeedRow = { id: `feed_${timeText(now)}${keyHash(key).slice(0, 10)}`, kind, subject, createdAt: now, createdBy };
  await addFeed(db, tenant, row, keyHash(key));
  const base = env.TOCSIN_PUBLIC_URL.replace(/\/$/, "");
  return call.c.json({ id: row.id, kind, subject, createdAt: iso(now), url: `${base}/v1/ical/${key}.ics` }, 201);
}

async function revoke(call: Call, kind: FeedKind): Promise<Response> {
  const { env, params, principal, now } = call;
  const tenant = params["tenant"] ?? "";
  const of = { id: params["feed"] ?? "", kind, subject: params["id"] ?? "" };
  const actor = principalName(principal);
  const gone = await removeFeed(dbFor(env, tenant), tenant, of, { actor, at: now });
  if (!gone) throw new ApiError("not-found", "there is no such feed");
  return call.c.body(null, 204);
}
