// Owns Opsgenie's Alert API as a source: what the alert of a create request means is alert.ts's, the doors are drop-in.ts's.

import * as z from "zod";
import { verifyShared, type SourceManifest, type SourcePlugin } from "../../sdk/index.ts";
import { alertFrom } from "./alert.ts";
import { dropIn } from "./drop-in.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize: ({ payload }) => [alertFrom(payload)],
  dropIn,
};
