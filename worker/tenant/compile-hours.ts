// Owns turning business hours, service levels and urgency by the hour from their written form into the snapshot's.

import type { BusinessHours } from "../core/calendar.ts";
import { parseDuration } from "../core/duration.ts";
import { defaultWarnings, pausingStates, type Sla, type SlaWarning } from "../core/sla.ts";
import type { Service, Target } from "../core/snapshot.ts";
import type { DefinitionOf } from "./definitions.ts";

export function businessHoursOf(
  written: DefinitionOf<"businessHours">,
  timeZone: string,
  imported: readonly string[] = [],
): BusinessHours {
  const { id, name, hours } = written;
  const holidays = [...new Set([...written.holidays, ...imported])];
  return { id, name: name ?? id, timeZone: written.timeZone ?? timeZone, hours, holidays };
}

type SlaDefinition = DefinitionOf<"slas">;
type WarningDefinition = NonNullable<SlaDefinition["warn"]>[number];
type TargetOf = (target: NonNullable<WarningDefinition["notify"]>[number]) => Target;

export function slaOf(written: SlaDefinition, targetOf: TargetOf): Sla {
  const { id, name, when, respondWithin, resolveWithin, hours, pauseIn, warn } = written;
  return {
    id,
    name: name ?? id,
    when,
    respondMs: respondWithin === undefined ? null : ms(respondWithin),
    resolveMs: resolveWithin === undefined ? null : ms(resolveWithin),
    hours: hours === "always" ? null : hours,
    pauseIn: pausingStates.filter((state) => pauseIn.includes(state)),
    warn: warn === undefined ? defaultWarnings : warn.map((each) => warningOf(each, targetOf)),
  };
}

function warningOf(written: WarningDefinition, targetOf: TargetOf): SlaWarning {
  return {
    at: written.at === undefined ? { beforeMs: ms(written.before ?? "") } : { percent: Number(written.at.slice(0, -1)) },
    clock: written.clock ?? null,
    flag: written.flag ?? null,
    policy: written.policy ?? null,
    notify: (written.notify ?? []).map(targetOf),
  };
}

/** Of a service: the plain urgency, and the rule by the hour where there is one. */
export function urgencyOf(written: DefinitionOf<"services">["urgency"]): Pick<Service, "urgency" | "urgencyByHour"> {
  if (typeof written === "string") return { urgency: written };
  // Without its calendar: rather too urgent than not.
  const urgency = written.inHours === "high" || written.outOfHours === "high" ? "high" : "low";
  return { urgency, urgencyByHour: written };
}

function ms(text: string): number {
  return parseDuration(text) ?? 0;
}
