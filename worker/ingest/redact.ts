// Owns masking credentials before anything of a request is kept: what some senders put into their bodies, and what nearly all put
// into their headers. Works on the body's text, so that a body nobody can read is masked too.

import { limits } from "../core/limits.ts";

/** The text with the values of these fields masked, in JSON, forms and XML. */
export function redacted(text: string, fields: readonly string[] = []): string {
  return fields.reduce((masked, field) => {
    const name = field.replaceAll(/[^\w-]/g, "");
    return masked
      .replaceAll(new RegExp(`("${name}"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"?`, "gi"), '$1"***"')
      .replaceAll(new RegExp(`((?:^|[&?])${name}=)[^&\\s]*`, "gi"), "$1***")
      .replaceAll(new RegExp(`(<(?:[\\w-]+:)?${name}(?:\\s[^<>]*)?>)[^<]*`, "gi"), "$1***");
  }, text);
}

/** Of whole words: `x-api-key` and `authorization`, not `x-event-key`. */
const credential =
  /(^|[-_])(authorization|cookie|secret|token|password|passwd|signature|credentials?|(api|auth|access)[-_]?key)($|[-_])/;
/** Of the way between, not of the sender. */
const transport =
  /^(cf-|x-forwarded-|forwarded$|x-real-ip$|connection$|host$|accept|content-length$|transfer-encoding$|expect$|mf-)/;

/** Headers worth keeping, names in lower case; credentials masked, by their name and wherever a secret itself stands. */
export function redactedHeaders(headers: Readonly<Record<string, string>>, secrets: readonly string[]): Record<string, string> {
  const { headersMax, headerCharsMax } = limits.received;
  const kept = Object.entries(headers).filter(([name]) => !transport.test(name));
  return Object.fromEntries(
    kept.slice(0, headersMax).map(([name, value]) => {
      const hidden = credential.test(name) || secrets.some((secret) => secret !== "" && value.includes(secret));
      return [name, hidden ? "***" : value.slice(0, headerCharsMax)];
    }),
  );
}
