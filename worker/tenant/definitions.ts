// Owns the stored form of a tenant: the document's own words, with secrets replaced by their sealed values. Turning it into
// rows and back is all that happens here.

import { kinds, type Kind, type Origin } from "../store/kinds.ts";
import type { StoredObject, StoredTenant } from "../store/tenant.ts";
import type { CalendarSource, Override } from "../core/oncall/schedule.ts";
import type { TenantDocument } from "./document.ts";
import type { Own } from "./own.ts";
import type { ScheduleHistory } from "./schedule-history.ts";

export { kinds as definitionKinds, type Kind } from "../store/kinds.ts";

/** A secret at rest: sealed value and a keyed fingerprint that tells whether a new one is the same. */
export interface SealedSecret {
  readonly sealed: string;
  readonly print: string;
}

/** A key that was rotated out and is accepted until then, epoch ms. */
export interface RetiredKey {
  readonly hash: string;
  readonly until: number;
}

/** A secret that was rotated out: what it proves is taken until then, epoch ms. */
export interface RetiredSecret extends SealedSecret {
  readonly until: number;
}

/** One upload that passed the kit. */
export interface OwnPluginVersion {
  readonly version: number;
  /** The name of its texts in the store. */
  readonly upload: string;
  /** SHA-256 of the code that runs, hex. */
  readonly hash: string;
  readonly language: "typescript" | "javascript";
  readonly note: string;
  readonly by: string;
  /** Epoch ms. */
  readonly at: number;
}

/** Fields of a kind whose stored form is not the written one. */
interface Stored {
  /** `contacts` and `notify` as they are in force; `own`: what of it the person made, over what the document says. */
  readonly users: Section<"users"> & { readonly own?: Own };
  readonly integrations: Omit<Section<"integrations">, "key" | "secret"> & {
    readonly keyHash: string;
    readonly retiredKey?: RetiredKey;
    readonly retiredSecret?: RetiredSecret;
    readonly secret: SealedSecret | null;
  };
  readonly connectors: Omit<Section<"connectors">, "secrets"> & {
    readonly secrets: Readonly<Record<string, SealedSecret>>;
  };
  /** Registered by their owners; `id` is "user/device". */
  readonly devices: {
    readonly id: string;
    readonly user: string;
    readonly device: string;
    readonly label: string;
    /** The browser and system it said it is, as words. */
    readonly agent: string;
    /** Epoch ms. */
    readonly registeredAt: number;
    readonly subscription: SealedSecret;
    /** Since when and why it cannot be reached any more; null: it can. */
    readonly gone: { readonly at: number; readonly reason: string } | null;
  };
  /** Written by the tenant, uploaded at run time; the texts are worker/store/own-plugins.ts's. */
  readonly ownPlugins: {
    readonly id: string;
    readonly name: string;
    /** Switched off: what comes in by it is unreadable, and says so. */
    readonly off: boolean;
    /** The version that runs where an integration pins none; null: none is in use yet. */
    readonly active: number | null;
    /** The oldest first; never empty. */
    readonly versions: readonly OwnPluginVersion[];
  };
  readonly heartbeats: Omit<Section<"heartbeats">, "key"> & { readonly keyHash: string };
  readonly schedules: Section<"schedules"> & { readonly history?: ScheduleHistory | undefined };
  /** Made at run time; `id` is "schedule/override", as a schedule's overrides have names of their own. */
  readonly overrides: { readonly id: string; readonly schedule: string; readonly override: Override };
  /** The last good copy of an imported calendar; `id` is its schedule's, or "hours/ID" of the hours whose holidays it names. */
  readonly calendars: CalendarSource & { readonly id: string; readonly holidays?: readonly string[] };
  readonly notifiers: Omit<Section<"notifiers">, "secrets"> & {
    readonly secrets: Readonly<Record<string, SealedSecret>>;
  };
}

type Section<K> = K extends keyof TenantDocument
  ? NonNullable<TenantDocument[K]> extends readonly (infer Item)[]
    ? Item
    : never
  : // A kind that the document does not have yet has a table and nothing in it.
    { readonly id: string };

export type DefinitionOf<K extends Kind> = K extends keyof Stored ? Stored[K] : Section<K>;
export type UserDefinition = DefinitionOf<"users">;
export type IntegrationDefinition = DefinitionOf<"integrations">;
export type DeviceDefinition = DefinitionOf<"devices">;
export type OwnPluginDefinition = DefinitionOf<"ownPlugins">;
export type NotifierDefinition = DefinitionOf<"notifiers">;

/** What is set once for the whole tenant. */
export type Settings = Omit<TenantDocument, "tenant" | Kind>;

export type Lists = { readonly [K in Kind]: readonly DefinitionOf<K>[] };

export interface Definitions extends Lists {
  readonly settings: Settings;
  /** A route has grouped at some time: open alerts may still be in groups (sticky). */
  readonly grouped: boolean;
  /** Ids of objects that people made at run time, by kind: no document removes them unless it is told to. */
  readonly runtime: Readonly<Partial<Record<Kind, readonly string[]>>>;
}

export const noLists: Lists = Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as Lists;
export const noDefinitions: Definitions = { settings: {}, grouped: false, runtime: {}, ...noLists };

/** Not part of the document: no key of it begins with an underscore. */
const groupedKey = "_grouped";

export function originOf(all: Definitions, kind: Kind, id: string): Origin {
  return all.runtime[kind]?.includes(id) ? "runtime" : "document";
}

/** `before`: what is stored now; whoever keeps their place in the order keeps their position, so that few rows change. */
export function toStored(tenant: string, version: number, all: Definitions, before: StoredTenant | null = null): StoredTenant {
  const objects = kinds.flatMap((kind) => {
    const positions = positionsFor(kind, all[kind], before);
    return all[kind].map((body, i): StoredObject => ({
      kind,
      id: body.id,
      position: positions[i] ?? i,
      origin: originOf(all, kind, body.id),
      body: { ...body },
    }));
  });
  return { tenant, version, row: { ...all.settings, ...(all.grouped ? { [groupedKey]: true } : {}) }, objects };
}

/** Rising, and each the old one wherever that still rises. */
function positionsFor(kind: Kind, list: readonly { readonly id: string }[], before: StoredTenant | null): number[] {
  const old = new Map(before?.objects.filter((each) => each.kind === kind).map((each) => [each.id, each.position]));
  let last = -1;
  return list.map(({ id }) => {
    const was = old.get(id);
    last = was !== undefined && was > last ? was : last + 1;
    return last;
  });
}

/** The rows were written by toStored: their shape is ours. */
export function fromStored(stored: StoredTenant): Definitions {
  const { [groupedKey]: grouped, ...settings } = stored.row;
  const lists = Object.fromEntries(
    kinds.map((kind) => [
      kind,
      stored.objects
        .filter((object) => object.kind === kind)
        .toSorted((a, b) => a.position - b.position)
        .map((object) => object.body),
    ]),
  ) as unknown as Lists;
  const runtime: Partial<Record<Kind, string[]>> = {};
  for (const { kind, id, origin } of stored.objects) if (origin === "runtime") (runtime[kind] ??= []).push(id);
  return { settings, grouped: grouped === true, runtime, ...lists };
}
