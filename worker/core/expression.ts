// Owns the rule language: CEL over an alert, compiled once per text, unable to hang or to throw. A missing label reads as
// "", labels are strings, num() converts. `matches` runs on re2js (linear time); the library's own uses the native engine,
// which a pattern of 26 characters can hold for seconds, so every call of it is rewritten before it can run.

import { Environment, ParseError, serialize } from "@marcbachmann/cel-js";
import { RE2JS } from "re2js";
import type { Alert } from "./alert.ts";
import { limits } from "./limits.ts";
import type { Id } from "./snapshot.ts";

export interface Scope {
  readonly alert: Alert;
  readonly integration: { readonly id: Id; readonly name: string; readonly source: Id };
  /** The service so far, "" when none. */
  readonly service: Id;
  readonly now: number;
}

export interface Program {
  readonly text: string;
  readonly run: (context: Record<string, unknown>) => unknown;
}

export type Compiled =
  | { readonly ok: true; readonly program: Program }
  | { readonly ok: false; readonly message: string; readonly line: number; readonly column: number };

export type Evaluated = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

const environment = new Environment({
  limits: {
    maxAstNodes: limits.expression.nodesMax,
    maxDepth: limits.expression.depthMax,
    maxListElements: 1_000,
    maxMapEntries: 100,
  },
})
  .registerVariable("alert", "map")
  .registerVariable("integration", "map")
  .registerVariable("service", "string")
  .registerVariable("now", "google.protobuf.Timestamp")
  .registerFunction("num(dyn): double", (value: unknown) => toNumber(value))
  .registerFunction("string.re2matches(string): bool", (text: string, pattern: string) =>
    patternOf(pattern).matcher(text).find(),
  );

function toNumber(value: unknown): number {
  const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
  if (Number.isNaN(number)) throw new Error(`num(): ${JSON.stringify(value)} is no number`);
  return number;
}

const patterns = new Map<string, RE2JS>();

function patternOf(pattern: string): RE2JS {
  const known = patterns.get(pattern);
  if (known) return known;
  if (pattern.length > limits.expression.patternCharsMax)
    throw new Error(`a pattern has at most ${limits.expression.patternCharsMax} characters`);
  const made = RE2JS.compile(pattern);
  if (patterns.size >= limits.expression.patternsKept) patterns.clear();
  patterns.set(pattern, made);
  return made;
}

/** Compiles and type-checks; an error tells the line and column (from 1) in the text as it was written. */
export function compileExpression(text: string): Compiled {
  if (text.length > limits.expression.charsMax)
    return failure(`an expression has at most ${limits.expression.charsMax} characters`, text, 0);
  try {
    const ast = environment.parse(text).ast;
    makeMatchesSafe(ast);
    const run = environment.parse(serialize(ast));
    const check = run.check();
    if (!check.valid) return failure(firstLine(check.error?.message ?? "does not type-check"), text, positionOf(check.error));
    return { ok: true, program: { text, run: (context) => run(context) } };
  } catch (error) {
    return failure(
      firstLine(error instanceof Error ? error.message : String(error)),
      text,
      error instanceof ParseError ? positionOf(error) : 0,
    );
  }
}

const compiled = new Map<string, Compiled>();

/** compileExpression, remembered by its text. */
export function programFor(text: string): Compiled {
  const known = compiled.get(text);
  if (known) return known;
  const made = compileExpression(text);
  if (compiled.size >= limits.expression.programsKept) compiled.clear();
  compiled.set(text, made);
  return made;
}

/** Runs the program over one alert. Never throws: an error is a reason. */
export function evaluate(program: Program, scope: Scope): Evaluated {
  const { alert, integration, service, now } = scope;
  try {
    const value = program.run({
      alert: {
        dedupKey: alert.dedupKey,
        action: alert.action,
        severity: alert.severity,
        title: alert.title,
        body: alert.body,
        labels: readingBlank(alert.labels),
        source: alert.source,
        test: alert.test,
      },
      integration: { ...integration },
      service,
      now: new Date(now),
    });
    return { ok: true, value };
  } catch (error) {
    return { ok: false, reason: firstLine(error instanceof Error ? error.message : String(error)) };
  }
}

/** A map in which what is missing reads as "". */
function readingBlank(labels: Readonly<Record<string, string>>): Map<string, string> {
  const map = new Map(Object.entries(labels));
  map.get = (key) => Map.prototype.get.call(map, key) ?? "";
  return map;
}

/** Renames every call of `matches` to ours and compiles literal patterns now, so that a bad one is refused at save. */
function makeMatchesSafe(node: unknown): void {
  if (Array.isArray(node)) return node.forEach(makeMatchesSafe);
  if (typeof node !== "object" || node === null || !("op" in node) || !("args" in node)) return;
  const call = node as { op: string; args: unknown };
  if ((call.op === "rcall" || call.op === "call") && Array.isArray(call.args) && call.args[0] === "matches") {
    call.args[0] = "re2matches";
    for (const argument of [call.args[2]].flat() as { op?: string; args?: unknown }[]) {
      if (argument?.op === "value" && typeof argument.args === "string") patternOf(argument.args);
    }
  }
  makeMatchesSafe(call.args);
}

function positionOf(error: unknown): number {
  const node =
    typeof error === "object" && error !== null && "node" in error ? (error as { node?: { pos?: number } }).node : undefined;
  return node?.pos ?? 0;
}

function failure(message: string, text: string, position: number): Compiled {
  const before = text.slice(0, position).split("\n");
  return { ok: false, message, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? message).slice(0, 300);
}
