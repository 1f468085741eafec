// Owns the contract of what this hub can connect to: the plugins with the schemas that forms are made from, and a test alert.

import * as z from "zod";
import { canonicalAlert } from "./simulate.ts";
import { t, type Endpoint } from "./endpoint.ts";

export const pluginKinds = ["source", "notifier", "connector"] as const;

export const plugins = {
  listPlugins: {
    method: "get",
    path: `${t}/plugins`,
    summary: "The plugins of this hub: sources, notifiers and connectors, by name",
    tenant: true,
    may: "responder",
    query: z.strictObject({ kind: z.enum(pluginKinds).optional() }),
    answers: {
      200: "{items, next}: {kind, id, aliases, name, description, docs, auth | channel, target | generates, writesBack}",
    },
  },
  getPlugin: {
    method: "get",
    path: `${t}/plugins/{kind}/{plugin}`,
    summary: "One plugin, with JSON Schema of its `config` and `secrets`, and its set-up text (`readme`, Markdown)",
    tenant: true,
    may: "responder",
    answers: { 200: "{kind, id, …, config, secrets, readme}", 404: "No such plugin" },
  },
  sendTestAlert: {
    method: "post",
    path: `${t}/integrations/{id}/test`,
    summary:
      "Let an alert come in by this integration: a body as its sender makes it, or an alert given; a visible test that pages nobody, or, with `page`, one that pages",
    tenant: true,
    may: "manager",
    body: z.strictObject({
      alert: canonicalAlert.optional(),
      example: z
        .enum(["trigger", "resolve"])
        .optional()
        .describe(
          "A body in the sender's own form, read as one of its own: one that fires, or the end of the same; in place of `alert`",
        ),
      page: z.boolean().default(false).describe("Page people as a real alert would"),
    }),
    answers: {
      200: "{results}, as the sender would be told",
      404: "No such integration",
      422: "No alert, or its source has no such example",
    },
  },
} as const satisfies Record<string, Endpoint>;
