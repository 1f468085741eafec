// Owns the isolate's memory of ingest keys. Keys are held only as hashes; a key that leads nowhere is remembered briefly.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { callObject } from "./call.ts";
import { indexStub } from "./places.ts";
import type { KeyEntry } from "./rpc.ts";

const keysKept = 5_000;
const foundMs = 60_000;
const missingMs = 5_000;
const askMs = 5_000;

const known = new Map<string, { entry: KeyEntry | null; until: number }>();

/** SHA-256, hex: how a key is stored and looked up. */
export function keyHash(key: string): string {
  return bytesToHex(sha256(new TextEncoder().encode(key)));
}

/** Where the key leads; null: nowhere. Throws when the shard is out of reach and nothing is remembered. */
export async function findKey(env: Env, key: string): Promise<KeyEntry | null> {
  const hash = keyHash(key);
  const remembered = known.get(hash);
  if (remembered && remembered.until > Date.now()) return remembered.entry;
  try {
    const entry = await callObject(() => indexStub(env, hash).lookup(hash), askMs);
    remember(hash, entry);
    return entry;
  } catch (error) {
    if (remembered?.entry) return remembered.entry;
    throw error;
  }
}

/** Whoever has just written keys wants them to work at once. */
export function forgetKeys(): void {
  known.clear();
}

function remember(hash: string, entry: KeyEntry | null): void {
  known.delete(hash);
  known.set(hash, { entry, until: Date.now() + (entry === null ? missingMs : foundMs) });
  const oldest = known.keys().next().value;
  if (known.size > keysKept && oldest !== undefined) known.delete(oldest);
}
