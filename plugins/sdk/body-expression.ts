// Owns CEL over a received body: `body`, `item` (one of the list, or the body itself), `index` and `headers`. A path that ends early
// is null, a header that is missing is "", whole numbers are ints, and `+` joins or adds whatever it is given. Compiled once per
// text, unable to hang: each step that can repeat is counted, `matches` runs on re2js as in routes (worker/core/expression.ts).

import { Environment, ParseError, serialize, type ASTNode } from "@marcbachmann/cel-js";
import { limits } from "../../worker/core/limits.ts";
import { linearPattern } from "../../worker/core/linear-pattern.ts";
import { charge, stepsOf, type Budget } from "./budget.ts";
import { present } from "./text.ts";

/** What an expression or a template looks at. Frozen JSON. */
export interface BodyScope {
  readonly body: unknown;
  readonly item: unknown;
  /** Place of the item in its list. */
  readonly index: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export type BodyProgram = (scope: BodyScope, budget: Budget) => unknown;
export type CompiledBody =
  | { readonly ok: true; readonly run: BodyProgram }
  | { readonly ok: false; readonly message: string; readonly line: number; readonly column: number };

const bound = limits.mapping;
/** The budget of the program that runs at this moment: functions of the library are given their arguments only. */
let spending: Budget = { left: 0 };

const environment = new Environment({
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: bound.nodesMax, maxDepth: 50, maxListElements: 200, maxMapEntries: 100 },
})
  .registerVariable("body", "dyn")
  .registerVariable("item", "dyn")
  .registerVariable("index", "int")
  .registerVariable("headers", "map")
  .registerFunction("num(dyn): double", (value: unknown) => toNumber(value))
  .registerFunction("text(dyn): string", (value: unknown) => present(valueOf(value)) ?? "")
  // The rest is written by `safely` below, and by nobody else.
  .registerFunction("__at(dyn, dyn): dyn", (value: unknown, key: unknown) => reach(value, key))
  .registerFunction("__add(dyn, dyn): dyn", (a: unknown, b: unknown) => add(a, b))
  .registerFunction("__each(dyn, int): dyn", (value: unknown, weight: bigint) => each(value, Number(weight)))
  .registerFunction("__string(dyn): dyn", (value: unknown) => (value === null || value === undefined ? "" : value))
  .registerFunction("string.__matches(string): bool", (text: string, pattern: string) => {
    charge(spending, text.length >> 2);
    return linearPattern(pattern).matcher(text).find();
  });

/** `written` beside `run`: errors have their places in what the author wrote. */
function compile(text: string): CompiledBody {
  if (text.length > bound.charsMax) return failure(`at most ${bound.charsMax} characters`, text, 0);
  try {
    const written = environment.parse(text);
    const check = written.check();
    if (!check.valid) return failure(firstLine(check.error?.message ?? "does not type-check"), text, positionOf(check.error));
    const refused = refusal(written.ast);
    if (refused !== null) return failure(refused.message, text, refused.position);
    const weight = safely(written.ast);
    const program = environment.parse(serialize(written.ast));
    return {
      ok: true,
      run(scope, budget) {
        spending = budget;
        charge(budget, weight);
        return valueOf(
          program({
            body: scope.body,
            item: scope.item,
            index: BigInt(scope.index),
            headers: headersOf(scope.headers),
          }) as unknown,
        );
      },
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return failure(firstLine(message), text, error instanceof ParseError ? positionOf(error) : 0);
  }
}

const kept = new Map<string, CompiledBody>();

/** Compiled and checked, remembered by its text. Running it throws an Error that says why it could not be worked out. */
export function bodyExpression(text: string): CompiledBody {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const made = compile(text);
  if (kept.size >= bound.programsKept) kept.clear();
  kept.set(text, made);
  return made;
}

const quantifiers = new Set(["all", "exists", "exists_one", "map", "filter"]);
const texts = new Set(["contains", "startsWith", "endsWith", "matches", "size", "lowerAscii", "upperAscii", "trim", "split"]);

interface Refused {
  readonly message: string;
  readonly position: number;
}

/** What could not be bounded, and patterns that do not compile: told at save. */
function refusal(node: unknown): Refused | null {
  if (Array.isArray(node)) return node.map(refusal).find((each) => each !== null) ?? null;
  if (!isNode(node)) return null;
  const args = Array.isArray(node.args) ? (node.args as unknown[]) : [];
  const position = (node as { pos?: number }).pos ?? 0;
  const [name] = args;
  if (node.op === "call" || node.op === "rcall") {
    if (typeof name === "string" && name.startsWith("__")) return { message: `${name} is no function`, position };
    if (node.op === "rcall" && name === "bind") return { message: "cel.bind() is not to be had here", position };
    if (name === "matches")
      for (const argument of [args[2]].flat()) {
        if (!isNode(argument) || argument.op !== "value" || typeof argument.args !== "string") continue;
        try {
          linearPattern(argument.args);
        } catch (error) {
          return { message: firstLine(error instanceof Error ? error.message : String(error)), position };
        }
      }
  }
  return refusal(node.args);
}

/** Rewrites every step that could fail on a missing value, or repeat, into a call of ours. The number of nodes below. */
function safely(node: unknown): number {
  if (Array.isArray(node)) return node.reduce((sum: number, each) => sum + safely(each), 0);
  if (!isNode(node)) return 0;
  const call = node as { op: string; args: unknown };
  const args = Array.isArray(call.args) ? (call.args as unknown[]) : [];
  if (call.op === "call" && args[0] === "has") {
    // Whether it is there at all: has(item.a.b) is item.a.b != null.
    const asked = (args[1] as unknown[])[0];
    const below = safely(asked);
    call.op = "!=";
    call.args = [asked, { op: "value", args: null }];
    return below + 1;
  }
  const below = safely(call.args) + 1;
  if (call.op === ".") become(call, "__at", [args[0], { op: "value", args: args[1] }]);
  else if (call.op === "[]") become(call, "__at", args);
  else if (call.op === "+") become(call, "__add", args);
  else if (call.op === "in") args[1] = calling("__each", [args[1], { op: "value", args: 1n }]);
  else if (call.op === "rcall" && typeof args[0] === "string") {
    if (quantifiers.has(args[0])) args[1] = calling("__each", [args[1], { op: "value", args: BigInt(below) }]);
    else if (texts.has(args[0])) args[1] = calling("__string", [args[1]]);
    if (args[0] === "matches") args[0] = "__matches";
  }
  return below;
}

function calling(name: string, args: readonly unknown[]): unknown {
  return { op: "call", args: [name, args] };
}

function become(node: { op: string; args: unknown }, name: string, args: readonly unknown[]): void {
  node.op = "call";
  node.args = [name, [...args]];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}

/** Own properties and places in lists; anything else is not there. */
function reach(value: unknown, key: unknown): unknown {
  charge(spending, 1);
  if (value instanceof Map) {
    const found: unknown = value.get(typeof key === "string" ? key.toLowerCase() : key);
    return found ?? "";
  }
  let found: unknown = null;
  if (Array.isArray(value)) found = typeof key === "bigint" || typeof key === "number" ? value[Number(key)] : null;
  else if (typeof value === "object" && value !== null && typeof key === "string" && Object.hasOwn(value, key))
    found = (value as Readonly<Record<string, unknown>>)[key];
  if (typeof found === "string") charge(spending, stepsOf(found));
  return typeof found === "number" && Number.isSafeInteger(found) ? BigInt(found) : (found ?? null);
}

function add(a: unknown, b: unknown): unknown {
  // A key put together of two things that are not there would be the same for every problem.
  if (a === null || b === null) throw new Error("+ has nothing on one of its sides; text(x) reads nothing as an empty text");
  if (typeof a === "string" || typeof b === "string") {
    const joined = `${textOf(a)}${textOf(b)}`;
    charge(spending, stepsOf(joined));
    if (joined.length > bound.textCharsMax) throw new Error(`a text has at most ${bound.textCharsMax} characters`);
    return joined;
  }
  if (typeof a === "bigint" && typeof b === "bigint") return BigInt.asIntN(64, a + b);
  if (isNumber(a) && isNumber(b)) return Number(a) + Number(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    charge(spending, a.length + b.length);
    return [...(a as unknown[]), ...(b as unknown[])];
  }
  throw new Error(`+ joins texts or lists, or adds numbers; here it has ${kindOf(a)} and ${kindOf(b)}`);
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function textOf(value: unknown): string {
  if (typeof value === "string" || isNumber(value) || typeof value === "boolean") return String(value);
  throw new Error(`a text is wanted, here is ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object"
    ? "an object"
    : isNumber(value)
      ? "a number"
      : `a ${typeof value === "string" ? "text" : typeof value}`;
}

/** What a macro goes through; nothing is an empty list. Paid for before: so many elements, so many steps each. */
function each(value: unknown, weight: number): unknown {
  if (value === null || value === undefined) return [];
  if (typeof value === "string") throw new Error("a list is wanted, here is a text");
  const size = Array.isArray(value) ? value.length : typeof value === "object" ? Object.keys(value).length : 0;
  charge(spending, size * weight);
  return value;
}

function toNumber(value: unknown): number {
  const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
  if (value === null || Number.isNaN(number)) throw new Error(`num(): ${kindOf(value)} that is no number`);
  return number;
}

function headersOf(headers: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(headers));
}

/** CEL's values as JSON's: ints become numbers where those hold them exactly, times become RFC 3339. Bounded in size. */
function valueOf(value: unknown): unknown {
  charge(spending, 1);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return value.map(valueOf);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [String(key), valueOf(inner)]));
  if (typeof value === "string") charge(spending, stepsOf(value));
  if (typeof value !== "object" || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, valueOf(inner)]));
}

function positionOf(error: unknown): number {
  const node =
    typeof error === "object" && error !== null && "node" in error ? (error as { node?: { pos?: number } }).node : null;
  return node?.pos ?? 0;
}

function failure(message: string, text: string, position: number): CompiledBody {
  const before = text.slice(0, position).split("\n");
  return { ok: false, message, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? message).slice(0, 300);
}
