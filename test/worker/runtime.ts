// Owns the one import of the test runtime, with the bindings that only tests have.

import type { D1Migration } from "cloudflare:test";
import { env as bindings, exports as doors } from "cloudflare:workers";

export { applyD1Migrations, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";

export const env = bindings as Env & { readonly TEST_MIGRATIONS: D1Migration[] };
export const exports = doors as unknown as { readonly default: { fetch(request: Request): Promise<Response> } };
