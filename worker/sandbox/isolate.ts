// Owns what an isolate of a tenant's plugin is made of: the plugin, what reads for it, and nothing that leads outside.

import { limits } from "../core/limits.ts";
import { harnessSource, lockdownSource, sdkSource } from "./inside.gen.ts";

/** Plain data, so that it can also be sent to a runtime of its own. */
export function isolateOf(code: string): WorkerLoaderWorkerCode {
  return {
    compatibilityDate: "2026-10-15",
    compatibilityFlags: ["disallow_importable_env"],
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
