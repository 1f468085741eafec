// Owns the way in for monitoring systems: key, proof, normalization, routing, one call per incident object, 202 after all of
// them committed. No D1 and no KV here: a cold isolate with the database gone still takes alerts in.

import { Hono, type Context } from "hono";
import { sources } from "../../plugins/registry.gen.ts";
import type { InboundRequest, SourcePlugin } from "../../plugins/sdk/index.ts";
import type { AlertResult } from "../core/event.ts";
import { limits } from "../core/limits.ts";
import { findKey } from "../objects/key-cache.ts";
import { loadSnapshot } from "../objects/snapshot-cache.ts";
import { open } from "../security/seal.ts";
import { parseBody, readBody } from "./body.ts";
import { hand, publicResult, type Way } from "./hand.ts";
import { keepChanges } from "./changes.ts";
import { confirm } from "./keys.ts";
import { proven } from "./proof.ts";
import { admitRequest, calmed, overRateAlert, type Admission } from "./rate.ts";
import { readMail, type Envelope } from "./mail-document.ts";
import { readBodyAlerts } from "./read-body.ts";
import { bodyAlerts, keepBodiesMs, noteReceived, pluginVersion, outcomeOf, type Arrival } from "./received.ts";
import { redacted, redactedHeaders } from "./redact.ts";
import { secretPlace } from "../tenant/secrets.ts";
import { clearUnreadable, noteUnreadable, unreadableNow } from "./unreadable.ts";

export const ingestApp = new Hono<{ Bindings: Env }>();

ingestApp.post("/v1/ingest/:key", (c) => ingest(c, c.req.param("key")));
ingestApp.get("/v1/ingest/:key", (c) => ingestGet(c, c.req.param("key")));
ingestApp.options("/v1/ingest/:key", (c) => handshake(c, c.req.param("key")));
ingestApp.all("/v1/ingest/:key", postOnly);

function postOnly(c: Context): Response {
  return c.json({ error: "alerts are sent with POST" }, 405, { allow: "POST" });
}

/** For senders that can only ask: their query is the form that they would have posted. Of every other source, and every other key, nothing is told. */
async function ingestGet(c: Context<{ Bindings: Env }>, key: string): Promise<Response> {
  // Hono brings HEAD here, too; it must change nothing.
  if (c.req.raw.method !== "GET" || new URL(c.req.url).search.length < 2) return postOnly(c);
  const door = await doorFor(c.env, key).catch(() => "dark" as const);
  if (door === "dark") return later(c, "the configuration is out of reach for a moment");
  return door?.plugin.manifest.takesGet === true ? ingest(c, key) : postOnly(c);
}

/** Of a sender that may ask with GET, or post nothing: the query, which is the form that it would have posted. */
function queryOf(c: Context, door: Door): { readonly ok: true; readonly bytes: Uint8Array } | null {
  const query = new URL(c.req.url).search.slice(1);
  return door.plugin.manifest.takesGet === true && query !== "" ? { ok: true, bytes: new TextEncoder().encode(query) } : null;
}

/** What is known of a request only when it has been dealt with. */
export type Became = Pick<Arrival, "outcome" | "reason"> & Partial<Arrival>;

/** Everything that one request's alerts are decided by. */
export interface Door extends Way {
  readonly plugin: SourcePlugin;
}

/** `mail`: the body is a raw mail with this envelope, and becomes the document that its source reads. */
export async function ingest(c: Context<{ Bindings: Env }>, key: string, mail: Envelope | null = null): Promise<Response> {
  const at = Date.now();
  let door: Door | null;
  try {
    door = await (mail === null ? doorFor(c.env, key) : mailDoorFor(c.env, key));
  } catch {
    return later(c, "the configuration is out of reach for a moment");
  }
  const posted = await readBody(c.req.raw, mail === null ? limits.ingest.bodyBytesMax : limits.mail.bytesMax).catch(() => null);
  if (posted === null) return c.json({ error: "the body broke off" }, 400);
  if (door === null) return unauthorized(c);
  const query = mail === null && posted.ok && posted.bytes.length === 0 ? queryOf(c, door) : null;
  const came = query ?? posted;
  const { body, headers: ofMail } = mail === null ? { body: came, headers: {} } : await readMail(came, mail, key);
  const plain = inbound(c, body.bytes);
  const asked = query === null ? {} : { "content-type": "application/x-www-form-urlencoded" };
  const request: InboundRequest = { ...plain, headers: { ...plain.headers, ...ofMail, ...asked } };
  const present = door;
  let headers: Readonly<Record<string, string>> = {};
  const note = (became: Became): void => {
    c.executionCtx.waitUntil(noteReceived(present, { at, method: request.method, headers, body: body.bytes, ...became }));
  };
  try {
    const secrets = await secretsOf(door);
    headers = redactedHeaders(request.headers, secrets);
    const verdict = await proven(door, request, secrets);
    if (!verdict.ok) {
      note({ body: null, outcome: "refused", reason: verdict.reason });
      return unauthorized(c);
    }
    const handshake = body.ok ? await shake(door, request) : null;
    if (handshake !== null) {
      note({ outcome: "ignored", reason: handshake });
      return c.json({ accepted: 0, results: [{ incident: null, action: "ignored", reason: handshake }] }, 202);
    }
  } catch (error) {
    console.error("ingest: the sender could not be checked", String(error));
    return later(c, "the sender could not be checked just now; send the same body again");
  }
  const admission = await admitRequest(c.env, door.entry, door.integration, Date.now());
  if (!admission.ok) return overRate(c, door, admission);
  const read = body.ok
    ? await readBodyAlerts(door, {
        body: body.bytes,
        // A tenant's own code is not shown the secret either, in whatever header it came.
        headers: door.plugin.manifest.ownCode === true ? headers : request.headers,
      })
    : { ok: false as const, reason: body.reason };
  const version = ("by" in read ? read.by : undefined) ?? pluginVersion(door.plugin);
  const reason = read.ok ? (read.others ?? null) : read.reason;
  const unread = reason === null ? [] : [await unreadableNow(c.env, door.entry, door.integration, reason)];
  const alerts = [...(read.ok ? read.alerts : []), ...unread];
  const deliveryId = deliveryIdOf(door.plugin, request);
  const kept = new TextDecoder().decode(body.bytes.subarray(0, limits.ingest.rawKeptBytesMax));
  const raw = redacted(kept, door.plugin.manifest.redact);
  const about = { headers, plugin: version, keepMs: keepBodiesMs(door.snapshot, door.integration) };
  try {
    const results = (await hand(door, alerts, { deliveryId, raw, about })).map(publicResult);
    if (read.ok) keepChanges(c.executionCtx, door, read.changes);
    const became = { alerts: bodyAlerts(alerts, results), deliveryId, plugin: version };
    if (reason === null) {
      note({ ...became, outcome: outcomeOf(results), reason: null });
      if (admission.calm) c.executionCtx.waitUntil(calm(door));
      readAgain(c, door);
      return answer(c, door.plugin, results);
    }
    note({ ...became, outcome: "unreadable", reason });
    await Promise.all(
      unread.map((alert) =>
        // All is committed: without the note the incident waits for a person to close it, which is no reason to send it all again.
        noteUnreadable(c.env, door.entry, door.integration, alert, reason).catch((error: unknown) =>
          console.warn("an unreadable incident could not be noted", String(error)),
        ),
      ),
    );
    // What could be read stands before it: each went its own way.
    const told = results.map((result, i) =>
      i < alerts.length - unread.length ? result : { ...result, action: "unreadable" as const, reason },
    );
    return answer(c, door.plugin, told);
  } catch (error) {
    console.error("ingest: an object could not commit", String(error));
    note({ outcome: "failed", reason: "not every alert could be stored: the sender was asked to send it again", deliveryId });
    return later(c, "not every alert could be stored; send the same body again");
  }
}

/** Never silently: the sender hears when to come again, the integration counts it, an incident says so. */
function overRate(c: Context, door: Door, { notice, rate, retryAfterS, refused }: Extract<Admission, { ok: false }>): Response {
  tellOverRate(c, door, { notice, rate, refused });
  return c.json({ error: `over this integration's rate of ${rate.count} within ${rate.withinMs / 1_000} s` }, 429, {
    "retry-after": String(retryAfterS),
  });
}

/** An incident says that alerts are being refused, after the answer. */
export function tellOverRate(
  c: Context<{ Bindings: Env }>,
  door: Door,
  { notice, rate, refused }: Pick<Extract<Admission, { ok: false }>, "notice" | "rate" | "refused">,
): void {
  if (notice) {
    console.warn("ingest: over its rate", door.entry.tenant, door.integration.id, refused);
    const said = hand(door, [overRateAlert(door.integration, rate)], { deliveryId: null, raw: null });
    c.executionCtx.waitUntil(
      said.catch((error: unknown) => console.error("ingest: over its rate, and nobody told", String(error))),
    );
  }
}

/** After a readable body: acknowledged incidents about unreadable ones close, after the answer. */
export function readAgain(c: Context<{ Bindings: Env }>, door: Door): void {
  c.executionCtx.waitUntil(
    clearUnreadable(c.env, door.entry, door.integration, (alert) => hand(door, [alert], { deliveryId: null, raw: null })),
  );
}

export async function calm(door: Door): Promise<void> {
  try {
    await hand(door, [overRateAlert(door.integration, null)], { deliveryId: null, raw: null });
    await calmed(door.env, door.entry, door.integration);
  } catch (error) {
    console.warn("ingest: keeps to its rate again, and the incident could not be told", String(error));
  }
}

/**
 * CloudEvents' webhook handshake, for sources that declare it: whoever holds the key may send, at the integration's own rate. The
 * permission is for the origin that asks and changes nothing here.
 */
async function handshake(c: Context<{ Bindings: Env }>, key: string): Promise<Response> {
  const origin = c.req.header("webhook-request-origin");
  if (origin === undefined) return c.json({ error: "alerts are sent with POST" }, 405, { allow: "POST" });
  let door: Door | null;
  try {
    door = await doorFor(c.env, key);
  } catch {
    return later(c, "the configuration is out of reach for a moment");
  }
  if (door === null) return unauthorized(c);
  if (door.plugin.manifest.webhookHandshake !== true)
    return c.json({ error: "alerts are sent with POST" }, 405, { allow: "POST" });
  return c.body(null, 200, { allow: "POST", "webhook-allowed-origin": origin.slice(0, 255), "webhook-allowed-rate": "*" });
}

export async function doorFor(env: Env, key: string): Promise<Door | null> {
  const entry = await findKey(env, key);
  if (entry === null) return null;
  const loaded = await loadSnapshot(env, entry.tenant, entry.jurisdiction);
  const integration = loaded?.snapshot.integrations[entry.integration];
  const plugin = integration && sources[integration.source];
  return loaded && integration && plugin ? { env, entry, snapshot: loaded.snapshot, integration, plugin } : null;
}

/** Mail servers may write an address in lower case, and only some sources have one. */
export async function mailDoorFor(env: Env, key: string): Promise<Door | null> {
  const small = key.toLowerCase();
  const door = (await doorFor(env, key)) ?? (small === key ? null : await doorFor(env, small));
  return door?.plugin.manifest.takesMail === true ? door : null;
}

/** The secret, and after a rotation the one before it, while that is still taken. None: the key in the address is the proof. */
export async function secretsOf({ env, entry, integration }: Door): Promise<string[]> {
  const { secret, retiredSecret } = integration;
  const old = retiredSecret !== undefined && retiredSecret.until > Date.now() ? [retiredSecret.sealed] : [];
  const place = secretPlace(entry.tenant, integration.id);
  return secret === null ? [] : Promise.all([secret, ...old].map((sealed) => open(env, place, sealed)));
}

/** A subscription to confirm and the like: done, and what to say about it. Null: an ordinary body. */
async function shake({ plugin, integration }: Door, request: InboundRequest): Promise<string | null> {
  const config = plugin.config.safeParse(integration.config);
  if (plugin.handshake === undefined || !config.success) return null;
  const parsed = parseBody(request.body, plugin.readsAs?.(config.data) ?? plugin.manifest.body, request.headers["content-type"]);
  if (!parsed.ok) return null;
  const handshake = plugin.handshake({ payload: parsed.payload, headers: request.headers, config: config.data });
  if (handshake === null) return null;
  if (handshake.confirm !== null) await confirm(handshake.confirm, plugin.manifest);
  return handshake.reason;
}

export function inbound(c: Context<{ Bindings: Env }>, body: Uint8Array): InboundRequest {
  const url = new URL(c.req.url);
  const headers: Record<string, string> = {};
  c.req.raw.headers.forEach((value, name) => {
    headers[name.toLowerCase()] = value;
  });
  return { method: c.req.method, path: url.pathname, query: Object.fromEntries(url.searchParams), headers, body };
}

function deliveryIdOf(plugin: SourcePlugin, request: InboundRequest): string | null {
  const header = plugin.manifest.deliveryIdHeader?.toLowerCase();
  return header === undefined ? null : (request.headers[header]?.slice(0, 200) ?? null);
}

function answer(c: Context, plugin: SourcePlugin, results: readonly AlertResult[]): Response {
  if (plugin.reply) {
    const { status, contentType, body } = plugin.reply(results);
    return new Response(body, { status, headers: { "content-type": contentType } });
  }
  return c.json({ accepted: results.length, results }, 202);
}

/** The same words for a wrong key and a wrong signature: neither is to be found out by trying. */
export function unauthorized(c: Context): Response {
  return c.json({ error: "unauthorized" }, 401);
}

export function later(c: Context, error: string): Response {
  return c.json({ error }, 503, { "retry-after": String(limits.ingest.retryAfterS) });
}
