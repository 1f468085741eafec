// One incident of one tenant, moved by the real step(): what the responder's page is shown in tests. No faked views.

import { forecast } from "../../worker/core/forecast.ts";
import type { Decision } from "../../worker/core/decision.ts";
import type { Command, Reply } from "../../worker/core/event.ts";
import type { Actor, IncidentState, TimelineEntry } from "../../worker/core/incident.ts";
import { rosterFor } from "../../worker/core/roster.ts";
import type { Person, Policy, Snapshot } from "../../worker/core/snapshot.ts";
import { emptyState, step } from "../../worker/core/step.ts";
import type { CommandInput, IncidentView } from "../../worker/objects/rpc.ts";
import type { LinkClaims } from "../../worker/respond/link.ts";
import { respondModel, type Notice, type RespondModel } from "../../worker/respond/model.ts";
import type { IncidentPort } from "../../worker/respond/routes.ts";

/** 03:12 in Madrid. */
export const opened = Date.parse("2026-11-24T02:12:00.000Z");
const minute = 60_000;

const policy: Policy = {
  id: "payments-critical",
  name: "Payments critical",
  steps: [
    { notify: [{ kind: "user", user: "ana", contact: null }], escalateAfterMs: 8 * minute },
    { notify: [{ kind: "team", team: "leads" }], escalateAfterMs: 10 * minute },
  ],
  repeat: { times: 1, from: 0, waitMs: 0 },
  onExhausted: [],
  lowUrgency: "first-step",
};

function person(id: string, name: string, timeZone: string): Person {
  const contacts = [{ id: "push", via: "inbox", to: "" }];
  const notify = { high: [{ afterMs: 0, contact: "push" }], low: [{ afterMs: 0, contact: "push" }] };
  return { id, name, email: null, timeZone, role: "responder", active: true, linkEpoch: 0, contacts, notify };
}

const severities = ["P1", "P2", "P3", "P4"];
const severityMap = { critical: "P1", error: "P2", warning: "P3", info: "P4", unknown: "P3" };

export const snapshot: Snapshot = {
  tenant: "acme",
  name: "Acme Ltd",
  version: 7,
  timeZone: "Europe/Madrid",
  jurisdiction: null,
  severities,
  severityMap,
  fallback: [{ kind: "user", user: "eva", contact: null }],
  defaults: { notify: { high: [], low: [] }, ackTimeoutMs: 30 * minute, reopenWindowMs: 5 * minute, autoResolveMs: null },
  users: {
    ana: person("ana", "Ana Ruiz", "Europe/Madrid"),
    eva: person("eva", "Eva Brandt", "Europe/Berlin"),
    bo: person("bo", "Bo Lind", "America/New_York"),
  },
  teams: { leads: { id: "leads", name: "Leads", members: ["eva", "bo"], managers: [] } },
  policies: { [policy.id]: policy },
  services: {},
  integrations: {},
  notifiers: {
    inbox: {
      id: "inbox",
      plugin: "inbox",
      config: {},
      secrets: {},
      fallback: null,
      limitMs: 10_000,
      idempotent: true,
      copyCap: 3,
    },
  },
  routes: [],
};

export interface Scene {
  readonly title?: string;
  readonly severity?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly runbook?: string | null;
  readonly suppress?: string;
  readonly holdMs?: number;
}

/** An incident and a clock: every move is the core's own. */
export class Story {
  state: IncidentState = emptyState({ tenant: "acme", jurisdiction: null, hash: "0123456789abcdefghjkmnpqrs" });
  readonly entries: TimelineEntry[] = [];

  constructor(scene: Scene = {}) {
    const decision: Decision = {
      integration: "datadog-prod",
      service: "payment-api",
      serviceName: "Payment API",
      runbook: scene.runbook === undefined ? "https://runbooks.acme.test/payment-api" : scene.runbook,
      policy,
      urgency: "high",
      severities,
      severityMap,
      severity: scene.severity ?? "P1",
      route: null,
      routes: [],
      groupKey: null,
      groupWindow: null,
      suppress: scene.suppress ?? null,
      holdMs: scene.holdMs ?? null,
      resolveOn: "all",
      reopenWindowMs: 5 * minute,
      ackTimeoutMs: 30 * minute,
      autoResolveMs: null,
    };
    const alert = {
      dedupKey: "checkout",
      action: "trigger" as const,
      severity: "critical" as const,
      title: scene.title ?? "Checkout is failing for 12 % of customers",
      body: scene.body ?? "Error rate of POST /checkout is 12.4 % over 5 minutes (threshold 2 %).",
      labels: scene.labels ?? { cluster: "eu-1", service: "payment", env: "production" },
      links: [{ href: "https://datadog.test/monitors/1", text: "Monitor in Datadog" }],
      source: "datadog",
      sourceAt: null,
      test: false,
    };
    const received = { alert, integration: "datadog-prod", deliveryId: null, actor: null };
    const roster = rosterFor(snapshot, { policy, users: ["ana", "eva", "bo"] });
    this.#step({ type: "receive", alerts: [received], decision, roster }, opened);
    this.sendAll(opened);
  }

  command(command: Command, user: string, at: number): void {
    const incident = this.state.episode?.id ?? "";
    const actor: Actor = { type: "link", id: user };
    this.#step({ type: "command", incident, commandId: null, actor, command, roster: null }, at);
    this.sendAll(at);
  }

  wake(at: number): void {
    this.#step({ type: "wake", roster: null, stale: false }, at);
    this.sendAll(at);
  }

  /** Every claimed send is accepted by its provider. */
  sendAll(at: number): void {
    for (const d of Object.values(this.state.deliveries)) {
      if (d.status !== "sending") continue;
      this.#step({ type: "result", delivery: d.id, attempt: d.attempt, outcome: { status: "accepted", ref: null } }, at);
    }
  }

  view(now: number): IncidentView {
    const { episode } = this.state;
    if (episode === null) throw new Error("the story has no incident");
    return {
      episode,
      alerts: Object.values(this.state.alerts),
      deliveries: Object.values(this.state.deliveries),
      pending: forecast(this.state, now),
      names: { ana: "Ana Ruiz", eva: "Eva Brandt", bo: "Bo Lind" },
    };
  }

  claims(user: string): LinkClaims {
    const view = this.view(opened);
    const delivery = view.deliveries.find((d) => d.user === user)?.id ?? "dlv_none";
    return { tenant: "acme", jurisdiction: null, incident: view.episode.id, user, linkEpoch: 0, delivery, issuedAt: opened };
  }

  model(user: string, now: number, notice: Notice | null = null, copy: Snapshot | null = snapshot): RespondModel {
    const claims = this.claims(user);
    return respondModel(
      { token: "aa.bb.cc", nonce: "n".repeat(32), claims, view: this.view(now), timeline: this.entries, snapshot: copy, notice },
      now,
    );
  }

  /** What the incident's object would answer, at the clock's time. `commands` keeps what was asked. */
  port(clock: () => number, commands: CommandInput[]): IncidentPort {
    return {
      view: async (incident) => (this.state.episode?.id === incident ? this.view(clock()) : null),
      timeline: async ({ after, limit }) => ({
        items: this.entries.filter((entry) => entry.seq > after).slice(0, limit),
        more: false,
      }),
      command: async ({ incident, commandId, actor, command, roster, ...rest }) => {
        commands.push({ incident, commandId, actor, command, roster, ...rest });
        const reply = this.#step({ type: "command", incident, commandId, actor, command, roster }, clock());
        this.sendAll(clock());
        if (reply.kind !== "done" && reply.kind !== "refused") throw new Error(`a command was answered ${reply.kind}`);
        return reply;
      },
    };
  }

  #step(event: Parameters<typeof step>[1], at: number): Reply {
    const result = step(this.state, event, at);
    this.state = result.state;
    this.entries.push(...result.entries);
    return result.reply;
  }
}
