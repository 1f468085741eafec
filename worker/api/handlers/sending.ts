// Owns how notifiers and connectors fare, and a test of one: through its real provider, once, recorded among the deliveries.

import { notifiers } from "../../../plugins/registry.gen.ts";
import { principalName } from "../../auth/principal.ts";
import { timeText } from "../../core/ids.ts";
import { limits } from "../../core/limits.ts";
import type { Fix, Outcome } from "../../core/page.ts";
import type { Contact, Notifier, Snapshot } from "../../core/snapshot.ts";
import { withLimit } from "../../objects/limit.ts";
import { sendTestPage, sendTestPost, type Tester } from "../../objects/test-page.ts";
import { dbFor } from "../../store/db.ts";
import { sendingHealth, type LastTry, type SendingHealth } from "../../store/sending-health.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { deliveryJson, iso } from "../shapes.ts";
import { snapshotOf } from "./tenant.ts";

const { askMs } = limits.api;
const dayMs = 86_400_000;
const { usersNamed } = limits.sendingHealth;

export const getSendingHealth: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const { tenant } = snapshot;
  const { now } = call;
  const range = {
    from: `dlv_${timeText(now - limits.sendingHealth.backMs)}`,
    day: `dlv_${timeText(now - dayMs)}`,
    rows: limits.sendingHealth.rowsMax,
  };
  const read = await withLimit(sendingHealth(dbFor(call.env, tenant), tenant, range), askMs);
  return call.c.json({
    from: iso(now - limits.sendingHealth.backMs),
    truncated: read.truncated,
    notifiers: Object.values(snapshot.notifiers).map(({ id, plugin }) => ({
      plugin,
      ...healthJson(id, read.notifiers),
      ...usesOf(snapshot, id),
    })),
    connectors: Object.values(snapshot.connectors ?? {}).map(({ id, plugin }) => ({
      plugin,
      ...healthJson(id, read.connectors),
    })),
  });
};

function healthJson(id: string, read: readonly SendingHealth[]): Record<string, unknown> {
  const { day = {}, lastGood = null, lastBad = null }: Partial<SendingHealth> = read.find((each) => each.id === id) ?? {};
  return { id, day, lastGood: tryJson(lastGood), lastBad: tryJson(lastBad) };
}

/** Whose contacts go by it, and which notifiers fall back on it. */
function usesOf({ users, notifiers: all }: Snapshot, id: string): Record<string, unknown> {
  const people = Object.values(users).filter(({ active, contacts }) => active && contacts.some(({ via }) => via === id));
  return {
    people: people.length,
    users: people.slice(0, usersNamed).map((person) => person.id),
    fallbackOf: Object.values(all)
      .filter(({ fallback }) => fallback === id)
      .map((each) => each.id),
  };
}

function tryJson(last: LastTry | null): Record<string, unknown> | null {
  return last && { ...last, at: iso(last.at) };
}

export const testNotifier: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const notifier = snapshot.notifiers[call.params["id"] ?? ""];
  if (notifier === undefined) throw new ApiError("not-found", "there is nothing at this address");
  const contact = contactToTry(call, snapshot, notifier);
  const result = await sendTestPage(
    call.env,
    { snapshot, person: testerOf(call, snapshot.users, snapshot.timeZone), contact },
    call.now,
  );
  if (result.kind === "too-often") throw tooOften(result.retryAfterMs);
  return told(call, result.delivery, result.outcome);
};

/** By the address given, or where devices are paged by one of the asker's own: nobody else's may be rung for a try. */
function contactToTry({ body, principal }: Call, { users }: Snapshot, { id, plugin }: Notifier): Contact {
  if (notifiers[plugin]?.manifest.devices === true) {
    const mine = users[principalName(principal)]?.contacts.find((each) => each.via === id && each.device !== undefined);
    if (mine !== undefined) return mine;
    throw new ApiError(
      "conflict",
      "it pages the devices that people register: sign in, register one on your own page, and try again",
    );
  }
  const to = String(body["to"]);
  const wrong = notifiers[plugin]?.checkTarget(to) ?? null;
  if (wrong !== null) throw new ApiError("invalid", `to: ${wrong}`, { errors: [{ in: "body", path: "to", message: wrong }] });
  return { id: `test-of-${id}`, via: id, to };
}

/** The person who asks; a token or a key is nobody, and still may try. */
function testerOf({ principal }: Call, people: Readonly<Record<string, Tester>>, timeZone: string): Tester {
  const id = principalName(principal);
  return people[id] ?? { id, name: id, timeZone };
}

export const testConnector: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const connector = snapshot.connectors?.[call.params["id"] ?? ""];
  if (connector === undefined) throw new ApiError("not-found", "there is nothing at this address");
  const result = await sendTestPost(call.env, { snapshot, connector, by: principalName(call.principal) }, call.now);
  if (result.kind === "too-often") throw tooOften(result.retryAfterMs);
  return told(call, result.post, result.outcome);
};

function tooOften(afterMs: number): ApiError {
  const retryAfter = Math.max(1, Math.ceil(afterMs / 1_000));
  return new ApiError("rate-limited", `this was tested a moment ago: again in ${retryAfter} s`, { retryAfter });
}

function told({ c }: Call, sent: Parameters<typeof deliveryJson>[0], outcome: Outcome): Response {
  const detail = "reason" in outcome ? outcome.reason : (outcome.detail ?? "");
  return c.json({ ...deliveryJson(sent), delivery: sent.id, outcome: outcome.status, detail, fix: fixOf(outcome) });
}

/** What to look at after a test that did not go well; null: nothing that could be told from the answer. */
function fixOf(outcome: Outcome): Fix | null {
  if (!("reason" in outcome)) return null;
  if ("fix" in outcome && outcome.fix !== undefined) return outcome.fix;
  // What every such API has was asked for, or nobody answered in time.
  return outcome.status === "unknown" || /^HTTP (404|405|410)\b/.test(outcome.reason) ? "address" : null;
}
