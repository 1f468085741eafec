// Owns the record that simulated days leave behind, for tests of how it reads.

import type { TimelineEntry } from "../../worker/core/incident.ts";
import { runSeed } from "./run.ts";

/** Every line that these seeds write in six days each. */
export function recordOf(seeds: readonly number[]): readonly TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  for (const seed of seeds) runSeed({ seed, days: 6, record: (written) => entries.push(...written) });
  return entries;
}
