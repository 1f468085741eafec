// Owns the smallest snapshot that routing tests ask: an integration, some services and policies, the given routes.

import type { Alert } from "../../worker/core/alert.ts";
import type { Integration, Policy, Route, Service, Snapshot } from "../../worker/core/snapshot.ts";

export const integration: Integration = {
  id: "am",
  name: "AM",
  source: "prometheus",
  keyHash: "",
  secret: null,
  service: "web",
  config: {},
  severityMap: {},
};

const policy = (id: string): Policy => ({
  id,
  name: id,
  steps: [],
  repeat: { times: 0, from: 0, waitMs: 0 },
  onExhausted: [],
  lowUrgency: "first-step",
});

const service = (id: string, more: Partial<Service> = {}): Service => ({
  id,
  name: id,
  team: null,
  policy: id,
  runbook: null,
  tags: {},
  urgency: "high",
  resolveOn: "all",
  autoResolveMs: null,
  ...more,
});

const keyed = <T extends { id: string }>(list: readonly T[]): Record<string, T> =>
  Object.fromEntries(list.map((each) => [each.id, each]));

export function route(id: string, when: string, more: Partial<Route> = {}): Route {
  return { id, when, set: {}, group: null, suppress: false, holdMs: null, continue: false, ...more };
}

export function snapshotOf(routes: readonly Route[], more: Partial<Snapshot> = {}): Snapshot {
  return {
    tenant: "acme",
    name: "Acme",
    version: 1,
    timeZone: "Europe/Madrid",
    jurisdiction: null,
    severities: ["P1", "P2", "P3", "P4"],
    severityMap: { critical: "P1", error: "P2", warning: "P3", info: "P4", unknown: "P3" },
    fallback: [],
    defaults: { notify: { high: [], low: [] }, ackTimeoutMs: null, reopenWindowMs: 300_000, autoResolveMs: null },
    users: {},
    teams: {},
    policies: keyed([policy("web"), policy("pay"), policy("db")]),
    services: keyed([service("web"), service("pay"), service("nopolicy", { policy: null })]),
    integrations: {},
    notifiers: {},
    routes,
    businessHours: {
      office: {
        id: "office",
        name: "office",
        timeZone: "Europe/Madrid",
        hours: [{ days: ["MO", "TU", "WE", "TH", "FR"], from: "09:00", to: "18:00" }],
        holidays: ["2026-12-25"],
      },
    },
    ...more,
  };
}

export function alertOf(labels: Record<string, string> = {}, more: Partial<Alert> = {}): Alert {
  return {
    dedupKey: "k",
    action: "trigger",
    severity: "critical",
    title: "Down",
    body: "",
    labels,
    links: [],
    source: "prometheus",
    sourceAt: null,
    test: false,
    ...more,
  };
}
