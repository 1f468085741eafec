// Owns the admin UI's way out: its files with their headers. On one machine the UI binding is a folder, on Cloudflare the
// Worker's own assets. Knows nothing of what the pages do.

import type { Context } from "hono";

/** No script, style or request of anybody else's; no text becomes markup. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; manifest-src 'self'; worker-src 'self'; require-trusted-types-for 'script'";

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  woff2: "font/woff2",
  json: "application/json; charset=utf-8",
  webmanifest: "application/manifest+json; charset=utf-8",
};

/** Doors of machines: an unknown address there is a problem document, never a page. */
const machines = /^\/(api|v1|v2|am|r|integrations|healthz|readyz|metrics)(\/|$)/;

/** The file, or the page that every other address is drawn by; null: not for people. */
export async function serveUi(c: Context<{ Bindings: Env }>): Promise<Response | null> {
  const { UI } = c.env;
  const { method } = c.req;
  const path = new URL(c.req.url).pathname;
  if (UI === undefined || (method !== "GET" && method !== "HEAD") || machines.test(path)) return null;
  const isFile = /^\/[\w./-]+\.\w+$/.test(path) && !path.includes("..") && path !== "/index.html";
  if (!isFile) return answer(c, await UI.fetch("http://ui/index.html"), "html");
  const found = await UI.fetch(`http://ui${path}`);
  return found.ok ? answer(c, found, path.slice(path.lastIndexOf(".") + 1)) : null;
}

function answer(c: Context, file: Response, extension: string): Response | null {
  if (!file.ok) return null;
  const hashed = new URL(c.req.url).pathname.startsWith("/assets/");
  const headers = new Headers({
    "content-type": types[extension] ?? "application/octet-stream",
    "cache-control": hashed ? "public, max-age=31536000, immutable" : "no-cache",
    "content-security-policy": policy,
  });
  const etag = file.headers.get("etag");
  const modified = file.headers.get("last-modified");
  if (etag !== null) headers.set("etag", etag);
  if (modified !== null) headers.set("last-modified", modified);
  const unchanged = modified !== null && c.req.header("if-modified-since") === modified;
  if (unchanged) return new Response(null, { status: 304, headers });
  return new Response(c.req.method === "HEAD" ? null : file.body, { headers });
}
