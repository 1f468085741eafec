// Owns keys for senders that give none: the same problem must get the same key when it fires and when it ends.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** A short digest of what identifies a problem, for example its title, or its labels in order. */
export function digestOf(...parts: readonly string[]): string {
  return bytesToHex(sha256(new TextEncoder().encode(JSON.stringify(parts)))).slice(0, 32);
}

/** The digest of a set of labels, whatever their order. */
export function labelsDigest(labels: Readonly<Record<string, string>>): string {
  return digestOf(
    ...Object.entries(labels)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flat(),
  );
}

/** A key within `max` characters. A longer one keeps its beginning and a digest of the whole: two of them never become one. */
export function boundedKey(key: string, max = 512): string {
  const whole = key.toWellFormed();
  return whole.length <= max ? whole : `${whole.slice(0, max - 33).toWellFormed()}~${digestOf(whole)}`;
}
