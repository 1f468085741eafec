// Owns what an HTTP answer of a provider means, once for all notifiers. A notifier may refine it, never loosen it.

import type { Fix, Outcome } from "../../worker/core/page.ts";
import type { HttpAnswer } from "./notifier.ts";

const longestWaitMs = 3_600_000;
const fixes: Readonly<Partial<Record<number, Fix>>> = { 401: "credentials", 403: "rights" };

/**
 * 2xx accepted · 408, 425, 429 and 5xx worth a retry (Retry-After honoured) · everything else failed for good. Redirects
 * are never followed: a provider that moved is a configuration to mend.
 */
export function classifyStatus(answer: HttpAnswer, ref: string | null, now: number): Outcome {
  const { status } = answer;
  if (status >= 200 && status < 300) return { status: "accepted", ref, detail: `HTTP ${status}` };
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return { status: "retry", reason: `HTTP ${status}`, afterMs: retryAfterMs(answer.headers["retry-after"], now) };
  }
  if (status >= 300 && status < 400)
    return { status: "failed", reason: `HTTP ${status}: redirects are not followed, set the final URL`, fix: "address" };
  const fix = fixes[status];
  return { status: "failed", reason: `HTTP ${status}`, ...(fix === undefined ? {} : { fix }) };
}

/** Retry-After as seconds or an HTTP date (RFC 9110 §10.2.3); null when absent or unreadable. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longestWaitMs) : null;
}
