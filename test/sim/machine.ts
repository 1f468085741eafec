// Owns one simulated incident object: what is durable, what a crash loses, the alarm, the sends in flight, the outbox to
// D1. Runs the real step() and the real nextWake(); mirrors worker/objects/incident.ts, which holds no decision either.

import type { Event, PickEffect, SendEffect, StepResult } from "../../worker/core/event.ts";
import type { Delivery, Identity, IncidentState, TimelineEntry } from "../../worker/core/incident.ts";
import type { Outcome } from "../../worker/core/page.ts";
import type { Post } from "../../worker/core/post.ts";
import type { Roster } from "../../worker/core/roster.ts";
import { emptyState } from "../../worker/core/step.ts";
import type { Clock } from "./clock.ts";
import type { Chance } from "./prng.ts";
import type { Provider } from "./provider.ts";

/** The code under test; a planted bug replaces one of these. */
export interface Program {
  step(state: IncidentState, event: Event, now: number): StepResult;
  nextWake(state: IncidentState): number | null;
  /** Whether a send asks, right before it leaves, if it may still start. */
  readonly asksBeforeSend: boolean;
}

export interface Faults {
  readonly crash: number;
  readonly lateAlarm: number;
  readonly lateAnswer: number;
}

export interface Observer {
  committed(machine: Machine, before: IncidentState, event: Event, result: StepResult): void;
  requestStarts(machine: Machine, delivery: Delivery | Post, attempt: number): void;
  log(line: string): void;
}

export interface World {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly program: Program;
  readonly providers: Readonly<Record<string, Provider>>;
  readonly observer: Observer;
  faults: Faults;
  d1Up: boolean;
  /** The Directory's present slice; null while it is out of reach. */
  roster(): Roster | null;
  /** What the gate says of inhibitions; one that is not there: no answer. */
  inhibited(): Readonly<Record<string, boolean>>;
  /** How long a page is asked to wait for a summary, ms; null: it goes. */
  bundled?(): number | null;
}

export interface Machine {
  readonly identity: Identity;
  readonly durable: {
    state: IncidentState;
    alarm: number | null;
    entries: TimelineEntry[];
    posts: Map<string, Post>;
    flushedSeq: number;
  };
  readonly d1: {
    entries: Map<number, TimelineEntry>;
    deliveries: Map<string, Delivery>;
    posts: Map<string, Post>;
    episodes: Map<string, string>;
  };
  /** Null: the process died before it could answer. */
  handle(event: Event): StepResult | null;
  crash(): void;
  /** Dead until `revive`: nothing runs, alarms wait. */
  down(): void;
  revive(): void;
  readonly alive: boolean;
}

const limitMs = 10_000;

export function machine(identity: Identity, world: World): Machine {
  const { clock, chance, program } = world;
  let instance = 0;
  let alive = true;
  let timer = 0;
  const self: Machine = {
    identity,
    durable: { state: emptyState(identity), alarm: null, entries: [], posts: new Map(), flushedSeq: 0 },
    d1: { entries: new Map(), deliveries: new Map(), posts: new Map(), episodes: new Map() },
    handle,
    crash: () => {
      instance++;
      schedule();
    },
    down: () => {
      alive = false;
      instance++;
    },
    revive: () => {
      alive = true;
      schedule();
    },
    get alive() {
      return alive;
    },
  };

  function handle(event: Event): StepResult | null {
    if (!alive || chance.hit(world.faults.crash)) return dies("before the commit");
    const before = self.durable.state;
    const result = program.step(before, event, clock.now());
    self.durable.state = result.state;
    self.durable.entries.push(...result.entries);
    for (const post of Object.values(result.state.posts))
      if (before.posts[post.id] !== post) self.durable.posts.set(post.id, post);
    self.durable.alarm = program.nextWake(result.state);
    world.observer.committed(self, before, event, result);
    schedule();
    if (chance.hit(world.faults.crash)) {
      dies("after the commit");
      // Committed, but whoever asked got no answer.
      return event.type === "receive" || event.type === "command" ? null : result;
    }
    carryOut(result.sends);
    for (const pick of result.picks) ask(pick);
    clock.after(50, guarded(flush));
    return result;
  }

  function dies(when: string): null {
    if (alive) world.observer.log(`crash ${when}`);
    self.crash();
    return null;
  }

  function guarded(run: () => void): () => void {
    const mine = instance;
    return () => {
      if (alive && instance === mine) run();
    };
  }

  function carryOut(sends: readonly SendEffect[]): void {
    for (const send of sends)
      clock.after(
        chance.int(0, 60),
        guarded(() => start(send)),
      );
  }

  /** The pointer answers, is late, or does not know. */
  function ask(pick: PickEffect): void {
    const user = chance.hit(0.2) ? null : chance.pick(pick.members);
    const roster = chance.hit(0.5) ? world.roster() : null;
    clock.after(
      chance.hit(0.1) ? chance.int(400, 3_000) : chance.int(1, 300),
      guarded(() => handle({ type: "picked", ladder: pick.ladder, team: pick.team, user, roster })),
    );
  }

  /** Opening secrets took a moment; the world may have moved on. */
  function start(send: SendEffect): void {
    const { state } = self.durable;
    const delivery = state.deliveries[send.delivery] ?? state.posts[send.delivery];
    if (!delivery) return;
    const via = "via" in delivery ? delivery.via : delivery.connector;
    const may = delivery.status === "sending" && delivery.attempt === send.attempt;
    if (program.asksBeforeSend && !may) {
      handle(resultOf(send, { status: "retry", reason: "cancelled before it started", afterMs: null }));
      return;
    }
    const isPage = state.deliveries[send.delivery] !== undefined;
    const waitMs = isPage && send.attempt === 1 && may ? (world.bundled?.() ?? null) : null;
    if (waitMs !== null) {
      handle({ type: "deferred", delivery: send.delivery, attempt: send.attempt, until: clock.now() + waitMs });
      return;
    }
    world.observer.requestStarts(self, delivery, send.attempt);
    const configured = (state.roster?.notifiers[via] ?? state.roster?.connectors?.[via]) !== undefined;
    const provider = world.providers[via];
    if (!provider || !configured) {
      handle(resultOf(send, { status: "failed", reason: "no such provider" }));
      return;
    }
    const { outcome, afterMs } = provider.call(delivery.id, clock.truth(), chance);
    if (chance.hit(world.faults.crash / 2)) return void dies("with a request on its way");
    const late = chance.hit(world.faults.lateAnswer) ? limitMs + chance.int(5_000, 60_000) : 0;
    if (outcome === null) {
      clock.after(
        limitMs + late,
        guarded(() => handle(resultOf(send, { status: "unknown", reason: "no answer" }))),
      );
    } else
      clock.after(
        afterMs + late,
        guarded(() => handle(resultOf(send, outcome))),
      );
  }

  /** Arms the runtime's alarm: it fires at its time or somewhat later, at the latest the object wakes again by another call. */
  function schedule(): void {
    const mine = ++timer;
    const { alarm } = self.durable;
    if (alarm === null || !alive) return;
    const lateMs = chance.hit(world.faults.lateAlarm) ? chance.int(0, 60_000) : chance.int(0, 5);
    clock.after(Math.max(0, alarm - clock.now()) + lateMs, () => {
      if (!alive || timer !== mine || self.durable.alarm !== alarm) return;
      // The wall clock may have been stepped back since: the runtime looks again.
      if (clock.now() < alarm) return schedule();
      const stale = world.roster();
      const fired = handle({ type: "wake", roster: stale, stale: stale === null, inhibited: world.inhibited() });
      // A handler that died is run again by the platform; one that ran re-armed itself.
      if (fired === null) schedule();
    });
  }

  /** What the shell's flush does: everything above the confirmed seq, in one write that D1 confirms or does not. */
  function flush(): void {
    const { durable, d1 } = self;
    if (!world.d1Up || durable.flushedSeq >= durable.state.seq) {
      if (!world.d1Up) clock.after(30_000, guarded(flush));
      return;
    }
    for (const entry of durable.entries) if (entry.seq > durable.flushedSeq) d1.entries.set(entry.seq, entry);
    for (const delivery of Object.values(durable.state.deliveries)) {
      const known = d1.deliveries.get(delivery.id);
      if (!known || known.seq < delivery.seq) d1.deliveries.set(delivery.id, delivery);
    }
    for (const post of durable.posts.values()) if (post.seq > durable.flushedSeq) d1.posts.set(post.id, post);
    const { episode } = durable.state;
    if (episode) d1.episodes.set(episode.id, episode.status);
    if (chance.hit(world.faults.crash)) return void dies("after D1 wrote, before it was noted");
    durable.flushedSeq = durable.state.seq;
  }

  function resultOf(send: SendEffect, outcome: Outcome): Event {
    return { type: "result", delivery: send.delivery, attempt: send.attempt, outcome };
  }

  return self;
}
