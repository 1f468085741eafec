// Owns the state of one heartbeat and what can happen to it: beats, a missed one, a pause. Pure, like the incident's step: state,
// event and time in; next state out, with what is to be told to the incident. Words are those of healthchecks.io.

import { cronAfter, parseCron, type Cron } from "./cron.ts";
import { formatDuration } from "./duration.ts";
import { limits } from "./limits.ts";
import type { Heartbeat, Id } from "./snapshot.ts";

const bound = limits.heartbeat;

/** Which object this is; fixed at birth. */
export interface HeartbeatIdentity {
  readonly tenant: Id;
  readonly jurisdiction: string | null;
  readonly heartbeat: Id;
}

/** What a sender says. `exit`: 0 is a success, all else a failure. */
export type Signal =
  | { readonly kind: "success" }
  | { readonly kind: "start" }
  | { readonly kind: "fail" }
  | { readonly kind: "exit"; readonly code: number };

export interface Beat {
  readonly signal: Signal;
  /** The sender's own id of this run, the same on its start and its end; null when it gives none. */
  readonly run: string | null;
  /** The start of what it sent along, as text. */
  readonly body: string;
}

/** A time in which the hub itself could not be reached: beats of it were refused. */
export interface Outage {
  readonly from: number;
  readonly to: number;
}

/** Something that the incident must hear of; kept until its object has it. */
export interface Report {
  /** Rises with each; also the sender's delivery id, so that a repeat is told apart. */
  readonly n: number;
  readonly action: "trigger" | "resolve";
  readonly at: number;
  readonly title: string;
  readonly body: string;
  readonly attempt: number;
  readonly nextAt: number;
}

export interface HeartbeatState {
  readonly identity: HeartbeatIdentity;
  readonly spec: Heartbeat;
  /** Of the configuration `spec` comes from. */
  readonly version: number;
  readonly status: "new" | "up" | "down" | "paused";
  readonly createdAt: number;
  /** The next beat is expected one period after this; null: none is. */
  readonly countsFrom: number | null;
  readonly lastBeatAt: number | null;
  /** Beats that ended a run well. */
  readonly beats: number;
  readonly last: { readonly at: number; readonly signal: Signal; readonly body: string } | null;
  /** A run has begun and not ended. */
  readonly running: { readonly since: number; readonly run: string | null } | null;
  /** How long the last run took from its start to its end; null: not known. */
  readonly tookMs: number | null;
  readonly down: { readonly since: number; readonly reason: string } | null;
  /** The hub was down around the time of a beat: its absence is not judged before `until`. At most once a beat. */
  readonly excuse: { readonly until: number; readonly outage: Outage } | null;
  /** While down and still silent: when the alert is repeated. */
  readonly repeatAt: number | null;
  readonly paused: { readonly at: number; readonly until: number | null; readonly by: string } | null;
  /** Out of the configuration: the object is emptied once its last report is told. */
  readonly removed: boolean;
  readonly reports: readonly Report[];
  readonly nextReport: number;
  /** The incident that the last report opened or closed. */
  readonly incident: string | null;
}

export type HeartbeatEvent =
  /** The Directory, or a beat that brought a newer configuration along. */
  | { readonly type: "configure"; readonly spec: Heartbeat; readonly version: number }
  | { readonly type: "remove"; readonly version: number }
  | { readonly type: "beat"; readonly beat: Beat }
  | { readonly type: "pause"; readonly until: number | null; readonly by: string }
  | { readonly type: "resume"; readonly by: string }
  /** The alarm or a poke; `outages` are the hub's own of late. */
  | { readonly type: "wake"; readonly outages: readonly Outage[] }
  /** A try of a report ended. `incident`: what the object answered; null: it did not. */
  | { readonly type: "reported"; readonly n: number; readonly told: boolean; readonly incident: string | null };

export function newHeartbeat(identity: HeartbeatIdentity, spec: Heartbeat, version: number, now: number): HeartbeatState {
  return {
    identity,
    spec,
    version,
    status: "new",
    createdAt: now,
    countsFrom: spec.expectFirst ? now : null,
    lastBeatAt: null,
    beats: 0,
    last: null,
    running: null,
    tookMs: null,
    down: null,
    excuse: null,
    repeatAt: null,
    paused: null,
    removed: false,
    reports: [],
    nextReport: 1,
    incident: null,
  };
}

export function heartbeatStep(state: HeartbeatState, event: HeartbeatEvent, now: number): HeartbeatState {
  switch (event.type) {
    case "configure":
      return configure(state, event.spec, event.version, now);
    case "remove":
      return remove(state, event.version, now);
    case "beat":
      return beat(state, event.beat, now);
    case "pause":
      return pause(state, event.until, event.by, now);
    case "resume":
      return state.status === "paused" ? resume(state, now) : state;
    case "wake":
      return wake(state, event.outages, now);
    case "reported":
      return reported(state, event, now);
  }
}

/** A schedule that changes begins anew, so that nobody is paged for what was not asked of the job before. */
function configure(state: HeartbeatState, spec: Heartbeat, version: number, now: number): HeartbeatState {
  if (version < state.version || (version === state.version && !state.removed)) return state;
  if (state.removed) return newHeartbeat(state.identity, spec, version, now);
  const same = JSON.stringify(spec.schedule) === JSON.stringify(state.spec.schedule) && spec.graceMs === state.spec.graceMs;
  const counts =
    state.countsFrom === null ? (state.status === "new" && spec.expectFirst ? now : null) : same ? state.countsFrom : now;
  return { ...state, spec, version, countsFrom: counts, excuse: same ? state.excuse : null };
}

function remove(state: HeartbeatState, version: number, now: number): HeartbeatState {
  if (version < state.version) return state;
  const told =
    state.status === "down"
      ? report(state, "resolve", "is no longer watched", "It was taken out of the configuration.", now)
      : state;
  return {
    ...told,
    version,
    status: "paused",
    removed: true,
    countsFrom: null,
    running: null,
    excuse: null,
    repeatAt: null,
    down: null,
  };
}

function beat(state: HeartbeatState, { signal, run, body }: Beat, now: number): HeartbeatState {
  const last = { at: now, signal, body };
  if (signal.kind === "start") return { ...state, last, running: { since: now, run }, excuse: null };
  const { running } = state;
  const ended: HeartbeatState = {
    ...state,
    last,
    running: null,
    tookMs: running !== null && (running.run === run || run === null) ? now - running.since : null,
    excuse: null,
  };
  if (signal.kind === "success" || (signal.kind === "exit" && signal.code === 0)) return succeed(ended, now);
  return fail(ended, signal.kind === "exit" ? `it ended with exit code ${signal.code}` : "it said so itself", body, now);
}

function succeed(state: HeartbeatState, now: number): HeartbeatState {
  const counted = { ...state, lastBeatAt: now, beats: state.beats + 1 };
  if (state.status === "paused") return counted;
  const up: HeartbeatState = { ...counted, status: "up", countsFrom: now, down: null, repeatAt: null };
  if (state.down === null) return up;
  const after = formatDuration(Math.max(1_000, Math.round((now - state.down.since) / 1_000) * 1_000));
  return report(up, "resolve", "is back", `It beat again after ${after}.`, now);
}

/** A failure is told each time: one that comes after a person resolved the incident opens it again. */
function fail(state: HeartbeatState, why: string, body: string, now: number): HeartbeatState {
  if (state.status === "paused") return state;
  return fall({ ...state, countsFrom: now }, "has failed", `${why}${body === "" ? "." : `:\n\n${body}`}`, now);
}

function fall(state: HeartbeatState, title: string, reason: string, now: number): HeartbeatState {
  const down: HeartbeatState = { ...state, status: "down", down: { since: state.down?.since ?? now, reason }, excuse: null };
  return report({ ...down, repeatAt: repeatAfter(down, now) }, "trigger", title, sentence(reason), now);
}

function pause(state: HeartbeatState, until: number | null, by: string, now: number): HeartbeatState {
  if (state.removed) return state;
  const told = state.status === "down" ? report(state, "resolve", "is paused", `Paused by ${by}.`, now) : state;
  return {
    ...told,
    status: "paused",
    paused: { at: state.paused?.at ?? now, until, by },
    down: null,
    excuse: null,
    repeatAt: null,
    running: null,
  };
}

/** The watch begins anew; a job that never beat is waited for as at the beginning. */
function resume(state: HeartbeatState, now: number): HeartbeatState {
  const known = state.beats > 0 || state.spec.expectFirst || state.countsFrom !== null;
  return { ...state, status: state.beats > 0 ? "up" : "new", paused: null, running: null, countsFrom: known ? now : null };
}

function wake(state: HeartbeatState, outages: readonly Outage[], now: number): HeartbeatState {
  if (state.removed) return state;
  if (state.status === "paused") return state.paused?.until != null && state.paused.until <= now ? resume(state, now) : state;
  if (state.status === "down") {
    if (state.repeatAt === null || state.repeatAt > now) return state;
    const repeated = report(state, "trigger", "is still missing", sentence(`nothing was heard of it ${sinceText(state)}`), now);
    return { ...repeated, repeatAt: repeatAfter(state, now) };
  }
  const at = fallsAt(state);
  if (at === null || at > now) return state;
  const outage = state.excuse === null ? excusing(state, outages) : null;
  if (outage !== null) {
    const until = outage.to + state.spec.graceMs + Math.min(periodMs(state.spec, outage.to), bound.excuseMsMax);
    if (until > now) return { ...state, excuse: { until, outage } };
    return miss({ ...state, excuse: { until, outage } }, now);
  }
  return miss(state, now);
}

function miss(state: HeartbeatState, now: number): HeartbeatState {
  const { running, excuse, spec } = state;
  const expected = expectedAt(state);
  const late =
    running !== null && (expected === null || running.since < expected)
      ? `it began at ${iso(running.since)} and did not end within ${formatDuration(spec.graceMs)}`
      : `nothing was heard of it ${sinceText(state)}; it was expected at ${iso(expected ?? now)} and had ${formatDuration(spec.graceMs)} of grace`;
  const own =
    excuse === null
      ? ""
      : `. The hub itself was down from ${iso(excuse.outage.from)} to ${iso(excuse.outage.to)} and may have refused it, so it was given until ${iso(excuse.until)}`;
  return fall({ ...state, running: null }, "is missing", `${late}${own}`, now);
}

function sinceText({ lastBeatAt, createdAt }: HeartbeatState): string {
  return lastBeatAt === null ? `since it was set up at ${iso(createdAt)}` : `since ${iso(lastBeatAt)}`;
}

/** An outage in which the beat may have been refused: around the time it was expected, or while the job ran. */
function excusing(state: HeartbeatState, outages: readonly Outage[]): Outage | null {
  const fell = fallsAt(state);
  const expected = expectedAt(state);
  if (fell === null) return null;
  const early = Math.min(state.spec.graceMs, periodMs(state.spec, fell) / 2);
  const from = Math.min(state.running?.since ?? Infinity, expected === null ? Infinity : expected - early);
  const found = outages.filter((outage) => outage.to >= from && outage.from <= fell);
  return found.toSorted((a, b) => b.to - a.to)[0] ?? null;
}

function repeatAfter(state: HeartbeatState, now: number): number | null {
  const next = nextTime(state.spec, now);
  return next === null ? null : Math.max(next + state.spec.graceMs, now + bound.repeatMsMin);
}

/** When the next beat is due, epoch ms; null: none is expected. */
export function expectedAt({ countsFrom, spec, status }: HeartbeatState): number | null {
  return countsFrom === null || status === "paused" ? null : nextTime(spec, countsFrom);
}

/** When it counts as missing if nothing is heard: grace after the time it is due, or after a start without an end. */
export function fallsAt(state: HeartbeatState): number | null {
  if (state.status === "down" || state.status === "paused") return null;
  const times: number[] = [];
  if (state.running !== null) times.push(state.running.since + state.spec.graceMs);
  const expected = expectedAt(state);
  if (expected !== null) times.push(expected + state.spec.graceMs);
  if (times.length === 0) return null;
  return Math.max(Math.min(...times), state.excuse?.until ?? 0);
}

/** What is shown: `late` is the grace after the time a beat was due. */
export function shownStatus(state: HeartbeatState, now: number): "new" | "up" | "late" | "down" | "paused" {
  const expected = expectedAt(state);
  return (state.status === "up" || state.status === "new") && expected !== null && expected <= now ? "late" : state.status;
}

/** When it must be looked at next; null: nothing happens by itself. */
export function heartbeatWake(state: HeartbeatState): number | null {
  const times: (number | null)[] = [
    fallsAt(state),
    state.status === "down" ? state.repeatAt : null,
    state.status === "paused" ? (state.paused?.until ?? null) : null,
    state.reports[0]?.nextAt ?? null,
  ];
  let earliest: number | null = null;
  for (const time of times) if (time !== null && (earliest === null || time < earliest)) earliest = time;
  return earliest;
}

/** The one to be told now, if its time has come. They are told in order. */
export function dueReport(state: HeartbeatState, now: number): Report | null {
  const first = state.reports[0];
  return first !== undefined && first.nextAt <= now ? first : null;
}

function report(state: HeartbeatState, action: Report["action"], what: string, body: string, now: number): HeartbeatState {
  const n = state.nextReport;
  const title = `Heartbeat ${state.spec.name} ${what}`;
  const reports = [...state.reports, { n, action, at: now, title, body, attempt: 0, nextAt: now }];
  // Flapping while the incident cannot be told: the first, which may be on its way, and the newest are what counts.
  const kept = reports.length <= bound.reportsMax ? reports : [...reports.slice(0, 1), ...reports.slice(1 - bound.reportsMax)];
  return { ...state, reports: kept, nextReport: n + 1 };
}

function reported(
  state: HeartbeatState,
  { n, told, incident }: Extract<HeartbeatEvent, { type: "reported" }>,
  now: number,
): HeartbeatState {
  const first = state.reports[0];
  if (first?.n !== n) return state;
  if (told) return { ...state, reports: state.reports.slice(1), incident: incident ?? state.incident };
  const attempt = first.attempt + 1;
  const waitMs = Math.min(bound.reportBackoffFirstMs * 2 ** Math.min(attempt - 1, 10), bound.reportBackoffMaxMs);
  return { ...state, reports: [{ ...first, attempt, nextAt: now + waitMs }, ...state.reports.slice(1)] };
}

/** A time of the schedule after `after`; null only for a cron expression or zone that cannot be read any more. */
export function nextTime({ schedule }: Heartbeat, after: number): number | null {
  if (schedule.kind === "every") return after + schedule.everyMs;
  const cron = cronOf(schedule.cron);
  return cron === null ? null : cronAfter(cron, schedule.timeZone, after);
}

function periodMs(spec: Heartbeat, from: number): number {
  if (spec.schedule.kind === "every") return spec.schedule.everyMs;
  const first = nextTime(spec, from);
  return first === null ? 0 : first - from;
}

const crons = new Map<string, Cron | null>();

/** Read once a text. It was checked where it came in. */
function cronOf(text: string): Cron | null {
  const known = crons.get(text);
  if (known !== undefined) return known;
  const read = parseCron(text);
  const cron = read.ok ? read.cron : null;
  if (crons.size >= bound.cronsKept) crons.clear();
  crons.set(text, cron);
  return cron;
}

function iso(at: number): string {
  return new Date(at).toISOString().replace(".000Z", "Z");
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.\n]$/.test(text) || text.includes("\n\n") ? "" : "."}`;
}
