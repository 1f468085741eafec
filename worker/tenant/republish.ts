// Owns the minute's look for configurations that were saved and never confirmed. D1 being dark is no news here: it waits.

import { notInForce } from "../store/tenant.ts";
import { republish } from "./apply.ts";

export async function republishAll(env: Env): Promise<void> {
  try {
    for (const tenant of await notInForce(env.DB)) await republish(env, tenant);
  } catch (error) {
    console.warn("could not look for configurations not yet in force", String(error));
  }
}
