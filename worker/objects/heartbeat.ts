// Owns the heartbeat object: load, step, commit, arm; then tell the incident. Decides nothing; worker/core/heartbeat.ts does.
// As with incidents: no await between reading state and committing it, and after every await it is read again.

import { DurableObject } from "cloudflare:workers";
import type { Decision } from "../core/decision.ts";
import { heartbeatAlert, heartbeatIntegration, heartbeatIntegrationId } from "../core/heartbeat-alert.ts";
import {
  dueReport,
  expectedAt,
  fallsAt,
  heartbeatStep,
  heartbeatWake,
  newHeartbeat,
  shownStatus,
  type Beat,
  type HeartbeatEvent,
  type HeartbeatState,
  type Outage,
  type Report,
} from "../core/heartbeat.ts";
import { alertIdentity, heartbeatIdentity } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import { rosterFor, type Roster } from "../core/roster.ts";
import { decide } from "../core/routing.ts";
import type { Heartbeat, Snapshot } from "../core/snapshot.ts";
import { hand } from "../ingest/hand.ts";
import { withLimit } from "./limit.ts";
import { receiveAt } from "./receive.ts";
import { migrate } from "./migrate.ts";
import { aliveShard, watchShardOf, watchStub } from "./places.ts";
import type { BeatAnswer, BeatInput, ConfigureInput, HeartbeatView, PokeAnswer, Watched } from "./rpc.ts";
import { loadSnapshot } from "./snapshot-cache.ts";

const migrations: readonly (readonly string[])[] = [["CREATE TABLE doc (k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID"]];

/** What to page by while the Directory cannot be asked: the last decision and roster that were had. */
interface Copy {
  readonly version: number;
  readonly severityMap: Snapshot["severityMap"];
  readonly decision: Decision;
  readonly roster: Roster;
}

export class HeartbeatObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  #state: HeartbeatState | null;
  /** When the watch looks next; null: it does not know of this heartbeat. */
  #watchedUntil: number | null;
  #registerRetryAt = 0;
  #armed: number | null | undefined = undefined;
  #inAlarm = false;
  #telling = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    this.#sql = ctx.storage.sql;
    this.#state = this.#read<HeartbeatState>("state");
    this.#watchedUntil = this.#read<number>("watched");
    void ctx.blockConcurrencyWhile(async () => {
      this.#armed = await ctx.storage.getAlarm();
    });
  }

  /** Returns once the beat is durable. */
  async beat(input: BeatInput): Promise<BeatAnswer> {
    const { identity, known, beat } = input;
    const now = Date.now();
    if (known !== null) this.#configure(identity, known.spec, known.version, now);
    const state = this.#state;
    if (state === null || state.removed) return "unknown";
    if (!isSame(state, beat, now)) this.#commit({ type: "beat", beat }, now);
    this.ctx.waitUntil(this.#goOn());
    return "ok";
  }

  /** What the Directory says it is now. */
  async configure({ identity, spec, version }: ConfigureInput): Promise<void> {
    const now = Date.now();
    if (spec !== null) this.#configure(identity, spec, version, now);
    else if (this.#state !== null) this.#commit({ type: "remove", version }, now);
    this.ctx.waitUntil(this.#goOn());
  }

  async pause(until: number | null, by: string): Promise<HeartbeatView | null> {
    return this.#act({ type: "pause", until, by });
  }

  async resume(by: string): Promise<HeartbeatView | null> {
    return this.#act({ type: "resume", by });
  }

  async view(): Promise<HeartbeatView | null> {
    const state = this.#state;
    if (state === null || state.removed) return null;
    return { status: shownStatus(state, Date.now()), state, expectedAt: expectedAt(state), fallsAt: fallsAt(state) };
  }

  /** The watch's knock: sets a lost alarm again and does overdue work here and now. */
  async poke(): Promise<PokeAnswer> {
    const nothing = { checkAfter: null, overdueMs: 0, healed: false, unflushed: 0 };
    if (this.#state === null) return nothing;
    const now = Date.now();
    const due = heartbeatWake(this.#state);
    const alarm = await this.ctx.storage.getAlarm();
    const overdueMs = due === null ? 0 : Math.max(0, now - due);
    const { healAfterMs } = limits.watch;
    const lost = due !== null && !this.#inAlarm && (alarm === null || alarm > due + healAfterMs || alarm < now - healAfterMs);
    if (lost) {
      this.#armed = Math.max(due, now);
      await this.ctx.storage.setAlarm(this.#armed);
    }
    if (overdueMs > healAfterMs || (lost && overdueMs > 0)) await this.#work();
    const state = this.#state;
    if (state === null) return nothing;
    this.#watchedUntil = checkAfter(state);
    return { ...nothing, checkAfter: this.#watchedUntil, overdueMs, healed: lost };
  }

  /** Never throws: an alarm that throws seven times is dropped by the platform without a word. */
  override async alarm(): Promise<void> {
    this.#armed = null;
    this.#inAlarm = true;
    try {
      await this.#work();
    } catch (error) {
      console.error("heartbeat alarm failed, trying again", String(error));
    } finally {
      this.#inAlarm = false;
    }
    try {
      const due = this.#dueAt();
      if (due !== null && this.#armed === null) {
        this.#armed = Math.max(due, Date.now() + 1_000);
        await this.ctx.storage.setAlarm(this.#armed);
      }
    } catch (error) {
      console.error("could not arm", String(error));
    }
  }

  async #act(event: HeartbeatEvent): Promise<HeartbeatView | null> {
    if (this.#state === null) return null;
    this.#commit(event, Date.now());
    this.ctx.waitUntil(this.#goOn());
    return this.view();
  }

  async #work(): Promise<void> {
    const wake = this.#state === null ? null : heartbeatWake(this.#state);
    if (wake !== null && wake <= Date.now()) {
      const outages = await this.#lookAround();
      if (this.#state !== null) this.#commit({ type: "wake", outages }, Date.now());
    }
    await this.#goOn();
  }

  /** Before anything is called missing: the configuration as it is now, and whether the hub itself was down. Never fails. */
  async #lookAround(): Promise<readonly Outage[]> {
    const state = this.#state;
    const falls = state === null ? null : fallsAt(state);
    if (state === null || falls === null || falls > Date.now()) return [];
    const [snapshot, outages] = await Promise.all([
      this.#snapshot(),
      // Without an answer nothing is excused: paged rather than not.
      withLimit(watchStub(this.env, aliveShard).outages(state.countsFrom ?? state.createdAt), limits.directory.askMs * 3).catch(
        () => [] as Outage[],
      ),
    ]);
    if (snapshot !== null) this.#compare(snapshot);
    return outages;
  }

  /** A heartbeat that a fresh configuration does not have any more is taken out, whoever failed to say so. */
  #compare(snapshot: Snapshot): void {
    const state = this.#state;
    if (state === null || snapshot.version < state.version) return;
    const spec = snapshot.heartbeats?.[state.identity.heartbeat];
    if (spec === undefined) return this.#commit({ type: "remove", version: snapshot.version }, Date.now());
    if (snapshot.version > state.version) this.#commit({ type: "configure", spec, version: snapshot.version }, Date.now());
    this.#keepCopy(snapshot);
  }

  /** After every commit, outside of it: the incident is told, the watch knows, what was taken out is emptied. */
  async #goOn(): Promise<void> {
    await this.#tell();
    await this.#register();
    const state = this.#state;
    if (state !== null && (this.#read<Copy>("copy")?.version ?? -1) < state.version) {
      const snapshot = await this.#snapshot();
      if (snapshot !== null) this.#keepCopy(snapshot);
    }
    if (this.#state?.removed === true && this.#state.reports.length === 0 && this.#watchedUntil === null) return this.#empty();
    if (this.#dueAt() !== this.#armed) this.ctx.storage.transactionSync(() => this.#arm());
  }

  async #tell(): Promise<void> {
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (let round = 0; round < limits.heartbeat.reportsMax * 2; round++) {
        const state = this.#state;
        const report = state === null ? null : dueReport(state, Date.now());
        if (state === null || report === null) return;
        let [told, incident] = [false, null as string | null];
        try {
          incident = await this.#deliver(state, report);
          told = true;
        } catch (error) {
          console.warn("the incident of a heartbeat could not be told, trying again", String(error));
        }
        this.#commit({ type: "reported", n: report.n, told, incident }, Date.now());
      }
    } finally {
      this.#telling = false;
    }
  }

  /** The ordinary way of an alert, routes and all; with the Directory out of reach, as it was last decided. */
  async #deliver(state: HeartbeatState, report: Report): Promise<string | null> {
    const { tenant, jurisdiction } = state.identity;
    const snapshot = await this.#snapshot();
    const alone = this.#read<boolean>("alone") === true;
    if (snapshot !== null && !(alone && report.action === "resolve")) {
      this.#keepCopy(snapshot);
      const entry = { tenant, integration: heartbeatIntegrationId, jurisdiction };
      const door = { env: this.env, entry, snapshot, integration: heartbeatIntegration(state.spec, snapshot) };
      const [result] = await hand(door, [heartbeatAlert(state, report, snapshot)], { deliveryId: deliveryId(report), raw: null });
      return result?.incident ?? null;
    }
    const copy = this.#read<Copy>("copy");
    if (copy === null) throw new Error("the configuration is out of reach, and no copy of it is here yet");
    const identity = alertIdentity(tenant, jurisdiction, heartbeatIntegrationId, state.spec.id);
    const alert = heartbeatAlert(state, report, copy);
    const received = { alert, integration: heartbeatIntegrationId, deliveryId: deliveryId(report), actor: null };
    const { decision, roster } = copy;
    const input = { v: 1 as const, identity, alerts: [received], decision, roster, raw: null };
    // Where it went is remembered before it goes: its resolve must find the same object, whatever the routes then say.
    this.#write("alone", report.action === "trigger");
    const answer = await receiveAt(this.env, input);
    return answer.results[0]?.incident ?? null;
  }

  async #snapshot(): Promise<Snapshot | null> {
    const state = this.#state;
    if (state === null) return null;
    const { tenant, jurisdiction } = state.identity;
    const loaded = await loadSnapshot(this.env, tenant, jurisdiction).catch(() => null);
    return loaded?.snapshot ?? null;
  }

  #keepCopy(snapshot: Snapshot): void {
    const state = this.#state;
    if (state === null || state.removed || this.#read<Copy>("copy")?.version === snapshot.version) return;
    const integration = heartbeatIntegration(state.spec, snapshot);
    const missing: Report = { n: 0, action: "trigger", at: Date.now(), title: "", body: "", attempt: 0, nextAt: 0 };
    const decision = decide(heartbeatAlert(state, missing, snapshot), { snapshot, integration }, Date.now());
    const roster = rosterFor(snapshot, { policy: decision.policy, users: [] });
    const copy: Copy = { version: snapshot.version, severityMap: snapshot.severityMap, decision, roster };
    this.#write("copy", copy);
  }

  async #register(): Promise<void> {
    const state = this.#state;
    if (state === null) return;
    const identity = this.#watched(state);
    const until = checkAfter(state);
    const known = this.#watchedUntil;
    // The shard asks again at the time it knows; only an earlier one must be told.
    if (until === null ? known === null : known !== null && known <= until + limits.watch.graceMs && known > Date.now()) return;
    try {
      const shard = watchStub(this.env, watchShardOf(identity));
      await withLimit(until === null ? shard.done(identity) : shard.register(identity, until), limits.directory.askMs * 10);
      this.#watchedUntil = until;
      this.#write("watched", until);
      this.#registerRetryAt = 0;
    } catch {
      this.#registerRetryAt = Date.now() + limits.watch.registerRetryMs;
    }
  }

  #watched(state: HeartbeatState): Watched {
    const { tenant, jurisdiction, heartbeat } = state.identity;
    return { ...heartbeatIdentity(tenant, jurisdiction, heartbeat), kind: "heartbeat" };
  }

  #configure(identity: BeatInput["identity"], spec: Heartbeat, version: number, now: number): void {
    if (this.#state === null) this.#save(newHeartbeat(identity, spec, version, now));
    else this.#commit({ type: "configure", spec, version }, now);
  }

  /** One step and its commit. Synchronous from the first read to the last write. */
  #commit(event: HeartbeatEvent, now: number): void {
    if (this.#state === null) return;
    const next = heartbeatStep(this.#state, event, now);
    if (next !== this.#state) this.#save(next);
  }

  #save(state: HeartbeatState): void {
    const before = this.#state;
    this.#state = state;
    try {
      this.ctx.storage.transactionSync(() => {
        this.#write("state", state);
        this.#arm();
      });
    } catch (error) {
      this.#state = before;
      throw error;
    }
  }

  #dueAt(): number | null {
    const wake = this.#state === null ? null : heartbeatWake(this.#state);
    if (this.#registerRetryAt === 0) return wake;
    return wake === null ? this.#registerRetryAt : Math.min(wake, this.#registerRetryAt);
  }

  #arm(): void {
    const due = this.#dueAt();
    if (due === this.#armed) return;
    if (due === null) void this.ctx.storage.deleteAlarm();
    else void this.ctx.storage.setAlarm(due);
    this.#armed = due;
  }

  #empty(): void {
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec("DELETE FROM doc");
      void this.ctx.storage.deleteAlarm();
    });
    this.#state = null;
    this.#armed = null;
  }

  #read<T>(key: string): T | null {
    const row = this.#sql.exec<{ v: string }>("SELECT v FROM doc WHERE k = ?", key).toArray()[0];
    // Written by #write and nowhere else.
    return row === undefined ? null : (JSON.parse(row.v) as T);
  }

  #write(key: string, value: unknown): void {
    this.#sql.exec(
      "INSERT INTO doc (k, v) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v",
      key,
      JSON.stringify(value),
    );
  }
}

/** When the watch is to look; null: nothing happens by itself. */
function checkAfter(state: HeartbeatState): number | null {
  const wake = heartbeatWake(state);
  return wake === null ? null : wake + limits.watch.graceMs;
}

function deliveryId(report: Report): string {
  return `heartbeat-${report.n}`;
}

/** A success right after another says nothing new: the first is durable. */
function isSame(state: HeartbeatState, { signal }: Beat, now: number): boolean {
  if (signal.kind !== "success" || state.status !== "up" || state.running !== null || state.excuse !== null) return false;
  const { schedule } = state.spec;
  const withinMs = Math.min(limits.heartbeat.sameBeatMs, schedule.kind === "every" ? schedule.everyMs / 10 : Infinity);
  return state.lastBeatAt !== null && now >= state.lastBeatAt && now - state.lastBeatAt < withinMs;
}
