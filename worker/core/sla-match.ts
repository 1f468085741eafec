// Owns which service levels an alert opens its incident under. Pure; a rule that breaks is no match and is noted.

import type { Alert } from "./alert.ts";
import { contextOf as incidentContext } from "./condition.ts";
import type { Decision } from "./decision.ts";
import { addLabels, evaluateIn, programFor, type Compiled } from "./expression.ts";
import { policyClosure } from "./policy-closure.ts";
import { mayHold, needsOf, type Need } from "./precondition.ts";
import { contextFor, rulesOf } from "./rules.ts";
import { termsFor, type Sla, type SlaTerms } from "./sla.ts";
import type { Integration, Policy, Snapshot } from "./snapshot.ts";

interface Ready {
  readonly when: Compiled;
  readonly needs: readonly Need[];
  /** It may be true of one severity and not of another. */
  readonly bySeverity: boolean;
}

const ready = new WeakMap<Sla, Ready>();

function readyOf(sla: Sla): Ready {
  const known = ready.get(sla);
  if (known) return known;
  const made = { when: programFor(sla.when, "opening"), needs: needsOf(sla.when), bySeverity: sla.when.includes("incident") };
  ready.set(sla, made);
  return made;
}

export interface MatchAt {
  readonly snapshot: Snapshot;
  /** Null: a person declares the incident. */
  readonly integration: Integration | null;
}

/** The decision with the service levels that apply, their policies and what could not be asked. */
export function withServiceLevels(decision: Decision, alert: Alert, at: MatchAt, now: number): Decision {
  const { snapshot } = at;
  if (alert.action !== "trigger" || (snapshot.slas ?? []).length === 0) return decision;
  const { terms, notes } = match(decision, alert, at, now);
  if (terms.length === 0 && notes.length === 0) return decision;
  return {
    ...decision,
    slas: terms,
    policies: { ...decision.policies, ...policyClosure([everyoneWarned(terms)], snapshot.policies) },
    notes: [...(decision.notes ?? []), ...notes],
  };
}

/** A policy that names all whom the warnings name, for finding out what they lead to. */
function everyoneWarned(terms: readonly SlaTerms[]): Policy {
  const warnings = terms.flatMap(({ warn }) => warn);
  const named = warnings.flatMap(({ policy }) => (policy === null ? [] : [{ kind: "policy" as const, policy }]));
  return {
    id: "",
    name: "",
    steps: [],
    repeat: { times: 0, from: 0, waitMs: 0 },
    onExhausted: [...named, ...warnings.flatMap(({ notify }) => notify)],
    lowUrgency: "escalate",
  };
}

function match(
  decision: Decision,
  alert: Alert,
  { snapshot, integration }: MatchAt,
  now: number,
): { readonly terms: readonly SlaTerms[]; readonly notes: readonly string[] } {
  const { isOpen } = rulesOf(snapshot);
  const base = contextFor(alert, snapshot, integration, now);
  base.service = decision.service ?? "";
  addLabels(base, decision.labels ?? {});
  const incident = (severity: string): unknown => {
    const { title, body, source, test } = alert;
    const labels = { ...alert.labels, ...decision.labels };
    const known = { title, body, source, test, labels, severity, urgency: decision.urgency, decision };
    return incidentContext({ ...known, id: "", status: "triggered", openedAt: now, acknowledgedBy: null }, now)["incident"];
  };
  const contexts = decision.severities.map((severity) => ({ ...base, incident: incident(severity) }));
  const notes: string[] = [];
  const holds = (sla: Sla, index: number): boolean => {
    const { when, needs } = readyOf(sla);
    const context = contexts[index] ?? base;
    if (!mayHold(needs, context)) return false;
    const answer = when.ok
      ? evaluateIn(when.program, context, isOpen)
      : { ok: false as const, reason: `does not compile: ${when.message}` };
    if (answer.ok) return answer.value === true;
    const note = `SLA ${sla.id} failed, taken as no match: ${answer.reason}`;
    if (!notes.includes(note)) notes.push(note);
    return false;
  };
  const terms = termsFor(snapshot.slas ?? [], {
    businessHours: snapshot.businessHours ?? {},
    severitiesOf(sla) {
      if (readyOf(sla).bySeverity) return decision.severities.filter((_, index) => holds(sla, index));
      return holds(sla, 0) ? decision.severities : [];
    },
  });
  return { terms, notes };
}
