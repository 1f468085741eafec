// Owns a person's notification rules once started: when each falls due, the page it becomes, and whether a step still
// has anybody who could be reached. Knows nothing of providers.

import type { Delivery, Episode, Run } from "./incident.ts";
import { deliveryId } from "./ids.ts";
import { ladderOf, ownLadder } from "./ladder.ts";
import { limits } from "./limits.ts";
import type { Page, PageReason } from "./page.ts";
import { rulesFor, type Recipient } from "./people.ts";
import type { Id } from "./snapshot.ts";
import { change, episodeOf, putDelivery, say, system, type Turn } from "./turn.ts";

export interface Start {
  readonly part: Run["part"];
  readonly ladder?: number;
  readonly reason: PageReason;
}

/** Starts the person's rules. False: no usable contact. */
export function startRun(turn: Turn, recipient: Recipient, { part, ladder, reason }: Start): boolean {
  const episode = episodeOf(turn);
  const roster = turn.roster;
  if (roster === null) return false;
  // A person asked for by hand is asked urgently, whatever the incident is.
  const urgency = part === "aside" ? "high" : episode.urgency;
  const rules = rulesFor(recipient, urgency, roster);
  if (rules.length === 0) return false;
  const run: Run = {
    n: episode.nextRun,
    epoch: episode.epoch,
    ...(ladder === undefined || ladder === ownLadder ? {} : { ladder }),
    user: recipient.person.id,
    startedAt: turn.now,
    part,
    reason,
    rules: rules.map((rule, n) => ({ at: turn.now + rule.afterMs, contact: rule.contact, n })),
  };
  change(turn, { runs: [...episode.runs, run], nextRun: episode.nextRun + 1 });
  return true;
}

/** Turns every rule that is due into a pending delivery with its frozen page. */
export function fireRules(turn: Turn): void {
  const episode = turn.episode;
  if (episode === null) return;
  for (const run of episode.runs) {
    const due = run.rules.filter((rule) => rule.at <= turn.now);
    if (due.length === 0) continue;
    // Rules that fell due together, after downtime, are one message to a contact.
    const first = due.filter((rule, i) => due.findIndex((other) => other.contact === rule.contact) === i);
    for (const rule of first) intend(turn, run, rule.n, rule.contact);
    replaceRun(turn, { ...run, rules: run.rules.filter((rule) => rule.at > turn.now) });
  }
}

function replaceRun(turn: Turn, run: Run): void {
  change(turn, { runs: episodeOf(turn).runs.map((other) => (other.n === run.n ? run : other)) });
}

function intend(turn: Turn, run: Run, rule: number, contactId: Id): void {
  const contact = turn.roster?.people[run.user]?.contacts.find((each) => each.id === contactId);
  const person = turn.roster?.people[run.user];
  if (!contact || !person?.active || !turn.roster?.notifiers[contact.via]) {
    say(turn, "send-failed", system, `${run.user} by ${contactId}: no longer usable, not paged by it`, {
      user: run.user,
      contact: contactId,
      unusable: true,
    });
    hasten(turn, run.n);
    return;
  }
  if (pagedJustNow(turn, run, contactId)) {
    const lately = `paged within the last ${limits.escalation.sameContactMs / 1_000} s already, not twice`;
    return say(turn, "paged-already", system, `${run.user} by ${contactId}: ${lately}`, {
      user: run.user,
      contact: contactId,
      withinMs: limits.escalation.sameContactMs,
    });
  }
  createDelivery(turn, { run, rule, contact: contactId, via: contact.via, reason: run.reason });
}

/** Two levels that reach the same phone within a minute are one page (features.md §4.8). */
function pagedJustNow(turn: Turn, run: Run, contact: Id): boolean {
  return Object.values(turn.deliveries).some(
    (other) =>
      other.epoch === run.epoch &&
      other.run !== run.n &&
      other.user === run.user &&
      other.contact === contact &&
      turn.now - other.dueAt < limits.escalation.sameContactMs &&
      (isOutstanding(other) || wasReached(other)),
  );
}

export interface Intent {
  readonly run: Run;
  readonly rule: number;
  readonly contact: Id;
  readonly via: Id;
  readonly reason: PageReason;
}

export function createDelivery(turn: Turn, intent: Intent): void {
  const episode = episodeOf(turn);
  const { run, rule, contact, via } = intent;
  const id = deliveryId(turn.before.identity, turn.now, [episode.id, run.epoch, run.n, rule, run.user, contact, via]);
  if (turn.deliveries[id]) return;
  putDelivery(turn, {
    id,
    incident: episode.id,
    epoch: run.epoch,
    run: run.n,
    rule,
    user: run.user,
    contact,
    via,
    status: "pending",
    dueAt: turn.now,
    nextAt: turn.now,
    leaseUntil: null,
    attempt: 0,
    lost: 0,
    ref: null,
    attempts: [],
    cancelledFrom: null,
    page: frozenPage(turn, episode, id, intent),
  });
  say(turn, "paged", system, `${run.user} by ${contact}: ${intent.reason.text}`, {
    user: run.user,
    contact,
    via,
    delivery: id,
    step: intent.reason.step,
    round: intent.reason.round,
    ...(intent.reason.why === undefined ? {} : { why: intent.reason.why }),
    ...(intent.reason.cause === undefined ? {} : { cause: intent.reason.cause }),
  });
}

function frozenPage(turn: Turn, episode: Episode, id: string, intent: Intent): Page {
  const person = turn.roster?.people[intent.run.user];
  const contact = person?.contacts.find((each) => each.id === intent.contact);
  return {
    delivery: id,
    sentAt: turn.now,
    tenant: { id: turn.before.identity.tenant, name: turn.roster?.tenantName ?? turn.before.identity.tenant },
    person: {
      id: intent.run.user,
      name: person?.name ?? intent.run.user,
      timeZone: person?.timeZone ?? turn.roster?.timeZone ?? "UTC",
    },
    contact: { id: intent.contact, to: contact?.to ?? "" },
    incident: {
      id: episode.id,
      title: episode.title,
      body: episode.body,
      severity: episode.severity,
      urgency: episode.urgency,
      status: episode.status,
      service: episode.decision.service,
      openedAt: episode.openedAt,
      runbook: episode.decision.runbook,
      labels: episode.labels,
    },
    reason: intent.reason,
  };
}

/** Brings the person's next rule forward: the contact before it is out for good and nothing else of theirs is on its way. */
export function hasten(turn: Turn, runNumber: number): void {
  const run = episodeOf(turn).runs.find((each) => each.n === runNumber);
  if (!run || run.rules.length === 0) return;
  const alive = Object.values(turn.deliveries).some(
    (d) => d.run === runNumber && d.epoch === run.epoch && (isOutstanding(d) || wasReached(d)),
  );
  if (alive) return;
  const next = Math.min(...run.rules.map((rule) => rule.at));
  if (next <= turn.now) return;
  replaceRun(turn, { ...run, rules: run.rules.map((rule) => (rule.at === next ? { ...rule, at: turn.now } : rule)) });
}

export function isOutstanding(delivery: Delivery): boolean {
  return delivery.status === "pending" || delivery.status === "sending";
}

export function wasReached(delivery: Delivery): boolean {
  return delivery.status === "accepted" || delivery.status === "delivered";
}

/** Somebody was certainly reached since the last new wave. A send of unknown outcome does not count. */
export function anybodyReached(turn: Turn): boolean {
  const { epoch, id } = episodeOf(turn);
  return Object.values(turn.deliveries).some((d) => d.incident === id && d.epoch === epoch && wasReached(d));
}

/** Every contact of everyone in the present step of a ladder failed for good, or is gone. */
export function stepIsDead(turn: Turn, n: number): boolean {
  const { firstRun, phase } = ladderOf(turn, n);
  const mine = episodeOf(turn).runs.filter(
    (run) => run.part === "ladder" && (run.ladder ?? ownLadder) === n && run.n >= firstRun,
  );
  if (mine.length === 0) return false;
  // Where no time runs that would ask the next level, a page of unknown outcome is no reason to rest.
  const over = (d: Delivery): boolean =>
    d.status === "failed" || d.status === "expired" || (phase === "stopped" && d.status === "unknown");
  return mine.every((run) => {
    const theirs = Object.values(turn.deliveries).filter((d) => d.user === run.user && d.epoch === run.epoch);
    const own = theirs.filter((d) => d.run === run.n);
    // None of its own: its contacts are gone, or its page was another one's, which is the one to look at.
    const tried = own.length > 0 ? own : theirs;
    return run.rules.length === 0 && tried.every(over);
  });
}

/** Cancels everything not yet certainly out, of one person or of all; answers what it cancelled, for an undo. */
export function cancelOutstanding(turn: Turn, user?: Id): readonly string[] {
  const cancelled: string[] = [];
  for (const delivery of Object.values(turn.deliveries)) {
    if (!isOutstanding(delivery) || (user !== undefined && delivery.user !== user)) continue;
    const waited = delivery.nextAt === null ? {} : { resumeAt: delivery.nextAt };
    putDelivery(turn, {
      ...delivery,
      status: "cancelled",
      cancelledFrom: delivery.status,
      nextAt: null,
      leaseUntil: null,
      ...waited,
    });
    cancelled.push(delivery.id);
  }
  return cancelled;
}
