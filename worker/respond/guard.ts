// Owns the question whether a press on the responder's page came from the person's own page: act on it, or ask once more.
// Never answers "no": the bearer of the token may act, and at 3 AM a second tap is better than a refusal. Pure.

import { limits } from "../core/limits.ts";

export interface Press {
  readonly secFetchSite: string | null;
  readonly origin: string | null;
  readonly userAgent: string;
  /** What the page set, and what its form carries. */
  readonly cookieNonce: string | null;
  readonly formNonce: string | null;
  /** The person answered our "please confirm" page. */
  readonly confirmed: boolean;
  /** Origins this hub is known by: the one asked and the public one. */
  readonly ownOrigins: readonly string[];
  /** When the link was handed to the provider. */
  readonly handedOffAt: number;
}

/** Programs that fetch or detonate links in mail and chat. Only ever costs one more tap, so it may be broad. */
const scanner =
  /bot\b|crawl|spider|preview|unfurl|slack|discord|telegram|whatsapp|facebookexternalhit|skypeuri|teams|outlook|safelinks|office|proofpoint|mimecast|barracuda|symantec|fireeye|trend ?micro|scan|google-?(read|safety|image)|bingpreview|urldefense/i;

export function looksLikeScanner(userAgent: string): boolean {
  return scanner.test(userAgent);
}

export function judge(press: Press, now: number): "act" | "confirm" {
  const fresh = now - press.handedOffAt < limits.respond.handOffMs;
  if (fresh && looksLikeScanner(press.userAgent)) return "confirm";
  if (press.confirmed) return "act";
  if (looksLikeScanner(press.userAgent)) return "confirm";
  const site = siteOf(press);
  if (site === "other") return "confirm";
  const nonceFits = press.cookieNonce !== null && press.cookieNonce === press.formNonce;
  if (nonceFits) return "act";
  return site === "own" && !fresh ? "act" : "confirm";
}

/**
 * Sec-Fetch-Site where the browser sends it (https and localhost), else Origin. Under Referrer-Policy no-referrer a
 * browser sends `Origin: null` with its own forms (Fetch, "append a request Origin header"): that says nothing.
 */
function siteOf(press: Press): "own" | "other" | "unsaid" {
  if (press.secFetchSite !== null) return press.secFetchSite === "same-origin" ? "own" : "other";
  if (press.origin === null || press.origin === "null") return "unsaid";
  return press.ownOrigins.includes(press.origin) ? "own" : "other";
}
