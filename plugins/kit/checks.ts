// Owns what the contract kit asks of a source's readings, whoever wrote it: the plugins of the registry in the tests, a tenant's
// own one when it is uploaded. Each check answers what is wrong, in words; null: nothing.

import type { Alert } from "../sdk/index.ts";
import { limits } from "../../worker/core/limits.ts";
import { clampAlert } from "../../worker/ingest/clamp.ts";
import { ownAlert } from "../../worker/ingest/own-alert.ts";
import { canonicalJson } from "../../worker/lib/canonical-json.ts";

const alertCharsMax = 400_000;

/** What a body became. `unreadable`: the plugin said that it cannot read it; `broken`: it did what no plugin may. */
export type Reading =
  | { readonly kind: "alerts"; readonly alerts: readonly Alert[] }
  | { readonly kind: "unreadable"; readonly reason: string }
  | { readonly kind: "broken"; readonly reason: string };

/** What crosses to the incident object: bounded, text where text is due, whole characters. */
export function alertProblem(returned: unknown): string | null {
  const alert = within(returned);
  if (alert === null)
    return "it is no alert: it needs a `dedupKey` that is not empty and an `action` (trigger, acknowledge, resolve, responded, ignore)";
  if (/[\r\n\0]/.test(alert.title)) return `its title holds a line break: ${JSON.stringify(alert.title.slice(0, 80))}`;
  for (const [name, max] of [
    ["dedupKey", limits.alert.dedupKeyCharsMax],
    ["title", limits.alert.titleCharsMax],
    ["body", limits.alert.bodyCharsMax],
  ] as const)
    if (alert[name].length > max) return `its ${name} is longer than ${max}`;
  let half: string | null = null;
  const text = JSON.stringify(alert, (_key, value: unknown) => {
    if (typeof value === "string" && !value.isWellFormed()) half = value;
    return value;
  });
  if (half !== null) return "it holds half a character";
  return text.length < alertCharsMax ? null : "it is too long";
}

/** The alert as the hub takes it from a tenant's own code; null: it is none. */
export function within(returned: unknown): Alert | null {
  const alert = ownAlert(returned, "own");
  return alert === null ? null : clampAlert(alert);
}

/** A body that no sender sends may fire, or be ignored with a word why, and nothing else. */
export function garbageProblem(alerts: readonly Alert[]): string | null {
  for (const alert of alerts) {
    const problem = alertProblem(alert);
    if (problem !== null) return problem;
    if (alert.action === "ignore" && !alert.notes?.[0]) return "it is ignored without a word why (`notes`)";
    if (alert.action !== "ignore" && alert.action !== "trigger")
      return `it became "${alert.action}": garbage must not end or own anything`;
  }
  return null;
}

/** A problem that fires and ends has one dedup key. */
export function pairProblem(firing: readonly Alert[], ending: readonly Alert[]): string | null {
  const begun = firing.filter((alert) => alert.action === "trigger").map((alert) => alert.dedupKey);
  const ended = ending.filter((alert) => alert.action === "resolve").map((alert) => alert.dedupKey);
  if (begun.length === 0) return "the first of the pair holds no alert that fires";
  if (ended.length === 0) return "the second of the pair holds no alert that resolves";
  return begun.some((key) => ended.includes(key))
    ? null
    : `the dedup keys differ: ${JSON.stringify(begun[0])} fires, ${JSON.stringify(ended[0])} resolves. The incident would stay open for ever`;
}

/** Somebody would be paged. */
export function fires(readings: readonly Reading[]): boolean {
  return readings.some(
    (each) => each.kind === "alerts" && each.alerts.some((alert) => alert.action === "trigger" && !alert.test),
  );
}

export function sameTwice(first: Reading, second: Reading): boolean {
  return canonicalJson(first) === canonicalJson(second);
}

/** What a golden alert says must be so; what it leaves out may be anything. */
export function goldenProblem(alerts: readonly Alert[], golden: readonly Readonly<Record<string, unknown>>[]): string | null {
  if (alerts.length !== golden.length) return `${alerts.length} alerts, not ${golden.length}`;
  for (const [i, wanted] of golden.entries()) {
    const alert = (alerts[i] ?? {}) as Readonly<Record<string, unknown>>;
    for (const [field, value] of Object.entries(wanted)) {
      const is = Object.hasOwn(alert, field) ? alert[field] : undefined;
      if (canonicalJson(is ?? null) !== canonicalJson(value ?? null))
        return `alert ${i + 1}, ${field}: ${shown(is)}, not ${shown(value)}`;
    }
  }
  return null;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "absent";
  return text.length <= 160 ? text : `${text.slice(0, 159)}…`;
}
