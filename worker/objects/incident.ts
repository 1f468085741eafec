// Owns the incident object: load, step, commit, arm, carry out. Decides nothing; worker/core does.
// The rule that makes it safe: no await between reading state and committing it; after every await it is read again.

import { DurableObject } from "cloudflare:workers";
import type { Answer } from "../core/bundle.ts";
import type { Event, PickEffect, SendEffect, StepResult } from "../core/event.ts";
import { alertKey } from "../core/ids.ts";
import type { Identity, IncidentState } from "../core/incident.ts";
import { violations } from "../core/invariants.ts";
import { limits } from "../core/limits.ts";
import type { Outcome } from "../core/page.ts";
import { inhibitsBy, noLonger, onceMore } from "../core/inhibition.ts";
import type { Post } from "../core/post.ts";
import type { Roster } from "../core/roster.ts";
import { emptyState, step } from "../core/step.ts";
import { isOpen } from "../core/turn.ts";
import { isAwake, nextWake } from "../core/wake.ts";
import { project } from "../store/project.ts";
import { dbFor } from "../store/db.ts";
import { askPerson, forgetBundled, reportCarrier } from "./bundle.ts";
import { deliver, deliverPost } from "./deliver.ts";
import { noteIfGone } from "./gone-device.ts";
import { askRoster } from "./fresh-roster.ts";
import { viewOf } from "./incident-view.ts";
import { announce, stillInhibited, withdraw } from "./inhibited.ts";
import { IncidentStore, type Housekeeping } from "./incident-store.ts";
import { pointerStub, watchStub, watchShardOf } from "./places.ts";
import type {
  CommandAnswer,
  CommandInput,
  IncidentView,
  PokeAnswer,
  ReceiveAnswer,
  ReceiveInput,
  TimelinePage,
  TimelineQuery,
} from "./rpc.ts";
import type { RawBody } from "./rpc-received.ts";
import { withLimit } from "./limit.ts";
import { tellLive } from "./tell-live.ts";

export class IncidentObject extends DurableObject<Env> {
  readonly #store: IncidentStore;
  #state: IncidentState | null;
  #housekeeping: Housekeeping;
  /** The alarm as last set by this instance; undefined until known. */
  #armed: number | null | undefined = undefined;
  #askedDirectoryAt = 0;
  #inAlarm = false;
  #alarmsSet = 0;
  #flushing = false;
  #flushRetryAt = 0;
  #flushedAt = 0;
  #flushFailures = 0;
  /** When the first of the kept bodies is kept no longer. */
  #rawUntil: number | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new IncidentStore(ctx.storage);
    const loaded = this.#store.load();
    this.#state = loaded.state;
    this.#housekeeping = loaded.housekeeping;
    this.#rawUntil = this.#store.rawUntil();
    void ctx.blockConcurrencyWhile(async () => {
      this.#armed = await ctx.storage.getAlarm();
    });
  }

  /** Takes alerts in. Returns once everything is durable; pages leave in the same turn, after the answer. */
  async receive(input: ReceiveInput): Promise<ReceiveAnswer> {
    const before = this.#state;
    const { alerts, decision, roster } = input;
    const result = this.#commit(input.identity, { type: "receive", alerts, decision, roster }, (after) =>
      this.#keepRaw(input, before, after.state),
    );
    this.#goOn(result);
    return { results: result.reply.kind === "received" ? result.reply.results : [] };
  }

  /** The body that brought an alert in stays with it: a body of many alerts once, with the first of them. */
  #keepRaw({ alerts, raw, about }: ReceiveInput, before: IncidentState | null, after: IncidentState): void {
    const episode = after.episode;
    if (raw === null || episode === null) return;
    const again = before?.episode?.id === episode.id ? before.alerts : {};
    const alert = alerts
      .map((each) => alertKey(each.integration, each.alert.dedupKey))
      .find((key) => after.alerts[key]?.episode === episode.n && again[key]?.episode !== episode.n);
    if (alert === undefined) return;
    this.#store.saveRaw({ incident: episode.id, alert, raw, about: about ?? null }, Date.now());
    this.#rawUntil = this.#store.rawUntil();
  }

  async command(input: CommandInput): Promise<CommandAnswer> {
    const { incident, commandId, actor, command, roster } = input;
    const unknown: CommandAnswer = {
      kind: "refused",
      code: "not-found",
      message: "there is no such incident",
      legal: [],
      status: null,
      by: null,
      since: null,
    };
    if (this.#state === null) return unknown;
    const result = this.#commit(this.#state.identity, { type: "command", incident, commandId, actor, command, roster });
    this.#goOn(result);
    return result.reply.kind === "done" || result.reply.kind === "refused" ? result.reply : unknown;
  }

  /**
   * What commits of this instance have written since it was loaded: rows of its tables, alarms (a row each), bytes of
   * values. Housekeeping (the flush's mark, the watch's) is not among them.
   */
  async written(): Promise<{ rows: number; alarms: number; bytes: number }> {
    return { ...this.#store.written, alarms: this.#alarmsSet };
  }

  /** A provider's receipt. */
  async receipt(delivery: string, status: "delivered" | "failed", reason: string): Promise<void> {
    if (this.#state === null) return;
    this.#goOn(this.#commit(this.#state.identity, { type: "receipt", delivery, status, reason }));
  }

  /** The configuration says something new about what may mute this incident: it looks now, not at the end it knew. */
  async reconsider(): Promise<void> {
    const before = this.#state?.episode ?? null;
    if (before?.status !== "suppressed" || (before.mutes ?? []).length === 0) return;
    this.#askedDirectoryAt = 0;
    const [{ roster, stale }, inhibited] = await Promise.all([this.#freshRoster(), this.#askGates(true)]);
    if (this.#state === null) return;
    this.#goOn(this.#commit(this.#state.identity, { type: "wake", roster, stale, inhibited }));
  }

  async inhibits(rule: string, key: string): Promise<string | null> {
    return this.#state === null ? null : inhibitsBy(this.#state, { rule, key });
  }

  async #askGates(all: boolean): Promise<Readonly<Record<string, boolean>>> {
    return this.#state === null ? {} : stillInhibited(this.env, this.#state, all);
  }

  /** Where new alerts of this group go. */
  async succeed(groupKey: string): Promise<void> {
    if (this.#state !== null) this.#commit(this.#state.identity, { type: "succeeded", groupKey });
  }

  async view(incident: string): Promise<IncidentView | null> {
    return viewOf(this.#state, incident, Date.now());
  }

  /** The present episode, whichever it is; null: none is open. */
  async current(): Promise<IncidentView | null> {
    const episode = this.#state?.episode ?? null;
    return isOpen(episode) ? this.view(episode.id) : null;
  }

  /** The present episode or the last one; null: there was none. */
  async latest(): Promise<IncidentView | null> {
    const episode = this.#state?.episode ?? null;
    return episode === null ? null : this.view(episode.id);
  }

  async timeline(query: TimelineQuery): Promise<TimelinePage> {
    const limit = Math.min(query.limit, limits.list.pageMax);
    const items = this.#store.timeline(query.incident, query.after, limit + 1);
    return { items: items.slice(0, limit), more: items.length > limit };
  }

  async raw(incident: string): Promise<RawBody[]> {
    return this.#store.rawOf(incident, Date.now());
  }

  /**
   * The watch's (or anybody's) knock: re-arms an alarm that was lost and does overdue work here and now, so that a
   * broken alarm service still pages.
   */
  async poke(): Promise<PokeAnswer> {
    const state = this.#state;
    if (state === null) return { checkAfter: null, overdueMs: 0, healed: false, unflushed: 0 };
    const now = Date.now();
    const due = this.#dueAt(state);
    const alarm = await this.ctx.storage.getAlarm();
    const overdueMs = due === null ? 0 : Math.max(0, now - due);
    // Every commit with something to do arms an alarm: none at all, one far too late, or one stuck in the past is a defect.
    const lost =
      due !== null &&
      !this.#inAlarm &&
      (alarm === null || alarm > due + limits.watch.healAfterMs || alarm < now - limits.watch.healAfterMs);
    if (lost) {
      this.#armed = Math.max(due, now);
      await this.ctx.storage.setAlarm(this.#armed);
    }
    if (overdueMs > limits.watch.healAfterMs || (lost && overdueMs > 0)) await this.#work();
    const after = this.#state;
    return {
      checkAfter: this.#checkAfter(after),
      overdueMs,
      healed: lost,
      unflushed: after === null ? 0 : after.seq - this.#housekeeping.flushedSeq,
    };
  }

  /** Never throws: an alarm that throws seven times is dropped by the platform without a word. */
  override async alarm(): Promise<void> {
    this.#armed = null;
    this.#inAlarm = true;
    try {
      await this.#work();
    } catch (error) {
      console.error("alarm failed, trying again", String(error));
    } finally {
      this.#inAlarm = false;
    }
    try {
      // Whatever happened above: open work means an armed alarm.
      const due = this.#state === null ? null : this.#alarmAt(this.#state);
      if (due !== null && this.#armed === null) {
        this.#armed = Math.max(due, Date.now() + 1_000);
        await this.ctx.storage.setAlarm(this.#armed);
      }
    } catch (error) {
      console.error("could not arm", String(error));
    }
  }

  /** Does whatever is due: steps, leases, timers, the outbox to D1, the registration with the watch. */
  async #work(): Promise<void> {
    if (this.#state === null) return;
    const wake = nextWake(this.#state);
    if (wake !== null && wake <= Date.now()) {
      const [{ roster, stale }, inhibited] = await Promise.all([this.#freshRoster(), this.#askGates(false)]);
      for (let round = 0; round < 10; round++) {
        const due = nextWake(this.#state);
        if (due === null || due > Date.now()) break;
        const result = this.#commit(this.#state.identity, {
          type: "wake",
          roster: round === 0 ? roster : null,
          stale,
          inhibited,
        });
        this.#goOn(result);
      }
    }
    if (this.#rawUntil !== null && this.#rawUntil <= Date.now()) {
      this.#store.forgetRaw(Date.now());
      this.#rawUntil = this.#store.rawUntil();
    }
    await this.#register();
    await this.#flush();
    const due = this.#alarmAt(this.#state);
    if (due !== this.#armed) this.ctx.storage.transactionSync(() => this.#arm());
  }

  /** One step and its commit. Synchronous from the first read to the last write. */
  #commit(identity: Identity, event: Event, also?: (result: StepResult) => void): StepResult {
    const before = this.#state ?? emptyState(identity);
    if (before.identity.hash !== identity.hash || before.identity.tenant !== identity.tenant)
      throw new Error("this object belongs to another incident");
    const result = step(before, event, Date.now());
    const bad = violations(result.state);
    if (bad.length > 0)
      console.error("invariant violated", JSON.stringify({ incident: result.state.episode?.id, event: event.type, bad }));
    this.ctx.storage.transactionSync(() => {
      this.#store.save(before, result, this.#state === null);
      also?.(result);
      if (this.#arm(result.state)) this.#alarmsSet++;
    });
    this.#state = result.state;
    const opened = result.state.episode;
    if (opened && result.entries.length > 0)
      this.ctx.waitUntil(tellLive(this.env, identity, { kind: "incident", incident: opened.id }));
    this.ctx.waitUntil(forgetBundled(this.env, before, result.state));
    for (const each of noLonger(before, result.state)) this.ctx.waitUntil(withdraw(this.env, identity, each));
    if (event.type === "command")
      for (const each of onceMore(before, result.state)) this.ctx.waitUntil(announce(this.env, identity, each));
    return result;
  }

  /** The only caller of setAlarm for the object's own plan; inside the transaction of the commit it belongs to. */
  #arm(state: IncidentState | null = this.#state): boolean {
    const due = state === null ? null : this.#alarmAt(state);
    if (due === this.#armed) return false;
    if (due === null) void this.ctx.storage.deleteAlarm();
    else void this.ctx.storage.setAlarm(due);
    this.#armed = due;
    return true;
  }

  /** As due, or when a kept body must go: that is no work that a watch should miss. */
  #alarmAt(state: IncidentState): number | null {
    const due = this.#dueAt(state);
    return due === null || this.#rawUntil === null ? (due ?? this.#rawUntil) : Math.min(due, this.#rawUntil);
  }

  /** When the object must wake: for the incident, or for rows that D1 or the watch have not confirmed. */
  #dueAt(state: IncidentState): number | null {
    const wake = nextWake(state);
    const unflushed = state.seq > this.#housekeeping.flushedSeq;
    const unregistered = isAwake(state) && this.#housekeeping.watchedUntil === null;
    if (!unflushed && !unregistered) return wake;
    if (this.#flushRetryAt === 0) this.#flushRetryAt = Date.now() + limits.flush.everyMs;
    return wake === null ? this.#flushRetryAt : Math.min(wake, this.#flushRetryAt);
  }

  /** After a commit, outside of it: what was claimed is sent; then the slower things. */
  #goOn({ sends, picks }: Pick<StepResult, "sends" | "picks">): void {
    for (const pick of picks) this.ctx.waitUntil(this.#pick(pick));
    this.ctx.waitUntil(this.#carryOut(sends));
  }

  /** Asks whose turn it is; without an answer in time the step goes on with one drawn. */
  async #pick(pick: PickEffect): Promise<void> {
    const state = this.#state;
    if (state === null) return;
    const { tenant, jurisdiction } = state.identity;
    const asked = withLimit(
      pointerStub(this.env, tenant, jurisdiction).take(pick.key, pick.turn, pick.members),
      limits.pointer.askMs,
    );
    const user = await asked.catch(() => null);
    const event = { type: "picked" as const, ladder: pick.ladder, team: pick.team, user, roster: null };
    const result = this.#commit(state.identity, event);
    for (const next of result.picks) this.ctx.waitUntil(this.#pick(next));
    await this.#carryOut(result.sends);
  }

  async #carryOut(sends: readonly SendEffect[]): Promise<void> {
    await this.#sendAll(sends);
    await this.#settleDown();
  }

  /** Posts go their own way: nothing that matters to a page waits for a connector. */
  async #sendAll(sends: readonly SendEffect[]): Promise<void> {
    const isPost = (send: SendEffect): boolean => this.#state?.posts[send.delivery] !== undefined;
    for (const send of sends.filter(isPost)) this.ctx.waitUntil(this.#send(send).then(() => this.#settleDown()));
    await Promise.all(sends.filter((send) => !isPost(send)).map((send) => this.#send(send)));
  }

  async #settleDown(): Promise<void> {
    await this.#register();
    if (this.#state !== null && !isAwake(this.#state)) await this.#unregister();
    // The first change goes to D1 at once, what follows within seconds goes together, by the alarm.
    const due = this.#flushFailures === 0 ? this.#flushedAt + limits.flush.everyMs : this.#flushRetryAt;
    if (Date.now() >= due) await this.#flush();
  }

  async #send(send: SendEffect): Promise<void> {
    const state = this.#state;
    const delivery = state?.deliveries[send.delivery];
    const post = state?.posts[send.delivery];
    if (state === null || (!delivery && !post)) return;
    const mayStart = (): boolean => {
      const present = this.#state?.deliveries[send.delivery] ?? this.#state?.posts[send.delivery];
      return present?.status === "sending" && present.attempt === send.attempt;
    };
    const answer: Answer = delivery ? await askPerson(this.env, state, delivery) : { kind: "send" };
    if (answer.kind === "wait") {
      const { delivery: id, attempt } = send;
      return this.#goOn(this.#commit(state.identity, { type: "deferred", delivery: id, attempt, until: answer.until }));
    }
    const carries = answer.kind === "carry" ? answer.others : [];
    let outcome: Outcome;
    try {
      const { identity, roster } = state;
      if (answer.kind === "carried") outcome = { status: "accepted", ref: answer.by, detail: `in the summary ${answer.by}` };
      else if (delivery) {
        const job = { identity, delivery, roster, lookup: send.lookup, carries };
        outcome = await deliver(this.env, job, mayStart);
        this.ctx.waitUntil(noteIfGone(this.env, job, outcome, Date.now()));
      } else outcome = await deliverPost(this.env, { identity, post: post as Post, roster }, mayStart);
    } catch (error) {
      outcome = { status: "failed", reason: `the notifier broke (${error instanceof Error ? error.name : "unknown error"})` };
    }
    const result = this.#commit(state.identity, { type: "result", delivery: send.delivery, attempt: send.attempt, outcome });
    if (carries.length > 0 && delivery) {
      const accepted = outcome.status === "accepted" || outcome.status === "delivered";
      this.ctx.waitUntil(reportCarrier(this.env, state, delivery, accepted));
    }
    for (const pick of result.picks) this.ctx.waitUntil(this.#pick(pick));
    await this.#sendAll(result.sends);
  }

  /** The Directory's present slice for this incident, unless ours is a few seconds old at most. Never waits long, never fails. */
  async #freshRoster(): Promise<{ roster: Roster | null; stale: boolean }> {
    const state = this.#state;
    if (!state?.episode || !isAwake(state)) return { roster: null, stale: false };
    if (Date.now() - this.#askedDirectoryAt < limits.directory.freshMs) return { roster: null, stale: false };
    const answer = await askRoster(this.env, state);
    if (!answer.stale) this.#askedDirectoryAt = Date.now();
    return answer;
  }

  #checkAfter(state: IncidentState | null): number | null {
    if (state === null || !isAwake(state)) return null;
    return (nextWake(state) ?? Date.now() + limits.watch.idleMs) + limits.watch.graceMs;
  }

  async #register(): Promise<void> {
    const state = this.#state;
    const checkAfter = this.#checkAfter(state);
    if (state === null || checkAfter === null || isWatched(this.#housekeeping.watchedUntil, checkAfter)) return;
    try {
      await withLimit(
        watchStub(this.env, watchShardOf(state.identity)).register(state.identity, checkAfter),
        limits.directory.askMs * 10,
      );
      this.#keep({ ...this.#housekeeping, watchedUntil: checkAfter });
    } catch {
      this.#flushRetryAt = Date.now() + limits.watch.registerRetryMs;
    }
  }

  async #unregister(): Promise<void> {
    const state = this.#state;
    if (state === null || this.#housekeeping.watchedUntil === null) return;
    try {
      await withLimit(watchStub(this.env, watchShardOf(state.identity)).done(state.identity), limits.directory.askMs * 10);
      if (this.#state === null || !isAwake(this.#state)) this.#keep({ ...this.#housekeeping, watchedUntil: null });
      // Opened again while we were telling the shard: it must hear of it anew.
      else await watchStub(this.env, watchShardOf(state.identity)).register(state.identity, Date.now() + limits.watch.graceMs);
    } catch {
      // The shard pokes in its own time and finds it closed.
    }
  }

  /** Projects to D1 what it has not confirmed. Failures cost nothing but a later try; paging never waits for it. */
  async #flush(): Promise<void> {
    if (this.#flushing || this.#state === null) return;
    this.#flushing = true;
    this.#flushedAt = Date.now();
    try {
      for (let round = 0; round < 20; round++) {
        const state = this.#state;
        const work = this.#store.unflushed(state, this.#housekeeping.flushedSeq, limits.flush.rowsMax);
        if (work === null) break;
        await withLimit(project(dbFor(this.env, state.identity.tenant), state.identity.hash, work.batch), limits.flush.timeoutMs);
        this.#flushFailures = 0;
        this.#keep({ ...this.#housekeeping, flushedSeq: work.upTo });
        if (state.episode) this.#store.purge(state.episode.id, work.upTo);
        this.#rawUntil = this.#store.rawUntil();
      }
      this.#flushRetryAt = this.#state.seq > this.#housekeeping.flushedSeq ? Date.now() + limits.flush.everyMs : 0;
    } catch {
      const waitMs = Math.min(limits.flush.backoffFirstMs * 2 ** this.#flushFailures++, limits.flush.backoffMaxMs);
      this.#flushRetryAt = Date.now() + waitMs;
    } finally {
      this.#flushing = false;
      this.ctx.storage.transactionSync(() => this.#arm());
    }
  }

  #keep(housekeeping: Housekeeping): void {
    this.#store.saveHousekeeping(housekeeping);
    this.#housekeeping = housekeeping;
  }
}

/** The shard looks again at the time it was given; past that, or where something comes nearer, it must be told anew. */
function isWatched(until: number | null, checkAfter: number): boolean {
  return until !== null && until > Date.now() && until <= checkAfter + limits.watch.graceMs;
}
