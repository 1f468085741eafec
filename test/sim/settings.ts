// Owns what a seed decides before the run: the people, the policy, and which kinds of trouble this run knows (swarm
// testing: every run leaves some out and overdoes others, so that rare mixes happen).

import type { Decision } from "../../worker/core/decision.ts";
import type { Mute } from "../../worker/core/mute.ts";
import type { Roster } from "../../worker/core/roster.ts";
import type { Connector, Person, Policy, Target } from "../../worker/core/snapshot.ts";
import { drawSchedule } from "./oncall.ts";
import type { Chance } from "./prng.ts";

export const personIds = ["ana", "bo", "eva", "kim", "cto"] as const;
export const channels = [
  { id: "hook", idempotent: true, copyCap: 1 },
  { id: "mail", idempotent: false, copyCap: 2 },
  { id: "sms", idempotent: false, copyCap: 1 },
] as const;

/** Who is told: one that hears everything and drops repeats, one that hears some of it and does not. */
export const connectors: readonly Connector[] = [
  { id: "desk", on: ["*"], idempotent: true, copyCap: 1 },
  { id: "board", on: ["opened", "acknowledged", "resolved", "exhausted"], idempotent: false, copyCap: 2 },
].map((each) => ({ ...each, plugin: each.id, config: {}, secrets: {}, when: null, limitMs: 10_000 }));

export interface Swarm {
  readonly incidentsPerDay: number;
  readonly crash: number;
  readonly lateAlarm: number;
  readonly weather: number;
  readonly configChange: number;
  readonly clockStep: number;
  readonly d1Outage: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly people: number;
  readonly downtime: number;
  readonly lateAnswer: number;
  /** People who act in the very moment a page leaves. */
  readonly race: number;
  readonly merges: number;
}

export function drawSwarm(chance: Chance): Swarm {
  const knob = (max: number): number => (chance.hit(0.3) ? 0 : chance.next() * chance.next() * max);
  return {
    incidentsPerDay: 1 + chance.next() * 5,
    crash: knob(0.25),
    lateAlarm: knob(0.3),
    weather: knob(6),
    configChange: knob(6),
    clockStep: chance.hit(0.7) ? 0 : knob(2),
    d1Outage: knob(4),
    duplicate: knob(0.5),
    reorder: knob(0.4),
    people: knob(1),
    downtime: knob(2),
    lateAnswer: knob(0.3),
    race: knob(0.4),
    merges: knob(3),
  };
}

export function drawPolicy(chance: Chance, id = "p"): Policy {
  const steps = Array.from({ length: chance.int(0, 20) === 0 ? 0 : chance.int(1, 4) }, () => drawStep(chance));
  return {
    id,
    name: id,
    steps,
    repeat: {
      times: chance.int(0, 2),
      from: steps.length === 0 ? 0 : chance.int(0, steps.length - 1),
      waitMs: chance.hit(0.3) ? 60_000 : 0,
    },
    onExhausted: chance.hit(0.5) ? [chance.hit(0.15) ? { kind: "policy", policy: "r" } : user("cto")] : [],
    lowUrgency: chance.hit(0.5) ? "first-step" : "escalate",
  };
}

function drawStep(chance: Chance): Policy["steps"][number] {
  const fancy = chance.hit(0.4);
  return {
    notify: drawTargets(chance),
    escalateAfterMs: chance.int(1, 30) * 30_000,
    ...(fancy && chance.hit(0.3) ? { until: "resolved" as const } : {}),
    ...(fancy && chance.hit(0.3) ? { when: chance.pick(conditions) } : {}),
    ...(fancy && chance.hit(0.3) ? { acksRequired: chance.pick([2, 3, "all"] as const) } : {}),
    ...(fancy && chance.hit(0.3) ? { retry: { times: chance.int(1, 3), everyMs: chance.int(1, 6) * 30_000 } } : {}),
  };
}

/** The last one cannot be read: its step is paged. */
const conditions = ['incident.severity == "P1"', 'incident.urgency == "high"', "num(incident.labels.nothing) > 1.0"] as const;

function user(id: string, contact: string | null = null): Target {
  return { kind: "user", user: id, contact };
}

const groups: readonly Target[] = [
  { kind: "team", team: "team" },
  { kind: "team", team: "team" },
  { kind: "team", team: "team", strategy: "round-robin" },
  { kind: "team", team: "others", strategy: "round-robin" },
  { kind: "team", team: "others", strategy: "random" },
  { kind: "owner" },
  { kind: "schedule", schedule: "sre", who: "current" },
  { kind: "schedule", schedule: "sre", who: "current" },
  { kind: "schedule", schedule: "night", who: "current" },
  { kind: "schedule", schedule: "night", who: "next" },
  { kind: "policy", policy: "q" },
  { kind: "policy", policy: "unknown" },
];

function drawTargets(chance: Chance): Target[] {
  const count = chance.int(1, 3);
  return Array.from({ length: count }, () =>
    chance.hit(0.4) ? chance.pick(groups) : user(chance.pick(personIds), chance.hit(0.1) ? "mail" : null),
  );
}

/** A roster as somebody might have configured it at this moment: people without contacts, empty teams, missing notifiers. */
export function drawRoster(chance: Chance, version: number, whole: boolean, now: number): Roster {
  const people: Record<string, Person> = {};
  for (const id of personIds) {
    const reachable = whole || chance.hit(0.75);
    people[id] = {
      id,
      name: id,
      email: null,
      timeZone: "UTC",
      role: "responder",
      linkEpoch: 0,
      active: whole || chance.hit(0.92),
      contacts: reachable
        ? channels.filter(() => whole || chance.hit(0.7)).map((c) => ({ id: c.id, via: c.id, to: `${id}@${c.id}` }))
        : [],
      notify: { high: chance.hit(0.6) ? drawRules(chance) : [], low: chance.hit(0.4) ? drawRules(chance) : [] },
    };
  }
  const any = [{ afterMs: 0, contact: "*" }];
  return {
    tenant: "acme",
    tenantName: "Acme",
    version,
    timeZone: "UTC",
    severities: ["P1", "P2", "P3", "P4"],
    fallback: whole || chance.hit(0.85) ? [user("cto"), user("eva")] : [],
    defaults: { notify: { high: any, low: any }, ackTimeoutMs: 1_800_000, reopenWindowMs: 300_000, autoResolveMs: null },
    people,
    teams: {
      team: { id: "team", name: "team", members: whole || chance.hit(0.8) ? ["kim", "bo"] : [], managers: [] },
      others: { id: "others", name: "others", members: ["ana", "eva", "kim"], managers: [] },
    },
    schedules: {
      sre: drawSchedule(chance, "sre", personIds, now),
      ...(whole || chance.hit(0.9) ? { night: drawSchedule(chance, "night", personIds, now) } : {}),
    },
    notifiers: Object.fromEntries(
      channels
        .filter(() => whole || chance.hit(0.95))
        .map((c) => [
          c.id,
          {
            ...c,
            plugin: c.id,
            config: {},
            secrets: {},
            fallback: c.id === "sms" && chance.hit(0.5) ? "hook" : null,
            limitMs: 10_000,
          },
        ]),
    ),
    connectors: Object.fromEntries(connectors.map((each) => [each.id, each])),
  };
}

function drawRules(chance: Chance): Person["notify"]["high"] {
  return channels.filter(() => chance.hit(0.6)).map((c) => ({ afterMs: chance.pick([0, 0, 60_000, 180_000]), contact: c.id }));
}

/** What keeps a story's alerts quiet, and for how long. Drawn from a stream of its own, so that old seeds stay what they were. */
export interface Quiet {
  readonly threshold: NonNullable<Decision["threshold"]> | null;
  readonly mutes: readonly Mute[];
  readonly window: Decision["groupWindow"];
}

export function drawQuiet(chance: Chance, now: number): Quiet {
  const until = (): number => now + chance.int(1, 180) * 60_000;
  const mutes: Mute[] = [];
  if (chance.hit(0.08))
    mutes.push({
      kind: "maintenance",
      id: "m",
      until: until(),
      atEnd: chance.pick(["page", "page", "resolve", "nothing"] as const),
    });
  if (chance.hit(0.08)) mutes.push({ kind: "silence", id: "s", until: until(), reason: "known" });
  if (chance.hit(0.08)) mutes.push({ kind: "inhibition", id: "i", key: "[]", until: now + 60_000, by: "another is open" });
  return {
    threshold: chance.hit(0.08) ? { count: chance.int(2, 3), withinMs: chance.int(1, 60) * 60_000 } : null,
    mutes,
    window: chance.hit(0.1) ? { windowMs: chance.int(1, 30) * 60_000, kind: chance.pick(["fixed", "rolling"] as const) } : null,
  };
}

/** The windows and silences behind the mutes as people have them now: as they were, longer, shorter or gone. */
export function drawPresent(chance: Chance, mutes: readonly Mute[], now: number): Pick<Roster, "quiet"> {
  if (chance.hit(0.4)) return {};
  const moved = (until: number): number => (chance.hit(0.5) ? until : now + chance.int(0, 120) * 60_000);
  const there = mutes.filter(() => chance.hit(0.8));
  const window = there.find((mute) => mute.kind === "maintenance");
  const silence = there.find((mute) => mute.kind === "silence");
  return {
    quiet: {
      maintenance: window
        ? {
            m: {
              id: "m",
              name: "m",
              timeZone: "UTC",
              from: now - 3_600_000,
              to: moved(window.until),
              rrule: null,
              when: null,
              atEnd: window.atEnd,
              endedAt: null,
              extended: null,
            },
          }
        : {},
      silences: silence
        ? { s: { id: "s", when: "true", from: null, until: moved(silence.until), owner: null, remindMs: null, reason: "known" } }
        : {},
    },
  };
}

export function drawDecision(chance: Chance, policy: Policy): Decision {
  return {
    integration: "am",
    service: "svc",
    serviceName: "Svc",
    runbook: null,
    policy: chance.hit(0.04) ? null : policy,
    also: chance.hit(0.1) ? [drawPolicy(chance, "side")] : [],
    policies: { q: drawPolicy(chance, "q"), r: drawPolicy(chance, "r") },
    owner: chance.hit(0.8) ? chance.pick(["team", "others"]) : null,
    urgency: chance.hit(0.8) ? "high" : "low",
    severities: ["P1", "P2", "P3", "P4"],
    severityMap: { critical: "P1", error: "P2", warning: "P3", info: "P4", unknown: "P3" },
    severity: null,
    route: null,
    routes: [],
    groupKey: null,
    groupWindow: null,
    suppress: chance.hit(0.04) ? "route noise" : null,
    holdMs: chance.hit(0.05) ? 120_000 : null,
    resolveOn: chance.pick(["all", "all", "any", "manual"] as const),
    reopenWindowMs: 300_000,
    ackTimeoutMs: chance.hit(0.7) ? chance.int(1, 4) * 600_000 : null,
    autoResolveMs: chance.hit(0.1) ? 6 * 3_600_000 : null,
  };
}
