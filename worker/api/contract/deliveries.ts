// Owns the contract of pages: what was sent, and the simulated phone.

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
    }),
    answers: { 200: "{items, next}" },
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
} as const satisfies Record<string, Endpoint>;
