// Owns what must hold in every run (I1–I8 of the reliability study, promises 1–4). Watches commits and provider requests
// from outside; knows nothing of how step() works beyond its state. A violation is a sentence with the time it was seen.

import type { AlertResult, Event, StepResult } from "../../worker/core/event.ts";
import type { Delivery, IncidentState } from "../../worker/core/incident.ts";
import type { Post } from "../../worker/core/post.ts";
import { violations } from "../../worker/core/invariants.ts";
import { isLoud } from "../../worker/core/quiet.ts";
import type { Clock } from "./clock.ts";
import type { Machine, Observer } from "./machine.ts";
import { onCallByHand } from "./oncall.ts";
import type { Provider } from "./provider.ts";
import { accounts } from "./service-levels.ts";
import { ends } from "./undo.ts";
import { unheard } from "./unread.ts";

export interface Checker extends Observer {
  readonly found: string[];
  readonly lines: string[];
  steps: number;
  /** The wall clock was moved: what is measured by it means nothing for what is open. */
  clockStepped(): void;
  /** After everything has healed and hours have passed in peace. */
  atRest(machines: readonly Machine[], providers: readonly Provider[]): void;
}

export function checker(clock: Clock, keepLines: boolean): Checker {
  const found: string[] = [];
  const lines: string[] = [];
  const stamp = (): string => new Date(clock.now()).toISOString().slice(5, 23);
  const fail = (machine: Machine, text: string): void => {
    if (found.length < 20) found.push(`${stamp()} ${machine.identity.hash.slice(-2)} ${text}`);
    if (keepLines) lines.push(`${stamp()} ✗ ${text}`);
  };
  const log = (line: string): void => {
    if (keepLines) lines.push(`${stamp()}   ${line}`);
  };
  /** Every post that was ever committed, as it stood last. */
  const posts = new Map<string, { readonly machine: Machine; readonly post: Post }>();
  const levels = accounts(fail);
  const mistakes = ends(fail);
  const unread = unheard(fail);
  /** Wakes in a row after which the object wants to be woken at once again. */
  const restless = new Map<Machine, number>();
  const self: Checker = {
    found,
    lines,
    steps: 0,
    log,
    committed(machine, before, event, result) {
      self.steps++;
      if (keepLines) {
        lines.push(
          `${stamp()} ${machine.identity.hash.slice(-2)} ← ${describe(event)}${result.sends.length > 0 ? ` → ${result.sends.length} sends` : ""}`,
        );
        for (const entry of result.entries) lines.push(`${stamp()}      ${entry.kind}: ${entry.reason}`);
      }
      for (const text of violations(result.state)) fail(machine, `invariant: ${text}`);
      checkAlarm(machine, result.state, fail);
      checkLadder(machine, before, event, result, fail);
      checkOnCall(machine, before, result, clock.now(), fail);
      checkAcknowledgment(machine, before, event, result, fail);
      checkResult(machine, before, event, result, fail);
      checkAnswer(machine, before, event, result, clock.now(), fail);
      checkExpiry(machine, before, event, result, clock.now(), fail);
      checkSeq(machine, before, result, fail);
      checkIntents(machine, before, event, result, fail);
      for (const post of Object.values(result.state.posts)) posts.set(post.id, { machine, post });
      levels.committed(machine, before, event, result, clock.now());
      mistakes.committed(machine, before, event, result, clock.now());
      unread.committed(machine, before, event, result, clock.now());
      const again = event.type === "wake" && (machine.durable.alarm ?? Infinity) <= clock.now();
      restless.set(machine, again ? (restless.get(machine) ?? 0) + 1 : 0);
      if (restless.get(machine) === 50) fail(machine, "pace: it wakes again and again at once, with nothing to do");
    },
    clockStepped() {
      levels.clockStepped();
      mistakes.clockStepped();
      unread.clockStepped();
    },
    requestStarts(machine, delivery, attempt) {
      if ("connector" in delivery) return;
      const { episode } = machine.durable.state;
      if (!episode || episode.id !== delivery.incident)
        return fail(machine, `I7: a request of a closed episode starts (${delivery.id})`);
      const aside = episode.runs.some((run) => run.n === delivery.run && run.part === "aside");
      const owned = episode.status === "acknowledged" || episode.status === "resolved";
      // A level that waits for the end of the incident pages though somebody has it: later than the acknowledgment, then.
      const since = episode.status === "acknowledged" && delivery.dueAt >= (episode.acknowledgedAt ?? Infinity);
      if (owned && !aside && !since)
        fail(
          machine,
          `I7: a provider request starts though the incident is ${episode.status} (${delivery.user} by ${delivery.contact}, try ${attempt})`,
        );
    },
    atRest(machines, providers) {
      for (const machine of machines) {
        checkRest(machine, providers, fail);
        levels.atRest(machine, clock.now());
        unread.atRest(machine);
      }
      checkPosts([...posts.values()], providers, fail);
    },
  };
  return self;
}

type Fail = (machine: Machine, text: string) => void;

function describe(event: Event): string {
  switch (event.type) {
    case "receive":
      return `alert ${event.alerts.map((a) => `${a.alert.action} ${a.alert.dedupKey} ${a.alert.severity}`).join(", ")}`;
    case "command":
      return `${event.actor.id}: ${"undo" in event.command && event.command.undo ? "undo of " : ""}${event.command.kind}`;
    case "wake":
      return `wake${event.stale ? " (stale)" : ""}`;
    case "result":
      return `result ${event.delivery.slice(-4)} try ${event.attempt}: ${event.outcome.status}`;
    case "picked":
      return `picked ${event.user ?? "nobody"} of ${event.team}`;
    case "receipt":
      return `receipt ${event.status}`;
    case "deferred":
      return `deferred ${event.delivery.slice(-4)}`;
    case "succeeded":
      return `succeeded by ${event.groupKey}`;
  }
}

/** I4: work in flight means an armed alarm, by the lease's end at the latest. */
function checkAlarm(machine: Machine, state: IncidentState, fail: Fail): void {
  const { alarm } = machine.durable;
  for (const d of Object.values(state.deliveries)) {
    if (d.status === "sending" && (alarm === null || alarm > (d.leaseUntil ?? 0)))
      fail(machine, `I4: ${d.id} is being sent and no alarm stands at its lease's end`);
  }
  for (const post of Object.values(state.posts)) {
    if (post.status === "sending" && (alarm === null || alarm > (post.leaseUntil ?? 0)))
      fail(machine, `I4: ${post.id} is being sent to ${post.connector} and no alarm stands at its lease's end`);
  }
  const { episode } = state;
  if (episode?.status === "triggered" && episode.ladder.dueAt !== null && (alarm === null || alarm > episode.ladder.dueAt))
    fail(machine, "I4: the ladder is due and no alarm stands");
  const unread = episode?.status === "acknowledged" ? (episode.unread?.pageAt ?? null) : null;
  if (unread !== null && (alarm === null || alarm > unread))
    fail(machine, "I4: bodies that nobody could read wait, and no alarm stands");
  const over = episode?.status === "resolved" || episode?.status === "merged";
  for (const row of over ? [] : Object.values(state.alerts))
    if (row.firing && row.episode === episode?.n && row.expiresAt != null && (alarm === null || alarm > row.expiresAt))
      fail(machine, `I4: ${row.dedupKey} runs out and no alarm stands at its end`);
  for (const mute of episode?.status === "suppressed" ? (episode.mutes ?? []) : [])
    if (alarm === null || alarm > mute.until) fail(machine, `I4: ${mute.kind} ${mute.id} ends and no alarm stands at its end`);
}

/** I2: no step is passed over without a word, and none comes before its time. */
function checkLadder(machine: Machine, before: IncidentState, event: Event, result: StepResult, fail: Fail): void {
  const [was, is] = [before.episode, result.state.episode];
  if (!was || !is || was.id !== is.id || was.epoch !== is.epoch || event.type === "command") return;
  if (was.status !== "triggered" || is.status !== "triggered") return;
  const entered = new Set(
    result.entries
      .filter((entry) => entry.data["ladder"] === undefined)
      .filter((entry) => entry.kind === "step" || entry.kind === "step-empty" || entry.kind === "step-skipped")
      .map((entry) => Number(entry.data["step"])),
  );
  const moved = is.ladder.step !== was.ladder.step || is.ladder.round !== was.ladder.round;
  if (!moved) return;
  if (is.ladder.round === was.ladder.round && was.ladder.phase === "step") {
    for (let step = was.ladder.step + 2; step <= is.ladder.step + 1; step++) {
      if (!entered.has(step)) fail(machine, `I2: step ${step} was passed over without a word`);
    }
  }
  const early = result.entries.some((entry) => entry.kind === "step-empty" || entry.kind === "direct-timeout");
  const delay = is.decision.policy?.steps[was.ladder.step]?.escalateAfterMs ?? 0;
  if (was.ladder.phase === "step" && !early && is.ladder.enteredAt - was.ladder.enteredAt < delay) {
    fail(
      machine,
      `timing: step ${is.ladder.step + 1} came ${is.ladder.enteredAt - was.ladder.enteredAt} ms after the one before, whose time is ${delay} ms`,
    );
  }
}

/** Whoever is paged for a schedule is on call in it at that very moment, or its fallback while none of those can be paged. */
function checkOnCall(machine: Machine, before: IncidentState, result: StepResult, now: number, fail: Fail): void {
  const known = before.episode?.id === result.state.episode?.id ? (before.episode?.nextRun ?? 0) : 0;
  for (const run of result.state.episode?.runs ?? []) {
    const named = /^schedule (\w+)$/.exec(run.reason.via)?.[1];
    if (run.n < known || named === undefined || !run.reason.text.startsWith("on call")) continue;
    const schedule = result.state.roster?.schedules?.[named];
    const scheduled = schedule === undefined ? [] : onCallByHand(schedule, now);
    const onCall = scheduled.some((id) => canBePaged(result.state, id))
      ? scheduled
      : [...scheduled, ...(schedule?.fallback ?? [])];
    if (!onCall.includes(run.user))
      fail(machine, `on call: ${run.user} was paged for ${named}, on call is ${onCall.join(", ") || "nobody"}`);
  }
}

function canBePaged({ roster }: IncidentState, id: string): boolean {
  const person = roster?.people[id];
  return person?.active === true && person.contacts.some((contact) => roster?.notifiers[contact.via] !== undefined);
}

/** A step that asks for several people is not satisfied by fewer; one that waits for the end is not stopped by anybody. */
function checkAcknowledgment(machine: Machine, before: IncidentState, event: Event, result: StepResult, fail: Fail): void {
  const [was, is] = [before.episode, result.state.episode];
  if (event.type !== "command" || event.command.kind !== "ack" || was?.status !== "triggered" || is?.id !== was.id) return;
  const step = was.decision.policy?.steps[was.ladder.step];
  if (was.ladder.phase !== "step" || step === undefined) return;
  if (is.status === "triggered") return;
  const { acksRequired = 1, until } = step;
  const paged = new Set(
    was.runs
      .filter((run) => run.part === "ladder" && (run.ladder ?? 0) === 0 && run.n >= was.ladder.firstRun)
      .map((run) => run.user),
  );
  const acks = new Set([...(was.acks ?? []), event.actor.id]);
  const people = new Set([...paged, ...acks]).size;
  const needed = acksRequired === "all" ? people : Math.min(acksRequired, people);
  if (acks.size < needed) fail(machine, `acks: ${acks.size} of ${needed} had acknowledged, and it counts as acknowledged`);
  if (until === "resolved" && is.ladder.dueAt !== was.ladder.dueAt)
    fail(machine, "until: an acknowledgment stopped a step that waits for the end of the incident");
}

/** T3: a late result of an earlier try changes nothing. */
function checkResult(machine: Machine, before: IncidentState, event: Event, result: StepResult, fail: Fail): void {
  if (event.type !== "result") return;
  const was = before.deliveries[event.delivery];
  const now = result.state.deliveries[event.delivery];
  if (was && now && was.status !== "cancelled" && now.status === "cancelled")
    fail(machine, `I3: ${was.id} was dropped by a result though nobody cancelled it`);
  if (was && was.attempt > event.attempt && result.state.deliveries[event.delivery] !== was) {
    const is = result.state.deliveries[event.delivery];
    if (is && (is.status !== "sending" || is.attempts.at(-1)?.n === event.attempt))
      fail(machine, `T3: a result of try ${event.attempt} changed a delivery whose try ${was.attempt} is under way`);
  }
}

/** I1, promise 1: an alert that is answered is in exactly one episode, and the answer names it. */
function checkAnswer(machine: Machine, before: IncidentState, event: Event, result: StepResult, now: number, fail: Fail): void {
  if (event.type !== "receive" || result.reply.kind !== "received") return;
  event.alerts.forEach((received, i) => {
    const answer = result.reply.kind === "received" ? result.reply.results[i] : undefined;
    if (!answer) return fail(machine, "I1: an alert got no answer");
    // One that held only until a time that is over is its end, wherever it comes late.
    const over = received.alert.expiresAt != null && received.alert.expiresAt <= now;
    if (received.alert.action !== "trigger" || over || answer.redirect !== undefined) return;
    if (answer.successor !== undefined) {
      if (result.state.alerts !== before.alerts && rowsDiffer(before, result.state))
        fail(machine, "I1: an alert was sent on and recorded here as well");
      return;
    }
    if (answer.incident === null || answer.incident !== result.state.episode?.id)
      fail(machine, `I1: the answer names ${answer.incident}, the object holds ${result.state.episode?.id}`);
    const { episode } = result.state;
    const quiet = episode?.status === "suppressed" || episode?.status === "held";
    const allowed = episode?.lasting === true || episode?.flapping?.holding === true;
    if (quiet && isLoud(event.decision) && answer.reason !== "this delivery was received before" && !allowed && !isOld(answer))
      fail(machine, `promise 1: nothing keeps ${received.alert.dedupKey} quiet, yet its incident is ${episode?.status}`);
    const held = Object.values(result.state.alerts).some((row) => row.dedupKey === received.alert.dedupKey);
    if (!held) fail(machine, `I1: alert ${received.alert.dedupKey} was answered and is nowhere`);
  });
}

/**
 * An alert ends by itself neither before nor after the time its source gave last, and takes its incident along only when it goes
 * by its alerts and no other fires.
 */
function checkExpiry(machine: Machine, before: IncidentState, event: Event, result: StepResult, now: number, fail: Fail): void {
  const [was, is] = [before.episode, result.state.episode];
  const inside = (state: IncidentState, n: number) => Object.values(state.alerts).filter((row) => row.episode === n);
  if (event.type === "receive" && is !== null)
    for (const [i, { alert, integration }] of event.alerts.entries()) {
      // Two that the sender gave one delivery id are one: only the first is read.
      const answer = result.reply.kind === "received" ? result.reply.results[i] : undefined;
      if (answer?.reason === "this delivery was received before") continue;
      const row = inside(result.state, is.n).find((each) => each.dedupKey === alert.dedupKey && each.integration === integration);
      if (row?.firing !== true || alert.action !== "trigger" || row.lastAt !== now || (alert.expiresAt ?? 0) <= now) continue;
      if ((row.expiresAt ?? Infinity) < (alert.expiresAt ?? Infinity))
        fail(machine, `expiry: ${row.dedupKey} was renewed in vain`);
    }
  if (event.type !== "wake" || !was || !is || was.id !== is.id) return;
  const open = is.status !== "resolved" && is.status !== "merged";
  for (const row of inside(result.state, is.n)) {
    const ran = before.alerts[row.key];
    if (open && row.firing && row.expiresAt != null && row.expiresAt <= now)
      fail(machine, `expiry: ${row.dedupKey} has run out and still counts as firing`);
    if (ran?.firing === true && !row.firing && (ran.expiresAt ?? Infinity) > now)
      fail(machine, `expiry: ${row.dedupKey} ended by itself before its time`);
  }
  const lapsed = inside(result.state, is.n).some((row) => !row.firing && before.alerts[row.key]?.firing === true);
  if (was.status !== is.status && is.status === "resolved" && lapsed) {
    const left = inside(result.state, is.n).filter((row) => row.firing).length;
    const { resolveOn } = is.decision;
    if (resolveOn === "manual" || (resolveOn === "all" && left > 0))
      fail(machine, `expiry: resolved with ${left} alerts firing, by resolveOn ${resolveOn}`);
  }
}

/** Older than the source's own last word: recorded, and rightly not applied. */
function isOld(answer: AlertResult): boolean {
  return answer.reason.startsWith("older than");
}

function rowsDiffer(before: IncidentState, after: IncidentState): boolean {
  return Object.values(after.alerts).some((row) => before.alerts[row.key] !== row);
}

/** What happened is owed to the connectors from the commit on in which it happened. */
function checkIntents(machine: Machine, before: IncidentState, event: Event, result: StepResult, fail: Fail): void {
  for (const was of Object.values(before.posts)) {
    const is = result.state.posts[was.id];
    const waited = was.status === "pending" || was.status === "sending";
    if (waited && is === undefined) fail(machine, `posts: ${was.id} waited for ${was.connector} and is gone`);
    if (waited && is?.status === "failed" && !(event.type === "result" && event.delivery === was.id))
      fail(machine, `posts: ${was.id} waited for ${was.connector} and was dropped by a ${event.type}`);
  }
  const owed = new Set(["opened", "reopened", "acknowledged", "resolved", "auto-resolved", "exhausted", "note"]);
  for (const entry of result.entries) {
    if (!owed.has(entry.kind) || !result.state.roster?.connectors?.["desk"]) continue;
    const found = Object.values(result.state.posts).some(
      (post) => post.connector === "desk" && post.content.event.seq === entry.seq,
    );
    if (!found) fail(machine, `posts: ${entry.kind} (${entry.seq}) happened and desk is not to be told`);
  }
}

/** None is lost, none comes twice but by a crash or a lost answer, each connector hears of an incident in order. */
function checkPosts(
  all: readonly { readonly machine: Machine; readonly post: Post }[],
  providers: readonly Provider[],
  fail: Fail,
): void {
  const known = new Map(all.map((each) => [each.post.id, each]));
  const arrived = Map.groupBy(
    providers.flatMap((provider) => provider.arrivals),
    (id) => id,
  );
  for (const { machine, post } of all) {
    const copies = arrived.get(post.id)?.length ?? 0;
    if (post.status === "pending" || post.status === "sending")
      fail(machine, `posts: ${post.id} is still ${post.status} at rest`);
    if ((post.status === "accepted" || post.status === "delivered") && copies === 0)
      fail(machine, `posts: ${post.id} counts as told and never arrived`);
    if (copies > 1 + post.lost)
      fail(machine, `posts: ${copies} copies of ${post.id} to ${post.connector}, ${post.lost} tries were lost`);
    const kept = machine.d1.posts.get(post.id);
    if (kept?.status !== post.status)
      fail(machine, `posts: ${post.id} is ${kept?.status ?? "nowhere"} in D1 and was ${post.status}`);
  }
  for (const provider of providers) {
    const last = new Map<Machine, number>();
    for (const id of new Set(provider.arrivals)) {
      const found = known.get(id);
      if (!found) continue;
      const { seq } = found.post.content.event;
      if (seq < (last.get(found.machine) ?? 0)) fail(found.machine, `posts: ${id} came to ${provider.id} after a later event`);
      last.set(found.machine, seq);
    }
  }
}

function checkSeq(machine: Machine, before: IncidentState, result: StepResult, fail: Fail): void {
  let last = before.seq;
  for (const entry of result.entries) {
    if (entry.seq <= last) fail(machine, `I5: seq ${entry.seq} after ${last}`);
    last = entry.seq;
  }
  if (result.state.seq < last) fail(machine, "I5: the state's seq is behind its timeline");
}

function checkRest(machine: Machine, providers: readonly Provider[], fail: Fail): void {
  const { state, entries } = machine.durable;
  const seen = (d: Delivery): number => providers.find((p) => p.id === d.via)?.seen.get(d.id) ?? 0;
  for (const d of Object.values(state.deliveries)) {
    if (d.status === "pending" || d.status === "sending") fail(machine, `I3: ${d.id} is still ${d.status} at rest`);
    if ((d.status === "accepted" || d.status === "delivered") && seen(d) === 0)
      fail(machine, `I3: ${d.id} counts as sent and never reached the provider`);
  }
  for (const provider of providers) {
    const cap = provider.copyCap;
    for (const [id, copies] of provider.seen) {
      if (ours(machine, id) && copies > cap) fail(machine, `I8: ${copies} copies of ${id} by ${provider.id}, cap ${cap}`);
    }
    for (const [id, calls] of provider.calls) if (ours(machine, id)) checkPace(machine, id, calls, fail);
  }
  const { episode } = state;
  if (episode?.status === "suppressed" && (episode.mutes ?? []).length > 0)
    fail(machine, `promise 1: ${episode.id} is still muted at rest: ${episode.suppressedBy}`);
  if (episode?.status === "held" && episode.holdUntil !== null) fail(machine, `promise 1: ${episode.id} is still held at rest`);
  if (episode?.status === "triggered") {
    const reached = Object.values(state.deliveries).some((d) => d.epoch === episode.epoch && seen(d) > 0);
    if (!reached) fail(machine, `promise 1: ${episode.id} is open at rest and nobody has been reached`);
  }
  checkEveryEpisodeSpoke(machine, providers, fail);
  if (machine.durable.flushedSeq < state.seq) fail(machine, `I6: D1 has ${machine.durable.flushedSeq} of ${state.seq}`);
  for (const entry of entries)
    if (machine.d1.entries.get(entry.seq) !== entry) fail(machine, `I6: timeline row ${entry.seq} is not in D1`);
}

function ours(machine: Machine, delivery: string): boolean {
  return delivery.includes(machine.identity.hash);
}

/** Promise 1: every episode ends in a page or in a written reason why nobody was paged. */
function checkEveryEpisodeSpoke(machine: Machine, providers: readonly Provider[], fail: Fail): void {
  const spoken = new Set([
    "suppressed",
    "unmuted",
    "merged",
    "held",
    "coverage-gap",
    "send-failed",
    "send-expired",
    "send-unknown",
    "acknowledged",
    "snoozed",
    "resolved",
    "auto-resolved",
    "sent",
    "step-empty",
    "fallback",
  ]);
  const byIncident = new Map<string, boolean>();
  for (const entry of machine.durable.entries)
    byIncident.set(entry.incident, (byIncident.get(entry.incident) ?? false) || spoken.has(entry.kind));
  for (const [incident, spoke] of byIncident) {
    const arrived = providers.some((p) => [...p.seen.keys()].some((id) => ours(machine, id)));
    if (!spoke && !arrived) fail(machine, `promise 1: ${incident} ended in silence without a reason`);
  }
}

/** A busy loop passes every other check: tries of one delivery keep their distance. */
function checkPace(machine: Machine, id: string, calls: readonly number[], fail: Fail): void {
  for (let i = 1; i < calls.length; i++) {
    const gap = (calls[i] ?? 0) - (calls[i - 1] ?? 0);
    if (gap < 700) fail(machine, `pace: ${id} was tried again after ${gap} ms`);
  }
  if (calls.length > 130) fail(machine, `pace: ${id} was tried ${calls.length} times`);
}
