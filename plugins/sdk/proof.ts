// Owns how a sender that no plugin knows proves itself: what a tenant may write about it, and the check.

import * as z from "zod";
import type { InboundRequest, SourceCredentials, Verdict } from "./source.ts";
import { verifyShared, verifySigned } from "./verify.ts";

const hashes = { sha1: "SHA-1", sha256: "SHA-256", sha512: "SHA-512" } as const;

const header = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_|~-]{1,128}$/, "a header's name")
  .toLowerCase();

/** `config.proof` of a source that knows no sender: how this one shows the integration's secret. */
export const proofConfig = z
  .discriminatedUnion("by", [
    z.strictObject({
      by: z.literal("secret"),
      header: header.optional().describe("A header that holds the secret, beside Authorization and X-Tocsin-Secret"),
      query: z.string().min(1).max(128).optional().describe("A parameter of the address that holds it"),
    }),
    z.strictObject({
      by: z.literal("signature"),
      header,
      algorithm: z.enum(["sha256", "sha1", "sha512"]).default("sha256"),
      encoding: z.enum(["hex", "base64"]).default("hex"),
      prefix: z.string().max(32).default("").describe("What stands before it, such as sha256="),
      timestamp: z
        .strictObject({
          header,
          between: z.string().max(8).default("."),
          toleranceS: z.int().min(1).max(86_400).default(300),
        })
        .optional()
        .describe("The header with the time, which is then signed before the body; older ones are refused"),
    }),
  ])
  .describe("How the sender shows the integration's secret; without it in any usual way");

type Proof = z.infer<typeof proofConfig>;

/** As the configuration says; without it by the secret in any usual place. */
export function verifyProof(
  request: InboundRequest,
  { secret, now, config: { proof } }: SourceCredentials<{ readonly proof?: Proof | undefined }>,
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
