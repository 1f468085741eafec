// Owns an integration's received bodies over HTTP: the list, one of them, letting them in again, reading them by a draft.

import { sources } from "../../../plugins/registry.gen.ts";
import { limits } from "../../core/limits.ts";
import { decide } from "../../core/routing.ts";
import type { Integration } from "../../core/snapshot.ts";
import { keepBodiesMs, type ReceivedBy } from "../../ingest/received.ts";
import { notReplayable, readAgain, replayBody, type WholeBody } from "../../ingest/replay-body.ts";
import { clearUnreadable } from "../../ingest/unreadable.ts";
import { hand } from "../../ingest/hand.ts";
import { callObject } from "../../objects/call.ts";
import { receivedStub } from "../../objects/places.ts";
import type { BodyOutcome, BodyReplay, KeptBody, ReceivedCalls } from "../../objects/rpc-received.ts";
import { ordersText, planReplay, type PlannedBody } from "../../simulate/replay-plan.ts";
import { alertJson, planJson } from "../../simulate/shapes.ts";
import { configIssues } from "../../tenant/plugin-issues.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { iso } from "../shapes.ts";
import { actorOf } from "./actor.ts";
import { snapshotOf } from "./tenant.ts";

const bound = limits.received;

interface Asked {
  readonly by: ReceivedBy;
  readonly stub: () => ReceivedCalls;
  readonly keepMs: number;
}

async function asked(call: Call): Promise<Asked> {
  const snapshot = await snapshotOf(call);
  const id = call.params["id"] ?? "";
  const integration = Object.hasOwn(snapshot.integrations, id) ? snapshot.integrations[id] : undefined;
  if (integration === undefined) throw notFound();
  const plugin = sources[integration.source];
  if (plugin === undefined) throw new ApiError("conflict", `there is no source plugin ${integration.source} on this hub`);
  const entry = { tenant: snapshot.tenant, integration: integration.id, jurisdiction: snapshot.jurisdiction };
  const by: ReceivedBy = { env: call.env, entry, snapshot, integration, plugin };
  return { by, keepMs: keepBodiesMs(snapshot, integration), stub: () => receivedStub(call.env, entry, integration.id) };
}

function notFound(): ApiError {
  return new ApiError("not-found", "there is nothing at this address");
}

/** The ring may be out of reach; nothing else is then. */
async function ask<T>(question: () => Promise<T>): Promise<T> {
  return callObject(question, bound.askMs).catch((error: unknown) => {
    console.warn("the received bodies cannot be asked", String(error));
    throw new ApiError("unavailable", "the received bodies cannot be read at the moment; alerts are taken in all the same");
  });
}

function bodyJson({ headers: _headers, replays, at, ...rest }: KeptBody): Record<string, unknown> {
  return { ...rest, at: iso(at), replays: replays.map((each) => ({ ...each, at: iso(each.at) })) };
}

export const listReceived: Handler = async (call) => {
  const { stub, keepMs } = await asked(call);
  const { outcome, cursor, limit } = call.query as { outcome?: BodyOutcome[]; cursor?: string; limit: number };
  const before = cursor === undefined ? null : Number(cursor);
  if (before !== null && !Number.isInteger(before))
    throw new ApiError("invalid", "cursor: take it from `next` of the page before");
  const page = await ask(() => stub().list({ before, outcomes: outcome ?? null, limit, keepMs }));
  return call.c.json({ items: page.items.map(bodyJson), next: page.more ? String(page.items.at(-1)?.n ?? "") : null });
};

export const getReceived: Handler = async (call) => {
  const { stub, keepMs } = await asked(call);
  const body = await ask(() => stub().get(numberOf(call), keepMs));
  if (body === null) throw notFound();
  return call.c.json({ ...bodyJson(body), headers: body.headers, raw: body.raw });
};

function numberOf({ params }: Call): number {
  const n = Number(params["n"]);
  if (!Number.isInteger(n) || n < 1) throw notFound();
  return n;
}

interface ReplayBody {
  readonly ids?: readonly number[];
  readonly outcome?: readonly BodyOutcome[];
  readonly since?: number;
  readonly dryRun: boolean;
}

export const replayReceived: Handler = async (call) => {
  const from = await asked(call);
  const body = await ask(() => from.stub().get(numberOf(call), from.keepMs));
  if (body === null) throw notFound();
  const not = notReplayable(body);
  if (not !== null) throw new ApiError("conflict", not);
  return call.c.json(await replayed(call, from, [body], (call.body as unknown as ReplayBody).dryRun));
};

export const replayManyReceived: Handler = async (call) => {
  const from = await asked(call);
  const { ids, outcome, since = 0, dryRun } = call.body as unknown as ReplayBody;
  if ((ids === undefined) === (outcome === undefined)) throw new ApiError("invalid", "give `ids`, or an `outcome`");
  const page =
    ids === undefined
      ? await ask(() =>
          from
            .stub()
            .list({ before: null, outcomes: outcome ?? [], present: true, since, limit: bound.kept.unread, keepMs: from.keepMs }),
        )
      : null;
  const wanted = (ids ?? page?.items.map((each) => each.n) ?? []).toSorted((a, b) => a - b);
  const bodies = await Promise.all(
    [...new Set(wanted)]
      .slice(0, bound.replayMax)
      .map(async (n) => ({ n, body: await ask(() => from.stub().get(n, from.keepMs)) })),
  );
  const usable = bodies.flatMap(({ body }) => (body !== null && notReplayable(body) === null ? [body] : []));
  const skipped = bodies.flatMap(({ n, body }) => {
    const reason = body === null ? "it is kept no longer" : notReplayable(body);
    return reason === null ? [] : [{ n, reason }];
  });
  const answer = await replayed(call, from, usable, dryRun);
  return call.c.json({ ...answer, skipped, more: wanted.length > bound.replayMax || page?.more === true });
};

async function replayed(
  call: Call,
  { by, stub }: Asked,
  bodies: readonly WholeBody[],
  dryRun: boolean,
): Promise<Record<string, unknown>> {
  if (dryRun) {
    const planned = await planReplay(by, bodies, call.now);
    return { dryRun, items: planned.map(plannedJson), skipped: [], more: false };
  }
  const actor = actorOf(call, by.snapshot);
  const items: Record<string, unknown>[] = [];
  const read: string[] = [];
  // One after the other: a firing and its end keep their order.
  for (const body of bodies) {
    let replay: BodyReplay;
    try {
      replay = await replayBody(by, body, actor, Date.now());
    } catch (error) {
      console.error("a body could not be let in again", String(error));
      const reason = "not every alert of it could be stored; let it in again";
      replay = { at: Date.now(), by: actor, outcome: "failed", reason, alerts: [] };
    }
    if (replay.outcome === "readable" && body.outcome === "unreadable") read.push(body.reason ?? "");
    // What happened has happened: the mark on the body is beside it.
    await callObject(() => stub().replayed(body.n, replay), bound.askMs).catch((error: unknown) =>
      console.warn("a replay could not be noted", String(error)),
    );
    items.push({ n: body.n, ...replay, at: iso(body.at), replayedAt: iso(replay.at) });
  }
  if (read.length > 0)
    call.c.executionCtx.waitUntil(
      clearUnreadable(by.env, by.entry, by.integration, (alert) => hand(by, [alert], { deliveryId: null, raw: null }), read),
    );
  return { dryRun, items, skipped: [], more: false };
}

function plannedJson({ body, unreadable, orders, alerts }: PlannedBody): Record<string, unknown> {
  const does = orders !== null || alerts.some((each) => each.action !== "ignored");
  return {
    n: body.n,
    at: iso(body.at),
    outcome: unreadable !== null ? "unreadable" : does ? "readable" : "ignored",
    reason: unreadable ?? orders,
    alerts: alerts.map(({ simulated, action, reason, incident, unknown }) => {
      const { alert, decision, rehearsal } = simulated;
      const opens = action === simulated.action && rehearsal !== null;
      return {
        dedupKey: alert.dedupKey,
        title: alert.title,
        action,
        reason,
        incident,
        unknown,
        severity: decision === null ? null : (decision.severity ?? decision.severityMap[alert.severity]),
        service: decision?.service ?? null,
        policy: decision?.policy?.id ?? null,
        suppressedBy: rehearsal?.state.episode?.suppressedBy ?? decision?.suppress ?? null,
        notes: alert.notes ?? [],
        plan: opens ? planJson(rehearsal.items).slice(0, 5) : [],
      };
    }),
  };
}

interface PreviewBody {
  readonly source?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly received?: readonly number[] | undefined;
  readonly last?: number | undefined;
}

export const previewIntegration: Handler = async (call) => {
  const { by, stub, keepMs } = await asked(call);
  const { source, config, body, headers, received, last } = call.body as unknown as PreviewBody;
  const plugin = source === undefined ? by.plugin : Object.hasOwn(sources, source) ? sources[source] : undefined;
  if (plugin === undefined) throw new ApiError("invalid", `source: there is no source plugin ${source ?? ""}`);
  if ([source, config, body, received, last].every((each) => each === undefined))
    throw new ApiError(
      "invalid",
      "nothing to preview: send `body` (a text as the sender would post it), `received` (numbers of received bodies) or `last` (how many of the last ones)",
      { errors: [{ in: "body", path: "body", message: "needed, unless received or last is given" }] },
    );
  const draft: Integration = {
    ...by.integration,
    source: source ?? by.integration.source,
    config: config ?? by.integration.config,
  };
  const errors = configIssues(plugin.config, draft.config).map(({ path, message, inside }) => ({
    path: ["config", ...path].join("."),
    message,
    ...inside,
  }));
  const given: Previewed[] =
    body === undefined ? [] : [{ n: null, at: null, method: "POST", raw: body, headers: lowerCase(headers), not: null }];
  const kept = errors.length > 0 ? [] : await keptBodies(stub, { received, last, keepMs });
  const items: Record<string, unknown>[] = [];
  for (const each of [...given, ...kept])
    items.push({
      n: each.n,
      at: each.at,
      ...(each.not === null
        ? await previewOf({ ...by, integration: draft, plugin }, each, call.now)
        : { unreadable: each.not, alerts: [] }),
    });
  return call.c.json({ items: errors.length > 0 ? [] : items, errors });
};

interface Previewed extends Pick<WholeBody, "method" | "headers" | "raw" | "door"> {
  readonly n: number | null;
  readonly at: string | null;
  /** Why it cannot be read here. */
  readonly not: string | null;
}

async function keptBodies(
  stub: () => ReceivedCalls,
  { received, last, keepMs }: Pick<PreviewBody, "received" | "last"> & { readonly keepMs: number },
): Promise<Previewed[]> {
  const outcomes: readonly BodyOutcome[] = ["readable", "ignored", "unreadable", "failed"];
  const numbers =
    received ??
    (last === undefined
      ? []
      : (await ask(() => stub().list({ before: null, outcomes, limit: last, keepMs }))).items.map((each) => each.n));
  const bodies = await Promise.all(numbers.map((n) => ask(() => stub().get(n, keepMs))));
  return bodies.flatMap((each) => (each === null ? [] : [{ ...each, at: iso(each.at), not: notReplayable(each) }]));
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

async function previewOf(by: ReceivedBy, body: Previewed, now: number): Promise<Record<string, unknown>> {
  const { snapshot, integration } = by;
  const read = await readAgain({ ...by, trial: true }, body, now);
  if (read.kind === "unreadable") return { unreadable: read.reason, alerts: [] };
  if (read.kind === "orders") return { unreadable: null, orders: ordersText(read), total: 0, alerts: [] };
  return {
    unreadable: read.others,
    total: read.alerts.length,
    alerts: read.alerts.slice(0, bound.alertsMax).map((alert) => {
      const decision = decide(alert, { snapshot, integration }, now);
      return {
        ...alertJson(alert),
        routed: {
          severity: decision.severity ?? decision.severityMap[alert.severity],
          service: decision.service,
          policy: decision.policy?.id ?? null,
          route: decision.route,
          suppress: decision.suppress,
        },
      };
    }),
  };
}
