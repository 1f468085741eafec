// Owns the app's own files without a network: the shell of one build kept whole, a page's address answered by it when the hub
// does not answer. Never keeps an answer of the API: what a person may see is kept by the pages, for that person
// (src/lib/offline). Files below /assets are named by their content, so builds never mix.

import { worker } from "./scope.ts";

/** Put in by the build: the files of the shell and a name that changes with any of them. */
declare const SHELL: { readonly version: string; readonly files: readonly string[] };

const { version, files } = SHELL;
const prefix = "tocsin-shell-";
const shellCache = prefix + version;
/** Chunks that were loaded on the way; hashed too. */
const loadedCache = "tocsin-loaded";
const loadedMax = 150;
/** Pages that are open may still be of the build before. */
const buildsKept = 2;
/** As long as somebody waits for a hub before the kept page is shown. */
const navigationLimitMs = 3_500;

worker.addEventListener("install", (event) => {
  event.waitUntil(Promise.all([takeShell(), leaveWritesAlone(event)]));
});

interface Routing {
  /** The Static Routing API: only some browsers have it. */
  readonly addRoutes?: (
    rules: readonly { readonly condition: { readonly requestMethod: string }; readonly source: "network" }[],
  ) => Promise<void>;
}

/** What a page writes while it is being left would be lost on the way through here: it goes straight to the hub. */
async function leaveWritesAlone(event: ExtendableEvent & Routing): Promise<void> {
  const rules = ["POST", "PUT", "PATCH", "DELETE"].map((requestMethod) => ({
    condition: { requestMethod },
    source: "network" as const,
  }));
  // A browser that has the API and not these rules goes without: the shell matters more.
  await event.addRoutes?.(rules).catch(() => undefined);
}

worker.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate" && isPage(url.pathname)) event.respondWith(navigation(request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(hashed(event));
  else if (files.includes(url.pathname)) event.respondWith(fetch(request).catch(() => fromShell(url.pathname)));
});

/** All of it or none: a shell with a hole in it is not taken, and the old one goes on. */
async function takeShell(): Promise<void> {
  const cache = await caches.open(shellCache);
  await cache.addAll(files.map((file) => new Request(file, { cache: file.startsWith("/assets/") ? "default" : "reload" })));
  await worker.skipWaiting();
}

async function dropOld(): Promise<void> {
  const shells = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== shellCache);
  const old = shells.slice(0, Math.max(0, shells.length - (buildsKept - 1)));
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** Addresses that the pages draw. Whatever else there is (/api, /r, /v1 …) is the hub's alone. */
function isPage(path: string): boolean {
  return path === "/" || /^\/(sign-in|tenants|t|mine)(\/|$)/.test(path);
}

async function navigation(request: Request): Promise<Response> {
  try {
    const answer = await within(fetch(request), navigationLimitMs);
    // A proxy whose hub is on its way up says 502 or 503; the kept page says so better.
    if (answer.status < 500) return answer;
  } catch {
    // Not reached, or not in time.
  }
  return fromShell("/");
}

async function within(asked: Promise<Response>, ms: number): Promise<Response> {
  const late = new Promise<never>((_, refuse) => setTimeout(() => refuse(new Error("late")), ms));
  return Promise.race([asked, late]);
}

async function fromShell(path: string): Promise<Response> {
  const cache = await caches.open(shellCache);
  return (await cache.match(path)) ?? Response.error();
}

async function hashed(event: FetchEvent): Promise<Response> {
  const known = await caches.match(event.request);
  if (known !== undefined) return known;
  const answer = await fetch(event.request);
  if (answer.ok) event.waitUntil(keepLoaded(event.request, answer.clone()));
  return answer;
}

async function keepLoaded(request: Request, answer: Response): Promise<void> {
  const cache = await caches.open(loadedCache);
  await cache.put(request, answer);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - loadedMax)).map((key) => cache.delete(key)));
}
