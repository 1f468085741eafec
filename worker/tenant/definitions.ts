// Owns the stored form of a tenant: the document's own words, with secrets replaced by their sealed values. Turning it into
// rows and back is all that happens here.

import type { StoredObject, StoredTenant } from "../store/tenant.ts";
import type { TenantDocument } from "./document.ts";

/** A secret at rest: sealed value and a keyed fingerprint that tells whether a new one is the same. */
export interface SealedSecret {
  readonly sealed: string;
  readonly print: string;
}

type Section<K extends Kinds> = NonNullable<TenantDocument[K]>[number];

export type UserDefinition = Section<"users">;
export type IntegrationDefinition = Omit<Section<"integrations">, "key" | "secret"> & {
  readonly keyHash: string;
  readonly secret: SealedSecret | null;
};
export type NotifierDefinition = Omit<Section<"notifiers">, "secrets"> & {
  readonly secrets: Readonly<Record<string, SealedSecret>>;
};

/** What is set once for the whole tenant. */
export type Settings = Omit<TenantDocument, "tenant" | Kinds>;
type Kinds = "users" | "teams" | "policies" | "services" | "integrations" | "routes" | "notifiers";

export interface Definitions {
  readonly settings: Settings;
  /** A route has grouped at some time: open alerts may still be in groups (sticky). */
  readonly grouped: boolean;
  readonly users: readonly UserDefinition[];
  readonly teams: readonly Section<"teams">[];
  readonly policies: readonly Section<"policies">[];
  readonly services: readonly Section<"services">[];
  readonly integrations: readonly IntegrationDefinition[];
  readonly routes: readonly Section<"routes">[];
  readonly notifiers: readonly NotifierDefinition[];
}

export const noDefinitions: Definitions = {
  settings: {},
  grouped: false,
  users: [],
  teams: [],
  policies: [],
  services: [],
  integrations: [],
  routes: [],
  notifiers: [],
};

export const definitionKinds = ["users", "teams", "policies", "services", "integrations", "routes", "notifiers"] as const;

/** Not part of the document: no key of it begins with an underscore. */
const groupedKey = "_grouped";

export function toStored(tenant: string, version: number, all: Definitions): StoredTenant {
  const objects = definitionKinds.flatMap((kind) =>
    all[kind].map((body, position): StoredObject => ({ kind, id: body.id, position, body: { ...body } })),
  );
  return { tenant, version, row: { ...all.settings, ...(all.grouped ? { [groupedKey]: true } : {}) }, objects };
}

/** The rows were written by toStored: their shape is ours. */
export function fromStored(stored: StoredTenant): Definitions {
  const of = <T>(kind: string): T[] =>
    stored.objects
      .filter((object) => object.kind === kind)
      .toSorted((a, b) => a.position - b.position)
      .map((object) => object.body as T);
  const { [groupedKey]: grouped, ...settings } = stored.row;
  return {
    settings: settings,
    grouped: grouped === true,
    users: of("users"),
    teams: of("teams"),
    policies: of("policies"),
    services: of("services"),
    integrations: of("integrations"),
    routes: of("routes"),
    notifiers: of("notifiers"),
  };
}
