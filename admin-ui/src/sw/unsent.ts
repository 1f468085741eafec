// Owns the service worker's part in sending acknowledgments: when the browser says that there is a network again. What came of
// one is told on the lock screen when no page is there to tell it, where the person allowed that.

import { flush, syncTag, unsent } from "../lib/offline/queue.ts";
import type { End, Unsent } from "../lib/offline/unsent.ts";
import { endedOnPage } from "./push.ts";
import { worker } from "./scope.ts";

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

worker.addEventListener("sync", (event) => {
  const sync = event as unknown as SyncEvent;
  if (sync.tag === syncTag) sync.waitUntil(sendAll());
});

worker.addEventListener("notificationclick", (event) => {
  const url = (event.notification.data as { readonly url?: string } | null)?.url;
  if (url === undefined) return;
  event.notification.close();
  event.waitUntil(worker.clients.openWindow(url));
});

/** Rejects while something waits: the browser comes again then, later and later. */
async function sendAll(): Promise<void> {
  for (const entry of await flush({ signedIn: false })) if (!(await endedOnPage(entry))) await tell(entry);
  const waiting = (await unsent(Date.now())).filter((entry) => entry.state === "waiting");
  if (waiting.length > 0) throw new Error(`${waiting.length} not sent yet`);
}

type Words = Readonly<Record<End["kind"], string>>;
const words: Readonly<Record<"en" | "es", Words>> = {
  en: {
    acknowledged: "Sent: you have it",
    other: "Somebody else has it",
    resolved: "It was resolved already",
    anew: "Not acknowledged: paging began anew",
    refused: "Not acknowledged",
    expired: "Not sent: no connection for an hour",
  },
  es: {
    acknowledged: "Enviado: es tuya",
    other: "La tiene otra persona",
    resolved: "Ya estaba resuelta",
    anew: "Sin reconocer: los avisos han vuelto a empezar",
    refused: "Sin reconocer",
    expired: "Sin enviar: una hora sin conexión",
  },
};

async function tell({ end, title, severity, tenant, incident }: Unsent): Promise<void> {
  if (end === null || Notification.permission !== "granted") return;
  const pages = await worker.clients.matchAll({ type: "window" });
  if (pages.some((page) => page.visibilityState === "visible")) return;
  const said = words[worker.navigator.language.toLowerCase().startsWith("es") ? "es" : "en"];
  await worker.registration.showNotification(said[end.kind], {
    body: `${severity} ${title}`,
    tag: `unsent-${incident}`,
    icon: "/icons/192.png",
    badge: "/icons/badge-96.png",
    data: { url: `/t/${tenant}/incidents/${incident}` },
  });
}
