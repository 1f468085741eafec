// Owns what the API tells of plugins, and an alert that somebody sends by hand to see where an integration leads.

import * as z from "zod";
import { connectors, notifiers, sources } from "../../../plugins/registry.gen.ts";
import type { ConnectorPlugin, NotifierPlugin, SourcePlugin } from "../../../plugins/sdk/index.ts";
import { boundedKey, titleOf } from "../../../plugins/sdk/index.ts";
import type { Alert } from "../../core/alert.ts";
import type { Integration, Snapshot } from "../../core/snapshot.ts";
import { clampAlert } from "../../ingest/clamp.ts";
import { hand, publicResult } from "../../ingest/hand.ts";
import { readBodyAlerts } from "../../ingest/read-body.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { snapshotOf } from "./tenant.ts";

type Plugin = SourcePlugin | NotifierPlugin | ConnectorPlugin;
type PluginKind = Plugin["manifest"]["kind"];

const registries: Readonly<Record<PluginKind, Readonly<Record<string, Plugin>>>> = {
  source: sources,
  notifier: notifiers,
  connector: connectors,
};

function factsOf({ manifest }: Plugin): Record<string, unknown> {
  const { kind, id, name, description, docs } = manifest;
  const facts = { kind, id, name, description, docs };
  if (manifest.kind === "source") return { ...facts, aliases: manifest.aliases ?? [], auth: manifest.auth };
  if (manifest.kind === "connector")
    return { ...facts, generates: Object.keys(manifest.generates ?? {}), writesBack: manifest.writesBack ?? [] };
  const { channel, target, builtIn = false } = manifest;
  return { ...facts, channel, target, builtIn };
}

/** Aliases lead to the same plugin: it is listed once. */
function pluginsOf(kind: PluginKind): Plugin[] {
  const all = [...new Set(Object.values(registries[kind]))];
  return all.toSorted((a, b) => a.manifest.name.localeCompare(b.manifest.name, "en"));
}

export const listPlugins: Handler = async ({ c, query }) => {
  const wanted = query["kind"] as PluginKind | undefined;
  const kinds: readonly PluginKind[] = wanted === undefined ? ["source", "notifier", "connector"] : [wanted];
  return c.json({ items: kinds.flatMap(pluginsOf).map(factsOf), next: null });
};

export const getPlugin: Handler = async ({ c, params }) => {
  const [kind, id] = [params["kind"] ?? "", params["plugin"] ?? ""];
  const registry = Object.hasOwn(registries, kind) ? registries[kind as PluginKind] : {};
  const plugin = Object.hasOwn(registry, id) ? registry[id] : undefined;
  if (plugin === undefined) throw new ApiError("not-found", "there is nothing at this address");
  const readmes: Readonly<Record<string, string>> = (await import("../../../plugins/readmes.gen.json")).default;
  return c.json({
    ...factsOf(plugin),
    config: schemaOf(plugin.config),
    secrets: "secrets" in plugin ? schemaOf(plugin.secrets) : null,
    readme: readmes[`${kind}s/${plugin.manifest.id}`] ?? "",
  });
};

/** What somebody writes, before defaults are filled in. */
function schemaOf(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}

export const sendTestAlert: Handler = async (call) => {
  const snapshot = await snapshotOf(call);
  const integration = snapshot.integrations[call.params["id"] ?? ""];
  if (integration === undefined) throw new ApiError("not-found", "there is nothing at this address");
  const page = call.body["page"] === true;
  const example = call.body["example"] as "trigger" | "resolve" | undefined;
  const alerts = (
    example === undefined ? [givenAlert(call, integration)] : await exampleAlerts(call, snapshot, integration, example)
  ).map((alert): Alert => ({ ...alert, test: !page }));
  const entry = { tenant: snapshot.tenant, integration: integration.id, jurisdiction: snapshot.jurisdiction };
  const results = await hand({ env: call.env, entry, snapshot, integration }, alerts, { deliveryId: null, raw: null }).catch(
    (error: unknown) => {
      console.error("a test alert could not be handed over", String(error));
      throw new ApiError("unavailable", "the alert could not be stored; nobody was paged, try again");
    },
  );
  return call.c.json({ results: results.map(publicResult) });
};

function givenAlert(call: Call, integration: Integration): Alert {
  // Checked against the contract by the time it comes here.
  const given = (call.body["alert"] ?? {}) as Partial<Alert> & { readonly raw?: unknown };
  const { raw: _raw, ...rest } = given;
  const alert = clampAlert({
    action: "trigger",
    severity: "unknown",
    title: `Test alert of ${integration.name}`,
    body: "",
    labels: {},
    links: [],
    sourceAt: null,
    ...rest,
    dedupKey: rest.dedupKey === undefined || rest.dedupKey === "simulated" ? `test-${crypto.randomUUID()}` : rest.dedupKey,
    source: rest.source ?? integration.source,
    test: true,
  });
  if (alert === null) throw refusedTest("alert", "this is no alert");
  return alert;
}

/**
 * The body goes through the source's own reading, with the integration's own settings, as one of the sender's would. Its times are of
 * long ago and are left out; its keys are marked, so that a test never joins, nor ends, what the sender itself told of.
 */
async function exampleAlerts(
  call: Call,
  snapshot: Snapshot,
  integration: Integration,
  which: "trigger" | "resolve",
): Promise<readonly Alert[]> {
  const plugin = sources[integration.source];
  const examples: Readonly<Record<string, Examples>> = (await import("../../../plugins/examples.gen.json")).default;
  const found = plugin === undefined ? undefined : examples[plugin.manifest.id];
  const example = found?.[which] ?? null;
  if (plugin === undefined || found === undefined)
    throw refusedTest("example", "there is no example of this source: give an alert");
  if (example === null)
    throw refusedTest("example", `no body of ${plugin.manifest.name} says that a problem is over: end the test by hand`);
  const body = new TextEncoder().encode(example.body);
  const headers = Object.fromEntries(Object.entries(example.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const read = await readBodyAlerts({ env: call.env, snapshot, integration, plugin, trial: true }, { body, headers });
  if (!read.ok)
    throw refusedTest("example", `with this integration's settings the sender's example cannot be read: ${read.reason}`);
  const wanted = read.alerts.filter(({ action }) => action === which);
  if (wanted.length === 0)
    throw refusedTest("example", `with this integration's settings the sender's example becomes no ${which}`);
  return wanted.map(({ expiresAt: _, ...alert }) => ({
    ...alert,
    dedupKey: boundedKey(`test ${alert.dedupKey}`),
    title: titleOf(`[Test] ${alert.title}`),
    sourceAt: null,
    notes: [...(alert.notes ?? []), "a test that somebody sent from here, in the sender's own form"],
  }));
}

interface Examples {
  readonly trigger: Example;
  readonly resolve: Example | null;
}

interface Example {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function refusedTest(path: string, message: string): ApiError {
  return new ApiError("invalid", `${path}: ${message}`, { errors: [{ in: "body", path, message }] });
}
