// Owns the contract of definitions.

import { t, type Endpoint } from "./endpoint.ts";

export const definitions = {
  listUsers: {
    method: "get",
    path: `${t}/users`,
    summary: "People",
    tenant: true,
    may: "responder",
    answers: { 200: "{items, next}" },
  },
  listTeams: {
    method: "get",
    path: `${t}/teams`,
    summary: "Teams",
    tenant: true,
    may: "stakeholder",
    answers: { 200: "{items, next}" },
  },
  listServices: {
    method: "get",
    path: `${t}/services`,
    summary: "Services",
    tenant: true,
    may: "stakeholder",
    answers: { 200: "{items, next}" },
  },
  listPolicies: {
    method: "get",
    path: `${t}/policies`,
    summary: "Escalation policies",
    tenant: true,
    may: "stakeholder",
    answers: { 200: "{items, next}" },
  },
  listIntegrations: {
    method: "get",
    path: `${t}/integrations`,
    summary: "Integrations, without keys",
    tenant: true,
    may: "manager",
    answers: { 200: "{items, next}" },
  },
  listNotifiers: {
    method: "get",
    path: `${t}/notifiers`,
    summary: "Notifiers, without secrets",
    tenant: true,
    may: "manager",
    answers: { 200: "{items, next}" },
  },
} as const satisfies Record<string, Endpoint>;
