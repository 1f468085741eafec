// Owns asking a sender's own server for what it signs with, and confirming a subscription there. Only hosts that the plugin's
// manifest pins, https, no redirects, small and quick; kept in the isolate for a while.

import type { KeyStore, SourceManifest } from "../../plugins/sdk/index.ts";
import { limits } from "../core/limits.ts";

const bound = limits.keyFetch;
const kept = new Map<string, { readonly at: number; readonly text: Promise<string> }>();

export function keyStore(manifest: SourceManifest): KeyStore {
  return {
    get(url) {
      if (!pinned(url, manifest)) return Promise.reject(new Error("the key's address is not one of this sender's"));
      const found = kept.get(url);
      if (found !== undefined && Date.now() - found.at < bound.keptMs) return found.text;
      if (kept.size >= bound.keptMax) kept.clear();
      const text = ask(url);
      kept.set(url, { at: Date.now(), text });
      // A failure is not kept: the sender's next try asks again.
      text.catch(() => kept.delete(url));
      return text;
    },
  };
}

/** Asks a pinned URL once. Rejects when the answer is not 2xx. */
export async function confirm(url: string, manifest: SourceManifest): Promise<void> {
  if (!pinned(url, manifest)) throw new Error("the address to confirm at is not one of this sender's");
  await ask(url);
}

/** Whether the URL is https on a host that the manifest names, on the usual port and without a user in it. */
export function pinned(text: string, { keyHosts = [] }: SourceManifest): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.protocol !== "https:" || url.port !== "" || url.username !== "" || url.password !== "") return false;
  return keyHosts.some((pattern) => new RegExp(`^(?:${pattern})$`).test(url.hostname));
}

async function ask(url: string): Promise<string> {
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(bound.limitMs) });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the sender's server answered ${response.status}`);
  }
  const text = await response.text();
  if (text.length > bound.charsMax) throw new Error("the sender's server answered with too much");
  return text;
}
