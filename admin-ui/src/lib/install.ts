// Owns the browser's own offer to install the app: kept when it comes, used when the person wants it.

import { signal } from "@preact/signals";

interface Offer extends Event {
  prompt(): Promise<unknown>;
}

let offer: Offer | null = null;
export const canInstall = signal(false);

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event as Offer;
  canInstall.value = true;
});
window.addEventListener("appinstalled", () => (canInstall.value = false));

export async function install(): Promise<void> {
  canInstall.value = false;
  await offer?.prompt();
  offer = null;
}

export function isInstalled(): boolean {
  return matchMedia("(display-mode: standalone)").matches;
}
