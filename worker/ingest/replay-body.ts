// Owns letting a kept body in again, by the way it first came: the same reading, the same routing, the same objects, under the
// configuration of now. Only the sender's proof is not asked for again; it was proven when it came.

import type { Replay } from "../core/event.ts";
import { limits } from "../core/limits.ts";
import type { BodyReplay, KeptBody } from "../objects/rpc-received.ts";
import { hand, publicResult } from "./hand.ts";
import { readBodyAlerts, type ReadBody } from "./read-body.ts";
import { bodyAlerts, keepBodiesMs, outcomeOf, pluginVersion, type ReceivedBy } from "./received.ts";

export type WholeBody = KeptBody & { readonly raw: string };

/** Why this body cannot come in again; null: it can. */
export function notReplayable({ outcome, cut }: Pick<KeptBody, "outcome" | "cut">): string | null {
  if (outcome === "refused") return "its sender was not proven: the body was not kept";
  return cut ? "only the first part of it was kept: it was too long" : null;
}

/** What the integration's source makes of it now. */
export async function readAgain(by: ReceivedBy, kept: WholeBody): Promise<ReadBody> {
  return readBodyAlerts(by, { body: new TextEncoder().encode(kept.raw), headers: kept.headers });
}

/** Throws when an object could not commit; doing all of it again is harmless. A body that still nobody can read changes nothing. */
export async function replayBody(by: ReceivedBy, kept: WholeBody, actor: Replay["by"], now: number): Promise<BodyReplay> {
  const read = await readAgain(by, kept);
  if (!read.ok) return { at: now, by: actor, outcome: "unreadable", reason: read.reason, alerts: [] };
  const about = {
    headers: kept.headers,
    plugin: read.by ?? pluginVersion(by.plugin),
    keepMs: keepBodiesMs(by.snapshot, by.integration),
  };
  const results = await hand(by, read.alerts, {
    // Its delivery was received before: by that id every alert of it would be a repeat.
    deliveryId: null,
    raw: kept.raw.slice(0, limits.ingest.rawKeptBytesMax),
    about,
    replay: { by: actor, body: kept.n, at: kept.at },
  });
  const outcome = outcomeOf(results);
  return { at: now, by: actor, outcome, reason: null, alerts: bodyAlerts(read.alerts, results.map(publicResult)) };
}
