// Owns trying things out over HTTP: body to simulation, draft to errors with their place.

import { sources } from "../../../plugins/registry.gen.ts";
import type { Alert } from "../../core/alert.ts";
import { turnsFrom, type Turns } from "../../core/rehearse.ts";
import type { Integration, Snapshot } from "../../core/snapshot.ts";
import type { Mute } from "../../core/mute.ts";
import { clampAlert } from "../../ingest/clamp.ts";
import { inhibitionsOf } from "../../ingest/hand.ts";
import { readBodyAlerts } from "../../ingest/read-body.ts";
import { withLimit } from "../../objects/limit.ts";
import { pointerStub } from "../../objects/places.ts";
import { bodyOf, asSimulated, inhibitable, simulateAlerts, takesTurns, type ReadBody } from "../../simulate/simulate.ts";
import { replayed } from "../../simulate/replay.ts";
import { simulatedJson } from "../../simulate/shapes.ts";
import { draftOf } from "../../tenant/apply.ts";
import { nearestOf } from "../../lib/nearest.ts";
import { limits } from "../../core/limits.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { iso } from "../shapes.ts";
import { snapshotOf } from "./tenant.ts";

export interface SimulateBody {
  readonly integration: string;
  readonly payload?: unknown;
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly alert?: Omit<Alert, "source"> & { readonly source?: string; readonly raw?: unknown };
  readonly at?: number;
  readonly document?: string | Readonly<Record<string, unknown>>;
}

function invalid(path: string, message: string, nearest: string | null = null): ApiError {
  const error = { in: "body", path, message, ...(nearest === null ? {} : { nearest }) };
  return new ApiError("invalid", `${path}: ${message}`, { errors: [error] });
}

export const simulate: Handler = async (call) => {
  // Checked against the contract by the time it comes here.
  const body = call.body as unknown as SimulateBody;
  const inForce = await snapshotOf(call);
  const snapshot = body.document === undefined ? inForce : await draftSnapshot(call, inForce, body.document);
  const integration = integrationOf(snapshot, body.integration);
  const at = body.at ?? call.now;
  const read = await readBody(call.env, snapshot, integration, body);
  if (read.alerts.length > limits.simulate.alertsMax)
    throw invalid(
      "payload",
      `at most ${limits.simulate.alertsMax} alerts are simulated at once, the body holds ${read.alerts.length}`,
    );
  const { turns, assumed } = await turnsOf(call.env, snapshot);
  const muted = await mutedNow(call, { snapshot, integration }, read.alerts, at);
  const world = { snapshot, integration, turns, ...(muted === null ? {} : { muted }) };
  const alerts = simulateAlerts(world, read.alerts, at).map((each) =>
    read.unreadable === null ? each : { ...each, action: "unreadable" as const, reason: read.unreadable },
  );
  return call.c.json({
    at: iso(at),
    tenant: snapshot.tenant,
    integration: integration.id,
    version: inForce.version,
    draft: body.document !== undefined,
    assumed: [
      ...(body.alert === undefined ? ["the sender's signature is good: it is not checked here"] : []),
      ...assumptions,
      ...(turns.asked() ? assumed : []),
      ...(alerts.some((each) => each.decision?.threshold) ? ["a route's threshold counts from nothing"] : []),
      ...(alerts.some((each) => each.decision?.groupKey) ? ["no group of these values is open"] : []),
      ...(snapshot.routes.some((route) => route.inhibitedBy)
        ? [muted === null ? "nothing is open that would inhibit it" : "what inhibits it now stays open"]
        : []),
    ],
    alerts: alerts.map(simulatedJson),
  });
};

/** By dedup key, what is open now and mutes the alerts; null: another time is asked about, of which nobody can know. */
async function mutedNow(
  { env, now }: Call,
  world: { readonly snapshot: Snapshot; readonly integration: Integration },
  alerts: readonly Alert[],
  at: number,
): Promise<ReadonlyMap<string, readonly Mute[]> | null> {
  if (Math.abs(at - now) > limits.simulate.nowMs) return null;
  const asked = await Promise.all(
    inhibitable(world, alerts, at).map(
      async ({ alert, decision, identity }) => [alert.dedupKey, await inhibitionsOf(env, identity, decision)] as const,
    ),
  );
  return new Map(asked);
}

/** What a plan takes for granted; said with every one. */
const assumptions: readonly string[] = [
  "no incident is open for these alerts yet",
  "nobody acknowledges, resolves or changes anything",
  "every page is accepted by its provider at the first try",
  "the configuration stays as it is",
];

async function draftSnapshot(
  { env, now }: Call,
  inForce: Snapshot,
  document: string | Readonly<Record<string, unknown>>,
): Promise<Snapshot> {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  const draft = await draftOf(env, inForce.tenant, text, now);
  if (draft.ok) return draft.snapshot;
  const [first] = draft.errors;
  const where = first?.line ? ` (line ${first.line})` : "";
  throw new ApiError("invalid", `document${where}: ${first?.path ? `${first.path}: ` : ""}${first?.message ?? "not valid"}`, {
    errors: draft.errors.map((error) => ({ in: "document", ...error })),
  });
}

export function integrationOf(snapshot: Snapshot, id: string): Integration {
  const integration = snapshot.integrations[id];
  if (integration !== undefined) return integration;
  const nearest = nearestOf(id, Object.keys(snapshot.integrations));
  const hint = nearest === null ? "" : `, did you mean ${nearest}?`;
  throw invalid("integration", `no integration is called ${id}${hint}`, nearest);
}

async function readBody(env: Env, snapshot: Snapshot, integration: Integration, body: SimulateBody): Promise<ReadBody> {
  const given = (["alert", "payload", "body"] as const).filter((key) => body[key] !== undefined);
  if (given.length !== 1) throw invalid("payload", "give one of `payload`, `body` and `alert`");
  if (body.alert !== undefined) {
    const { raw: _raw, ...alert } = body.alert;
    const clamped = clampAlert({ ...alert, source: alert.source ?? integration.source });
    if (clamped === null) throw invalid("alert", "this is no alert");
    return { alerts: [clamped], unreadable: null };
  }
  const plugin = sources[integration.source];
  if (plugin === undefined) throw invalid("integration", `there is no source plugin ${integration.source}`);
  const headers = Object.fromEntries(Object.entries(body.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const bytes = new TextEncoder().encode(body.body ?? bodyOf(plugin, body.payload));
  return asSimulated(
    integration,
    await readBodyAlerts({ env, snapshot, integration, plugin, trial: true }, { body: bytes, headers }),
  );
}

/** Where teams' turns stand; asked without moving any. */
async function turnsOf(env: Env, snapshot: Snapshot): Promise<{ readonly turns: Turns; readonly assumed: readonly string[] }> {
  if (!takesTurns(snapshot)) return { turns: turnsFrom([]), assumed: [] };
  try {
    const stub = pointerStub(env, snapshot.tenant, snapshot.jurisdiction);
    const standing = await withLimit(stub.standing(), limits.pointer.askMs * 10);
    return { turns: turnsFrom(standing), assumed: ["nobody else is paged in turn before"] };
  } catch {
    return { turns: turnsFrom([]), assumed: ["whose turn it is could not be asked: the first of each team is taken"] };
  }
}

export const replay: Handler = async (call) => {
  const { document, integration, last } = call.body as {
    document: string | Record<string, unknown>;
    integration?: string;
    last: number;
  };
  const present = await snapshotOf(call);
  if (integration !== undefined) integrationOf(present, integration);
  const draft = await draftSnapshot(call, present, document);
  const result = await replayed(call.env, { present, draft, integration: integration ?? null, last });
  return call.c.json({
    ...result,
    assumed: assumptions,
  });
};
