// Owns the source that a tenant's own code reads for: which plugin, how its sender is proven, what it is given. The reading itself
// happens in the hub's sandbox (worker/sandbox), never here.

import * as z from "zod";
import { proofConfig, UnreadableError, verifyProof, type SourceManifest, type SourcePlugin } from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  plugin: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/, "the id of a plugin that you uploaded: lower-case letters, digits, hyphens")
    .describe("The plugin that reads the body, by its id"),
  version: z.int().min(1).optional().describe("Keeps to this version of it; without it, the one in use"),
  format: z
    .enum(["any", "json", "form", "xml", "text"])
    .default("any")
    .describe("How the body is written; any: by its content type and its beginning"),
  settings: z.record(z.string().min(1).max(128), z.json()).default({}).describe("What the plugin is given as its `config`"),
  proof: proofConfig.optional(),
});
type Config = z.infer<typeof config>;

export const plugin: SourcePlugin<Config> = {
  manifest: manifest as SourceManifest,
  config,
  readsAs: ({ format }) => format,
  verify: verifyProof,
  normalize() {
    throw new UnreadableError("only a hub reads it, by the tenant's own code");
  },
};
