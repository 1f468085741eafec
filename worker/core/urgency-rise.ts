// Owns what happens when the hour makes a low urgency high, and when its calendar is edited before that.

import { rewave } from "./escalation.ts";
import { startRun } from "./paging.ts";
import { change, episodeOf, say, system, type Turn } from "./turn.ts";
import { risesAfter, urgencyAt } from "./urgency.ts";

/** Asks an edited calendar anew; a rise that it puts into the past is due now. */
export function rearmUrgency(turn: Turn): void {
  const { decision, urgency, urgencyRisesAt } = episodeOf(turn);
  const rule = decision.urgencyByHour;
  if (!rule || urgency === "high" || !urgencyRisesAt) return;
  const hours = turn.roster?.businessHours?.[rule.hours.id];
  if (hours === undefined || JSON.stringify(hours) === JSON.stringify(rule.hours)) return;
  const edited = { ...rule, hours };
  const at = urgencyAt(edited, turn.now) === "high" ? turn.now : risesAfter(edited, turn.now);
  change(turn, { decision: { ...decision, urgencyByHour: edited }, urgencyRisesAt: at });
  say(
    turn,
    "urgency",
    system,
    `${hours.id} was edited: the urgency ${at === null ? "stays low" : `rises at ${new Date(at).toISOString()}`}`,
    {
      from: urgencyRisesAt,
      to: at,
      hours: hours.id,
      edited: true,
    },
  );
}

/**
 * The time has come that makes it high (features.md §4.13): the policy begins at its first step where nobody has
 * acknowledged; whoever has is paged once. A snoozed, held or suppressed incident stays as quiet as it is.
 */
export function raiseUrgency(turn: Turn): void {
  const { decision, status, snoozedUntil, acknowledgedBy, ackTimeoutAt } = episodeOf(turn);
  const why = setHigh(turn);
  const ackTimeoutMs = decision.urgencyByHour?.ackTimeoutMs ?? null;
  if (status === "triggered") return rewave(turn, 0, []);
  if (status !== "acknowledged" || snoozedUntil !== null) return;
  if (ackTimeoutAt === null && ackTimeoutMs !== null) change(turn, { ackTimeoutAt: turn.now + ackTimeoutMs });
  const person = acknowledgedBy === null ? undefined : turn.roster?.people[acknowledgedBy];
  if (!person?.active) return;
  const via = "has it";
  const told = { code: "has-it", hours: decision.urgencyByHour?.hours.id ?? null };
  const reason = {
    policy: decision.policy?.id ?? null,
    step: 0,
    round: 1,
    via,
    text: `you have it; its urgency has risen to high ${why}`,
    why: told,
  };
  startRun(turn, { person, contact: null, via, why: told }, { part: "aside", reason });
}

/** For an incident that is re-opened: the time came while it was closed. Whoever re-opens it pages. */
export function riseUnseen(turn: Turn): void {
  const at = episodeOf(turn).urgencyRisesAt ?? null;
  if (at !== null && at <= turn.now) setHigh(turn);
}

function setHigh(turn: Turn): string {
  const { decision } = episodeOf(turn);
  const rule = decision.urgencyByHour;
  change(turn, {
    urgency: "high",
    urgencyRisesAt: null,
    decision: { ...decision, urgency: "high", ackTimeoutMs: rule ? rule.ackTimeoutMs : decision.ackTimeoutMs },
  });
  const why = rule ? `by ${rule.hours.id}` : "by its calendar";
  say(turn, "urgency", system, `the urgency rises from low to high ${why}`, {
    from: "low",
    to: "high",
    hours: rule?.hours.id ?? null,
  });
  return why;
}
