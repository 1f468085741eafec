// Owns the way in for mail: which integration an address means, a door that takes raw mails (from the launcher's mail server, a
// mail server's pipe, or Email Routing), and what Email Routing is told. From there on a mail is a body like any other.

import { Hono } from "hono";
import { ingest, later, mailDoorFor, unauthorized } from "./ingest.ts";

export const mailApp = new Hono<{ Bindings: Env }>();

/** Whether mail to the address is taken: a mail server asks before it lets the mail come. */
mailApp.get("/v1/mail/:address", async (c) => {
  try {
    const door = await mailDoorFor(c.env, keyOfAddress(c.req.param("address")));
    return door === null ? unauthorized(c) : c.body(null, 204);
  } catch {
    return later(c, "the configuration is out of reach for a moment");
  }
});

/** The raw mail; `?from=` is the envelope's sender, empty for a bounce. */
mailApp.post("/v1/mail/:address", (c) => {
  const to = c.req.param("address");
  return ingest(c, keyOfAddress(to), { from: c.req.query("from") ?? null, to });
});

mailApp.all("/v1/mail/:address", (c) => c.json({ error: "mails are sent with POST" }, 405, { allow: "GET, POST" }));

/** `{key}@…` or `anything+{key}@…`; the key alone is an address, too. */
export function keyOfAddress(address: string): string {
  const at = address.lastIndexOf("@");
  const local = at === -1 ? address : address.slice(0, at);
  return local.slice(local.lastIndexOf("+") + 1);
}

/**
 * Email Routing's own mail. Taken: returns. Refused for good: `setReject`, which the sender hears as a permanent error. Anything else
 * throws, so that the sending server keeps the mail and comes again: a mail that is not durable is never said to have arrived.
 */
export async function receiveMail(
  message: Pick<ForwardableEmailMessage, "from" | "to" | "raw" | "setReject">,
  fetch: (request: Request) => Promise<Response>,
): Promise<void> {
  const address = encodeURIComponent(message.to);
  const url = `https://mail.invalid/v1/mail/${address}?from=${encodeURIComponent(message.from)}`;
  const answer = await fetch(
    new Request(url, { method: "POST", body: message.raw, headers: { "content-type": "message/rfc822" } }),
  );
  await answer.body?.cancel();
  if (answer.ok) return;
  if (answer.status === 401) return message.setReject("No such address here, or not for this sender");
  throw new Error(`the mail could not be stored just now (${answer.status}): the sender is to send it again`);
}
