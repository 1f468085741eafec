// Owns the page's side of the service worker: registered where the browser has one (https, or the name localhost), asked now
// and then whether there is a newer build, and a newer one taken when nobody is in the middle of something.

import { signal } from "@preact/signals";

/** A newer build is in force than the one that drew this page: the next load is of it. */
export const newer = signal(false);

const askEveryMs = 30 * 60_000;
/** Out of sight that long, a page is drawn anew by the newer build. */
const awayMs = 3_000;

export const workersHere = "serviceWorker" in navigator && window.isSecureContext;

export async function startWorker(): Promise<void> {
  if (!workersHere || import.meta.env.DEV) return;
  // The first worker of a browser takes the page over too: that is no newer build.
  let known = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (known) newer.value = true;
    known = true;
  });
  const registration = await navigator.serviceWorker.register(ownScript(), { scope: "/", updateViaCache: "none" });
  let askedAt = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") return void setTimeout(takeNewer, awayMs);
    if (Date.now() - askedAt < askEveryMs) return;
    askedAt = Date.now();
    void registration.update().catch(() => undefined);
  });
}

/** The one address a worker may be made from. Trusted Types are enforced: a bare text is refused. */
function ownScript(): string {
  const { trustedTypes } = window as unknown as {
    readonly trustedTypes?: {
      createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(input: string): string };
    };
  };
  const script = "/sw.js";
  return trustedTypes?.createPolicy("tocsin-worker", { createScriptURL: () => script }).createScriptURL(script) ?? script;
}

/** While nobody looks, and nothing half written would be lost. What waits to be sent is kept elsewhere. */
function takeNewer(): void {
  const busy = document.querySelector("dialog[open], [data-unsaved]") !== null || isWritten();
  if (newer.value && document.visibilityState === "hidden" && !busy) window.location.reload();
}

function isWritten(): boolean {
  return [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("textarea, input[type=text]")].some(
    (field) => field.value !== field.defaultValue,
  );
}
