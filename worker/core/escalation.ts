// Owns the ladder: which step is out, when the next one is due, repeats, exhaustion, and what happens when nobody can be
// reached. Rules: features.md §4.5, §4.6 as settled by DESIGN. Every delay counts from the commit that starts it, so that
// a late alarm pages one level, not three.

import type { Actor, Ladder } from "./incident.ts";
import { limits } from "./limits.ts";
import type { PageReason } from "./page.ts";
import { anybodyReached, cancelOutstanding, isOutstanding, startRun, stepIsDead } from "./paging.ts";
import { recipientsOf, type Recipient } from "./people.ts";
import type { Id, Policy, Target } from "./snapshot.ts";
import { change, episodeOf, say, system, type Turn } from "./turn.ts";

export const noLadder: Ladder = { phase: "stopped", step: 0, round: 0, enteredAt: 0, dueAt: null, firstRun: 0 };

const noPolicy: Policy = {
  id: "",
  name: "",
  steps: [],
  repeat: { times: 0, from: 0, waitMs: 0 },
  onExhausted: [],
  lowUrgency: "escalate",
};

function policyOf(turn: Turn): Policy {
  return episodeOf(turn).decision.policy ?? noPolicy;
}

function setLadder(turn: Turn, patch: Partial<Ladder>): void {
  change(turn, { ladder: { ...episodeOf(turn).ladder, ...patch } });
}

export interface Entry {
  readonly step: number;
  readonly round: number;
  /** People paged with the step whatever it says: the one who had acknowledged. */
  readonly also?: readonly Id[];
  /** A repeated try while nobody is reachable: says nothing about what is still empty. */
  readonly quiet?: boolean;
}

/** Pages the given step, or the first one after it that reaches somebody; past the last one the pass is over. */
export function enterStep(turn: Turn, entry: Entry): void {
  const policy = policyOf(turn);
  const also = entry.also ?? [];
  for (let index = entry.step; index < policy.steps.length; index++) {
    const step = policy.steps[index];
    if (step === undefined) break;
    const firstRun = episodeOf(turn).nextRun;
    const problems = page(turn, step.notify, also, index + 1, entry.round + 1);
    if (episodeOf(turn).nextRun > firstRun) {
      return stepOut(turn, index, entry.round, step.escalateAfterMs, firstRun, problems);
    }
    if (!entry.quiet) {
      say(
        turn,
        "step-empty",
        system,
        `step ${index + 1} reaches nobody (${problems.join("; ") || "nobody is named"}): next step at once`,
        { step: index + 1, problems },
      );
    }
  }
  const wholePassEmpty = entry.step === 0 || entry.step === policy.repeat.from;
  if (wholePassEmpty || policy.steps.length === 0)
    return exhaust(turn, entry.quiet ?? false, policy.steps.length === 0 ? also : []);
  endPass(turn);
}

function stepOut(
  turn: Turn,
  index: number,
  round: number,
  escalateAfterMs: number,
  firstRun: number,
  problems: readonly string[],
): void {
  const episode = episodeOf(turn);
  const staysHere = episode.urgency === "low" && policyOf(turn).lowUrgency === "first-step";
  setLadder(turn, {
    phase: staysHere ? "stopped" : "step",
    step: index,
    round,
    enteredAt: turn.now,
    dueAt: staysHere ? null : turn.now + escalateAfterMs,
    firstRun,
  });
  const people = episodeOf(turn)
    .runs.filter((run) => run.n >= firstRun)
    .map((run) => run.user);
  change(turn, { assignees: people });
  say(turn, "step", system, `step ${index + 1}${round > 0 ? `, pass ${round + 1}` : ""} pages ${people.join(", ")}`, {
    step: index + 1,
    round: round + 1,
    people,
    problems,
    ...(turn.stale ? { stale: true } : {}),
  });
}

/** Starts the rules of everyone the targets name. Answers why some could not be. */
function page(turn: Turn, targets: readonly Target[], also: readonly Id[], step: number, round: number): readonly string[] {
  const roster = turn.roster;
  if (roster === null) return ["no configuration reached this incident"];
  const { recipients, problems } = recipientsOf(targets, roster);
  const extra = also
    .map((id) => roster.people[id])
    .filter((person) => person?.active && !recipients.some((r) => r.person.id === person.id));
  const everybody: Recipient[] = [
    ...recipients,
    ...extra.flatMap((person) => (person ? [{ person, contact: null, via: "had acknowledged it" }] : [])),
  ];
  for (const recipient of everybody) {
    if (!startRun(turn, recipient, "ladder", reasonFor(turn, recipient.via, step, round))) {
      problems.push(`${recipient.person.id} has no usable contact`);
    }
  }
  return problems;
}

function reasonFor(turn: Turn, via: string, step: number, round: number): PageReason {
  const where = step === 0 ? "" : `, step ${step}${round > 1 ? `, pass ${round}` : ""}`;
  return { policy: episodeOf(turn).decision.policy?.id ?? null, step, round, via, text: `${via}${where}` };
}

/** The last step's time is over: another pass, or the end of the policy. */
function endPass(turn: Turn): void {
  const { repeat } = policyOf(turn);
  const { round } = episodeOf(turn).ladder;
  if (round >= repeat.times) return exhaust(turn, false, []);
  if (repeat.waitMs > 0) {
    return setLadder(turn, { phase: "waiting", dueAt: turn.now + repeat.waitMs });
  }
  nextPass(turn);
}

function nextPass(turn: Turn): void {
  const { repeat } = policyOf(turn);
  const round = episodeOf(turn).ladder.round + 1;
  say(turn, "repeat", system, `pass ${round + 1} of ${repeat.times + 1} begins at step ${repeat.from + 1}`, {
    round: round + 1,
    step: repeat.from + 1,
  });
  enterStep(turn, { step: repeat.from, round });
}

/** Nothing is left on the ladder. Whoever is named for that is paged; if nobody at all was reached, the tenant's fallback is. */
function exhaust(turn: Turn, quiet: boolean, also: readonly Id[]): void {
  const policy = policyOf(turn);
  const firstRun = episodeOf(turn).nextRun;
  if (!quiet)
    say(
      turn,
      "exhausted",
      system,
      policy.steps.length === 0 ? "no policy pages anybody for this incident" : "everybody on the policy has been tried",
      { policy: policy.id },
    );
  page(turn, policy.onExhausted, also, 0, episodeOf(turn).ladder.round + 1);
  const reached = anybodyReached(turn);
  if (!reached) fallBack(turn, quiet);
  setLadder(turn, {
    phase: reached ? "exhausted" : "uncovered",
    enteredAt: turn.now,
    dueAt: reached ? null : turn.now + limits.escalation.uncoveredRetryMs,
    firstRun,
  });
}

function fallBack(turn: Turn, quiet: boolean): void {
  const roster = turn.roster;
  const firstRun = episodeOf(turn).nextRun;
  const problems =
    roster === null
      ? ["no configuration reached this incident"]
      : page(turn, roster.fallback, [], 0, episodeOf(turn).ladder.round + 1);
  const people = episodeOf(turn)
    .runs.filter((run) => run.n >= firstRun)
    .map((run) => run.user);
  if (people.length > 0) {
    say(turn, "fallback", system, `nobody has been reached: the tenant's fallback pages ${people.join(", ")}`, { people });
  } else if (!quiet) {
    say(
      turn,
      "coverage-gap",
      system,
      `nobody can be reached (${roster?.fallback.length === 0 ? "the tenant has no fallback" : problems.join("; ")}): tried again every minute`,
      { problems },
    );
  }
}

/** A fresh start at the bottom of the policy. */
export function startLadder(turn: Turn): void {
  change(turn, { ladder: { ...noLadder, enteredAt: turn.now }, runs: [] });
  enterStep(turn, { step: 0, round: 0 });
}

/** Does what the ladder's own time asks for, if it is due. */
export function advanceIfDue(turn: Turn): void {
  const { ladder, status } = episodeOf(turn);
  if (status !== "triggered" || ladder.dueAt === null || ladder.dueAt > turn.now) return;
  switch (ladder.phase) {
    case "step":
      return nextStep(turn);
    case "waiting":
      return nextPass(turn);
    case "direct":
      return endDirect(turn, "nobody acknowledged in time");
    case "uncovered":
      return retryUncovered(turn);
    case "exhausted":
    case "stopped":
      return;
  }
}

export function nextStep(turn: Turn): void {
  const { ladder } = episodeOf(turn);
  if (ladder.step + 1 >= policyOf(turn).steps.length) return endPass(turn);
  enterStep(turn, { step: ladder.step + 1, round: ladder.round });
}

function retryUncovered(turn: Turn): void {
  const { ladder, epoch } = episodeOf(turn);
  if (anybodyReached(turn)) return setLadder(turn, { phase: "exhausted", dueAt: null });
  const trying = Object.values(turn.deliveries).some((d) => d.epoch === epoch && isOutstanding(d));
  // What is still being tried is not paged twice; its own retries go on.
  if (trying) return setLadder(turn, { dueAt: turn.now + limits.escalation.uncoveredRetryMs });
  change(turn, { runs: episodeOf(turn).runs.filter((run) => run.rules.length > 0) });
  enterStep(turn, { step: 0, round: ladder.round + 1, quiet: true });
}

/** Everyone of the present step failed for good: the next step now, not after its delay. */
export function advanceIfDead(turn: Turn): void {
  const { ladder, status } = episodeOf(turn);
  if (status !== "triggered" || !stepIsDead(turn)) return;
  if (ladder.phase === "direct") return endDirect(turn, "every contact failed");
  const stuck = ladder.phase === "step" || (ladder.phase === "stopped" && !anybodyReached(turn));
  if (!stuck) return;
  say(turn, "step-empty", system, `step ${ladder.step + 1}: every contact failed: next step at once`, { step: ladder.step + 1 });
  nextStep(turn);
}

/** Assigned by hand: this one person is paged, and a safety net brings the policy back (features.md §4.11). */
export function assignTo(turn: Turn, user: Id, actor: Actor): void {
  const person = turn.roster?.people[user];
  cancelOutstanding(turn);
  change(turn, { runs: [], assignees: [user] });
  const firstRun = episodeOf(turn).nextRun;
  const started =
    person !== undefined &&
    startRun(
      turn,
      { person, contact: null, via: `assigned by ${actor.id}` },
      "ladder",
      reasonFor(turn, `assigned by ${actor.id}`, 0, 1),
    );
  setLadder(turn, { phase: "direct", enteredAt: turn.now, dueAt: turn.now + limits.escalation.directTimeoutMs, firstRun });
  if (!started) endDirect(turn, `${user} has no usable contact`);
}

function endDirect(turn: Turn, why: string): void {
  const { ladder } = episodeOf(turn);
  say(turn, "direct-timeout", system, `${why}: back to the policy at step ${ladder.step + 1}`, { step: ladder.step + 1 });
  enterStep(turn, { step: ladder.step, round: ladder.round });
}

/** Pages again at the level that had acknowledged, and goes on upward from there (features.md §4.3, §4.4). */
export function rewave(turn: Turn, step: number, also: readonly Id[]): void {
  const episode = episodeOf(turn);
  cancelOutstanding(turn);
  change(turn, {
    status: "triggered",
    epoch: episode.epoch + 1,
    acknowledgedBy: null,
    acknowledgedAt: null,
    ackTimeoutAt: null,
    snoozedUntil: null,
    holdUntil: null,
    suppressedBy: null,
    undo: null,
    runs: [],
  });
  enterStep(turn, { step, round: episode.ladder.round, also });
}
