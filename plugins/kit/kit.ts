// Owns the contract kit for a plugin that a tenant wrote: every check with its verdict, over the fixtures that came with it. How a
// body is read is the caller's: in the sandbox on a hub, in this process on an author's machine.

import type { Alert, BodyKind } from "../sdk/index.ts";
import { parseBody } from "../../worker/ingest/body.ts";
import { alertProblem, fires, garbageProblem, goldenProblem, pairProblem, sameTwice, within, type Reading } from "./checks.ts";
import { chance, garbage, mutated } from "./mangle.ts";

export interface OwnFixture {
  readonly name: string;
  readonly about?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What the plugin is given as `config`. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  readonly format?: BodyKind | undefined;
  /** Sent as it is when it is a text, else as JSON. */
  readonly body: unknown;
  /** What it must become, in the fields named; "unreadable": it must not be read. */
  readonly golden?: readonly Readonly<Record<string, unknown>>[] | "unreadable" | undefined;
}

export interface OwnFixtures {
  readonly fixtures: readonly OwnFixture[];
  /** Names of fixtures that are one problem: it fires, it ends. */
  readonly pairs: readonly (readonly [firing: string, ending: string])[];
}

export const checkNames = ["readable", "fires", "alerts", "same-twice", "pairs", "golden", "garbage", "mangled"] as const;
export type CheckName = (typeof checkNames)[number];

export interface KitCheck {
  readonly check: CheckName;
  /** Null: not looked at, as something before it failed, or there is nothing of this kind. */
  readonly passed: boolean | null;
  /** What is wrong or what was looked at. */
  readonly reason: string;
  readonly fixture: string | null;
  /** The line of the plugin's text that broke, from 1; null: it is not known, or nothing broke. */
  readonly line: number | null;
}

export interface KitReport {
  readonly passed: boolean;
  readonly checks: readonly KitCheck[];
  /** What each fixture became. */
  readonly readings: readonly {
    readonly fixture: string;
    readonly unreadable: string | null;
    readonly alerts: readonly Alert[];
  }[];
}

export interface KitInput {
  readonly payload: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly config: unknown;
}

/** What a plugin made of one input: the list it returned, or why not. `unreadable`: it threw. */
export type Returned =
  | { readonly ok: true; readonly alerts: readonly unknown[] }
  | { readonly ok: false; readonly unreadable: boolean; readonly reason: string };

/** How the kit reads by the plugin, and asks which line of it broke on an input. */
export interface KitRun {
  readonly read: (input: KitInput) => Promise<Returned>;
  readonly brokenLine: (input: KitInput) => Promise<number | null>;
}

const mangledEach = 12;
const mangledMax = 60;

interface Found {
  readonly fixture: OwnFixture;
  readonly input: KitInput | null;
  readonly reading: Reading;
}

/** Throws what `run` throws: then nothing is said about the plugin. */
export async function runKit(given: OwnFixtures, run: KitRun): Promise<KitReport> {
  const checks: KitCheck[] = [];
  const found: Found[] = [];
  const read = async (input: KitInput): Promise<Reading> => readingOf(await run.read(input));
  for (const fixture of given.fixtures) found.push(await firstLook(fixture, read));
  const readings = found.map(({ fixture, reading }) => ({
    fixture: fixture.name,
    unreadable: reading.kind === "alerts" ? null : reading.reason,
    alerts: reading.kind === "alerts" ? reading.alerts : [],
  }));
  checks.push(...(await withLine(readable(found), found, run)), firing(found));
  // What does not run is not run another hundred times.
  const goOn = checks.every((each) => each.passed !== false);
  checks.push(
    ...(goOn
      ? [
          await readTwice(found, read),
          ...pairs(given, found),
          ...golden(found),
          await garbageRead(found, read),
          await mangledRead(found, read),
        ]
      : (["same-twice", "pairs", "golden", "garbage", "mangled"] as const).map((check) =>
          verdict(check, null, "not looked at: mend what is above first"),
        )),
  );
  return { passed: checks.every((each) => each.passed !== false), checks, readings };
}

function verdict(check: CheckName, passed: boolean | null, reason: string, fixture: string | null = null): KitCheck {
  return { check, passed, reason, fixture, line: null };
}

/** Of the first that broke: the others most often break at the same line. */
async function withLine(checks: readonly KitCheck[], found: readonly Found[], run: KitRun): Promise<KitCheck[]> {
  const [first, ...rest] = checks;
  const input = found.find(({ fixture }) => fixture.name === first?.fixture)?.input ?? null;
  if (first === undefined || first.passed !== false || input === null) return [...checks];
  return [{ ...first, line: await run.brokenLine(input) }, ...rest];
}

function readingOf(returned: Returned): Reading {
  if (!returned.ok) return { kind: returned.unreadable ? "unreadable" : "broken", reason: returned.reason };
  const problem = returned.alerts.map(alertProblem).find((each) => each !== null);
  if (problem !== undefined) return { kind: "broken", reason: `an alert it returned: ${problem}` };
  return { kind: "alerts", alerts: returned.alerts.flatMap((each) => within(each) ?? []) };
}

function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

async function firstLook(fixture: OwnFixture, read: (input: KitInput) => Promise<Reading>): Promise<Found> {
  const headers = lowerCase(fixture.headers);
  const text = typeof fixture.body === "string" ? fixture.body : JSON.stringify(fixture.body);
  const parsed = parseBody(new TextEncoder().encode(text), fixture.format ?? "any", headers["content-type"]);
  if (!parsed.ok) return { fixture, input: null, reading: { kind: "broken", reason: `the fixture's body: ${parsed.reason}` } };
  const input = { payload: parsed.payload, headers, config: fixture.settings ?? {} };
  return { fixture, input, reading: await read(input) };
}

/** Every fixture is read, unless it says itself that it must not be. */
function readable(found: readonly Found[]): KitCheck[] {
  const wrong = found.flatMap(({ fixture, reading }) =>
    reading.kind === "broken" || (reading.kind === "unreadable" && fixture.golden !== "unreadable")
      ? [verdict("readable", false, reading.reason, fixture.name)]
      : [],
  );
  return wrong.length > 0 ? wrong : [verdict("readable", true, `${found.length} fixtures`), verdict("alerts", true, "")];
}

function firing(found: readonly Found[]): KitCheck {
  return fires(found.map(({ reading }) => reading))
    ? verdict("fires", true, "")
    : verdict("fires", false, "no fixture becomes an alert that fires: add one that would page somebody");
}

async function readTwice(found: readonly Found[], read: (input: KitInput) => Promise<Reading>): Promise<KitCheck> {
  for (const { fixture, input, reading } of found) {
    if (input !== null && !sameTwice(reading, await read(input)))
      return verdict(
        "same-twice",
        false,
        "the second time it became something else: keep nothing from one body to the next",
        fixture.name,
      );
  }
  return verdict("same-twice", true, "");
}

function pairs({ pairs: named }: OwnFixtures, found: readonly Found[]): KitCheck[] {
  if (named.length === 0)
    return [verdict("pairs", null, "no pairs were given: name fixtures that are one problem's beginning and end")];
  const of = (name: string): readonly Alert[] | null => {
    const reading = found.find(({ fixture }) => fixture.name === name)?.reading;
    return reading?.kind === "alerts" ? reading.alerts : null;
  };
  return named.map(([begin, end]) => {
    const [firing, ending] = [of(begin), of(end)];
    const missing = firing === null ? begin : ending === null ? end : null;
    if (firing === null || ending === null) return verdict("pairs", false, `there is no readable fixture ${missing ?? ""}`);
    const problem = pairProblem(firing, ending);
    return verdict("pairs", problem === null, problem ?? `${begin} → ${end}`, problem === null ? null : `${begin} → ${end}`);
  });
}

function golden(found: readonly Found[]): KitCheck[] {
  const named = found.filter(({ fixture }) => fixture.golden !== undefined);
  if (named.length === 0) return [verdict("golden", null, "no fixture says what it must become (`golden`)")];
  const wrong = named.flatMap(({ fixture, reading }) => {
    const { golden: wanted } = fixture;
    const problem =
      wanted === undefined
        ? null
        : wanted === "unreadable"
          ? reading.kind === "unreadable"
            ? null
            : "it was read, and must not be"
          : reading.kind === "alerts"
            ? goldenProblem(reading.alerts, wanted)
            : reading.reason;
    return problem === null ? [] : [verdict("golden", false, problem, fixture.name)];
  });
  return wrong.length > 0 ? wrong : [verdict("golden", true, `${named.length} fixtures`)];
}

async function garbageRead(found: readonly Found[], read: (input: KitInput) => Promise<Reading>): Promise<KitCheck> {
  const config = found[0]?.input?.config ?? {};
  for (const payload of garbage) {
    const reading = await read({ payload, headers: {}, config });
    const problem =
      reading.kind === "broken" ? reading.reason : reading.kind === "alerts" ? garbageProblem(reading.alerts) : null;
    if (problem !== null) return verdict("garbage", false, `${JSON.stringify(payload)}: ${problem}`);
  }
  return verdict("garbage", true, `${garbage.length} bodies that no sender sends`);
}

/** Enough of it to make a fixture of. */
function start(payload: unknown): string {
  const text = JSON.stringify(payload);
  return text.length <= 200 ? text : `${text.slice(0, 200)}… (${text.length} characters)`;
}

/** By a seed, so that whoever mends it meets the same ones. */
async function mangledRead(found: readonly Found[], read: (input: KitInput) => Promise<Reading>): Promise<KitCheck> {
  const each = Math.max(1, Math.min(mangledEach, Math.floor(mangledMax / found.length)));
  let runs = 0;
  for (const { fixture, input } of found) {
    if (input === null) continue;
    const random = chance(fixture.name);
    for (let run = 0; run < each; run++, runs++) {
      const payload = mutated(input.payload, random);
      const reading = await read({ ...input, payload });
      if (reading.kind === "broken")
        return verdict("mangled", false, `${reading.reason}. The body: ${start(payload)}`, fixture.name);
    }
  }
  return verdict("mangled", true, `${runs} mangled bodies`);
}
