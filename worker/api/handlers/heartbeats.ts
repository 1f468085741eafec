// Owns what the API shows and does of heartbeats beside their definitions. Their state is their objects': it is asked for there.

import { parseDuration } from "../../core/duration.ts";
import type { Beat } from "../../core/heartbeat.ts";
import { heartbeatIdentity } from "../../core/ids.ts";
import { limits } from "../../core/limits.ts";
import type { Heartbeat, Snapshot } from "../../core/snapshot.ts";
import { callObject } from "../../objects/call.ts";
import { keyHash } from "../../objects/key-cache.ts";
import { heartbeatStub } from "../../objects/places.ts";
import type { HeartbeatCalls, HeartbeatView } from "../../objects/rpc.ts";
import type { DefinitionOf } from "../../tenant/definitions.ts";
import { newKey } from "../../tenant/secrets.ts";
import { principalName } from "../../auth/principal.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { iso, isoOrNull } from "../shapes.ts";
import { change, doneJson } from "./resources.ts";
import { snapshotOf } from "./tenant.ts";

const { askMs, askedAtOnce } = limits.api;

/** Who did it, as the record names them. */
function actorOf({ principal }: Call): string {
  return principalName(principal);
}

function stubOf(call: Call, snapshot: Snapshot, id: string): HeartbeatCalls {
  return heartbeatStub(call.env, heartbeatIdentity(snapshot.tenant, snapshot.jurisdiction, id));
}

export const listHeartbeatStates: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const { limit, cursor } = call.query as { limit: number; cursor?: string };
  const all = Object.values(snapshot.heartbeats ?? {}).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const rest = cursor === undefined ? all : all.filter((each) => each.id > cursor);
  const page = rest.slice(0, limit);
  const items: Record<string, unknown>[] = [];
  for (let at = 0; at < page.length; at += askedAtOnce) {
    const views = await Promise.all(
      page.slice(at, at + askedAtOnce).map(async (spec) => {
        const view = await callObject(() => stubOf(call, snapshot, spec.id).view(), askMs).catch(() => "dark" as const);
        return stateJson(spec, view);
      }),
    );
    items.push(...views);
  }
  return call.c.json({ items, next: rest.length > limit ? (page.at(-1)?.id ?? null) : null });
};

export const getHeartbeatState: Handler = (call) => answer(call, (stub) => stub.view());

export const pauseHeartbeat: Handler = async (call) => {
  const until = untilOf(call);
  return answer(call, (stub) => stub.pause(until, actorOf(call)));
};

export const resumeHeartbeat: Handler = (call) => answer(call, (stub) => stub.resume(actorOf(call)));

/** Asks one heartbeat's object; 404 where no configuration in force has it. */
async function answer(call: Call, ask: (stub: HeartbeatCalls) => Promise<HeartbeatView | null>): Promise<Response> {
  const snapshot = await snapshotOf(call);
  const spec = snapshot.heartbeats?.[call.params["id"] ?? ""];
  if (spec === undefined) throw new ApiError("not-found", "there is nothing at this address");
  const view = await callObject(() => ask(stubOf(call, snapshot, spec.id)), askMs).catch(() => "dark" as const);
  if (view === "dark" || (view === null && call.c.req.method !== "GET"))
    throw new ApiError("unavailable", "the heartbeat is out of reach for a moment; try again");
  return call.c.json(stateJson(spec, view));
}

/** Null: until it is resumed. */
function untilOf({ body, now }: Call): number | null {
  const wrong = (path: string, message: string): ApiError =>
    new ApiError("invalid", `${path}: ${message}`, { errors: [{ in: "body", path, message }] });
  if (body["for"] !== undefined && body["until"] !== undefined) throw wrong("for", "give either `for` or `until`");
  // A text, if it is there: the contract has checked.
  const given = body["for"] as string | undefined;
  const forMs = given === undefined ? null : parseDuration(given);
  if (given !== undefined && forMs === null) throw wrong("for", "a duration is a number and a unit: 30m, 4h, 1d");
  const until = forMs === null ? ((body["until"] as number | undefined) ?? null) : now + forMs;
  if (until !== null && until <= now) throw wrong("until", "a pause ends after now");
  return until;
}

export const rotateHeartbeat: Handler = async (call) => {
  const id = call.params["id"] ?? "";
  const key = newKey();
  // The kind is heartbeats: this is its stored form.
  const rewrite = (present: { readonly id: string }) => ({
    ...(present as DefinitionOf<"heartbeats">),
    keyHash: keyHash(key),
  });
  const edit = { verb: "rewrite" as const, rewrite, issued: { kind: "heartbeats" as const, id, key } };
  return doneJson(call, "heartbeats", await change(call, { kind: "heartbeats", id, edit, action: "heartbeats.rotate" }));
};

/** `view` null: its object has not heard of it yet; "dark": it did not answer. */
function stateJson(spec: Heartbeat, view: HeartbeatView | null | "dark"): Record<string, unknown> {
  const head = { id: spec.id, name: spec.name, service: spec.service };
  if (view === "dark" || view === null) return { ...head, state: view === null ? "new" : "unknown" };
  const { state } = view;
  return {
    ...head,
    state: view.status,
    running: state.running === null ? null : { since: iso(state.running.since), run: state.running.run },
    lastBeatAt: isoOrNull(state.lastBeatAt),
    beats: state.beats,
    last: state.last === null ? null : { at: iso(state.last.at), signal: wordOf(state.last.signal), body: state.last.body },
    tookMs: state.tookMs,
    expectedAt: isoOrNull(view.expectedAt),
    missingAt: isoOrNull(view.fallsAt),
    down: state.down === null ? null : { since: iso(state.down.since), reason: state.down.reason },
    paused:
      state.paused === null ? null : { at: iso(state.paused.at), until: isoOrNull(state.paused.until), by: state.paused.by },
    incident: state.status === "down" ? state.incident : null,
  };
}

/** As it stands in the address. */
function wordOf(signal: Beat["signal"]): string {
  return signal.kind === "exit" ? String(signal.code) : signal.kind;
}
