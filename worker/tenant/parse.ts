// Owns turning text into a tenant document: YAML 1.2 core (dates stay strings) or JSON, every error with its place and, for an
// unknown key, the nearest known one. All or nothing.

import { isScalar, LineCounter, parseDocument as parseYaml, type Document } from "yaml";
import type * as z from "zod";
import { limits } from "../core/limits.ts";
import type { Told } from "../core/page.ts";
import { nearestOf } from "../lib/nearest.ts";
import { toldOfIssue } from "./issue-told.ts";
import { keysAt } from "./schema-keys.ts";
import { tenantDocument, type TenantDocument } from "./document.ts";

export interface DocumentError {
  /** `policies[0].steps[1].escalateAfter`; "" for the whole. */
  readonly path: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  readonly nearest?: string;
  /** The same as data. */
  readonly told?: Told;
}

export type ParsedDocument =
  | {
      readonly ok: true;
      readonly document: TenantDocument;
      readonly given: Readonly<Record<string, unknown>>;
      readonly placeOf: PlaceOf;
    }
  | { readonly ok: false; readonly errors: readonly DocumentError[] };

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where a path stands in the document; with `inside`, a place within the text that stands there. */
export type PlaceOf = (path: readonly PropertyKey[], inside?: Place) => Place | null;

const { documentBytesMax: bytesMax, errorsMax } = limits.api;

export function parseDocument(text: string, _contentType: string): ParsedDocument {
  if (text.length > bytesMax) return wrong("the document is longer than 2 MB: split the tenant or ask why");
  const counter = new LineCounter();
  // JSON is YAML: one parser gives one kind of error with line and column.
  const yaml = parseYaml(text, { version: "1.2", schema: "core", lineCounter: counter, uniqueKeys: true, strict: true });
  const placeOf: PlaceOf = (path, inside) => placeIn(yaml, { counter, text }, path, inside);
  if (yaml.errors.length > 0) {
    return {
      ok: false,
      errors: yaml.errors.slice(0, errorsMax).map((error) => ({
        path: "",
        line: error.linePos?.[0].line ?? null,
        column: error.linePos?.[0].col ?? null,
        message: (error.message.split("\n")[0] ?? "").replace(/ at line.*$/, ""),
      })),
    };
  }
  let given: unknown;
  try {
    given = yaml.toJS({ maxAliasCount: 100 });
  } catch {
    return wrong("too many YAML aliases");
  }
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return wrong("the document is a map that begins with `tenant:`");
  return readDocument(given as Record<string, unknown>, placeOf);
}

/** What was read as a tenant document, or every error with its place. */
export function readDocument(given: Readonly<Record<string, unknown>>, placeOf: PlaceOf): ParsedDocument {
  const parsed = tenantDocument.safeParse(given);
  if (parsed.success) return { ok: true, document: parsed.data, given, placeOf };
  return { ok: false, errors: parsed.error.issues.flatMap((issue) => errorsOf(issue, placeOf)).slice(0, errorsMax) };
}

function wrong(message: string): ParsedDocument {
  return { ok: false, errors: [{ path: "", line: null, column: null, message }] };
}

interface Source {
  readonly counter: LineCounter;
  readonly text: string;
}

function placeIn(yaml: Document, source: Source, path: readonly PropertyKey[], inside?: Place): Place | null {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? yaml.contents : yaml.getIn(path.slice(0, length), true);
    const range =
      typeof node === "object" && node !== null && "range" in node
        ? (node as { range?: [number, number, number] }).range
        : undefined;
    if (range) {
      const value = length === path.length && isScalar(node) && typeof node.value === "string" ? node.value : null;
      const [from, to] = range;
      const exact =
        value === null || inside === undefined ? from : offsetInside(source.text.slice(from, to), from, value, inside);
      const at = source.counter.linePos(exact);
      return { line: at.line, column: at.col };
    }
  }
  return null;
}

/**
 * The place of a scalar's character in the document. The value is followed through its written form: quotes, escapes, folded
 * lines and a block's header and indentation are passed over.
 */
function offsetInside(written: string, start: number, value: string, { line, column }: Place): number {
  const lines = value.split("\n");
  const target = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  const block = written.startsWith("|") || written.startsWith(">");
  let at = block ? written.indexOf("\n") + 1 : /^["']/.test(written) ? 1 : 0;
  for (let i = 0; i <= target && at < written.length; i++) {
    const wanted = value[i];
    if (wanted !== "\n" || block) while (/\s/.test(written[at] ?? "") && written[at] !== wanted) at++;
    if (i === target) break;
    if (written[at] === "\\" && written.startsWith('"')) at += 2;
    else if (written.startsWith("''", at) && written.startsWith("'")) at += 2;
    else at++;
  }
  return start + at;
}

export function pathText(path: readonly PropertyKey[]): string {
  return path.map((part, i) => (typeof part === "number" ? `[${part}]` : `${i === 0 ? "" : "."}${String(part)}`)).join("");
}

/** An error at a path, with its place in the text. */
export function errorAt(
  placeOf: PlaceOf,
  path: readonly PropertyKey[],
  message: string,
  nearest?: string,
  inside?: Place,
): DocumentError {
  const place = placeOf(path, inside);
  return {
    path: pathText(path),
    line: place?.line ?? null,
    column: place?.column ?? null,
    message,
    ...(nearest === undefined ? {} : { nearest }),
  };
}

function errorsOf(issue: z.core.$ZodIssue, placeOf: PlaceOf): DocumentError[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(key, issue.path, placeOf));
  }
  if (issue.code === "invalid_union") return [unionError(issue, placeOf)];
  const hint = /expected string, received number/.test(issue.message) ? " (write it in quotes)" : "";
  return [{ ...errorAt(placeOf, issue.path, `${issue.message.replace(/^Invalid input: /, "")}${hint}`), ...toldOfIssue(issue) }];
}

function unknownKey(key: string, path: readonly PropertyKey[], placeOf: PlaceOf): DocumentError {
  const where = [...path, key];
  const nearest = nearestOf(key, keysAt(tenantDocument, path));
  const error = errorAt(
    placeOf,
    where,
    `there is no key \`${key}\` here${nearest === null ? "" : `, did you mean \`${nearest}\`?`}`,
    nearest ?? undefined,
  );
  return { ...error, told: { code: "schema-keys", keys: [key], nearest } };
}

/** Of several shapes that do not fit, the one that came closest speaks. */
function unionError(issue: Extract<z.core.$ZodIssue, { code: "invalid_union" }>, placeOf: PlaceOf): DocumentError {
  const shapes = issue.path.includes("notify")
    ? "{ user }, { user, contact }, { team }, { team, strategy }, { schedule }, { schedule, who }, { policy } or { owner: service }"
    : issue.path.some((part) => part === "secrets" || part === "key" || part === "secret")
      ? '{ env: NAME } or { value: "…" }'
      : "one of the known shapes";
  return errorAt(placeOf, issue.path, `this must be ${shapes}`);
}
