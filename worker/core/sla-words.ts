// Owns how service levels are spoken of on a timeline and on a phone.

import { elapsedMs, type SlaEvent } from "./sla-clock.ts";
import { targetMs, type ClockKind, type SlaTerms, type Stage } from "./sla.ts";

const verbs: Readonly<Record<ClockKind, { readonly todo: string; readonly done: string }>> = {
  respond: { todo: "answer", done: "answered" },
  resolve: { todo: "resolve", done: "resolved" },
};

/** "1 d 4 h", "2 h 5 min", "45 s": the two largest units. */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const units = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor((seconds % 86_400) / 3_600), "h"],
    [Math.floor((seconds % 3_600) / 60), "min"],
    [seconds % 60, "s"],
  ] as const;
  const first = units.findIndex(([n]) => n > 0);
  const parts = units.slice(Math.max(0, first), Math.max(0, first) + 2).flatMap(([n, unit]) => (n > 0 ? [`${n} ${unit}`] : []));
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

/** "SLA Gold: 30 min left to answer". */
export function leftText(terms: SlaTerms, kind: ClockKind, leftMs: number): string {
  const { todo, done } = verbs[kind];
  const whole = spanText(targetMs(terms, kind) ?? 0);
  return leftMs > 0 ? `SLA ${terms.name}: ${spanText(leftMs)} left to ${todo}` : `SLA ${terms.name}: not ${done} within ${whole}`;
}

export function stageText({ warning }: Stage): string {
  return "percent" in warning.at ? `${warning.at.percent}%` : `${spanText(warning.at.beforeMs)} before`;
}

/** What became of a clock, one sentence. */
export function sentenceOf({ kind, clock }: Exclude<SlaEvent, { kind: "warning" }>, terms: SlaTerms): string {
  const { todo, done } = verbs[clock.kind];
  const whole = spanText(targetMs(terms, clock.kind) ?? 0);
  const by = clock.deadline === null ? "without an end, its hours never come" : `by ${new Date(clock.deadline).toISOString()}`;
  switch (kind) {
    case "started":
      return `SLA ${terms.name}: ${todo} ${by}`;
    case "moved":
      return `SLA ${terms.name}: ${todo} now ${by}`;
    case "dropped":
      return `SLA ${terms.name}: no longer applies (${todo})`;
    case "breached":
      return `SLA ${terms.name}: not ${done} within ${whole}`;
    case "stopped": {
      const used = spanText(elapsedMs(terms, clock, clock.stoppedAt ?? 0));
      return `SLA ${terms.name}: ${done} after ${used} of ${whole}${clock.met ? "" : ", too late"}`;
    }
  }
}
