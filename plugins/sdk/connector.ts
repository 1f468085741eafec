// Owns the contract of a connector plugin: act on the world around an incident when something happens to it, say what became of it.

import type * as z from "zod";
import type { Outcome } from "../../worker/core/page.ts";
import type { OutgoingPost } from "../../worker/core/post.ts";
import type { ConnectorManifest } from "./manifest.ts";
import type { NotifierIo } from "./notifier.ts";

/** As a notifier's, without what only pages need. */
export type ConnectorIo = Omit<NotifierIo, "store" | "vapid">;

export interface ActInput<Config = unknown, Secrets = unknown> {
  /** What happened, frozen then: the same on every try, also when the incident has moved on. */
  readonly event: OutgoingPost;
  readonly config: Config;
  readonly secrets: Secrets;
  /** 1 on the first try. */
  readonly attempt: number;
}

/**
 * Events of one incident come to one connector one at a time and in order. Nobody is paged by a connector, and no page waits
 * for one; an outcome of `retry` or `unknown` is tried again for a day.
 */
export interface ConnectorPlugin<Config = unknown, Secrets = unknown> {
  readonly manifest: ConnectorManifest;
  /** The connector's `config:`; takes `baseUrl` or `url`, so that a test or a proxy can stand in for the other side. */
  readonly config: z.ZodType<Config>;
  /** Every field is sealed at rest. */
  readonly secrets: z.ZodType<Secrets>;
  act(input: ActInput<Config, Secrets>, io: ConnectorIo): Promise<Outcome>;
}
