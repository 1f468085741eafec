// Owns how a document's secrets become sealed values: from the hub's variable TOCSIN_ENV_{TENANT}_{NAME} and no other, or as
// written. The same secret again is no change. Integration keys are kept as hashes only.

import { connectors, sources } from "../../plugins/registry.gen.ts";
import type { SourceManifest } from "../../plugins/sdk/index.ts";
import { fingerprint, seal } from "../security/seal.ts";
import { keyHash } from "../objects/key-cache.ts";
import type { Finding } from "./check.ts";
import {
  definitionKinds,
  noDefinitions,
  type DefinitionOf,
  type Definitions,
  type Lists,
  type IntegrationDefinition,
  type NotifierDefinition,
  type SealedSecret,
} from "./definitions.ts";
import type { TenantDocument } from "./document.ts";
import type { Secret } from "./document-parts.ts";

export interface Issued {
  readonly kind: "integrations" | "heartbeats" | "connectors";
  readonly id: string;
  readonly key: string;
  /** Where senders made for the source's product send to. */
  readonly addresses?: NonNullable<SourceManifest["addresses"]>;
  /** The key is also the first part of a mail address. */
  readonly takesMail?: boolean;
}

export interface Sealing {
  readonly definitions: Definitions;
  readonly issued: readonly Issued[];
  readonly errors: readonly Finding[];
}

interface Context {
  readonly env: Env;
  readonly tenant: string;
  readonly present: Definitions;
  /** Ids of the hub's other tenants. */
  readonly others: readonly string[];
  readonly errors: Finding[];
  readonly issued: Issued[];
}

/** The document as definitions: every secret sealed at its place, every integration with its key's hash. */
export async function sealDocument(
  env: Env,
  document: TenantDocument,
  present: Definitions,
  others: readonly string[],
): Promise<Sealing> {
  const context: Context = { env, tenant: document.tenant, present, others, errors: [], issued: [] };
  const { tenant: _tenant, ...rest } = document;
  const isKind = (key: string): boolean => definitionKinds.some((kind) => kind === key);
  const settings = Object.fromEntries(Object.entries(rest).filter(([key]) => !isKind(key)));
  const lists = Object.fromEntries(Object.entries(rest).filter(([key]) => isKind(key)));
  const definitions: Definitions = {
    ...noDefinitions,
    ...(lists as Partial<Lists>),
    settings,
    integrations: await Promise.all((document.integrations ?? []).map((each, i) => sealIntegration(context, each, i))),
    heartbeats: (document.heartbeats ?? []).map((each, i) => withKey(context, each, i)),
    notifiers: await Promise.all((document.notifiers ?? []).map((each, i) => sealNotifier(context, each, i))),
    connectors: await Promise.all((document.connectors ?? []).map((each, i) => sealConnector(context, each, i))),
  };
  return { definitions, issued: context.issued, errors: context.errors };
}

/** Where an integration's secret stands; the one before it as well, so that a rotation moves no ciphertext to another place. */
export function secretPlace(tenant: string, integration: string): string {
  return `${tenant}/integrations/${integration}/secret`;
}

async function sealIntegration(
  context: Context,
  given: NonNullable<TenantDocument["integrations"]>[number],
  i: number,
): Promise<IntegrationDefinition> {
  const { key, secret, ...rest } = given;
  const present = context.present.integrations.find((each) => each.id === given.id);
  const at = ["integrations", i] as const;
  const sealed =
    secret === undefined
      ? null
      : await sealOne(context, secret, present?.secret ?? null, `integrations/${given.id}/secret`, [...at, "secret"]);
  const hash = keyOf(context, { kind: "integrations", id: given.id, source: given.source }, key, present?.keyHash ?? null, [
    ...at,
    "key",
  ]);
  // A rotated key's or secret's overlap goes on as long as the new one is what it was.
  const retired = present?.retiredKey !== undefined && present.keyHash === hash ? { retiredKey: present.retiredKey } : {};
  const old = present?.retiredSecret;
  const retiredSecret = old !== undefined && sealed?.print === present?.secret?.print ? { retiredSecret: old } : {};
  return { ...rest, keyHash: hash, ...retired, secret: sealed, ...retiredSecret };
}

function withKey(
  context: Context,
  { key, ...rest }: NonNullable<TenantDocument["heartbeats"]>[number],
  i: number,
): DefinitionOf<"heartbeats"> {
  const present = context.present.heartbeats.find((each) => each.id === rest.id);
  return {
    ...rest,
    keyHash: keyOf(context, { kind: "heartbeats", id: rest.id }, key, present?.keyHash ?? null, ["heartbeats", i, "key"]),
  };
}

function keyOf(
  context: Context,
  { source, ...of }: Pick<Issued, "kind" | "id"> & { readonly source?: string },
  key: Secret | undefined,
  present: string | null,
  path: Finding["path"],
): string {
  if (key !== undefined && !("sealed" in key)) {
    const plain = plainOf(context, key, path);
    if (plain !== null && plain.length < 16)
      context.errors.push({ path, message: "a key has at least 16 characters: it is all that keeps strangers out" });
    return keyHash(plain ?? "");
  }
  if (present !== null) return present;
  if (key !== undefined) context.errors.push({ path, message: "nothing is kept here yet: leave `key` out to have one made" });
  const made = source === undefined ? newKey() : newKeyFor(source);
  context.issued.push({ ...of, key: made, ...(source === undefined ? {} : addressesOf(source)) });
  return keyHash(made);
}

const keyAlphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** In the form that senders made for the source's product expect; 122 random bits at least. */
export function newKeyFor(source: string): string {
  switch (sources[source]?.manifest.keyForm) {
    case "hex32":
      return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    case "uuid":
      return crypto.randomUUID();
    case undefined:
      return newKey();
  }
}

export function addressesOf(source: string): Pick<Issued, "addresses" | "takesMail"> {
  const { addresses, takesMail = false } = sources[source]?.manifest ?? {};
  return { ...(addresses === undefined ? {} : { addresses }), ...(takesMail ? { takesMail } : {}) };
}

/** 160 random bits. */
export function newKey(): string {
  return `tk_${Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => keyAlphabet[byte & 31]).join("")}`;
}

async function sealNotifier(
  context: Context,
  given: NonNullable<TenantDocument["notifiers"]>[number],
  i: number,
): Promise<NotifierDefinition> {
  const present = context.present.notifiers.find((each) => each.id === given.id);
  return { ...given, secrets: await sealAll(context, given.secrets, present?.secrets ?? {}, ["notifiers", given.id, i]) };
}

/** A signing key that nobody gave is made, once, and shown with the answer. */
async function sealConnector(
  context: Context,
  given: NonNullable<TenantDocument["connectors"]>[number],
  i: number,
): Promise<DefinitionOf<"connectors">> {
  const before = context.present.connectors.find((each) => each.id === given.id);
  const present = before?.plugin === given.plugin ? before.secrets : {};
  const secrets = { ...(await sealAll(context, given.secrets, present, ["connectors", given.id, i])) };
  for (const field of Object.keys(connectors[given.plugin]?.manifest.generates ?? {})) {
    if (given.secrets[field] !== undefined) continue;
    const key = newSigningKey();
    const made = present[field] ?? (await sealOne(context, { value: key }, null, `connectors/${given.id}/${field}`, []));
    if (made !== null) secrets[field] = made;
    if (present[field] === undefined) context.issued.push({ kind: "connectors", id: given.id, key });
  }
  return { ...given, secrets };
}

/** Standard Webhooks: 256 random bits. */
function newSigningKey(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;
}

async function sealAll(
  context: Context,
  given: Readonly<Record<string, Secret>>,
  present: Readonly<Record<string, SealedSecret>>,
  [kind, id, i]: readonly [string, string, number],
): Promise<Record<string, SealedSecret>> {
  const secrets: Record<string, SealedSecret> = {};
  for (const [field, secret] of Object.entries(given)) {
    const sealed = await sealOne(context, secret, present[field] ?? null, `${kind}/${id}/${field}`, [kind, i, "secrets", field]);
    if (sealed !== null) secrets[field] = sealed;
  }
  return secrets;
}

async function sealOne(
  context: Context,
  secret: Secret,
  present: SealedSecret | null,
  name: string,
  path: Finding["path"],
): Promise<SealedSecret | null> {
  if ("sealed" in secret) {
    if (present === null)
      context.errors.push({ path, message: 'nothing is kept here yet: give { env: NAME } or { value: "…" }' });
    return present;
  }
  const plain = plainOf(context, secret, path);
  if (plain === null) return null;
  return sealAt(context.env, `${context.tenant}/${name}`, plain, present);
}

/** The text sealed for its place; the present one where it is the same secret. */
export async function sealAt(env: Env, place: string, plain: string, present: SealedSecret | null): Promise<SealedSecret> {
  const print = await fingerprint(env, place, plain);
  return present?.print === print ? present : { sealed: await seal(env, place, plain), print };
}

function plainOf(
  { env, tenant, others, errors }: Context,
  secret: { readonly env: string } | { readonly value: string },
  path: Finding["path"],
): string | null {
  if ("value" in secret) return secret.value;
  const name = variableOf(tenant, secret.env);
  // acme's PROD_X and acme-prod's X would be one variable: it is the tenant's with the longest id, and nobody else's.
  const owner = others.find((other) => other.length > tenant.length && name.startsWith(variableOf(other, "")));
  if (owner !== undefined) {
    errors.push({ path: [...path, "env"], message: `the variable ${name} is tenant ${owner}'s: choose another name` });
    return null;
  }
  // Bindings are not all text; only a text under exactly this name is ever read.
  const value = (env as unknown as Record<string, unknown>)[name];
  if (typeof value === "string" && value !== "") return value;
  errors.push({
    path: [...path, "env"],
    message: `the hub has no variable ${name}: set it where the hub runs, then apply again`,
  });
  return null;
}

/** The one variable a tenant's document can name. */
export function variableOf(tenant: string, name: string): string {
  return `TOCSIN_ENV_${tenant.toUpperCase().replaceAll("-", "_")}_${name}`;
}
