// Owns the doors that look like other products' APIs (Events API, Alert API …): a plugin says where they are and what is meant,
// this finds the integration, keeps the promise of every door (2xx only when durable, else 503 with Retry-After) and does what is
// asked. What such a product refuses is refused in its words, and still opens the incident about an unreadable alert: nobody
// reads a sender's logs at night.

import { Hono, type Context } from "hono";
import type { Asked, DropInRequest, DropInRoute, ProductAnswer, Refusal } from "../../plugins/sdk/index.ts";
import { limits } from "../core/limits.ts";
import type { BodyAlert, BodyDoor } from "../objects/rpc-received.ts";
import { readBody, type ReadBody } from "./body.ts";
import { keepChanges } from "./changes.ts";
import { clampAlerts } from "./clamp.ts";
import { clampChanges } from "./clamp-change.ts";
import { askedBy, doorOf, parsedBy, products, settingsFor, type Product } from "./door-reading.ts";
import { hand, type Origin } from "./hand.ts";
import { calm, doorFor, inbound, readAgain, secretsOf, tellOverRate, type Became, type Door } from "./ingest.ts";
import { carryOutAll, findAlert, listAlerts, recordOf, sourceAlert } from "./orders.ts";
import { proven } from "./proof.ts";
import { admitRequest } from "./rate.ts";
import { bodyAlerts, keepBodiesMs, noteReceived, outcomeOf, pluginVersion } from "./received.ts";
import { redacted, redactedHeaders } from "./redact.ts";
import { noteUnreadable, unreadableNow } from "./unreadable.ts";

type Ctx = Context<{ Bindings: Env }>;
export const dropInApp = new Hono<{ Bindings: Env }>();

// Some clients end every address with a slash (Opsgenie's for Node).
for (const plugin of products)
  for (const route of plugin.dropIn.routes)
    dropInApp.on(route.method, [route.path, `${route.path}/`], (c) => serve(c, plugin, route));

/** One request at one of a plugin's doors. */
interface Visit {
  readonly c: Ctx;
  readonly plugin: Product;
  readonly request: DropInRequest;
  /** What of them may be kept. */
  readonly headers: Readonly<Record<string, string>>;
  /** How it is read again; null: the address is too long to be kept. */
  readonly kept: BodyDoor | null;
  readonly began: number;
}

async function serve(c: Ctx, plugin: Product, route: DropInRoute): Promise<Response> {
  const began = Date.now();
  const body = await readBody(c.req.raw).catch((): ReadBody => ({
    ok: false,
    bytes: new Uint8Array(0),
    reason: "the body broke off",
  }));
  const request: DropInRequest = {
    ...inbound(c, body.bytes),
    route,
    params: c.req.param() as Record<string, string>,
    origin: c.env.TOCSIN_PUBLIC_URL.replace(/\/$/, ""),
    read: parsedBy(body, route, c.req.header("content-type")),
    unique: crypto.randomUUID().replaceAll("-", ""),
    now: began,
  };
  const visit: Visit = { c, plugin, request, headers: {}, kept: null, began };
  let failed = (): void => undefined;
  try {
    const key = plugin.dropIn.key(request);
    const found = key === null ? null : await doorFor(c.env, key);
    if (found === null) return refused(visit, "unauthorized", "");
    const door: Door = { ...found, plugin, integration: settingsFor(plugin, found.integration) };
    const secrets = await secretsOf(door);
    const within: Visit = {
      ...visit,
      headers: redactedHeaders(withoutKey(request.headers, key), secrets),
      kept: doorOf(plugin, request, [key ?? "", ...secrets]),
    };
    const verdict = await proven(door, request, secrets);
    if (!verdict.ok) {
      note(within, door, { body: null, outcome: "refused", reason: verdict.reason });
      return refused(visit, "unauthorized", "");
    }
    const admission = await admitRequest(c.env, door.entry, door.integration, began);
    if (!admission.ok) {
      tellOverRate(c, door, admission);
      return refused(visit, "throttled", "over this integration's rate", admission.retryAfterS);
    }
    if (admission.calm) c.executionCtx.waitUntil(calm(door));
    failed = () =>
      note(within, door, { outcome: "failed", reason: "it could not be stored: the sender was asked to send it again" });
    return await carryOutAsked(within, door, askedBy(plugin, request, door.integration.config));
  } catch (error) {
    console.error("drop-in: could not be stored", String(error));
    failed();
    return refused(visit, "later", "it could not be stored; send it again", limits.ingest.retryAfterS);
  }
}

/** For whoever looks at it later, after the answer. What only asked for an answer is not kept. */
function note({ c, request, headers, kept, began }: Visit, door: Door, became: Became): void {
  if (request.method === "GET") return;
  const address = kept === null ? { cut: true as const } : { door: kept };
  const arrival = { at: began, method: request.method, headers, body: request.body, ...address, ...became };
  c.executionCtx.waitUntil(noteReceived(door, arrival));
}

/** The key is kept nowhere, whatever header a product puts it in. */
function withoutKey(headers: Readonly<Record<string, string>>, key: string | null): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => key === null || !value.includes(key)));
}

async function carryOutAsked(visit: Visit, door: Door, what: Asked): Promise<Response> {
  const { c, began } = visit;
  const took = (): number => (Date.now() - began) / 1_000;
  switch (what.kind) {
    case "answer":
      return send(c, what.answer);
    case "unreadable":
      await openUnreadable(visit, door, what.reason);
      return send(c, what.answer);
    case "alerts":
      return takeAlerts(visit, door, what, took);
    case "orders": {
      const found = await findAlert(door, what.of);
      const refusal = found === null ? null : await carryOutAll(door, found, what.orders);
      const after =
        found === null ? null : ((await findAlert(door, { by: "incident", incident: found.view.episode.id })) ?? found);
      note(visit, door, { outcome: "readable", reason: found === null ? "there is no alert by that name" : refusal });
      readAgain(c, door);
      return send(c, what.answer({ alert: after === null ? null : sourceAlert(door, after), refused: refusal }, took()));
    }
    case "look": {
      const found = await findAlert(door, what.of);
      return send(c, what.answer(found === null ? null : sourceAlert(door, found), took()));
    }
    case "record": {
      const found = await findAlert(door, what.of);
      return send(c, what.answer(found === null ? null : await recordOf(door, found), took()));
    }
    case "list": {
      const { open, acknowledged, severity, text } = what.filter;
      const filter = {
        status: statusesOf(open, acknowledged),
        severity: severity?.map((each) => door.snapshot.severityMap[each]),
        q: text,
      };
      return send(c, what.answer(await listAlerts(door, filter, what.offset, what.limit), took()));
    }
  }
}

/** The answer speaks for all that could be read; of what could not an incident tells, as of a body that cannot be read at all. */
async function takeAlerts(
  visit: Visit,
  door: Door,
  { alerts: sent, changes = [], afterwards = [], others, answer }: Extract<Asked, { kind: "alerts" }>,
  took: () => number,
): Promise<Response> {
  const { c } = visit;
  const alerts = clampAlerts(sent);
  if (typeof alerts === "string") {
    await openUnreadable(visit, door, alerts);
    return refused(visit, "unreadable", alerts);
  }
  const results = await hand(door, alerts, originOf(visit, door));
  keepChanges(c.executionCtx, door, clampChanges(changes, door.plugin.manifest.id));
  const incident = results[0]?.incident ?? null;
  const found = incident === null || afterwards.length === 0 ? null : await findAlert(door, { by: "incident", incident });
  const refusal = found === null ? null : await carryOutAll(door, found, afterwards, true);
  const became = bodyAlerts(alerts, results);
  if (others !== undefined) {
    await openUnreadable(visit, door, others.reason, became);
    return send(c, others.answer);
  }
  note(visit, door, { alerts: became, outcome: outcomeOf(results), reason: refusal });
  readAgain(c, door);
  return send(
    c,
    answer(
      results.map(({ incident: id, action, reason }) => ({ incident: id, action, reason })),
      took(),
    ),
  );
}

const openStates = ["held", "suppressed", "triggered", "acknowledged"];

function statusesOf(open: boolean | undefined, acknowledged: boolean | undefined): string[] | undefined {
  const states = open === undefined ? [...openStates, "resolved"] : open ? openStates : ["resolved"];
  if (acknowledged === undefined) return open === undefined ? undefined : states;
  return states.filter((state) => (state === "acknowledged") === acknowledged);
}

async function openUnreadable(visit: Visit, door: Door, reason: string, others: readonly BodyAlert[] = []): Promise<void> {
  const alert = await unreadableNow(door.env, door.entry, door.integration, reason);
  const alerts = [alert];
  const results = await hand(door, alerts, originOf(visit, door));
  note(visit, door, { alerts: [...others, ...bodyAlerts(alerts, results)], outcome: "unreadable", reason });
  await noteUnreadable(door.env, door.entry, door.integration, alert, reason).catch((error: unknown) =>
    console.warn("an unreadable incident could not be noted", String(error)),
  );
}

function originOf({ plugin, request, headers }: Visit, door: Door): Origin {
  const kept = new TextDecoder().decode(request.body.subarray(0, limits.ingest.rawKeptBytesMax));
  const about = { headers, plugin: pluginVersion(plugin), keepMs: keepBodiesMs(door.snapshot, door.integration) };
  return { deliveryId: null, raw: redacted(kept, plugin.manifest.redact), about };
}

function refused({ c, plugin, request }: Visit, why: Refusal, reason: string, retryAfterS?: number): Response {
  const answer = plugin.dropIn.refuse(why, request, reason);
  const again = retryAfterS === undefined ? {} : { "retry-after": String(retryAfterS) };
  return send(c, { ...answer, headers: { ...answer.headers, ...again } });
}

function send(c: Ctx, { status, body, headers = {} }: ProductAnswer): Response {
  if (body === null) return new Response(null, { status, headers });
  if (typeof body === "string")
    return new Response(body, { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers } });
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
}
