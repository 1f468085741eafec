// Owns PagerDuty's Events API as a source: what its events mean is event.ts's, the doors that look like that product drop-in.ts's.

import * as z from "zod";
import { isRecord, verifyShared, type SourceManifest, type SourcePlugin } from "../../sdk/index.ts";
import { dropIn } from "./drop-in.ts";
import { changeIn, eventOf, isChange } from "./event.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize: ({ payload }) => [eventOf(payload)],
  changes: ({ payload }) => (isRecord(payload) && isChange(payload) ? [changeIn(payload)] : []),
  dropIn,
};
