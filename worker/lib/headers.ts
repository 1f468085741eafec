// Owns the security headers of every answer (reliability study §5.6). Pages set their own policy; this is the floor.

import type { MiddlewareHandler } from "hono";

const floor: Readonly<Record<string, string>> = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
};

/** Adds what the handler did not set itself. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.res.webSocket) return; // A new response would lose the socket, and no page reads its headers.
  for (const [name, value] of Object.entries(floor)) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
};
