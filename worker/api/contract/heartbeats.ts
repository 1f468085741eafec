// Owns the contract of heartbeats beside their definitions: how they stand, a pause, a new key.

import * as z from "zod";
import { duration, instant, list, t, type Endpoint } from "./endpoint.ts";

const one = { 200: "How it stands", 404: "There is no such heartbeat" };

export const heartbeats = {
  listHeartbeatStates: {
    method: "get",
    path: `${t}/heartbeat-states`,
    summary: "Heartbeats by id: state, last beat, when the next is expected, when it will count as missing",
    tenant: true,
    may: "responder",
    query: z.strictObject(list),
    answers: { 200: "{items, next}" },
  },
  getHeartbeatState: {
    method: "get",
    path: `${t}/heartbeats/{id}/state`,
    summary: "How one heartbeat stands",
    tenant: true,
    may: "responder",
    answers: one,
  },
  pauseHeartbeat: {
    method: "post",
    path: `${t}/heartbeats/{id}/pause`,
    summary: "Stop watching it, for a time or until it is resumed; closes its incident",
    tenant: true,
    may: "responder",
    body: z.strictObject({ for: duration.optional(), until: instant.optional() }),
    answers: { ...one, 422: "Not a time from now on" },
  },
  resumeHeartbeat: {
    method: "post",
    path: `${t}/heartbeats/{id}/resume`,
    summary: "Watch it again, from now on",
    tenant: true,
    may: "responder",
    body: z.strictObject({}),
    answers: one,
  },
  rotateHeartbeat: {
    method: "post",
    path: `${t}/heartbeats/{id}/rotate`,
    summary: "Make a new key, shown in `issued` once; the old one works no more",
    tenant: true,
    may: "admin",
    body: z.strictObject({}),
    answers: { 200: "The definition, and the key", 202: "Saved, not yet in force", 404: one[404] },
  },
} as const satisfies Record<string, Endpoint>;
