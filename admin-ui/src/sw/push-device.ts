// Owns a subscription that the browser replaced by itself: subscribed anew and told to the hub, with the session there is.

import { keyBytes, registeredHere, rememberHere, wordsOf } from "../lib/push/here.ts";
import { worker } from "./scope.ts";

const tellLimitMs = 10_000;

/** False: somebody who was paged here is not any more, and has to be told. */
export async function deviceChanged(): Promise<boolean> {
  const all = await registeredHere();
  const first = all[0];
  if (first === undefined) return true;
  try {
    const { pushManager } = worker.registration;
    const known = await pushManager.getSubscription();
    const how = { userVisibleOnly: true, applicationServerKey: keyBytes(first.key) };
    const subscription = known ?? (await pushManager.subscribe(how));
    const told = await Promise.all(
      all.map(async (here) => {
        const words = wordsOf(subscription, here.key);
        if (words === null) return false;
        const response = await fetch(`/api/v1/tenants/${here.tenant}/users/${here.user}/devices`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ ...words, replaces: here.device }),
          credentials: "same-origin",
          signal: AbortSignal.timeout(tellLimitMs),
        });
        if (!response.ok) return false;
        const { id } = (await response.json()) as { readonly id?: string };
        if (id !== undefined) await rememberHere({ ...here, device: id });
        return true;
      }),
    );
    return told.every(Boolean);
  } catch {
    return false;
  }
}
