// Owns turning connectors, as written and checked, into what incidents run on. Pure.

import { connectors as plugins } from "../../plugins/registry.gen.ts";
import { limits } from "../core/limits.ts";
import { writtenBackByDefault } from "../core/post.ts";
import type { Connector } from "../core/snapshot.ts";
import type { DefinitionOf } from "./definitions.ts";

/** None where its plugin is not of this release. */
export function connectorOf(each: DefinitionOf<"connectors">): Connector[] {
  const manifest = plugins[each.plugin]?.manifest;
  if (manifest === undefined) return [];
  return [
    {
      id: each.id,
      plugin: each.plugin,
      config: each.config,
      secrets: Object.fromEntries(Object.entries(each.secrets).map(([field, secret]) => [field, secret.sealed])),
      on: each.on ?? (manifest.writesBack === undefined ? [] : writtenBackByDefault),
      when: each.when ?? null,
      limitMs: manifest.limitMs || limits.send.limitMsDefault,
      idempotent: manifest.idempotent,
      copyCap: manifest.copyCap,
      ...(manifest.writesBack === undefined
        ? {}
        : {
            writesBack: {
              sources: manifest.writesBack,
              integrations: each.integrations ?? null,
              ...(manifest.echoes === undefined ? {} : { echoes: manifest.echoes }),
            },
          }),
    },
  ];
}
