// Owns recurrence rules (RFC 5545 §3.8.5.3), by rrule.js in floating wall time only: what the library does with zones depends on
// the host's. Wall times are numbers as in zone.ts.

import * as library from "rrule";
import { limits } from "../limits.ts";
import { wallAt, type Zone } from "../zone.ts";

// Bundlers see the library's ES module, plain Node its CommonJS form, whose exports are all under `default`.
const { RRule } = "RRule" in library ? library : (library as { default: typeof library }).default;
type RRule = InstanceType<typeof RRule>;

const numbers = (shape: string): RegExp => new RegExp(`^${shape}(,${shape})*$`);
/** RFC 5545 §3.3.10, without seconds and minutes. The library drops what it does not know without a word, so it is asked here. */
const parts: Readonly<Record<string, RegExp>> = {
  FREQ: /^(YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY)$/,
  INTERVAL: /^[1-9]\d{0,3}$/,
  COUNT: /^[1-9]\d{0,4}$/,
  UNTIL: /^\d{8}(T\d{6}Z?)?$/,
  BYHOUR: numbers("(1?\\d|2[0-3])"),
  BYMINUTE: numbers("[1-5]?\\d"),
  BYDAY: numbers("([+-]?[1-5]?\\d)?(MO|TU|WE|TH|FR|SA|SU)"),
  BYMONTHDAY: numbers("[+-]?([12]?\\d|3[01])"),
  BYYEARDAY: numbers("[+-]?\\d{1,3}"),
  BYWEEKNO: numbers("[+-]?[1-5]?\\d"),
  BYMONTH: numbers("(\\d|1[0-2])"),
  BYSETPOS: numbers("[+-]?\\d{1,3}"),
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};

/** Null when the rule can be used; else what is wrong with it. Finer than hours is refused: no turn is that short. */
export function ruleProblem(text: string): string | null {
  if (/DTSTART|TZID/i.test(text)) return "DTSTART and TZID do not belong in the rule: the layer's start and time zone are used";
  const rule = bare(text).toUpperCase();
  if (/FREQ=(SECONDLY|MINUTELY)|BYSECOND/.test(rule)) return "a rule finer than hours is not for people";
  if (!/(^|;)FREQ=/.test(rule)) return "a rule begins with FREQ=, as in FREQ=WEEKLY;BYDAY=MO,TH";
  const seen = new Set<string>();
  for (const part of rule.split(";").filter((each) => each !== "")) {
    const [name = "", value = ""] = part.split("=", 2);
    const shape = parts[name];
    if (shape === undefined) return `${name} is no part of a recurrence rule`;
    if (!shape.test(value)) return `${name}=${value} cannot be`;
    if (seen.has(name)) return `${name} is there twice`;
    seen.add(name);
  }
  try {
    RRule.parseString(rule);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "this is no recurrence rule";
  }
}

function bare(text: string): string {
  return text.trim().replace(/^RRULE:/i, "");
}

/** `near`: nothing before it is asked for. */
function ruleOf(text: string, start: number, zone: Zone, near: number): RRule {
  const rule = bare(text);
  const options = RRule.parseString(rule);
  // UNTIL in UTC means that instant (RFC 5545 §3.3.10); the library compares with wall times.
  if (options.until && /UNTIL=\d{8}T\d{6}Z/i.test(rule)) options.until = new Date(wallAt(zone, options.until.getTime()));
  // The library walks from the start: a rule whose periods are all of one length may as well start a few of them ago.
  const period = options.count ? undefined : periodMs[options.freq ?? -1];
  const whole = period === undefined ? 0 : Math.floor((near - start) / (period * (options.interval ?? 1))) - 1;
  const from = whole > 0 && period !== undefined ? start + whole * period * (options.interval ?? 1) : start;
  return new RRule({ ...options, dtstart: new Date(from), tzid: null });
}

const hourMs = 3_600_000;
const periodMs: Readonly<Record<number, number>> = {
  [RRule.HOURLY]: hourMs,
  [RRule.DAILY]: 24 * hourMs,
  [RRule.WEEKLY]: 7 * 24 * hourMs,
};

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
  ruleOf(rrule, start, zone, from).between(new Date(from), new Date(to - 1), true, (date) => {
    found.push(date.getTime());
    return found.length < limits.oncall.occurrencesMax;
  });
  return found;
}

/** The first `count` occurrences, wall time. */
export function firstOccurrences({ rrule, start, zone }: Recurrence, count: number): number[] {
  const found: number[] = [];
  ruleOf(rrule, start, zone, start).all((date) => {
    if (found.length < count) found.push(date.getTime());
    return found.length < count;
  });
  return found;
}
