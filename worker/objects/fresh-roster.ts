// Owns asking the Directory for an incident's present slice of the configuration. Never waits long, never fails.

import { limits } from "../core/limits.ts";
import type { IncidentState } from "../core/incident.ts";
import { rosterQueryFor, type Roster } from "../core/roster.ts";
import { withLimit } from "./limit.ts";
import { directoryStub } from "./places.ts";

/** `roster` null: unchanged, or (`stale`) nobody answered and the incident goes on with its copy. */
export async function askRoster(env: Env, state: IncidentState): Promise<{ roster: Roster | null; stale: boolean }> {
  if (state.episode === null) return { roster: null, stale: false };
  const { tenant, jurisdiction } = state.identity;
  try {
    const query = rosterQueryFor(state.episode);
    const asked = directoryStub(env, tenant, jurisdiction).roster(state.roster?.version ?? null, query);
    const answer = await withLimit(asked, limits.directory.askMs);
    return { roster: answer.kind === "roster" ? answer.roster : null, stale: false };
  } catch {
    return { roster: null, stale: true };
  }
}
