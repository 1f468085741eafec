// Owns the contract of a notifier plugin: carry one page to one person, say what became of it.

import type * as z from "zod";
import type { OutgoingPage, Outcome } from "../../worker/core/page.ts";
import type { NotifierManifest } from "./manifest.ts";

export interface HttpRequest {
  readonly url: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
}

/** Header names in lower case; body cut at 64 KiB. Redirects are never followed (3xx comes back as it is). */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface TcpOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: "implicit" | "starttls" | "none";
}

/** A byte stream. `startTls` only for "starttls"; the returned socket takes this one's place. */
export interface Socket {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  startTls(): Socket;
  close(): Promise<void>;
  /** True once the time limit of the try has closed it: tells a slow server from one that hung up. */
  expired(): boolean;
}

/**
 * What a notifier may touch of the world; only what its manifest `needs` is there.
 * http and tcp throw ProviderError("unsent", …) when nothing left this machine (refused, DNS, egress guard) and
 * ProviderError("unknown", …) when the request left and the answer did not come (limit reached, connection lost).
 */
export interface NotifierIo {
  http(request: HttpRequest): Promise<HttpAnswer>;
  tcp(options: TcpOptions): Promise<Socket>;
  /** The simulated phone's store. */
  readonly store: { put(message: Readonly<Record<string, unknown>>): Promise<void> };
  /**
   * The value of Authorization by which a push service knows this hub (RFC 8292): for the origin of an endpoint, under the public
   * key that the device subscribed with. Null: the hub does not hold that key any more.
   */
  vapid(audience: string, publicKey: string): Promise<string | null>;
  /**
   * False once the page was cancelled (somebody acknowledged). A conversation of several steps asks before the step that
   * cannot be taken back; http and tcp ask by themselves before they start.
   */
  stillWanted(): boolean;
  now(): number;
  random(bytes: number): Uint8Array;
}

export interface SendInput<Config = unknown, Secrets = unknown> {
  readonly page: OutgoingPage;
  readonly config: Config;
  readonly secrets: Secrets;
  /** The contact's `to`. */
  readonly target: string;
  /** 1 on the first try. */
  readonly attempt: number;
}

export interface NotifierPlugin<Config = unknown, Secrets = unknown> {
  readonly manifest: NotifierManifest;
  readonly config: z.ZodType<Config>;
  /** Every field is sealed at rest. */
  readonly secrets: z.ZodType<Secrets>;
  /** Null when `to` can be used, else what is wrong with it, in a sentence. */
  checkTarget(to: string): string | null;
  send(input: SendInput<Config, Secrets>, io: NotifierIo): Promise<Outcome>;
  /** Asks the provider whether an earlier try of unknown outcome arrived; null: it does not know. */
  lookup?(
    deliveryId: string,
    input: Omit<SendInput<Config, Secrets>, "page" | "attempt">,
    io: NotifierIo,
  ): Promise<Outcome | null>;
}
