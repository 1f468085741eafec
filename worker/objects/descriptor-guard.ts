// Owns the descriptor budget of a single machine: each live SQLite object holds three descriptors for about ten seconds, and
// a runtime that runs out of them breaks for everybody. Past the budget new objects are refused before they are touched.
// On Cloudflare there is no such limit and TOCSIN_FD_LIMIT is not set.

const descriptorsPerObject = 3;
/** Sockets, D1, watch shards and the runtime's own. */
const reserved = 320;
const liveMs = 12_000;

const touched = new Map<string, number>();

/** Whether this object may be touched now; remembers that it was. */
export function admit(env: { readonly TOCSIN_FD_LIMIT?: string }, name: string, now: number): boolean {
  const limit = Number(env.TOCSIN_FD_LIMIT ?? 0);
  if (!limit) return true;
  for (const [each, at] of touched) {
    if (now - at <= liveMs) break;
    touched.delete(each);
  }
  const budget = Math.max(16, Math.floor((limit - reserved) / descriptorsPerObject));
  if (!touched.has(name) && touched.size >= budget) return false;
  touched.delete(name);
  touched.set(name, now);
  return true;
}
