// Owns the descriptor budget of a single machine: each live SQLite object holds three descriptors for about ten seconds, and
// a runtime that runs out of them opens no database, so pages nobody. Past the budget new objects are refused before they
// are touched; the sender is answered 503 and comes again. On Cloudflare there is no such limit and TOCSIN_FD_LIMIT is absent.

import { limits } from "../core/limits.ts";

interface DescriptorEnv {
  readonly TOCSIN_FD_LIMIT?: string | undefined;
}

/** Object names by last touch, oldest first. One isolate serves all requests of a machine, so this sees them all. */
const touched = new Map<string, number>();

/**
 * Whether this object may be touched now; remembers that it was. One that is open already may always.
 * @param name the object's name (core/ids.ts objectName)
 * @param now epoch ms
 * @param share of the budget that may be in use for it: what can be done without leaves room for what cannot
 */
export function admit(env: DescriptorEnv, name: string, now: number, share = 1): boolean {
  const limit = Number(env.TOCSIN_FD_LIMIT ?? 0);
  if (!limit) return true;
  const { perObject, reserved, openMs, objectsMin } = limits.descriptors;
  for (const [each, at] of touched) {
    if (now - at < openMs) break;
    touched.delete(each);
  }
  const objectsMax = Math.max(objectsMin, Math.floor((limit - reserved) / perObject));
  if (!touched.has(name) && touched.size >= objectsMax * share) return false;
  touched.delete(name);
  touched.set(name, now);
  return true;
}
