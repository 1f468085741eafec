// Owns `pending`: everything that will happen to an incident if nobody acts. Derived by running step() forward with sends
// that all succeed; never stored, so it cannot disagree with what the incident will do.

import type { Event, PickEffect, StepResult } from "./event.ts";
import { closesByLapse } from "./expiry.ts";
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
  /** What the record would hold, for whoever says it in another language. */
  readonly told?: { readonly kind: TimelineKind; readonly data: Readonly<Record<string, unknown>> };
}

const kinds: Partial<Record<TimelineKind, PendingItem["kind"]>> = {
  step: "escalate",
  "policy-started": "policy",
  repeat: "repeat",
  exhausted: "exhausted",
  fallback: "fallback",
  "ack-timeout": "unack",
  unacknowledged: "unack",
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

export interface ForesightOptions {
  readonly itemsMax: number;
  /** Wakes in a row of which nothing comes (nobody reachable, asked again each minute) after which nothing more is expected. */
  readonly idleMax: number;
  /** Whose turn it is, where a team is paged in turn; without it nobody says, and one is drawn. */
  choose?(pick: PickEffect): Id | null;
}

export interface Foresight {
  /** In order of time. */
  readonly items: readonly PendingItem[];
  /** What the incident would write on its way there. */
  readonly entries: readonly TimelineEntry[];
  /** More would follow. */
  readonly truncated: boolean;
}

/** In order of time, at most limits.incident.pendingMax items. */
export function forecast(state: IncidentState, now: number): readonly PendingItem[] {
  return foresee(state, now, { itemsMax: limits.incident.pendingMax, idleMax: limits.incident.pendingIdleMax }).items;
}

/** Everything to come, if nobody acts and every send succeeds. */
export function foresee(state: IncidentState, now: number, options: ForesightOptions): Foresight {
  const { itemsMax, idleMax } = options;
  const items = [...outstanding(state, now), ...lapseOf(state, now)];
  const entries: TimelineEntry[] = [];
  const present = state.episode?.ladder.step ?? -1;
  // What connectors are told moves nothing.
  let next: IncidentState = {
    ...renewed(withoutLooks(state)),
    posts: {},
    roster: state.roster && { ...state.roster, connectors: {} },
  };
  let over = false;
  for (let idle = 0; idle < idleMax && items.length < itemsMax;) {
    const at = nextWake(next);
    over = at === null;
    if (at === null) break;
    const time = Math.max(at, now);
    const settled = settleSends(step(next, wake, time), time, options);
    const found = [...settled.entries.flatMap((entry) => itemOf(entry)), ...newPages(next, settled.state)];
    idle = found.length === 0 ? idle + 1 : 0;
    over = idle >= idleMax;
    items.push(...found);
    entries.push(...settled.entries);
    next = settled.state;
  }
  const ahead = items
    .filter((item) => !(item.kind === "escalate" && item.step === present + 1 && item.at <= now))
    .toSorted((a, b) => a.at - b.at);
  return { items: ahead.slice(0, itemsMax), entries, truncated: !over || ahead.length > itemsMax };
}

/** What an incident looks at by itself changes nothing in a plan. */
function withoutLooks(state: IncidentState): IncidentState {
  return state.episode === null ? state : { ...state, episode: { ...state.episode, mutesLookAt: null } };
}

/** Senders that renew their alerts do: what comes after the present word's end is planned too, and that end is said beside it. */
function renewed(state: IncidentState): IncidentState {
  const alerts = Object.entries(state.alerts).map(([key, row]) => [
    key,
    row.expiresAt == null ? row : { ...row, expiresAt: null },
  ]);
  return { ...state, alerts: Object.fromEntries(alerts) };
}

function lapseOf(state: IncidentState, now: number): PendingItem[] {
  const at = closesByLapse(state);
  const reason = "unless its source says again that it still fires";
  return at === null
    ? []
    : [{ at: Math.max(at, now), kind: "auto-resolve", user: null, contact: null, step: null, round: null, reason }];
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

/** Pages that were not there before. */
export function newPages(before: IncidentState, after: IncidentState): PendingItem[] {
  return Object.values(after.deliveries)
    .filter((d) => before.deliveries[d.id] === undefined)
    .map(pageItem);
}

function pageItem(delivery: Delivery): PendingItem {
  const { step: stepNumber, round, text, why, cause } = delivery.page.reason;
  const { user, contact } = delivery;
  return {
    at: delivery.dueAt,
    kind: "page",
    user: delivery.user,
    contact: delivery.contact,
    step: stepNumber || null,
    round,
    reason: text,
    told: {
      kind: "paged",
      data: { user, contact, step: stepNumber, round, ...(why ? { why } : {}), ...(cause ? { cause } : {}) },
    },
  };
}

function itemOf(entry: TimelineEntry): PendingItem[] {
  const kind = kinds[entry.kind];
  if (kind === undefined) return [];
  const stepNumber = typeof entry.data["step"] === "number" ? entry.data["step"] : null;
  const round = typeof entry.data["round"] === "number" ? entry.data["round"] : null;
  return [
    {
      at: entry.at,
      kind,
      user: null,
      contact: null,
      step: stepNumber,
      round,
      reason: entry.reason,
      told: { kind: entry.kind, data: entry.data },
    },
  ];
}

/** Every question is answered and every send in flight succeeds at once: the plan, not the weather. */
export function settleSends(
  result: StepResult,
  now: number,
  { choose }: Pick<ForesightOptions, "choose">,
): { readonly state: IncidentState; readonly entries: readonly TimelineEntry[] } {
  const entries = [...result.entries];
  const picks = [...result.picks];
  let { state } = result;
  const go = (event: Event): void => {
    const next = step(state, event, now);
    state = next.state;
    entries.push(...next.entries);
    picks.push(...next.picks);
  };
  for (let round = 0; round < limits.incident.settleRoundsMax; round++) {
    const pick = choose === undefined ? undefined : picks.shift();
    if (pick !== undefined && choose !== undefined) {
      go({ type: "picked", ladder: pick.ladder, team: pick.team, user: choose(pick), roster: null });
      continue;
    }
    const sending = Object.values(state.deliveries).find((d) => d.status === "sending");
    if (sending === undefined) break;
    go({ type: "result", delivery: sending.id, attempt: sending.attempt, outcome: { status: "accepted", ref: null } });
  }
  return { state, entries };
}
