// Owns handing alerts to the incident objects they belong to: which object each goes to, one call per object, a group's
// successor followed when its window has closed. Throws when any object did not commit; sending all of it again is harmless.

import { sources } from "../../plugins/registry.gen.ts";
import type { Alert } from "../core/alert.ts";
import type { Decision } from "../core/decision.ts";
import type { AlertResult, ReceivedAlert, Replay } from "../core/event.ts";
import { asOf } from "../core/expiry.ts";
import { alertIdentity, groupIdentity, objectName } from "../core/ids.ts";
import type { Identity } from "../core/incident.ts";
import { limits } from "../core/limits.ts";
import type { Mute } from "../core/mute.ts";
import { rosterFor, rosterQueryOf } from "../core/roster.ts";
import { decide, groupsAlerts } from "../core/routing.ts";
import type { Integration, Snapshot } from "../core/snapshot.ts";
import { callObject } from "../objects/call.ts";
import { admit } from "../objects/descriptor-guard.ts";
import { incidentStub } from "../objects/places.ts";
import { announce, inhibitorOf } from "../objects/inhibited.ts";
import { receiveAt } from "../objects/receive.ts";
import type { KeyEntry } from "../objects/rpc.ts";
import type { RawAbout } from "../objects/rpc-received.ts";
import { frozenGroup, rememberGroup } from "./grouping.ts";

/** What alerts of one integration are decided by. */
export interface Way {
  readonly env: Env;
  readonly entry: KeyEntry;
  readonly snapshot: Snapshot;
  readonly integration: Integration;
}

/** Of one request: the sender's id of the delivery, and the body as it came. */
export interface Origin {
  readonly deliveryId: string | null;
  readonly raw: string | null;
  readonly about?: RawAbout;
  readonly replay?: Replay;
}

/** One alert on its way to its object, at its place in the body. */
interface Parcel {
  readonly index: number;
  readonly alert: Alert;
  readonly decision: Decision;
  readonly own: Identity;
  readonly identity: Identity;
}

/** One answer for each alert, in order. */
export async function hand(way: Way, alerts: readonly Alert[], origin: Origin): Promise<AlertResult[]> {
  const results: (AlertResult | null)[] = alerts.map((alert) =>
    alert.action === "ignore"
      ? { incident: null, action: "ignored", reason: alert.notes?.[0] ?? "the source says nothing happened" }
      : null,
  );
  const decided = await Promise.all(
    alerts.flatMap((alert, index) => (results[index] === null ? [parcel(way, alert, index)] : [])),
  );
  const parcels = await inhibited(way, decided);
  const byObject = Map.groupBy(parcels, (each) => objectName(each.identity));
  await Promise.all(
    [...byObject.values()].map(async (group) => {
      // In the body's order: one object may be told of a firing and of its end.
      for (const run of runsOf(group)) {
        const answers = await deliver(way, run, origin);
        run.forEach((each, i) => {
          results[each.index] = answers[i] ?? null;
        });
      }
    }),
  );
  return results.map((result) => {
    // Never told as stored what no object has spoken for.
    if (result === null) throw new Error("an object gave no answer for one of its alerts");
    return result;
  });
}

async function parcel({ env, entry, snapshot, integration }: Way, sent: Alert, index: number): Promise<Parcel> {
  const now = Date.now();
  const alert = asOf(sent, now);
  const decision = decide(alert, { snapshot, integration }, now);
  const own = alertIdentity(entry.tenant, entry.jurisdiction, integration.id, alert.dedupKey);
  // Where the tenant groups, an open alert stays in the object of its first firing, whatever the routes say now.
  const frozen = groupsAlerts(snapshot) ? await frozenGroup(env, own) : null;
  if (frozen !== null) return { index, alert, decision, own, identity: frozen };
  if (alert.action === "trigger" && decision.groupKey !== null && decision.route !== null) {
    const identity = groupIdentity(entry.tenant, entry.jurisdiction, decision.route, decision.groupKey);
    await rememberGroup(env, own, identity);
    return { index, alert, decision, own, identity };
  }
  return { index, alert, decision, own, identity: own };
}

/** Those that mute others are announced first, so that one body may hold both; then those that may be muted are asked about. */
async function inhibited({ env }: Way, parcels: readonly Parcel[]): Promise<readonly Parcel[]> {
  const firing = parcels.filter((each) => each.alert.action === "trigger" && !each.alert.test);
  await Promise.all(
    firing.flatMap(({ identity, decision }) => (decision.inhibits ?? []).map((each) => announce(env, identity, each))),
  );
  return Promise.all(parcels.map(async (each) => (firing.includes(each) ? muteIfInhibited(env, each) : each)));
}

async function muteIfInhibited(env: Env, parcel: Parcel): Promise<Parcel> {
  const { decision, identity } = parcel;
  if ((decision.inhibitedBy ?? []).length === 0) return parcel;
  return {
    ...parcel,
    decision: { ...decision, mutes: [...(decision.mutes ?? []), ...(await inhibitionsOf(env, identity, decision))] },
  };
}

/** What is open now and mutes an alert of this decision, as the gates say. Changes nothing. */
export async function inhibitionsOf(env: Env, identity: Identity, decision: Decision): Promise<readonly Mute[]> {
  const mutes = await Promise.all(
    (decision.inhibitedBy ?? []).map(async (each): Promise<Mute[]> => {
      const by = await inhibitorOf(env, identity, each);
      const until = Date.now() + limits.gate.recheckMs;
      return by === null ? [] : [{ kind: "inhibition", id: each.rule, key: each.key, both: each.both, until, by }];
    }),
  );
  return mutes.flat();
}

/** Neighbours that are decided alike travel together: a call carries one decision. */
export function runsOf<T extends { readonly decision: Decision }>(group: readonly T[]): T[][] {
  const runs: T[][] = [];
  let key = "";
  for (const each of group) {
    const present = decisionKey(each.decision);
    if (present === key) runs.at(-1)?.push(each);
    else runs.push([each]);
    key = present;
  }
  return runs;
}

function decisionKey(d: Decision): string {
  const muted = (d.mutes ?? []).map(({ kind, id }) => [kind, id]);
  const policies = [d.policy?.id, ...(d.also ?? []).map((policy) => policy.id)];
  return JSON.stringify([d.route, d.service, policies, d.urgency, d.severity, d.suppress, d.holdMs, d.threshold, muted]);
}

/** To the object, and on to the one after it where it says that its group's window is closed. */
async function deliver(way: Way, run: readonly Parcel[], origin: Origin): Promise<readonly AlertResult[]> {
  const results: AlertResult[] = [];
  const first = run[0];
  let left = run.map((each, place) => ({ each, place }));
  for (let hop = 0; left.length > 0; hop++) {
    if (hop > limits.grouping.hopsMax) throw new Error("a group's chain of successors has no end");
    const answers = await receive(
      way,
      left.map(({ each }) => each),
      origin,
    );
    answers.forEach((answer, i) => {
      const place = left[i]?.place;
      if (place !== undefined) results[place] = answer;
    });
    const key = answers.find((answer) => answer.successor !== undefined)?.successor;
    const moving = left.filter((_, i) => answers[i]?.successor !== undefined);
    left = key === undefined ? [] : await moveOn(way, moving, key);
    if (key !== undefined && hop > 0 && first) await shorten(way, first.identity, key);
  }
  return results;
}

async function moveOn(
  way: Way,
  moving: readonly { each: Parcel; place: number }[],
  key: string,
): Promise<{ each: Parcel; place: number }[]> {
  return Promise.all(
    moving.map(async ({ each, place }) => {
      const { tenant, jurisdiction } = each.identity;
      const identity = groupIdentity(tenant, jurisdiction, each.decision.route ?? "", key);
      await rememberGroup(way.env, each.own, identity);
      return { place, each: { ...each, identity, decision: { ...each.decision, groupKey: key } } };
    }),
  );
}

/** Whether this integration's source dates a firing by when its problem began. */
export function startTimed(integration: Integration): boolean {
  return sources[integration.source]?.manifest.firingTime === "start";
}

/** The first object of the chain learns where it ends, so that the next alert goes there in one step. */
async function shorten(way: Way, base: Identity, key: string): Promise<void> {
  await callObject(() => incidentStub(way.env, base).succeed(key), limits.ingest.receiveMs);
}

async function receive(
  way: Way,
  group: readonly Parcel[],
  { deliveryId, raw, about, replay }: Origin,
): Promise<readonly AlertResult[]> {
  const first = group[0];
  if (!first) return [];
  const { identity, decision } = first;
  if (!admit(way.env, objectName(identity), Date.now()))
    throw new Error("too many live objects for this machine's descriptor limit");
  const alerts: ReceivedAlert[] = group.map((each) => ({
    alert: each.alert,
    integration: way.integration.id,
    deliveryId,
    actor: null,
    ...(replay === undefined ? {} : { replay }),
    ...(startTimed(way.integration) ? { sinceStart: true as const } : {}),
    ...((each.decision.inhibits ?? []).length > 0 ? { inhibits: each.decision.inhibits ?? [] } : {}),
  }));
  const roster = rosterFor(way.snapshot, rosterQueryOf(decision, []));
  const { results } = await receiveAt(way.env, {
    v: 1,
    identity,
    alerts,
    decision,
    roster,
    raw,
    ...(about === undefined ? {} : { about }),
  });
  const over = group.filter((each, i) => results[i]?.released === true && each.identity.hash !== each.own.hash);
  await Promise.all(over.map((each) => rememberGroup(way.env, each.own, null)));
  return results;
}

/** What the sender is told: nothing of how objects find each other. */
export function publicResult({ incident, action, reason }: AlertResult): AlertResult {
  return { incident, action, reason };
}
