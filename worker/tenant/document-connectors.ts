// Owns the document's section `connectors`: who is told what happens around incidents.

import * as z from "zod";
import { incidentEvents, writtenBackByDefault } from "../core/post.ts";
import { limits } from "../core/limits.ts";
import { expression, id, secret } from "./document-parts.ts";

export const connector = z.strictObject({
  id,
  plugin: id.describe("A connector plugin's id"),
  on: z
    .array(z.string().max(32))
    .min(1)
    .max(incidentEvents.length + 1)
    .optional()
    .describe(
      `Events of an incident: ${incidentEvents.join(", ")}; or "*". A plugin that writes back hears of ${writtenBackByDefault.join(", ")} where nothing is said`,
    ),
  integrations: z
    .array(id)
    .min(1)
    .max(limits.post.connectorsMax)
    .optional()
    .describe("For a plugin that writes back to where alerts came from: only to alerts of these integrations"),
  when: expression.optional().describe("Over the incident; without it every one"),
  config: z.record(z.string(), z.unknown()).default({}),
  secrets: z.record(z.string(), secret).default({}).describe("A signing key that is omitted is made and shown once"),
});
