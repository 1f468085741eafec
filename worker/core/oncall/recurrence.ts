// Owns recurrence rules (RFC 5545 §3.8.5.3), by rrule.js in floating wall time only: what the library does with zones depends on
// the host's. Wall times are numbers as in zone.ts.

import * as library from "rrule";
import { limits } from "../limits.ts";
import { wallAt, type Zone } from "../zone.ts";

// Bundlers see the library's ES module, plain Node its CommonJS form, whose exports are all under `default`.
const { RRule } = "RRule" in library ? library : (library as { default: typeof library }).default;
type RRule = InstanceType<typeof RRule>;

/** Null when the rule can be used; else what is wrong with it. Finer than hours is refused: no turn is that short. */
export function ruleProblem(text: string): string | null {
  if (/DTSTART|TZID/i.test(text)) return "DTSTART and TZID do not belong in the rule: the layer's start and time zone are used";
  const rule = bare(text);
  if (!/(^|;)FREQ=/i.test(rule)) return "a rule begins with FREQ=, as in FREQ=WEEKLY;BYDAY=MO,TH";
  if (/FREQ=(SECONDLY|MINUTELY)/i.test(rule) || /BYSECOND/i.test(rule)) return "a rule finer than hours is not for people";
  try {
    const parsed = RRule.parseString(rule);
    if (parsed.freq === undefined) return "FREQ is YEARLY, MONTHLY, WEEKLY, DAILY or HOURLY";
    if (parsed.interval !== undefined && !(parsed.interval >= 1)) return "INTERVAL is a whole number from 1";
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "this is no recurrence rule";
  }
}

function bare(text: string): string {
  return text.trim().replace(/^RRULE:/i, "");
}

function ruleOf(text: string, start: number, zone: Zone): RRule {
  const rule = bare(text);
  const options = RRule.parseString(rule);
  // UNTIL in UTC means that instant (RFC 5545 §3.3.10); the library compares with wall times.
  if (options.until && /UNTIL=\d{8}T\d{6}Z/i.test(rule)) options.until = new Date(wallAt(zone, options.until.getTime()));
  return new RRule({ ...options, dtstart: new Date(start), tzid: null });
}

export interface Recurrence {
  readonly rrule: string;
  /** The first occurrence, wall time; counts as one only where the rule says so. */
  readonly start: number;
  readonly zone: Zone;
}

/** Occurrences in [from, to) of wall time, in order; at most `limits.oncall.occurrencesMax` of them. */
export function occurrencesBetween({ rrule, start, zone }: Recurrence, from: number, to: number): number[] {
  const found: number[] = [];
  if (to <= from) return found;
  ruleOf(rrule, start, zone).between(new Date(from), new Date(to - 1), true, (date) => {
    found.push(date.getTime());
    return found.length < limits.oncall.occurrencesMax;
  });
  return found;
}

/** The first `count` occurrences, wall time. */
export function firstOccurrences({ rrule, start, zone }: Recurrence, count: number): number[] {
  const found: number[] = [];
  ruleOf(rrule, start, zone).all((date) => {
    if (found.length < count) found.push(date.getTime());
    return found.length < count;
  });
  return found;
}
