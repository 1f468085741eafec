// Owns the question whether a request comes from our own pages, and which address of ours the browser sees.

import type { Context } from "hono";
import { ApiError } from "../api/error.ts";

type Asked = Context<{ Bindings: Env }>;

/**
 * The origin as the browser has it. Behind a proxy that ends TLS the request itself says http: the public address, where its
 * host is the one asked, says what the browser sees.
 */
export function originOf(c: Asked): string {
  const asked = new URL(c.req.url);
  const known = URL.canParse(c.env.TOCSIN_PUBLIC_URL) ? new URL(c.env.TOCSIN_PUBLIC_URL) : null;
  return known !== null && known.host === asked.host ? known.origin : asked.origin;
}

/** This machine itself: browsers trust it without TLS. */
export function isLoopback(origin: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(origin).hostname);
}

/** Passkeys exist on https and on the name localhost (WebAuthn: the relying party is a domain, never an address). */
export function passkeysWork(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return hostname === "localhost" || (protocol === "https:" && !/^[\d.]+$|^\[/.test(hostname));
}

function isSafe(c: Asked): boolean {
  return c.req.method === "GET" || c.req.method === "HEAD";
}

/** Browsers say where an unsafe request comes from; one from elsewhere is refused. Other clients say nothing. */
export function refuseForeignOrigin(c: Asked): void {
  if (isSafe(c)) return;
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none")
    throw new ApiError("forbidden", "requests from other sites are refused");
  const origin = c.req.header("origin");
  if (origin !== undefined && origin !== originOf(c))
    throw new ApiError(
      "forbidden",
      `requests from other origins are refused: this is ${originOf(c)}. Behind a proxy, set TOCSIN_PUBLIC_URL to the address in the browser and pass the Host header on`,
    );
}

/**
 * What a cookie is good for: an unsafe request, or a WebSocket, must say that it comes from our own page. Sec-Fetch-Site where
 * the browser sends it (https and localhost), else Origin; where neither is said, a cookie proves nothing.
 */
export function requireOwnOrigin(c: Asked): void {
  if (isSafe(c) && c.req.header("upgrade") === undefined) return;
  const [site, origin] = [c.req.header("sec-fetch-site"), c.req.header("origin")];
  const own = site === undefined ? origin === originOf(c) : site === "same-origin" && (origin ?? originOf(c)) === originOf(c);
  if (!own) throw new ApiError("forbidden", "a session acts from this hub's own pages only; automation sends an API token");
}
