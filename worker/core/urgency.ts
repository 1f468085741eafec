// Owns urgency by the hour: what a calendar makes of it at an instant, and when a low one rises. What a rise does is
// urgency-rise.ts's.

import { isOpenAt, nextClosing, nextOpening, type BusinessHours } from "./calendar.ts";
import type { Service, Snapshot, Urgency } from "./snapshot.ts";

/** A service's rule with its calendar, frozen with the decision. */
export interface UrgencyByHour {
  readonly inHours: Urgency;
  readonly outOfHours: Urgency;
  readonly hours: BusinessHours;
  /** The acknowledgment timeout under high urgency. */
  readonly ackTimeoutMs: number | null;
}

type Rule = Pick<UrgencyByHour, "inHours" | "outOfHours" | "hours">;

/** The service's rule; null: it has none, or its calendar is gone. */
export function urgencyRuleOf(service: Service | undefined, snapshot: Snapshot): Rule | null {
  const rule = service?.urgencyByHour;
  const hours = rule === undefined ? undefined : snapshot.businessHours?.[rule.hours];
  return rule === undefined || hours === undefined ? null : { inHours: rule.inHours, outOfHours: rule.outOfHours, hours };
}

/** When an incident decided at `now` becomes urgent by itself; null: it is, or never does. */
export function riseOf(
  decided: { readonly urgency: Urgency; readonly urgencyByHour?: UrgencyByHour | null },
  now: number,
): number | null {
  return decided.urgencyByHour && decided.urgency === "low" ? risesAfter(decided.urgencyByHour, now) : null;
}

export function urgencyAt({ inHours, outOfHours, hours }: Rule, at: number): Urgency {
  return isOpenAt(hours, at) ? inHours : outOfHours;
}

/** When the calendar next makes it high, after `at`; null: it is high, or stays low. */
export function risesAfter(rule: Rule, at: number): number | null {
  if (urgencyAt(rule, at) === "high") return null;
  const open = isOpenAt(rule.hours, at);
  if ((open ? rule.outOfHours : rule.inHours) === "low") return null;
  return open ? nextClosing(rule.hours, at) : nextOpening(rule.hours, at);
}
