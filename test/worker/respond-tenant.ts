// A small tenant for the responder's tests: ana is paged, then eva.

import type { Decision } from "../../worker/core/decision.ts";
import type { Person, Policy, Snapshot } from "../../worker/core/snapshot.ts";

function person(id: string, name: string): Person {
  const rules = [{ afterMs: 0, contact: "phone" }];
  return {
    id,
    name,
    email: null,
    timeZone: "Europe/Madrid",
    role: "responder",
    active: true,
    linkEpoch: 0,
    contacts: [{ id: "phone", via: "inbox", to: "" }],
    notify: { high: rules, low: rules },
  };
}

const policy: Policy = {
  id: "critical",
  name: "Critical",
  steps: [
    { notify: [{ kind: "user", user: "ana", contact: null }], escalateAfterMs: 480_000 },
    { notify: [{ kind: "user", user: "eva", contact: null }], escalateAfterMs: 480_000 },
  ],
  repeat: { times: 0, from: 0, waitMs: 0 },
  onExhausted: [],
  lowUrgency: "first-step",
};

export function snapshotOf(tenant: string): Snapshot {
  return {
    tenant,
    name: "Acme Ltd",
    version: 1,
    timeZone: "Europe/Madrid",
    jurisdiction: null,
    severities: ["P1", "P2", "P3", "P4"],
    severityMap: { critical: "P1", error: "P2", warning: "P3", info: "P4", unknown: "P3" },
    fallback: [],
    defaults: { notify: { high: [], low: [] }, ackTimeoutMs: 1_800_000, reopenWindowMs: 300_000, autoResolveMs: null },
    users: { ana: person("ana", "Ana Ruiz"), eva: person("eva", "Eva Brandt") },
    teams: {},
    policies: { critical: policy },
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
}

export function decisionFor(snapshot: Snapshot): Decision {
  return {
    integration: "datadog-prod",
    service: "payment-api",
    serviceName: "Payment API",
    runbook: "https://runbooks.acme.test/payment-api",
    policy,
    urgency: "high",
    severities: snapshot.severities,
    severityMap: snapshot.severityMap,
    severity: null,
    route: null,
    routes: [],
    groupKey: null,
    groupWindow: null,
    suppress: null,
    holdMs: null,
    resolveOn: "all",
    reopenWindowMs: 300_000,
    ackTimeoutMs: 1_800_000,
    autoResolveMs: null,
  };
}
