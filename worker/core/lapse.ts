// Owns what happens when an alert has run out: it is over, and its incident with it where that goes by its alerts.

import type { AlertRow } from "./incident.ts";
import { resolve } from "./lifecycle.ts";
import { episodeOf, putAlert, say, system, type Turn } from "./turn.ts";

/** Ends the alerts that have run out, and the incident with them where it goes by its alerts. True: it is resolved. */
export function lapse(turn: Turn): boolean {
  const over = runOut(turn);
  if (over.length === 0) return false;
  const { n, decision } = episodeOf(turn);
  const firing = Object.values(turn.alerts).some((row) => row.episode === n && row.firing);
  const { resolveOn } = decision;
  if (resolveOn === "any" || (resolveOn === "all" && !firing)) {
    resolve(
      turn,
      system,
      "auto-resolved",
      over.length === 1 ? wordsOf(over[0]) : `${over.length} alerts were not renewed by their source: taken as over`,
      { code: "lapsed", n: over.length, until: over[0]?.expiresAt ?? null },
    );
    return true;
  }
  for (const row of over)
    say(turn, "alert-resolved", system, wordsOf(row), {
      alert: row.key,
      told: { code: "lapsed", n: 1, until: row.expiresAt ?? null },
    });
  return false;
}

/** Whoever re-opens an incident by hand wants it open, though its alerts have run out meanwhile. */
export function runOut(turn: Turn): readonly AlertRow[] {
  const { n } = episodeOf(turn);
  const over = Object.values(turn.alerts).filter(
    (row) => row.episode === n && row.firing && row.expiresAt != null && row.expiresAt <= turn.now,
  );
  for (const { expiresAt: _over, ...row } of over) putAlert(turn, { ...row, firing: false });
  return over;
}

function wordsOf(row: AlertRow | undefined): string {
  const until = row?.expiresAt == null ? "" : ` until ${new Date(row.expiresAt).toISOString()}`;
  return `its source said that it holds${until} and has not renewed it: taken as over`;
}
