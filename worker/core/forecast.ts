// Owns `pending`: everything that will happen to an incident if nobody acts. Derived by running step() forward with sends
// that all succeed; never stored, so it cannot disagree with what the incident will do.

import type { Event } from "./event.ts";
import type { Delivery, IncidentState, TimelineEntry, TimelineKind } from "./incident.ts";
import { limits } from "./limits.ts";
import type { Id } from "./snapshot.ts";
import { step } from "./step.ts";
import { nextWake } from "./wake.ts";

export interface PendingItem {
  readonly at: number;
  readonly kind:
    | "page"
    | "escalate"
    | "policy"
    | "repeat"
    | "exhausted"
    | "fallback"
    | "retry"
    | "unack"
    | "snooze-end"
    | "hold-end"
    | "mute-end"
    | "auto-resolve"
    | "sla"
    | "urgency"
    | "direct-timeout";
  readonly user: Id | null;
  readonly contact: Id | null;
  /** 1-based; null where no step is meant. */
  readonly step: number | null;
  readonly round: number | null;
  readonly reason: string;
}

const kinds: Partial<Record<TimelineKind, PendingItem["kind"]>> = {
  step: "escalate",
  "policy-started": "policy",
  repeat: "repeat",
  exhausted: "exhausted",
  fallback: "fallback",
  "ack-timeout": "unack",
  "snooze-ended": "snooze-end",
  promoted: "hold-end",
  unmuted: "mute-end",
  "auto-resolved": "auto-resolve",
  "sla-warning": "sla",
  "sla-breached": "sla",
  urgency: "urgency",
  "direct-timeout": "direct-timeout",
};

const wake: Event = { type: "wake", roster: null, stale: false, inhibited: "assumed" };

/** In order of time, at most limits.incident.pendingMax items. */
export function forecast(state: IncidentState, now: number): readonly PendingItem[] {
  const items = outstanding(state, now);
  const present = state.episode?.ladder.step ?? -1;
  // What connectors are told moves nothing.
  let next: IncidentState = { ...state, posts: {}, roster: state.roster && { ...state.roster, connectors: {} } };
  for (let idle = 0; idle < 3 && items.length < limits.incident.pendingMax;) {
    const at = nextWake(next);
    if (at === null) break;
    const time = Math.max(at, now);
    const result = step(next, wake, time);
    const found = [...result.entries.flatMap((entry) => itemOf(entry)), ...newPages(next, result.state)];
    idle = found.length === 0 ? idle + 1 : 0;
    items.push(...found);
    next = answerAll(result.state, time);
  }
  return items
    .filter((item) => !(item.kind === "escalate" && item.step === present + 1 && item.at <= now))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, limits.incident.pendingMax);
}

/** Pages already intended and not yet out: waiting for a place or for their next try. */
function outstanding(state: IncidentState, now: number): PendingItem[] {
  return Object.values(state.deliveries)
    .filter((d) => d.status === "pending" || d.status === "sending")
    .map((d) => ({
      ...pageItem(d),
      at: Math.max(d.nextAt ?? now, now),
      kind: d.attempt > 0 ? ("retry" as const) : ("page" as const),
    }));
}

function newPages(before: IncidentState, after: IncidentState): PendingItem[] {
  return Object.values(after.deliveries)
    .filter((d) => before.deliveries[d.id] === undefined)
    .map(pageItem);
}

function pageItem(delivery: Delivery): PendingItem {
  const { step: stepNumber, round, text } = delivery.page.reason;
  return {
    at: delivery.dueAt,
    kind: "page",
    user: delivery.user,
    contact: delivery.contact,
    step: stepNumber || null,
    round,
    reason: text,
  };
}

function itemOf(entry: TimelineEntry): PendingItem[] {
  const kind = kinds[entry.kind];
  if (kind === undefined) return [];
  const stepNumber = typeof entry.data["step"] === "number" ? entry.data["step"] : null;
  const round = typeof entry.data["round"] === "number" ? entry.data["round"] : null;
  return [{ at: entry.at, kind, user: null, contact: null, step: stepNumber, round, reason: entry.reason }];
}

/** Every send in flight succeeds at once: the plan, not the weather. */
function answerAll(state: IncidentState, now: number): IncidentState {
  let next = state;
  for (let round = 0; round < 100; round++) {
    const sending = Object.values(next.deliveries).filter((d) => d.status === "sending");
    if (sending.length === 0) return next;
    for (const d of sending) {
      next = step(
        next,
        { type: "result", delivery: d.id, attempt: d.attempt, outcome: { status: "accepted", ref: null } },
        now,
      ).state;
    }
  }
  return next;
}
