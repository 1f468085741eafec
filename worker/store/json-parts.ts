// Owns how many rows go into one bound value. D1 refuses a value over 2 MB, and a batch that is refused once is refused for
// ever: an incident's outbox would never empty.

import { Buffer } from "node:buffer";
import { limits } from "../core/limits.ts";

/** JSON arrays of the rows in order, each of at most limits.store.valueBytesMax bytes (a single larger row stands alone); none for no rows. */
export function jsonParts(rows: readonly unknown[]): string[] {
  const parts: string[] = [];
  let texts: string[] = [];
  let bytes = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    const size = Buffer.byteLength(text) + 1;
    if (texts.length > 0 && bytes + size > limits.store.valueBytesMax) {
      parts.push(`[${texts.join(",")}]`);
      texts = [];
      bytes = 0;
    }
    texts.push(text);
    bytes += size;
  }
  if (texts.length > 0) parts.push(`[${texts.join(",")}]`);
  return parts;
}
