// Owns asking a page's receiver, before it leaves, whether it goes now, waits, or carries a summary of others. Never waits long
// and never fails: in any doubt the page goes by itself.

import type { Answer } from "../core/bundle.ts";
import type { Delivery, IncidentState } from "../core/incident.ts";
import { laddersOf } from "../core/ladder.ts";
import { limits } from "../core/limits.ts";
import { withLimit } from "./limit.ts";
import { personStub } from "./places.ts";

const bound = limits.bundle;

function laneOf(delivery: Delivery): string {
  return `${delivery.contact}|${delivery.via}`;
}

function ruleOf(state: IncidentState) {
  const { bundle } = state.roster?.defaults ?? {};
  return bundle === undefined ? { after: bound.after, withinMs: bound.withinMs, everyMs: bound.everyMs } : bundle;
}

/** The answer for one page; `send` where nobody need be asked: bundling is off, the channel tells of no summaries, a person asked. */
export async function askPerson(env: Env, state: IncidentState, delivery: Delivery): Promise<Answer> {
  const { episode, roster, identity } = state;
  const rule = ruleOf(state);
  const aside = episode?.runs.find((run) => run.n === delivery.run)?.part === "aside";
  if (episode === null || rule === null || aside || roster?.notifiers[delivery.via]?.summaries !== true) return { kind: "send" };
  const due = laddersOf(episode).flatMap((ladder) => ladder.dueAt ?? []);
  const urgent = episode.severity === episode.decision.severities[0];
  const asked = personStub(env, identity, delivery.user).ask({
    delivery: delivery.id,
    incident: delivery.incident,
    title: episode.title,
    severity: episode.severity,
    service: episode.decision.service,
    lane: laneOf(delivery),
    rule,
    urgent,
    again: delivery.attempt > 1,
    deadline: due.length === 0 ? null : Math.min(...due) - bound.marginMs,
  });
  const answer = withLimit(asked, bound.askMs).catch((): Answer => ({ kind: "send" }));
  // The worst is not held up even by the question; it is asked so that it counts.
  return urgent && delivery.attempt === 1 ? { kind: "send" } : answer;
}

/** What became of a page that carried a summary: those it told of are waiting to hear it. */
export async function reportCarrier(env: Env, state: IncidentState, delivery: Delivery, accepted: boolean): Promise<void> {
  const told = personStub(env, state.identity, delivery.user).report(laneOf(delivery), delivery.id, accepted);
  await withLimit(told, bound.askMs).catch(() => undefined);
}

/** Pages that waited for a summary and are not wanted any more, by their receivers. */
export async function forgetBundled(env: Env, before: IncidentState, after: IncidentState): Promise<void> {
  const gone = Object.values(after.deliveries).filter(
    (d) => d.status === "cancelled" && d.bundled === true && before.deliveries[d.id]?.status === "pending",
  );
  const byPerson = Map.groupBy(gone, (d) => d.user);
  await Promise.allSettled(
    [...byPerson].map(([user, deliveries]) =>
      withLimit(personStub(env, after.identity, user).forget(deliveries.map((d) => d.id)), bound.askMs),
    ),
  );
}
