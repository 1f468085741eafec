// Owns the event that every connector of the contract kit is given, and one whose every text was written by an attacker.

import type { OutgoingPost } from "../../plugins/sdk/index.ts";
import { hostile } from "./page.ts";

export const event: OutgoingPost = {
  post: "dlv_01khc0ffee0123456789abcdefghjkmnpqrstvwxyz01234567",
  type: "incident.acknowledged",
  sentAt: Date.UTC(2026, 10, 23, 3, 14, 0, 412),
  tenant: { id: "acme", name: "Acme Ltd" },
  event: {
    seq: 7,
    at: Date.UTC(2026, 10, 23, 3, 14, 0, 400),
    kind: "acknowledged",
    actor: { type: "link", id: "ana" },
    reason: "ana has it",
    data: { cancelled: 1 },
  },
  incident: {
    id: "inc_01khc0ffee0123456789abcdefghjkmnpq",
    title: "Payments are down",
    body: "5xx above 20 %",
    status: "acknowledged",
    severity: "P1",
    urgency: "high",
    source: "prometheus",
    policy: "payments-critical",
    labels: { cluster: "eu-1" },
    links: [{ href: "https://prometheus.acme.test/graph", text: "Source" }],
    openedAt: Date.UTC(2026, 10, 23, 3, 11, 59, 0),
    acknowledgedBy: "ana",
    acknowledgedAt: Date.UTC(2026, 10, 23, 3, 14, 0, 400),
    snoozedUntil: null,
    resolvedAt: null,
    assignees: ["ana"],
    step: 1,
    round: 1,
    test: false,
    alerts: [],
  },
  service: { id: "payment-api", name: "Payment API", runbook: "https://runbooks.acme.test/payment-api" },
  links: { incident: "https://tocsin.acme.test/api/v1/tenants/acme/incidents/inc_01khc0ffee0123456789abcdefghjkmnpq" },
};

const { title, body, labels, service } = hostile.incident;

export const hostileEvent: OutgoingPost = {
  ...event,
  event: { ...event.event, reason: title, actor: { type: "user", id: title }, data: { text: body } },
  incident: { ...event.incident, title, body, labels, assignees: [title] },
  service: { id: service ?? "", name: title, runbook: null },
};
