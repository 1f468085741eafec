// Owns the door for jobs that say they are alive: a GET or POST with the heartbeat's key, as healthchecks.io has it. 200 only
// after the beat is durable.

import { Hono, type Context } from "hono";
import type { Signal } from "../core/heartbeat.ts";
import { heartbeatIdentity, objectName } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import { callObject } from "../objects/call.ts";
import { admit } from "../objects/descriptor-guard.ts";
import { findKey } from "../objects/key-cache.ts";
import { heartbeatStub } from "../objects/places.ts";
import { loadSnapshot } from "../objects/snapshot-cache.ts";
import { readBody } from "./body.ts";

export const heartbeatApp = new Hono<{ Bindings: Env }>();

const methods = ["GET", "POST"];
heartbeatApp.on(methods, "/v1/heartbeats/:key", (c) => take(c, c.req.param("key"), { kind: "success" }));
heartbeatApp.on(methods, "/v1/heartbeats/:key/:signal", (c) => {
  const signal = signalOf(c.req.param("signal"));
  return signal === null ? unknown(c) : take(c, c.req.param("key"), signal);
});
heartbeatApp.all("/v1/heartbeats/*", (c) =>
  c.json({ error: "a beat is sent with GET or POST" }, 405, { allow: "GET, HEAD, POST" }),
);

/** `start`, `fail`, or an exit code of a program. */
function signalOf(text: string): Signal | null {
  if (text === "start" || text === "fail") return { kind: text };
  return /^\d{1,3}$/.test(text) && Number(text) <= 255 ? { kind: "exit", code: Number(text) } : null;
}

async function take(c: Context<{ Bindings: Env }>, key: string, signal: Signal): Promise<Response> {
  const { env } = c;
  try {
    const body = await textOf(c.req.raw);
    const entry = await findKey(env, key);
    if (entry?.heartbeat === undefined) return unknown(c);
    const { tenant, jurisdiction, heartbeat } = entry;
    const identity = heartbeatIdentity(tenant, jurisdiction, heartbeat);
    if (!admit(env, objectName(identity), Date.now())) return later(c);
    // The object has a copy of its own: a beat needs no Directory.
    const loaded = await loadSnapshot(env, tenant, jurisdiction).catch(() => null);
    const spec = loaded?.snapshot.heartbeats?.[heartbeat];
    // Taken out, and its key not yet forgotten.
    if (loaded && !loaded.stale && spec === undefined) return unknown(c);
    const input = {
      v: 1 as const,
      identity: { tenant, jurisdiction, heartbeat },
      known: loaded && spec ? { spec, version: loaded.snapshot.version } : null,
      beat: { signal, run: runOf(c.req.query("rid")), body },
    };
    const answer = await callObject(() => heartbeatStub(env, identity).beat(input), limits.heartbeat.beatMs);
    return answer === "ok" ? c.text("OK\n") : later(c);
  } catch (error) {
    console.error("a beat could not be stored", String(error));
    return later(c);
  }
}

/** What a job sends along is for people to read; what cannot be read is no reason to refuse the beat. */
async function textOf(request: Request): Promise<string> {
  if (request.body === null) return "";
  const read = await readBody(request).catch(() => null);
  return read === null ? "" : new TextDecoder().decode(read.bytes.subarray(0, limits.heartbeat.bodyCharsMax)).trim();
}

function runOf(text: string | undefined): string | null {
  return text === undefined || text === "" ? null : text.slice(0, limits.heartbeat.runCharsMax);
}

function unknown(c: Context): Response {
  return c.json({ error: "there is no heartbeat at this address" }, 404);
}

function later(c: Context): Response {
  return c.json({ error: "the beat could not be stored; send it again" }, 503, {
    "retry-after": String(limits.ingest.retryAfterS),
  });
}
