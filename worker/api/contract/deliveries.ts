// Owns the contract of pages and posts: what was sent, how those fare that send, a test of each, and the simulated phone.

import * as z from "zod";
import { list, t, type Endpoint } from "./endpoint.ts";

export const deliveries = {
  listDeliveries: {
    method: "get",
    path: `${t}/deliveries`,
    summary: "Pages of the tenant, newest first",
    tenant: true,
    may: "responder",
    query: z.strictObject({
      ...list,
      incident: z.string().max(64).optional(),
      user: z.string().max(64).optional(),
      status: z.string().max(16).optional(),
      via: z.string().max(64).optional().describe("A notifier's id; of the last 30 days"),
      connector: z.string().max(64).optional().describe("A connector's id: what it was told; of the last 30 days"),
    }),
    answers: { 200: "{items, next}" },
  },
  getSendingHealth: {
    method: "get",
    path: `${t}/deliveries/health`,
    summary:
      "How each notifier and connector fares: what became of the last day's pages and posts, the last that went well and the last that did not",
    tenant: true,
    may: "manager",
    answers: {
      200: "{from, truncated, notifiers, connectors}, each {id, plugin, day: {status: n}, lastGood, lastBad: {at, status, reason, delivery, incident}}; of a notifier also {people, users, fallbackOf}",
    },
  },
  testNotifier: {
    method: "post",
    path: `${t}/notifiers/{id}/test`,
    summary: "Send a test page by this notifier to an address, through the real provider, once",
    tenant: true,
    may: "admin",
    body: z.strictObject({ to: z.string().max(500).default("").describe("As a contact would say it") }),
    answers: { 200: "{delivery, status, reason}", 404: "No such notifier", 422: "No such address", 429: "Tested a moment ago" },
  },
  testConnector: {
    method: "post",
    path: `${t}/connectors/{id}/test`,
    summary: "Tell this connector of a made-up incident, marked as a test, once",
    tenant: true,
    may: "admin",
    body: z.strictObject({}),
    answers: { 200: "{delivery, status, reason}", 404: "No such connector", 429: "Tested a moment ago" },
  },
  listInbox: {
    method: "get",
    path: `${t}/inbox`,
    summary: "The simulated phone, newest first",
    tenant: true,
    may: "admin",
    query: z.strictObject({ ...list, user: z.string().max(64).optional() }),
    answers: { 200: "{items, next}" },
  },
  listUserInbox: {
    method: "get",
    path: `${t}/users/{id}/inbox`,
    summary: "What arrived on one person's simulated phone, newest first",
    tenant: true,
    may: "admin",
    self: "id",
    query: z.strictObject({ ...list }),
    answers: { 200: "{items, next}", 404: "Nobody is called that" },
  },
} as const satisfies Record<string, Endpoint>;
