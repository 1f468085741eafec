// Owns the source without code: what a tenant's own expressions and templates read off any body, and how its sender is proven.

import {
  verifyShared,
  verifySigned,
  type InboundRequest,
  type SourceCredentials,
  type SourceManifest,
  type SourcePlugin,
  type Verdict,
} from "../../sdk/index.ts";
import { config, type Config } from "./config.ts";
import manifest from "./manifest.json" with { type: "json" };
import { mapped } from "./mapping.ts";

const hashes = { sha1: "SHA-1", sha256: "SHA-256", sha512: "SHA-512" } as const;

export const plugin: SourcePlugin<Config> = {
  manifest: manifest as SourceManifest,
  config,
  readsAs: ({ format }) => format,
  verify,
  normalize: mapped,
};

function verify(
  request: InboundRequest,
  { secret, now, config: { proof } }: SourceCredentials<Config>,
): Verdict | Promise<Verdict> {
  if (proof === undefined) return verifyShared(request, secret);
  if (secret === null) return { ok: false, reason: "the integration has no secret to check the sender by" };
  if (proof.by === "secret") {
    const { header, query } = proof;
    return verifyShared(request, secret, {
      ...(header === undefined ? {} : { header }),
      ...(query === undefined ? {} : { query }),
    });
  }
  const { header, algorithm, encoding, prefix, timestamp } = proof;
  const timed =
    timestamp === undefined
      ? {}
      : { timestamp: { header: timestamp.header, between: timestamp.between, toleranceMs: timestamp.toleranceS * 1_000 } };
  return verifySigned(request, { secret, now }, { header, hash: hashes[algorithm], encoding, prefix, ...timed });
}
