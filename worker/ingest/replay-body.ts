// Owns letting a kept body in again, by the way it first came: the same reading, the same routing, the same objects, under the
// configuration of now. Only the sender's proof is not asked for again; it was proven when it came.

import type { AlertName, Order } from "../../plugins/sdk/index.ts";
import type { Alert } from "../core/alert.ts";
import type { Replay } from "../core/event.ts";
import { limits } from "../core/limits.ts";
import type { BodyReplay, KeptBody } from "../objects/rpc-received.ts";
import { askedBy, requestAgain, settingsFor } from "./door-reading.ts";
import { hand, publicResult } from "./hand.ts";
import { carryOutAll, findAlert } from "./orders.ts";
import { clampAlerts } from "./clamp.ts";
import { readBodyAlerts, type Reader } from "./read-body.ts";
import { bodyAlerts, keepBodiesMs, outcomeOf, pluginVersion, type ReceivedBy } from "./received.ts";

export type WholeBody = KeptBody & { readonly raw: string };

/** What a kept body asks for now. `by`: which code read it, where that is not the integration's source plugin. */
export type ReadAgain = { readonly by?: string } & (
  | {
      readonly kind: "alerts";
      readonly alerts: readonly Alert[];
      /** About the first alert's incident, once. */
      readonly afterwards: readonly Order[];
      /** Why others of the same body cannot be read. */
      readonly others: string | null;
    }
  | { readonly kind: "orders"; readonly of: AlertName; readonly orders: readonly Order[] }
  | { readonly kind: "unreadable"; readonly reason: string }
);

/** Why this body cannot come in again; null: it can. */
export function notReplayable({ outcome, cut }: Pick<KeptBody, "outcome" | "cut">): string | null {
  if (outcome === "refused") return "its sender was not proven: the body was not kept";
  return cut ? "only the first part of it was kept: it was too long" : null;
}

/** By the door that it came by, or as the integration's source reads it now. */
export async function readAgain(
  by: ReceivedBy & Pick<Reader, "trial">,
  kept: Pick<WholeBody, "method" | "headers" | "raw" | "door">,
  now: number,
): Promise<ReadAgain> {
  if (kept.door !== undefined) return readByDoor(by, kept, kept.door, now);
  const read = await readBodyAlerts(by, { body: new TextEncoder().encode(kept.raw), headers: kept.headers });
  const code = read.by === undefined ? {} : { by: read.by };
  return read.ok
    ? { kind: "alerts", alerts: read.alerts, afterwards: [], others: read.others ?? null, ...code }
    : { kind: "unreadable", reason: read.reason, ...code };
}

function readByDoor(
  { env, integration }: ReceivedBy,
  kept: Pick<WholeBody, "method" | "headers" | "raw">,
  door: NonNullable<WholeBody["door"]>,
  now: number,
): ReadAgain {
  const again = requestAgain(kept, door, { origin: env.TOCSIN_PUBLIC_URL.replace(/\/$/, ""), now });
  if (again === null) return { kind: "unreadable", reason: `this hub has no door ${door.path} of ${door.plugin} any more` };
  const by = pluginVersion(again.plugin);
  const asked = askedBy(again.plugin, again.request, settingsFor(again.plugin, integration).config);
  switch (asked.kind) {
    case "alerts": {
      const alerts = clampAlerts(asked.alerts);
      return typeof alerts === "string"
        ? { kind: "unreadable", reason: alerts, by }
        : { kind: "alerts", alerts, afterwards: asked.afterwards ?? [], others: asked.others?.reason ?? null, by };
    }
    case "orders":
      return { kind: "orders", of: asked.of, orders: asked.orders, by };
    case "unreadable":
      return { kind: "unreadable", reason: asked.reason, by };
    default:
      return { kind: "unreadable", reason: "it asks for an answer and for nothing else", by };
  }
}

/** Throws when an object could not commit; doing all of it again is harmless. A body that still nobody can read changes nothing. */
export async function replayBody(by: ReceivedBy, kept: WholeBody, actor: Replay["by"], now: number): Promise<BodyReplay> {
  const read = await readAgain(by, kept, now);
  if (read.kind === "unreadable") return { at: now, by: actor, outcome: "unreadable", reason: read.reason, alerts: [] };
  if (read.kind === "orders") {
    const found = await findAlert(by, read.of);
    const refused = found === null ? "there is no alert by that name" : await carryOutAll(by, found, read.orders);
    return { at: now, by: actor, outcome: "readable", reason: refused, alerts: [] };
  }
  const { alerts, afterwards, others } = read;
  const about = {
    headers: kept.headers,
    plugin: read.by ?? pluginVersion(by.plugin),
    keepMs: keepBodiesMs(by.snapshot, by.integration),
  };
  const results = await hand(by, alerts, {
    // Its delivery was received before: by that id every alert of it would be a repeat.
    deliveryId: null,
    raw: kept.raw.slice(0, limits.ingest.rawKeptBytesMax),
    about,
    replay: { by: actor, body: kept.n, at: kept.at },
  });
  const incident = results[0]?.incident ?? null;
  const found = incident === null || afterwards.length === 0 ? null : await findAlert(by, { by: "incident", incident });
  const refused = found === null ? null : await carryOutAll(by, found, afterwards, true);
  const outcome = others === null ? outcomeOf(results) : "unreadable";
  return { at: now, by: actor, outcome, reason: others ?? refused, alerts: bodyAlerts(alerts, results.map(publicResult)) };
}
