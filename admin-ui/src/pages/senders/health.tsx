// Owns saying how a notifier or connector fares: a badge, the last day in numbers, the last error in words.

import type { JSX } from "preact";
import { Moment } from "../../design/marks.tsx";
import type { Health } from "../../lib/board-shapes.ts";
import { said } from "../../lib/messages.ts";
import { stateOf, type Kind } from "./kind.ts";
import { words } from "./words.ts";

const tones = { quiet: "", good: "go", bad: "bad" } as const;
const order = ["delivered", "accepted", "sending", "pending", "unknown", "failed", "expired", "cancelled"] as const;

export function HealthBadge({ health }: { readonly health: Health | null }): JSX.Element {
  const state = stateOf(health);
  return (
    <span class={`badge ${tones[state]}`}>
      <span class={`dot ${state === "bad" ? "" : "hollow"}`} />
      {said(words).states[state]}
    </span>
  );
}

/** "12 accepted, 1 failed in the last day" */
export function dayText(health: Health | null, kind: Kind): string {
  const w = said(words);
  const text = countsText(health);
  return text === "" ? w.nothingToday[kind] : w.today(text);
}

/** "12 accepted, 1 failed"; empty where there was nothing. */
export function countsText(health: Health | null): string {
  const w = said(words);
  return order
    .flatMap((status) => {
      const n = health?.day[status] ?? 0;
      return n === 0 ? [] : [`${n} ${w.statuses[status] ?? status}`];
    })
    .join(", ");
}

/** Null where the last try went well, or there was none. */
export function LastError({ health }: { readonly health: Health | null }): JSX.Element | null {
  const w = said(words);
  if (health?.lastBad == null || stateOf(health) !== "bad") return null;
  const { at, reason, status } = health.lastBad;
  return (
    <p class="small wrong">
      {reason === "" ? (w.became[status] ?? status) : reason} · <Moment at={at} as="ago" />
    </p>
  );
}
