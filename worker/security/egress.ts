// Owns where the hub may connect to on behalf of a tenant. Pure: looks at the URL, resolves nothing. Residual risk: a name
// that resolves to a private address later; keep this Worker free of private-network bindings.

import ipaddr from "ipaddr.js";

export interface EgressRules {
  /** TOCSIN_ALLOW_PRIVATE_EGRESS=1: plain http, loopback and private addresses are allowed too. */
  readonly allowPrivate: boolean;
}

const privateNames = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|localdomain|home\.arpa)\.?$/i;

// Cloud metadata services hand credentials to whoever asks from inside: refused even where private addresses are allowed.
const metadataNames = /(^|\.)(metadata\.google\.internal|metadata\.goog|instance-data(\.ec2\.internal)?)$/i;
const metadataAddresses = new Set(["100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254"]);
/** Public services whose every name resolves to the address written in it. */
const mirrorNames = /(^|\.)(nip\.io|sslip\.io|xip\.io|localtest\.me|lvh\.me|vcap\.me|lacolhost\.com|rbndr\.us)$/i;

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
  // Decimal, octal, hexadecimal and short spellings are one address to a resolver, and so are a name and the name with a dot.
  const bare = normalised(host.replace(/^\[|\]$/g, "")).replace(/\.+$/, "");
  if (bare === "") return "this is no host name";
  if (ipaddr.isValid(bare)) {
    const address = ipaddr.process(bare);
    const range = address.range();
    if (range === "linkLocal" || metadataAddresses.has(address.toString()))
      return "this is a cloud's metadata address, never allowed";
    if (rules.allowPrivate) return null;
    return range === "unicast" ? "an IP address is not allowed, use a name" : `${range} addresses are not allowed`;
  }
  if (metadataNames.test(bare)) return `${bare} is a cloud's metadata service, never allowed`;
  if (rules.allowPrivate) return null;
  if (mirrorNames.test(bare)) return `${bare} resolves to whatever address is written in it`;
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
