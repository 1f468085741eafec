// Owns what would become of a body or an alert under a configuration: normalized, routed with every verdict, rehearsed to the
// end. Pure: it is told what it may not ask for, sends nothing and keeps nothing.

import type { SourcePlugin } from "../../plugins/sdk/index.ts";
import type { Alert } from "../core/alert.ts";
import type { Decision } from "../core/decision.ts";
import type { AlertResult } from "../core/event.ts";
import { asOf } from "../core/expiry.ts";
import { alertIdentity, groupIdentity, objectName } from "../core/ids.ts";
import type { Identity } from "../core/incident.ts";
import type { Mute } from "../core/mute.ts";
import { limits } from "../core/limits.ts";
import { rehearse, type Reception, type Rehearsal, type Turns } from "../core/rehearse.ts";
import { rosterFor, rosterQueryOf } from "../core/roster.ts";
import { decide } from "../core/routing.ts";
import type { Integration, Snapshot } from "../core/snapshot.ts";
import { runsOf, startTimed } from "../ingest/hand.ts";
import type { ReadAlerts } from "../ingest/read.ts";
import { unreadableAlert } from "../ingest/unreadable.ts";

export interface World {
  readonly snapshot: Snapshot;
  readonly integration: Integration;
  readonly turns: Turns;
  /** What is open and mutes an alert of this dedup key; absent: nothing is. */
  readonly muted?: ReadonlyMap<string, readonly Mute[]>;
}

/** A body that nobody can read is an alert that says so, as it is at the door. */
export interface ReadBody {
  readonly alerts: readonly Alert[];
  readonly unreadable: string | null;
}

export interface SimulatedAlert {
  readonly alert: Alert;
  readonly action: AlertResult["action"];
  readonly reason: string;
  readonly decision: Decision | null;
  /** What its incident would do; null: it makes none, or an alert before it in this body made it. */
  readonly rehearsal: Rehearsal | null;
  /** Place of the alert in the body that opens the incident this one joins. */
  readonly joins: number | null;
}

export function asSimulated(integration: Integration, read: ReadAlerts): ReadBody {
  if (read.ok && read.others !== undefined)
    return { alerts: [...read.alerts, unreadableAlert(integration, read.others)], unreadable: null };
  return read.ok
    ? { alerts: read.alerts, unreadable: null }
    : { alerts: [unreadableAlert(integration, read.reason)], unreadable: read.reason };
}

/** The text that a sender of this kind would post. */
export function bodyOf({ manifest }: SourcePlugin, payload: unknown): string {
  if (typeof payload === "string" && manifest.body === "text") return payload;
  if (manifest.body !== "form" || typeof payload !== "object" || payload === null) return JSON.stringify(payload);
  const fields = Object.entries(payload).map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return new URLSearchParams(fields).toString();
}

/** In the order of the alerts. */
export function simulateAlerts(world: World, alerts: readonly Alert[], at: number): SimulatedAlert[] {
  const { snapshot, integration, turns, muted } = world;
  const parcels = alerts.map((sent, index) => {
    const alert = asOf(sent, at);
    const decided = decide(alert, { snapshot, integration, explain: true }, at);
    const mutes = muted?.get(alert.dedupKey) ?? [];
    const decision = mutes.length === 0 ? decided : { ...decided, mutes: [...(decided.mutes ?? []), ...mutes] };
    return { index, alert, decision, identity: identityOf(alert, decision, snapshot, integration) };
  });
  const found = parcels.map(({ alert, decision }): SimulatedAlert => {
    const reason = alert.notes?.[0] ?? "the source says nothing happened";
    return { alert, action: "ignored", reason, decision, rehearsal: null, joins: null };
  });
  const live = parcels.filter(({ alert }) => alert.action !== "ignore");
  for (const group of Map.groupBy(live, (each) => objectName(each.identity)).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const rehearsal = rehearse(
      {
        identity: first.identity,
        receptions: runsOf(group).map((run) => receptionOf(run, snapshot, integration)),
        turns,
        itemsMax: limits.simulate.planMax,
      },
      at,
    );
    const opener = group.findIndex((_, i) => rehearsal.results[i]?.incident !== null);
    group.forEach(({ index, alert, decision }, i) => {
      const result = rehearsal.results[i];
      found[index] = {
        alert,
        action: result?.action ?? "ignored",
        reason: result?.reason ?? "",
        decision,
        rehearsal: i === opener ? rehearsal : null,
        joins: opener !== -1 && i > opener ? (group[opener]?.index ?? null) : null,
      };
    });
  }
  return found;
}

function receptionOf(
  run: readonly { readonly alert: Alert; readonly decision: Decision }[],
  snapshot: Snapshot,
  integration: Integration,
): Reception {
  const [first] = run;
  if (first === undefined) throw new Error("a run holds an alert at least");
  return {
    alerts: run.map(({ alert }) => ({
      alert,
      integration: integration.id,
      deliveryId: null,
      actor: null,
      ...(startTimed(integration) ? { sinceStart: true as const } : {}),
    })),
    decision: first.decision,
    roster: rosterFor(snapshot, rosterQueryOf(first.decision, [])),
  };
}

/** What must be asked about inhibition before these alerts are simulated: only those that fire under a route that names it. */
export function inhibitable(
  { snapshot, integration }: Pick<World, "snapshot" | "integration">,
  alerts: readonly Alert[],
  at: number,
): readonly { readonly alert: Alert; readonly decision: Decision; readonly identity: Identity }[] {
  return alerts.flatMap((alert) => {
    const decision = decide(alert, { snapshot, integration }, at);
    const asks = alert.action === "trigger" && !alert.test && (decision.inhibitedBy ?? []).length > 0;
    return asks ? [{ alert, decision, identity: identityOf(alert, decision, snapshot, integration) }] : [];
  });
}

function identityOf(alert: Alert, decision: Decision, snapshot: Snapshot, integration: Integration): Identity {
  return decision.groupKey !== null && decision.route !== null && alert.action === "trigger"
    ? groupIdentity(snapshot.tenant, snapshot.jurisdiction, decision.route, decision.groupKey)
    : alertIdentity(snapshot.tenant, snapshot.jurisdiction, integration.id, alert.dedupKey);
}

/** Some policy of the tenant pages a team in turn: where its pointers stand matters. */
export function takesTurns(snapshot: Snapshot): boolean {
  return Object.values(snapshot.policies).some((policy) =>
    policy.steps.some((step) => step.notify.some((target) => target.kind === "team" && target.strategy === "round-robin")),
  );
}
