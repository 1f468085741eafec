// Owns PagerDuty's Events API as a source: what its events mean is event.ts's, the doors that look like that product drop-in.ts's.

import * as z from "zod";
import { verifyShared, type SourceManifest, type SourcePlugin } from "../../sdk/index.ts";
import { dropIn } from "./drop-in.ts";
import { eventOf } from "./event.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize: ({ payload }) => [eventOf(payload)],
  dropIn,
};
