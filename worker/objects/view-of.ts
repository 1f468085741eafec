// Owns what an incident object shows of itself.

import { forecast } from "../core/forecast.ts";
import type { IncidentState } from "../core/incident.ts";
import type { IncidentView } from "./rpc.ts";

/** Null: the object holds another episode, or none. */
export function viewOf(state: IncidentState | null, incident: string, now: number): IncidentView | null {
  if (state?.episode?.id !== incident) return null;
  const { episode } = state;
  return {
    episode,
    alerts: Object.values(state.alerts).filter((row) => row.episode === episode.n),
    deliveries: Object.values(state.deliveries),
    posts: Object.values(state.posts).filter((post) => post.incident === incident),
    pending: forecast(state, now),
    names: Object.fromEntries(Object.values(state.roster?.people ?? {}).map((person) => [person.id, person.name])),
  };
}
