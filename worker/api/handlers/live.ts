// Owns the way to a tenant's live changes: who may look has been checked, the rest is the object's.

import { liveStub } from "../../objects/places.ts";
import { ApiError } from "../error.ts";
import type { Handler } from "../mount.ts";
import { snapshotOf } from "./tenant.ts";

export const watchLive: Handler = async (call) => {
  const { tenant, jurisdiction } = await snapshotOf(call);
  if (call.c.req.header("upgrade")?.toLowerCase() !== "websocket")
    return new Response("ask with Upgrade: websocket\n", { status: 426, headers: { upgrade: "websocket" } });
  const since = call.query["since"];
  const url = `https://live/?since=${typeof since === "string" ? encodeURIComponent(since) : ""}`;
  return liveStub(call.env, tenant, jurisdiction)
    .fetch(url, { headers: { upgrade: "websocket" } })
    .catch(() => {
      throw new ApiError("unavailable", "live changes are out of reach; ask now and then instead");
    });
};
