// Owns what this browser remembers of being a device: for whom it is registered, under which name and key. Shared by the pages
// and the service worker, so it knows neither. A browser that keeps nothing only costs the memory.

/** One for each person who registered this browser; of several tenants, perhaps. */
export interface Here {
  readonly tenant: string;
  readonly user: string;
  /** The device's name at the hub. */
  readonly device: string;
  /** The hub's public key it is subscribed under. */
  readonly key: string;
}

const cacheName = "tocsin-device";
const address = "/device.json";

export async function registeredHere(): Promise<readonly Here[]> {
  try {
    const kept = await (await caches.open(cacheName)).match(address);
    return kept === undefined ? [] : ((await kept.json()) as Here[]);
  } catch {
    return [];
  }
}

export async function rememberHere(here: Here): Promise<void> {
  await keep([...(await registeredHere()).filter((each) => !same(each, here)), here]);
}

export async function forgetHere(here: Pick<Here, "tenant" | "user">): Promise<void> {
  await keep((await registeredHere()).filter((each) => !same(each, here)));
}

function same(a: Pick<Here, "tenant" | "user">, b: Pick<Here, "tenant" | "user">): boolean {
  return a.tenant === b.tenant && a.user === b.user;
}

async function keep(all: readonly Here[]): Promise<void> {
  try {
    await (await caches.open(cacheName)).put(address, new Response(JSON.stringify(all)));
  } catch {
    // Private windows keep nothing: the page asks anew each time.
  }
}

/** What the hub is told of a subscription. Null: the browser gave no keys. */
export function wordsOf(
  subscription: PushSubscription,
  key: string,
): Record<"endpoint" | "p256dh" | "auth" | "key", string> | null {
  const { endpoint, keys } = subscription.toJSON();
  const [p256dh, auth] = [keys?.["p256dh"], keys?.["auth"]];
  return endpoint === undefined || p256dh === undefined || auth === undefined ? null : { endpoint, p256dh, auth, key };
}

export function keyBytes(key: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
}
