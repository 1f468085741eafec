// Owns every kind of object as a resource: one mechanism over the table of kinds. What may be written, and what a change
// means for the rest of the tenant, is worker/tenant's.

import type { UserDefinition, IntegrationDefinition } from "../../tenant/definitions.ts";
import { dbFor } from "../../store/db.ts";
import type { DocumentKind } from "../../store/kinds.ts";
import { loadKind, type StoredObject } from "../../store/tenant.ts";
import { writtenOne } from "../../tenant/export.ts";
import { changeObject, etagOf, orderTag, patchWords, type Edit, type ObjectResult } from "../../tenant/object.ts";
import { limits } from "../../core/limits.ts";
import { principalName } from "../../auth/principal.ts";
import { mayGrant } from "../../auth/roles.ts";
import type { Role } from "../../core/snapshot.ts";
import { ifMatchOf } from "../conditional.ts";
import {
  availableKinds,
  operationOf,
  resourceKinds,
  type ResourceKind,
  type ResourceOperation,
  type Verb,
} from "../contract/resources.ts";
import { ApiError } from "../error.ts";
import { jsonBody, type Call, type Handler } from "../mount.ts";
import { iso, issuedJson } from "../shapes.ts";

type Named = { readonly id: string };
type Done = Extract<ObjectResult, { kind: "done" }>;

function nothingHere(): ApiError {
  return new ApiError("not-found", "there is nothing at this address");
}

/** One object as the document writes it, and what the document does not say under `meta`, which writing ignores. */
export function objectJson(kind: DocumentKind, object: Named, more: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { own } = kind === "users" ? (object as UserDefinition) : {};
  const { retiredKey, retiredSecret } = kind === "integrations" ? (object as IntegrationDefinition) : {};
  const meta = {
    ...more,
    ...(own === undefined ? {} : { own: { contacts: Object.keys(own.contacts ?? {}), rules: own.notify !== undefined } }),
    ...(retiredKey === undefined ? {} : { oldKeyUntil: iso(retiredKey.until) }),
    ...(retiredSecret === undefined ? {} : { oldSecretUntil: iso(retiredSecret.until) }),
  };
  return { ...writtenOne(kind, object), meta };
}

function rowJson(kind: DocumentKind, { body, origin }: StoredObject): Record<string, unknown> {
  return objectJson(kind, body as unknown as Named, { origin, etag: etagOf(body as unknown as Named) });
}

function list(kind: DocumentKind): Handler {
  return async ({ c, env, params, query }) => {
    const rows = await loadKind(dbFor(env, params["tenant"] ?? ""), params["tenant"] ?? "", kind);
    if (rows === null) throw nothingHere();
    const { limit, cursor, q } = query as { limit: number; cursor?: string; q?: string };
    const wanted = rows.filter((row) => q === undefined || matches(row, q.toLowerCase()));
    // Routes come as they are tried; everything else by id, which no edit moves.
    const ordered = kind === "routes" ? wanted : wanted.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const place = (row: StoredObject): string => (kind === "routes" ? String(row.position).padStart(12, "0") : row.id);
    const rest = cursor === undefined ? ordered : ordered.filter((row) => place(row) > cursor);
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    const next = rest.length > limit && last !== undefined ? place(last) : null;
    const headers = kind === "routes" ? { etag: orderTag(rows.map((row) => row.id)) } : {};
    return c.json({ items: page.map((row) => rowJson(kind, row)), next }, 200, headers);
  };
}

function matches({ id, body }: StoredObject, folded: string): boolean {
  const { name, email } = body;
  const texts = [id, name, email].filter((each) => typeof each === "string");
  return texts.some((text) => text.toLowerCase().includes(folded));
}

/** The stored object; 404 where there is none. */
export async function loadObject({ env, params }: Call, kind: DocumentKind): Promise<StoredObject> {
  const tenant = params["tenant"] ?? "";
  const row = (await loadKind(dbFor(env, tenant), tenant, kind))?.find((each) => each.id === params["id"]);
  if (row === undefined) throw nothingHere();
  return row;
}

function get(kind: DocumentKind): Handler {
  return async (call) => {
    const row = await loadObject(call, kind);
    return call.c.json(rowJson(kind, row), 200, { etag: etagOf(row.body as unknown as Named) });
  };
}

export interface Change {
  readonly kind: DocumentKind;
  readonly id: string;
  readonly edit: Edit;
  readonly action: string;
}

/** Makes the change, or says in the API's words why not. */
export async function change(call: Call, { kind, id, edit, action }: Change): Promise<Done> {
  const { c, env, principal, now } = call;
  const { runtime }: ResourceKind = resourceKinds[kind];
  const input = {
    tenant: call.params["tenant"] ?? "",
    kind,
    id,
    edit,
    ifMatch: ifMatchOf(c.req.header("if-match")),
    runtime: runtime ?? false,
    actor: principalName(principal),
    action,
  };
  const result = await changeObject(env, input, now).catch((error: unknown) => {
    if (error instanceof ApiError) throw error;
    console.error("could not change", kind, String(error));
    throw new ApiError("unavailable", "the change could not be stored; nothing changed, try again");
  });
  if (result.kind !== "done") throw refusalOf(result, kind, id);
  return result;
}

function refusalOf(result: Exclude<ObjectResult, Done>, kind: DocumentKind, id: string): ApiError {
  const { one }: ResourceKind = resourceKinds[kind];
  switch (result.kind) {
    case "absent":
      return nothingHere();
    case "exists":
      return new ApiError("conflict", `there is a ${one} called ${id}: choose another id, or change that one`);
    case "moved":
      return new ApiError("precondition-failed", "it was changed since: get it again, and apply your change to that", {
        etag: result.etag,
      });
    case "busy":
      return new ApiError("unavailable", "too many changes of this tenant at once; nothing changed, try again");
    case "used": {
      const users = [...new Set(result.by.map((use) => `${use.kind} ${use.id}`))].slice(0, 10).join(", ");
      return new ApiError("conflict", `nothing was changed: ${users} would break (${result.by[0]?.message ?? ""})`, {
        usedBy: result.by,
      });
    }
    case "invalid": {
      const first = result.errors[0];
      const rest = result.errors.length > 1 ? ` (and ${result.errors.length - 1} more)` : "";
      const errors = result.errors.map((error) => ({ in: "body", ...error }));
      return new ApiError("invalid", `${first?.path ? `${first.path}: ` : ""}${first?.message ?? "not valid"}${rest}`, {
        errors,
      });
    }
  }
}

/** The changed object with its tag; 202 where it is saved and not yet in force. */
export function doneJson(
  { c, env, params }: Call,
  kind: DocumentKind,
  done: Done,
  { created = false, more = {} }: { readonly created?: boolean; readonly more?: Readonly<Record<string, unknown>> } = {},
): Response {
  const { object, inForce, version, warnings, issued } = done;
  const pending = inForce ? {} : { detail: "saved, not yet in force: it will be within a minute or two" };
  if (object === null) return inForce ? c.body(null, 204) : c.json({ meta: { version, inForce }, ...pending }, 202);
  const etag = etagOf(object);
  const address = `/api/v1/tenants/${params["tenant"] ?? ""}/${resourceKinds[kind].path}/${object.id}`;
  const told = issued.map((each) => issuedJson(env, each));
  const body = {
    ...objectJson(kind, object, { version, inForce, etag, warnings }),
    ...(told.length > 0 ? { issued: told } : {}),
    ...more,
    ...pending,
  };
  return c.json(body, inForce ? (created ? 201 : 200) : 202, { etag, ...(created ? { location: address } : {}) });
}

/** The body, without what reading adds and writing ignores. */
export async function givenBody({ c }: Call): Promise<Record<string, unknown>> {
  const given = await jsonBody(c, limits.api.bodyBytesMax);
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new ApiError("invalid", "the body is a JSON object", { errors: [{ in: "body", path: "", message: "a JSON object" }] });
  const { meta: _meta, issued: _issued, ...rest } = given as Record<string, unknown>;
  return rest;
}

/** Nobody makes anybody more than they are themselves, nor changes anybody above them. */
export async function checkRank(call: Call, kind: DocumentKind, given: Readonly<Record<string, unknown>>): Promise<void> {
  if (kind !== "users" || call.principal.kind === "hub-owner") return;
  const rows = await loadKind(dbFor(call.env, call.params["tenant"] ?? ""), call.params["tenant"] ?? "", kind);
  const present = rows?.find((row) => row.id === call.params["id"])?.body["role"];
  for (const role of [given["role"], present])
    if (typeof role === "string" && !mayGrant(call.principal, role as Role))
      throw new ApiError("forbidden", `the role ${role} is above your own: you can neither give it nor change who has it`);
}

function write(kind: DocumentKind, verb: "create" | "replace" | "patch" | "delete"): Handler {
  return async (call) => {
    const action = `${kind}.${verb}`;
    const id = call.params["id"] ?? "";
    const given = verb === "delete" ? {} : await givenBody(call);
    await checkRank(call, kind, given);
    if (verb === "delete") return doneJson(call, kind, await change(call, { kind, id, action, edit: { verb } }));
    if (verb === "patch") {
      const edit: Edit = { verb, patch: (words) => patchWords(words, given) };
      return doneJson(call, kind, await change(call, { kind, id, action, edit }));
    }
    if (verb === "replace") return doneJson(call, kind, await change(call, { kind, id, action, edit: { verb, given } }));
    const own = given["id"];
    if (typeof own !== "string")
      throw new ApiError("invalid", "id: every object has an id, chosen by you", {
        errors: [{ in: "body", path: "id", message: "every object has an id, chosen by you" }],
      });
    const before = call.query["before"] as string | undefined;
    return doneJson(call, kind, await change(call, { kind, id: own, action, edit: { verb, given, before } }), { created: true });
  };
}

const verbs = ["list", "get", "create", "replace", "patch", "delete"] as const;

function handlerOf(verb: Verb, kind: DocumentKind): Handler {
  if (verb === "list") return list(kind);
  return verb === "get" ? get(kind) : write(kind, verb);
}

// One loop makes them all: the cast says what it does.
export const resourceHandlers = Object.fromEntries(
  availableKinds.flatMap((kind) => verbs.map((verb) => [operationOf(verb, kind), handlerOf(verb, kind)])),
) as unknown as Readonly<Record<ResourceOperation, Handler>>;
