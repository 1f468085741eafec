// Owns the queue of acknowledgments that are not sent yet: kept in the browser's store, sent by whoever wakes first (a page, or
// the service worker), each once. Knows neither of them. What an entry is and becomes: unsent.ts.

import { erase, read, readAll, write } from "./store.ts";
import { after, asOf, isStale, sameWaiting, unsentOf, verdictOf, type Press, type Unsent, type Verdict } from "./unsent.ts";

/** Background Sync's tag, where the browser has it. */
export const syncTag = "tocsin-unsent";
const changed = new BroadcastChannel("tocsin-unsent");
const sendLimitMs = 10_000;

type Listener = () => void;
const listeners = new Set<Listener>();
changed.addEventListener("message", () => {
  for (const listener of listeners) listener();
});

/** Hears that the queue has changed, here, in another tab or in the service worker. The answer stops it. */
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function tellAll(): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel stays within its origin
  changed.postMessage(null);
  for (const listener of listeners) listener();
}

/** Between tabs and the worker; an insecure page (http in a home) has no lock, and no worker beside it either. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  const { locks } = navigator as { readonly locks?: LockManager };
  return locks === undefined ? work() : ((await locks.request("tocsin-unsent", work)) as T);
}

/**
 * Keeps an acknowledgment and sends it as soon as it can. Answers with the entry as it stands after a first try: `over` with
 * how it ended, or still waiting. Rejects where the browser keeps nothing; then nothing was sent.
 */
export async function queueAck(press: Press): Promise<Unsent> {
  const known = sameWaiting(await unsent(Date.now()), press);
  const entry = known ?? unsentOf(press, crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, Date.now());
  if (known === null) {
    await write("unsent", entry);
    tellAll();
  }
  await askSync();
  await flush();
  return (await read<Unsent>("unsent", entry.id)) ?? entry;
}

/** All that is kept, the oldest first, as it stands now. */
export async function unsent(now: number): Promise<readonly Unsent[]> {
  const all = await readAll<Unsent>("unsent");
  return all.map((entry) => asOf(entry, now)).toSorted((a, b) => a.madeAt - b.madeAt);
}

/** Sends what waits. `signedIn`: also what waited for its person to sign in. Answers with what ended by this. */
export async function flush({ signedIn = true }: { readonly signedIn?: boolean } = {}): Promise<readonly Unsent[]> {
  return alone(async () => {
    const ended: Unsent[] = [];
    for (const stored of await readAll<Unsent>("unsent")) {
      const now = Date.now();
      const entry = asOf(stored, now);
      if (isStale(entry, now)) await erase("unsent", entry.id);
      if (entry.state === "over" && stored.state === "over") continue;
      if (entry.state === "sign-in" && !signedIn) continue;
      const next = entry.state === "over" ? entry : after(entry, await send(entry));
      // Cancelled meanwhile by somebody without the lock: it stays gone.
      if ((await read<Unsent>("unsent", entry.id)) === undefined) continue;
      await write("unsent", next);
      if (next.state === "over") ended.push(next);
      tellAll();
    }
    return ended;
  });
}

async function send(entry: Unsent): Promise<Verdict> {
  const path = `/api/v1/tenants/${encodeURIComponent(entry.tenant)}/incidents/${encodeURIComponent(entry.incident)}/ack`;
  // `as` is checked by the hub: it is not recorded under whoever is signed in here by now.
  const body = { as: entry.user, commandId: entry.id, ...(entry.epoch === null ? {} : { epoch: entry.epoch }) };
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      credentials: "same-origin",
      signal: AbortSignal.timeout(sendLimitMs),
    });
    const answer: unknown = await response.json().catch(() => ({}));
    const members = typeof answer === "object" && answer !== null ? answer : {};
    return verdictOf(entry, response.status, members as Record<string, unknown>, Date.now());
  } catch {
    return { kind: "again" };
  }
}

/** False: too late, it is on its way or over. */
export async function cancel(id: string): Promise<boolean> {
  const gone = await alone(async () => {
    const entry = await read<Unsent>("unsent", id);
    if (entry === undefined || entry.state === "over") return false;
    await erase("unsent", id);
    return true;
  });
  tellAll();
  return gone;
}

/** Its person has read how it ended. */
export async function dismiss(id: string): Promise<void> {
  await erase("unsent", id);
  tellAll();
}

/** The browser wakes the service worker when there is a network again, even with no page open. */
async function askSync(): Promise<void> {
  try {
    const registration =
      "registration" in globalThis
        ? (globalThis as unknown as { readonly registration: ServiceWorkerRegistration }).registration
        : await navigator.serviceWorker?.getRegistration();
    const { sync } = (registration ?? {}) as { readonly sync?: { register(tag: string): Promise<void> } };
    await sync?.register(syncTag);
  } catch {
    // Refused or not there: the pages send it themselves.
  }
}
