// Owns whether a level's turn comes now: its condition over the incident, and the business hours it waits for. What cannot be
// asked keeps nobody from being paged, and is said.

import { isOpenAt, nextOpening } from "./calendar.ts";
import { conditionHolds, type Verdict } from "./condition.ts";
import type { Entering } from "./incident.ts";
import { nameOf, setLadder, whichOf } from "./ladder.ts";
import type { Told } from "./page.ts";
import type { Id, Step } from "./snapshot.ts";
import { episodeOf, say, system, type Turn } from "./turn.ts";

/** A step whose condition does not hold is passed over at once, and said; one that cannot be asked is paged. */
export function passedOver(turn: Turn, n: number, index: number, step: Step, quiet: boolean): boolean {
  if (step.when === undefined) return false;
  const verdict = verdictOf(turn, step.when);
  if (verdict.holds) return false;
  if (!quiet)
    say(turn, "step-skipped", system, `${nameOf(turn, n)}step ${index + 1} is passed over: ${step.when} is not true`, {
      step: index + 1,
      when: step.when,
      ...whichOf(turn, n),
    });
  return true;
}

/** A level that is for working hours only waits for them. Hours that never come, or that nobody knows, are not waited for. */
export function waitsForHours(turn: Turn, n: number, index: number, step: Step, entry: Entering): boolean {
  const hours = step.waitFor === undefined ? undefined : turn.roster?.businessHours?.[step.waitFor];
  if (hours === undefined || isOpenAt(hours, turn.now)) return false;
  const opens = nextOpening(hours, turn.now);
  if (opens === null) return false;
  const { picks: _picks, ...rest } = entry;
  setLadder(turn, n, { phase: "waiting", entering: { ...rest, step: index }, dueAt: opens, retry: null });
  if (!entry.quiet)
    say(turn, "step-waits", system, `${nameOf(turn, n)}step ${index + 1} waits until ${hours.name} begins`, {
      step: index + 1,
      until: opens,
      hours: hours.id,
      ...whichOf(turn, n),
    });
  return true;
}

/** Why a level is paged although its condition or its hours could not be asked; goes onto the timeline with the step. */
export function doubtsAbout(turn: Turn, step: Step): readonly { readonly text: string; readonly told: Told }[] {
  const problem = step.when === undefined ? null : verdictOf(turn, step.when).problem;
  const unknown = step.waitFor !== undefined && turn.roster?.businessHours?.[step.waitFor] === undefined;
  return [
    ...(problem === null
      ? []
      : [{ text: `its condition could not be asked, taken as true: ${problem}`, told: { code: "condition-unasked", problem } }]),
    ...(unknown
      ? [{ text: `there are no business hours ${step.waitFor}: not waited for`, told: { code: "no-hours", hours: step.waitFor } }]
      : []),
  ];
}

function verdictOf(turn: Turn, when: string): Verdict {
  const isOpen = (calendar: Id, at: number): boolean | null => {
    const hours = turn.roster?.businessHours?.[calendar];
    return hours === undefined ? null : isOpenAt(hours, at);
  };
  return conditionHolds(when, episodeOf(turn), turn.now, isOpen);
}
