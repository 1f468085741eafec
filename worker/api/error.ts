// Owns how the API says no: RFC 9457 problem documents. Inner detail never leaves; what to do always does.

import type { Context } from "hono";

const codes = {
  "bad-request": [400, "The request cannot be read"],
  unauthorized: [401, "Sign in or send an API token"],
  forbidden: [403, "Not allowed"],
  "not-found": [404, "Not found"],
  conflict: [409, "Not possible in the present state"],
  "precondition-failed": [412, "It was changed meanwhile"],
  "too-large": [413, "Too large"],
  invalid: [422, "The content is not valid"],
  "rate-limited": [429, "Too often"],
  unavailable: [503, "Not available at the moment"],
} as const;

export type ApiCode = keyof typeof codes;

/** Thrown by handlers, turned into a problem document by `problem`. `extra` members are added to it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ApiCode;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: ApiCode, detail: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.code = code;
    this.extra = extra;
  }
}

export function problem(error: ApiError, c: Context): Response {
  const [status, title] = codes[error.code];
  const body = {
    type: `urn:tocsin:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    instance: new URL(c.req.url).pathname,
    ...error.extra,
  };
  const headers: Record<string, string> = { "content-type": "application/problem+json; charset=utf-8" };
  if (status === 401) headers["www-authenticate"] = 'Bearer realm="tocsin"';
  if (status === 503) headers["retry-after"] = "5";
  if (status === 429)
    headers["retry-after"] = typeof error.extra["retryAfter"] === "number" ? String(error.extra["retryAfter"]) : "20";
  return new Response(JSON.stringify(body), { status, headers });
}

/** Whatever was thrown, as a problem. The unexpected is logged with a reference and told as that reference only. */
export function onError(error: Error, c: Context): Response {
  if (error instanceof ApiError) return problem(error, c);
  const reference = crypto.randomUUID();
  console.error("unexpected", reference, error.stack ?? String(error));
  return problem(new ApiError("unavailable", `something broke on our side; the log has it under ${reference}`), c);
}

export function notFound(c: Context): Response {
  return problem(new ApiError("not-found", "there is nothing at this address"), c);
}
