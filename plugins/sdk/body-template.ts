// Owns Liquid templates over a received body, in a box: nothing of files, no including or rendering of others, no clock, no chance,
// only filters that compute, and every step, copy and output counted against the body's budget.

import { Context, Liquid, type Template } from "liquidjs";
import { limits } from "../../worker/core/limits.ts";
import type { BodyScope } from "./body-expression.ts";
import { charge, stepsOf, TooCostlyError, type Budget } from "./budget.ts";

/** `strict`: a name that leads nowhere is an error, not an empty text. */
export type BodyText = (scope: BodyScope, budget: Budget, strict?: boolean) => string;
export type CompiledTemplate =
  | { readonly ok: true; readonly run: BodyText }
  | { readonly ok: false; readonly message: string; readonly line: number; readonly column: number };

const bound = limits.mapping;

/** A text with these marks is a template; without them it is an expression. */
export function isTemplate(text: string): boolean {
  return text.includes("{{") || text.includes("{%");
}

const tags = new Set(["assign", "break", "capture", "case", "comment", "continue", "echo", "for", "if", "raw", "unless", "#"]);
const filters =
  "abs append at_least at_most capitalize ceil compact concat date default divided_by downcase escape first floor join json last lstrip map minus modulo newline_to_br plus prepend remove remove_first remove_last replace replace_first replace_last reverse round rstrip size slice sort sort_natural split strip strip_html strip_newlines sum times truncate truncatewords uniq upcase url_decode url_encode where".split(
    " ",
  );

const nowhere = {
  exists: async () => false,
  existsSync: () => false,
  readFile: () => Promise.reject(new Error("there are no files")),
  readFileSync: (): string => {
    throw new Error("there are no files");
  },
  resolve: () => "",
  contains: async () => false,
  containsSync: () => false,
};

function boxed(): Liquid {
  const engine = new Liquid({
    fs: nowhere,
    templates: {},
    relativeReference: false,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    timezoneOffset: 0,
    parseLimit: bound.charsMax,
    outputEscape: (value: unknown) => printed(value),
  });
  for (const name of Object.keys(engine.tags)) if (!tags.has(name)) delete engine.tags[name];
  for (const name of Object.keys(engine.filters)) if (!filters.includes(name)) delete engine.filters[name];
  const date = engine.filters["date"];
  if (typeof date !== "function") throw new Error("this liquidjs has no date filter");
  engine.registerFilter("date", function (value: unknown, ...rest: unknown[]): unknown {
    if (typeof value === "string" && /^\s*(now|today)\s*$/i.test(value))
      throw new Error("there is no present in a body: give a time of it to `date`");
    return (date as (this: unknown, ...args: unknown[]) => unknown).call(this, value, ...rest);
  });
  return engine;
}

const engine = boxed();

/** The budget of the template that runs at this moment: the engine gives its outputs no place to look for it. */
let spending: Budget = { left: 0 };

function printed(value: unknown): string {
  const text =
    value === null || value === undefined
      ? ""
      : typeof value === "string"
        ? value
        : typeof value === "number" || typeof value === "boolean"
          ? String(value)
          : (JSON.stringify(value) ?? "");
  // Writing an object out anew costs more than a text that is there.
  charge(spending, typeof value === "object" ? text.length : stepsOf(text));
  return text;
}

function compile(text: string): CompiledTemplate {
  let parsed: Template[];
  try {
    parsed = engine.parse(text);
  } catch (error) {
    return { ok: false, ...placeOf(error) };
  }
  return {
    ok: true,
    run(scope, budget, strict = false) {
      const context = new Context({ ...scope }, engine.options, { sync: true, strictVariables: strict });
      // The engine's own limits are in milliseconds and characters of one rendering; these are of the whole body.
      const step = (steps: number): void => charge(budget, steps);
      Object.assign(context, {
        renderLimit: { check: () => step(20), use: () => step(20) },
        memoryLimit: { check: () => step(1), use: (size: number) => step(1 + (Math.max(0, size) >> 4)) },
      });
      spending = budget;
      try {
        // Synchronous, without a `keepOutputType`: a text.
        return String(engine.renderSync(parsed, context)).slice(0, bound.textCharsMax);
      } catch (error) {
        if (budget.left < 0) throw new TooCostlyError();
        throw new Error(placeOf(error).message, { cause: error });
      }
    },
  };
}

const kept = new Map<string, CompiledTemplate>();

/** Compiled, remembered by its text. Running it throws an Error that says why it could not be worked out. */
export function bodyTemplate(text: string): CompiledTemplate {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const made = compile(text);
  if (kept.size >= bound.programsKept) kept.clear();
  kept.set(text, made);
  return made;
}

/** The engine writes the place behind its words: `undefined filter: foo, line:1, col:3`. */
function placeOf(error: unknown): { readonly message: string; readonly line: number; readonly column: number } {
  const words = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
  const place = /, line:(\d+)(?:, col:(\d+))?/.exec(words);
  return {
    message: words.replace(/,( file:[^,]*,)? line:\d+.*$/, "").slice(0, 300),
    line: Number(place?.[1] ?? 1),
    column: Number(place?.[2] ?? 1),
  };
}
