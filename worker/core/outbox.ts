// Owns the delivery protocol: claim, lease, result, retry, ambiguity (reliability.md §3). Pure; the shell only carries it out.
// A claim is committed, with the alarm at its lease's end, before the provider hears of it.

import type { Event } from "./event.ts";
import type { Actor, Attempt, Delivery } from "./incident.ts";
import { limits } from "./limits.ts";
import type { Outcome } from "./page.ts";
import { createDelivery, hasten, isOutstanding } from "./paging.ts";
import { backoffMs, noted, waitMs } from "./tries.ts";
import { putDelivery, say, type Turn } from "./turn.ts";

type Result = Extract<Event, { type: "result" }>;
type Receipt = Extract<Event, { type: "receipt" }>;

const bound = limits.send;

/** Claims due deliveries up to the number of free places; each claim becomes a send effect. */
export function claim(turn: Turn): void {
  const all = Object.values(turn.deliveries);
  let free = bound.inFlightMax - all.filter((d) => d.status === "sending").length;
  const due = all.filter((d) => d.status === "pending" && d.nextAt !== null && d.nextAt <= turn.now);
  due.sort((a, b) => (a.nextAt ?? 0) - (b.nextAt ?? 0) || a.seq - b.seq);
  for (const delivery of due) {
    if (free <= 0) return;
    free--;
    const attempt = delivery.attempt + 1;
    putDelivery(turn, {
      ...delivery,
      status: "sending",
      attempt,
      nextAt: null,
      leaseUntil: turn.now + leaseMs(turn, delivery),
    });
    turn.sends.push({ delivery: delivery.id, attempt, lookup: delivery.lost > 0 });
  }
}

/** A claim whose lease ran out without a result: the process died, or the answer was lost. */
export function expireLeases(turn: Turn): void {
  for (const delivery of Object.values(turn.deliveries)) {
    if (delivery.status !== "sending" || delivery.leaseUntil === null || delivery.leaseUntil > turn.now) continue;
    ambiguous(turn, note(turn, delivery, "lost", "no result before the lease ended"), "no result before the lease ended");
  }
}

/** Records what became of a try, unless it is late: another try has begun since, or the delivery is settled. */
export function recordResult(turn: Turn, event: Result): void {
  const delivery = turn.deliveries[event.delivery];
  if (!delivery || delivery.attempt !== event.attempt) return;
  const { outcome } = event;
  if (delivery.status === "cancelled") return recordAfterCancel(turn, delivery, outcome);
  if (!isOutstanding(delivery)) return;
  const noted = note(turn, delivery, outcome.status, "reason" in outcome ? outcome.reason : (outcome.detail ?? ""));
  switch (outcome.status) {
    case "accepted":
    case "delivered":
      putDelivery(turn, { ...noted, status: outcome.status, ref: outcome.ref, nextAt: null, leaseUntil: null });
      return say(
        turn,
        "sent",
        provider(delivery),
        `${delivery.user} by ${delivery.contact}${outcome.detail ? `: ${outcome.detail}` : ""}`,
        facts(delivery, outcome.detail),
      );
    case "retry":
      return retryLater(turn, noted, outcome.reason, outcome.afterMs);
    case "failed":
      return fail(turn, noted, outcome.reason);
    case "unknown":
      return ambiguous(turn, noted, outcome.reason);
  }
}

/** A claim given back before its provider heard of it: it is claimed again when its time comes, and counts no try. */
export function deferSend(turn: Turn, event: Extract<Event, { type: "deferred" }>): void {
  const delivery = turn.deliveries[event.delivery];
  if (delivery?.status !== "sending" || delivery.attempt !== event.attempt) return;
  putDelivery(turn, {
    ...delivery,
    status: "pending",
    attempt: delivery.attempt - 1,
    nextAt: Math.max(event.until, turn.now + 1_000),
    leaseUntil: null,
    bundled: true,
  });
  if (delivery.bundled) return;
  const words = "many incidents at once: waits for a summary";
  say(turn, "bundled", { type: "system", id: "tocsin" }, `${delivery.user} by ${delivery.contact}: ${words}`, {
    ...facts(delivery),
    until: event.until,
  });
}

export function recordReceipt(turn: Turn, event: Receipt): void {
  const delivery = turn.deliveries[event.delivery];
  if (!delivery || delivery.status === "delivered" || delivery.status === "failed" || delivery.status === "cancelled") return;
  if (event.status === "failed") return fail(turn, delivery, event.reason);
  putDelivery(turn, { ...delivery, status: "delivered", nextAt: null, leaseUntil: null });
  say(
    turn,
    "delivered",
    provider(delivery),
    `${delivery.user} by ${delivery.contact}${event.reason ? `: ${event.reason}` : ""}`,
    facts(delivery, event.reason),
  );
}

/** The answer to a send that an acknowledgment overtook: kept for the record, and as what an undo goes back to. */
function recordAfterCancel(turn: Turn, delivery: Delivery, outcome: Outcome): void {
  if (delivery.cancelledFrom !== "sending") return;
  const noted = note(turn, delivery, outcome.status, "reason" in outcome ? outcome.reason : "");
  switch (outcome.status) {
    case "accepted":
    case "delivered":
      putDelivery(turn, { ...noted, ref: outcome.ref, cancelledFrom: outcome.status });
      return say(
        turn,
        "sent",
        provider(delivery),
        `${delivery.user} by ${delivery.contact}: had already left when it was cancelled`,
        { ...facts(delivery), late: true },
      );
    case "failed":
      return putDelivery(turn, { ...noted, cancelledFrom: "failed" });
    case "retry":
      return putDelivery(turn, { ...noted, cancelledFrom: "pending" });
    case "unknown":
      return putDelivery(turn, {
        ...noted,
        lost: delivery.lost + 1,
        cancelledFrom: mayRepeat(turn, delivery, delivery.lost + 1) ? "pending" : "unknown",
      });
  }
}

/** Undoes a cancellation. A send cut off in the middle is taken up as it was: its result may still come, or its lease ends. */
export function restore(turn: Turn, cancelled: Delivery): void {
  const { cancelledFrom: from, resumeAt, ...rest } = cancelled;
  const delivery = { ...rest, cancelledFrom: null };
  const inFlight = Object.values(turn.deliveries).filter((d) => d.status === "sending").length;
  if (from === "sending" && inFlight < bound.inFlightMax) {
    return putDelivery(turn, { ...delivery, status: "sending", leaseUntil: turn.now + leaseMs(turn, cancelled) });
  }
  if (from === "sending" && !mayRepeat(turn, cancelled, delivery.lost + 1)) {
    return putDelivery(turn, { ...delivery, status: "unknown", lost: delivery.lost + 1 });
  }
  if (from === "sending" || from === "pending" || from === null) {
    const byItself = turn.now + (delivery.attempt === 0 ? 0 : backoffMs(delivery, bound.backoffMaxMs));
    return putDelivery(turn, {
      ...delivery,
      status: "pending",
      nextAt: resumeAt === undefined ? byItself : Math.max(resumeAt, turn.now),
      lost: delivery.lost + (from === "sending" ? 1 : 0),
    });
  }
  putDelivery(turn, { ...delivery, status: from });
}

function leaseMs(turn: Turn, delivery: Delivery): number {
  return (turn.roster?.notifiers[delivery.via]?.limitMs ?? bound.limitMsDefault) + bound.leaseMarginMs;
}

/** Whether one more copy is allowed after this many tries of unknown outcome. */
function mayRepeat(turn: Turn, delivery: Delivery, lost: number): boolean {
  const notifier = turn.roster?.notifiers[delivery.via];
  return notifier !== undefined && (notifier.idempotent || lost < notifier.copyCap);
}

function retryLater(turn: Turn, delivery: Delivery, reason: string, afterMs: number | null): void {
  if (isSpent(turn, delivery)) {
    putDelivery(turn, { ...delivery, status: "expired", nextAt: null, leaseUntil: null });
    say(
      turn,
      "send-expired",
      provider(delivery),
      `${delivery.user} by ${delivery.contact}: given up after ${delivery.attempt} tries, last: ${reason}`,
      facts(delivery, reason),
    );
    return hasten(turn, delivery.run);
  }
  putDelivery(turn, { ...delivery, status: "pending", nextAt: turn.now + waitMs(delivery, afterMs, bound), leaseUntil: null });
  if (delivery.attempt === 1)
    say(
      turn,
      "send-retry",
      provider(delivery),
      `${delivery.user} by ${delivery.contact}: ${reason}; trying again`,
      facts(delivery, reason),
    );
}

function fail(turn: Turn, delivery: Delivery, reason: string): void {
  putDelivery(turn, { ...delivery, status: "failed", nextAt: null, leaseUntil: null });
  say(turn, "send-failed", provider(delivery), `${delivery.user} by ${delivery.contact}: ${reason}`, facts(delivery, reason));
  const fallback = turn.roster?.notifiers[delivery.via]?.fallback ?? null;
  const run = turn.episode?.runs.find((each) => each.n === delivery.run && each.epoch === delivery.epoch);
  if (!run) return;
  if (fallback !== null && turn.roster?.notifiers[fallback] !== undefined && !triedVia(turn, delivery, fallback)) {
    createDelivery(turn, { run, rule: delivery.rule, contact: delivery.contact, via: fallback, reason: delivery.page.reason });
  } else hasten(turn, run.n);
}

function triedVia(turn: Turn, delivery: Delivery, via: string): boolean {
  return Object.values(turn.deliveries).some(
    (d) => d.run === delivery.run && d.rule === delivery.rule && d.contact === delivery.contact && d.via === via,
  );
}

/**
 * The provider may or may not have it. An idempotent channel is simply tried again under the same id; another one only
 * while the number of possible copies stays within its cap. It never counts as somebody reached.
 */
function ambiguous(turn: Turn, delivery: Delivery, reason: string): void {
  const lost = delivery.lost + 1;
  if (mayRepeat(turn, delivery, lost)) return retryLater(turn, { ...delivery, lost }, reason, null);
  putDelivery(turn, { ...delivery, lost, status: "unknown", nextAt: null, leaseUntil: null });
  say(
    turn,
    "send-unknown",
    provider(delivery),
    `${delivery.user} by ${delivery.contact}: ${reason}; it may have arrived, not repeated`,
    facts(delivery, reason),
  );
  hasten(turn, delivery.run);
}

function isSpent(turn: Turn, delivery: Delivery): boolean {
  return delivery.attempt >= bound.attemptsMax || turn.now - delivery.dueAt > bound.giveUpAfterMs;
}

function note(turn: Turn, delivery: Delivery, status: Attempt["status"], reason: string): Delivery {
  return noted(delivery, status, reason, turn.now);
}

function provider(delivery: Delivery): Actor {
  return { type: "provider", id: delivery.via };
}

/** `said`: the provider's own words. */
function facts(delivery: Delivery, said?: string): Record<string, unknown> {
  const { id, user, contact, via, attempt } = delivery;
  return { delivery: id, user, contact, via, attempt, ...(said ? { said } : {}) };
}
