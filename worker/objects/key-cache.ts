// Owns the isolate's memory of ingest keys. Keys are held only as hashes; a key that leads nowhere is remembered briefly.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { limits } from "../core/limits.ts";
import { callObject } from "./call.ts";
import { indexStub } from "./places.ts";
import type { KeyEntry } from "./rpc.ts";

const found = new Map<string, { entry: KeyEntry; until: number }>();
const missing = new Map<string, number>();

/** SHA-256, hex: how a key is stored and looked up. */
export function keyHash(key: string): string {
  return bytesToHex(sha256(new TextEncoder().encode(key)));
}

/** Where the key leads; null: nowhere. Throws when the shard is out of reach and nothing is remembered. */
export async function findKey(env: Env, key: string): Promise<KeyEntry | null> {
  const hash = keyHash(key);
  const now = Date.now();
  const known = found.get(hash);
  if (known?.entry.until !== undefined && now >= known.entry.until) return null;
  if (known && now < known.until) return known.entry;
  if ((missing.get(hash) ?? 0) > now) return null;
  const { askMs, coldMs } = limits.directory;
  // One request asks; those that come meanwhile go on with what is known.
  if (known) put(found, hash, { entry: known.entry, until: now + askMs }, limits.keys.foundKept);
  try {
    const entry = await callObject(() => indexStub(env, hash).lookup(hash), known ? askMs : coldMs);
    if (entry === null) {
      found.delete(hash);
      put(missing, hash, Date.now() + limits.keys.missingMs, limits.keys.missingKept);
    } else put(found, hash, { entry, until: Date.now() + limits.keys.foundMs }, limits.keys.foundKept);
    return entry;
  } catch (error) {
    if (known) return known.entry;
    throw error;
  }
}

/** Whoever has just written keys wants them to work at once. */
export function forgetKeys(): void {
  found.clear();
  missing.clear();
}

/** The newest at the end; past `kept` the oldest goes. */
function put<T>(map: Map<string, T>, key: string, value: T, kept: number): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next().value;
  if (map.size > kept && oldest !== undefined) map.delete(oldest);
}
