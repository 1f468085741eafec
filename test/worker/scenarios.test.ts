// Three nights and days of a whole tenant on the real runtime, under a clock of the test's own: what reached whom, when, and
// what the world around the incident was told. Phones are the simulated inbox, chat and ticket systems a signed webhook.

import { afterEach, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { identityOfId } from "../../worker/core/ids.ts";
import { api, ask, migrate, until, type Json } from "./hub.ts";
import { env, runDurableObjectAlarm } from "./runtime.ts";

const minute = 60_000;

/** Madrid is an hour ahead of UTC in November. */
const madrid = (day: string, time: string): number => Date.parse(`2026-11-${day}T${time}:00+01:00`);

afterEach(() => void vi.useRealTimers());

class Stage {
  readonly tenant: string;
  #keys: Readonly<Record<string, string>> = {};
  #now = 0;

  constructor(tenant: string) {
    this.tenant = tenant;
  }

  async open(document: string): Promise<void> {
    await migrate();
    const applied = await api("PUT", `/api/v1/tenants/${this.tenant}/config`, document);
    if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
    const issued = applied.body["issued"] as { id: string; key: string }[];
    this.#keys = Object.fromEntries(issued.map(({ id, key }) => [id, key]));
  }

  at(time: number): void {
    this.#now = time;
    vi.setSystemTime(time);
  }

  async send(integration: string, body: unknown): Promise<string> {
    const response = await ask(`/v1/ingest/${this.#keys[integration]}`, { method: "POST", body: JSON.stringify(body) });
    if (response.status !== 202) throw new Error(`ingest answered ${response.status}`);
    const { results } = await response.json<{ results: { incident: string }[] }>();
    return results[0]?.incident ?? "";
  }

  /** Lets time pass to an instant, running the incident's alarm at each of its own times. */
  async pass(incident: string, time: number): Promise<void> {
    for (let i = 0; i < 50; i++) {
      const { pending } = await this.incident(incident);
      const next = (pending as { at: string }[]).map((item) => Date.parse(item.at)).find((at) => at > this.#now);
      if (next === undefined || next > time) break;
      this.at(next);
      await this.wake(incident);
    }
    this.at(time);
    await this.wake(incident);
  }

  async wake(incident: string): Promise<void> {
    const identity = identityOfId(this.tenant, null, incident);
    if (identity === null) throw new Error(`no id: ${incident}`);
    await runDurableObjectAlarm(env.INCIDENT.getByName(`v1:-:${this.tenant}:${identity.hash}`));
    await new Promise((resolve) => setTimeout(resolve, 30));
  }

  async incident(id: string): Promise<Json> {
    return (await api("GET", `/api/v1/tenants/${this.tenant}/incidents/${id}`)).body;
  }

  act(incident: string, action: string, body: Record<string, unknown>): Promise<{ status: number; body: Json }> {
    return api("POST", `/api/v1/tenants/${this.tenant}/incidents/${incident}/${action}`, body);
  }

  /** "03:12 ana push: on call for sre, step 1", by Madrid time; what leaves in one minute has no order of its own. */
  async phones(): Promise<string[]> {
    const { items } = (await api("GET", `/api/v1/tenants/${this.tenant}/inbox?limit=100`)).body;
    return (items as { at: string; user: string; contact: string; reason: string }[])
      .toReversed()
      .map((each) => `${clock(each.at)} ${each.user} ${each.contact}: ${each.reason}`)
      .toSorted();
  }

  async timeline(incident: string): Promise<string[]> {
    const { items } = (await api("GET", `/api/v1/tenants/${this.tenant}/incidents/${incident}/timeline?limit=200`)).body;
    return (items as { at: string; kind: string }[]).map((entry) => `${clock(entry.at)} ${entry.kind}`);
  }
}

function clock(iso: string): string {
  return new Date(Date.parse(iso) + 60 * minute).toISOString().slice(11, 16);
}

/** What a channel or a ticket system outside was posted. */
async function posted(path: string): Promise<Json[]> {
  const response = await fetch(`${inject("receiver")}/calls${path}`);
  return (await response.json<{ body: Json }[]>()).map((call) => call.body);
}

const phone = (...contacts: string[]): string => contacts.map((id) => `{ id: ${id}, via: inbox, to: ${id} }`).join(", ");

describe("a payment API that is slow at 03:12", () => {
  const stage = new Stage("night");
  beforeEach(async () => {
    stage.at(madrid("24", "03:00"));
    await stage.open(`
tenant: night
timeZone: Europe/Madrid
fallback: { notify: [ { user: cto } ] }
users:
  - { id: ana, contacts: [ ${phone("push", "sms")} ], notify: { high: [ { after: 0s, contact: push }, { after: 0s, contact: sms } ] } }
  - { id: bo, contacts: [ ${phone("push", "sms")} ], notify: { high: [ { after: 0s, contact: push }, { after: 3m, contact: sms } ] } }
  - { id: eva, role: manager, contacts: [ ${phone("mail", "voice")} ] }
  - { id: cto, contacts: [ ${phone("sms")} ] }
businessHours: [ { id: office, hours: [ { days: [MO, TU, WE, TH, FR], from: "09:00", to: "18:00" } ] } ]
schedules:
  - { id: sre, layers: [ { id: primary, start: 2026-11-23T09:00, rotation: { every: 1w }, users: [ana, bo] } ] }
  - { id: sre-backup, layers: [ { id: primary, start: 2026-11-23T09:00, rotation: { every: 1w }, users: [bo, ana] } ] }
policies:
  - id: payments-critical
    steps:
      - { notify: [ { schedule: sre } ], escalateAfter: 8m }
      - { notify: [ { schedule: sre-backup }, { user: eva, contact: voice } ], escalateAfter: 10m }
services: [ { id: payment-api, policy: payments-critical, runbook: "https://runbooks.acme.test/payment-api" } ]
integrations: [ { id: datadog, source: datadog } ]
routes:
  - id: payments-night
    when: 'alert.labels.service == "payment" && !within("office", now)'
    set: { severity: P1, service: payment-api, urgency: high }
connectors:
  - { id: channel, plugin: webhook, on: [opened, acknowledged], config: { url: "${inject("receiver")}/night/channel" }, secrets: { signingKey: { value: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" } } }
`);
  });

  test("pages the engineer by push and text, then the backup and the manager by voice; the backup has it at 03:21", async () => {
    stage.at(madrid("24", "03:12"));
    const incident = await stage.send("datadog", {
      alert_id: "4711",
      alert_title: "Checkout p99 latency is high",
      alert_transition: "Triggered",
      alert_priority: "P2",
      alert_scope: "service:payment,env:prod",
      tags: "service:payment,env:prod,tier:1",
    });
    await until("both of the engineer's pages", async () => (await stage.phones()).length === 2);
    expect(await stage.incident(incident)).toMatchObject({ severity: "P1", service: "payment-api", status: "triggered" });
    // Only then does the clock jump: a post on its way for minutes would count as lost, and be posted again.
    await until("the channel's first post", async () => (await posted("/night/channel"))[0]);
    await stage.pass(incident, madrid("24", "03:21"));
    expect((await stage.act(incident, "ack", { as: "bo" })).body).toMatchObject({ status: "acknowledged", acknowledgedBy: "bo" });
    await stage.pass(incident, madrid("24", "03:40"));
    expect(await stage.phones()).toEqual([
      "03:12 ana push: on call for sre, step 1",
      "03:12 ana sms: on call for sre, step 1",
      "03:20 bo push: on call for sre-backup, step 2",
      "03:20 eva voice: user eva, step 2",
    ]);
    const told = await until("the channel's posts", async () => {
      const posts = await posted("/night/channel");
      return posts.length >= 2 ? posts : null;
    });
    expect(told.map((post) => post["type"])).toEqual(["incident.opened", "incident.acknowledged"]);
    expect(JSON.stringify(told[0])).toContain("https://runbooks.acme.test/payment-api");
  });
});

describe("a ticket of an enterprise customer at 09:47 that nobody answers", () => {
  const stage = new Stage("desk");
  const hook = `secrets: { signingKey: { value: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" } }`;
  beforeEach(async () => {
    stage.at(madrid("24", "09:30"));
    await stage.open(`
tenant: desk
timeZone: Europe/Madrid
fallback: { notify: [ { user: marta } ] }
users:
  - { id: sam, contacts: [ ${phone("push")} ] }
  - { id: marta, role: manager, contacts: [ ${phone("sms")} ] }
  - { id: leo, contacts: [ ${phone("push")} ] }
teams: [ { id: specialists, members: [sam] } ]
policies:
  - { id: specialist-queue, steps: [ { notify: [ { team: specialists } ], escalateAfter: 3h } ] }
  - { id: support-managers, steps: [ { notify: [ { user: marta } ], escalateAfter: 30m } ] }
businessHours: [ { id: office, hours: [ { days: [MO, TU, WE, TH, FR], from: "09:00", to: "18:00" } ] } ]
slas:
  - id: enterprise
    when: 'alert.labels.tags.matches("enterprise")'
    respondWithin: 2h
    hours: office
    warn: [ { at: 50%, clock: respond, policy: support-managers, flag: at-risk } ]
services: [ { id: support, team: specialists, policy: specialist-queue } ]
integrations: [ { id: zendesk, source: zendesk, service: support } ]
connectors:
  - { id: eng-jira, plugin: webhook, on: [sla-warning], when: 'incident.source == "zendesk"', config: { url: "${inject("receiver")}/desk/jira" }, ${hook} }
  - { id: customer-update, plugin: webhook, on: [reassigned], config: { url: "${inject("receiver")}/desk/customer" }, ${hook} }
`);
  });

  test("warns the support manager at half of the response time and asks for an issue; she has it and gives it on", async () => {
    stage.at(madrid("24", "09:47"));
    const incident = await stage.send("zendesk", {
      event_type: "create",
      id: "5158",
      title: "Invoices show the wrong currency",
      priority: "High",
      status: "New",
      tags: "enterprise billing",
      updated_at: "2026-11-24T08:47:00Z",
    });
    await until("the specialist's page", async () => (await stage.phones()).length === 1);
    expect((await stage.incident(incident))["sla"]).toMatchObject([{ id: "enterprise", kind: "respond", state: "running" }]);
    await stage.pass(incident, madrid("24", "10:47"));
    await until("the manager's page", async () => (await stage.phones()).length === 2);
    const atRisk = await api("GET", "/api/v1/tenants/desk/sla");
    expect(JSON.stringify(atRisk.body["items"])).toContain(incident);
    const issue = await until("the request for an issue", async () => (await posted("/desk/jira"))[0]);
    expect(issue).toMatchObject({ type: "incident.sla-warning", incident: { id: incident, source: "zendesk" } });

    stage.at(madrid("24", "10:50"));
    expect((await stage.act(incident, "ack", { as: "marta" })).body).toMatchObject({ acknowledgedBy: "marta" });
    expect((await stage.act(incident, "reassign", { as: "marta", user: "leo" })).status).toBe(200);
    await until("leo's page", async () => (await stage.phones()).length === 3);
    const update = await until("the request for a customer update", async () => (await posted("/desk/customer"))[0]);
    expect(update).toMatchObject({ type: "incident.reassigned", event: { actor: { id: "marta" } } });
    expect((await stage.incident(incident))["sla"]).toMatchObject([{ kind: "respond", state: "met" }]);
    expect(await stage.phones()).toEqual([
      "09:47 sam push: team specialists, step 1",
      expect.stringMatching(/^10:47 marta sms: user marta, step 1 \(.*enterprise.*\)$/),
      "10:50 leo push: assigned by marta",
    ]);
  });
});

describe("a VPN outage that affects more than fifty people", () => {
  const stage = new Stage("desk-it");
  beforeEach(async () => {
    stage.at(madrid("24", "08:00"));
    await stage.open(`
tenant: desk-it
timeZone: Europe/Madrid
severities: [Critical, High, Moderate, Low]
fallback: { notify: [ { user: ivan } ] }
users:
  - { id: nora, contacts: [ ${phone("push")} ] }
  - { id: tomas, contacts: [ ${phone("chat", "mail")} ] }
  - { id: ivan, role: manager, contacts: [ ${phone("sms")} ] }
schedules: [ { id: network, layers: [ { id: primary, start: 2026-11-23T08:00, rotation: { every: 1d }, users: [nora] } ] } ]
policies:
  - id: network-outage
    steps:
      - { notify: [ { schedule: network }, { user: tomas } ], escalateAfter: 30m, until: resolved }
      - { notify: [ { user: ivan } ], escalateAfter: 30m, until: resolved }
slas: [ { id: outage, when: 'incident.severity == "High"', resolveWithin: 1h, warn: [ { at: 50%, flag: at-risk } ] } ]
services: [ { id: vpn, policy: network-outage } ]
integrations: [ { id: servicenow, source: servicenow } ]
routes:
  - id: wide-outage
    when: 'alert.labels.category == "network" && alert.body.matches("affect(s|ing) ([5-9][0-9]|[0-9]{3,})")'
    set: { severity: High, service: vpn, urgency: high }
`);
  });

  test("pages the on-call engineer and the lead at once, and the IT manager after 30 minutes although somebody has it", async () => {
    const record = {
      sys_id: "a9e30c7dc61122760116894de7bcc7bd",
      number: "INC0010042",
      sys_class_name: "incident",
      short_description: "VPN is down in the Madrid office",
      description: "Affecting 60 people since 08:10, affecting 60 of them at home.",
      state: "1",
      priority: "3",
      urgency: "2",
      impact: "2",
      category: "network",
      assignment_group: "Network",
      sys_created_on: "2026-11-24 07:12:00",
      sys_updated_on: "2026-11-24 07:12:00",
    };
    stage.at(madrid("24", "08:12"));
    const incident = await stage.send("servicenow", { operation: "insert", instance: "https://acme.service-now.com/", record });
    await until("three pages", async () => (await stage.phones()).length === 3);
    expect(await stage.incident(incident)).toMatchObject({ severity: "High", service: "vpn" });
    await stage.pass(incident, madrid("24", "08:20"));
    expect((await stage.act(incident, "ack", { as: "nora" })).body).toMatchObject({ status: "acknowledged" });
    await stage.pass(incident, madrid("24", "08:43"));
    await until("the manager's page", async () => (await stage.phones()).length === 4);
    const atRisk = await api("GET", "/api/v1/tenants/desk-it/sla");
    expect(JSON.stringify(atRisk.body["items"])).toContain(incident);
    expect(await stage.incident(incident)).toMatchObject({ status: "acknowledged", acknowledgedBy: "nora" });
    expect(await stage.phones()).toEqual([
      "08:12 nora push: on call for network, step 1",
      "08:12 tomas chat: user tomas, step 1",
      "08:12 tomas mail: user tomas, step 1",
      "08:42 ivan sms: user ivan, step 2",
    ]);
    stage.at(madrid("24", "08:50"));
    const over = { ...record, state: "6", sys_updated_on: "2026-11-24 07:50:00" };
    await stage.send("servicenow", { operation: "update", instance: "https://acme.service-now.com/", record: over });
    expect(await stage.incident(incident)).toMatchObject({ status: "resolved", sla: [{ kind: "resolve", state: "met" }] });
    const lines = await stage.timeline(incident);
    expect(lines).toEqual(
      expect.arrayContaining(["08:12 opened", "08:12 step", "08:20 acknowledged", "08:42 step", "08:50 resolved"]),
    );
  });
});
