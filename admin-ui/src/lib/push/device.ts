// Owns making this browser a device that is paged: whether it can be one, and every step on the way with a time of its own, since a
// browser may never answer. Knows no page.

import { call } from "../api.ts";
import type { Device } from "./shapes.ts";
import { forgetHere, keyBytes, registeredHere, rememberHere, wordsOf, type Here } from "./here.ts";

/**
 * `insecure`: no https and not localhost. `home-screen`: an iPhone or iPad allows push only to an app on its home screen.
 * `denied`: the person said no to this site once. `lost`: registered, but the browser has no subscription any more.
 */
export type Place = "insecure" | "home-screen" | "unsupported" | "denied" | "ready" | "lost" | "here";

/** Why it did not become one; `late`: the browser did not answer in time. */
export type Hindrance = "denied" | "not-asked" | "late" | "browser" | "no-worker";

export class HindranceError extends Error {
  override readonly name = "HindranceError";
  readonly hindrance: Hindrance;
  constructor(hindrance: Hindrance, detail = "") {
    super(detail);
    this.hindrance = hindrance;
  }
}

export interface Whose {
  readonly tenant: string;
  readonly user: string;
}

const workerMs = 8_000;
/** Chromium without a way to its push service never settles. */
const subscribeMs = 20_000;

export async function placeOf(whose: Whose): Promise<{ readonly place: Place; readonly here: Here | null }> {
  const all = await registeredHere();
  const here = all.find((each) => each.tenant === whose.tenant && each.user === whose.user) ?? null;
  if (!window.isSecureContext) return { place: "insecure", here };
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window))
    return { place: isApple() && !isInstalled() ? "home-screen" : "unsupported", here };
  if (Notification.permission === "denied") return { place: "denied", here };
  if (here === null) return { place: "ready", here };
  const subscription = await subscriptionHere().catch(() => null);
  return { place: subscription === null ? "lost" : "here", here };
}

async function subscriptionHere(): Promise<PushSubscription | null> {
  const registration = await within(navigator.serviceWorker.ready, workerMs, "no-worker");
  return within(registration.pushManager.getSubscription(), workerMs, "late");
}

/** Throws HindranceError for what the browser or its person did, Problem for what the hub said. */
export async function registerHere(whose: Whose): Promise<Device> {
  if ((await Notification.requestPermission()) !== "granted")
    throw new HindranceError(Notification.permission === "denied" ? "denied" : "not-asked");
  const { key } = await call("getPush");
  const registration = await within(navigator.serviceWorker.ready, workerMs, "no-worker");
  const subscription = await subscribed(registration.pushManager, key);
  const words = wordsOf(subscription, key);
  if (words === null) throw new HindranceError("browser", "it gave a subscription without keys");
  const before = (await placeOf(whose)).here;
  const body = { ...words, ...(before === null ? {} : { replaces: before.device }) };
  const device = await call("registerDevice", { id: whose.user, body });
  await rememberHere({ ...whose, device: device.id, key });
  return device;
}

async function subscribed(manager: PushManager, key: string): Promise<PushSubscription> {
  const known = await within(manager.getSubscription(), workerMs, "late");
  if (known !== null) {
    if (sameKey(known.options.applicationServerKey, key)) return known;
    // Of another hub at this address, or of a root key before this one.
    await known.unsubscribe();
  }
  const how = { userVisibleOnly: true, applicationServerKey: keyBytes(key) };
  return within(manager.subscribe(how), subscribeMs, "late").catch((error: unknown) => {
    if (error instanceof HindranceError) throw error;
    throw new HindranceError("browser", error instanceof Error ? error.message : "");
  });
}

function sameKey(held: ArrayBuffer | null, key: string): boolean {
  if (held === null) return false;
  const [a, b] = [new Uint8Array(held), keyBytes(key)];
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** The browser is paged no more for this person; its subscription ends with the last who had it. */
export async function forgetThis(whose: Whose): Promise<void> {
  await forgetHere(whose);
  if ((await registeredHere()).length > 0) return;
  const subscription = await subscriptionHere().catch(() => null);
  await subscription?.unsubscribe().catch(() => undefined);
}

async function within<T>(work: Promise<T>, ms: number, hindrance: Hindrance): Promise<T> {
  const late = new Promise<never>((_, refuse) => setTimeout(() => refuse(new HindranceError(hindrance)), ms));
  return Promise.race([work, late]);
}

function isApple(): boolean {
  // An iPad says that it is a Mac, and is the only one with a touch screen.
  return /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
}

function isInstalled(): boolean {
  return window.matchMedia("(display-mode: standalone)").matches;
}
