// Owns telling the browsers that look on. Beside the way of a page, never on it: nobody waits for it, and it may fail.

import { limits } from "../core/limits.ts";
import type { Id } from "../core/snapshot.ts";
import { withLimit } from "./limit.ts";
import { liveStub } from "./places.ts";
import type { LiveChange } from "./rpc.ts";

interface Home {
  readonly tenant: Id;
  readonly jurisdiction: string | null;
}

export async function tellLive(env: Env, { tenant, jurisdiction }: Home, change: LiveChange): Promise<void> {
  try {
    await withLimit(liveStub(env, tenant, jurisdiction).changed(change), limits.live.tellMs);
  } catch {
    // They ask by themselves every now and then.
  }
}
