// Owns the document's section `heartbeats`: jobs that say they are alive, and when they must.

import * as z from "zod";
import { formatDuration } from "../core/duration.ts";
import { limits } from "../core/limits.ts";
import { duration, id, secret, text, timeZone } from "./document-parts.ts";

const bound = limits.heartbeat;

export const heartbeat = z.strictObject({
  id,
  name: text(200).optional(),
  every: duration(bound.everyMsMin, bound.everyMsMax).optional().describe("From one beat to the next; or cron"),
  cron: text(200).optional().describe('Five fields, "0 3 * * *"; or every'),
  timeZone: timeZone.optional().describe("Of cron; the tenant's by default"),
  grace: duration(0, bound.graceMsMax)
    .default(formatDuration(bound.graceMsDefault))
    .describe("How late a beat may be, and how long a run may take from its start"),
  service: id.optional(),
  severity: text(32).optional().describe("Of the tenant's own scale; that of an error by default"),
  expectFirst: z.boolean().default(false).describe("Missing from the beginning on, not only after its first beat"),
  key: secret.optional().describe("Omitted: generated and shown once"),
});
