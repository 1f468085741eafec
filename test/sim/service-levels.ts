// Owns service levels in simulated runs: what a seed draws of them, and the account of every clock kept by hand from outside,
// by the states an incident was seen in. No warning may be missed while a clock runs, none come early, none twice.

import { openTimeBetween, type BusinessHours, type Weekday } from "../../worker/core/calendar.ts";
import type { Decision } from "../../worker/core/decision.ts";
import type { Event, StepResult } from "../../worker/core/event.ts";
import type { IncidentState, TimelineEntry } from "../../worker/core/incident.ts";
import { stateOf, type State } from "../../worker/core/moves.ts";
import { clockKinds, stagesOf, targetMs, type ClockKind, type SlaTerms } from "../../worker/core/sla.ts";
import { stageText } from "../../worker/core/sla-words.ts";
import { urgencyAt, type UrgencyByHour } from "../../worker/core/urgency.ts";
import type { Machine } from "./machine.ts";
import type { Chance } from "./prng.ts";

const minuteMs = 60_000;
const days: readonly Weekday[] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/** Hours as somebody might have them today; the first days of 2026 may be holidays. */
export function drawCalendars(chance: Chance): Readonly<Record<string, BusinessHours>> {
  const two = (n: number): string => String(n).padStart(2, "0");
  const hours = Array.from({ length: chance.int(1, 2) }, () => ({
    days: days.filter(() => chance.hit(0.7)),
    from: `${two(chance.int(0, 23))}:${two(chance.int(0, 3) * 15)}`,
    to: `${two(chance.int(0, 23))}:${two(chance.int(0, 3) * 15)}`,
  }));
  const holidays = [5, 6, 7, 8, 9].filter(() => chance.hit(0.1)).map((day) => `2026-01-${two(day)}`);
  const timeZone = chance.pick(["UTC", "Europe/Madrid", "America/New_York", "Asia/Kolkata"]);
  return { office: { id: "office", name: "office", timeZone, hours, holidays } };
}

export function drawServiceLevels(chance: Chance, calendars: Readonly<Record<string, BusinessHours>>): readonly SlaTerms[] {
  const office = calendars["office"];
  return Array.from({ length: chance.int(0, 2) }, (_, n) => ({
    id: `s${n}`,
    name: `s${n}`,
    severities: ["P1", "P2", "P3", "P4"].filter(() => chance.hit(0.7)),
    respondMs: chance.hit(0.7) ? chance.int(2, 90) * minuteMs : null,
    resolveMs: chance.hit(0.7) ? chance.int(5, 300) * minuteMs : null,
    hours: office !== undefined && chance.hit(0.5) ? office : ("always" as const),
    pauseIn: (["held", "suppressed", "acknowledged", "snoozed"] as const).filter(() => chance.hit(0.3)),
    warn: Array.from({ length: chance.int(0, 3) }, () => ({
      at: chance.hit(0.5) ? { percent: chance.pick([25, 50, 75, 90, 100]) } : { beforeMs: chance.int(1, 60) * minuteMs },
      clock: chance.hit(0.7) ? null : chance.pick(clockKinds),
      flag: chance.hit(0.5) ? "at-risk" : null,
      policy: chance.hit(0.3) ? chance.pick(["q", "r", "unknown"]) : null,
      notify: chance.hit(0.4) ? [{ kind: "user" as const, user: chance.pick(["eva", "cto", "nobody"]), contact: null }] : [],
    })),
  }));
}

export function drawUrgency(chance: Chance, calendars: Readonly<Record<string, BusinessHours>>): UrgencyByHour | null {
  const hours = calendars["office"];
  if (hours === undefined || !chance.hit(0.2)) return null;
  const inHours = chance.pick(["high", "high", "low"] as const);
  return { inHours, outOfHours: inHours === "high" ? "low" : "high", hours, ackTimeoutMs: 30 * minuteMs };
}

/** The decision with both, as of this moment. */
export function withLevels(decision: Decision, slas: readonly SlaTerms[], byHour: UrgencyByHour | null, now: number): Decision {
  if (byHour === null) return slas.length === 0 ? decision : { ...decision, slas };
  return { ...decision, slas, urgencyByHour: byHour, urgency: urgencyAt(byHour, now) };
}

/** One stay in one state, as seen from outside. */
interface Stay {
  readonly state: State;
  readonly from: number;
  to: number;
}

interface Account {
  readonly incident: string;
  readonly stays: Stay[];
  /** "sla kind stage" of every warning on the record. */
  readonly warned: Set<string>;
  readonly breached: Set<string>;
  begun: boolean;
  respondedAt: number | null;
  /** The wall clock was moved while it was open: durations mean nothing then. */
  untold: boolean;
}

type Fail = (machine: Machine, text: string) => void;

export interface Accounts {
  committed(machine: Machine, before: IncidentState, event: Event, result: StepResult, now: number): void;
  clockStepped(): void;
  atRest(machine: Machine, now: number): void;
}

export function accounts(fail: Fail): Accounts {
  const known = new Map<Machine, Account>();
  return {
    committed(machine, before, event, result, now) {
      const { episode } = result.state;
      if (episode === null) return;
      let account = known.get(machine);
      if (account?.incident !== episode.id) {
        account = {
          incident: episode.id,
          stays: [],
          warned: new Set(),
          breached: new Set(),
          begun: false,
          respondedAt: null,
          untold: false,
        };
        known.set(machine, account);
      }
      see(account, before, event, result.state, now);
      if (account.untold) return;
      read(machine, account, result, now, fail);
      if ((episode.decision.slas ?? []).length > 0) checkDue(machine, account, result.state, now, fail);
      checkAlarm(machine, account, result.state, now, fail);
    },
    clockStepped() {
      for (const account of known.values()) account.untold = true;
    },
    atRest(machine, now) {
      const account = known.get(machine);
      const { episode } = machine.durable.state;
      if (account === undefined || episode === null || account.untold || account.incident !== episode.id) return;
      const last = account.stays.at(-1);
      if (last) last.to = now;
      checkDue(machine, account, machine.durable.state, now, fail);
      const rule = episode.decision.urgencyByHour;
      const open = episode.status !== "resolved" && episode.status !== "merged";
      if (rule && open && episode.urgency === "low" && (episode.urgencyRisesAt ?? Infinity) <= now)
        fail(machine, "urgency: its hour has come, and it is still low at rest");
    },
  };
}

/** What the incident's states say, whatever its own clocks do. */
function see(account: Account, before: IncidentState, event: Event, { episode }: IncidentState, now: number): void {
  if (episode === null) return;
  const back = event.type === "command" && event.command.kind === "reopen" && event.command.undo === true;
  // A resolve that was taken back never was.
  if (back && before.episode?.status === "resolved" && episode.status !== "resolved") account.stays.pop();
  const last = account.stays.at(-1);
  if (last) last.to = now;
  const state = stateOf(episode);
  if (last?.state !== state) account.stays.push({ state, from: now, to: now });
  account.begun ||= state === "triggered" || state === "acknowledged" || state === "snoozed";
  const was = before.episode?.id === episode.id ? before.episode : null;
  const undone = event.type === "command" && event.command.kind === "unack" && event.command.undo;
  if (undone && was?.acknowledgedAt != null && episode.acknowledgedAt === null && account.respondedAt === was.acknowledgedAt)
    account.respondedAt = null;
  if (episode.acknowledgedAt !== null) account.respondedAt ??= episode.acknowledgedAt;
  const open = state !== "resolved" && state !== "merged";
  if (event.type === "receive" && open && was !== null && event.alerts.some(({ alert }) => alert.action === "responded"))
    account.respondedAt ??= episode.respondedAt ?? null;
}

function standsStill(terms: SlaTerms, state: State): boolean {
  return state === "resolved" || state === "merged" || terms.pauseIn.some((each) => each === state);
}

/** How long a clock has run by the stays seen so far. */
function ranFor(account: Account, terms: SlaTerms): number {
  return account.stays
    .filter(({ state }) => !standsStill(terms, state))
    .reduce((sum, { from, to }) => sum + openTimeBetween(terms.hours, from, to), 0);
}

/** Every warning on the record is of a stage that was reached, once; several at once are told once. */
function read(machine: Machine, account: Account, result: StepResult, now: number, fail: Fail): void {
  const told = new Set<string>();
  for (const entry of result.entries) {
    if (entry.kind !== "sla-warning" && entry.kind !== "sla-breached") continue;
    const name = `${String(entry.data["sla"])} ${String(entry.data["kind"])}`;
    const terms = result.state.episode?.decision.slas?.find(({ id }) => id === entry.data["sla"]);
    if (terms === undefined) return fail(machine, `SLA ${name}: no such terms`);
    const kind = entry.data["kind"] as ClockKind;
    if (entry.kind === "sla-breached") {
      account.breached.add(name);
      if (ranFor(account, terms) < (targetMs(terms, kind) ?? 0)) fail(machine, `SLA ${name}: called missed before its time`);
      continue;
    }
    if (told.has(name)) fail(machine, `SLA ${name}: two warnings in one moment`);
    told.add(name);
    for (const stage of stagesIn(entry, terms, kind)) {
      if (account.warned.has(`${name} ${stage.n}`)) fail(machine, `SLA ${name}: warned twice of ${stageText(stage)}`);
      account.warned.add(`${name} ${stage.n}`);
      if (ranFor(account, terms) < stage.afterMs)
        fail(machine, `SLA ${name}: ${stageText(stage)} came after ${ranFor(account, terms)} ms of ${stage.afterMs} at ${now}`);
    }
  }
}

function stagesIn(entry: TimelineEntry, terms: SlaTerms, kind: ClockKind): ReturnType<typeof stagesOf> {
  const numbers = entry.data["stages"] as readonly number[];
  return stagesOf(terms, kind).filter(({ n }) => numbers.includes(n));
}

interface Running {
  readonly name: string;
  readonly terms: SlaTerms;
  readonly kind: ClockKind;
  readonly whole: number;
  readonly ran: number;
}

/** The clocks that run in this state, by the stays. */
function running(account: Account, { episode }: IncidentState): readonly Running[] {
  if (episode === null || !account.begun) return [];
  const state = stateOf(episode);
  // Nobody is paged for a quiet one: what fell due is told when it is promoted.
  if (state === "held" || state === "suppressed") return [];
  return (episode.decision.slas ?? []).flatMap((terms) =>
    clockKinds.flatMap((kind) => {
      const whole = targetMs(terms, kind);
      const stopped = kind === "respond" && account.respondedAt !== null;
      if (whole === null || stopped || standsStill(terms, state) || !terms.severities.includes(episode.severity)) return [];
      return [{ name: `${terms.id} ${kind}`, terms, kind, whole, ran: ranFor(account, terms) }];
    }),
  );
}

/** No warning is missed while the clock runs, and its end is on the record. */
function checkDue(machine: Machine, account: Account, state: IncidentState, now: number, fail: Fail): void {
  for (const { name, terms, kind, whole, ran } of running(account, state)) {
    for (const stage of stagesOf(terms, kind))
      if (stage.afterMs <= ran && !account.warned.has(`${name} ${stage.n}`))
        fail(machine, `SLA ${name}: ${stageText(stage)} was due and nobody was warned (${ran} of ${whole} ms at ${now})`);
    if (ran >= whole && !account.breached.has(name)) fail(machine, `SLA ${name}: missed, and it is nowhere written`);
  }
}

/** The alarm stands at the next stage at the latest, and where a low urgency rises. */
function checkAlarm(machine: Machine, account: Account, state: IncidentState, now: number, fail: Fail): void {
  const { alarm } = machine.durable;
  const { episode } = state;
  for (const { name, terms, kind, whole, ran } of running(account, state)) {
    // An edited calendar may bring a clock back before a stage that was told already: once is enough.
    const untold = stagesOf(terms, kind).filter(({ n }) => !account.warned.has(`${name} ${n}`));
    const ahead = [...untold.map(({ afterMs }) => afterMs), whole].filter((each) => each > ran);
    if (ahead.length === 0) continue;
    const next = Math.min(...ahead);
    // A calendar that never opens again needs no alarm.
    const comes = openTimeBetween(terms.hours, now, now + 60 * 86_400_000) >= next - ran;
    if (comes && (alarm === null || openTimeBetween(terms.hours, now, alarm) > next - ran))
      fail(machine, `I4: SLA ${name} comes after ${next - ran} ms more and no alarm stands there`);
  }
  const rises = episode?.urgencyRisesAt ?? null;
  const open = episode !== null && episode.status !== "resolved" && episode.status !== "merged";
  if (open && rises !== null && (alarm === null || alarm > rises))
    fail(machine, "I4: its urgency rises and no alarm stands there");
}
