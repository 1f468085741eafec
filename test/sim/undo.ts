// Owns the outside view of a resolve that is taken back: what stood before it is remembered here, and must stand again.

import type { Event, StepResult } from "../../worker/core/event.ts";
import type { Episode, IncidentState } from "../../worker/core/incident.ts";
import type { Machine } from "./machine.ts";

const undoMs = 30_000;

interface Ended {
  readonly before: IncidentState;
  readonly by: string;
  readonly at: number;
  /** The source has spoken since. */
  readonly spoken: boolean;
}

type Fail = (machine: Machine, text: string) => void;

export interface Ends {
  committed(machine: Machine, before: IncidentState, event: Event, result: StepResult, now: number): void;
  clockStepped(): void;
}

export function ends(fail: Fail): Ends {
  const known = new Map<Machine, Ended>();
  return {
    committed(machine, before, event, result, now) {
      const ended = known.get(machine);
      const done = result.reply.kind === "done" && !result.reply.already;
      if (event.type === "command" && event.command.kind === "resolve" && done)
        return void known.set(machine, { before, by: event.actor.id, at: now, spoken: false });
      if (ended === undefined) return;
      if (event.type === "receive") known.set(machine, { ...ended, spoken: true });
      if (event.type !== "command" || event.command.kind !== "reopen") return;
      if (event.command.undo !== true) return void (done && known.delete(machine));
      const again = result.reply.kind === "done" && result.reply.already;
      const may = event.actor.id === ended.by && now - ended.at <= undoMs && before.episode?.status === "resolved";
      if (done && !may) fail(machine, "undo: a resolve was taken back too late, or by somebody else");
      if (done) checkAsBefore(machine, ended.before, result, now, fail);
      else if (may && !ended.spoken && !again) fail(machine, "undo: one's own resolve could not be taken back in time");
      if (done) known.delete(machine);
    },
    clockStepped: () => known.clear(),
  };
}

const kept = [
  "id",
  "status",
  "epoch",
  "acknowledgedBy",
  "acknowledgedAt",
  "ackTimeoutAt",
  "snoozedUntil",
  "holdUntil",
  "autoResolveAt",
  "urgencyRisesAt",
  "respondedAt",
] as const satisfies readonly (keyof Episode)[];

/** The same incident in the same place; every page that was on its way is on its way, and none is new but those whose time came. */
function checkAsBefore(machine: Machine, before: IncidentState, result: StepResult, now: number, fail: Fail): void {
  const [was, is] = [before.episode, result.state.episode];
  if (was === null || is === null) return fail(machine, "undo: no incident is left of it");
  for (const key of kept)
    if ((was[key] ?? null) !== (is[key] ?? null)) fail(machine, `undo: ${key} was ${was[key]} and is ${is[key]}`);
  // A level whose last page was refused meanwhile gives way at once, by the rules.
  const moved = result.entries.some((entry) => ["step", "step-empty", "exhausted", "direct-timeout"].includes(entry.kind));
  if (!moved && JSON.stringify(placeOf(was)) !== JSON.stringify(placeOf(is)))
    fail(machine, `undo: it stood at ${JSON.stringify(placeOf(was))} and stands at ${JSON.stringify(placeOf(is))}`);
  for (const delivery of Object.values(before.deliveries)) {
    const waited = delivery.status === "pending" || delivery.status === "sending";
    if (waited && (result.state.deliveries[delivery.id]?.status ?? "cancelled") === "cancelled")
      fail(machine, `undo: ${delivery.id} was on its way and is lost`);
  }
  if (moved) return;
  for (const delivery of Object.values(result.state.deliveries)) {
    if (before.deliveries[delivery.id] !== undefined) continue;
    const rule = was.runs.find((run) => run.n === delivery.run)?.rules.find((each) => each.n === delivery.rule);
    const byFallback = result.entries.some((entry) => entry.kind === "send-failed");
    if ((rule === undefined || rule.at > now) && !byFallback)
      fail(machine, `undo: ${delivery.id} is a page that nothing asked for`);
  }
}

function placeOf({ ladder, beside }: Episode): unknown {
  return [ladder, ...(beside ?? [])].map(({ phase, step, round, enteredAt, dueAt }) => ({
    phase,
    step,
    round,
    enteredAt,
    dueAt,
  }));
}
