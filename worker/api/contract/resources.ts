// Owns the contract of every kind of object as a resource, written once as a table: list, get, create, replace, patch, delete.
// A kind is here as soon as the tenant document has a section for it.

import * as z from "zod";
import type { Role } from "../../core/snapshot.ts";
import { kinds, type DocumentKind } from "../../store/kinds.ts";
import { sections } from "../../tenant/document.ts";
import { list, t, type Endpoint } from "./endpoint.ts";

export interface ResourceKind {
  /** The last part of the address. */
  readonly path: string;
  /** One of them, in the names of operations. */
  readonly one: string;
  readonly read: Role;
  readonly write: Role;
  /** The person it is about may read it whatever their role. */
  readonly self?: true;
  /** What people make by hand here is kept whatever a document says (contract §2). */
  readonly runtime?: true;
}

export const resourceKinds = {
  users: { path: "users", one: "user", read: "responder", write: "admin", self: true },
  teams: { path: "teams", one: "team", read: "stakeholder", write: "manager" },
  schedules: { path: "schedules", one: "schedule", read: "stakeholder", write: "manager" },
  policies: { path: "policies", one: "policy", read: "stakeholder", write: "manager" },
  businessHours: { path: "business-hours", one: "calendar", read: "stakeholder", write: "manager" },
  slas: { path: "slas", one: "sla", read: "stakeholder", write: "manager" },
  services: { path: "services", one: "service", read: "stakeholder", write: "manager" },
  integrations: { path: "integrations", one: "integration", read: "manager", write: "admin" },
  routes: { path: "routes", one: "route", read: "responder", write: "manager" },
  notifiers: { path: "notifiers", one: "notifier", read: "manager", write: "admin" },
  connectors: { path: "connectors", one: "connector", read: "manager", write: "admin" },
  heartbeats: { path: "heartbeats", one: "heartbeat", read: "responder", write: "manager" },
  maintenance: { path: "maintenance", one: "maintenanceWindow", read: "stakeholder", write: "responder", runtime: true },
  silences: { path: "silences", one: "silence", read: "stakeholder", write: "responder", runtime: true },
  lookups: { path: "lookups", one: "lookup", read: "responder", write: "manager" },
} as const satisfies Record<DocumentKind, ResourceKind>;

type Table = typeof resourceKinds;
export type Verb = "list" | "get" | "create" | "replace" | "patch" | "delete";
export type ResourceOperation = {
  [K in keyof Table]: `list${Capitalize<K>}` | `${Exclude<Verb, "list">}${Capitalize<Table[K]["one"]>}`;
}[keyof Table];

export function operationOf(verb: Verb, kind: DocumentKind): ResourceOperation {
  const noun = verb === "list" ? kind : resourceKinds[kind].one;
  return `${verb}${noun.slice(0, 1).toUpperCase()}${noun.slice(1)}` as ResourceOperation;
}

const written = {
  200: "As it is now; ETag of it",
  202: "Saved, not yet in force",
  404: "There is none of this name",
  409: "Something else that names it would break; `usedBy` says what",
  412: "If-Match names another state of it",
  422: "Errors with their path and the nearest known name",
};

/** One object of the kind as the document writes it. */
export function objectSchema(kind: DocumentKind): z.ZodType {
  const section = (sections as Readonly<Partial<Record<DocumentKind, z.ZodOptional<z.ZodArray>>>>)[kind];
  return (section?.unwrap().element ?? z.never()) as z.ZodType;
}

const placed = z.strictObject({
  before: z.string().max(64).optional().describe("The route whose place it takes; absent: it is tried last"),
});

function endpointsOf(kind: DocumentKind): [ResourceOperation, Endpoint][] {
  const { path, one, read, write, self }: ResourceKind = resourceKinds[kind];
  const all = { path: `${t}/${path}`, tenant: true };
  const each = { path: `${t}/${path}/{id}`, tenant: true };
  const describes = objectSchema(kind);
  const endpoint = (verb: Verb, of: Endpoint): [ResourceOperation, Endpoint] => [operationOf(verb, kind), of];
  return [
    endpoint("list", {
      ...all,
      method: "get",
      may: read,
      summary: `List ${path}${kind === "routes" ? ", in the order in which they are tried" : ""}; \`q\` looks in ids and names`,
      query: z.strictObject({ ...list, q: z.string().max(200).optional() }),
      answers: { 200: `{items, next}${kind === "routes" ? "; ETag of the order" : ""}` },
    }),
    endpoint("create", {
      ...all,
      method: "post",
      may: write,
      summary: `Make a ${one}${kind === "integrations" ? "; its key is shown in `issued`, once" : ""}`,
      ...(kind === "routes" ? { query: placed } : {}),
      describes,
      answers: {
        201: "As it is now; ETag of it",
        202: "Saved, not yet in force",
        409: "There is one of this id",
        422: written[422],
      },
    }),
    endpoint("get", {
      ...each,
      method: "get",
      may: read,
      ...(self ? { self: "id" } : {}),
      summary: `One ${one}, as the document would write it`,
      answers: { 200: "The object; ETag of it", 404: written[404] },
    }),
    endpoint("replace", {
      ...each,
      method: "put",
      may: write,
      summary: `Replace a ${one}; a secret that is left out stays`,
      describes,
      answers: written,
    }),
    endpoint("patch", {
      ...each,
      method: "patch",
      may: write,
      summary: `Change parts of a ${one} (JSON Merge Patch, RFC 7396)`,
      describes: z.record(z.string(), z.unknown()),
      answers: written,
    }),
    endpoint("delete", {
      ...each,
      method: "delete",
      may: write,
      summary: `Delete a ${one} that nothing names any more`,
      answers: {
        202: written[202],
        204: "Gone",
        404: written[404],
        409: "It is in use; `usedBy` says by what",
        412: written[412],
      },
    }),
  ];
}

/** The kinds that this version has. */
export const availableKinds: readonly DocumentKind[] = kinds.filter((kind): kind is DocumentKind => kind in sections);

// Written by the table above: the cast says what the loop does.
export const resources = Object.fromEntries(availableKinds.flatMap(endpointsOf)) as unknown as Readonly<
  Record<ResourceOperation, Endpoint>
>;
