// Owns where the hub may connect to on behalf of a tenant. Pure: looks at the URL, resolves nothing. Residual risk: a name
// that resolves to a private address later; keep this Worker free of private-network bindings.

import ipaddr from "ipaddr.js";

export interface EgressRules {
  /** TOCSIN_ALLOW_PRIVATE_EGRESS=1: plain http, loopback and private addresses are allowed too. */
  readonly allowPrivate: boolean;
}

const privateNames = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|localdomain|home\.arpa)\.?$/i;

/** Null when the URL may be requested, else what is wrong with it. */
export function checkUrl(text: string, rules: EgressRules): string | null {
  if (/[\r\n\t\0]/.test(text)) return "the URL holds control characters";
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return "this is no URL";
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return `${url.protocol} is not allowed, only https`;
  if (url.username !== "" || url.password !== "") return "a URL must not hold a user name or password; use headers";
  if (!rules.allowPrivate && url.protocol !== "https:") return "only https is allowed (TOCSIN_ALLOW_PRIVATE_EGRESS=1 lifts this)";
  return checkHost(url.hostname, rules);
}

/** Null when the host may be connected to, else why not. Takes names, IPv4 in any spelling the URL parser knows, [IPv6]. */
export function checkHost(host: string, rules: EgressRules): string | null {
  if (host === "" || /[\r\n\t\0\s/@]/.test(host)) return "this is no host name";
  if (rules.allowPrivate) return null;
  const bare = host.replace(/^\[|\]$/g, "");
  // Decimal, octal, hexadecimal and short spellings are one address to a resolver.
  const normal = normalised(bare);
  if (ipaddr.isValid(normal)) {
    const range = ipaddr.process(normal).range();
    return range === "unicast" ? "an IP address is not allowed, use a name" : `${range} addresses are not allowed`;
  }
  if (privateNames.test(bare)) return `${bare} is a private name`;
  if (!bare.includes(".")) return `${bare} is no public name`;
  return null;
}

function normalised(host: string): string {
  try {
    return new URL(`http://${host.includes(":") ? `[${host}]` : host}/`).hostname.replace(/^\[|\]$/g, "");
  } catch {
    return host;
  }
}
