// Owns the outside view of bodies that nobody can read: one that came in while somebody had the incident is paged, or looked at,
// within the longest time that a person's word may hold against it.

import type { Event, StepResult } from "../../worker/core/event.ts";
import type { IncidentState } from "../../worker/core/incident.ts";
import type { Machine } from "./machine.ts";

const longestMs = 3_600_000;

type Fail = (machine: Machine, text: string) => void;

export interface Unheard {
  committed(machine: Machine, before: IncidentState, event: Event, result: StepResult, now: number): void;
  clockStepped(): void;
  atRest(machine: Machine): void;
}

export function unheard(fail: Fail): Unheard {
  /** When the first body came in that nobody has looked at since. */
  const waiting = new Map<Machine, number>();
  return {
    committed(machine, before, event, result, now) {
      const looked =
        event.type === "command" &&
        ["ack", "snooze", "note", "absorb"].includes(event.command.kind) &&
        result.reply.kind === "done";
      if (looked || result.state.episode?.status !== "acknowledged") return void waiting.delete(machine);
      const came = event.type === "receive" && event.alerts.some(({ alert }) => alert.unreadable && alert.action === "trigger");
      if (came && counted(before, result.state) && !waiting.has(machine)) waiting.set(machine, now);
      // A command may come before the wake that is due; whatever runs by itself may not leave it.
      if (event.type === "command") return;
      const since = waiting.get(machine);
      if (event.type === "wake" && since !== undefined && now - since > longestMs)
        fail(
          machine,
          `unread: a body that nobody could read has waited for ${Math.round((now - since) / 60_000)} min, and nobody is paged`,
        );
    },
    clockStepped: () => waiting.clear(),
    atRest(machine) {
      if (waiting.has(machine)) fail(machine, "unread: a body that nobody could read was never paged");
    },
  };
}

/** It is no repeat of a delivery that was received before. */
function counted(before: IncidentState, after: IncidentState): boolean {
  const bodies = (state: IncidentState): number => Object.values(state.alerts).reduce((sum, row) => sum + row.count, 0);
  return bodies(after) > bodies(before);
}
