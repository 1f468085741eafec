// Owns who hears that a tenant's maintenance or silences changed: the incidents that they mute, and the reminders of silences'
// owners. Owed in the Directory's own tables until done, so that a crash between the change and the telling loses nothing.

import type { Alert } from "../core/alert.ts";
import type { Decision } from "../core/decision.ts";
import { alertIdentity } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { Silence } from "../core/mute.ts";
import { rosterFor, rosterQueryOf } from "../core/roster.ts";
import { decideByHand } from "../core/routing.ts";
import type { Policy, Snapshot } from "../core/snapshot.ts";
import { withLimit } from "./limit.ts";
import { incidentStub, watchShardNames, watchStub } from "./places.ts";
import { receiveAt } from "./receive.ts";

export const quietNewsMigration = "CREATE TABLE quiet_news (k TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID";

const muted = "muted";
const bound = limits.quietNews;

/** Inside the transaction that puts a snapshot in force. */
export function oweQuietNews(sql: SqlStorage, before: Snapshot | null, after: Snapshot, now: number): void {
  const owe = (k: string): void => {
    sql.exec(
      "INSERT INTO quiet_news (k, version) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET version = excluded.version",
      k,
      after.version,
    );
  };
  const words = (snapshot: Snapshot | null): string => JSON.stringify([snapshot?.maintenance ?? [], snapshot?.silences ?? []]);
  if (before !== null && words(before) !== words(after)) owe(muted);
  for (const silence of after.silences ?? []) {
    const was = before?.silences?.find((each) => each.id === silence.id);
    if (remindAt(silence, now) !== null && JSON.stringify(was) !== JSON.stringify(silence)) owe(`silence ${silence.id}`);
  }
}

export function owesQuietNews(sql: SqlStorage): boolean {
  return sql.exec<{ n: number }>("SELECT count(*) AS n FROM quiet_news").one().n > 0;
}

/** Tells whoever is owed; what fails stays owed. */
export async function tellQuietNews(env: Env, sql: SqlStorage, snapshot: Snapshot): Promise<void> {
  for (const { k, version } of sql.exec<{ k: string; version: number }>("SELECT k, version FROM quiet_news").toArray()) {
    try {
      await (k === muted ? tellMuted(env, snapshot) : raiseReminder(env, snapshot, k.slice("silence ".length), Date.now()));
      // A newer change may have come meanwhile: it stays owed.
      sql.exec("DELETE FROM quiet_news WHERE k = ? AND version = ?", k, version);
    } catch (error) {
      console.warn("quiet news could not be told", k, String(error));
    }
  }
}

/** Every open incident of the tenant looks again at what mutes it; the others answer at once that nothing does. */
async function tellMuted(env: Env, { tenant, jurisdiction }: Snapshot): Promise<void> {
  for (const shard of watchShardNames) {
    const open = await withLimit(watchStub(env, shard).list(tenant, bound.perShardMax), bound.askMs);
    const ours = open.filter((identity) => identity.jurisdiction === jurisdiction);
    for (let at = 0; at < ours.length; at += bound.atOnce) {
      await Promise.all(
        ours.slice(at, at + bound.atOnce).map((identity) => withLimit(incidentStub(env, identity).reconsider(), bound.askMs)),
      );
    }
  }
}

/** When the owner is to be reminded; null: nobody is, or it is too late for it. */
function remindAt(silence: Silence, now: number): number | null {
  if (silence.owner === null || silence.remindMs === null) return null;
  const at = silence.until - silence.remindMs;
  return at > now ? at : null;
}

/**
 * A reminder is an incident like any other: muted until its time, then a page of low urgency for the owner by their own rules.
 * It is named by the silence and its end: raised again it is the same, and a silence with a new end gets a new one.
 */
async function raiseReminder(env: Env, snapshot: Snapshot, id: string, now: number): Promise<void> {
  const silence = snapshot.silences?.find((each) => each.id === id);
  const at = silence === undefined ? null : remindAt(silence, now);
  if (silence === undefined || at === null) return;
  const dedupKey = `tocsin:silence:${id}:${silence.until}`;
  const identity = alertIdentity(snapshot.tenant, snapshot.jurisdiction, "tocsin", dedupKey);
  const alert = reminderAlert(silence, dedupKey);
  const decision = reminderDecision(snapshot, { silence, alert, at }, now);
  const alerts = [{ alert, integration: null, deliveryId: null, actor: null }];
  const roster = rosterFor(snapshot, rosterQueryOf(decision, []));
  await receiveAt(env, { v: 1, identity, alerts, decision, roster, raw: null });
}

function reminderAlert(silence: Silence, dedupKey: string): Alert {
  const until = new Date(silence.until).toISOString().slice(0, 16).replace("T", " ");
  return {
    dedupKey,
    action: "trigger",
    severity: "info",
    title: `Silence ${silence.id} ends at ${until} UTC`,
    body: `${silence.reason === "" ? "" : `${silence.reason}\n\n`}From then on whatever it matches and still fires pages: ${silence.when}`,
    labels: { silence: silence.id },
    links: [],
    source: "tocsin",
    sourceAt: null,
    test: false,
  };
}

function reminderDecision(
  snapshot: Snapshot,
  { silence, alert, at }: { readonly silence: Silence; readonly alert: Alert; readonly at: number },
  now: number,
): Decision {
  const owner: Policy = {
    id: "silence-reminder",
    name: "Reminder of a silence",
    steps: [{ notify: [{ kind: "user", user: silence.owner ?? "", contact: null }], escalateAfterMs: 3_600_000 }],
    repeat: { times: 0, from: 0, waitMs: 0 },
    onExhausted: [],
    lowUrgency: "first-step",
  };
  const base = decideByHand(
    { service: null, policy: null, severity: snapshot.severities.at(-1) ?? null, urgency: "low" },
    alert,
    snapshot,
    now,
  );
  return {
    ...base,
    policy: owner,
    slas: [],
    reopenWindowMs: 0,
    autoResolveMs: null,
    mutes: [{ kind: "reminder", id: silence.id, until: at, of: silence.until }],
  };
}
