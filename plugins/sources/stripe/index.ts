// Owns Stripe's events: failures and disputes of one object; everything else is recorded as ignored.

import * as z from "zod";
import {
  alertOf,
  at,
  cut,
  firstOf,
  ignored,
  isRecord,
  labelsOf,
  sameText,
  timeOf,
  UnreadableError,
  verifyFresh,
  hmacSha256,
  wordOf,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
const toleranceMs = 300_000;
/** Ends of what failed that are not called a success: paid in the end, or given up. */
const others = new Set([
  "charge.dispute.closed",
  "invoice.paid",
  "invoice.voided",
  "invoice.marked_uncollectible",
  "payment_intent.canceled",
  "setup_intent.canceled",
]);

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  /** `Stripe-Signature: t=…,v1=…[,v1=…]`: HMAC-SHA256 of "t.body"; v0 is an old scheme and does not count. */
  async verify(request, { secret, now }) {
    if (secret === null) return { ok: true };
    const parts = (request.headers["stripe-signature"] ?? "").split(",").slice(0, 16);
    const time = parts.find((part) => part.startsWith("t="))?.slice(2);
    const fresh = verifyFresh(time, now, toleranceMs);
    if (!fresh.ok || secret === "") return { ok: false, reason: "the signature is missing or too old" };
    const { hex } = await hmacSha256(secret, `${time}.`, request.body);
    const fits = parts.some((part) => part.startsWith("v1=") && sameText(part.slice(3), hex));
    return fits ? { ok: true } : { ok: false, reason: "the signature is wrong" };
  },
  normalize({ payload }) {
    const type = wordOf(at(payload, "type"));
    const about = at(payload, "data", "object");
    const id = firstOf(at(about, "id"), at(payload, "id"));
    if (!isRecord(payload) || type === null || id === null)
      throw new UnreadableError("expected a Stripe event: an object with type and data.object.id");
    const kind = firstOf(at(about, "object")) ?? "object";
    const title = `${type} (${id})`;
    const fires = /(^|[._])failed$/.test(type) || type === "charge.dispute.created";
    const ends = /(^|[._])succeeded$/.test(type) || others.has(type);
    if (!fires && !ends) return [ignored("stripe", id, title, `${cut(type, 80)} is neither a failure nor its end`)];
    return [
      alertOf({
        dedupKey: id,
        action: fires ? "trigger" : "resolve",
        title,
        body:
          firstOf(
            at(about, "last_payment_error", "message"),
            at(about, "failure_message"),
            at(about, "reason"),
            at(about, "description"),
          ) ?? "",
        labels: labelsOf({
          type,
          kind,
          customer: at(about, "customer"),
          currency: at(about, "currency"),
          amount: at(about, "amount"),
          account: payload["account"],
        }),
        source: "stripe",
        sourceAt: timeOf(payload["created"]),
        test: payload["livemode"] === false,
      }),
    ];
  },
};
