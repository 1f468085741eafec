// Owns telling the service worker that somebody looks at the app: notifications of what is over by now are closed, since a lock
// screen that still asks for what somebody has done is a lie.

export function lookAgain(): void {
  if ("serviceWorker" in navigator && document.visibilityState === "visible")
    navigator.serviceWorker.controller?.postMessage("look");
}

/** Called once, when the app starts. */
export function startLooking(): void {
  lookAgain();
  document.addEventListener("visibilitychange", lookAgain);
}
