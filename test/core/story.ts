// Owns how core tests tell a night: virtual time, a phone that prints what it gets, and a failure for anything unexpected.

import type { Alert } from "../../worker/core/alert.ts";
import type { Decision } from "../../worker/core/decision.ts";
import type { Command, Reply, StepResult } from "../../worker/core/event.ts";
import type { IncidentState, TimelineEntry } from "../../worker/core/incident.ts";
import { violations } from "../../worker/core/invariants.ts";
import type { Outcome } from "../../worker/core/page.ts";
import type { Roster } from "../../worker/core/roster.ts";
import type { Person, Policy, Step, Target } from "../../worker/core/snapshot.ts";
import { emptyState, step } from "../../worker/core/step.ts";
import { nextWake } from "../../worker/core/wake.ts";

export const start = Date.UTC(2026, 10, 24, 3, 0, 0);
export const minute = 60_000;

export function person(id: string, more: Partial<Person> = {}): Person {
  return {
    id,
    name: id,
    email: null,
    timeZone: "UTC",
    role: "responder",
    active: true,
    linkEpoch: 0,
    contacts: [{ id: "sms", via: "sms", to: id }],
    notify: { high: [], low: [] },
    ...more,
  };
}

export const user = (id: string, contact: string | null = null): Target => ({ kind: "user", user: id, contact });

export function policy(steps: readonly (readonly [Target[], number, Partial<Step>?])[], more: Partial<Policy> = {}): Policy {
  return {
    id: "p",
    name: "p",
    steps: steps.map(([notify, minutes, extra]) => ({ notify, escalateAfterMs: minutes * minute, ...extra })),
    repeat: { times: 0, from: 0, waitMs: 0 },
    onExhausted: [],
    lowUrgency: "first-step",
    ...more,
  };
}

export function roster(people: readonly Person[], more: Partial<Roster> = {}): Roster {
  const any = [{ afterMs: 0, contact: "*" }];
  const channel = (id: string) => ({
    id,
    plugin: id,
    config: {},
    secrets: {},
    fallback: null,
    limitMs: 10_000,
    idempotent: true,
    copyCap: 1,
  });
  return {
    tenant: "acme",
    tenantName: "Acme",
    version: 1,
    timeZone: "UTC",
    severities: ["P1", "P2", "P3", "P4"],
    fallback: [],
    defaults: { notify: { high: any, low: any }, ackTimeoutMs: 30 * minute, reopenWindowMs: 5 * minute, autoResolveMs: null },
    people: Object.fromEntries(people.map((each) => [each.id, each])),
    teams: {},
    notifiers: { sms: channel("sms"), push: channel("push"), voice: channel("voice") },
    ...more,
  };
}

export function decision(of: Policy | null, more: Partial<Decision> = {}): Decision {
  return {
    integration: "am",
    service: "svc",
    serviceName: "Svc",
    runbook: null,
    policy: of,
    urgency: "high",
    severities: ["P1", "P2", "P3", "P4"],
    severityMap: { critical: "P1", error: "P2", warning: "P3", info: "P4", unknown: "P3" },
    severity: null,
    route: null,
    routes: [],
    groupKey: null,
    groupWindow: null,
    suppress: null,
    holdMs: null,
    resolveOn: "all",
    reopenWindowMs: 5 * minute,
    ackTimeoutMs: 30 * minute,
    autoResolveMs: null,
    ...more,
  };
}

export interface Night {
  state(): IncidentState;
  /** Lines of what reached a phone and what was written, since the last call. */
  told(): string[];
  /** What entries of a kind hold, since the beginning. */
  written(kind: string): readonly Readonly<Record<string, unknown>>[];
  alert(action: Alert["action"], more?: Partial<Alert>, deliveryId?: string, integration?: string): Reply;
  act(who: string, command: Command): Reply;
  /** What became of a try that the provider kept silent about. */
  result(delivery: string, attempt: number, outcome: Outcome): void;
  /** Lets time pass, waking whenever the incident asks for it. */
  pass(minutes: number): void;
  /** The object was dead for this long: nothing woke. */
  sleep(minutes: number): void;
  configure(next: Roster): void;
  /** Whose turn it is from now on, as the pointer says; null: it does not answer, and the incident waits for it in vain. */
  inTurn(choose: (members: readonly string[]) => string | null): void;
  /** What routing says of alerts from now on. */
  route(next: Decision): void;
  now(): number;
  /** Woken before anything is due, with the present configuration. */
  look(): void;
  /** What the gate says of inhibitions, by route; not there: no answer. */
  inhibited: Readonly<Record<string, boolean>>;
  succeed(groupKey: string): void;
  /** What each channel or connector answers from now on; accepted by default, null: nothing at all. */
  provider(via: string, outcome: Outcome | null): void;
}

const interesting = new Set([
  "step-empty",
  "step-skipped",
  "step-waits",
  "step-retry",
  "policy-started",
  "ack-partial",
  "exhausted",
  "fallback",
  "coverage-gap",
  "repeat",
  "acknowledged",
  "unacknowledged",
  "ack-timeout",
  "snoozed",
  "snooze-ended",
  "reassigned",
  "direct-timeout",
  "resolved",
  "auto-resolved",
  "reopened",
  "suppressed",
  "held",
  "promoted",
  "unmuted",
  "flapping",
  "severity",
  "stale",
  "send-failed",
  "paged-already",
  "responders",
  "escalated",
  "urgency",
  "sla-warning",
  "sla-breached",
]);

export function night(people: Roster, decided: Decision, at = start): Night {
  let now = at;
  let state = emptyState({ tenant: "acme", jurisdiction: null, hash: "0".repeat(26) });
  let config = people;
  let present = decided;
  const lines: string[] = [];
  const entries: TimelineEntry[] = [];
  const answers = new Map<string, Outcome | null>();
  let turns: (members: readonly string[]) => string | null = () => null;
  const clock = (): string => new Date(now).toISOString().slice(11, 19);
  const take = (result: StepResult): Reply => {
    state = result.state;
    entries.push(...result.entries);
    const bad = violations(state);
    if (bad.length > 0) throw new Error(bad.join("; "));
    for (const entry of result.entries) if (interesting.has(entry.kind)) lines.push(`${clock()} ${entry.kind}`);
    for (const send of result.sends) {
      const delivery = state.deliveries[send.delivery];
      const post = state.posts[send.delivery];
      if (!delivery && !post) throw new Error("a send of nothing");
      const via = delivery?.via ?? post?.connector ?? "";
      const about = delivery?.user ?? post?.content.type.replace("incident.", "");
      const answer = answers.get(via);
      const outcome: Outcome | null = answer === undefined ? { status: "accepted", ref: null } : answer;
      const how = outcome === null ? " silence" : outcome.status === "accepted" ? "" : ` ${outcome.status}`;
      lines.push(`${clock()} ${via} ${about}${how}`);
      if (outcome === null) continue;
      take(step(state, { type: "result", delivery: send.delivery, attempt: send.attempt, outcome }, now));
    }
    for (const { ladder, team, members } of result.picks) {
      const chosen = turns(members);
      if (chosen !== null) take(step(state, { type: "picked", ladder, team, user: chosen, roster: null }, now));
    }
    return result.reply;
  };
  const self: Night = {
    inhibited: {},
    look: () => void take(step(state, { type: "wake", roster: config, stale: false, inhibited: self.inhibited }, now)),
    succeed: (groupKey) => void take(step(state, { type: "succeeded", groupKey }, now)),
    state: () => state,
    told: () => lines.splice(0),
    written: (kind) => entries.filter((entry) => entry.kind === kind).map((entry) => entry.data),
    alert(action, more = {}, deliveryId, integration = "am") {
      const alert: Alert = {
        dedupKey: "k",
        action,
        severity: "critical",
        title: "Down",
        body: "",
        labels: {},
        links: [],
        source: "prometheus",
        sourceAt: null,
        test: false,
        ...more,
      };
      return take(
        step(
          state,
          {
            type: "receive",
            alerts: [{ alert, integration, deliveryId: deliveryId ?? null, actor: null }],
            decision: present,
            roster: config,
          },
          now,
        ),
      );
    },
    act: (who, command) =>
      take(
        step(
          state,
          {
            type: "command",
            incident: state.episode?.id ?? "",
            commandId: null,
            actor: { type: "user", id: who },
            command,
            roster: config,
          },
          now,
        ),
      ),
    result: (delivery, attempt, outcome) => void take(step(state, { type: "result", delivery, attempt, outcome }, now)),
    pass(minutes) {
      const until = now + minutes * minute;
      for (let wake = nextWake(state); wake !== null && wake <= until; wake = nextWake(state)) {
        now = Math.max(now, wake);
        take(step(state, { type: "wake", roster: config, stale: false, inhibited: self.inhibited }, now));
      }
      now = until;
    },
    sleep: (minutes) => void (now += minutes * minute),
    configure: (next) => void (config = next),
    inTurn: (choose) => void (turns = choose),
    route: (next) => void (present = next),
    now: () => now,
    provider: (via, outcome) => void answers.set(via, outcome),
  };
  return self;
}
