// Owns the names an expression may use and what it makes of them: fields there are none of, texts compared with a field, what
// it reads. Looks at the text as it was written; the library knows an alert only as a map and lets every field pass.

import type { ASTNode } from "@marcbachmann/cel-js";
import { parsedExpression, type SubjectKind } from "./expression.ts";

export type FieldType = "string" | "bool" | "labels" | "timestamp" | "list";

type Fields = Readonly<Record<string, FieldType>>;

const alert: Fields = {
  severity: "string",
  title: "string",
  body: "string",
  labels: "labels",
  source: "string",
  dedupKey: "string",
  action: "string",
  test: "bool",
  links: "list",
  sourceAt: "timestamp",
};
const integration: Fields = { id: "string", name: "string", source: "string" };
const incident: Fields = {
  severity: "string",
  urgency: "string",
  status: "string",
  title: "string",
  body: "string",
  labels: "labels",
  source: "string",
  service: "string",
  policy: "string",
  integration: "string",
  acknowledgedBy: "string",
  openedAt: "timestamp",
  id: "string",
  test: "bool",
};

/** What stands at the front of a path, and its fields; null: it is a value itself. `hour` and `weekday` need an alert. */
export const namesOf: Readonly<Record<SubjectKind, Readonly<Record<string, Fields | null>>>> = {
  alert: { alert, integration, service: null, now: null, hour: null, weekday: null },
  incident: { incident, service: null, now: null, hour: null, weekday: null },
  opening: { alert, integration, incident, service: null, now: null, hour: null, weekday: null },
};

/** Characters of the text, from 0; `to` is the first behind. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A path that leads nowhere. */
export interface Stray extends Span {
  readonly root: string;
  readonly name: string;
  /** The value the name would be part of: `alert.labels.app`; null: the root has no such field. */
  readonly below: string | null;
  /** Fields there are; empty where a value has none. */
  readonly known: readonly string[];
}

/** A field and a text it is compared with by ==, != or in. */
export interface Compared extends Span {
  readonly path: string;
  readonly text: string;
}

export interface NamesUsed {
  readonly strays: readonly Stray[];
  readonly compared: readonly Compared[];
  /** Calendars named by a text in within(). */
  readonly calendars: readonly (Span & { readonly id: string })[];
  /** Every field and label it reads, as one writes them, in the order of the text. */
  readonly reads: readonly string[];
}

const nothing: NamesUsed = { strays: [], compared: [], calendars: [], reads: [] };

/** Empty for a text that cannot be parsed: that is an error of its own. */
export function namesUsed(text: string, over: SubjectKind): NamesUsed {
  const parsed = parsedExpression(text);
  if (parsed === null) return nothing;
  const found = new Finder(text, namesOf[over]);
  found.visit(parsed, new Set());
  return {
    strays: found.strays,
    compared: found.compared,
    calendars: found.calendars,
    reads: [...new Set(found.reads)],
  };
}

const macros = new Set(["all", "exists", "exists_one", "map", "filter"]);

class Finder {
  readonly strays: Stray[] = [];
  readonly compared: Compared[] = [];
  readonly calendars: (Span & { id: string })[] = [];
  readonly reads: string[] = [];
  private readonly text: string;
  private readonly roots: Readonly<Record<string, Fields | null>>;

  constructor(text: string, roots: Readonly<Record<string, Fields | null>>) {
    this.text = text;
    this.roots = roots;
  }

  /** `bound`: names that a macro around it took for its own. */
  visit(node: unknown, bound: ReadonlySet<string>): void {
    if (Array.isArray(node)) return node.forEach((each) => this.visit(each, bound));
    if (!isNode(node)) return;
    const path = pathOf(node);
    if (path !== null && !bound.has(path[0]?.name ?? "")) return this.path(node, path);
    if (node.op === "==" || node.op === "!=" || node.op === "in") this.comparison(node, bound);
    if (node.op === "call" && node.args[0] === "within") this.calendar(node.args[1][0]);
    this.visit(node.args, node.op === "rcall" ? taken(node, bound) : bound);
  }

  private path(node: ASTNode, path: readonly Part[]): void {
    const [root, field, below] = path;
    if (root === undefined || !Object.hasOwn(this.roots, root.name)) return;
    const fields = this.roots[root.name] ?? null;
    const type = fields === null ? "string" : field === undefined ? null : fields[field.name];
    if (field !== undefined && fields !== null && type === undefined)
      this.strays.push({ ...spanOf(field), root: root.name, name: field.name, below: null, known: Object.keys(fields) });
    else {
      const last = fields === null ? field : type === "labels" ? path[3] : type === "list" ? undefined : below;
      if (last === undefined) this.reads.push(this.text.slice(node.start, node.end));
      else {
        const value = path.slice(0, path.indexOf(last));
        const name = this.text.slice(last.from, path.at(-1)?.to ?? last.to);
        this.strays.push({ ...spanOf(last), root: root.name, name, below: value.map((part) => part.name).join("."), known: [] });
      }
    }
  }

  private comparison(node: ASTNode, bound: ReadonlySet<string>): void {
    const [left, right] = node.args as [ASTNode, ASTNode];
    for (const [side, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const path = pathOf(side);
      if (path === null || bound.has(path[0]?.name ?? "")) continue;
      for (const each of other.op === "list" ? other.args : [other])
        if (each.op === "value" && typeof each.args === "string")
          this.compared.push({ path: path.map((part) => part.name).join("."), text: each.args, from: each.start, to: each.end });
    }
  }

  private calendar(node: ASTNode | undefined): void {
    if (node?.op === "value" && typeof node.args === "string")
      this.calendars.push({ id: node.args, from: node.start, to: node.end });
  }
}

/** The variable of `list.exists(x, …)` is its own, whatever else is called that. */
function taken(node: ASTNode & { readonly op: "rcall" }, bound: ReadonlySet<string>): ReadonlySet<string> {
  const [name, , args] = node.args;
  const variable = args[0];
  return macros.has(name) && variable?.op === "id" ? new Set([...bound, variable.args]) : bound;
}

interface Part extends Span {
  readonly name: string;
}

function spanOf({ from, to }: Span): Span {
  return { from, to };
}

/** `alert.labels["x"]` as its parts; null where it is no path of names. */
function pathOf(node: ASTNode): Part[] | null {
  if (node.op === "id") return [{ name: node.args, from: node.start, to: node.end }];
  if (node.op !== "." && node.op !== ".?" && node.op !== "[]" && node.op !== "[?]") return null;
  const [of, key] = node.args;
  const before = pathOf(of);
  if (before === null) return null;
  if (typeof key === "string") return [...before, { name: key, from: node.pos, to: node.end }];
  return key.op === "value" && typeof key.args === "string"
    ? [...before, { name: key.args, from: key.start, to: key.end }]
    : null;
}

function isNode(node: unknown): node is ASTNode {
  return typeof node === "object" && node !== null && "op" in node && "args" in node;
}
