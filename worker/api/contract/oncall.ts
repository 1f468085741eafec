// Owns the contract of who is on call.

import * as z from "zod";
import { t, instant, type Endpoint } from "./endpoint.ts";

export const oncall = {
  getOncall: {
    method: "get",
    path: `${t}/oncall`,
    summary: "Who is on call, and who each policy would page first",
    tenant: true,
    may: "stakeholder",
    query: z.strictObject({ at: instant.optional(), schedule: z.string().max(64).optional() }),
    answers: { 200: "{at, items, policies}" },
  },
} as const satisfies Record<string, Endpoint>;
