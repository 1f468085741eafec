// Owns one run: a seed becomes days of alerts, people and trouble, then peace, then the verdict. Replays exactly.

import type { BusinessHours } from "../../worker/core/calendar.ts";
import type { Alert } from "../../worker/core/alert.ts";
import type { Decision } from "../../worker/core/decision.ts";
import type { Command, Event, StepResult } from "../../worker/core/event.ts";
import { carried } from "../../worker/core/merge.ts";
import type { TimelineEntry } from "../../worker/core/incident.ts";
import type { Roster } from "../../worker/core/roster.ts";
import { step } from "../../worker/core/step.ts";
import { nextWake } from "../../worker/core/wake.ts";
import { checker } from "./checker.ts";
import { virtualClock } from "./clock.ts";
import { machine, type Machine, type Program, type World } from "./machine.ts";
import { chanceOf, type Chance } from "./prng.ts";
import { fair, fakeProvider } from "./provider.ts";
import { drawCalendars, drawServiceLevels, drawUrgency, withLevels } from "./service-levels.ts";
import {
  channels,
  connectors,
  drawDecision,
  drawPolicy,
  drawPresent,
  drawQuiet,
  drawRoster,
  drawSwarm,
  personIds,
  type Swarm,
} from "./settings.ts";

export const soundProgram: Program = { step, nextWake, asksBeforeSend: true };

export interface Verdict {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly lines: readonly string[];
  readonly steps: number;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;

export interface RunOptions {
  readonly seed: number;
  readonly days: number;
  readonly program?: Program;
  readonly keepLines?: boolean;
  /** Given what each step wrote. */
  readonly record?: (entries: readonly TimelineEntry[]) => void;
}

export function runSeed(options: RunOptions): Verdict {
  const chance = chanceOf(options.seed);
  const clock = virtualClock();
  const swarm = drawSwarm(chance);
  const watch = checker(clock, options.keepLines ?? false);
  const providers = [...channels, ...connectors].map((c) => fakeProvider(c.id, c.idempotent, c.copyCap));
  let version = 1;
  let roster: Roster = drawRoster(chance, version, chance.hit(0.5), clock.now());
  let directoryUp = true;
  let peace = false;
  const quiet = chanceOf(options.seed ^ 0x5eed);
  // Streams of their own, so that seeds without service levels stay what they were.
  const level = chanceOf(options.seed ^ 0x51a);
  const lasting = chanceOf(options.seed ^ 0xe7d);
  const broken = chanceOf(options.seed ^ 0xbad);
  const hasLevels = level.hit(0.4);
  const mistakes = chanceOf(options.seed ^ 0x0dd);
  let calendars = hasLevels ? drawCalendars(level) : {};
  const configured = (): Roster => (hasLevels ? { ...roster, businessHours: calendars } : roster);
  const world: World = {
    clock,
    chance,
    program: options.program ?? soundProgram,
    providers: Object.fromEntries(providers.map((p) => [p.id, p])),
    observer: {
      ...watch,
      committed: (m, before, event, result) => {
        watch.committed(m, before, event, result);
        options.record?.(result.entries);
        race(m, result.sends.length);
      },
    },
    faults: { crash: swarm.crash, lateAlarm: swarm.lateAlarm, lateAnswer: swarm.lateAnswer },
    d1Up: true,
    roster: () => (directoryUp ? configured() : null),
    inhibited: () => (peace || quiet.hit(0.2) ? {} : { i: quiet.hit(0.7) }),
    bundled: () => (!peace && quiet.hit(0.1) ? quiet.int(1, 120) * 1_000 : null),
  };
  const race = (m: Machine, sends: number): void => {
    if (sends === 0 || !chance.hit(swarm.race)) return;
    clock.after(chance.hit(0.5) ? chance.int(0, 80) : chance.int(0, 20_000), () =>
      act(m, world, configured, mistakes, chance.hit(0.7) ? { kind: "ack" } : undefined),
    );
  };
  const machines = ["a", "b"].map((key) => machine({ tenant: "acme", jurisdiction: null, hash: key.repeat(26) }, world));
  const firsts = [...machines];
  /** The objects that take a group's alerts after its window closed, by the first one's and the key. */
  const successors = new Map<string, Machine>();
  const next: Next = (from, key) => {
    const name = `${from.identity.hash[0]}${key}`;
    const known = successors.get(name);
    if (known) return known;
    const letter = "cdefghjkmnpqrstvwxyz"[successors.size % 20] ?? "z";
    const made = machine(
      { tenant: "acme", jurisdiction: null, hash: `${from.identity.hash[0]}${letter.repeat(23)}${successors.size + 10}` },
      world,
    );
    successors.set(name, made);
    machines.push(made);
    return made;
  };
  const until = options.days * dayMs;
  const days = (perDay: number): number => (perDay <= 0 ? Infinity : (-Math.log(1 - chance.next()) / perDay) * dayMs);
  const repeatedly = (perDay: number, run: () => void): void => {
    const again = (): void => {
      const wait = days(perDay);
      if (clock.truth() + wait > until) return;
      clock.after(wait, () => {
        run();
        again();
      });
    };
    again();
  };

  for (const m of firsts)
    repeatedly(swarm.incidentsPerDay, () =>
      story(m, {
        world,
        swarm,
        roster: configured,
        quiet,
        lasting,
        mistakes,
        broken,
        next,
        all: machines,
        level: hasLevels ? level : null,
        calendars: () => calendars,
      }),
    );
  for (const m of firsts) repeatedly(swarm.merges, () => mergeOrPart(m, firsts, world));
  repeatedly(swarm.weather, () => badWeather(world));
  repeatedly(swarm.configChange, () => {
    roster = drawRoster(chance, ++version, chance.hit(0.4), clock.now());
    if (hasLevels && level.hit(0.3)) calendars = drawCalendars(level);
    watch.log(`configuration ${version}`);
  });
  repeatedly(swarm.configChange / 2, () => {
    directoryUp = false;
    clock.after(chance.int(1, 60) * minuteMs, () => void (directoryUp = true));
  });
  repeatedly(swarm.d1Outage, () => {
    world.d1Up = false;
    clock.after(chance.int(1, 240) * minuteMs, () => void (world.d1Up = true));
  });
  repeatedly(swarm.clockStep, () => {
    const by = chance.pick([-1, 1]) * chance.pick([1_000, minuteMs, 60 * minuteMs]);
    watch.log(`the wall clock steps by ${by / 1_000} s`);
    clock.stepWall(by);
    watch.clockStepped();
    for (const m of machines) m.crash();
  });
  repeatedly(swarm.downtime, () => {
    const m = chance.pick(machines);
    if (!m.alive) return;
    watch.log("the process is down");
    m.down();
    clock.after(chance.int(1, 180) * minuteMs, () => m.revive());
  });
  clock.runUntil(until);

  peace = true;
  // Peace: everything heals, nobody touches anything, time passes.
  world.faults = { crash: 0, lateAlarm: 0, lateAnswer: 0 };
  world.d1Up = true;
  directoryUp = true;
  for (const p of providers) p.weather = fair;
  roster = drawRoster(chance, ++version, true, clock.now());
  for (const m of machines) if (!m.alive) m.revive();
  watch.log("peace");
  clock.runUntil(until + dayMs / 4);
  for (const m of machines) m.handle({ type: "wake", roster, stale: false });
  clock.runUntil(until + dayMs / 2);
  watch.atRest(machines, providers);
  return { seed: options.seed, violations: watch.found, lines: watch.lines, steps: watch.steps };
}

/** The object of a group's next window. */
type Next = (from: Machine, groupKey: string) => Machine;

interface Stage {
  readonly world: World;
  readonly swarm: Swarm;
  readonly roster: () => Roster;
  readonly quiet: Chance;
  /** Which stories' alerts say until when they hold. */
  readonly lasting: Chance;
  /** Resolves that were none. */
  readonly mistakes: Chance;
  /** Bodies that nobody can read. */
  readonly broken: Chance;
  readonly next: Next;
  /** Every object of the run. */
  readonly all: readonly Machine[];
  /** Null: this run knows no service levels. */
  readonly level: Chance | null;
  readonly calendars: () => Readonly<Record<string, BusinessHours>>;
}

/** One problem and what people do about it, over minutes to hours. */
function story(m: Machine, stage: Stage): void {
  const { world, swarm, roster, quiet, lasting, mistakes, broken, next, all, level, calendars } = stage;
  const { clock, chance } = world;
  const base = drawDecision(chance, drawPolicy(chance));
  const { mutes, threshold, window } = drawQuiet(quiet, clock.now());
  const slas = level === null ? [] : drawServiceLevels(level, calendars());
  const byHour = level === null ? null : drawUrgency(level, calendars());
  const key = `k${chance.int(1, 3)}`;
  const timed = chance.hit(0.6);
  const holds = lasting.hit(0.25) ? lasting.int(1, 30) * minuteMs : null;
  const unreadable = broken.hit(0.25);
  /** Where each open alert lives, as the index remembers it. */
  const homes = new Map<string, Machine>();
  const decisionAt = (now: number): Decision => ({
    ...withLevels(base, slas, byHour, now),
    threshold,
    mutes: mutes.filter((mute) => mute.until > now || mute.kind === "inhibition"),
    groupKey: window === null ? null : "[]",
    groupWindow: window,
    flapping: { reopens: 3, withinMs: 30 * minuteMs, steadyMs: 5 * minuteMs },
  });
  /** To the alert's own object, and on to the successor of a group whose window is closed. Null: no answer. */
  const travel = (event: Extract<Event, { type: "receive" }>, to: Machine, hops = 0): StepResult | null => {
    const result = to.handle(event);
    const answer = result?.reply.kind === "received" ? result.reply.results[0] : undefined;
    if (result === null || answer === undefined) return result;
    const merged = answer.redirect === undefined ? undefined : all.find((each) => answer.redirect?.endsWith(each.identity.hash));
    if (merged !== undefined && hops < 50) return travel(event, merged, hops + 1);
    if (answer.successor === undefined || hops > 50) {
      if (answer.released) homes.delete(key);
      else homes.set(key, to);
      return result;
    }
    return travel({ ...event, decision: { ...event.decision, groupKey: answer.successor } }, next(m, answer.successor), hops + 1);
  };
  const send = (alert: Alert, left = 5): void => {
    const event: Event = {
      type: "receive",
      alerts: [
        { alert, integration: "am", deliveryId: chance.hit(0.5) ? `${alert.action}-${clock.truth()}` : null, actor: null },
      ],
      decision: decisionAt(clock.now()),
      roster: { ...roster(), ...drawPresent(quiet, mutes, clock.now()) },
    };
    // No 2xx: the sender tries again, as senders do.
    if (travel(event, homes.get(key) ?? m) === null && left > 0)
      clock.after(chance.int(1, 60) * 1_000, () => send(alert, left - 1));
    else if (chance.hit(swarm.duplicate)) clock.after(chance.int(0, 120) * 1_000, () => void travel(event, homes.get(key) ?? m));
  };
  const alertOf = (action: Alert["action"]): Alert => ({
    dedupKey: key,
    action,
    severity: chance.pick(["critical", "error", "warning", "info"]),
    title: `${key} is broken`,
    body: "",
    labels: {},
    links: [],
    source: "prometheus",
    sourceAt: timed ? clock.now() : null,
    ...(holds !== null && action === "trigger" ? { expiresAt: clock.now() + holds } : {}),
    test: false,
    ...(unreadable ? { unreadable: true as const } : {}),
  });
  const deliver = (action: Alert["action"], inMs: number): void => {
    clock.after(inMs, () => {
      const alert = alertOf(action);
      const delay = chance.hit(swarm.reorder) ? chance.int(0, 20) * minuteMs : 0;
      clock.after(delay, () => send(alert));
    });
  };
  deliver("trigger", 0);
  const repeats = chance.int(0, 4);
  for (let i = 1; i <= repeats; i++) deliver("trigger", i * chance.int(1, 20) * minuteMs);
  if (unreadable)
    for (let i = broken.int(0, 6); i > 0; i--)
      clock.after(broken.int(1, 300) * minuteMs, () => send({ ...alertOf("trigger"), severity: "error" }));
  if (level?.hit(0.15)) deliver("responded", level.int(1, 60) * minuteMs);
  if (chance.hit(0.15)) deliver("acknowledge", chance.int(1, 30) * minuteMs);
  if (chance.hit(0.7)) deliver("resolve", chance.int(1, 240) * minuteMs);
  const acts = chance.hit(swarm.people) ? chance.int(1, 5) : 0;
  for (let i = 0; i < acts; i++)
    clock.after(chance.int(0, 180) * minuteMs + chance.int(0, 40_000), () => act(m, world, roster, mistakes));
}

/** Somebody merges one incident into the other, or takes it out again: the target is told first, as the API does. */
function mergeOrPart(child: Machine, all: readonly Machine[], { chance }: World): void {
  const target = all.find((each) => each !== child);
  const [mine, theirs] = [child.durable.state.episode, target?.durable.state.episode];
  if (!target || !mine || !theirs) return;
  const tell = (machine: Machine, incident: string, command: Command): StepResult | null =>
    machine.handle({
      type: "command",
      incident,
      commandId: null,
      actor: { type: "user", id: chance.pick(personIds) },
      command,
      roster: null,
    });
  if (mine.status === "merged") {
    const released = tell(target, mine.mergedInto ?? "", { kind: "release", child: mine.id });
    const alerts = released?.reply.kind === "done" ? (released.reply.alerts ?? []) : [];
    tell(child, mine.id, { kind: "unmerge", alerts });
    return;
  }
  const alerts = Object.values(child.durable.state.alerts)
    .filter((row) => row.episode === mine.n)
    .map(carried);
  const taken = tell(target, theirs.id, { kind: "absorb", child: mine.id, title: mine.title, severity: mine.severity, alerts });
  if (taken?.reply.kind === "done") tell(child, mine.id, { kind: "merge", into: theirs.id });
}

function act(m: Machine, world: World, roster: () => Roster, mistakes: Chance, given?: Command): void {
  const { chance, clock } = world;
  const incident = m.durable.state.episode?.id;
  if (incident === undefined) return;
  const actor = { type: "user" as const, id: chance.pick(personIds) };
  const tell = (command: Command): unknown =>
    m.handle({
      type: "command",
      incident,
      commandId: chance.hit(0.5) ? `c${clock.truth()}` : null,
      actor,
      command,
      roster: roster(),
    });
  const command = given ?? drawCommand(chance, clock.now());
  tell(command);
  if (command.kind === "ack" && chance.hit(0.3))
    clock.after(chance.int(0, 45_000), () => void tell({ kind: "unack", undo: true }));
  if (command.kind === "resolve" ? mistakes.hit(0.5) : mistakes.hit(0.15)) resolveByMistake(m, world, roster, mistakes);
}

/** Somebody resolves it and takes that back, mostly in time; now and then another person tries to. */
function resolveByMistake(m: Machine, { clock }: World, roster: () => Roster, mistakes: Chance): void {
  const incident = m.durable.state.episode?.id ?? "";
  const id = mistakes.pick(personIds);
  const tell = (who: string, command: Command): void =>
    void m.handle({
      type: "command",
      incident,
      commandId: null,
      actor: { type: mistakes.hit(0.5) ? "user" : "link", id: who },
      command,
      roster: mistakes.hit(0.5) ? roster() : null,
    });
  clock.after(mistakes.int(0, 20_000), () => tell(id, { kind: "resolve", reason: null }));
  const other = mistakes.hit(0.1) ? mistakes.pick(personIds) : id;
  clock.after(20_000 + mistakes.int(0, 32_000), () => tell(other, { kind: "reopen", undo: true }));
}

function drawCommand(chance: Chance, now: number): Command {
  const kind = chance.pick([
    "ack",
    "ack",
    "ack",
    "ack",
    "unack",
    "resolve",
    "reopen",
    "snooze",
    "escalate",
    "reassign",
    "responders",
    "severity",
    "note",
  ] as const);
  switch (kind) {
    case "ack":
    case "reopen":
      return { kind };
    case "unack":
      return { kind, undo: chance.hit(0.5) };
    case "resolve":
      return { kind, reason: null };
    case "snooze":
      return { kind, until: now + chance.int(1, 120) * minuteMs };
    case "escalate":
      return { kind, seenAt: chance.hit(0.5) ? now - chance.int(0, 30) * minuteMs : null };
    case "reassign":
      return { kind, to: chance.hit(0.6) ? { user: chance.pick(personIds) } : { policy: drawPolicy(chance) } };
    case "responders":
      return { kind, users: [chance.pick(personIds)], message: "help" };
    case "severity":
      return { kind, severity: chance.pick(["P1", "P2", "P3", "P4"]) };
    case "note":
      return { kind, text: "looking" };
  }
}

function badWeather(world: World): void {
  const { chance, clock } = world;
  const provider = chance.pick(Object.values(world.providers));
  provider.weather = {
    dark: chance.hit(0.3),
    error: chance.next() * 0.5,
    hang: chance.next() * 0.3,
    dropAnswer: chance.next() * 0.3,
    refuse: chance.hit(0.3) ? chance.next() : 0,
  };
  world.observer.log(`${provider.id}: ${JSON.stringify(provider.weather)}`);
  clock.after(chance.int(1, 120) * minuteMs, () => {
    provider.weather = fair;
  });
}
