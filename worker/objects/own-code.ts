// Owns finding the code that an integration's own plugin runs: which version the configuration in force says, and its code by
// hash, which never changes. From the isolate's memory, else the Directory, else D1: a dark database stops no alert.

import { limits } from "../core/limits.ts";
import type { Id, Snapshot } from "../core/snapshot.ts";
import { dbFor } from "../store/db.ts";
import { codeOf } from "../store/own-plugins.ts";
import { callObject } from "./call.ts";
import { withLimit } from "./limit.ts";
import { directoryStub } from "./places.ts";

export interface OwnCode {
  readonly hash: string;
  readonly code: string;
  readonly version: number;
}

/** By tenant and hash. */
const codes = new Map<string, string>();
const { askMs, codeKept } = limits.ownPlugins;

/**
 * "off": it is switched off. Null: there is no such plugin, no such version, or none in use. `version`: the one pinned; null: the
 * one in use. Throws where the code is out of reach at the moment.
 */
export async function loadPlugin(
  env: Env,
  snapshot: Pick<Snapshot, "tenant" | "jurisdiction" | "ownPlugins">,
  id: Id,
  version: number | null,
): Promise<OwnCode | "off" | null> {
  const { tenant, jurisdiction, ownPlugins = {} } = snapshot;
  const plugin = Object.hasOwn(ownPlugins, id) ? ownPlugins[id] : undefined;
  if (plugin === undefined) return null;
  if (plugin.off) return "off";
  const wanted = version ?? plugin.active;
  const hash = wanted === null ? undefined : plugin.versions[wanted];
  if (wanted === null || hash === undefined) return null;
  const known = codes.get(`${tenant}/${hash}`);
  if (known !== undefined) return { hash, code: known, version: wanted };
  const directory = () => directoryStub(env, tenant, jurisdiction);
  const kept = await callObject(() => directory().ownCode(hash), askMs).catch(() => null);
  const code = kept ?? (await withLimit(codeOf(dbFor(env, tenant), tenant, id, hash), askMs));
  if (code === null) throw new Error(`the code of ${id}, version ${wanted}, is out of reach`);
  if (kept === null)
    await callObject(() => directory().putOwnCode(hash, code), askMs).catch((error: unknown) =>
      console.warn("the Directory could not keep a plugin's code", String(error)),
    );
  remember(`${tenant}/${hash}`, code);
  return { hash, code, version: wanted };
}

function remember(key: string, code: string): void {
  codes.set(key, code);
  const oldest = codes.keys().next().value;
  if (codes.size > codeKept && oldest !== undefined) codes.delete(oldest);
}
