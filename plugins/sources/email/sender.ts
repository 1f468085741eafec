// Owns who a mail is from: whether that sender is allowed, whether the receiving server vouches for it, and whether a machine
// answered or a list passed it on instead.

import type { Config } from "./config.ts";
import type { Mail } from "./mail.ts";

/** Why the mail is not taken; null: it is. */
export function refusal(mail: Mail, { allow, authenticated }: Pick<Config, "allow" | "authenticated">): string | null {
  if (allow.length > 0 && !allow.some((each) => fits(mail.from ?? "", each)))
    return `${mail.from ?? "a mail without From"} is none of the allowed senders`;
  if (authenticated === undefined) return null;
  const { by, server } = authenticated;
  // Headers are put before those that came: the first is the receiver's, a second one may be the sender's own invention.
  const [said = ""] = mail.header("authentication-results");
  return vouched(said, server, by, domainOf(mail.from ?? ""))
    ? null
    : `${server} did not find that ${mail.from ?? "the mail"} passes ${by} for its domain`;
}

function fits(address: string, allowed: string): boolean {
  if (allowed.includes("@")) return address === allowed;
  const domain = domainOf(address);
  return allowed.startsWith("*.") ? domain.endsWith(allowed.slice(1)) : domain === allowed;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}

/** RFC 8601: the server's name, then results; comments and quoted texts say nothing. */
function vouched(header: string, server: string, method: "dmarc" | "dkim" | "spf", domain: string): boolean {
  const bare = header
    .toLowerCase()
    .replaceAll(/"[^"]{0,4096}"/g, "")
    .replaceAll(/\([^()]{0,4096}\)/g, " ");
  const [id = "", ...results] = bare.split(";").map((each) => each.trim());
  if (id.split(/\s/)[0] !== server || domain === "") return false;
  return results.some((result) => {
    const [verdict = "", ...properties] = result.split(/\s+/);
    if (verdict !== `${method}=pass`) return false;
    const of = { dmarc: ["header.from"], dkim: ["header.d", "header.i"], spf: ["smtp.mailfrom"] }[method];
    const found = properties.flatMap((each) => {
      const [name = "", value = ""] = each.split("=");
      return of.includes(name) ? [domainOf(value)] : [];
    });
    return found.some((each) => each !== "" && (domain === each || domain.endsWith(`.${each}`)));
  });
}

/** Why nobody is told of it; null: a mail like any other. `auto-generated` is what every cron job and monitor says of itself. */
export function automatic(mail: Mail, lists: Config["lists"]): string | null {
  const submitted = word(mail.header("auto-submitted")[0]);
  const precedence = word(mail.header("precedence")[0]);
  if (mail.envelopeFrom === "" || mail.envelopeFrom === "<>") return "a bounce: its envelope has no sender";
  if (/^multipart\/report\b/i.test(mail.header("content-type")[0] ?? "")) return "a report about the delivery of another mail";
  if (submitted === "auto-replied") return "an automatic answer: Auto-Submitted says so";
  if (precedence === "auto_reply" || mail.header("x-autoreply").length > 0 || mail.header("x-autorespond").length > 0)
    return "an automatic answer: Precedence or X-Autoreply says so";
  if (mail.answers && mail.header("x-auto-response-suppress").length > 0 && submitted !== "")
    return "an automatic answer: it answers a mail and wants none itself (X-Auto-Response-Suppress)";
  if (mail.header("x-tocsin-page").length > 0) return "a page of this hub itself, sent round in a circle";
  if (lists === "ignore" && (precedence === "list" || precedence === "junk" || mail.header("list-id").length > 0))
    return "came through a mailing list (lists: take lets such mail in)";
  return null;
}

function word(value: string | undefined): string {
  return /^[\w-]{1,64}/.exec(value?.trim().toLowerCase() ?? "")?.[0] ?? "";
}
