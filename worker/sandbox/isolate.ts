// Owns what an isolate of a tenant's plugin is made of: the plugin, what reads for it, and nothing that leads outside.

import { limits } from "../core/limits.ts";
import { harnessSource, lockdownSource, sdkSource } from "./inside.gen.ts";

/** Plain data, so that it can also be sent to a runtime of its own. */
export function isolateOf(code: string): WorkerLoaderWorkerCode {
  return {
    compatibilityDate: "2026-10-15",
    // Without Node's modules: timers, files and sockets are no part of reading a body.
    compatibilityFlags: ["disallow_importable_env", "no_nodejs_compat", "no_nodejs_compat_v2"],
    mainModule: "main.js",
    modules: {
      "main.js": { js: harnessSource },
      "lockdown.js": { js: lockdownSource },
      "plugin.js": { js: code },
      "tocsin/sdk": { js: sdkSource },
    },
    env: {},
    globalOutbound: null,
    limits: { cpuMs: limits.sandbox.cpuMs, subRequests: 0 },
  };
}

const outside = [
  ...["workers", "sockets", "email", "node", "durable-objects", "workflows", "pipelines", "ai", "br", "vectorize"].map(
    (name) => `cloudflare:${name}`,
  ),
  ...["unsafe", "unsafe-eval", "rtti"].map((name) => `workerd:${name}`),
];
const shadow = `throw new Error('there is no module here but "tocsin/sdk"'); export default null;`;

/**
 * The same, for a thread that all tenants' plugins share: the runtime's own modules are hidden as well, for with their help a plugin could
 * go on after it has answered, and its endless loop would be taken for the next one's.
 */
export function sharedIsolateOf(code: string): WorkerLoaderWorkerCode {
  const isolate = isolateOf(code);
  return { ...isolate, modules: { ...isolate.modules, ...Object.fromEntries(outside.map((name) => [name, { js: shadow }])) } };
}
