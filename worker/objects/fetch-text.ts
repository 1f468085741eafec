// Owns getting a text from an address that a tenant gave: through the egress guard at every redirect, with limits of time and
// size. Reads nothing into it.

import { limits } from "../core/limits.ts";
import { checkUrl } from "../security/egress.ts";

export type FetchedText =
  | { readonly kind: "text"; readonly text: string; readonly etag: string | null }
  /** 304: what one has is still it. */
  | { readonly kind: "same" }
  /** In words that name no secret: the address stays out of it. */
  | { readonly kind: "failed"; readonly reason: string };

export interface FetchOptions {
  readonly etag: string | null;
  readonly accept: string;
  readonly limitMs: number;
  readonly bytesMax: number;
}

const { redirectsMax } = limits.send;

export async function fetchText(
  env: Pick<Env, "TOCSIN_ALLOW_PRIVATE_EGRESS">,
  address: string,
  { etag, accept, limitMs, bytesMax }: FetchOptions,
): Promise<FetchedText> {
  const signal = AbortSignal.timeout(limitMs);
  const headers = { accept, "user-agent": "Tocsin", ...(etag === null ? {} : { "if-none-match": etag }) };
  let url = address;
  try {
    for (let redirects = 0; ; redirects++) {
      const refused = checkUrl(url, { allowPrivate: env.TOCSIN_ALLOW_PRIVATE_EGRESS === "1" });
      if (refused !== null) return failed(refused);
      const response = await fetch(url, { headers, redirect: "manual", signal });
      const location = response.headers.get("location");
      if (response.status >= 300 && response.status < 400 && response.status !== 304 && location !== null) {
        await response.body?.cancel();
        if (redirects >= redirectsMax) return failed("it redirects too often");
        url = new URL(location, url).href;
        continue;
      }
      if (response.status === 304) return { kind: "same" };
      if (!response.ok) {
        await response.body?.cancel();
        return failed(`the answer was ${response.status}`);
      }
      const text = await boundedText(response, bytesMax);
      return text === null
        ? failed(`it is larger than ${bytesMax} bytes`)
        : { kind: "text", text, etag: response.headers.get("etag") };
    }
  } catch {
    return failed(signal.aborted ? `no answer within ${limitMs / 1_000} s` : "it could not be reached");
  }
}

function failed(reason: string): FetchedText {
  return { kind: "failed", reason };
}

/** Null: it is longer. */
async function boundedText(response: Response, bytesMax: number): Promise<string | null> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > bytesMax) {
      await reader.cancel().catch(() => undefined);
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}
