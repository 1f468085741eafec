// Owns devices over HTTP: registered and named by their owner alone. An admin sees how many there are, and may take
// them away; nobody is told what one is reached by.

import { isLoopback } from "../../auth/origin.ts";
import { principalName } from "../../auth/principal.ts";
import { deviceOf } from "../../auth/session.ts";
import { limits } from "../../core/limits.ts";
import { rulesFor } from "../../core/people.ts";
import { dbFor } from "../../store/db.ts";
import { goneOf } from "../../store/gone-devices.ts";
import { loadKind } from "../../store/tenant.ts";
import { checkUrl } from "../../security/egress.ts";
import { vapidPublicKey } from "../../security/vapid.ts";
import type { DeviceDefinition } from "../../tenant/definitions.ts";
import * as own from "../../tenant/devices.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { iso } from "../shapes.ts";
import { snapshotOf } from "./tenant.ts";

export const getPush: Handler = async ({ c, env }) => {
  const { protocol, origin } = new URL(env.TOCSIN_PUBLIC_URL);
  const secure = protocol === "https:" || isLoopback(origin);
  return c.json({ key: await vapidPublicKey(env), secure, publicUrl: env.TOCSIN_PUBLIC_URL });
};

export const listDevices: Handler = async (call) => {
  const { tenant = "", id: user = "" } = call.params;
  const snapshot = await snapshotOf(call);
  const person = snapshot.users[user];
  if (person === undefined) throw new ApiError("not-found", "nobody is called that");
  const db = dbFor(call.env, tenant);
  const [rows, noted] = await Promise.all([loadKind(db, tenant, "devices"), goneOf(db, tenant, user)]);
  // Rows of this kind were written as devices.
  const stored = (rows ?? []).map((row) => row.body as unknown as DeviceDefinition).filter((each) => each.user === user);
  const mine = stored.map((each) => own.asNoted(each, noted));
  const live = person.contacts.filter((each) => each.device !== undefined);
  const pagesOn = (urgency: "high" | "low"): boolean =>
    rulesFor({ person, contact: null }, urgency, snapshot).some((rule) => live.some((each) => each.id === rule.contact));
  return call.c.json({
    items: isSelf(call) ? mine.map(deviceJson) : [],
    live: mine.filter((each) => each.gone === null).length,
    gone: mine.filter((each) => each.gone !== null).length,
    contact: live[0]?.device?.contact ?? null,
    pages: { high: pagesOn("high"), low: pagesOn("low") },
  });
};

export const registerDevice: Handler = async (call) => {
  const { env, body, c } = call;
  onlySelf(call);
  const registration = {
    endpoint: String(body["endpoint"]),
    p256dh: String(body["p256dh"]),
    auth: String(body["auth"]),
    key: String(body["key"]),
  };
  const refused = checkUrl(registration.endpoint, { allowPrivate: env.TOCSIN_ALLOW_PRIVATE_EGRESS === "1" });
  if (refused !== null) throw invalid("endpoint", refused);
  if (!(await isPoint(registration.p256dh))) throw invalid("p256dh", "it is no point of P-256");
  if (registration.key !== (await vapidPublicKey(env)))
    throw invalid("key", "it subscribed under another key than this hub's: unsubscribe, and subscribe under the one of GET push");
  const agent = deviceOf(c.req.header("user-agent") ?? "");
  const label = typeof body["label"] === "string" ? body["label"] : agent;
  const replaces = typeof body["replaces"] === "string" ? body["replaces"] : null;
  const done = settled(await stored(own.registerDevice(env, { ...who(call), registration, label, agent, replaces }, call.now)));
  if (done.device === null) throw new ApiError("unavailable", "the device could not be registered; try again");
  return c.json(deviceJson(done.device), done.inForce ? (done.created ? 201 : 200) : 202);
};

export const renameDevice: Handler = async (call) => {
  onlySelf(call);
  const { device = "" } = call.params;
  const done = settled(
    await stored(own.renameDevice(call.env, { ...who(call), device, label: String(call.body["label"]) }, call.now)),
  );
  if (done.device === null) throw new ApiError("not-found", "there is no such device");
  return call.c.json(deviceJson(done.device), done.inForce ? 200 : 202);
};

export const removeDevice: Handler = (call) => removed(call, call.params["device"] ?? "");

export const removeDevices: Handler = (call) => removed(call, null);

async function removed(call: Call, device: string | null): Promise<Response> {
  const done = settled(await stored(own.removeDevice(call.env, { ...who(call), device }, call.now)));
  return done.inForce ? call.c.body(null, 204) : call.c.json({ detail: "saved, not yet in force" }, 202);
}

function isSelf({ principal, params }: Call): boolean {
  return principal.kind === "user" && principal.user === params["id"];
}

/** A page must not go to a browser that somebody else registered in a person's name. */
function onlySelf(call: Call): void {
  if (!isSelf(call))
    throw new ApiError("forbidden", "only the person themselves registers and names their devices: sign in as them");
}

function who({ principal, params }: Call): own.DeviceInput {
  return { tenant: params["tenant"] ?? "", user: params["id"] ?? "", actor: principalName(principal) };
}

function stored(work: Promise<own.DeviceResult>): Promise<own.DeviceResult> {
  return work.catch((error: unknown) => {
    console.error("could not change a device", String(error));
    throw new ApiError("unavailable", "the device could not be stored; nothing changed, try again");
  });
}

function settled(result: own.DeviceResult): Extract<own.DeviceResult, { kind: "done" }> {
  switch (result.kind) {
    case "done":
      return result;
    case "absent":
      throw new ApiError("not-found", "there is no such device or person");
    case "too-many":
      throw new ApiError("conflict", `you have ${limits.device.perPersonMax} devices already: remove one that you use no more`);
    case "no-contact":
    case "invalid":
      throw new ApiError("conflict", result.message);
    case "busy":
      throw new ApiError("unavailable", "too many changes of this tenant at once; nothing changed, try again");
  }
}

function invalid(path: string, message: string): ApiError {
  return new ApiError("invalid", `${path}: ${message}`, { errors: [{ in: "body", path, message }] });
}

async function isPoint(text: string): Promise<boolean> {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  const how = { name: "ECDH", namedCurve: "P-256" };
  return crypto.subtle.importKey("raw", bytes, how, false, []).then(
    () => true,
    () => false,
  );
}

function deviceJson({ device, label, agent, registeredAt, gone }: DeviceDefinition): Record<string, unknown> {
  return {
    id: device,
    label,
    agent,
    registeredAt: iso(registeredAt),
    gone: gone === null ? null : { at: iso(gone.at), reason: gone.reason },
  };
}
