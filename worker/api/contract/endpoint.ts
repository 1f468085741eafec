// Owns the shape of one endpoint of the contract, and the pieces that several of them share.

import * as z from "zod";
import type { Guarded } from "../../auth/roles.ts";
import { limits } from "../../core/limits.ts";

export interface Endpoint extends Guarded {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  readonly path: string;
  readonly summary: string;
  /** The tenant in the path must exist for the asker. */
  readonly tenant: boolean;
  readonly query?: z.ZodType<Record<string, unknown>>;
  /** JSON body. */
  readonly body?: z.ZodType<Record<string, unknown>>;
  /** Of the body; limits.api.bodyBytesMax by default. */
  readonly bodyBytesMax?: number;
  /** JSON body that the handler reads and checks itself; this is what it looks like, for the reader. */
  readonly describes?: z.ZodType;
  /** Also takes or gives something else than JSON (the tenant document). */
  readonly raw?: string;
  readonly answers: Readonly<Record<number, string>>;
}

/** Every path of a tenant begins with it. */
export const t = "/api/v1/tenants/{tenant}";

export const list = {
  limit: z.coerce.number().int().min(1).max(limits.list.pageMax).default(limits.list.pageDefault),
  cursor: z.string().max(200).optional(),
};

export const commas = z
  .string()
  .max(500)
  .transform((text) =>
    text
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== ""),
  );

/** Names divided by commas, each of them known: a mistyped one is told, not answered with an empty list. */
export const someOf = (known: readonly string[]) =>
  commas.refine((names) => names.every((name) => known.includes(name)), `some of ${known.join(", ")}`);

export const incidentStatuses = ["held", "suppressed", "triggered", "acknowledged", "resolved", "merged"] as const;

export const instant = z.iso
  .datetime({ offset: true, error: "an instant such as 2026-11-24T02:47:00Z" })
  .transform((text) => Date.parse(text));

/** In the body of every command. */
export const by = {
  as: z.string().max(64).optional().describe("Who acts, when the credential is not a person"),
  commandId: z.string().max(128).optional().describe("Repeating a command with the same id changes nothing"),
};

export const duration = z.string().max(20).describe("90s, 8m, 2h, 1d, 1w");
