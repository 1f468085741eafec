// Owns the ladders: which step is out, when the next one is due, repeats, exhaustion, and what happens when nobody can be
// reached. Rules: features.md §4.5–4.7 as settled by DESIGN. Every delay counts from the commit that starts it, so that
// a late alarm pages one level, not three.

import type { Event } from "./event.ts";
import type { Actor, Entering } from "./incident.ts";
import {
  isClimbing,
  ladderNumbers,
  ladderOf,
  laddersOf,
  nameOf,
  noLadder,
  ownLadder,
  policyOf,
  setLadder,
  stopped,
  whichOf,
} from "./ladder.ts";
import { limits } from "./limits.ts";
import { onCallAt } from "./oncall/schedule.ts";
import { doubtsAbout, passedOver, waitsForHours } from "./step-conditions.ts";
import type { Told } from "./page.ts";
import { pageWave, peopleOnStep, picksNeeded, presentPicks, reasonFor } from "./page-step.ts";
import { anybodyReached, cancelOutstanding, isOutstanding, startRun, stepIsDead } from "./paging.ts";
import type { Id, Policy, Step } from "./snapshot.ts";
import { change, episodeOf, say, system, type Turn } from "./turn.ts";

type Picked = Extract<Event, { type: "picked" }>;

/** Pages the given step of a ladder, or the first one after it that reaches somebody; past the last one the pass is over. */
export function enterStep(turn: Turn, n: number, entry: Entering): void {
  const policy = policyOf(turn, n);
  for (let index = entry.step; index < policy.steps.length; index++) {
    const step = policy.steps[index];
    if (step === undefined) break;
    if (passedOver(turn, n, index, step, entry.quiet ?? false)) continue;
    if (waitsForHours(turn, n, index, step, entry)) return;
    const asked = index === entry.step && entry.picks !== undefined ? [] : picksNeeded(turn, n, index, step, entry.round);
    if (asked.length > 0) {
      const { picks: _picks, ...rest } = entry;
      turn.picks.push(...asked);
      return setLadder(turn, n, {
        phase: "picking",
        entering: { ...rest, step: index },
        dueAt: turn.now + limits.policy.pickMs,
        retry: null,
      });
    }
    const picks = index === entry.step ? entry.picks : undefined;
    if (pageStep(turn, n, index, step, { ...entry, picks: picks ?? {} })) return;
  }
  const wholePassEmpty = entry.step === 0 || entry.step === policy.repeat.from;
  if (wholePassEmpty || policy.steps.length === 0)
    return exhaust(turn, n, entry.quiet ?? false, policy.steps.length === 0 ? (entry.also ?? []) : []);
  endPass(turn, n);
}

/** False: it reaches nobody. */
function pageStep(turn: Turn, n: number, index: number, step: Step, entry: Entering): boolean {
  const firstRun = episodeOf(turn).nextRun;
  const {
    problems,
    troubles: untold,
    policies,
  } = pageWave(turn, {
    ladder: n,
    targets: step.notify,
    also: entry.also ?? [],
    step: index + 1,
    round: entry.round + 1,
    picks: entry.picks,
  });
  const doubts = doubtsAbout(turn, step);
  const started = startNamed(turn, policies, {
    text: `${nameOf(turn, n)}step ${index + 1}`,
    told: { code: "step", step: index + 1, ...whichOf(turn, n) },
  });
  const problemsOf = [...doubts.map(({ text }) => text), ...problems, ...started.map(({ text }) => text)];
  const troubles = [...doubts.map(({ told }) => told), ...untold, ...started.map(({ told }) => told)];
  if (episodeOf(turn).nextRun > firstRun) {
    stepOut(turn, n, { index, step, round: entry.round, firstRun, problems: problemsOf, troubles });
    return true;
  }
  if (!entry.quiet) {
    const why = problemsOf.join("; ") || "nobody is named";
    say(turn, "step-empty", system, `${nameOf(turn, n)}step ${index + 1} reaches nobody (${why}): next step at once`, {
      step: index + 1,
      problems: problemsOf,
      troubles,
      ...whichOf(turn, n),
    });
  }
  return false;
}

interface Out {
  readonly index: number;
  readonly step: Step;
  readonly round: number;
  readonly firstRun: number;
  readonly problems: readonly string[];
  readonly troubles: readonly Told[];
}

function stepOut(turn: Turn, n: number, { index, step, round, firstRun, problems, troubles }: Out): void {
  const { urgency, status } = episodeOf(turn);
  const lowStays = urgency === "low" && policyOf(turn, n).lowUrgency === "first-step";
  // Somebody has it: this level hears of it, and the way ends here unless it runs on in spite of that.
  const ownedStays = status === "acknowledged" && !runsDespiteAck(turn, n, step);
  const stays = lowStays || ownedStays;
  const retries = step.retry !== undefined && step.retry.times > 0 && status === "triggered";
  setLadder(turn, n, {
    phase: stays ? "stopped" : "step",
    step: index,
    round,
    enteredAt: turn.now,
    dueAt: stays ? null : turn.now + step.escalateAfterMs,
    firstRun,
    entering: null,
    retry: retries && step.retry ? { at: turn.now + step.retry.everyMs, left: step.retry.times - 1 } : null,
  });
  const people = peopleOnStep(turn, n);
  if (status === "triggered") assignPaged(turn);
  const whom = people.length > 0 ? people.join(", ") : "another policy's people";
  say(turn, "step", system, `${nameOf(turn, n)}step ${index + 1}${round > 0 ? `, pass ${round + 1}` : ""} pages ${whom}`, {
    step: index + 1,
    round: round + 1,
    people,
    problems,
    ...(troubles.length > 0 ? { troubles } : {}),
    ...whichOf(turn, n),
    ...(turn.stale ? { stale: true } : {}),
  });
}

/** Whom the ladders page now, whatever paged them: a step, the end of a policy, or the fallback. */
function assignPaged(turn: Turn): void {
  const paged = [...new Set(ladderNumbers(turn).flatMap((each) => peopleOnStep(turn, each)))];
  if (paged.length > 0) change(turn, { assignees: paged });
}

function runsDespiteAck(turn: Turn, n: number, step: Step): boolean {
  return step.until === "resolved" || episodeOf(turn).beside?.find((each) => each.n === n)?.despiteAck === true;
}

/** The last step's time is over: another pass, or the end of the policy. */
function endPass(turn: Turn, n: number): void {
  const { repeat } = policyOf(turn, n);
  const { round } = ladderOf(turn, n);
  if (round >= repeat.times) return exhaust(turn, n, false, []);
  if (repeat.waitMs > 0)
    return setLadder(turn, n, { phase: "waiting", dueAt: turn.now + repeat.waitMs, retry: null, entering: null });
  nextPass(turn, n);
}

function nextPass(turn: Turn, n: number): void {
  const { repeat } = policyOf(turn, n);
  const round = ladderOf(turn, n).round + 1;
  say(turn, "repeat", system, `${nameOf(turn, n)}pass ${round + 1} of ${repeat.times + 1} begins at step ${repeat.from + 1}`, {
    round: round + 1,
    of: repeat.times + 1,
    step: repeat.from + 1,
    ...whichOf(turn, n),
  });
  enterStep(turn, n, { step: repeat.from, round });
}

/**
 * Nothing is left on a ladder. Whoever is named for that is paged; if nobody at all was reached and no other ladder goes
 * on, the tenant's fallback is.
 */
function exhaust(turn: Turn, n: number, quiet: boolean, also: readonly Id[]): void {
  const policy = policyOf(turn, n);
  const firstRun = episodeOf(turn).nextRun;
  const round = ladderOf(turn, n).round + 1;
  if (!quiet)
    say(
      turn,
      "exhausted",
      system,
      policy.steps.length === 0
        ? "no policy pages anybody for this incident"
        : `everybody on ${n === ownLadder ? "the policy" : `policy ${policy.id}`} has been tried`,
      { policy: policy.id, ...(policy.steps.length === 0 ? { empty: true } : {}), ...whichOf(turn, n) },
    );
  // Set before anybody else is started by it: a policy that names itself at its end must find this ladder over.
  setLadder(turn, n, { phase: "exhausted", enteredAt: turn.now, dueAt: null, firstRun, retry: null, entering: null });
  const { policies } = pageWave(turn, { ladder: n, targets: policy.onExhausted, also, step: 0, round });
  if (episodeOf(turn).status === "triggered") assignPaged(turn);
  startNamed(turn, policies, { text: `the end of policy ${policy.id}`, told: { code: "policy-end", policy: policy.id } });
  const covered =
    anybodyReached(turn) || episodeOf(turn).status !== "triggered" || laddersOf(episodeOf(turn)).some((each) => isClimbing(each));
  if (covered) return;
  fallBack(turn, quiet);
  setLadder(turn, ownLadder, {
    phase: "uncovered",
    enteredAt: turn.now,
    dueAt: nextTry(turn),
    firstRun,
    retry: null,
    entering: null,
  });
}

/** Each minute, and at the second at which somebody comes on call. */
function nextTry(turn: Turn): number {
  const latest = turn.now + limits.escalation.uncoveredRetryMs;
  const targets = policyOf(turn, ownLadder).steps.flatMap((step) => step.notify);
  const starts = targets.flatMap((target) => {
    const schedule = target.kind === "schedule" ? turn.roster?.schedules?.[target.schedule] : undefined;
    return schedule === undefined ? [] : (onCallAt(schedule, turn.now).to ?? latest);
  });
  return Math.min(latest, ...starts.filter((at) => at > turn.now));
}

function fallBack(turn: Turn, quiet: boolean): void {
  const roster = turn.roster;
  const firstRun = episodeOf(turn).nextRun;
  const wave = {
    ladder: ownLadder,
    targets: roster?.fallback ?? [],
    also: [],
    step: 0,
    round: ladderOf(turn, ownLadder).round + 1,
  };
  const { problems, troubles } = pageWave(turn, wave);
  const people = episodeOf(turn)
    .runs.filter((run) => run.n >= firstRun)
    .map((run) => run.user);
  if (people.length > 0) {
    assignPaged(turn);
    say(turn, "fallback", system, `nobody has been reached: the tenant's fallback pages ${people.join(", ")}`, { people });
  } else if (!quiet) {
    say(
      turn,
      "coverage-gap",
      system,
      `nobody can be reached (${roster?.fallback.length === 0 ? "the tenant has no fallback" : problems.join("; ")}): tried again every minute`,
      { problems, troubles: roster?.fallback.length === 0 ? [{ code: "no-fallback" }] : troubles },
    );
  }
}

/** A fresh start at the bottom of every policy that the decision names. */
export function startLadder(turn: Turn): void {
  change(turn, { ladder: { ...noLadder, enteredAt: turn.now }, beside: [], acks: [], runs: [] });
  enterAll(turn, { step: 0, round: 0 }, () => {
    const { also, route } = episodeOf(turn).decision;
    for (const policy of also ?? []) startBeside(turn, policy, { text: `route ${route ?? "-"}`, told: { code: "route", route } });
  });
}

/** The incident's own ladder counts as climbing while the others begin: none of them may think that nobody is left. */
function enterAll(turn: Turn, own: Entering, others: () => void): void {
  setLadder(turn, ownLadder, { phase: "waiting", dueAt: turn.now, retry: null, entering: null });
  others();
  enterStep(turn, ownLadder, own);
}

/**
 * Starts a policy beside the incident's own ladder, in whatever state the incident is open. `cause` goes into the pages.
 * False: it runs already, or too many do.
 */
export function startBeside(turn: Turn, policy: Policy, cause: Cause): boolean {
  const { beside = [], decision, ladder, status } = episodeOf(turn);
  const runs = (id: Id): boolean =>
    (decision.policy?.id === id && isClimbing(ladder)) || beside.some((each) => each.policy.id === id && isClimbing(each));
  if (runs(policy.id) || beside.length >= limits.policy.besideMax) return false;
  const n = 1 + Math.max(0, ...beside.map((each) => each.n));
  const fresh = { ...noLadder, enteredAt: turn.now, phase: "waiting" as const, dueAt: turn.now };
  change(turn, {
    beside: [...beside, { ...fresh, n, policy, cause: cause.text, told: cause.told, despiteAck: status === "acknowledged" }],
  });
  const facts = { policy: policy.id, ladder: n, cause: cause.text, told: cause.told };
  say(turn, "policy-started", system, `policy ${policy.id} starts beside: ${cause.text}`, facts);
  enterStep(turn, n, { step: 0, round: 0 });
  return true;
}

/** Why a policy is started, in words and as data. */
interface Cause {
  readonly text: string;
  readonly told: Told;
}

/** Policies named by targets, from those frozen with the decision. Answers what could not be started. */
function startNamed(turn: Turn, ids: readonly Id[], cause: Cause): readonly Cause[] {
  return ids.flatMap((id) => {
    const policy = episodeOf(turn).decision.policies?.[id];
    if (policy === undefined) return [{ text: `policy ${id} does not exist`, told: { code: "no-policy", policy: id } }];
    return startBeside(turn, policy, cause)
      ? []
      : [{ text: `policy ${id} runs already`, told: { code: "policy-runs", policy: id } }];
  });
}

/** Does what the ladders' own times ask for, where they are due. */
export function advanceIfDue(turn: Turn): void {
  for (const n of ladderNumbers(turn)) {
    const { status } = episodeOf(turn);
    if (status !== "triggered" && status !== "acknowledged") return;
    const { dueAt, retry } = ladderOf(turn, n);
    if (dueAt !== null && dueAt <= turn.now) advance(turn, n);
    else if (retry && retry.at <= turn.now) pageAgain(turn, n);
  }
}

function advance(turn: Turn, n: number): void {
  const { phase, entering } = ladderOf(turn, n);
  switch (phase) {
    case "step":
      return nextStep(turn, n);
    case "waiting":
      return entering ? enterStep(turn, n, entering) : nextPass(turn, n);
    case "picking":
      return entering ? enterStep(turn, n, { ...entering, picks: entering.picks ?? {} }) : nextStep(turn, n);
    case "direct":
      return endDirect(turn, "nobody acknowledged in time", "time");
    case "uncovered":
      return retryUncovered(turn);
    case "exhausted":
    case "stopped":
      return;
  }
}

/** The pointer said whose turn it is; once it has for every team of the step, the step is paged. */
export function picked(turn: Turn, event: Picked): void {
  const { phase, entering } = ladderOf(turn, event.ladder);
  const index = entering?.step ?? 0;
  const step = policyOf(turn, event.ladder).steps[index];
  if (phase !== "picking" || !entering || step === undefined) return;
  const picks = { ...entering.picks, [event.team]: event.user };
  const missing = picksNeeded(turn, event.ladder, index, step, entering.round).some((each) => !(each.team in picks));
  if (missing) return setLadder(turn, event.ladder, { entering: { ...entering, picks } });
  enterStep(turn, event.ladder, { ...entering, picks });
}

/** A level that asks for it is paged again while its time runs. */
function pageAgain(turn: Turn, n: number): void {
  const { step: index, round, retry } = ladderOf(turn, n);
  const step = policyOf(turn, n).steps[index];
  if (!retry || !step?.retry || episodeOf(turn).status !== "triggered") return setLadder(turn, n, { retry: null });
  const { times, everyMs } = step.retry;
  say(turn, "step-retry", system, `${nameOf(turn, n)}step ${index + 1} pages again (${times - retry.left} of ${times})`, {
    step: index + 1,
    round: round + 1,
    n: times - retry.left,
    of: times,
    ...whichOf(turn, n),
  });
  setLadder(turn, n, { retry: retry.left > 0 ? { at: turn.now + everyMs, left: retry.left - 1 } : null });
  const picks = presentPicks(turn, n, step);
  pageWave(turn, { ladder: n, targets: step.notify, also: [], step: index + 1, round: round + 1, picks });
}

export function nextStep(turn: Turn, n: number): void {
  const { step, round } = ladderOf(turn, n);
  if (step + 1 >= policyOf(turn, n).steps.length) return endPass(turn, n);
  enterStep(turn, n, { step: step + 1, round });
}

function retryUncovered(turn: Turn): void {
  const { ladder, epoch, beside = [] } = episodeOf(turn);
  if (anybodyReached(turn)) return setLadder(turn, ownLadder, { phase: "exhausted", dueAt: null });
  const trying = Object.values(turn.deliveries).some((d) => d.epoch === epoch && isOutstanding(d));
  // What is still being tried is not paged twice; its own retries go on.
  if (trying) return setLadder(turn, ownLadder, { dueAt: nextTry(turn) });
  change(turn, { runs: episodeOf(turn).runs.filter((run) => run.rules.length > 0) });
  enterAll(turn, { step: 0, round: ladder.round + 1, quiet: true }, () => {
    for (const each of beside) enterStep(turn, each.n, { step: 0, round: each.round + 1, quiet: true });
  });
}

/** Everyone of a ladder's present step failed for good: the next step now, not after its delay. */
export function advanceIfDead(turn: Turn): void {
  for (const n of ladderNumbers(turn)) {
    if (episodeOf(turn).status !== "triggered") return;
    const { phase, step } = ladderOf(turn, n);
    if (!stepIsDead(turn, n)) continue;
    if (phase === "direct") {
      endDirect(turn, "every contact failed", "failed");
      continue;
    }
    if (phase !== "step" && (phase !== "stopped" || anybodyReached(turn))) continue;
    say(turn, "step-empty", system, `${nameOf(turn, n)}step ${step + 1}: nobody was certainly reached: next step at once`, {
      step: step + 1,
      unsure: true,
      ...whichOf(turn, n),
    });
    nextStep(turn, n);
  }
}

/** Assigned by hand: this one person is paged, and a safety net brings the policy back (features.md §4.11). */
export function assignTo(turn: Turn, user: Id, actor: Actor): void {
  const person = turn.roster?.people[user];
  cancelOutstanding(turn);
  change(turn, { runs: [], beside: [], acks: [], assignees: [user] });
  const firstRun = episodeOf(turn).nextRun;
  const via = `assigned by ${actor.id}`;
  const why = { code: "assigned", by: actor.id };
  const reason = reasonFor(turn, { via, why }, { ladder: ownLadder, step: 0, round: 1 });
  const started =
    person !== undefined && startRun(turn, { person, contact: null, via, why }, { part: "ladder", ladder: ownLadder, reason });
  setLadder(turn, ownLadder, {
    phase: "direct",
    enteredAt: turn.now,
    dueAt: turn.now + limits.escalation.directTimeoutMs,
    firstRun,
    retry: null,
    entering: null,
  });
  if (!started) endDirect(turn, `${user} has no usable contact`, "no-contact");
}

function endDirect(turn: Turn, why: string, code: "time" | "failed" | "no-contact"): void {
  const { step, round } = ladderOf(turn, ownLadder);
  say(turn, "direct-timeout", system, `${why}: back to the policy at step ${step + 1}`, { step: step + 1, why: code });
  enterStep(turn, ownLadder, { step, round });
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
    acks: [],
    beside: (episode.beside ?? []).map((each) => ({ ...each, despiteAck: false })),
  });
  enterAll(turn, { step, round: episode.ladder.round, also }, () => {
    for (const each of episode.beside ?? [])
      if (each.phase !== "exhausted") enterStep(turn, each.n, { step: each.step, round: each.round });
  });
}

/** Somebody owns it: every ladder stops, except where its present step waits for the end of the incident. */
export function stopLadders(turn: Turn): void {
  for (const n of ladderNumbers(turn)) {
    const { phase, step: present, entering } = ladderOf(turn, n);
    const index = phase === "picking" ? (entering?.step ?? present) : present;
    const step = policyOf(turn, n).steps[index];
    if (step?.until === "resolved" && phase === "step") setLadder(turn, n, { retry: null });
    // Nobody of it is paged any more, but its time runs.
    else if (step?.until === "resolved" && phase === "picking")
      setLadder(turn, n, { ...stopped, phase: "step", step: index, enteredAt: turn.now, dueAt: turn.now + step.escalateAfterMs });
    else setLadder(turn, n, phase === "exhausted" ? { dueAt: null, retry: null } : stopped);
  }
}

/** Nothing goes on by itself any more. */
export function stopEverything(turn: Turn): void {
  for (const n of ladderNumbers(turn)) setLadder(turn, n, stopped);
}
