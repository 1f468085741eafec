// Owns the tenant document over HTTP: PUT applies it, GET gives it back. Meaning is worker/tenant's.

import { principalName } from "../../auth/principal.ts";
import { mayGrant } from "../../auth/roles.ts";
import { limits } from "../../core/limits.ts";
import type { Role } from "../../core/snapshot.ts";
import { dbFor } from "../../store/db.ts";
import { loadTenant } from "../../store/tenant.ts";
import { applyDocument, type ApplyInput, type ApplyResult } from "../../tenant/apply.ts";
import { fromStored } from "../../tenant/definitions.ts";
import { exportDocument, toYaml } from "../../tenant/export.ts";
import { versionOf } from "../conditional.ts";
import { ApiError } from "../error.ts";
import { issuedJson } from "../shapes.ts";
import { readText, type Call, type Handler } from "../mount.ts";

const tenantId = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

/** Applies it, or says in the API's words why not. */
export async function applied(
  { env, principal, now }: Call,
  input: Omit<ApplyInput, "actor" | "mayGrant">,
): Promise<Extract<ApplyResult, { kind: "applied" }> & { readonly told: readonly unknown[] }> {
  const { tenant } = input;
  if (!tenantId.test(tenant)) throw new ApiError("invalid", "a tenant's id is 1 to 64 of a-z, 0-9 and -");
  const actor = principalName(principal);
  const may = (role: Role): boolean => mayGrant(principal, role);
  const result = await applyDocument(env, { ...input, actor, mayGrant: may }, now).catch((error: unknown) => {
    console.error("could not apply", tenant, String(error));
    throw new ApiError("unavailable", "the definitions could not be stored; nothing changed, try again");
  });
  switch (result.kind) {
    case "invalid": {
      const first = result.errors[0];
      const where = first?.line ? `line ${first.line}, ` : "";
      const rest = result.errors.length > 1 ? ` (and ${result.errors.length - 1} more)` : "";
      const what = `${where}${first?.path || "document"}: ${first?.message ?? "not valid"}${rest}`;
      throw new ApiError("invalid", `nothing was changed: ${what}`, { errors: result.errors });
    }
    case "exists":
      throw new ApiError("conflict", `there is a tenant called ${tenant}: choose another id, or change that one`);
    case "moved":
      throw new ApiError(
        "precondition-failed",
        `the tenant is at version ${result.version}: get it again, and apply your change to that`,
        { version: result.version },
      );
    case "applied": {
      const told = result.issued.map((each) => issuedJson(env, each));
      return { ...result, told };
    }
  }
}

export const putConfig: Handler = async (call) => {
  const { c, params, query } = call;
  const result = await applied(call, {
    tenant: params["tenant"] ?? "",
    text: await readText(c.req.raw, limits.api.documentBytesMax),
    contentType: c.req.header("content-type") ?? "",
    ifMatch: versionOf(c.req.header("if-match")),
    dryRun: query["dryRun"] === true,
    prune: (query["prune"] as readonly string[] | undefined) ?? [],
  });
  const { version, changes, told, warnings, inForce, dryRun } = result;
  const body = {
    applied: !dryRun,
    version,
    changes: dryRun ? result.detail : changes,
    issued: told,
    warnings,
    ...(dryRun || inForce ? {} : { detail: "saved, not yet in force: it will be within a minute or two" }),
  };
  return c.json(body, dryRun || inForce ? 200 : 202, { etag: `"${version}"` });
};

export const getConfig: Handler = async ({ c, env, params }) => {
  const tenant = params["tenant"] ?? "";
  const stored = await loadTenant(dbFor(env, tenant), tenant);
  if (stored === null) throw new ApiError("not-found", "there is nothing at this address");
  const document = exportDocument(tenant, fromStored(stored));
  const headers = { etag: `"${stored.version}"` };
  if ((c.req.header("accept") ?? "").includes("application/json")) return c.json(document, 200, headers);
  return c.body(toYaml(document), 200, { ...headers, "content-type": "application/yaml; charset=utf-8" });
};
