// Owns the contract of service level clocks across incidents.

import * as z from "zod";
import { clockKinds } from "../../core/sla.ts";
import { clockStates } from "../../core/sla-view.ts";
import { commas, incidentStatuses, instant, list, someOf, t, type Endpoint } from "./endpoint.ts";

export const slas = {
  listSla: {
    method: "get",
    path: `${t}/sla`,
    summary: "Service level clocks of incidents, the first to be missed first",
    tenant: true,
    may: "stakeholder",
    query: z.strictObject({
      ...list,
      state: someOf(clockStates).default(["at-risk", "breached"]).describe("Default: at-risk,breached"),
      status: someOf(incidentStatuses)
        .default(["triggered", "acknowledged"])
        .describe("Of the incidents; default: those that are open"),
      kind: z.enum(clockKinds as ["respond", "resolve"]).optional(),
      sla: z.string().max(64).optional(),
      service: z.string().max(64).optional(),
      team: z.string().max(64).optional().describe("Of the services that it owns"),
      severity: commas.optional(),
      since: instant.optional().describe("Of incidents opened at or after it"),
      order: z.enum(["due", "newest"]).default("due").describe("newest: by when the incident opened"),
    }),
    answers: { 200: "{items, next}; `degraded` when the database is dark" },
  },
} as const satisfies Record<string, Endpoint>;
