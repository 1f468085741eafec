// Owns reading a request by the rules of a door that looks like another product's API, whether it comes in now or was kept and is
// let in again: which settings hold, what a plugin that throws means, and what of the address is kept beside the body.

import { sources } from "../../plugins/registry.gen.ts";
import {
  UnreadableError,
  type Asked,
  type DropIn,
  type DropInRequest,
  type DropInRoute,
  type SourcePlugin,
} from "../../plugins/sdk/index.ts";
import { limits } from "../core/limits.ts";
import type { Integration } from "../core/snapshot.ts";
import type { BodyDoor, KeptBody } from "../objects/rpc-received.ts";
import { parseBody, type Parsed, type ReadBody } from "./body.ts";

export type Product = SourcePlugin & { readonly dropIn: DropIn };

export const products: readonly Product[] = [...new Set(Object.values(sources))].filter(
  (plugin): plugin is Product => plugin.dropIn !== undefined,
);

export function parsedBy(body: ReadBody, route: DropInRoute, contentType?: string): Parsed {
  if (!body.ok) return body;
  return body.bytes.length === 0 ? { ok: true, payload: null } : parseBody(body.bytes, route.body, contentType);
}

/** An integration of another source may be sent to by any door: its key is the proof. Its settings are not this plugin's. */
export function settingsFor(plugin: SourcePlugin, integration: Integration): Integration {
  return sources[integration.source] === plugin ? integration : { ...integration, config: {} };
}

/** `config`: as settingsFor has it. */
export function askedBy(plugin: Product, request: DropInRequest, config: unknown): Asked {
  const unreadable = (reason: string): Asked => ({
    kind: "unreadable",
    reason,
    answer: plugin.dropIn.refuse("unreadable", request, reason),
  });
  const settings = plugin.config.safeParse(config);
  if (!settings.success)
    return unreadable(`the integration's config does not fit: ${settings.error.issues[0]?.message ?? "unreadable"}`);
  try {
    return plugin.dropIn.read(request, settings.data);
  } catch (error) {
    return unreadable(error instanceof UnreadableError ? error.message.slice(0, 300) : "the plugin could not read it");
  }
}

/** `hidden`: the key and the secrets, which are kept nowhere. Null: the address is too long to be kept. */
export function doorOf(
  plugin: Product,
  { route, params, query, unique }: DropInRequest,
  hidden: readonly string[],
): BodyDoor | null {
  const open = (values: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => !hidden.some((each) => each !== "" && value.includes(each))));
  const door = { plugin: plugin.manifest.id, path: route.path, params: open(params), query: open(query), unique };
  return JSON.stringify(door).length > limits.received.doorCharsMax ? null : door;
}

/** The request that a kept body came with; null: no plugin here has such a door any more. */
export function requestAgain(
  kept: Pick<KeptBody, "method" | "headers"> & { readonly raw: string },
  door: BodyDoor,
  { origin, now }: { readonly origin: string; readonly now: number },
): { readonly plugin: Product; readonly request: DropInRequest } | null {
  const plugin = products.find(({ manifest }) => manifest.id === door.plugin);
  const route = plugin?.dropIn.routes.find((each) => each.path === door.path && each.method === kept.method);
  if (plugin === undefined || route === undefined) return null;
  const body = new TextEncoder().encode(kept.raw);
  const { params, query, unique } = door;
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? "-"));
  const read = parsedBy({ ok: true, bytes: body }, route, kept.headers["content-type"]);
  return {
    plugin,
    request: { method: kept.method, path, query, headers: kept.headers, body, route, params, origin, read, unique, now },
  };
}
