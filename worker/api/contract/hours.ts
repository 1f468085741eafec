// Owns the contract of business hours beside their definition: open or closed, and the holidays that count.

import * as z from "zod";
import { instant, t, type Endpoint } from "./endpoint.ts";

export const hours = {
  getBusinessHoursState: {
    method: "get",
    path: `${t}/business-hours/{id}/state`,
    summary: "Whether these hours are open at a time, when that changes, the holidays ahead, and how an imported calendar fares",
    tenant: true,
    may: "stakeholder",
    query: z.strictObject({ at: instant.optional().describe("Now by default") }),
    answers: {
      200: "{at, open, nextOpening, nextClosing, holidays, calendar: {checkedAt, goodAt, error, notes} | null}",
      404: "There are no such hours",
    },
  },
} as const satisfies Record<string, Endpoint>;
