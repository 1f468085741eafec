// Owns changing one object of a tenant: what the change makes of the present definitions, in paths relative to the object.
// Checking, saving and putting in force are apply.ts's, the same as for a whole document.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { canonicalJson } from "../lib/canonical-json.ts";
import { mergePatch } from "../lib/merge-patch.ts";
import { changeTenant, objectAt, otherTenants, type Plan } from "./apply.ts";
import type { Finding } from "./check.ts";
import { noDefinitions, type Definitions, type Kind, type UserDefinition } from "./definitions.ts";
import type { TenantDocument } from "./document.ts";
import { writtenOne } from "./export.ts";
import { ownedBy } from "./own.ts";
import { pathText, readDocument } from "./parse.ts";
import type { Told } from "../core/page.ts";
import { groups } from "./plan.ts";
import { sealDocument, type Issued } from "./secrets.ts";

type Named = { readonly id: string };

export interface ObjectError {
  /** Inside the object: `contacts[0].via`; "" for the whole. */
  readonly path: string;
  readonly message: string;
  readonly nearest?: string;
  /** The same as data. */
  readonly told?: Told;
}

/** Who names an object that is to go. */
export interface Use {
  readonly kind: string;
  readonly id: string;
  readonly path: string;
  readonly message: string;
}

export type Edit =
  /** `before`: whose place a new one takes, where order means something; absent: the last. */
  | { readonly verb: "create"; readonly given: Readonly<Record<string, unknown>>; readonly before?: string | undefined }
  | { readonly verb: "replace"; readonly given: Readonly<Record<string, unknown>> }
  /** From the object as the document writes it. */
  | { readonly verb: "patch"; patch(words: Named): unknown }
  | { readonly verb: "delete" }
  /** Made from what is stored, by something else than a body. */
  | { readonly verb: "rewrite"; rewrite(present: Named): Named; readonly issued?: Issued };

export interface ObjectInput {
  readonly tenant: string;
  readonly kind: Kind;
  readonly id: string;
  readonly edit: Edit;
  /** Tags of the object as the caller saw it, one of which it must still have; null: does not care. */
  readonly ifMatch: readonly string[] | null;
  /** A new one is kept whatever a document says. */
  readonly runtime: boolean;
  readonly actor: string;
  readonly action: string;
}

export type ObjectStop =
  | { readonly kind: "absent" }
  | { readonly kind: "exists" }
  | { readonly kind: "moved"; readonly etag: string }
  | { readonly kind: "invalid"; readonly errors: readonly ObjectError[] };

export type ObjectResult =
  | ObjectStop
  | { readonly kind: "busy" }
  | { readonly kind: "used"; readonly by: readonly Use[] }
  | {
      readonly kind: "done";
      /** As stored; null: deleted. */
      readonly object: Named | null;
      readonly inForce: boolean;
      readonly version: number;
      readonly issued: readonly Issued[];
      readonly warnings: readonly ObjectError[];
    };

/** Changes with every change of the object's content, its secrets included. */
export function etagOf(object: Named): string {
  return `"${bytesToHex(sha256(new TextEncoder().encode(canonicalJson(object)))).slice(0, 24)}"`;
}

export async function changeObject(env: Env, input: ObjectInput, now: number): Promise<ObjectResult> {
  const { tenant, kind, id, actor, action, edit } = input;
  const plan = async (present: Definitions | null): Promise<Plan<ObjectStop>> =>
    present === null ? { stop: { kind: "absent" } } : planObject(env, input, present);
  const result = await changeTenant(env, { tenant, actor, action, dryRun: false, again: true, tolerant: true, plan }, now);
  switch (result.kind) {
    case "stopped":
      return result.stop;
    case "moved":
      return { kind: "busy" };
    case "invalid":
      return refused(input, result.findings, result.next);
    case "changed": {
      const { next, inForce, version, issued } = result;
      const index = next[kind].findIndex((each) => each.id === id);
      const warnings = result.warnings.filter(({ path }) => path[0] === kind && path[1] === index).map(relative);
      const object = edit.verb === "delete" ? null : (next[kind][index] ?? null);
      return { kind: "done", object, inForce, version, issued, warnings };
    }
  }
}

/** What is wrong inside the object is the caller's to mend; what is wrong elsewhere names what was changed or taken away. */
function refused({ kind, id, edit }: ObjectInput, findings: readonly Finding[], next: Definitions): ObjectResult {
  const index = next[kind].findIndex((each) => each.id === id);
  const mine = findings.filter(({ path }) => edit.verb !== "delete" && path[0] === kind && (path[1] === index || index === -1));
  if (mine.length > 0) return { kind: "invalid", errors: mine.map(relative) };
  return {
    kind: "used",
    by: findings.map(({ path, message }): Use => {
      const object = objectAt(next, path[0], path[1]);
      return object === undefined
        ? { kind: "tenant", id: String(path[0] ?? ""), path: pathText(path), message }
        : { kind: String(path[0]), id: object.id, path: pathText(path.slice(2)), message };
    }),
  };
}

function relative({ path, message, nearest, told }: Finding): ObjectError {
  return { path: pathText(path.slice(2)), message, ...(nearest === undefined ? {} : { nearest }), ...(told && { told }) };
}

async function planObject(env: Env, input: ObjectInput, all: Definitions): Promise<Plan<ObjectStop>> {
  const { kind, id, edit, ifMatch } = input;
  const list: readonly Named[] = all[kind];
  const present = list.find((each) => each.id === id);
  if (edit.verb === "create") {
    if (present !== undefined) return { stop: { kind: "exists" } };
    const { before } = edit;
    if (before !== undefined && !list.some((each) => each.id === before))
      return {
        stop: { kind: "invalid", errors: [{ path: "before", message: `there is none called ${before} to stand before` }] },
      };
    return planned(input, all, await read(env, input, all, edit.given, undefined));
  }
  if (present === undefined) return { stop: { kind: "absent" } };
  if (ifMatch !== null && !ifMatch.includes(etagOf(present))) return { stop: { kind: "moved", etag: etagOf(present) } };
  switch (edit.verb) {
    case "delete":
      return { next: without(all, kind, id), issued: [], errors: [] };
    case "rewrite":
      return { next: replaced(all, kind, edit.rewrite(present)), issued: edit.issued ? [edit.issued] : [], errors: [] };
    case "replace":
      return planned(input, all, await read(env, input, all, keepingSecrets(edit.given, writtenOne(kind, present)), present));
    case "patch": {
      const patched = edit.patch(writtenOne(kind, present));
      return planned(input, all, await read(env, input, all, patched as Record<string, unknown>, present));
    }
  }
}

type Read =
  | { readonly ok: true; readonly object: Named; readonly issued: readonly Issued[]; readonly errors: readonly Finding[] }
  | { readonly ok: false; readonly errors: readonly ObjectError[] };

/** The object as the document would hold it alone, read and sealed by the document's own rules. */
async function read(
  env: Env,
  { tenant, kind, id }: ObjectInput,
  all: Definitions,
  given: Readonly<Record<string, unknown>>,
  present: Named | undefined,
): Promise<Read> {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return { ok: false, errors: [{ path: "", message: "the object is a JSON object" }] };
  if (given["id"] !== undefined && given["id"] !== id)
    return { ok: false, errors: [{ path: "id", message: `the address says ${id}: an id does not change; make a new one` }] };
  const parsed = readDocument({ tenant, [kind]: [{ ...given, id }] }, () => null);
  if (!parsed.ok) return { ok: false, errors: parsed.errors.map((error) => inside(kind, error)) };
  const sealed = await sealDocument(env, parsed.document, all, await otherTenants(env, tenant));
  const made = sealed.definitions[kind][0];
  if (made === undefined) return { ok: false, errors: [{ path: "", message: `there are no ${kind} here` }] };
  const object =
    kind === "users" && present !== undefined
      ? ownedBy(made as NonNullable<TenantDocument["users"]>[number], present as UserDefinition)
      : made;
  return { ok: true, object, issued: sealed.issued, errors: sealed.errors };
}

function inside(kind: Kind, { path, message, nearest, told }: ObjectError): ObjectError {
  const bare = path.replace(`${kind}[0]`, "").replace(/^\./, "");
  return { path: bare, message, ...(nearest === undefined ? {} : { nearest }), ...(told && { told }) };
}

function planned({ kind, id, runtime, edit }: ObjectInput, all: Definitions, made: Read): Plan<ObjectStop> {
  if (!made.ok) return { stop: { kind: "invalid", errors: made.errors } };
  // Sealing knows the object as the only one of its list; in the tenant it stands elsewhere.
  if (made.errors.length > 0) return { stop: { kind: "invalid", errors: made.errors.map(relative) } };
  const next = replaced(all, kind, made.object, edit.verb === "create" ? edit.before : undefined);
  const kept = runtime && edit.verb === "create" ? { ...all.runtime, [kind]: [...(all.runtime[kind] ?? []), id] } : all.runtime;
  return { next: { ...next, runtime: kept }, issued: made.issued, errors: [] };
}

export type ReorderResult =
  | { readonly kind: "absent" }
  | { readonly kind: "busy" }
  | { readonly kind: "invalid"; readonly message: string }
  | { readonly kind: "moved"; readonly etag: string }
  | { readonly kind: "done"; readonly ids: readonly string[]; readonly inForce: boolean; readonly version: number };

/** Changes with every change of the order. */
export function orderTag(ids: readonly string[]): string {
  return etagOf({ id: ids.join(",") });
}

/** Routes are tried in this order from now on. Every one is named: what somebody added meanwhile would else lose its place. */
export async function reorderRoutes(
  env: Env,
  {
    tenant,
    ids,
    ifMatch,
    actor,
  }: {
    readonly tenant: string;
    readonly ids: readonly string[];
    /** Tags of the order as the caller saw it; null: does not care. */
    readonly ifMatch: readonly string[] | null;
    readonly actor: string;
  },
  now: number,
): Promise<ReorderResult> {
  const plan = async (
    present: Definitions | null,
  ): Promise<Plan<Extract<ReorderResult, { kind: "absent" | "invalid" | "moved" }>>> => {
    if (present === null) return { stop: { kind: "absent" } };
    const etag = orderTag(present.routes.map((route) => route.id));
    if (ifMatch !== null && !ifMatch.includes(etag)) return { stop: { kind: "moved", etag } };
    const problem = orderProblem(
      ids,
      present.routes.map((route) => route.id),
    );
    if (problem !== null) return { stop: { kind: "invalid", message: problem } };
    const routes = present.routes.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
    return { next: { ...present, routes }, issued: [], errors: [] };
  };
  const how = { tenant, actor, action: "routes.order", dryRun: false, again: true, tolerant: true, plan };
  const result = await changeTenant(env, how, now);
  if (result.kind === "stopped") return result.stop;
  if (result.kind === "changed") return { ...result, kind: "done", ids };
  // An order breaks nothing that was whole.
  return { kind: "busy" };
}

function orderProblem(ids: readonly string[], present: readonly string[]): string | null {
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) return `${twice} is named twice`;
  const unknown = ids.filter((id) => !present.includes(id));
  if (unknown.length > 0) return `no route is called ${unknown.join(", ")}`;
  const missing = present.filter((id) => !ids.includes(id));
  return missing.length === 0 ? null : `${missing.join(", ")} is missing: name every route`;
}

function replaced(all: Definitions, kind: Kind, object: Named, before?: string): Definitions {
  const list: readonly Named[] = all[kind];
  const there = list.some((each) => each.id === object.id);
  const at = before === undefined ? list.length : list.findIndex((each) => each.id === before);
  const next = there ? list.map((each) => (each.id === object.id ? object : each)) : list.toSpliced(at, 0, object);
  return withList(all, kind, next);
}

function without(all: Definitions, kind: Kind, id: string): Definitions {
  const list: readonly Named[] = all[kind];
  const runtime = { ...all.runtime, [kind]: (all.runtime[kind] ?? []).filter((each) => each !== id) };
  return {
    ...withList(
      all,
      kind,
      list.filter((each) => each.id !== id),
    ),
    runtime,
  };
}

/** The lists hold what the document's own schema read, or what was stored: the kind says which. */
export function withList(all: Definitions, kind: Kind, list: readonly Named[]): Definitions {
  const next: Definitions = { ...noDefinitions, ...all, [kind]: list };
  return { ...next, grouped: next.grouped || next.routes.some(groups) };
}

/** RFC 7396, with a secret for one value: a new one takes the place of the marker that stands for the old. */
export function patchWords(words: object, patch: unknown): unknown {
  return withoutMarkers(mergePatch(words, patch));
}

function withoutMarkers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarkers);
  if (!isObject(value)) return value;
  const { sealed, ...rest } = value;
  if (sealed === true && ("env" in rest || "value" in rest)) return rest;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutMarkers(each)]));
}

const marker = canonicalJson({ sealed: true });

/** A secret that a replacement leaves out stays; one that it sets to null goes. Another plugin's secrets are not kept. */
function keepingSecrets(given: Readonly<Record<string, unknown>>, present: object): Record<string, unknown> {
  const was = present as Readonly<Record<string, unknown>>;
  const merged = new Map(Object.entries(given));
  if (given["plugin"] !== undefined && given["plugin"] !== was["plugin"]) return { ...given };
  for (const [key, value] of Object.entries(was)) {
    const now = merged.get(key);
    if (canonicalJson(value) === marker) {
      if (now === undefined) merged.set(key, value);
      else if (now === null) merged.delete(key);
    } else if (key === "secrets" && isObject(value) && (now === undefined || isObject(now))) {
      merged.set(key, keepingSecrets(now ?? {}, value));
    }
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
