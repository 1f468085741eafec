// Owns the rule language: CEL over an alert, compiled once per text, unable to hang or to throw. A missing label reads as
// "", labels are strings, num() converts; `hour` (0-23) and `weekday` ("MO" … "SU") are the tenant's wall clock, and
// within("office", now) asks a calendar. `matches` runs on re2js (linear time); the library's own uses the native engine,
// which a pattern of 26 characters can hold for seconds, so every call of it is rewritten before it can run.

import { Environment, ParseError, serialize, type ASTNode, type TypeError } from "@marcbachmann/cel-js";
import type { Alert } from "./alert.ts";
import { limits } from "./limits.ts";
import { linearPattern } from "./linear-pattern.ts";
import type { Id } from "./snapshot.ts";

export interface Scope {
  readonly alert: Alert;
  readonly integration: { readonly id: Id; readonly name: string; readonly source: Id };
  /** The service so far, "" when none. */
  readonly service: Id;
  /** The tenant's wall clock: 0-23, and "MO" … "SU". Absent: 0 and "". */
  readonly hour?: number;
  readonly weekday?: string;
  /** Whether a calendar of the tenant is open; null: there is no such calendar, which is an error of the rule. */
  readonly isOpen?: (calendar: Id, at: number) => boolean | null;
  readonly now: number;
}

/** A scope made ready once for any number of rules. `service` is the only part that a route changes for those after it. */
export type Context = Record<string, unknown> & { service: Id };

export interface Program {
  readonly text: string;
  /** Whether the text is a condition ("bool"), or what else it yields; "dyn" where that shows at run time only. */
  readonly type: string;
  readonly run: (context: Context) => unknown;
}

export type Compiled =
  | { readonly ok: true; readonly program: Program }
  | {
      readonly ok: false;
      readonly message: string;
      readonly line: number;
      readonly column: number;
      /** Characters of the text, from 0; `to` is the first behind. */
      readonly from: number;
      readonly to: number;
    };

export type Evaluated = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/** What an expression is over: an alert on its way in, an incident that is open, or both at the moment one opens the other. */
export type SubjectKind = "alert" | "incident" | "opening";

const common = new Environment({
  limits: {
    maxAstNodes: limits.expression.nodesMax,
    maxDepth: limits.expression.depthMax,
    maxListElements: 1_000,
    maxMapEntries: 100,
  },
})
  .registerVariable("service", "string")
  .registerVariable("now", "google.protobuf.Timestamp")
  .registerVariable("hour", "int")
  .registerVariable("weekday", "string")
  .registerFunction("within(string, google.protobuf.Timestamp): bool", (calendar: string, at: Date) => isWithin(calendar, at))
  .registerFunction("num(dyn): double", (value: unknown) => toNumber(value))
  .registerFunction("string.re2matches(string): bool", (text: string, pattern: string) =>
    linearPattern(pattern).matcher(text).find(),
  );

const environments: Readonly<Record<SubjectKind, Environment>> = {
  alert: common.clone().registerVariable("alert", "map").registerVariable("integration", "map"),
  incident: common.clone().registerVariable("incident", "map"),
  opening: common
    .clone()
    .registerVariable("alert", "map")
    .registerVariable("integration", "map")
    .registerVariable("incident", "map"),
};

function toNumber(value: unknown): number {
  const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
  if (Number.isNaN(number)) throw new Error(`num(): ${JSON.stringify(value)} is no number`);
  return number;
}

/** The calendars of the rule that runs at this moment: functions of the library are given their arguments only. */
let calendars: Scope["isOpen"];

function isWithin(calendar: string, at: Date): boolean {
  const open = calendars?.(calendar, at.getTime()) ?? null;
  if (open === null) throw new Error(`within(): there are no business hours called ${calendar}`);
  return open;
}

/** Compiles and type-checks; an error tells the line and column (from 1) in the text as it was written. */
export function compileExpression(text: string, over: SubjectKind = "alert"): Compiled {
  const environment = environments[over];
  if (text.length > limits.expression.charsMax)
    return failure(`an expression has at most ${limits.expression.charsMax} characters`, text, 0);
  try {
    const written = environment.parse(text);
    // Checked as written: what is run below is written anew, and its places are not the author's.
    const check = written.check();
    if (!check.valid) return failure(firstLine(check.error?.message ?? "does not type-check"), text, ...rangeOf(check.error));
    const bad = makeMatchesSafe(written.ast);
    if (bad !== null) return failure(bad.message, text, bad.from, bad.to);
    presenceByValue(written.ast);
    const run = environment.parse(serialize(written.ast));
    run.check();
    return { ok: true, program: { text, type: check.type ?? "dyn", run: (context) => run(context) } };
  } catch (error) {
    const [from, to] = rangeOf(error instanceof ParseError ? error : undefined);
    return failure(firstLine(error instanceof Error ? error.message : String(error)), text, from, to);
  }
}

/** As compileExpression, for a text that must be true or false. */
export function compileCondition(text: string, over: SubjectKind = "alert"): Compiled {
  const compiledText = compileExpression(text, over);
  if (!compiledText.ok || compiledText.program.type === "bool" || compiledText.program.type === "dyn") return compiledText;
  return failure(`a condition is true or false, this is a ${compiledText.program.type}`, text, 0, text.length);
}

const compiled: Readonly<Record<SubjectKind, Map<string, Compiled>>> = {
  alert: new Map(),
  incident: new Map(),
  opening: new Map(),
};

/** compileExpression, remembered by its text. */
export function programFor(text: string, over: SubjectKind = "alert"): Compiled {
  const kept = compiled[over];
  const known = kept.get(text);
  if (known) return known;
  const made = compileExpression(text, over);
  if (kept.size >= limits.expression.programsKept) kept.clear();
  kept.set(text, made);
  return made;
}

/** Makes a scope ready for rules. */
export function contextOf(scope: Scope): Context {
  const { alert, integration, service, now } = scope;
  return {
    alert: {
      dedupKey: alert.dedupKey,
      action: alert.action,
      severity: alert.severity,
      title: alert.title,
      body: alert.body,
      labels: readingBlank(alert.labels),
      source: alert.source,
      test: alert.test,
      links: alert.links,
      sourceAt: alert.sourceAt === null ? null : new Date(alert.sourceAt),
    },
    integration: { ...integration },
    service,
    now: new Date(now),
    hour: BigInt(scope.hour ?? 0),
    weekday: scope.weekday ?? "",
  };
}

/** Runs the program over one alert. Never throws: an error is a reason. */
export function evaluate(program: Program, scope: Scope): Evaluated {
  return evaluateIn(program, contextOf(scope), scope.isOpen);
}

/** As evaluate, over a context that serves many rules. */
export function evaluateIn(program: Program, context: Context, isOpen: Scope["isOpen"]): Evaluated {
  calendars = isOpen;
  try {
    return { ok: true, value: program.run(context) };
  } catch (error) {
    return { ok: false, reason: firstLine(error instanceof Error ? error.message : String(error)) };
  } finally {
    calendars = undefined;
  }
}

/** Adds labels that the rules after this one see; what is there already is replaced. */
export function addLabels(context: Context, labels: Readonly<Record<string, string>>): void {
  const map = (context["alert"] as { readonly labels: Map<string, string> }).labels;
  for (const [key, value] of Object.entries(labels)) map.set(key, value);
}

/**
 * Which part of a condition did not hold, in words: of `a && b && c` the first that is not true, and what stands on its left.
 * For a condition that was just found not true.
 */
export function whyNot(text: string, context: Context, isOpen: Scope["isOpen"]): string {
  const parsed = parsedExpression(text);
  for (const part of parsed === null ? [] : conjuncts(parsed)) {
    const written = serialize(part);
    const condition = programFor(written);
    if (!condition.ok) continue;
    const result = evaluateIn(condition.program, context, isOpen);
    if (result.ok && result.value === true) continue;
    return `${written} does not hold${leftSide(part, context, isOpen)}`;
  }
  return `${text} does not hold`;
}

const comparisons = new Set(["==", "!=", "<", "<=", ">", ">=", "in"]);

function leftSide(node: ASTNode, context: Context, isOpen: Scope["isOpen"]): string {
  if (!comparisons.has(node.op) || !Array.isArray(node.args)) return "";
  const written = serialize(node.args[0] as ASTNode);
  const program = programFor(written);
  const result = program.ok ? evaluateIn(program.program, context, isOpen) : null;
  if (result === null || !result.ok) return "";
  return `: ${written} is ${typeof result.value === "string" ? JSON.stringify(result.value.slice(0, 80)) : String(result.value)}`;
}

/** A map in which what is missing reads as "". */
export function readingBlank(labels: Readonly<Record<string, string>>): Map<string, string> {
  const map = new Map(Object.entries(labels));
  map.get = (key) => Map.prototype.get.call(map, key) ?? "";
  return map;
}

/**
 * A label that is missing reads as "", so asking whether it is there must come to the same: `"x" in alert.labels` and
 * has(alert.labels.x) become a comparison with "".
 */
function presenceByValue(node: unknown): void {
  if (Array.isArray(node)) return node.forEach(presenceByValue);
  if (typeof node !== "object" || node === null || !("op" in node) || !("args" in node)) return;
  const call = node as { op: string; args: unknown };
  const args = Array.isArray(call.args) ? (call.args as unknown[]) : [];
  const compare = (left: unknown): void => {
    call.op = "!=";
    call.args = [left, { op: "value", args: "" }];
  };
  if (call.op === "in" && isLabels(args[1])) return compare({ op: "[]", args: [args[1], args[0]] });
  const asked = call.op === "call" && args[0] === "has" && Array.isArray(args[1]) ? (args[1][0] as ASTNode) : null;
  if (asked !== null && (asked.op === "." || asked.op === "[]") && isLabels(asked.args[0])) return compare(asked);
  presenceByValue(call.args);
}

function isLabels(node: unknown): boolean {
  const each = node as ASTNode | undefined;
  return (
    each?.op === "." &&
    each.args[1] === "labels" &&
    each.args[0].op === "id" &&
    (each.args[0].args === "alert" || each.args[0].args === "incident")
  );
}

let signatures: ReadonlyMap<string, readonly string[]> | undefined;

/** What may be called, and how, in CEL's own writing: `string.contains(string): bool`. */
function callable(): ReadonlyMap<string, readonly string[]> {
  signatures ??= Map.groupBy(
    common
      .getDefinitions()
      .functions.map((each) => each.signature)
      .filter((signature) => !signature.includes("re2matches") && !/^(type\(|OptionalNamespace|CelNamespace)/.test(signature)),
    (signature) => /(\w+)\(/.exec(signature)?.[1] ?? signature,
  );
  return signatures;
}

export function functionsKnown(): readonly string[] {
  return [...callable().keys()];
}

/** Empty: there is no such function. */
export function signaturesOf(name: string): readonly string[] {
  return callable().get(name) ?? [];
}

/** The parsed form of a text that compiles; null when it does not. */
export function parsedExpression(text: string): ASTNode | null {
  try {
    return environments.alert.parse(text).ast;
  } catch {
    return null;
  }
}

/** The parts of `a && b && c`: the whole is false as soon as one of them is, whatever the others are (CEL). */
export function conjuncts(node: ASTNode): ASTNode[] {
  return node.op === "&&" ? node.args.flatMap(conjuncts) : [node];
}

interface BadPattern {
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

/** Renames every call of `matches` to ours and compiles literal patterns now, so that a bad one is refused at save. */
function makeMatchesSafe(node: unknown): BadPattern | null {
  if (Array.isArray(node)) return firstBad(node);
  if (typeof node !== "object" || node === null || !("op" in node) || !("args" in node)) return null;
  const call = node as { op: string; args: unknown };
  if ((call.op === "rcall" || call.op === "call") && Array.isArray(call.args) && call.args[0] === "matches") {
    call.args[0] = "re2matches";
    for (const argument of [call.args[2]].flat() as { op?: string; args?: unknown; start?: number; end?: number }[]) {
      if (argument?.op !== "value" || typeof argument.args !== "string") continue;
      try {
        linearPattern(argument.args);
      } catch (error) {
        const { start = 0, end = start } = argument;
        return { message: firstLine(error instanceof Error ? error.message : String(error)), from: start, to: end };
      }
    }
  }
  return makeMatchesSafe(call.args);
}

function firstBad(nodes: readonly unknown[]): BadPattern | null {
  for (const node of nodes) {
    const bad = makeMatchesSafe(node);
    if (bad !== null) return bad;
  }
  return null;
}

/** Where the library says it is wrong. */
function rangeOf(error: ParseError | TypeError | undefined): readonly [number, number] {
  const from = error?.node?.pos ?? error?.range?.start ?? 0;
  return [from, Math.max(error?.range?.end ?? from, from)];
}

function failure(message: string, text: string, from: number, to: number = from): Compiled {
  const before = text.slice(0, from).split("\n");
  return { ok: false, message, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, from, to };
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? message).slice(0, 300);
}
