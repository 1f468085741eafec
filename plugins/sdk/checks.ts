// Owns the words that Nagios gave to all its relatives: notification types and check states.

import type { AlertAction, Severity } from "../../worker/core/alert.ts";
import { wordOf } from "./read.ts";
import { cut, present } from "./text.ts";

const states: Readonly<Record<string, Severity>> = {
  critical: "critical",
  crit: "critical",
  down: "critical",
  unreachable: "error",
  unreach: "error",
  // Checkmk's short forms.
  unre: "error",
  unkn: "error",
  unknown: "error",
  warning: "warning",
  warn: "warning",
  ok: "info",
  up: "info",
};
const types: Readonly<Record<string, AlertAction>> = {
  problem: "trigger",
  recovery: "resolve",
  acknowledgement: "acknowledge",
  custom: "ignore",
};

export interface CheckReading {
  readonly action: AlertAction;
  readonly severity: Severity;
  readonly notes: readonly string[];
  /** Why nothing is done, where nothing is. */
  readonly reason: string;
}

/** By the notification's type, else by the state: OK and UP end it. Downtimes, flapping and custom ones change nothing. */
export function readCheck(type: unknown, state: unknown): CheckReading {
  const [kind, word] = [wordOf(type), wordOf(state)];
  const known = word !== null && Object.hasOwn(states, word) ? states[word] : undefined;
  const severity = known ?? "unknown";
  const is = (action: AlertAction, notes: readonly string[] = [], reason = ""): CheckReading => ({
    action,
    severity,
    notes,
    reason,
  });
  if (kind !== null && /^(downtime|flapping)/.test(kind)) return is("ignore", [], `${cut(kind, 40)} changes nothing here`);
  const said = kind !== null && Object.hasOwn(types, kind) ? types[kind] : undefined;
  if (said === "ignore") return is("ignore", [], "a custom notification changes nothing here");
  if (said !== undefined) return is(said);
  if (kind === null && (word === "ok" || word === "up")) return is("resolve");
  if (kind === null && known !== undefined) return is("trigger");
  const what =
    kind === null
      ? `state ${word === null ? "is missing" : `"${cut(word, 40)}" is unknown`}`
      : `notification type "${cut(kind, 40)}" is unknown`;
  return is("trigger", [`${what}: taken as a problem`]);
}

/** "host", or host and service joined. Null without a host. */
export function checkKey(host: unknown, service: unknown, joint: string): string | null {
  const [name, check] = [present(host), present(service)];
  return name === null ? null : check === null ? name : `${name}${joint}${check}`;
}
