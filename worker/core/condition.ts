// Owns conditions over an incident, in the rule language of expression.ts: `incident.severity == "P1"`. Whoever asks decides
// what an error means; here it counts as true, because a condition that cannot be read must not keep a page back.

import { evaluateIn, programFor, readingBlank, type Context, type Scope } from "./expression.ts";
import type { Episode } from "./incident.ts";

export interface Verdict {
  readonly holds: boolean;
  /** Why it could not be asked; null: it was. */
  readonly problem: string | null;
}

/** What conditions may read of an incident. */
export type Subject = Pick<
  Episode,
  | "id"
  | "title"
  | "body"
  | "status"
  | "severity"
  | "urgency"
  | "source"
  | "labels"
  | "test"
  | "openedAt"
  | "acknowledgedBy"
  | "decision"
>;

export function conditionHolds(text: string, incident: Subject, now: number, isOpen?: Scope["isOpen"]): Verdict {
  const compiled = programFor(text, "incident");
  if (!compiled.ok) return { holds: true, problem: compiled.message };
  const answer = evaluateIn(compiled.program, contextOf(incident, now), isOpen);
  return answer.ok ? { holds: answer.value === true, problem: null } : { holds: true, problem: answer.reason };
}

/** The variables of a condition over this incident. */
export function contextOf(incident: Subject, now: number): Context {
  const { decision } = incident;
  return {
    incident: {
      id: incident.id,
      title: incident.title,
      body: incident.body,
      status: incident.status,
      severity: incident.severity,
      urgency: incident.urgency,
      source: incident.source,
      service: decision.service ?? "",
      policy: decision.policy?.id ?? "",
      integration: decision.integration ?? "",
      labels: readingBlank(incident.labels),
      acknowledgedBy: incident.acknowledgedBy ?? "",
      openedAt: new Date(incident.openedAt),
      test: incident.test,
    },
    service: decision.service ?? "",
    now: new Date(now),
    hour: 0n,
    weekday: "",
  };
}
