// Owns the source without code: what a tenant's own expressions and templates read off any body, and how its sender is proven.

import { verifyProof, type SourceManifest, type SourcePlugin } from "../../sdk/index.ts";
import { config, type Config } from "./config.ts";
import manifest from "./manifest.json" with { type: "json" };
import { mapped } from "./mapping.ts";

export const plugin: SourcePlugin<Config> = {
  manifest: manifest as SourceManifest,
  config,
  readsAs: ({ format }) => format,
  verify: verifyProof,
  normalize: mapped,
};
