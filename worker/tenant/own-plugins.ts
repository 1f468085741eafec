// Owns changing the plugins that a tenant wrote itself: a new version, which one is in use, off and on, gone. Their texts lie in
// the store and their code with the Directory before a version names them; the version comes into force with the definitions, so
// that a rollback is exact and stands in the audit log.

import { sources } from "../../plugins/registry.gen.ts";
import { limits } from "../core/limits.ts";
import { callObject } from "../objects/call.ts";
import { directoryStub } from "../objects/places.ts";
import { dbFor } from "../store/db.ts";
import { addUpload, keepUploads, type OwnUpload } from "../store/own-plugins.ts";
import { changeTenant, type Plan } from "./apply.ts";
import { ownPluginUse, usesOf } from "./check-own-plugins.ts";
import type { Definitions, OwnPluginDefinition, OwnPluginVersion } from "./definitions.ts";

const bound = limits.ownPlugins;

export interface OwnInput {
  readonly tenant: string;
  readonly id: string;
  readonly actor: string;
}

type Stop =
  | { readonly kind: "absent" }
  | { readonly kind: "full"; readonly message: string }
  | { readonly kind: "used"; readonly by: readonly string[] }
  | { readonly kind: "no-version"; readonly has: readonly number[] };

export type OwnResult =
  | Stop
  | { readonly kind: "busy" }
  | { readonly kind: "invalid"; readonly message: string }
  | {
      readonly kind: "done";
      /** Null: it is gone. */
      readonly plugin: OwnPluginDefinition | null;
      readonly usedBy: readonly string[];
      readonly inForce: boolean;
    };

export function runsOwnCode(source: string): boolean {
  return Object.hasOwn(sources, source) && sources[source]?.manifest.ownCode === true;
}

/** The integrations that run this plugin. */
export function usedBy(all: Definitions, id: string): readonly string[] {
  return usesOf(all, id, runsOwnCode);
}

export interface UploadInput extends OwnInput {
  /** What people call it; null: as it was, or by its id. */
  readonly name: string | null;
  readonly language: OwnPluginVersion["language"];
  readonly note: string;
  readonly activate: boolean;
  readonly jurisdiction: string | null;
  readonly texts: Omit<OwnUpload, "upload" | "at">;
}

/** A new version of it, or a new plugin. The texts are there first: a version without its code must not be. */
export async function uploadOwn(env: Env, input: UploadInput, now: number): Promise<OwnResult> {
  const { tenant, id, actor, texts, activate, name, language, note } = input;
  const db = dbFor(env, tenant);
  const upload = crypto.randomUUID();
  const plan = async (present: Definitions | null): Promise<Plan<Stop>> => {
    if (present === null) return { stop: { kind: "absent" } };
    const old = present.ownPlugins.find((each) => each.id === id);
    if (old === undefined && present.ownPlugins.length >= bound.perTenantMax)
      return { stop: { kind: "full", message: `a tenant has at most ${bound.perTenantMax} plugins of its own: delete one` } };
    const version = (old?.versions.at(-1)?.version ?? 0) + 1;
    const made: OwnPluginVersion = { version, upload, hash: texts.hash, language, note, by: actor, at: now };
    const versions = kept(present, id, [...(old?.versions ?? []), made], old?.active ?? null);
    if (versions === null)
      return { stop: { kind: "full", message: `all ${bound.versionsMax} versions are in use: let integrations go of some` } };
    const active = activate ? version : (old?.active ?? null);
    const plugin: OwnPluginDefinition = { id, name: name ?? old?.name ?? id, off: old?.off ?? false, active, versions };
    return { next: withPlugin(present, plugin), issued: [], errors: [] };
  };
  await addUpload(db, tenant, id, { ...texts, upload, at: now });
  await callObject(() => directoryStub(env, tenant, input.jurisdiction).putOwnCode(texts.hash, texts.code), bound.askMs);
  const result = await changed(env, input, "ownPlugins.upload", plan, now);
  if (result.kind === "done" && result.plugin !== null) await tidy(env, input, result.plugin, now);
  return result;
}

/** The newest ones; what is in use or pinned stays, however old. Null: there is none to let go. */
function kept(
  all: Definitions,
  id: string,
  versions: readonly OwnPluginVersion[],
  active: number | null,
): readonly OwnPluginVersion[] | null {
  if (versions.length <= bound.versionsMax) return versions;
  const pinned = new Set(
    all.integrations.flatMap(({ source, config }) => {
      const use = runsOwnCode(source) ? ownPluginUse(config) : null;
      return use?.plugin === id && use.version !== null ? [use.version] : [];
    }),
  );
  const goes = versions.slice(0, -1).find(({ version }) => version !== active && !pinned.has(version));
  return goes === undefined ? null : versions.filter((each) => each !== goes);
}

/** Beside the change, which stands: what stays behind is found the next time. */
async function tidy(env: Env, { tenant, id }: OwnInput, plugin: OwnPluginDefinition | null, now: number): Promise<void> {
  const named = plugin?.versions.map((each) => each.upload) ?? [];
  await keepUploads(dbFor(env, tenant), tenant, id, { named, before: now - bound.graceMs }).catch((error: unknown) =>
    console.warn("old texts of a plugin could not be taken away", tenant, id, String(error)),
  );
}

/** This version runs from now on where an integration pins none: the way forward and the way back. */
export async function activateOwn(env: Env, input: OwnInput & { readonly version: number }, now: number): Promise<OwnResult> {
  return rewritten(env, input, "ownPlugins.activate", now, (plugin) =>
    plugin.versions.some((each) => each.version === input.version)
      ? { ...plugin, active: input.version }
      : { kind: "no-version", has: plugin.versions.map((each) => each.version) },
  );
}

export async function switchOwn(env: Env, input: OwnInput & { readonly off: boolean }, now: number): Promise<OwnResult> {
  const action = input.off ? "ownPlugins.switchOff" : "ownPlugins.switchOn";
  return rewritten(env, input, action, now, (plugin) => ({ ...plugin, off: input.off }));
}

export async function renameOwn(env: Env, input: OwnInput & { readonly name: string }, now: number): Promise<OwnResult> {
  return rewritten(env, input, "ownPlugins.rename", now, (plugin) => ({ ...plugin, name: input.name }));
}

export async function deleteOwn(env: Env, input: OwnInput, now: number): Promise<OwnResult> {
  const plan = async (present: Definitions | null): Promise<Plan<Stop>> => {
    if (present === null || !present.ownPlugins.some((each) => each.id === input.id)) return { stop: { kind: "absent" } };
    const by = usedBy(present, input.id);
    if (by.length > 0) return { stop: { kind: "used", by } };
    const ownPlugins = present.ownPlugins.filter((each) => each.id !== input.id);
    return { next: withRuntime({ ...present, ownPlugins }), issued: [], errors: [] };
  };
  const result = await changed(env, input, "ownPlugins.delete", plan, now);
  if (result.kind === "done") await tidy(env, input, null, now + bound.graceMs + 1);
  return result;
}

async function rewritten(
  env: Env,
  input: OwnInput,
  action: string,
  now: number,
  rewrite: (present: OwnPluginDefinition) => OwnPluginDefinition | Stop,
): Promise<OwnResult> {
  const plan = async (present: Definitions | null): Promise<Plan<Stop>> => {
    const old = present?.ownPlugins.find((each) => each.id === input.id);
    if (present === null || old === undefined) return { stop: { kind: "absent" } };
    const made = rewrite(old);
    return "kind" in made ? { stop: made } : { next: withPlugin(present, made), issued: [], errors: [] };
  };
  return changed(env, input, action, plan, now);
}

async function changed(
  env: Env,
  { tenant, id, actor }: OwnInput,
  action: string,
  plan: (present: Definitions | null) => Promise<Plan<Stop>>,
  now: number,
): Promise<OwnResult> {
  const result = await changeTenant(env, { tenant, actor, action, dryRun: false, again: true, tolerant: true, plan }, now);
  if (result.kind === "stopped") return result.stop;
  if (result.kind === "moved") return { kind: "busy" };
  if (result.kind === "invalid") return { kind: "invalid", message: result.findings[0]?.message ?? "it does not fit the tenant" };
  const { next, inForce } = result;
  const plugin = next.ownPlugins.find((each) => each.id === id) ?? null;
  return { kind: "done", plugin, usedBy: usedBy(next, id), inForce };
}

function withPlugin(all: Definitions, plugin: OwnPluginDefinition): Definitions {
  const there = all.ownPlugins.some((each) => each.id === plugin.id);
  const ownPlugins = there ? all.ownPlugins.map((each) => (each.id === plugin.id ? plugin : each)) : [...all.ownPlugins, plugin];
  return withRuntime({ ...all, ownPlugins });
}

/** All of them are made at run time. */
function withRuntime(all: Definitions): Definitions {
  return { ...all, runtime: { ...all.runtime, ownPlugins: all.ownPlugins.map((each) => each.id) } };
}
