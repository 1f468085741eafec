// Owns inhibition: which alerts may mute others, under which values, and whether one that was announced still does.
// An alert that matches both sides of a rule is muted only by alerts that do not match the muted side themselves.

import type { AlertRow, Episode, IncidentState } from "./incident.ts";
import type { Id } from "./snapshot.ts";
import { isOpen } from "./turn.ts";

/** One side of a rule for one alert: the route that says so, and the values that must be equal on both sides. */
export interface Inhibition {
  readonly rule: Id;
  readonly key: string;
  /** The alert matches the rule's other side as well. */
  readonly both: boolean;
}

/** What the incident's firing alerts mute at this moment, each once. */
export function inhibiting(state: IncidentState): readonly Inhibition[] {
  const { episode } = state;
  if (!isOpen(episode) || !mayMute(episode)) return [];
  const found = new Map<string, Inhibition>();
  for (const row of Object.values(state.alerts))
    if (row.firing && row.episode === episode.n) for (const each of row.inhibits ?? []) found.set(nameOf(each), each);
  return [...found.values()];
}

/** The incident by which it mutes: null, it does not (any more). */
export function inhibitsBy(state: IncidentState, { rule, key }: Pick<Inhibition, "rule" | "key">): string | null {
  return inhibiting(state).some((each) => each.rule === rule && each.key === key) ? (state.episode?.id ?? null) : null;
}

/** What was muted before and is not any more. */
export function noLonger(before: IncidentState, after: IncidentState): readonly Inhibition[] {
  if (!Object.values(before.alerts).some(announced)) return [];
  const left = new Set(inhibiting(after).map(nameOf));
  return inhibiting(before).filter((each) => !left.has(nameOf(each)));
}

/** What is muted now and was not before; said by whatever opens it again but an alert, which says so on its way in. */
export function onceMore(before: IncidentState, after: IncidentState): readonly Inhibition[] {
  if (!Object.values(after.alerts).some(announced)) return [];
  const known = new Set(inhibiting(before).map(nameOf));
  return inhibiting(after).filter((each) => !known.has(nameOf(each)));
}

function announced(row: AlertRow): boolean {
  return (row.inhibits ?? []).length > 0;
}

/** Nobody will ever be paged for a test or for what a route suppresses: it must not keep others quiet as well. */
function mayMute(episode: Episode): boolean {
  return episode.status !== "suppressed" || (episode.decision.suppress === null && (episode.mutes ?? []).length > 0);
}

function nameOf({ rule, key }: Inhibition): string {
  return JSON.stringify([rule, key]);
}
