// Owns what is proposed while one types the tenant's document: keys and values of its schema, and the ids that are there.

import type { Proposal, Proposals } from "../../design/editor/proposals.ts";
import { yamlPlace } from "./yaml-place.ts";

/** What of JSON Schema is looked at. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: string | number | boolean | null;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

/** Ids by the key that names them: `service`, `policy`, `user` … */
export type Ids = Readonly<Record<string, readonly string[]>>;

/** Null: nothing to propose here. */
export function yamlProposals(schema: SchemaNode, ids: Ids, text: string, pos: number, explicit: boolean): Proposals | null {
  const { path, at, typed } = yamlPlace(text, pos);
  if (!explicit && typed === "" && at === "key") return null;
  const from = pos - typed.length;
  const found = path.reduce<readonly SchemaNode[]>((nodes, part) => nodes.flatMap((node) => inner(node, part)), shapes(schema));
  if (at === "key") {
    if (!/^[\w-]*$/.test(typed)) return null;
    const keys = new Map(found.flatMap((node) => Object.entries(node.properties ?? {})));
    return offered(
      from,
      [...keys].map(([key, node]) => ({ label: key, apply: `${key}: `, detail: detailOf(node) })),
    );
  }
  if (!/^[\w-]*$/.test(typed)) return null;
  const name = path.findLast((part) => part !== 0) ?? "";
  const values = found.flatMap(valuesOf);
  const named = ids[name] ?? [];
  return offered(
    from,
    [...new Set([...values, ...named])].map((label) => ({ label })),
  );
}

function offered(from: number, options: readonly Proposal[]): Proposals | null {
  return options.length === 0 ? null : { from, options };
}

/** The node and, of several shapes that fit, each. */
function shapes(node: SchemaNode): readonly SchemaNode[] {
  const either = node.anyOf ?? node.oneOf;
  return either === undefined ? [node] : either.flatMap(shapes);
}

function inner(node: SchemaNode, part: string | 0): readonly SchemaNode[] {
  const next =
    part === 0
      ? node.items
      : (node.properties?.[part] ?? (typeof node.additionalProperties === "object" ? node.additionalProperties : undefined));
  return next === undefined ? [] : shapes(next);
}

function valuesOf(node: SchemaNode): readonly string[] {
  if (node.enum !== undefined) return node.enum.map(String);
  if (node.const !== undefined) return [String(node.const)];
  return node.type === "boolean" ? ["true", "false"] : [];
}

function detailOf(node: SchemaNode): string {
  const [shape] = shapes(node);
  const text = node.description ?? shape?.description ?? (shape === undefined ? "" : String(shape.type ?? ""));
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
