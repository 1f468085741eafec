// Owns the contract of the names behind ids.

import { t, type Endpoint } from "./endpoint.ts";

export const directory = {
  getDirectory: {
    method: "get",
    path: `${t}/directory`,
    summary: "Names behind ids, the severities' order and the time zone, from the configuration in force; needs no database",
    tenant: true,
    may: "stakeholder",
    answers: {
      200: "{id, name, version, timeZone, severities, users: [{…, outOfReach: deactivated|no-contact|null}], teams, services, policies, schedules, integrations}",
    },
  },
} as const satisfies Record<string, Endpoint>;
