// Owns the Worker of the tests on the real runtime: the product's own io, one mail or one HTTP request an order.

import { plugin } from "../../plugins/notifiers/smtp/index.ts";
import { ProviderError, type HttpRequest } from "../../plugins/sdk/index.ts";
import { makeIo } from "../../worker/objects/io.ts";
import { page } from "./page.ts";

interface Order {
  /** Instead of a mail. */
  readonly http?: HttpRequest;
  readonly needs?: readonly ("http" | "tcp" | "store")[];
  readonly mayStart?: boolean;
  readonly port: number;
  readonly tls: "implicit" | "starttls" | "none";
  readonly host: string;
  readonly secrets: { readonly user?: string; readonly password?: string };
  readonly limitMs: number;
  readonly allowPrivate: boolean;
}

export default {
  async fetch(request: Request): Promise<Response> {
    const order: Order = await request.json();
    const { host, port, tls, secrets, limitMs, allowPrivate } = order;
    const io = makeIo({
      env: {
        TOCSIN_SECRET: "root-key-of-the-io-worker-root-key-of-the-io-worker",
        TOCSIN_PUBLIC_URL: "https://tocsin.acme.test",
        ...(allowPrivate ? { TOCSIN_ALLOW_PRIVATE_EGRESS: "1" } : {}),
      },
      needs: order.needs ?? ["tcp"],
      limitMs,
      mayStart: () => order.mayStart ?? true,
      inbox: { put: () => Promise.reject(new Error("mail has no inbox")) },
    });
    try {
      if (order.http) return Response.json(await io.http(order.http));
      const config = plugin.config.parse({ host, port, tls, from: "tocsin@acme.test" });
      return Response.json(await plugin.send({ page, config, secrets, target: "ana@acme.test", attempt: 1 }, io));
    } catch (error) {
      if (error instanceof ProviderError) return Response.json({ status: error.kind, reason: error.message });
      throw error;
    }
  },
};
