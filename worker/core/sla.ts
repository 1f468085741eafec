// Owns what a service level is: its terms, which of a tenant's an incident opens under, and when each of its stages is
// reached. The running of clocks is sla-clock.ts's, what a warning does is sla-watch.ts's.

import { addOpenTime, type BusinessHours } from "./calendar.ts";
import { limits } from "./limits.ts";
import type { State } from "./moves.ts";
import type { Id, Target } from "./snapshot.ts";

/** respond: until somebody acknowledges or the source gives its first answer · resolve: until the incident is resolved. */
export type ClockKind = "respond" | "resolve";
export const clockKinds: readonly ClockKind[] = ["respond", "resolve"];

/** States a clock may stand still in. A resolved incident's clocks always stand still, so that a re-open goes on. */
export type PausingState = Extract<State, "held" | "suppressed" | "acknowledged" | "snoozed">;
export const pausingStates: readonly PausingState[] = ["held", "suppressed", "acknowledged", "snoozed"];

export interface SlaWarning {
  /** A share of the time allowed, or a time before it is over. Both are counted in the clock's own hours. */
  readonly at: { readonly percent: number } | { readonly beforeMs: number };
  /** Null: of both clocks. */
  readonly clock: ClockKind | null;
  /** Set on the incident while the clock is open. */
  readonly flag: string | null;
  /** Started beside the incident's own ladder. */
  readonly policy: Id | null;
  readonly notify: readonly Target[];
}

/** One service level of a tenant. `when` is CEL over `alert` and `incident`. */
export interface Sla {
  readonly id: Id;
  readonly name: string;
  readonly when: string;
  readonly respondMs: number | null;
  readonly resolveMs: number | null;
  /** Null: always. */
  readonly hours: Id | null;
  readonly pauseIn: readonly PausingState[];
  readonly warn: readonly SlaWarning[];
}

/** What an incident keeps of one: frozen when it opens, with its calendar and the severities under which it applies. */
export interface SlaTerms {
  readonly id: Id;
  readonly name: string;
  readonly severities: readonly string[];
  readonly respondMs: number | null;
  readonly resolveMs: number | null;
  readonly hours: BusinessHours | "always";
  readonly pauseIn: readonly PausingState[];
  readonly warn: readonly SlaWarning[];
}

/** On an incident with a clock that was missed. */
export const breachFlag = "sla-breached";

/** Where the document names no warning. */
export const defaultWarnings: readonly SlaWarning[] = [
  { at: { beforeMs: limits.sla.warnBeforeMs }, clock: null, flag: "at-risk", policy: null, notify: [] },
];

/**
 * The terms an incident opens under. `severitiesOf` says for which of the tenant's scale a rule holds, so that a later change
 * of severity needs no rule of today's configuration. Those that apply to none are left out.
 */
export function termsFor(
  slas: readonly Sla[],
  context: {
    readonly businessHours: Readonly<Record<Id, BusinessHours>>;
    readonly severitiesOf: (sla: Sla) => readonly string[];
  },
): readonly SlaTerms[] {
  return slas.flatMap((sla) => {
    const severities = context.severitiesOf(sla);
    if (severities.length === 0) return [];
    const { id, name, respondMs, resolveMs, pauseIn, warn } = sla;
    // A calendar that is gone must not make a promise to a customer vanish: the clock then runs always.
    const hours = (sla.hours === null ? undefined : context.businessHours[sla.hours]) ?? "always";
    return [{ id, name, severities, respondMs, resolveMs, hours, pauseIn, warn }];
  });
}

export function targetMs(terms: SlaTerms, kind: ClockKind): number | null {
  return kind === "respond" ? terms.respondMs : terms.resolveMs;
}

export interface Stage {
  /** Index into `terms.warn`. */
  readonly n: number;
  readonly afterMs: number;
  readonly warning: SlaWarning;
}

/**
 * The warnings of one clock by how much of its time they come after, earliest first. A time before the end that is not
 * shorter than the whole time allowed is taken as half of it.
 */
export function stagesOf(terms: SlaTerms, kind: ClockKind): readonly Stage[] {
  const whole = targetMs(terms, kind);
  if (whole === null) return [];
  return terms.warn
    .map((warning, n): Stage => ({ n, warning, afterMs: stageMs(warning, whole) }))
    .filter(({ warning }) => warning.clock === null || warning.clock === kind)
    .toSorted((a, b) => a.afterMs - b.afterMs);
}

function stageMs({ at }: SlaWarning, whole: number): number {
  if ("percent" in at) return Math.round((whole * at.percent) / 100);
  return at.beforeMs < whole ? whole - at.beforeMs : Math.round(whole / 2);
}

export interface PlannedClock {
  readonly id: Id;
  readonly kind: ClockKind;
  /** When it would be missed; null: its calendar is never open for so long. */
  readonly at: number | null;
  readonly warnAt: readonly number[];
}

/** The clocks of an incident that opens at `openedAt` and is left alone. */
export function slaPlan(terms: readonly SlaTerms[], severity: string, openedAt: number): readonly PlannedClock[] {
  return terms
    .filter((each) => each.severities.includes(severity))
    .flatMap((each) =>
      clockKinds.flatMap((kind) => {
        const whole = targetMs(each, kind);
        if (whole === null) return [];
        const warnAt = stagesOf(each, kind).flatMap(({ afterMs }) => addOpenTime(each.hours, openedAt, afterMs) ?? []);
        return [{ id: each.id, kind, at: addOpenTime(each.hours, openedAt, whole), warnAt }];
      }),
    );
}
