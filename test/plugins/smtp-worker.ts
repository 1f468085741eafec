// Owns the Worker of smtp-workerd.test.ts: the product's own io and mail notifier on the real runtime, one mail a request.

import { plugin } from "../../plugins/notifiers/smtp/index.ts";
import { ProviderError } from "../../plugins/sdk/index.ts";
import { makeIo } from "../../worker/objects/io.ts";
import { page } from "./page.ts";

interface Order {
  readonly port: number;
  readonly tls: "implicit" | "starttls" | "none";
  readonly host: string;
  readonly secrets: { readonly user?: string; readonly password?: string };
  readonly limitMs: number;
  readonly allowPrivate: boolean;
}

export default {
  async fetch(request: Request): Promise<Response> {
    const { host, port, tls, secrets, limitMs, allowPrivate }: Order = await request.json();
    const io = makeIo({
      env: allowPrivate ? { TOCSIN_ALLOW_PRIVATE_EGRESS: "1" } : {},
      needs: ["tcp"],
      limitMs,
      mayStart: () => true,
      inbox: { put: () => Promise.reject(new Error("mail has no inbox")) },
    });
    const config = plugin.config.parse({ host, port, tls, from: "tocsin@acme.test" });
    try {
      return Response.json(await plugin.send({ page, config, secrets, target: "ana@acme.test", attempt: 1 }, io));
    } catch (error) {
      if (error instanceof ProviderError) return Response.json({ status: error.kind, reason: error.message });
      throw error;
    }
  },
};
