// Owns one test page: built like a real one, marked as a test in every word a person sees, sent once through the contact's
// real notifier and recorded among the deliveries; and one test post to a connector. No incident, no retry, nobody else.

import { deliveryId, incidentId, testIdentity, timeText } from "../core/ids.ts";
import type { Delivery } from "../core/incident.ts";
import { limits } from "../core/limits.ts";
import type { Outcome } from "../core/page.ts";
import { rosterFor } from "../core/roster.ts";
import { incidentEvents, type Post } from "../core/post.ts";
import type { Connector, Contact, Person, Snapshot } from "../core/snapshot.ts";
import { dbFor } from "../store/db.ts";
import { project } from "../store/project.ts";
import { claimTestDelivery, countTestDeliveries } from "../store/test-deliveries.ts";
import { deliver, deliverPost } from "./deliver.ts";
import { noteIfGone } from "./gone-device.ts";

export type TestResult =
  | { readonly kind: "sent"; readonly delivery: Delivery; readonly outcome: Outcome }
  | { readonly kind: "too-often"; readonly retryAfterMs: number };

/** Who is paged: a person of the tenant, or somebody who only tries a notifier. */
export type Tester = Pick<Person, "id" | "name" | "timeZone">;

export async function sendTestPage(
  env: Env,
  { snapshot, person, contact }: { readonly snapshot: Snapshot; readonly person: Tester; readonly contact: Contact },
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
  const known = rosterFor(snapshot, { policy: null, users: [person.id] });
  const roster = { ...known, notifiers: { ...known.notifiers, ...pick(snapshot.notifiers, contact.via) } };
  const job = { identity, delivery, roster, lookup: false };
  const outcome = await deliver(env, job, () => true);
  await noteIfGone(env, job, outcome, Date.now());
  const done = settled(delivery, outcome, Date.now());
  await project(db, identity.hash, { tenant, episode: null, alerts: [], entries: [], deliveries: [done] });
  return { kind: "sent", delivery: done, outcome };
}

function pick<T>(all: Readonly<Record<string, T>>, id: string): Readonly<Record<string, T>> {
  const found = all[id];
  return found === undefined ? {} : { [id]: found };
}

function testDelivery(
  snapshot: Snapshot,
  person: Tester,
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

function settled<T extends Delivery | Post>(sent: T, outcome: Outcome, at: number): T {
  const reason = "reason" in outcome ? outcome.reason : (outcome.detail ?? "");
  const attempt = { n: 1, at, status: outcome.status, reason: reason.slice(0, 300) };
  // A real page would be tried again; a test says what happened to this one try.
  const status = outcome.status === "retry" ? "failed" : outcome.status;
  return { ...sent, seq: 2, status, ref: "ref" in outcome ? outcome.ref : null, attempts: [attempt] };
}

export type PostTestResult =
  | { readonly kind: "sent"; readonly post: Post; readonly outcome: Outcome }
  | { readonly kind: "too-often"; readonly retryAfterMs: number };

/** Told of an incident that is none: as it would be of a real one, with `test` in it. */
export async function sendTestPost(
  env: Env,
  { snapshot, connector, by }: { readonly snapshot: Snapshot; readonly connector: Connector; readonly by: string },
  now: number,
): Promise<PostTestResult> {
  const { perContactMs } = limits.testPage;
  const { tenant } = snapshot;
  const db = dbFor(env, tenant);
  const slot = now - (now % perContactMs);
  const post = testPost(snapshot, connector, { slot, now, by });
  if (!(await claimTestDelivery(db, tenant, post))) return { kind: "too-often", retryAfterMs: slot + perContactMs - now };
  const identity = testIdentity(tenant, snapshot.jurisdiction, connector.id);
  const outcome = await deliverPost(
    env,
    { identity, post, roster: rosterFor(snapshot, { policy: null, users: [] }) },
    () => true,
  );
  const done = settled(post, outcome, Date.now());
  await project(db, identity.hash, { tenant, episode: null, alerts: [], entries: [], deliveries: [], posts: [done] });
  return { kind: "sent", post: done, outcome };
}

function testPost(
  snapshot: Snapshot,
  connector: Connector,
  { slot, now, by }: { readonly slot: number; readonly now: number; readonly by: string },
): Post {
  const identity = testIdentity(snapshot.tenant, snapshot.jurisdiction, connector.id);
  const id = deliveryId(identity, slot, ["test-post", connector.id]);
  const incident = incidentId(slot, identity);
  const event = incidentEvents.find((each) => connector.on.includes(each)) ?? "opened";
  const reason = "a test of this connector, not an incident";
  return {
    kind: "connector",
    id,
    seq: 1,
    incident,
    connector: connector.id,
    status: "sending",
    dueAt: now,
    nextAt: null,
    leaseUntil: null,
    attempt: 1,
    lost: 0,
    ref: null,
    attempts: [],
    content: {
      post: id,
      type: `incident.${event}`,
      sentAt: now,
      tenant: { id: snapshot.tenant, name: snapshot.name },
      event: { seq: 1, at: now, kind: "test", actor: { type: "user", id: by }, reason, data: { test: true } },
      incident: {
        id: incident,
        title: `TEST of ${connector.id}: nothing is wrong`,
        body: "Somebody tests whether this connector works. There is nothing to do.",
        status: "suppressed",
        severity: snapshot.severities.at(-1) ?? "test",
        urgency: "low",
        source: "test",
        policy: null,
        labels: { test: "true" },
        links: [],
        openedAt: now,
        acknowledgedBy: null,
        acknowledgedAt: null,
        snoozedUntil: null,
        resolvedAt: null,
        assignees: [],
        step: 1,
        round: 1,
        test: true,
        alerts: [],
      },
      service: null,
    },
  };
}
