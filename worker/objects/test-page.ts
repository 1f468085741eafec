// Owns one test page: built like a real one, marked as a test in every word a person sees, sent once through the contact's
// real notifier and recorded among the deliveries. No incident, no retry, nobody else.

import { deliveryId, incidentId, testIdentity, timeText } from "../core/ids.ts";
import type { Delivery } from "../core/incident.ts";
import { limits } from "../core/limits.ts";
import type { Outcome } from "../core/page.ts";
import { rosterFor } from "../core/roster.ts";
import type { Contact, Person, Snapshot } from "../core/snapshot.ts";
import { dbFor } from "../store/db.ts";
import { project } from "../store/project.ts";
import { claimTestDelivery, countTestDeliveries } from "../store/test-deliveries.ts";
import { deliver } from "./deliver.ts";

export type TestResult =
  | { readonly kind: "sent"; readonly delivery: Delivery; readonly outcome: Outcome }
  | { readonly kind: "too-often"; readonly retryAfterMs: number };

export async function sendTestPage(
  env: Env,
  { snapshot, person, contact }: { readonly snapshot: Snapshot; readonly person: Person; readonly contact: Contact },
  now: number,
): Promise<TestResult> {
  const { perContactMs, windowMs, inWindowMax } = limits.testPage;
  const { tenant } = snapshot;
  const db = dbFor(env, tenant);
  if ((await countTestDeliveries(db, tenant, person.id, `dlv_${timeText(now - windowMs)}`)) >= inWindowMax)
    return { kind: "too-often", retryAfterMs: windowMs };
  const slot = now - (now % perContactMs);
  const delivery = testDelivery(snapshot, person, contact, { slot, now });
  if (!(await claimTestDelivery(db, tenant, delivery))) return { kind: "too-often", retryAfterMs: slot + perContactMs - now };
  const identity = testIdentity(tenant, snapshot.jurisdiction, person.id);
  const roster = rosterFor(snapshot, { policy: null, users: [person.id] });
  const outcome = await deliver(env, { identity, delivery, roster, lookup: false }, () => true);
  const done = settled(delivery, outcome, Date.now());
  await project(db, identity.hash, { tenant, episode: null, alerts: [], entries: [], deliveries: [done] });
  return { kind: "sent", delivery: done, outcome };
}

function testDelivery(
  snapshot: Snapshot,
  person: Person,
  contact: Contact,
  { slot, now }: { readonly slot: number; readonly now: number },
): Delivery {
  const identity = testIdentity(snapshot.tenant, snapshot.jurisdiction, person.id);
  const id = deliveryId(identity, slot, ["test", person.id, contact.id]);
  const incident = incidentId(slot, identity);
  return {
    id,
    seq: 1,
    incident,
    epoch: 0,
    run: 0,
    rule: 0,
    user: person.id,
    contact: contact.id,
    via: contact.via,
    status: "sending",
    dueAt: now,
    nextAt: null,
    leaseUntil: null,
    attempt: 1,
    lost: 0,
    ref: null,
    attempts: [],
    cancelledFrom: null,
    page: {
      delivery: id,
      sentAt: now,
      tenant: { id: snapshot.tenant, name: snapshot.name },
      person: { id: person.id, name: person.name, timeZone: person.timeZone },
      contact: { id: contact.id, to: contact.to },
      incident: {
        id: incident,
        title: `TEST for ${person.name} by ${contact.id}: nothing is wrong`,
        body: "Somebody tests whether pages reach you this way. There is nothing to do.",
        severity: snapshot.severities.at(-1) ?? "test",
        urgency: "high",
        status: "test",
        service: null,
        openedAt: now,
        runbook: null,
        labels: { test: "true" },
      },
      reason: { policy: null, step: 0, round: 1, via: "test", text: "a test of this contact, not an incident" },
    },
  };
}

function settled(delivery: Delivery, outcome: Outcome, at: number): Delivery {
  const reason = "reason" in outcome ? outcome.reason : (outcome.detail ?? "");
  const attempt = { n: 1, at, status: outcome.status, reason: reason.slice(0, 300) };
  // A real page would be tried again; a test says what happened to this one try.
  const status = outcome.status === "retry" ? "failed" : outcome.status;
  return { ...delivery, seq: 2, status, ref: "ref" in outcome ? outcome.ref : null, attempts: [attempt] };
}
