// Owns noting what came in, for whoever looks at it later: after the answer, within a limit of its own, and coalesced, so that a
// storm writes a few bodies a second and counts the others. Nothing here can delay an answer or fail one.

import type { SourcePlugin } from "../../plugins/sdk/index.ts";
import type { Alert } from "../core/alert.ts";
import type { AlertResult } from "../core/event.ts";
import { limits } from "../core/limits.ts";
import type { Integration, Snapshot } from "../core/snapshot.ts";
import { admit } from "../objects/descriptor-guard.ts";
import { withLimit } from "../objects/limit.ts";
import { receivedStub } from "../objects/places.ts";
import type { BodyAlert, BodyDoor, BodyOutcome, NewBody } from "../objects/rpc-received.ts";
import type { Way } from "./hand.ts";
import { redacted } from "./redact.ts";

const bound = limits.received;

/** One request as the door saw it, plain data: in a storm it may be written by the request of another. */
export interface Arrival {
  readonly at: number;
  readonly method: string;
  /** Masked already (redact.ts). */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came; null: its sender was not proven, and nothing of it is kept. */
  readonly body: Uint8Array | null;
  readonly deliveryId?: string | null;
  readonly outcome: BodyOutcome;
  readonly reason: string | null;
  readonly alerts?: readonly BodyAlert[];
  /** Which code read it, where that is not the source plugin's. */
  readonly plugin?: string;
  readonly door?: BodyDoor;
  /** The address it came by is not kept whole: it cannot be read again as it was. */
  readonly cut?: true;
}

export interface ReceivedBy extends Way {
  readonly plugin: SourcePlugin;
}

/** How long bodies of this integration are kept. */
export function keepBodiesMs(snapshot: Pick<Snapshot, "defaults">, integration: Pick<Integration, "keepBodiesMs">): number {
  return integration.keepBodiesMs ?? snapshot.defaults.keepBodiesMs ?? bound.keepMs;
}

export function pluginVersion({ manifest }: SourcePlugin): string {
  return `${manifest.id}@${manifest.version ?? "1"}`;
}

/** What became of each alert: `results[i]` is of `alerts[i]`. */
export function bodyAlerts(
  alerts: readonly Pick<Alert, "dedupKey" | "title">[],
  results: readonly AlertResult[],
): readonly BodyAlert[] {
  return results.slice(0, bound.alertsMax).map(({ incident, action, reason }, i) => ({
    dedupKey: alerts[i]?.dedupKey ?? "",
    title: alerts[i]?.title ?? "",
    incident,
    action,
    reason,
  }));
}

export function outcomeOf(results: readonly Pick<AlertResult, "action">[]): BodyOutcome {
  return results.some(({ action }) => action !== "ignored") ? "readable" : "ignored";
}

interface Line {
  /** No write of this isolate before then. */
  nextAt: number;
  waiting: Arrival[];
  /** A request has taken it upon itself to write what waits, until then: it may have been ended before it could. */
  writerUntil: number;
  skipped: number;
}

const lines = new Map<string, Line>();
const { linesMax } = bound;

/** To be given to waitUntil. Never rejects. */
export async function noteReceived(by: ReceivedBy, arrival: Arrival): Promise<void> {
  const line = lineOf(`${by.entry.jurisdiction ?? "-"}:${by.entry.tenant}:${by.integration.id}`);
  const now = Date.now();
  if (line.waiting.length < bound.atOnce) line.waiting.push(arrival);
  else {
    // The one that nobody could read is the one that somebody will look for.
    const place = arrival.outcome === "readable" ? -1 : line.waiting.findIndex((each) => each.outcome === "readable");
    if (place !== -1) line.waiting.splice(place, 1);
    if (place !== -1) line.waiting.push(arrival);
    line.skipped++;
  }
  if (now < line.writerUntil) return;
  const waitMs = Math.max(0, line.nextAt - now);
  line.writerUntil = now + waitMs + bound.askMs;
  // Always after the answer: masking a large body is work, too.
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  const { waiting, skipped } = line;
  line.waiting = [];
  line.skipped = 0;
  line.nextAt = Date.now() + bound.everyMs;
  line.writerUntil = 0;
  try {
    const bodies = waiting.map((each, i) => bodyOf(by, each, i === waiting.length - 1 ? skipped : 0));
    if (!admit(by.env, `received:${by.entry.tenant}:${by.integration.id}`, Date.now(), 0.5))
      throw new Error("too many live objects for this machine's descriptor limit");
    const stub = receivedStub(by.env, by.entry, by.integration.id);
    await withLimit(stub.put(bodies, keepBodiesMs(by.snapshot, by.integration)), bound.askMs);
  } catch (error) {
    console.warn("bodies received could not be noted", by.entry.tenant, by.integration.id, String(error));
  }
}

function bodyOf({ snapshot, plugin }: ReceivedBy, { body, ...arrival }: Arrival, skipped: number): NewBody {
  const bytes = body?.byteLength ?? 0;
  const long = bytes > bound.bodyBytesMax;
  const text = body === null ? "" : new TextDecoder().decode(long ? body.subarray(0, bound.cutBytes) : body);
  return {
    deliveryId: null,
    alerts: [],
    ...arrival,
    bytes,
    cut: long || arrival.cut === true,
    plugin: arrival.plugin ?? pluginVersion(plugin),
    version: snapshot.version,
    skipped,
    raw: redacted(text, plugin.manifest.redact),
  };
}

function lineOf(name: string): Line {
  const found = lines.get(name);
  if (found) return found;
  if (lines.size >= linesMax) lines.clear();
  const made: Line = { nextAt: 0, waiting: [], writerUntil: 0, skipped: 0 };
  lines.set(name, made);
  return made;
}
