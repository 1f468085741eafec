// Owns the one map of the API: every endpoint with its schemas, put together from a file a noun. Routes are mounted from it,
// OpenAPI is generated from it, and the authorization matrix is tested from it. No handler is imported here.

import { apiKeys } from "./contract/api-keys.ts";
import { audit } from "./contract/audit.ts";
import { changes } from "./contract/changes.ts";
import { commands } from "./contract/commands.ts";
import { deliveries } from "./contract/deliveries.ts";
import { devices } from "./contract/devices.ts";
import { directory } from "./contract/directory.ts";
import type { Endpoint } from "./contract/endpoint.ts";
import { expressions } from "./contract/expressions.ts";
import { feeds } from "./contract/feeds.ts";
import { heartbeats } from "./contract/heartbeats.ts";
import { hours } from "./contract/hours.ts";
import { incidents } from "./contract/incidents.ts";
import { live } from "./contract/live.ts";
import { objects } from "./contract/objects.ts";
import { oncall } from "./contract/oncall.ts";
import { overrides } from "./contract/overrides.ts";
import { ownPlugins } from "./contract/own-plugins.ts";
import { plugins } from "./contract/plugins.ts";
import { quiet } from "./contract/quiet.ts";
import { received } from "./contract/received.ts";
import { resources } from "./contract/resources.ts";
import { session } from "./contract/session.ts";
import { slas } from "./contract/slas.ts";
import { simulations } from "./contract/simulate.ts";
import { tenants } from "./contract/tenants.ts";

export type { Endpoint } from "./contract/endpoint.ts";

export const contract = {
  ...session,
  ...directory,
  ...live,
  ...tenants,
  ...incidents,
  ...changes,
  ...commands,
  ...deliveries,
  ...oncall,
  ...overrides,
  ...feeds,
  ...slas,
  ...hours,
  ...heartbeats,
  // Before the resources: routes/order is no route called order.
  ...objects,
  ...devices,
  ...plugins,
  ...ownPlugins,
  ...quiet,
  ...received,
  ...resources,
  ...audit,
  ...apiKeys,
  ...expressions,
  ...simulations,
} satisfies Record<string, Endpoint>;

export type Operation = keyof typeof contract;
