// Owns the replay of what came in: bodies kept with recent incidents, through two configurations, at the time they came.

import { sources } from "../../plugins/registry.gen.ts";
import type { PendingItem } from "../core/forecast.ts";
import { identityOfId } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import { turnsFrom } from "../core/rehearse.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { canonicalJson, sameJson } from "../lib/canonical-json.ts";
import { iso } from "../lib/time.ts";
import { callObject } from "../objects/call.ts";
import { incidentStub } from "../objects/places.ts";
import { dbFor } from "../store/db.ts";
import { listIncidents, type IncidentRow } from "../store/incidents.ts";
import { readBodyAlerts } from "../ingest/read-body.ts";
import { asSimulated, simulateAlerts, type SimulatedAlert } from "./simulate.ts";

const { askMs, askedAtOnce: asksAtOnce } = limits.api;
const { lookedAtPerBody } = limits.simulate;

export interface ReplayInput {
  readonly present: Snapshot;
  readonly draft: Snapshot;
  readonly integration: string | null;
  readonly last: number;
}

/** What became of one alert, as far as two configurations can differ about it. */
interface Outcome {
  readonly action: string;
  readonly severity: string | null;
  readonly urgency: string | null;
  readonly service: string | null;
  readonly policy: string | null;
  readonly group: string | null;
  readonly suppressedBy: string | null;
  readonly held: boolean;
  /** Who is paged how long after, by which contact. */
  readonly plan: readonly { readonly afterS: number; readonly user: string | null; readonly contact: string | null }[];
}

interface Kept {
  readonly row: IncidentRow;
  readonly integration: string;
  readonly raw: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Replayed {
  readonly incident: string;
  readonly title: string;
  readonly at: string;
  readonly integration: string;
  readonly changed: boolean;
  readonly alerts: readonly {
    readonly dedupKey: string;
    readonly before: Outcome | null;
    readonly after: Outcome | null;
    readonly changed: readonly string[];
  }[];
}

export interface ReplayResult {
  readonly replayed: number;
  readonly changed: number;
  readonly items: readonly Replayed[];
  readonly skipped: readonly { readonly incident: string; readonly reason: string }[];
}

export async function replayed(env: Env, input: ReplayInput): Promise<ReplayResult> {
  const kept = await keptBodies(env, input);
  const usable = kept.filter((each) => unusable(each, input.present) === null);
  const items: Replayed[] = [];
  for (const each of usable) items.push(await replayOne(env, each, input));
  return {
    replayed: items.length,
    changed: items.filter((item) => item.changed).length,
    items,
    skipped: kept.flatMap((each) => {
      const reason = unusable(each, input.present);
      return reason === null ? [] : [{ incident: each.row.id, reason }];
    }),
  };
}

function unusable({ integration, raw }: Kept, present: Snapshot): string | null {
  const found = present.integrations[integration];
  if (found === undefined) return `its integration ${integration} is not there any more`;
  if (sources[found.source] === undefined) return `its source plugin ${found.source} is not there any more`;
  return raw.length >= limits.ingest.rawKeptBytesMax ? "only the first part of its body was kept" : null;
}

/** The newest first. */
async function keptBodies(env: Env, { present, integration, last }: ReplayInput): Promise<Kept[]> {
  const { tenant, jurisdiction } = present;
  const kept: Kept[] = [];
  const { items: rows } = await listIncidents(dbFor(env, tenant), tenant, {}, null, last * lookedAtPerBody);
  for (let i = 0; i < rows.length && kept.length < last; i += asksAtOnce) {
    const found = await Promise.all(rows.slice(i, i + asksAtOnce).map((row) => keptBody(env, tenant, jurisdiction, row)));
    for (const each of found)
      if (each !== null && kept.length < last && (integration === null || each.integration === integration)) kept.push(each);
  }
  return kept;
}

/** Null: declared by hand, or its object holds a later episode. */
async function keptBody(env: Env, tenant: string, jurisdiction: string | null, row: IncidentRow): Promise<Kept | null> {
  const identity = identityOfId(tenant, jurisdiction, row.id);
  if (identity === null) return null;
  const stub = incidentStub(env, identity);
  const [view, raws] = await Promise.all([callObject(() => stub.view(row.id), askMs), callObject(() => stub.raw(row.id), askMs)]);
  const from = view?.episode.decision.integration ?? null;
  const [kept] = raws;
  return from === null || kept === undefined ? null : { row, integration: from, raw: kept.raw, headers: kept.headers ?? {} };
}

async function replayOne(env: Env, kept: Kept, { present, draft }: ReplayInput): Promise<Replayed> {
  const { row, integration } = kept;
  const before = await outcomes(env, present, kept);
  const after = await outcomes(env, draft, kept);
  const alerts = [...new Set([...before.keys(), ...after.keys()])].map((dedupKey) => {
    const [was, is] = [before.get(dedupKey) ?? null, after.get(dedupKey) ?? null];
    return { dedupKey, before: was, after: is, changed: differences(was, is) };
  });
  const changed = alerts.some((alert) => alert.changed.length > 0);
  return { incident: row.id, title: row.title, at: iso(row.openedAt), integration, changed, alerts };
}

/** By dedup key; empty where the configuration has no such integration. */
async function outcomes(
  env: Env,
  snapshot: Snapshot,
  { integration: id, raw, headers, row: { openedAt: at } }: Kept,
): Promise<Map<string, Outcome>> {
  const integration = snapshot.integrations[id];
  const plugin = integration && sources[integration.source];
  if (integration === undefined || plugin === undefined) return new Map();
  const body = new TextEncoder().encode(raw);
  const read = asSimulated(
    integration,
    await readBodyAlerts({ env, snapshot, integration, plugin, trial: true }, { body, headers }),
  );
  const world = { snapshot, integration, turns: turnsFrom([]) };
  return new Map(
    simulateAlerts(world, read.alerts, at).map((each) => [each.alert.dedupKey, outcomeOf(each, read.unreadable, at)]),
  );
}

function outcomeOf({ alert, action, decision, rehearsal }: SimulatedAlert, unreadable: string | null, at: number): Outcome {
  const episode = rehearsal?.state.episode ?? null;
  return {
    action: unreadable === null ? action : "unreadable",
    severity: episode?.severity ?? (decision === null ? null : (decision.severity ?? decision.severityMap[alert.severity])),
    urgency: decision?.urgency ?? null,
    service: decision?.service ?? null,
    policy: decision?.policy?.id ?? null,
    group: decision?.groupKey ?? null,
    suppressedBy: episode?.suppressedBy ?? decision?.suppress ?? null,
    held: episode?.status === "held",
    plan: (rehearsal?.items ?? []).filter(isPage).map((item) => ({
      afterS: Math.round((item.at - at) / 1_000),
      user: item.user,
      contact: item.contact,
    })),
  };
}

function isPage(item: PendingItem): boolean {
  return item.kind === "page";
}

/** Names of what differs; "alert": one of the two makes no such alert of the body. */
function differences(was: Outcome | null, is: Outcome | null): string[] {
  if (was === null || is === null) return canonicalJson(was) === canonicalJson(is) ? [] : ["alert"];
  return (Object.keys(was) as (keyof Outcome)[]).filter((key) => !sameJson(was[key], is[key]));
}
