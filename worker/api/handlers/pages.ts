// Owns a person's own pages: what is open and concerns them, from the objects themselves. The database only says where to ask.

import { identityOfId } from "../../core/ids.ts";
import { limits } from "../../core/limits.ts";
import type { Id, Snapshot } from "../../core/snapshot.ts";
import { withLimit } from "../../objects/limit.ts";
import { incidentStub } from "../../objects/places.ts";
import type { IncidentView } from "../../objects/rpc.ts";
import { dbFor } from "../../store/db.ts";
import { openFor } from "../../store/incidents.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { incidentJson, iso } from "../shapes.ts";
import { openViews } from "./incidents.ts";
import { snapshotOf } from "./tenant.ts";

const { askMs, shownMax, alsoMax } = limits.api;

export const getUserPages: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const user = call.params["id"] ?? "";
  if (!snapshot.users[user]) throw new ApiError("not-found", "there is nothing at this address");
  const { views, degraded } = await viewsFor(call, snapshot, user);
  const items = views
    .filter((view) => concerns(view, user))
    .toSorted((a, b) => b.episode.openedAt - a.episode.openedAt)
    .map((view) => ({ ...incidentJson(view, call.now), page: pageJson(view, user) }));
  return call.c.json({ items, next: null, ...(degraded ? { degraded } : {}) });
};

async function viewsFor(
  { env, query }: Call,
  snapshot: Snapshot,
  user: Id,
): Promise<{ readonly views: readonly IncidentView[]; readonly degraded: boolean }> {
  const listed = await withLimit(openFor(dbFor(env, snapshot.tenant), snapshot.tenant, user, shownMax), askMs).catch(
    (error: unknown) => {
      console.warn("a person's pages fall back to the watch", String(error));
      return null;
    },
  );
  if (listed === null) return { views: await openViews(env, snapshot), degraded: true };
  const also = (query["also"] as readonly string[] | undefined) ?? [];
  const ids = [...new Set([...also.slice(0, alsoMax), ...listed])];
  const views = await Promise.all(ids.map((id) => viewOf(env, snapshot, id)));
  const silent = views.some((view) => view === undefined);
  return { views: views.filter((view) => view !== null && view !== undefined), degraded: silent };
}

/** Null: not there, or over. Undefined: it did not answer, and the list is not whole. */
async function viewOf(env: Env, snapshot: Snapshot, incident: string): Promise<IncidentView | null | undefined> {
  const identity = identityOfId(snapshot.tenant, snapshot.jurisdiction, incident);
  if (identity === null) return null;
  return withLimit(incidentStub(env, identity).view(incident), askMs).catch(() => undefined);
}

function concerns({ episode, deliveries }: IncidentView, user: Id): boolean {
  const open = episode.status === "triggered" || episode.status === "acknowledged";
  const paged = deliveries.some((each) => each.user === user && each.incident === episode.id);
  return open && (paged || episode.assignees.includes(user) || episode.acknowledgedBy === user);
}

/** The newest page of this person: why they, and by which way. */
function pageJson({ episode, deliveries }: IncidentView, user: Id): Record<string, unknown> | null {
  const own = deliveries.filter((each) => each.user === user && each.incident === episode.id);
  const [newest] = own.toSorted((a, b) => b.dueAt - a.dueAt);
  if (newest === undefined) return null;
  const { id, contact, via, status, page } = newest;
  return { at: iso(newest.dueAt), delivery: id, contact, via, status, reason: page.reason };
}
